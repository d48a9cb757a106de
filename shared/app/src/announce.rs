//! What happened becomes deliveries: one for each endpoint that wants it, written before any is tried, under an id
//! that derives from the event. So a replay of the stream finds them there already.

use std::collections::{HashMap, HashSet};

use deskwire_domain::{
    AccountId,
    delivery::{is_echo, wants},
};
use deskwire_protocol::{
    http::{Delivery, DeliveryStatus},
    webhook::WebhookEvent,
};
use deskwire_queue::{Job, Order};
use deskwire_store::{Document, Place, StoreError, Versioned, delivery_id};
use futures::{StreamExt, TryStreamExt, stream};

use crate::{
    App, AppError,
    webhooks::{ENDPOINTS, EndpointRecord},
};

/// Deliveries that are written at the same time.
const CONCURRENT: usize = 16;

/// The endpoints of accounts, looked up once for a whole batch.
#[derive(Default)]
pub(crate) struct Endpoints(HashMap<AccountId, Vec<EndpointRecord>>);

impl Endpoints {
    async fn of(&mut self, app: &App, account: &AccountId) -> Result<&[EndpointRecord], AppError> {
        if !self.0.contains_key(account) {
            let (found, _) = app.store.documents(account, Document::Endpoint, None, ENDPOINTS).await?;
            self.0.insert(account.clone(), found);
        }
        Ok(self.0.get(account).map(Vec::as_slice).unwrap_or_default())
    }
}

impl App {
    /// Writes the deliveries of events, and answers the jobs that try them. The events are made only where somebody may
    /// want them.
    pub(crate) async fn announce(
        &self,
        account: &AccountId,
        events: impl FnOnce() -> Vec<WebhookEvent>,
        endpoints: &mut Endpoints,
    ) -> Result<Vec<Order>, AppError> {
        let records = endpoints.of(self, account).await?;
        if records.is_empty() {
            return Ok(vec![]);
        }
        let (events, mut deliveries) = (events(), vec![]);
        for record in records {
            let endpoint = &record.endpoint;
            let wanted = events.iter().filter(|event| {
                wants(&endpoint.events, event.kind.as_str()) && !is_echo(&endpoint.not_from, event.origin.as_deref())
            });
            for event in wanted {
                deliveries.push(delivery(record, event)?);
            }
        }
        let ordered: HashSet<_> =
            records.iter().filter(|r| r.endpoint.ordered).map(|r| r.endpoint.id.clone()).collect();
        let written = deliveries.into_iter().map(|delivery| {
            let in_line = ordered.contains(&delivery.endpoint);
            self.begin_delivery(account, delivery, in_line)
        });
        let orders: Vec<Option<Order>> =
            stream::iter(written.collect::<Vec<_>>()).buffered(CONCURRENT).try_collect().await?;
        Ok(orders.into_iter().flatten().collect())
    }

    /// Writes a delivery, unless it is there; answers the job that tries it. In an ordered endpoint's line it has its
    /// place before any job is sent, so that no job behind it can be faster.
    pub(crate) async fn begin_delivery(
        &self,
        account: &AccountId,
        delivery: Delivery,
        in_line: bool,
    ) -> Result<Option<Order>, AppError> {
        if in_line && delivery.status == DeliveryStatus::Pending {
            self.store.line_up(account, &place(&delivery), self.now()).await?;
        }
        let order = (delivery.status == DeliveryStatus::Pending).then(|| order(account, &delivery, "first"));
        match self.store.write_delivery(account, &Versioned { value: delivery, version: 0 }, self.now()).await {
            // It was there: the job is sent again, and finds out whether there is anything left to do.
            Ok(()) | Err(StoreError::Condition) => Ok(order),
            Err(error) => Err(error.into()),
        }
    }
}

/// An event for an endpoint.
///
/// # Errors
/// The event cannot be written as JSON.
pub(crate) fn delivery(record: &EndpointRecord, event: &WebhookEvent) -> Result<Delivery, AppError> {
    let body = serde_json::to_string(event).map_err(|error| AppError::Failed(error.to_string()))?;
    let off = record.endpoint.disabled.is_some();
    Ok(Delivery {
        id: delivery_id(event.time, &event.id),
        endpoint: record.endpoint.id.clone(),
        event: event.id.clone(),
        kind: event.kind,
        subject: event.subject.clone(),
        order: event.order(),
        status: if off { DeliveryStatus::Skipped } else { DeliveryStatus::Pending },
        next_attempt: None,
        attempts: vec![],
        trace: event.trace.clone(),
        body,
    })
}

/// A delivery's place in an ordered endpoint's line.
pub(crate) fn place(delivery: &Delivery) -> Place<'_> {
    Place { endpoint: &delivery.endpoint, subject: &delivery.subject, order: delivery.order, delivery: &delivery.id }
}

/// The job that tries a delivery; `cause` tells one try from another.
pub(crate) fn order(account: &AccountId, delivery: &Delivery, cause: &str) -> Order {
    let job = Job::Deliver {
        v: 1,
        account: account.clone(),
        endpoint: delivery.endpoint.clone(),
        subject: delivery.subject.clone(),
        delivery: delivery.id.clone(),
    };
    Order { job, cause: format!("{}.{cause}", delivery.id) }
}
