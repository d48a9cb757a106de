//! What a webhook says: an event, made from an entry that never changes, in an envelope that is both a CloudEvent
//! (1.0, structured) and what Standard Webhooks asks for (`type`, `timestamp`, `data`).

use deskwire_domain::{
    AccountId, EndpointId, Event, Time,
    event::{AssignedBy, QueuedBy},
};
use schemars::{JsonSchema, generate::SchemaSettings};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    Entry, EntryView,
    entry::{Audience, StateView},
    http::Contact,
};

macro_rules! types {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// The types of events.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
        pub enum EventType { $($(#[$doc])* #[serde(rename = $text)] $name,)* }

        impl EventType {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The dotted name.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

types! {
    /// A visitor's first words began a conversation.
    ConversationCreated = "conversation.created";
    /// It waits for an agent: handed over by the bot, given back, reopened.
    ConversationQueued = "conversation.queued";
    /// An agent has it.
    ConversationAssigned = "conversation.assigned";
    /// An agent offered it to somebody else.
    ConversationTransferRequested = "conversation.transfer_requested";
    /// Somebody else took it over.
    ConversationTransferred = "conversation.transferred";
    /// Nobody took it over: it is back where it was.
    ConversationTransferEnded = "conversation.transfer_ended";
    /// It is done.
    ConversationClosed = "conversation.closed";
    /// It is not done.
    ConversationReopened = "conversation.reopened";
    /// It is put aside.
    ConversationSnoozed = "conversation.snoozed";
    /// It is no longer put aside.
    ConversationWoken = "conversation.woken";
    /// Somebody said something.
    MessageCreated = "message.created";
    /// Somebody said something that waits for a review.
    MessageHeld = "message.held";
    /// Somebody reviewed a message: it is said now, or never.
    MessageReviewed = "message.reviewed";
    /// The AI agent gave a conversation to people.
    BotHandoff = "bot.handoff";
    /// A conversation was given to the AI agent again.
    BotCalled = "bot.called";
    /// Somebody said whether an answer of the AI agent was good.
    FeedbackSubmitted = "feedback.submitted";
    /// An agent wrote something for agents only.
    NoteCreated = "note.created";
    /// Somebody pressed a card's button.
    PostbackReceived = "postback.received";
    /// A visitor said how they were served.
    CsatSubmitted = "csat.submitted";
    /// A conversation got labels.
    LabelAdded = "label.added";
    /// A conversation lost labels.
    LabelRemoved = "label.removed";
    /// Somebody new is known.
    ContactCreated = "contact.created";
    /// Something else is known of somebody.
    ContactUpdated = "contact.updated";
    /// Two contacts turned out to be one person.
    ContactMerged = "contact.merged";
    /// An endpoint failed for too long, or did not want any more, and gets nothing until somebody switches it on.
    WebhookDisabled = "webhook.disabled";
    /// Somebody tries an endpoint out.
    WebhookTest = "webhook.test";
}

/// An event, as endpoints get it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WebhookEvent {
    /// `1.0` (CloudEvents).
    pub specversion: String,
    /// The same at every attempt and endpoint: what was seen before need not be done again. Also `webhook-id`.
    pub id: String,
    /// Whose Deskwire: `/accounts/acc_…`.
    pub source: String,
    /// What happened.
    #[serde(rename = "type")]
    pub kind: EventType,
    /// What it is about: `cnv_…`, `con_…`, `whe_…`.
    pub subject: String,
    /// When it happened (CloudEvents).
    pub time: Time,
    /// The same (Standard Webhooks).
    pub timestamp: Time,
    /// `application/json`.
    pub datacontenttype: String,
    /// The `source` of the inbound event that caused it (a CloudEvents extension); absent where a person did. Whoever
    /// sent that need not hear of it: see an endpoint's `not_from`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// The trace of what it tells about; goes along in the header `traceparent`.
    #[serde(skip)]
    pub trace: Option<String>,
    /// The rest, by type.
    pub data: EventData,
}

/// What an event says, by its type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum EventData {
    /// `conversation.*`, `message.*`, `note.*`, `label.*`.
    Conversation(Box<ConversationData>),
    /// `contact.*`.
    Contact(Box<ContactData>),
    /// `webhook.*`.
    Endpoint(EndpointData),
}

/// An entry, and the conversation's state after it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConversationData {
    /// The entry: `id`, `seq`, who, and what; `seq` orders the events of a conversation.
    pub entry: EntryView,
    /// The state after it.
    pub state: StateView,
}

/// A contact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactData {
    /// As it is since; `version` orders the events of a contact.
    pub contact: Contact,
}

/// An endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EndpointData {
    /// Which.
    pub endpoint: EndpointId,
    /// Why.
    pub reason: String,
}

impl WebhookEvent {
    /// An event.
    pub fn new(
        account: &AccountId,
        id: String,
        (kind, at): (EventType, Time),
        subject: String,
        data: EventData,
    ) -> Self {
        Self {
            specversion: "1.0".to_owned(),
            id,
            source: format!("/accounts/{account}"),
            kind,
            subject,
            time: at,
            timestamp: at,
            datacontenttype: "application/json".to_owned(),
            origin: None,
            trace: None,
            data,
        }
    }

    /// Its place among the events about the same subject.
    pub fn order(&self) -> u64 {
        match &self.data {
            EventData::Conversation(data) => data.entry.seq(),
            EventData::Contact(data) => data.contact.version,
            EventData::Endpoint(_) => 0,
        }
    }

    fn from(self, origin: Option<&str>) -> Self {
        Self { origin: origin.map(str::to_owned), ..self }
    }

    /// The events that an entry is: seldom more than one. Their ids derive from its place.
    pub fn of_entry(account: &AccountId, entry: &Entry) -> Vec<Self> {
        let event = |kind: EventType| {
            let id = format!("evt_{}_{}_{}", entry.conversation.unique(), entry.seq, kind.as_str().replace('.', "_"));
            let data = ConversationData {
                entry: EntryView::of(entry, Audience::Staff),
                state: StateView::of(&entry.state, Audience::Staff),
            };
            let subject = entry.conversation.to_string();
            let event = Self::new(account, id, (kind, entry.at), subject, EventData::Conversation(Box::new(data)));
            Self { trace: entry.trace.clone(), ..event.from(entry.origin.as_deref()) }
        };
        types_of(&entry.event).into_iter().map(event).collect()
    }

    /// The event that a contact's change is.
    pub fn of_contact(account: &AccountId, contact: &Contact, origin: Option<&str>, at: Time) -> Self {
        let kind = match contact {
            Contact { merged_into: Some(_), .. } => EventType::ContactMerged,
            Contact { version: 0 | 1, .. } => EventType::ContactCreated,
            _ => EventType::ContactUpdated,
        };
        let id = format!("evt_{}_{}", contact.id.unique(), contact.version);
        let data = EventData::Contact(Box::new(ContactData { contact: contact.clone() }));
        Self::new(account, id, (kind, at), contact.id.to_string(), data).from(origin)
    }
}

/// Where the schema of the whole event is served, relative to the HTTP API's address.
pub fn schema_address(kind: EventType) -> String {
    format!("/schemas/{}.json", kind.as_str())
}

/// The JSON Schema (2020-12) of an event of a type: the whole envelope, with what `data` has for this type.
pub fn schema(kind: EventType) -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    let mut generator = settings.into_generator();
    let data = match kind.as_str().split_once('.') {
        Some(("contact", _)) => ContactData::json_schema(&mut generator),
        Some(("webhook", _)) => EndpointData::json_schema(&mut generator),
        _ => ConversationData::json_schema(&mut generator),
    };
    let mut schema = WebhookEvent::json_schema(&mut generator).to_value();
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema".into();
    schema["$id"] = schema_address(kind).into();
    schema["title"] = kind.as_str().into();
    schema["properties"]["type"] = json!({"const": kind.as_str()});
    let mut data = data.to_value();
    if let Some(only) = entry_types(kind) {
        // What the entry is, told by its `type`, as the log has it.
        data = json!({"allOf": [data, {"properties": {"entry": {"properties": {"type": {"enum": only}}}}}]});
    }
    schema["properties"]["data"] = data;
    schema
}

/// The types of entries that an event of this type may be of.
fn entry_types(kind: EventType) -> Option<&'static [&'static str]> {
    use EventType as T;
    Some(match kind {
        T::ConversationCreated => &["opened"],
        T::ConversationQueued => &["queued"],
        T::ConversationAssigned | T::ConversationTransferred => &["assigned"],
        T::ConversationTransferRequested => &["transfer_requested"],
        T::ConversationTransferEnded => &["transfer_ended"],
        T::ConversationClosed => &["closed"],
        T::ConversationReopened => &["reopened"],
        T::ConversationSnoozed => &["snoozed"],
        T::ConversationWoken => &["woken"],
        T::MessageCreated => &["message"],
        T::MessageHeld => &["held"],
        T::MessageReviewed => &["reviewed"],
        T::BotHandoff => &["queued"],
        T::BotCalled => &["bot_called"],
        T::FeedbackSubmitted => &["feedback"],
        T::NoteCreated => &["note"],
        T::PostbackReceived => &["postback"],
        T::CsatSubmitted => &["rated"],
        T::LabelAdded | T::LabelRemoved => &["labelled"],
        T::ContactCreated | T::ContactUpdated | T::ContactMerged | T::WebhookDisabled | T::WebhookTest => return None,
    })
}

fn types_of(event: &Event) -> Vec<EventType> {
    use EventType as T;
    match event {
        Event::Opened { .. } => vec![T::ConversationCreated],
        Event::Message { .. } => vec![T::MessageCreated],
        Event::Note { .. } => vec![T::NoteCreated],
        Event::Postback { .. } => vec![T::PostbackReceived],
        Event::Rated { .. } => vec![T::CsatSubmitted],
        Event::Held { .. } => vec![T::MessageHeld],
        Event::Reviewed { .. } => vec![T::MessageReviewed],
        Event::Feedback { .. } => vec![T::FeedbackSubmitted],
        Event::BotCalled {} => vec![T::BotCalled],
        Event::Queued { reason: QueuedBy::Handoff, .. } => vec![T::BotHandoff, T::ConversationQueued],
        Event::Queued { .. } => vec![T::ConversationQueued],
        Event::Assigned { reason: AssignedBy::Transfer, .. } => {
            vec![T::ConversationTransferred, T::ConversationAssigned]
        }
        Event::Assigned { .. } => vec![T::ConversationAssigned],
        Event::TransferRequested { .. } => vec![T::ConversationTransferRequested],
        Event::TransferEnded { .. } => vec![T::ConversationTransferEnded],
        Event::Closed { .. } => vec![T::ConversationClosed],
        Event::Reopened {} => vec![T::ConversationReopened],
        Event::Snoozed { .. } => vec![T::ConversationSnoozed],
        Event::Woken {} => vec![T::ConversationWoken],
        Event::Labelled { added, removed } => {
            let added = (!added.is_empty()).then_some(T::LabelAdded);
            added.into_iter().chain((!removed.is_empty()).then_some(T::LabelRemoved)).collect()
        }
        // What newer versions write has no name here yet.
        Event::Unknown(_) => vec![],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(event: &Value) -> Entry {
        let mut entry = json!({
            "conversation": "cnv_1", "seq": 7, "at": "2026-01-01T00:00:00Z", "by": {"kind": "agent", "id": "agt_a"},
            "state": {"status": "active", "contact": "con_x", "inbox": "inb_w", "team": "tea_t", "priority": 0,
                      "since": "2026-01-01T00:00:00Z", "waiting_since": "2026-01-01T00:00:00Z", "assignee": "agt_a"},
        });
        entry.as_object_mut().unwrap().extend(event.as_object().unwrap().clone());
        serde_json::from_value(entry).unwrap()
    }

    #[test]
    fn a_message_as_an_endpoint_gets_it() {
        let account = AccountId::new("demo");
        let said = entry(&json!({"type": "message", "client_id": "c", "content": {"kind": "text", "text": "Hello"}}));
        let events = WebhookEvent::of_entry(&account, &said);
        insta::assert_json_snapshot!(events);
        let again: Vec<WebhookEvent> = serde_json::from_value(serde_json::to_value(&events).unwrap()).unwrap();
        assert_eq!(again, events);
    }

    #[test]
    fn every_type_has_a_schema() {
        for kind in EventType::ALL {
            let schema = schema(*kind);
            assert_eq!(schema["properties"]["type"]["const"], kind.as_str());
            assert!(!schema.to_string().contains("\"$ref\""), "{kind:?} stands for itself");
        }
        insta::assert_json_snapshot!("schema_label_added", schema(EventType::LabelAdded));
    }

    #[test]
    fn one_entry_may_be_two_events_with_ids_of_their_own() {
        let account = AccountId::new("demo");
        let changed = entry(&json!({"type": "labelled", "added": ["a"], "removed": ["b"]}));
        let kinds: Vec<_> =
            WebhookEvent::of_entry(&account, &changed).into_iter().map(|e| (e.kind.as_str(), e.id)).collect();
        assert_eq!(kinds[0].0, "label.added");
        assert_eq!(kinds[1].0, "label.removed");
        assert_ne!(kinds[0].1, kinds[1].1);
        assert!(EventType::ALL.iter().all(|kind| serde_json::to_value(kind).unwrap() == kind.as_str()));
    }
}
