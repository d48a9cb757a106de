//! What an account configures.

use deskwire_domain::{BusinessHours, InboxId, TeamId, priority::PriorityRule};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::WidgetSettings;

/// An inbox: one configured channel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Inbox {
    /// Its id.
    pub id: InboxId,
    /// Its name.
    pub name: String,
    /// `web_widget`, `api`, …
    pub channel: String,
    /// The team that serves it.
    pub team: TeamId,
    /// Seconds after closing in which the visitor's next message reopens the conversation.
    pub reopen_seconds: i64,
    /// Whether the AI agent answers first.
    pub bot: bool,
    /// When people are there; as the AI agent's settings say where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<BusinessHours>,
    /// How its widget looks, and what it asks.
    #[serde(default)]
    pub widget: WidgetSettings,
}

/// `POST /v1/inboxes` and `PATCH /v1/inboxes/{id}`: what is left out stays.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InboxChange {
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `web_widget`, `api`, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// The team that serves it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamId>,
    /// Seconds after closing in which the visitor's next message reopens the conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reopen_seconds: Option<i64>,
    /// Whether the AI agent answers first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bot: Option<bool>,
    /// When people are there; null takes it away.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "nullable")]
    #[schemars(with = "Option<BusinessHours>")]
    pub hours: Option<Option<BusinessHours>>,
    /// All of how its widget looks, and what it asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub widget: Option<WidgetSettings>,
}

/// Tells what is left out from what is null.
mod nullable {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<T: Serialize, S: Serializer>(
        value: &Option<Option<T>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        value.as_ref().and_then(Option::as_ref).serialize(serializer)
    }

    pub(super) fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Option<T>>, D::Error> {
        Option::deserialize(deserializer).map(Some)
    }
}

/// A canned response.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CannedResponse {
    /// What an agent types after `/`.
    pub short: String,
    /// What it becomes.
    pub text: String,
}

/// A label that conversations may have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LabelDefinition {
    /// The label.
    pub name: String,
    /// `#rrggbb`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour: Option<String>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// What an account has configured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Account {
    /// Its id.
    pub id: deskwire_domain::AccountId,
    /// Its name.
    pub name: String,
    /// The inbox of conversations that name none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_inbox: Option<InboxId>,
    /// Whether visitors need a token of the company.
    pub require_sign_on: bool,
    /// Priorities by what is known of the contact.
    #[serde(default)]
    pub priority_rules: Vec<PriorityRule>,
    /// Seconds after an agent vanished until their conversations go back to the queue.
    #[serde(default = "grace_seconds")]
    pub grace_seconds: i64,
    /// The company's sign-on, secrets left out.
    #[serde(default)]
    pub sign_on: Vec<Value>,
}

fn grace_seconds() -> i64 {
    deskwire_domain::limits::GRACE_SECONDS
}

/// `PATCH /v1/account`: what is left out stays.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountChange {
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The inbox of conversations that name none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_inbox: Option<InboxId>,
    /// Whether visitors need a token of the company.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub require_sign_on: Option<bool>,
    /// Priorities by what is known of the contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority_rules: Option<Vec<PriorityRule>>,
    /// Seconds after an agent vanished until their conversations go back to the queue: 3 to 3,600.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grace_seconds: Option<i64>,
    /// The company's sign-on: all issuers, see README "Sign-on".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign_on: Option<Vec<Value>>,
}
