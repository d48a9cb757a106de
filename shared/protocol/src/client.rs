//! Frames from a client. One JSON object each, with the route key `action`; the same objects, without `conversation`,
//! are the bodies of `POST /v1/conversations/{id}/actions`.

use std::collections::{BTreeMap, BTreeSet};

use deskwire_domain::{AgentId, Content, ConversationId, InboxId, TeamId, Time, TransferTo};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A frame from a client.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClientFrame {
    /// Chosen by the client; comes back in the `ack` or `error`. At most 64 bytes.
    #[serde(rename = "ref", default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// What it asks for.
    #[serde(flatten)]
    pub action: Action,
}

/// What a frame asks for, told apart by `action`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum Action {
    /// Begin or resume: cursors in, missed entries out. First frame on every connection.
    Hello(Hello),
    /// Say something.
    Send(Send),
    /// Ask for what lies after a cursor.
    Sync(Sync),
    /// Say that one is typing, or is no longer. Never stored.
    Typing(Typing),
    /// Say how far one has read.
    Read(Read),
    /// Keep the connection, and an agent's lease, alive.
    Ping(Ping),
    /// An agent says whether they are there.
    Presence(Presence),
    /// Take a conversation, or a transfer.
    Accept(OfConversation),
    /// Say no to a transfer.
    Decline(OfConversation),
    /// Give a conversation to an agent.
    Assign(Assign),
    /// Offer a conversation to an agent or a team.
    Transfer(TransferFrame),
    /// Close.
    Close(Close),
    /// Reopen.
    Reopen(OfConversation),
    /// Put aside.
    Snooze(Snooze),
    /// Write a note that only agents see.
    Note(Note),
    /// Press a card's button.
    Postback(Postback),
    /// Say how one was served.
    Rate(Rate),
    /// Say whether an answer of the AI agent was good.
    Feedback(Feedback),
    /// Let a message that was held be said, or not.
    Review(Review),
    /// Give a conversation to the AI agent again.
    CallBot(OfConversation),
    /// Change labels.
    Label(Label),
    /// Follow a team's list.
    Watch(Watch),
    /// No longer.
    Unwatch(Watch),
}

/// The words that `action` may have, for documents and for telling an unknown action from a bad field.
pub const ACTIONS: [&str; 23] = [
    "hello", "send", "sync", "typing", "read", "ping", "presence", "accept", "decline", "assign", "transfer", "close",
    "reopen", "snooze", "note", "postback", "rate", "feedback", "review", "call_bot", "label", "watch", "unwatch",
];

impl Action {
    /// The route key.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Hello(_) => "hello",
            Self::Send(_) => "send",
            Self::Sync(_) => "sync",
            Self::Typing(_) => "typing",
            Self::Read(_) => "read",
            Self::Ping(_) => "ping",
            Self::Presence(_) => "presence",
            Self::Accept(_) => "accept",
            Self::Decline(_) => "decline",
            Self::Assign(_) => "assign",
            Self::Transfer(_) => "transfer",
            Self::Close(_) => "close",
            Self::Reopen(_) => "reopen",
            Self::Snooze(_) => "snooze",
            Self::Note(_) => "note",
            Self::Postback(_) => "postback",
            Self::Rate(_) => "rate",
            Self::Feedback(_) => "feedback",
            Self::Review(_) => "review",
            Self::CallBot(_) => "call_bot",
            Self::Label(_) => "label",
            Self::Watch(_) => "watch",
            Self::Unwatch(_) => "unwatch",
        }
    }
}

/// Begin or resume.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Hello {
    /// Per conversation the last seq that the client has without a gap. What lies after it comes back.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub cursors: BTreeMap<ConversationId, u64>,
}

/// Say something. A visitor without a conversation leaves `conversation` out: the current one is continued, or a new
/// one begins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Send {
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationId>,
    /// Through which inbox a new conversation comes; the account's first one unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inbox: Option<InboxId>,
    /// The last seq that the sender had seen when it composed this. A resend carries the same.
    #[serde(default)]
    pub after: u64,
    /// The sender's own id for it, unique in the conversation: a resend carries the same and has no second effect.
    pub client_id: String,
    /// What.
    pub content: Content,
}

/// Ask for what lies after a cursor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sync {
    /// Of which conversation.
    pub conversation: ConversationId,
    /// The last seq that the client has without a gap.
    pub after: u64,
}

/// Typing, or no longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Typing {
    /// Where.
    pub conversation: ConversationId,
    /// Whether.
    pub on: bool,
}

/// Read up to a seq.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Read {
    /// Where.
    pub conversation: ConversationId,
    /// The last seq that was read.
    pub seq: u64,
}

/// Nothing but a sign of life.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ping {}

/// What an agent says of being there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PresenceStatus {
    /// Gives me conversations.
    Online,
    /// Here, but no new ones.
    Away,
    /// Not here.
    Offline,
}

/// An agent's presence; what is left out stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Presence {
    /// Whether they are there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<PresenceStatus>,
    /// Conversations they can have at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<u32>,
}

/// Something that needs nothing but the conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OfConversation {
    /// Which.
    pub conversation: ConversationId,
}

/// Give to an agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Assign {
    /// Which.
    pub conversation: ConversationId,
    /// To whom.
    pub agent: AgentId,
}

/// Offer to an agent or a team: `{"to": {"agent": "agt_…"}}` or `{"to": {"team": "tea_…"}}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TransferFrame {
    /// Which.
    pub conversation: ConversationId,
    /// To whom.
    pub to: TransferTo,
    /// For whoever takes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Seconds to wait for an accept, 1 to 3600; 60 unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<i64>,
}

/// Close.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Close {
    /// Which.
    pub conversation: ConversationId,
    /// Why, for people; visitors do not see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Put aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Snooze {
    /// Which.
    pub conversation: ConversationId,
    /// Until then, or until the visitor writes. At most 90 days.
    pub until: Time,
}

/// Write a note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// Which.
    pub conversation: ConversationId,
    /// As in `send`.
    #[serde(default)]
    pub after: u64,
    /// As in `send`.
    pub client_id: String,
    /// Plain text; may be left out where there is `content`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// More than text: a card, say. Its buttons are for agents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Content>,
    /// Agents whose attention it asks for: each gets a `mention`.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub mentions: BTreeSet<AgentId>,
}

/// Press a card's button.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Postback {
    /// Where.
    pub conversation: ConversationId,
    /// As in `send`.
    #[serde(default)]
    pub after: u64,
    /// As in `send`.
    pub client_id: String,
    /// The seq of the card's entry.
    pub card: u64,
    /// The button's `postback`.
    pub value: String,
}

/// Say how one was served; again, if one thinks better of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// Where.
    pub conversation: ConversationId,
    /// As in `send`.
    #[serde(default)]
    pub after: u64,
    /// As in `send`.
    pub client_id: String,
    /// From 1, bad, to 5, good.
    pub score: u8,
    /// In one's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// Say whether an answer of the AI agent was good: a visitor by thumbs, an agent also by what it should have understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Feedback {
    /// Where.
    pub conversation: ConversationId,
    /// As in `send`.
    #[serde(default)]
    pub after: u64,
    /// As in `send`.
    pub client_id: String,
    /// The answer's seq.
    pub entry: u64,
    /// Whether it was good.
    pub good: bool,
    /// The intent that the question has; agents only. The question becomes an example of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intent: Option<String>,
}

/// Let a message that was held be said, or not; supervisors only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// Where.
    pub conversation: ConversationId,
    /// Its seq.
    pub entry: u64,
    /// Whether it is said now; else never.
    pub release: bool,
}

/// Change labels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// Which.
    pub conversation: ConversationId,
    /// To add.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub add: BTreeSet<String>,
    /// To take away.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub remove: BTreeSet<String>,
}

/// Follow a team's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Watch {
    /// Whose.
    pub team: TeamId,
    /// The last `cursor` that was seen: what has changed since comes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
}
