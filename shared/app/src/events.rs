//! Events that come in: who may send them, each kept once, and the list of what became of them. What they do is
//! [`crate::follow`]'s business, soon after.

use std::collections::BTreeMap;

use deskwire_domain::{
    AccountId, Code, EventSourceId, Refusal, Time,
    content::check_length,
    delivery::is_named,
    limits,
    signature::{Signed, verify},
};
use deskwire_protocol::{
    http::{
        Accepted, AcceptedEvent, EventReport, EventSource, EventSourceChange, EventStatus, NewEventSource, Page,
        SignatureScheme, StepOutcome,
    },
    inbound::{Brought, InboundEvent, read},
};
use deskwire_store::{Arrived, Document, Versioned};
use deskwire_telemetry::Trace;
use futures::{StreamExt, TryStreamExt, stream};
use serde::{Deserialize, Serialize};

use crate::{App, AppError, Caller, conversations::page_limit, follow::Run, signing::Keyring};

/// Event sources of one account: more than a company has systems.
const SOURCES: usize = 50;
/// Sources in whose name one system may speak: a Debezium connector has one for each database and schema.
const NAMES: usize = 50;
/// Events that are written at the same time.
const CONCURRENT: usize = 16;

/// An event source as it is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct SourceRecord {
    id: EventSourceId,
    name: String,
    #[serde(default)]
    sources: Vec<String>,
    created: Time,
    keys: Keyring,
}

/// How a request of an event source is signed.
pub struct Signature<'a> {
    /// Whose account, as the address says.
    pub account: &'a str,
    /// Which source, as the address says.
    pub key: &'a str,
    /// `webhook-id`.
    pub id: &'a str,
    /// `webhook-timestamp`.
    pub timestamp: &'a str,
    /// `webhook-signature`.
    pub signature: &'a str,
}

impl App {
    fn shown_source(&self, account: &AccountId, record: SourceRecord) -> EventSource {
        let base = self.config.public_url.trim_end_matches('/');
        let url = format!("{base}/v1/events?account={account}&key={}", record.id);
        EventSource { id: record.id, name: record.name, sources: record.sources, url, created: record.created }
    }

    async fn source(&self, account: &AccountId, id: &EventSourceId) -> Result<Versioned<SourceRecord>, AppError> {
        Ok(self.store.document(account, Document::EventSource, id.as_str()).await?.ok_or(Code::NotFound)?)
    }

    async fn write_source(&self, account: &AccountId, record: &Versioned<SourceRecord>) -> Result<(), AppError> {
        Ok(self.store.write_document(account, Document::EventSource, record.value.id.as_str(), record).await?)
    }

    /// A page of event sources.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn list_sources(
        &self,
        caller: &Caller,
        page: (Option<&str>, Option<usize>),
    ) -> Result<Page<EventSource>, AppError> {
        let page = self.list_documents::<SourceRecord>(caller, Document::EventSource, page).await?;
        let data = page.data.into_iter().map(|record| self.shown_source(caller.account(), record)).collect();
        Ok(Page { data, next_cursor: page.next_cursor })
    }

    /// Makes an event source; its secret is in the answer, and never again.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn create_source(&self, caller: &Caller, change: EventSourceChange) -> Result<NewEventSource, AppError> {
        check_length("name", &change.name, limits::NAME_CHARS)?;
        change.sources.iter().try_for_each(|source| check_length("sources", source, limits::REASON_CHARS))?;
        if change.sources.len() > NAMES {
            return Err(Refusal::with(Code::InvalidField, format!("sources: at most {NAMES}")).into());
        }
        let account = caller.account();
        let (there, _) = self.store.documents::<SourceRecord>(account, Document::EventSource, None, SOURCES).await?;
        if there.len() >= SOURCES {
            return Err(Refusal::with(Code::Conflict, format!("at most {SOURCES} event sources")).into());
        }
        let (keys, secret) = Keyring::new(SignatureScheme::V1);
        let id = EventSourceId::new(ulid::Ulid::generate());
        let record = SourceRecord { id, name: change.name, sources: change.sources, created: self.now(), keys };
        let record = Versioned { value: record, version: 0 };
        self.write_source(account, &record).await?;
        Ok(NewEventSource { source: self.shown_source(account, record.value), secret })
    }

    /// Changes an event source's secret. For a day both are good.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn change_source_secret(&self, caller: &Caller, id: &EventSourceId) -> Result<NewEventSource, AppError> {
        let mut record = self.source(caller.account(), id).await?;
        let secret = record.value.keys.change(self.now());
        self.write_source(caller.account(), &record).await?;
        Ok(NewEventSource { source: self.shown_source(caller.account(), record.value), secret })
    }

    /// Forgets an event source.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn delete_source(&self, caller: &Caller, id: &EventSourceId) -> Result<(), AppError> {
        self.source(caller.account(), id).await?;
        self.delete_document(caller, Document::EventSource, id.as_str()).await
    }

    /// The account for which a signed request speaks, and the sources in whose name it may do so; any, where there are
    /// none.
    ///
    /// # Errors
    /// [`Code::SignatureRefused`]: also for an account or a source that does not exist, so that nobody learns which do.
    pub async fn signed_by(
        &self,
        signature: &Signature<'_>,
        body: &[u8],
    ) -> Result<(AccountId, Vec<String>), AppError> {
        let refused = |why: &str| AppError::from(Refusal::with(Code::SignatureRefused, why));
        let unknown = || refused("no webhook-signature fits");
        let account: AccountId = signature.account.parse().map_err(|_| unknown())?;
        let id: EventSourceId = signature.key.parse().map_err(|_| unknown())?;
        let timestamp = signature.timestamp.parse().map_err(|_| refused("webhook-timestamp: seconds since 1970"))?;
        let record = self.store.document::<SourceRecord>(&account, Document::EventSource, id.as_str()).await?;
        let (record, now) = (record.ok_or_else(unknown)?.value, self.now());
        let keys = record.keys.at(now);
        let signed = Signed { id: signature.id, timestamp, body };
        verify(&keys, signature.signature, &signed, now).map_err(|error| refused(&error.to_string()))?;
        self.rates.take_account(&account)?;
        Ok((account, record.sources))
    }

    /// Keeps the events of a request; they are done soon. Known ones have no second effect.
    ///
    /// # Errors
    /// The refusal, before any is kept; or a failure, after which the same may be sent again.
    pub async fn accept_events(
        &self,
        (account, sources): (&AccountId, &[String]),
        brought: &Brought<'_>,
    ) -> Result<Accepted, AppError> {
        let events = read(brought)?;
        let foreign = |event: &&InboundEvent| !sources.is_empty() && !is_named(sources, &event.source);
        if let Some(foreign) = events.iter().find(foreign) {
            let detail = format!("source: {} is not one in whose name this system may speak", foreign.source);
            return Err(Refusal::with(Code::Forbidden, detail).into());
        }
        let received = self.now();
        let keep = |event: InboundEvent| async move {
            let arrived = Arrived { received, event, trace: Trace::current_id() };
            let new = self.store.keep_inbound(account, &arrived).await?;
            let InboundEvent { id, source, kind, .. } = &arrived.event;
            Ok::<_, AppError>(AcceptedEvent {
                id: arrived.event.key(),
                source: source.clone(),
                event: id.clone(),
                kind: kind.clone(),
                known: !new,
            })
        };
        // Those of one line one behind the other, so that they are in the stream in their order.
        let mut lines: BTreeMap<String, Vec<(usize, InboundEvent)>> = BTreeMap::new();
        for (place, event) in events.into_iter().enumerate() {
            lines.entry(event.line()).or_default().push((place, event));
        }
        let writes: Vec<_> = lines
            .into_values()
            .map(async |line| {
                let mut kept = Vec::with_capacity(line.len());
                for (place, event) in line {
                    kept.push((place, keep(event).await?));
                }
                Ok::<_, AppError>(kept)
            })
            .collect();
        let kept: Vec<Vec<_>> = stream::iter(writes).buffer_unordered(CONCURRENT).try_collect().await?;
        let mut kept = kept.concat();
        kept.sort_by_key(|(place, _)| *place);
        let events: Vec<AcceptedEvent> = kept.into_iter().map(|(_, event)| event).collect();
        let known = events.iter().filter(|event| event.known).count();
        Ok(Accepted { accepted: events.len() - known, known, events })
    }

    /// A page of events, the newest first.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn list_events(
        &self,
        caller: &Caller,
        (cursor, limit): (Option<&str>, Option<usize>),
    ) -> Result<Page<EventReport>, AppError> {
        let (ids, next_cursor) = self.store.inbound_list(caller.account(), cursor, page_limit(limit)?).await?;
        let reads: Vec<_> = ids.iter().map(|id| self.report(caller.account(), id)).collect();
        let reports: Vec<Option<EventReport>> = stream::iter(reads).buffered(CONCURRENT).try_collect().await?;
        Ok(Page { data: reports.into_iter().flatten().collect(), next_cursor })
    }

    /// An event, and what was done about it.
    ///
    /// # Errors
    /// [`Code::NotFound`].
    pub async fn read_event(&self, caller: &Caller, id: &str) -> Result<EventReport, AppError> {
        Ok(self.report(caller.account(), id).await?.ok_or(Code::NotFound)?)
    }

    async fn report(&self, account: &AccountId, id: &str) -> Result<Option<EventReport>, AppError> {
        let Some(Arrived { received, event, .. }) = self.store.inbound(account, id).await? else { return Ok(None) };
        let run = self.store.inbound_run::<Run>(account, id).await?.map(|run| run.value).unwrap_or_default();
        let failed = run.steps.iter().any(|step| step.outcome == StepOutcome::Failed);
        let status = match (run.finished, failed) {
            (false, _) => EventStatus::Waiting,
            (true, false) => EventStatus::Done,
            (true, true) => EventStatus::Failed,
        };
        Ok(Some(EventReport { id: id.to_owned(), received, status, steps: run.steps, event }))
    }
}
