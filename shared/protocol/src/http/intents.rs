//! What visitors want: intents, their examples, and the models that are trained on them.

use std::collections::BTreeMap;

use deskwire_domain::Time;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Words;

/// What the AI agent does about an intent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum IntentAction {
    /// Answers from the articles.
    #[default]
    Knowledge,
    /// Says this.
    Say {
        /// By language.
        words: Words,
    },
    /// Asks one of the company's systems.
    Tool {
        /// The query of the rules file.
        tool: String,
        /// Which slot fills which argument; one of the same name, or of the argument's pattern, unless said.
        #[serde(default)]
        slots: BTreeMap<String, String>,
        /// How a missing argument is asked for, by argument.
        #[serde(default)]
        ask: BTreeMap<String, Words>,
        /// How the answer is said: Jinja with the query's slots and arguments; its card alone unless said.
        #[serde(default)]
        words: Words,
    },
    /// Gives it to people.
    HandOver {},
}

/// An intent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Intent {
    /// Its name: small letters, digits, `_`, `.` and `-`.
    pub name: String,
    /// What it is, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What is done about it.
    #[serde(rename = "action")]
    pub action: IntentAction,
    /// What visitors write.
    pub examples: Vec<IntentExample>,
    /// When it was changed.
    pub updated: Time,
    /// Goes up with each change.
    pub version: u64,
}

/// An example.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IntentExample {
    /// What somebody writes.
    pub text: String,
    /// The values in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub slots: Vec<ExampleSlot>,
    /// It is kept, and nothing is learned from it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub left_out: bool,
}

/// A value in an example.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExampleSlot {
    /// Of which kind.
    pub name: String,
    /// Its first character.
    pub start: usize,
    /// Behind its last.
    pub end: usize,
    /// What stands there; it may be left out, and is never told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// `PUT /v1/intents/{name}`: what is left out stays; examples, where they are given, replace those there were.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IntentChange {
    /// What it is, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What is done about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<IntentAction>,
    /// What visitors write.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub examples: Option<Vec<IntentExample>>,
    /// Examples to add to those there are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub add_examples: Vec<IntentExample>,
    /// The version that was seen: it is changed only if it is still that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
}

/// A model's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ModelStatus {
    /// It is being trained.
    Training,
    /// It is good; it serves, or did, or may.
    Ready,
    /// It did worse than the one that serves on what was held out: it does not serve unless somebody says so.
    HeldBack,
    /// It could not be trained.
    Failed,
}

/// A trained version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ModelVersion {
    /// Which: `mdl_…`; later ones sort behind.
    pub version: String,
    /// Its life.
    pub status: ModelStatus,
    /// Whether it serves.
    pub serving: bool,
    /// When it was asked for.
    pub created: Time,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What was found out about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<ModelReport>,
    /// Examples that contradict their neighbours, the worst first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suspects: Vec<SuspectExample>,
}

/// What was found out about a version.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ModelReport {
    /// Examples that it learned from.
    pub examples: usize,
    /// Intents that it knows.
    pub intents: usize,
    /// Examples that were held out to measure it.
    pub held_out: usize,
    /// The part of those that it understood; absent where too few examples are there to hold any out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy: Option<f64>,
    /// The mean over the intents of each one's F1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub macro_f1: Option<f64>,
    /// F1 over slots.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot_f1: Option<f64>,
    /// The part that the version before understood of those that it was compared by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy_before: Option<f64>,
    /// How it does beside the version that served; absent where there was none that it could be compared with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comparison: Option<Comparison>,
    /// Seconds that training took.
    pub seconds: f64,
    /// Bytes of the model.
    pub bytes: usize,
}

/// A version beside the one that served, on examples that neither has learned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Comparison {
    /// So many of them.
    pub rows: usize,
    /// Those that only the new version understands.
    pub gained: usize,
    /// Those that only the version before understood.
    pub lost: usize,
    /// What that says.
    pub verdict: ComparisonVerdict,
}

/// What a comparison says of a new version: an exact McNemar test, one-sided, at the level 0.05.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ComparisonVerdict {
    /// There are fewer than five examples to compare by, which says nothing: it serves.
    TooFew,
    /// Nothing says that it is worse: it serves.
    NoWorse,
    /// It is worse: it is held back.
    Worse,
}

/// An example that contradicts its neighbours.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SuspectExample {
    /// What it says.
    pub text: String,
    /// What it is an example of.
    pub intent: String,
    /// What it looks like.
    pub looks_like: String,
    /// By how much; higher is worse.
    pub margin: f64,
    /// Examples like it that say otherwise.
    pub neighbours: Vec<String>,
}
