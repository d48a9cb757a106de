//! What an entry says: everything that can happen in a conversation.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{AgentId, Content, InboxId, TeamId, Time, state::TransferTo};

/// The kinds of authors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuthorKind {
    /// The visitor.
    Visitor,
    /// A person who serves.
    Agent,
    /// The AI agent.
    Bot,
    /// Deskwire itself.
    System,
}

/// Who wrote an entry.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Author {
    /// The kind.
    pub kind: AuthorKind,
    /// `con_…` or `agt_…`; absent for bot and system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

/// Why a conversation came to an agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AssignedBy {
    /// The agent took it.
    Accept,
    /// A person gave it to them.
    Assign,
    /// The team's strategy chose them.
    Routing,
    /// They took a transfer.
    Transfer,
    /// It was theirs, and came back.
    Return,
}

/// Why a conversation waits in a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum QueuedBy {
    /// The bot handed it over.
    Handoff,
    /// Its agent vanished.
    AgentGone,
    /// It was reopened or woken and its agent is not there.
    Returned,
}

/// How a transfer ended without being taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TransferOutcome {
    /// Whom it was offered to said no.
    Declined,
    /// Nobody answered in time.
    TimedOut,
}

/// What happened. JSON carries it flat, told apart by `type`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// The conversation began.
    Opened {
        /// The channel's inbox.
        inbox: InboxId,
        /// The team whose queue it is in, or will be.
        team: TeamId,
        /// Higher is served first.
        priority: u8,
        /// Whether the AI agent has it first.
        bot: bool,
        /// Skills that its agent should have.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        skills: BTreeSet<String>,
        /// The agent who had this contact's last conversation: routing prefers them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        last_agent: Option<AgentId>,
    },
    /// Somebody said something.
    Message {
        /// What.
        content: Content,
        /// The sender's id for it; a resend has the same.
        client_id: String,
    },
    /// For agents only; a visitor sees a bare seq.
    Note {
        /// The text; the heading where it is a card.
        text: String,
        /// More than text: a card, say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        content: Option<Content>,
        /// The sender's id for it.
        client_id: String,
    },
    /// Somebody pressed a card's button.
    Postback {
        /// The seq of the card's entry.
        card: u64,
        /// What is written on the button.
        label: String,
        /// What the button sends back.
        value: String,
        /// The card is for agents only, and so is this.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        internal: bool,
        /// The sender's id for it.
        client_id: String,
    },
    /// The visitor says how they were served (CSAT); the last word counts.
    Rated {
        /// From 1, bad, to 5, good.
        score: u8,
        /// In their own words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<String>,
        /// The sender's id for it.
        client_id: String,
    },
    /// It waits for an agent.
    Queued {
        /// In whose queue.
        team: TeamId,
        /// Why.
        reason: QueuedBy,
        /// More, for a person.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// An agent has it.
    Assigned {
        /// Who.
        agent: AgentId,
        /// Their name, as visitors see it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// In which team.
        team: TeamId,
        /// Why.
        reason: AssignedBy,
    },
    /// Its agent offers it to somebody else.
    TransferRequested {
        /// To whom.
        to: TransferTo,
        /// Until when it waits for an accept.
        until: Time,
        /// For whoever takes it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// The offer came to nothing; it is back where it was.
    TransferEnded {
        /// How.
        outcome: TransferOutcome,
    },
    /// Done.
    Closed {
        /// Why, for a person.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Not done after all.
    Reopened {},
    /// Put aside.
    Snoozed {
        /// Until then, or until the visitor writes.
        until: Time,
    },
    /// The snooze is over.
    Woken {},
    /// Labels changed.
    Labelled {
        /// New ones.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        added: BTreeSet<String>,
        /// Those taken away.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        removed: BTreeSet<String>,
    },
    /// Something that this version does not know, kept as it came.
    #[serde(untagged)]
    Unknown(Map<String, Value>),
}

impl Event {
    /// The `type` under which it travels.
    pub fn kind(&self) -> &str {
        match self {
            Self::Opened { .. } => "opened",
            Self::Message { .. } => "message",
            Self::Note { .. } => "note",
            Self::Postback { .. } => "postback",
            Self::Rated { .. } => "rated",
            Self::Queued { .. } => "queued",
            Self::Assigned { .. } => "assigned",
            Self::TransferRequested { .. } => "transfer_requested",
            Self::TransferEnded { .. } => "transfer_ended",
            Self::Closed { .. } => "closed",
            Self::Reopened {} => "reopened",
            Self::Snoozed { .. } => "snoozed",
            Self::Woken {} => "woken",
            Self::Labelled { .. } => "labelled",
            Self::Unknown(map) => map.get("type").and_then(Value::as_str).unwrap_or("unknown"),
        }
    }

    /// The sender's id, for those that are sent by people and may be sent again.
    pub fn client_id(&self) -> Option<&str> {
        match self {
            Self::Message { client_id, .. }
            | Self::Note { client_id, .. }
            | Self::Postback { client_id, .. }
            | Self::Rated { client_id, .. } => Some(client_id),
            _ => None,
        }
    }

    /// Whether a visitor may see what it says. What they may not see reaches them as a bare seq.
    pub fn visible_to_visitor(&self) -> bool {
        matches!(
            self,
            Self::Opened { .. }
                | Self::Message { .. }
                | Self::Postback { internal: false, .. }
                | Self::Rated { .. }
                | Self::Queued { .. }
                | Self::Assigned { .. }
                | Self::Closed { .. }
                | Self::Reopened {}
                | Self::Woken {}
        )
    }

    /// What a visitor sees of it: what is meant for agents inside a visible event is taken out.
    pub fn for_visitor(&self) -> Option<Self> {
        match self {
            Self::Queued { team, reason, .. } => Some(Self::Queued { team: team.clone(), reason: *reason, note: None }),
            Self::Closed { .. } => Some(Self::Closed { reason: None }),
            Self::Opened { inbox, team, bot, .. } => Some(Self::Opened {
                inbox: inbox.clone(),
                team: team.clone(),
                priority: 0,
                bot: *bot,
                skills: BTreeSet::new(),
                last_agent: None,
            }),
            event => event.visible_to_visitor().then(|| event.clone()),
        }
    }
}
