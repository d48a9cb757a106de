//! A company's rules, the secrets that they name, and its business queries.

use deskwire_domain::{ContactId, ConversationId, Time, content::CardContent};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The rules that are in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RuleBook {
    /// Goes up with each change.
    pub version: u64,
    /// How many rules there are.
    pub rules: usize,
    /// How many queries there are.
    pub queries: usize,
    /// The file.
    pub yaml: String,
    /// When it was written.
    pub updated: Time,
}

/// A file that was only checked: it has no mistakes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CheckedRules {
    /// How many rules there are.
    pub rules: usize,
    /// How many queries there are.
    pub queries: usize,
    /// Secrets that it names and that are not there yet.
    pub missing_secrets: Vec<String>,
}

/// `PUT /v1/secrets/{name}`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SecretValue {
    /// What `secret.<name>` stands for in the rules file. Never shown again.
    pub value: String,
}

impl std::fmt::Debug for SecretValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretValue")
    }
}

/// A secret, without its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SecretName {
    /// Its name.
    pub name: String,
    /// When it was written.
    pub updated: Time,
}

/// A business query.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct QueryInfo {
    /// Its name.
    pub name: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What agents type after `/`; the first argument follows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// Its arguments.
    pub args: Vec<QueryArg>,
    /// Seconds for which an answer is good.
    pub cache_seconds: i64,
    /// Where its answers came from.
    pub counts: QueryCounts,
}

/// An argument of a query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct QueryArg {
    /// Its name.
    pub name: String,
    /// What it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The regular expression that it must match as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// The part of the contact from which it is taken, whoever asks: `external_id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// It may be left out.
    pub optional: bool,
}

/// Where answers came from, since the query was made. A function environment adds what it has each few seconds, so the
/// newest may not be in it yet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct QueryCounts {
    /// From the function's memory.
    pub memory: u64,
    /// From the table.
    pub table: u64,
    /// From the company's system.
    pub origin: u64,
    /// An old one, because the system did not answer.
    pub stale: u64,
    /// None.
    pub failed: u64,
}

/// `POST /v1/queries/{name}`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QueryRequest {
    /// The arguments: texts or numbers.
    #[serde(default)]
    pub args: Map<String, Value>,
    /// The contact that it is about, for arguments that are taken from one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<ContactId>,
    /// The conversation whose contact it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationId>,
}

/// Where an answer came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CacheLevel {
    /// The function's memory.
    Memory,
    /// The table.
    Table,
    /// The company's system.
    Origin,
}

/// The answer of a query.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct QueryAnswer {
    /// Which.
    pub query: String,
    /// What was read out of it, by name; null where there is nothing.
    pub slots: Map<String, Value>,
    /// As a card: send it with `send` or `note`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<CardContent>,
    /// Where it came from.
    pub cache: CacheLevel,
    /// Its age.
    pub age_seconds: i64,
    /// It is older than it should be, because the company's system does not answer.
    pub stale: bool,
}
