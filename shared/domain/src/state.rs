//! The state of a conversation: what its last entry carries.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{AgentId, ContactId, InboxId, TeamId, Time};

/// Where a conversation stands (DESIGN §5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The AI agent has it.
    Bot,
    /// It waits for an agent.
    Queued,
    /// An agent has it.
    Active,
    /// Its agent has offered it to somebody else.
    Transferring,
    /// Put aside until a time, or the visitor's next message.
    Snoozed,
    /// Done.
    Closed,
}

impl Status {
    /// All of them, in the order of a conversation's life.
    pub const ALL: [Self; 6] = [Self::Bot, Self::Queued, Self::Active, Self::Transferring, Self::Snoozed, Self::Closed];

    /// The word that travels.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bot => "bot",
            Self::Queued => "queued",
            Self::Active => "active",
            Self::Transferring => "transferring",
            Self::Snoozed => "snoozed",
            Self::Closed => "closed",
        }
    }
}

/// Whom a transfer is for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TransferTo {
    /// One agent, who accepts or declines.
    Agent(AgentId),
    /// A team: its routing, or any of its agents, may take it.
    Team(TeamId),
}

/// A transfer that waits for its accept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Transfer {
    /// For whom.
    pub to: TransferTo,
    /// Until when.
    pub until: Time,
}

/// The state after an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct State {
    /// Where it stands.
    pub status: Status,
    /// Whose conversation it is.
    pub contact: ContactId,
    /// Through which channel's inbox it came.
    pub inbox: InboxId,
    /// The team that serves it, whose queue it waits in.
    pub team: TeamId,
    /// The agent who has it; when closed or snoozed, who had it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<AgentId>,
    /// Higher is served first.
    pub priority: u8,
    /// Since when it stands there. Lists are sorted by it.
    pub since: Time,
    /// When it first began to wait; kept when it is given back, so that nobody waits twice.
    pub waiting_since: Time,
    /// A transfer that is under way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transfer: Option<Transfer>,
    /// When a snooze ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snoozed_until: Option<Time>,
    /// Its labels.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub labels: BTreeSet<String>,
    /// Skills that its agent should have.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub skills: BTreeSet<String>,
}

impl State {
    /// The agent who has it. In the queue, and with the bot, it is nobody's: its assignee is only whoever had it last.
    pub fn current_assignee(&self) -> Option<&AgentId> {
        self.assignee.as_ref().filter(|_| !matches!(self.status, Status::Queued | Status::Bot))
    }

    /// The agent whose capacity it uses: who serves it now, also while a transfer waits.
    pub fn occupies(&self) -> Option<&AgentId> {
        match self.status {
            Status::Active | Status::Transferring => self.assignee.as_ref(),
            Status::Bot | Status::Queued | Status::Snoozed | Status::Closed => None,
        }
    }

    /// The team in whose queue it waits for an agent, if it does.
    pub fn waits_in(&self) -> Option<&TeamId> {
        match (self.status, &self.transfer) {
            (Status::Queued, _) => Some(&self.team),
            (Status::Transferring, Some(Transfer { to: TransferTo::Team(team), .. })) => Some(team),
            _ => None,
        }
    }
}
