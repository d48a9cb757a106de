//! Inbound events: who sends them, and what became of them.

use deskwire_domain::{EventSourceId, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::inbound::InboundEvent;

/// One of the company's systems that sends events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EventSource {
    /// Its id.
    pub id: EventSourceId,
    /// Its name, for people.
    pub name: String,
    /// The `source`s in whose name it may speak; one that ends with `*` means all that begin so. Any, where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    /// Where it posts its events, signed.
    pub url: String,
    /// When it was made.
    pub created: Time,
}

/// `POST /v1/event-sources`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EventSourceChange {
    /// Its name.
    pub name: String,
    /// The `source`s in whose name it may speak; any unless said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
}

/// What an event source signs with: shown once, when it is made or changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NewEventSource {
    /// The event source.
    #[serde(flatten)]
    pub source: EventSource,
    /// `whsec_…`, as Standard Webhooks has it.
    pub secret: String,
}

/// `POST /v1/events`: they are kept, and are done soon.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Accepted {
    /// How many are new.
    pub accepted: usize,
    /// How many were known by `source` and `id`, and have no second effect.
    pub known: usize,
    /// Each.
    pub events: Vec<AcceptedEvent>,
}

/// An event that was accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AcceptedEvent {
    /// Its id here: see `GET /v1/events/{id}`.
    pub id: String,
    /// Its source.
    pub source: String,
    /// Its own id.
    pub event: String,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: String,
    /// It was known.
    pub known: bool,
}

/// How far an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EventStatus {
    /// It waits, or is being done.
    Waiting,
    /// Everything that the rules say was done, or had nothing to be done to.
    Done,
    /// Something could not be done: see its steps.
    Failed,
}

/// What became of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepOutcome {
    /// Done.
    Done,
    /// There was nothing to do it to: no such contact, no live conversation.
    Skipped,
    /// It could not be done.
    Failed,
}

/// A step of a rule, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StepReport {
    /// The rule.
    pub rule: String,
    /// What the step is: `card`, `message`, …
    pub step: String,
    /// What became of it.
    pub outcome: StepOutcome,
    /// Why, or to what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// An event that came in, and what was done about it. Kept for 30 days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EventReport {
    /// Its id here.
    pub id: String,
    /// When it came.
    pub received: Time,
    /// How far it is.
    pub status: EventStatus,
    /// What was done, in order; nothing where no rule concerns it.
    pub steps: Vec<StepReport>,
    /// The event.
    pub event: InboundEvent,
}
