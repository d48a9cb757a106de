//! An entry of a conversation's log, as it is stored and as readers see it.

use deskwire_domain::{Author, ConversationId, Event, State, Status, Time, ids::entry_id};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One entry, whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Entry {
    /// Whose log it is in.
    pub conversation: ConversationId,
    /// Its place there: 1, 2, 3, … without a gap.
    pub seq: u64,
    /// When it was written.
    pub at: Time,
    /// By whom.
    pub by: Author,
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
    /// The conversation's state after it.
    pub state: State,
    /// The trace (W3C trace-id, hex) of the request that wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace: Option<String>,
    /// The `source` of the inbound event that caused it; absent where a person did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
}

impl Entry {
    /// `msg_…`: derived from its place.
    pub fn id(&self) -> String {
        entry_id(&self.conversation, self.seq)
    }
}

/// An entry as a reader may see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum EntryView {
    /// One that it may see.
    Visible(Box<VisibleEntry>),
    /// One that it may not: only its place, so that no gap is unexplained.
    Hidden(HiddenEntry),
}

/// An entry that the reader may see.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct VisibleEntry {
    /// Its id, `msg_…`.
    pub id: String,
    /// Whose log it is in.
    pub conversation: ConversationId,
    /// Its place there: 1, 2, 3, … without a gap.
    pub seq: u64,
    /// When it was written.
    pub at: Time,
    /// By whom.
    pub by: Author,
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
    /// The state after it, as far as this reader may see it.
    pub state: StateView,
}

/// The place of an entry that the reader may not see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HiddenEntry {
    /// Whose log it is in.
    pub conversation: ConversationId,
    /// Its place there.
    pub seq: u64,
    /// Always true.
    pub hidden: bool,
}

/// A conversation's state as a reader may see it: all of it for staff, who serves it for the visitor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum StateView {
    /// For staff.
    Staff(Box<State>),
    /// For the visitor.
    Visitor(VisitorState),
}

/// What a visitor sees of the state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VisitorState {
    /// Where it stands. A transfer and a snooze are the company's business: both look active.
    pub status: Status,
    /// The agent who has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<deskwire_domain::AgentId>,
    /// Since when.
    pub since: Time,
}

/// Who looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Agents, bots, the company's systems.
    Staff,
    /// The visitor.
    Visitor,
}

impl StateView {
    /// The state as `audience` may see it.
    pub fn of(state: &State, audience: Audience) -> Self {
        match audience {
            Audience::Staff => Self::Staff(Box::new(state.clone())),
            Audience::Visitor => Self::Visitor(VisitorState {
                status: match state.status {
                    Status::Transferring | Status::Snoozed => Status::Active,
                    status => status,
                },
                assignee: state.current_assignee().cloned(),
                since: state.since,
            }),
        }
    }

    /// Where the conversation stands.
    pub fn status(&self) -> Status {
        match self {
            Self::Staff(state) => state.status,
            Self::Visitor(state) => state.status,
        }
    }
}

impl EntryView {
    /// The entry as `audience` may see it.
    pub fn of(entry: &Entry, audience: Audience) -> Self {
        let event = match audience {
            Audience::Staff => Some(entry.event.clone()),
            Audience::Visitor => entry.event.for_visitor(&entry.by),
        };
        match event {
            Some(event) => Self::Visible(Box::new(VisibleEntry {
                id: entry.id(),
                conversation: entry.conversation.clone(),
                seq: entry.seq,
                at: entry.at,
                by: entry.by.clone(),
                event,
                state: StateView::of(&entry.state, audience),
            })),
            None => {
                Self::Hidden(HiddenEntry { conversation: entry.conversation.clone(), seq: entry.seq, hidden: true })
            }
        }
    }

    /// Its place.
    pub fn seq(&self) -> u64 {
        match self {
            Self::Visible(entry) => entry.seq,
            Self::Hidden(entry) => entry.seq,
        }
    }

    /// Whose log it is in.
    pub fn conversation(&self) -> &ConversationId {
        match self {
            Self::Visible(entry) => &entry.conversation,
            Self::Hidden(entry) => &entry.conversation,
        }
    }

    /// The entry, if the reader may see it.
    pub fn visible(&self) -> Option<&VisibleEntry> {
        match self {
            Self::Visible(entry) => Some(entry),
            Self::Hidden(_) => None,
        }
    }
}
