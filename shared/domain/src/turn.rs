//! What the AI agent thought in a turn. It rides in the entry of its answer, for whoever serves the visitor, and is all
//! that the AI agent remembers: its memory is the log.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a turn ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Answered in the company's own words.
    Exact,
    /// Answered in words made from the company's articles.
    Generated,
    /// Answered with what one of the company's systems said.
    Tool,
    /// Something was missing, and was asked for.
    Asked,
    /// A greeting, thanks, a farewell.
    SmallTalk,
    /// It did not understand, or knew nothing of it, and said so.
    Unsure,
    /// It gave the conversation to people.
    HandedOver,
    /// Nobody was there: it took a message and opened a ticket.
    MessageTaken,
}

/// Why the AI agent gave a conversation to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HandOverReason {
    /// The visitor asked for a person.
    Requested,
    /// It did not understand twice, or knew no answer.
    Unsure,
    /// The visitor is angry.
    Anger,
    /// The company wants people to handle this intent.
    Intent,
    /// It asked for the same thing too often, or the visitor said that it does not help.
    NoProgress,
    /// A system or a model did not answer in time.
    Failed,
    /// What the account lets its model cost is used up.
    Budget,
}

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Asked {
    /// The tool that needs it.
    pub tool: String,
    /// The tool's argument.
    pub slot: String,
    /// How often it was asked for by now.
    pub times: u8,
}

/// What the AI agent thought in a turn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Turn {
    /// The seq of the last thing from the visitor that it answers.
    pub answers: u64,
    /// The words that it answers, or their beginning.
    pub question: String,
    /// Which mind: `local`, `model`, `remote`.
    pub agent: String,
    /// What the visitor wants, if it was understood.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intent: Option<String>,
    /// How likely that is, from 0 to 1, to three digits.
    pub confidence: f64,
    /// Values that are known by now, by name: from this turn and those before.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub slots: BTreeMap<String, String>,
    /// How it ended.
    pub outcome: Outcome,
    /// What was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<Asked>,
    /// Turns in a row that it did not understand.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub misses: u8,
    /// The articles that it answered from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    /// The tools that it used, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tools: Vec<String>,
    /// Why it was given to people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<HandOverReason>,
    /// Tokens that a model read and wrote.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub tokens: u32,
}

fn is_zero<T: Default + PartialEq>(number: &T) -> bool {
    *number == T::default()
}

/// A probability as it is written down: to three digits.
pub fn rounded(probability: f32) -> f64 {
    (f64::from(probability.clamp(0.0, 1.0)) * 1000.0).round() / 1000.0
}
