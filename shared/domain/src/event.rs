//! What an entry says: everything that can happen in a conversation.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{AgentId, Content, InboxId, TeamId, Time, state::TransferTo, turn::Turn};

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
        /// What the AI agent thought, where it is its answer; visitors do not see it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        turn: Option<Box<Turn>>,
    },
    /// Somebody said something that waits for a review: the other side does not see it.
    Held {
        /// What.
        content: Content,
        /// The category of the words for which it is held; its author does not see it.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        category: String,
        /// The sender's id for it.
        client_id: String,
    },
    /// What was held was looked at.
    Reviewed {
        /// The seq of what was held.
        held: u64,
        /// Whether it is said now, or never.
        released: bool,
        /// Who wrote it.
        author: Author,
        /// What is said now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        content: Option<Content>,
    },
    /// Somebody says whether an answer of the AI agent was good.
    Feedback {
        /// The seq of the answer.
        entry: u64,
        /// Whether.
        good: bool,
        /// What the question should have been understood as; only agents say that.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        intent: Option<String>,
        /// The sender's id for it.
        client_id: String,
    },
    /// For agents only; a visitor sees a bare seq.
    Note {
        /// The text; the heading where it is a card.
        text: String,
        /// More than text: a card, say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        content: Option<Content>,
        /// Agents whose attention it asks for.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        mentions: BTreeSet<AgentId>,
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
        /// Skills that its agent should have, beside those that it asks for already.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        skills: BTreeSet<String>,
    },
    /// The AI agent has it again.
    BotCalled {},
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
            Self::Held { .. } => "held",
            Self::Reviewed { .. } => "reviewed",
            Self::Feedback { .. } => "feedback",
            Self::Queued { .. } => "queued",
            Self::BotCalled {} => "bot_called",
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
            | Self::Held { client_id, .. }
            | Self::Feedback { client_id, .. }
            | Self::Note { client_id, .. }
            | Self::Postback { client_id, .. }
            | Self::Rated { client_id, .. } => Some(client_id),
            _ => None,
        }
    }

    /// What a visitor says with it, where they do.
    pub fn spoken(&self, by: &Author) -> Option<String> {
        let words = |content: &Content| content.words().or_else(|| content.kind()).map(str::to_owned);
        match self {
            Self::Message { content, .. } if by.kind == AuthorKind::Visitor => words(content),
            Self::Postback { internal: false, label, .. } if by.kind == AuthorKind::Visitor => Some(label.clone()),
            Self::Reviewed { author, content: Some(content), .. } if author.kind == AuthorKind::Visitor => {
                words(content)
            }
            _ => None,
        }
    }

    /// Whether an agent answers the visitor with it.
    pub fn serves(&self, by: &Author) -> bool {
        match self {
            Self::Message { .. } => by.kind == AuthorKind::Agent,
            Self::Reviewed { author, content: Some(_), .. } => author.kind == AuthorKind::Agent,
            _ => false,
        }
    }

    /// What a visitor sees of it, written by `by`: what is meant for agents inside a visible event is taken out. What
    /// they may not see at all reaches them as a bare seq.
    pub fn for_visitor(&self, by: &Author) -> Option<Self> {
        let own = by.kind == AuthorKind::Visitor;
        Some(match self {
            Self::Message { content, client_id, .. } => {
                Self::Message { content: content.clone(), client_id: client_id.clone(), turn: None }
            }
            Self::Held { content, client_id, .. } if own => {
                Self::Held { content: content.clone(), category: String::new(), client_id: client_id.clone() }
            }
            Self::Queued { team, reason, .. } => {
                Self::Queued { team: team.clone(), reason: *reason, note: None, skills: BTreeSet::new() }
            }
            Self::Closed { .. } => Self::Closed { reason: None },
            Self::Opened { inbox, team, bot, .. } => Self::Opened {
                inbox: inbox.clone(),
                team: team.clone(),
                priority: 0,
                bot: *bot,
                skills: BTreeSet::new(),
                last_agent: None,
            },
            Self::Reviewed { released, author, .. } if *released || author.kind == AuthorKind::Visitor => self.clone(),
            Self::Feedback { .. } if own => self.clone(),
            Self::Postback { internal: false, .. }
            | Self::Rated { .. }
            | Self::Assigned { .. }
            | Self::BotCalled {}
            | Self::Reopened {}
            | Self::Woken {} => self.clone(),
            _ => return None,
        })
    }
}
