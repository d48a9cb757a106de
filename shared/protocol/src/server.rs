//! Frames from the server, told apart by `type`. All but `ack` and `error` are hints: what must not be lost is in the
//! log, and `sync` gets it.

use std::collections::BTreeMap;

use deskwire_domain::{AgentId, Author, Code, ContactId, ConversationId, TeamId, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{EntryView, client::PresenceStatus, entry::StateView, http::Contact};

/// A frame from the server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerFrame {
    /// It is done, and stored.
    Ack(Box<Ack>),
    /// Something happened in a conversation.
    Entry {
        /// What.
        entry: EntryView,
    },
    /// Somebody is typing, or no longer.
    Typing {
        /// Where.
        conversation: ConversationId,
        /// Who.
        by: Author,
        /// Whether.
        on: bool,
    },
    /// Somebody has read.
    Receipt {
        /// Where.
        conversation: ConversationId,
        /// Who.
        by: Author,
        /// Up to where.
        seq: u64,
    },
    /// An agent came, went or changed capacity.
    Presence(AgentPresence),
    /// A conversation in a watched list changed.
    Inbox {
        /// The watched team.
        team: TeamId,
        /// To be given as `since` when watching again.
        cursor: String,
        /// The row as it is now.
        row: Box<ListRow>,
    },
    /// Where a waiting visitor stands in the queue; 1 is next.
    Position {
        /// Which conversation.
        conversation: ConversationId,
        /// The place in the queue.
        position: u32,
    },
    /// What is known of a conversation's contact has changed; for agents.
    Contact {
        /// Which conversation.
        conversation: ConversationId,
        /// As it is now.
        contact: Box<Contact>,
    },
    /// The company's systems have something to say to whoever serves this conversation; it is there as a note too.
    Notice {
        /// Which conversation.
        conversation: ConversationId,
        /// Plain text.
        text: String,
    },
    /// A note asks for one's attention; it is there as an entry too.
    Mention {
        /// Which conversation.
        conversation: ConversationId,
        /// The note's seq.
        seq: u64,
        /// Who wrote it.
        by: Author,
        /// Plain text.
        text: String,
    },
    /// The AI agent is writing: the next piece of what it says. The whole comes as an entry, which counts.
    Delta {
        /// Where.
        conversation: ConversationId,
        /// Which turn: the `client_id` that its entry will have.
        turn: String,
        /// Characters of it that came before this piece: whoever has fewer has missed one.
        at: usize,
        /// The piece; plain text.
        text: String,
        /// It comes to nothing: what was shown of it is to be taken away.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        dropped: bool,
    },
    /// It is refused; nothing was changed.
    Error(ErrorFrame),
    /// The server goes away: connect again, after a random part of `within_seconds`.
    Reconnect {
        /// Spread new connections over this time.
        #[serde(default)]
        within_seconds: u32,
    },
}

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ErrorFrame {
    /// The stable code.
    pub code: Code,
    /// What went wrong and what to do, for a person.
    pub message: String,
    /// The refused frame's `ref`.
    #[serde(rename = "ref", default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The refused frame's `client_id`, for a `send` or a `note`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// Seconds after which the same may succeed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
}

/// It is done, and stored. Which fields there are depends on the action.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Ack {
    /// The frame's `ref`.
    #[serde(rename = "ref", default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The action that is done.
    pub action: String,
    /// In which conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationId>,
    /// The seq at which it was stored: of the message or note for a `send` or `note`, else of the last entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    /// The sender's id for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// The log's last seq.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head: Option<u64>,
    /// Entries after the client's cursor, in order, its own new ones included.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entries: Vec<EntryView>,
    /// There are more entries than these: `sync` after the last of them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub more: bool,
    /// For a `send`: a live device of the other side has it. Whoever is told nothing learns it by a `receipt` later.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub delivered: bool,
    /// The state now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<StateView>,
    /// For `hello`: who one is, and one's conversations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub welcome: Option<Welcome>,
    /// For `watch`: the list's rows that changed since, newest last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<ListChanges>,
    /// For `presence` and `ping` of an agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub presence: Option<AgentPresence>,
}

/// The answer to `hello`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Welcome {
    /// Who one is.
    pub me: Author,
    /// The server's time.
    pub now: Time,
    /// Seconds between two pings that keep an agent's lease.
    pub ping_seconds: u32,
    /// When the token runs out.
    pub token_expires: Time,
    /// One's open conversations, and those that were asked for.
    pub conversations: Vec<Resumed>,
}

/// A conversation, resumed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Resumed {
    /// Which.
    pub conversation: ConversationId,
    /// Its log's last seq.
    pub head: u64,
    /// Its state.
    pub state: StateView,
    /// What lies after the client's cursor.
    pub entries: Vec<EntryView>,
    /// There are more: `sync` after the last of them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub more: bool,
    /// How far each of the others has read: `con_…` or `agt_…` → seq.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub read: BTreeMap<String, u64>,
}

/// An agent's presence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AgentPresence {
    /// Who.
    pub agent: AgentId,
    /// Whether they are there: their own word, merged with whether any of their devices is.
    pub status: PresenceStatus,
    /// Conversations they can have at once.
    pub capacity: u32,
    /// Conversations they have.
    pub load: u32,
}

/// A row of a list of conversations: a projection of the log, a little behind it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListRow {
    /// Which conversation.
    pub conversation: ConversationId,
    /// The log's last seq when the row was made.
    pub head: u64,
    /// The state then.
    pub state: deskwire_domain::State,
    /// The contact.
    pub contact: ContactId,
    /// The contact's name, if it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_name: Option<String>,
    /// The first words of the last message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preview: Option<String>,
    /// When the last entry was written.
    pub updated: Time,
    /// When the conversation began.
    pub created: Time,
}

/// Changes of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListChanges {
    /// To be given as `since` the next time.
    pub cursor: String,
    /// The rows as they are now.
    pub rows: Vec<ListRow>,
    /// There are more than these: watch again with this cursor.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub more: bool,
}
