//! What a webhook says: an event, made from an entry that never changes, in an envelope that is both a CloudEvent
//! (1.0, structured) and what Standard Webhooks asks for (`type`, `timestamp`, `data`).

use deskwire_domain::{AccountId, EndpointId, Event, Time, event::AssignedBy};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
    /// An agent wrote something for agents only.
    NoteCreated = "note.created";
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
            data,
        }
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
            Self::new(account, id, (kind, entry.at), subject, EventData::Conversation(Box::new(data)))
        };
        types_of(&entry.event).into_iter().map(event).collect()
    }

    /// The event that a contact's change is.
    pub fn of_contact(account: &AccountId, contact: &Contact, at: Time) -> Self {
        let kind = match contact {
            Contact { merged_into: Some(_), .. } => EventType::ContactMerged,
            Contact { version: 0 | 1, .. } => EventType::ContactCreated,
            _ => EventType::ContactUpdated,
        };
        let id = format!("evt_{}_{}", contact.id.unique(), contact.version);
        let data = EventData::Contact(Box::new(ContactData { contact: contact.clone() }));
        Self::new(account, id, (kind, at), contact.id.to_string(), data)
    }
}

fn types_of(event: &Event) -> Vec<EventType> {
    use EventType as T;
    match event {
        Event::Opened { .. } => vec![T::ConversationCreated],
        Event::Message { .. } => vec![T::MessageCreated],
        Event::Note { .. } => vec![T::NoteCreated],
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
    use serde_json::json;

    use super::*;

    fn entry(event: &serde_json::Value) -> Entry {
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
