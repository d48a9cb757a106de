//! Macros: what agents do again and again, under one name.

use std::collections::BTreeSet;

use deskwire_domain::{AgentId, Code, TransferTo};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A macro.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Macro {
    /// Its name, as in its address; at most 40 characters.
    pub name: String,
    /// What it is for, as agents read it.
    pub title: String,
    /// What it does, in this order; 1 to 10.
    pub steps: Vec<MacroStep>,
}

/// A step of a macro: what the action of this name does. Its text is Jinja, as in rules, and knows `contact.name` and
/// `agent.name`, which are empty where they are not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum MacroStep {
    /// Say something to the visitor.
    Send {
        /// What.
        text: String,
    },
    /// Write a note that only agents see.
    Note {
        /// What.
        text: String,
    },
    /// Change labels.
    Label {
        /// To add.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        add: BTreeSet<String>,
        /// To take away.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        remove: BTreeSet<String>,
    },
    /// Offer it to an agent or a team.
    Transfer {
        /// To whom.
        to: TransferTo,
        /// For whoever takes it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// Give it to an agent, at once.
    Assign {
        /// To whom.
        agent: AgentId,
    },
    /// Put it aside.
    Snooze {
        /// For so many seconds from then on; at most 90 days.
        seconds: i64,
    },
    /// Close it.
    Close {
        /// Why, for people; visitors do not see it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Give it to the AI agent again.
    CallBot {},
}

/// `POST /v1/conversations/{id}/macros/{name}`: runs a macro, or goes on with a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RunMacro {
    /// The sender's own id for this run, at most 61 bytes: with the same one within a day the run goes on where it
    /// stopped, and what was done is not done again. Its messages and notes have `<client_id>.<step>`.
    pub client_id: String,
    /// The last seq that the sender had seen, as in `send`; the log's last one unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<u64>,
}

/// What became of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MacroRun {
    /// Steps that are done, by this call or one before it; they stay done.
    pub done: usize,
    /// Steps that there are.
    pub of: usize,
    /// Why the next one is not done; those behind it were not tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<RefusedStep>,
}

/// A step that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RefusedStep {
    /// Which, from 1.
    pub step: usize,
    /// The stable code.
    pub code: Code,
    /// What went wrong and what to do, for a person.
    pub message: String,
}
