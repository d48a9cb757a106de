//! Webhook endpoints, as administrators configure them, and their deliveries, as they look them up.

use deskwire_domain::{AccountId, Code, EndpointId, Refusal, Time, content::check_length, limits};
use deskwire_protocol::{
    http::{Delivery, DeliveryStatus, Endpoint, EndpointChange, NewEndpoint, Page, Replay, Replayed, SignatureScheme},
    webhook::{EndpointData, EventData, EventType, WebhookEvent},
};
use deskwire_store::{Document, Versioned};
use serde::{Deserialize, Serialize};

use crate::{
    App, AppError, Caller,
    announce::{delivery, order},
    conversations::page_limit,
    signing::Keyring,
};

/// Endpoints of one account: each event is looked at for each.
pub(crate) const ENDPOINTS: usize = 50;
/// Filters of one endpoint: more than there are types.
const FILTERS: usize = 50;
/// Sources that one endpoint does not want to hear of: more than a company has systems that both send and listen.
const NOT_FROM: usize = 20;
/// Deliveries that one request replays; the answer says where to go on.
const REPLAYED: usize = 500;

/// An endpoint as it is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct EndpointRecord {
    pub endpoint: Endpoint,
    /// What signs.
    pub keys: Keyring,
}

impl App {
    pub(crate) async fn endpoint(
        &self,
        account: &AccountId,
        id: &EndpointId,
    ) -> Result<Option<Versioned<EndpointRecord>>, AppError> {
        Ok(self.store.document(account, Document::Endpoint, id.as_str()).await?)
    }

    async fn known_endpoint(&self, caller: &Caller, id: &EndpointId) -> Result<Versioned<EndpointRecord>, AppError> {
        Ok(self.endpoint(caller.account(), id).await?.ok_or(Code::NotFound)?)
    }

    pub(crate) async fn write_endpoint(
        &self,
        account: &AccountId,
        record: &Versioned<EndpointRecord>,
    ) -> Result<(), AppError> {
        let id = record.value.endpoint.id.as_str();
        Ok(self.store.write_document(account, Document::Endpoint, id, record).await?)
    }

    /// A page of endpoints, without their secrets.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn list_endpoints(
        &self,
        caller: &Caller,
        (cursor, limit): (Option<&str>, Option<usize>),
    ) -> Result<Page<Endpoint>, AppError> {
        let page = self.list_documents::<EndpointRecord>(caller, Document::Endpoint, (cursor, limit)).await?;
        let data = page.data.into_iter().map(|record| record.endpoint).collect();
        Ok(Page { data, next_cursor: page.next_cursor })
    }

    /// An endpoint, without its secrets.
    ///
    /// # Errors
    /// [`Code::NotFound`].
    pub async fn read_endpoint(&self, caller: &Caller, id: &EndpointId) -> Result<Endpoint, AppError> {
        Ok(self.known_endpoint(caller, id).await?.value.endpoint)
    }

    /// Makes an endpoint; its secret is in the answer, and never again.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn create_endpoint(&self, caller: &Caller, change: EndpointChange) -> Result<NewEndpoint, AppError> {
        let (there, _) =
            self.store.documents::<EndpointRecord>(caller.account(), Document::Endpoint, None, ENDPOINTS).await?;
        if there.len() >= ENDPOINTS {
            return Err(Refusal::with(Code::Conflict, format!("at most {ENDPOINTS} endpoints")).into());
        }
        let (keys, shown) = Keyring::new(change.signature.unwrap_or(SignatureScheme::V1));
        let blank = Endpoint {
            id: EndpointId::new(ulid::Ulid::generate()),
            url: String::new(),
            events: vec![],
            description: None,
            ordered: false,
            not_from: vec![],
            disabled: None,
            failing_since: None,
            created: self.now(),
        };
        let endpoint = self.changed_endpoint(blank, change)?;
        let record = Versioned { value: EndpointRecord { endpoint: endpoint.clone(), keys }, version: 0 };
        self.write_endpoint(caller.account(), &record).await?;
        Ok(NewEndpoint { endpoint, secret: shown })
    }

    /// Changes an endpoint.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn change_endpoint(
        &self,
        caller: &Caller,
        id: &EndpointId,
        change: EndpointChange,
    ) -> Result<Endpoint, AppError> {
        if change.signature.is_some() {
            return Err(Refusal::with(Code::InvalidField, "signature is chosen when an endpoint is made").into());
        }
        let mut record = self.known_endpoint(caller, id).await?;
        if change.ordered.is_some_and(|ordered| ordered != record.value.endpoint.ordered) {
            // What waits in line now would wait for ever.
            return Err(Refusal::with(Code::InvalidField, "ordered is chosen when an endpoint is made").into());
        }
        record.value.endpoint = self.changed_endpoint(record.value.endpoint, change)?;
        self.write_endpoint(caller.account(), &record).await?;
        Ok(record.value.endpoint)
    }

    fn changed_endpoint(&self, mut endpoint: Endpoint, change: EndpointChange) -> Result<Endpoint, AppError> {
        endpoint.url = change.url.unwrap_or(endpoint.url);
        if let Err(error) = self.outbound.permits(&endpoint.url) {
            return Err(Refusal::with(Code::InvalidField, format!("url: {error}")).into());
        }
        endpoint.events = change.events.unwrap_or(endpoint.events);
        let known = |filter: &String| {
            let filter = std::slice::from_ref(filter);
            EventType::ALL.iter().any(|kind| deskwire_domain::delivery::wants(filter, kind.as_str()))
        };
        if endpoint.events.is_empty() || endpoint.events.len() > FILTERS || !endpoint.events.iter().all(known) {
            let types: Vec<_> = EventType::ALL.iter().map(|kind| kind.as_str()).collect();
            let detail = format!("events: *, a family such as conversation.*, or of {}", types.join(", "));
            return Err(Refusal::with(Code::InvalidField, detail).into());
        }
        if let Some(description) = &change.description {
            check_length("description", description, limits::REASON_CHARS)?;
        }
        endpoint.description = change.description.or(endpoint.description);
        endpoint.ordered = change.ordered.unwrap_or(endpoint.ordered);
        endpoint.not_from = change.not_from.unwrap_or(endpoint.not_from);
        let named = |source: &String| check_length("not_from", source, limits::REASON_CHARS);
        endpoint.not_from.iter().try_for_each(named)?;
        if endpoint.not_from.len() > NOT_FROM {
            return Err(Refusal::with(Code::InvalidField, format!("not_from: at most {NOT_FROM}")).into());
        }
        match change.disabled {
            Some(true) => endpoint.disabled = Some("switched off".to_owned()),
            Some(false) => (endpoint.disabled, endpoint.failing_since) = (None, None),
            None => {}
        }
        Ok(endpoint)
    }

    /// Deletes an endpoint. What waits for it is not tried any more.
    ///
    /// # Errors
    /// A failure.
    pub async fn delete_endpoint(&self, caller: &Caller, id: &EndpointId) -> Result<(), AppError> {
        self.known_endpoint(caller, id).await?;
        self.delete_document(caller, Document::Endpoint, id.as_str()).await
    }

    /// Changes an endpoint's secret. For a day deliveries are signed by both.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn change_secret(&self, caller: &Caller, id: &EndpointId) -> Result<NewEndpoint, AppError> {
        let mut record = self.known_endpoint(caller, id).await?;
        let shown = record.value.keys.change(self.now());
        self.write_endpoint(caller.account(), &record).await?;
        Ok(NewEndpoint { endpoint: record.value.endpoint, secret: shown })
    }

    /// Sends a test event to one endpoint, whatever its filters say.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn test_endpoint(&self, caller: &Caller, id: &EndpointId) -> Result<Delivery, AppError> {
        let record = self.known_endpoint(caller, id).await?.value;
        let event = WebhookEvent::new(
            caller.account(),
            format!("evt_{}", ulid::Ulid::generate()),
            (EventType::WebhookTest, self.now()),
            id.to_string(),
            EventData::Endpoint(EndpointData { endpoint: id.clone(), reason: "test".to_owned() }),
        );
        let delivery = delivery(&record, &event)?;
        let order = self.begin_delivery(caller.account(), delivery.clone(), record.endpoint.ordered).await?;
        self.queues.send(order.as_slice()).await?;
        Ok(delivery)
    }

    /// A page of an endpoint's deliveries, the newest first.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn list_deliveries(
        &self,
        caller: &Caller,
        id: &EndpointId,
        (cursor, limit): (Option<&str>, Option<usize>),
    ) -> Result<Page<Delivery>, AppError> {
        self.known_endpoint(caller, id).await?;
        let page = (cursor, page_limit(limit)?);
        let (data, next_cursor) = self.store.deliveries(caller.account(), id, page).await?;
        Ok(Page { data, next_cursor })
    }

    /// A delivery, with all its attempts.
    ///
    /// # Errors
    /// [`Code::NotFound`].
    pub async fn read_delivery(&self, caller: &Caller, id: &EndpointId, delivery: &str) -> Result<Delivery, AppError> {
        let found = self.store.delivery(caller.account(), id, delivery).await?;
        Ok(found.ok_or(Code::NotFound)?.value)
    }

    /// Delivers once more, whatever became of it before.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn resend(&self, caller: &Caller, id: &EndpointId, delivery: &str) -> Result<Delivery, AppError> {
        if self.known_endpoint(caller, id).await?.value.endpoint.disabled.is_some() {
            return Err(Refusal::with(Code::Conflict, "the endpoint is switched off").into());
        }
        let mut found = self.store.delivery(caller.account(), id, delivery).await?.ok_or(Code::NotFound)?;
        found.value.status = DeliveryStatus::Pending;
        found.value.next_attempt = None;
        self.store.write_delivery(caller.account(), &found, self.now()).await?;
        let cause = ulid::Ulid::generate().to_string();
        self.queues.send(&[order(caller.account(), &found.value, &cause)]).await?;
        Ok(found.value)
    }

    /// Delivers again what happened in a period.
    ///
    /// # Errors
    /// The refusal, or a failure; doing it again is harmless.
    pub async fn replay(&self, caller: &Caller, id: &EndpointId, replay: &Replay) -> Result<Replayed, AppError> {
        if replay.from > replay.to {
            return Err(Refusal::with(Code::InvalidField, "from lies behind to").into());
        }
        let period = (replay.from, replay.to);
        let (found, more) = self.store.deliveries_between(caller.account(), id, period, REPLAYED).await?;
        let next = more.and_then(|last| {
            let millis: i64 = last.split_once('_')?.0.parse().ok()?;
            // What happened in the same millisecond comes again; that has no second effect.
            Time::from_millisecond(millis.max(replay.from.as_millisecond() + 1)).ok()
        });
        let mut count = 0;
        for delivery in found.iter().filter(|one| !replay.undelivered || one.status != DeliveryStatus::Delivered) {
            self.resend(caller, id, &delivery.id).await?;
            count += 1;
        }
        Ok(Replayed { count, next })
    }
}
