//! What a company wants of its AI agent: what is done about each intent, and when people go on.

use std::collections::BTreeMap;

use deskwire_domain::turn::HandOverReason;

use crate::{
    agent::{Conversation, Understanding},
    mood,
    phrases::{Phrases, Words},
};

/// Anger from which people go on, of 1: on the tables of `mood` what is only annoyed lies below; insults, threats and
/// complaints lie above.
const ANGRY: f32 = 0.5;

/// What is done about an intent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Answer from the articles.
    Knowledge,
    /// Say this.
    Say(Words),
    /// Ask a system.
    Tool(ToolPlan),
    /// Give it to people.
    HandOver,
}

/// How a system is asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ToolPlan {
    /// Which.
    pub tool: String,
    /// Which slot fills which parameter, where their names differ.
    pub slots: BTreeMap<String, String>,
    /// How a missing parameter is asked for.
    pub ask: BTreeMap<String, Words>,
}

/// What a company wants.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// By intent.
    pub intents: BTreeMap<String, Action>,
    /// Intents that people handle at once, whatever their action.
    pub for_people: Vec<String>,
    /// Turns in a row that were not understood, after which people go on.
    pub after_misses: u8,
    /// Whether anger hands over.
    pub on_anger: bool,
    /// What is said.
    pub phrases: Phrases,
}

impl Plan {
    /// Whether people go on at once, whatever a mind would say: they are asked for, the visitor is angry, the intent is
    /// theirs, or the last answer was of no help.
    pub fn at_once(&self, understood: &Understanding, conversation: &Conversation) -> Option<HandOverReason> {
        let text = &conversation.text;
        if mood::wants_human(text) {
            return Some(HandOverReason::Requested);
        }
        if self.on_anger && mood::anger(text) >= ANGRY {
            return Some(HandOverReason::Anger);
        }
        let intent = understood.intent.as_deref()?;
        let theirs = self.for_people.iter().any(|name| name == intent)
            || matches!(self.intents.get(intent), Some(Action::HandOver));
        theirs.then_some(HandOverReason::Intent)
    }

    /// What is done about an intent; articles, unless somebody said otherwise.
    pub fn action(&self, intent: Option<&str>) -> &Action {
        intent.and_then(|intent| self.intents.get(intent)).unwrap_or(&Action::Knowledge)
    }

    /// The intent that asks a tool, and how.
    pub fn of_tool(&self, tool: &str) -> Option<&ToolPlan> {
        self.intents.values().find_map(|action| match action {
            Action::Tool(plan) if plan.tool == tool => Some(plan),
            _ => None,
        })
    }
}
