//! One attempt to deliver: signed, bounded, noted whatever comes of it. At least once: where this function dies after
//! the endpoint answered and before that is noted, the endpoint gets the same id again.

use std::time::{Duration, Instant};

use bytes::Bytes;
use deskwire_domain::{
    AccountId, EndpointId, Time,
    delivery::{FAILING_SECONDS, Verdict, next_attempt, verdict},
    signature::{Signed, header},
};
use deskwire_outbound::{Limits, Overflow, Request, Response};
use deskwire_protocol::{
    http::{Attempt, Delivery, DeliveryStatus},
    webhook::{EndpointData, EventData, EventType, WebhookEvent},
};
use deskwire_queue::{Job, MOST_DELAY_SECONDS, Order};
use deskwire_store::{Due, DueKind, Place, StoreError, Versioned};
use deskwire_telemetry::{Count, Trace, count};
use http::{HeaderMap, HeaderName, HeaderValue, header as names};

use crate::{
    App, AppError,
    announce::{Endpoints, order, place},
    webhooks::EndpointRecord,
};

/// How long an endpoint may take (Standard Webhooks: 15 to 30 seconds).
const TIME: Duration = Duration::from_secs(15);
/// Bytes of an answer that are read and kept: enough to see what is wrong.
const HEAD_BYTES: usize = 1_024;

/// What came of an attempt.
struct Tried {
    attempt: Attempt,
    verdict: Verdict,
    retry_after: Option<i64>,
}

impl App {
    /// Tries a delivery, if it is still to be tried and, at an ordered endpoint, its turn.
    ///
    /// # Errors
    /// A failure on our side: the job is given out again. What fails at the endpoint is none.
    pub async fn deliver(&self, account: &AccountId, id: &EndpointId, delivery: &str) -> Result<(), AppError> {
        let Some(mut found) = self.store.delivery(account, id, delivery).await? else { return Ok(()) };
        let Some(record) = self.endpoint(account, id).await? else {
            found.value.status = DeliveryStatus::Failed;
            return self.keep_delivery(account, &found).await;
        };
        let ordered = record.value.endpoint.ordered;
        if found.value.status == DeliveryStatus::Pending {
            if found.value.next_attempt.is_some_and(|at| at > self.now()) {
                return Ok(());
            }
            if record.value.endpoint.disabled.is_some() {
                found.value.status = DeliveryStatus::Skipped;
                self.keep_delivery(account, &found).await?;
            } else if ordered && !self.is_its_turn(account, &found.value).await? {
                return Ok(());
            } else {
                self.try_and_note(account, record, &mut found).await?;
            }
        }
        // Also where it was over before: whoever ended it may have died before the next one had its turn.
        if ordered && found.value.status != DeliveryStatus::Pending {
            self.let_the_next(account, &found.value).await?;
        }
        Ok(())
    }

    async fn try_and_note(
        &self,
        account: &AccountId,
        record: Versioned<EndpointRecord>,
        found: &mut Versioned<Delivery>,
    ) -> Result<(), AppError> {
        let tried = self.try_once(&record.value, &found.value).await;
        count(if tried.verdict == Verdict::Delivered { Count::WebhookDelivered } else { Count::WebhookFailed }, 1);
        let again = self.settle(&mut found.value, &tried);
        if let Some(at) = again {
            // Before it is noted: what is due and not noted is tried once too often, the other way round never again.
            self.redeliver_at(account, &found.value, at).await?;
        }
        self.keep_delivery(account, found).await?;
        self.judge_endpoint(account, record, &tried).await
    }

    /// Whether a delivery is the first in its line. What is before it and over is taken away, and what is before it and
    /// has lost its job gets a new one: a line must not stand still because somebody died.
    async fn is_its_turn(&self, account: &AccountId, delivery: &Delivery) -> Result<bool, AppError> {
        // A resend comes without a place.
        self.store.line_up(account, &place(delivery), self.now()).await?;
        loop {
            let first = self.store.first_in_line(account, &delivery.endpoint, &delivery.subject).await?;
            let Some((at, id)) = first.filter(|(_, first)| *first != delivery.id) else { return Ok(true) };
            let before = self.store.delivery(account, &delivery.endpoint, &id).await?;
            match before.filter(|before| before.value.status == DeliveryStatus::Pending) {
                Some(before) => {
                    if before.value.next_attempt.is_none_or(|at| at <= self.now()) {
                        let cause = format!("before.{}", delivery.id);
                        self.queues.send(&[order(account, &before.value, &cause)]).await?;
                    }
                    return Ok(false);
                }
                None => {
                    let (endpoint, subject) = (&delivery.endpoint, delivery.subject.as_str());
                    self.store.leave_line(account, &Place { endpoint, subject, order: at, delivery: &id }).await?;
                }
            }
        }
    }

    /// A delivery that is over leaves the line, and the one that is first then has its turn.
    async fn let_the_next(&self, account: &AccountId, delivery: &Delivery) -> Result<(), AppError> {
        self.store.leave_line(account, &place(delivery)).await?;
        let first = self.store.first_in_line(account, &delivery.endpoint, &delivery.subject).await?;
        let Some((_, first)) = first else { return Ok(()) };
        let Some(next) = self.store.delivery(account, &delivery.endpoint, &first).await? else { return Ok(()) };
        // One that is tried again later has its own time.
        if next.value.next_attempt.is_some_and(|at| at > self.now()) {
            return Ok(());
        }
        Ok(self.queues.send(&[order(account, &next.value, &format!("after.{}", delivery.id))]).await?)
    }

    /// What an attempt makes of a delivery; answers when it is tried again.
    fn settle(&self, delivery: &mut Delivery, tried: &Tried) -> Option<Time> {
        delivery.attempts.push(tried.attempt.clone());
        let failed = delivery.attempts.len();
        let again = match tried.verdict {
            Verdict::Retry => next_attempt(failed, self.now(), rand::random(), tried.retry_after),
            Verdict::Delivered | Verdict::Gone => None,
        };
        delivery.next_attempt = again;
        delivery.status = match (tried.verdict, again) {
            (Verdict::Delivered, _) => DeliveryStatus::Delivered,
            (_, Some(_)) => DeliveryStatus::Pending,
            (_, None) => DeliveryStatus::Failed,
        };
        again
    }

    /// Writes what is known of a delivery now. Who is slower than another attempt is no news.
    async fn keep_delivery(&self, account: &AccountId, delivery: &Versioned<Delivery>) -> Result<(), AppError> {
        match self.store.write_delivery(account, delivery, self.now()).await {
            Ok(()) | Err(StoreError::Condition) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Soon by a job that waits, later by `sweep`.
    async fn redeliver_at(&self, account: &AccountId, delivery: &Delivery, at: Time) -> Result<(), AppError> {
        let millis = u64::try_from(at.duration_since(self.now()).as_millis()).unwrap_or(0);
        if let Some(after) = u16::try_from(millis.div_ceil(1_000)).ok().filter(|after| *after <= MOST_DELAY_SECONDS) {
            return Ok(self.queues.send(&[again(account, delivery, after)]).await?);
        }
        let kind = DueKind::Redeliver { endpoint: delivery.endpoint.clone(), delivery: delivery.id.clone() };
        Ok(self.store.arrange(&Due { at, account: account.clone(), kind }).await?)
    }

    /// A delivery is due again: its job goes to its queue, behind what is there for the same endpoint.
    ///
    /// # Errors
    /// A failure; doing it again is harmless.
    pub async fn redeliver(&self, account: &AccountId, id: &EndpointId, delivery: &str) -> Result<(), AppError> {
        let Some(found) = self.store.delivery(account, id, delivery).await? else { return Ok(()) };
        if found.value.status != DeliveryStatus::Pending {
            return Ok(());
        }
        match found.value.next_attempt.filter(|at| *at > self.now()) {
            // A clock that is a little ahead must not make it be forgotten.
            Some(at) => self.redeliver_at(account, &found.value, at).await,
            None => {
                let cause = found.value.attempts.len().to_string();
                Ok(self.queues.send(&[order(account, &found.value, &cause)]).await?)
            }
        }
    }

    async fn try_once(&self, record: &EndpointRecord, delivery: &Delivery) -> Tried {
        let (at, begun) = (self.now(), Instant::now());
        let request = signed(record, delivery, at);
        let sending = self.outbound.send(request, Limits { time: TIME, bytes: HEAD_BYTES });
        // It belongs to the trace of what it tells about, not to that of the stream that brought it here.
        let answer = Trace::of(delivery.trace.as_deref(), sending).await;
        let millis = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        let attempt = Attempt { at, millis, status: None, error: None, head: String::new() };
        match answer {
            Ok(answer) => Tried {
                verdict: verdict(answer.status),
                retry_after: retry_after(&answer, at),
                attempt: Attempt {
                    status: Some(answer.status),
                    head: String::from_utf8_lossy(&answer.body).into_owned(),
                    ..attempt
                },
            },
            Err(error) => Tried {
                verdict: Verdict::Retry,
                retry_after: None,
                attempt: Attempt { error: Some(error.code().to_owned()), ..attempt },
            },
        }
    }

    /// What an attempt says of the endpoint: gone, failing for too long, or well again.
    async fn judge_endpoint(
        &self,
        account: &AccountId,
        mut record: Versioned<EndpointRecord>,
        tried: &Tried,
    ) -> Result<(), AppError> {
        let endpoint = &mut record.value.endpoint;
        let before = endpoint.clone();
        let at = tried.attempt.at;
        match tried.verdict {
            Verdict::Delivered => endpoint.failing_since = None,
            Verdict::Gone => endpoint.disabled = Some("gone".to_owned()),
            Verdict::Retry => {
                let since = *endpoint.failing_since.get_or_insert(at);
                if at.as_second() - since.as_second() >= FAILING_SECONDS {
                    endpoint.disabled = Some("failing".to_owned());
                }
            }
        }
        if *endpoint == before {
            return Ok(());
        }
        if let Some(reason) = endpoint.disabled.clone() {
            count(Count::WebhookDisabled, 1);
            // Told first: whoever dies between the two tells it again at the next attempt.
            let id = endpoint.id.clone();
            self.tell_disabled(account, &id, reason, at).await?;
        }
        match self.write_endpoint(account, &record).await {
            // Somebody else changed it; the next attempt judges anew.
            Ok(()) | Err(AppError::Refused(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn tell_disabled(
        &self,
        account: &AccountId,
        id: &EndpointId,
        reason: String,
        at: Time,
    ) -> Result<(), AppError> {
        let event = WebhookEvent::new(
            account,
            format!("evt_{}_{}", id.unique(), at.as_millisecond()),
            (EventType::WebhookDisabled, at),
            id.to_string(),
            EventData::Endpoint(EndpointData { endpoint: id.clone(), reason }),
        );
        let orders = self.announce(account, || vec![event], &mut Endpoints::default()).await?;
        Ok(self.queues.send(&orders).await?)
    }
}

/// The job that tries a delivery again after a pause.
fn again(account: &AccountId, delivery: &Delivery, after: u16) -> Order {
    let job = Job::Redeliver {
        v: 1,
        account: account.clone(),
        endpoint: delivery.endpoint.clone(),
        delivery: delivery.id.clone(),
        after,
    };
    Order { job, cause: format!("{}.{}", delivery.id, delivery.attempts.len()) }
}

/// The request: the body to the byte as it was stored, with the headers of Standard Webhooks.
fn signed(record: &EndpointRecord, delivery: &Delivery, at: Time) -> Request {
    let timestamp = at.as_second();
    let signed = Signed { id: &delivery.event, timestamp, body: delivery.body.as_bytes() };
    let signature = header(&record.keys.at(at), &signed);
    let mut headers = HeaderMap::new();
    let mut set = |name: HeaderName, value: &str| {
        // Ids, numbers and base64 always fit a header.
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(names::CONTENT_TYPE, "application/json");
    set(names::USER_AGENT, concat!("Deskwire/", env!("CARGO_PKG_VERSION")));
    set(HeaderName::from_static("webhook-id"), &delivery.event);
    set(HeaderName::from_static("webhook-timestamp"), &timestamp.to_string());
    set(HeaderName::from_static("webhook-signature"), &signature);
    let body = Bytes::from(delivery.body.clone());
    Request { overflow: Overflow::Cut, ..Request::post(&record.endpoint.url, headers, body) }
}

/// Seconds that an endpoint asks to be left alone: a number, or a date (RFC 9110 §10.2.3).
fn retry_after(answer: &Response, now: Time) -> Option<i64> {
    let text = answer.headers.get(names::RETRY_AFTER)?.to_str().ok()?.trim();
    let date = || Some(jiff::fmt::rfc2822::parse(text).ok()?.timestamp().as_second() - now.as_second());
    text.parse().ok().or_else(date)
}
