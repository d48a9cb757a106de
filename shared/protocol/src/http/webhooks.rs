//! Webhook endpoints, and what was delivered to them.

use deskwire_domain::{EndpointId, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::webhook::EventType;

/// An endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Endpoint {
    /// Its id.
    pub id: EndpointId,
    /// Where events are sent.
    pub url: String,
    /// Which: types, families such as `conversation.*`, or `*`.
    pub events: Vec<String>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Events about the same subject (a conversation, a contact) come strictly in order: a later one waits until an
    /// earlier one is delivered, or given up.
    #[serde(default)]
    pub ordered: bool,
    /// Sources of inbound events whose consequences it does not get: no system hears its own echo. One that ends with
    /// `*` means all that begin so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_from: Vec<String>,
    /// Why it gets nothing now: somebody's word, `gone` (it answered 410), `failing` (for five days).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled: Option<String>,
    /// Since when every attempt has failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failing_since: Option<Time>,
    /// When it was made.
    pub created: Time,
}

/// `POST /v1/webhooks` and `PATCH /v1/webhooks/{endpoint}`: what is left out stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EndpointChange {
    /// Where events are sent: an `https` address. With `http` everybody on the way can read them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Which: types, families such as `conversation.*`, or `*`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub events: Option<Vec<String>>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Strictly in order for each subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ordered: Option<bool>,
    /// Sources of inbound events whose consequences it does not get.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_from: Option<Vec<String>>,
    /// Switched off, or on again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled: Option<bool>,
    /// For a new one: `v1` (HMAC, the default) or `v1a` (Ed25519).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<SignatureScheme>,
}

/// How deliveries are signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SignatureScheme {
    /// HMAC-SHA256 with a secret that both know.
    V1,
    /// Ed25519: the endpoint needs only the public key.
    V1a,
}

/// What an endpoint verifies with: shown once, when it is made or changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NewEndpoint {
    /// The endpoint.
    #[serde(flatten)]
    pub endpoint: Endpoint,
    /// `whsec_…` to verify `v1`, or `whpk_…` to verify `v1a`.
    pub secret: String,
}

/// What became of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryStatus {
    /// It is tried, now or at `next_attempt`.
    Pending,
    /// The endpoint has it.
    Delivered,
    /// It is not tried any more.
    Failed,
    /// The endpoint was switched off when it happened.
    Skipped,
}

/// One event for one endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Delivery {
    /// Its id, which sorts by time.
    pub id: String,
    /// For whom.
    pub endpoint: EndpointId,
    /// The event's id: `webhook-id`.
    pub event: String,
    /// The event's type.
    #[serde(rename = "type")]
    pub kind: EventType,
    /// What the event is about.
    pub subject: String,
    /// Its place among the events about the same: an ordered endpoint gets it behind all with a smaller one.
    #[serde(default)]
    pub order: u64,
    /// What became of it.
    pub status: DeliveryStatus,
    /// When it is tried again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_attempt: Option<Time>,
    /// All attempts, the oldest first.
    pub attempts: Vec<Attempt>,
    /// The trace of what it tells about (W3C trace-id, hex): each attempt says it in `traceparent`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace: Option<String>,
    /// The body, to the byte.
    pub body: String,
}

/// One attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Attempt {
    /// When.
    pub at: Time,
    /// Milliseconds until the answer, or until there was none.
    pub millis: u64,
    /// The answer's status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Why there was none, as a stable code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The head of the answer's body.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub head: String,
}

/// `POST /v1/webhooks/{endpoint}/replay`: all deliveries of events that happened in this time, again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Replay {
    /// From then,
    pub from: Time,
    /// until then.
    pub to: Time,
    /// Only those that were not delivered.
    #[serde(default)]
    pub undelivered: bool,
}

/// How many deliveries were begun again, and where to go on if there were too many for one request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Replayed {
    /// How many.
    pub count: usize,
    /// Ask again with this `from`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Time>,
}
