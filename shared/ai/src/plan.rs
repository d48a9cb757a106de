//! What a company wants of its AI agent: what is done about each intent, and when people go on.

use std::collections::BTreeMap;

use deskwire_domain::turn::HandOverReason;

use crate::{
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
    /// Whether a text by itself calls for people: they are asked for, or the visitor is angry.
    pub fn calls_for_people(&self, text: &str) -> Option<HandOverReason> {
        if mood::wants_human(text) {
            return Some(HandOverReason::Requested);
        }
        (self.on_anger && mood::anger(text) >= ANGRY).then_some(HandOverReason::Anger)
    }

    /// Whether people handle an intent at once, whatever its action and whatever the articles say.
    pub fn is_always_theirs(&self, intent: &str) -> bool {
        self.for_people.iter().any(|name| name == intent)
    }

    /// What is done about an intent; articles, unless somebody said otherwise.
    pub fn action(&self, intent: Option<&str>) -> &Action {
        intent.and_then(|intent| self.intents.get(intent)).unwrap_or(&Action::Knowledge)
    }

    /// How a tool is asked: as this intent does, or the first that does.
    pub fn of_tool(&self, tool: &str, intent: Option<&str>) -> Option<&ToolPlan> {
        let own = intent.and_then(|intent| self.intents.get(intent));
        own.into_iter().chain(self.intents.values()).find_map(|action| match action {
            Action::Tool(plan) if plan.tool == tool => Some(plan),
            _ => None,
        })
    }
}
