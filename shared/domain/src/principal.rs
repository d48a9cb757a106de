//! Who acts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{AccountId, AgentId, Author, AuthorKind, ContactId};

/// What an agent may do beyond serving: see [`crate::permission`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Serves conversations.
    Agent,
    /// Also acts on others' conversations.
    Supervisor,
    /// Also configures the account.
    Admin,
}

/// The kinds of principals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// A visitor, who is this contact.
    Visitor(ContactId),
    /// An agent with the highest of its roles.
    Agent(AgentId, Role),
    /// The AI agent.
    Bot,
    /// Deskwire itself: assignment, time-outs.
    System,
}

/// Somebody who acts, in their account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The tenant; nothing outside it exists for them.
    pub account: AccountId,
    /// Who it is.
    pub who: Who,
}

impl Principal {
    /// Deskwire itself, at work for an account.
    pub fn system(account: AccountId) -> Self {
        Self { account, who: Who::System }
    }

    /// The author that this principal's entries carry.
    pub fn author(&self) -> Author {
        match &self.who {
            Who::Visitor(contact) => Author { kind: AuthorKind::Visitor, id: Some(contact.to_string()) },
            Who::Agent(agent, _) => Author { kind: AuthorKind::Agent, id: Some(agent.to_string()) },
            Who::Bot => Author { kind: AuthorKind::Bot, id: None },
            Who::System => Author { kind: AuthorKind::System, id: None },
        }
    }

    /// The agent, if it is one.
    pub fn agent(&self) -> Option<&AgentId> {
        match &self.who {
            Who::Agent(agent, _) => Some(agent),
            _ => None,
        }
    }

    /// The contact, if it is a visitor.
    pub fn contact(&self) -> Option<&ContactId> {
        match &self.who {
            Who::Visitor(contact) => Some(contact),
            _ => None,
        }
    }

    /// Whether it may see what is for agents only.
    pub fn is_staff(&self) -> bool {
        !matches!(self.who, Who::Visitor(_))
    }
}
