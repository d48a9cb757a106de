//! What a widget on a page must know before anybody has said who they are, and what the console must know before
//! anybody has signed in. All of it is public.

use std::collections::BTreeMap;

use deskwire_domain::{AccountId, AgentId, InboxId, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A text by language: `{"en": "…", "zh": "…"}`. Who speaks another language reads the first that there is.
pub type Texts = BTreeMap<String, String>;

/// How an inbox's widget looks, and what it asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WidgetSettings {
    /// Above the conversation; the company's name unless said.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub title: Texts,
    /// Said before the visitor says anything.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub greeting: Texts,
    /// Said where nobody is there.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub offline_message: Texts,
    /// The company's colour, `#rrggbb`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub colour: Option<String>,
    /// The side of the page on which it is.
    pub position: Side,
    /// Asked before the first message, of whom the company's sign-on does not vouch for.
    pub pre_chat: Vec<FormField>,
    /// Asked instead where nobody is there, so that the visitor can be answered later.
    pub offline_form: Vec<FormField>,
    /// Whether the visitor is asked at the end how they were served.
    pub csat: bool,
    /// Whether visitors may send pictures and files from it.
    pub attachments: bool,
    /// Whether a message that comes makes a sound.
    pub sound: bool,
}

impl Default for WidgetSettings {
    fn default() -> Self {
        Self {
            title: Texts::new(),
            greeting: Texts::new(),
            offline_message: Texts::new(),
            colour: None,
            position: Side::Right,
            pre_chat: vec![],
            offline_form: vec![],
            csat: true,
            attachments: true,
            sound: true,
        }
    }
}

/// A side of the page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The left one.
    Left,
    /// The right one.
    #[default]
    Right,
}

/// A field of a form. What is filled in goes to the contact: `PATCH /v1/contacts/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FormField {
    /// `name`, `email`, `phone`, or the key of an attribute.
    pub key: String,
    /// What is written beside it.
    pub label: Texts,
    /// What can be filled in.
    #[serde(default)]
    pub kind: FieldKind,
    /// Whether it must be filled in.
    #[serde(default)]
    pub required: bool,
    /// What there is to choose from, where it is a choice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
}

/// What can be filled in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// A line.
    #[default]
    Text,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// Several lines.
    Long,
    /// One of `choices`.
    Choice,
}

/// `GET /v1/widget`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WidgetConfig {
    /// Whose.
    pub account: AccountId,
    /// The company's name.
    pub company: String,
    /// The inbox through which the visitor will come.
    pub inbox: WidgetInbox,
    /// Whether it is within business hours: the inbox's own, else the AI agent's; always where neither has any.
    pub open: bool,
    /// When it opens next, where it is not open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opens_at: Option<Time>,
    /// Whether an agent of the inbox's team is there.
    pub online: bool,
    /// Whether the AI agent answers first.
    pub bot: bool,
    /// Whether a visitor needs a token of the company.
    pub require_sign_on: bool,
    /// How it looks, and what it asks.
    pub settings: WidgetSettings,
}

/// The inbox, as far as visitors may know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WidgetInbox {
    /// Its id.
    pub id: InboxId,
    /// Its name.
    pub name: String,
}

/// An agent, as far as visitors may know them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AgentProfile {
    /// Their id.
    pub id: AgentId,
    /// Their name.
    pub name: String,
    /// Address of a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar: Option<String>,
}

/// `GET /v1/sign-on`: how agents sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SignOnOptions {
    /// Whose.
    pub account: AccountId,
    /// The company's name.
    pub name: String,
    /// Whether visitors need a token of the company.
    pub require_sign_on: bool,
    /// The company's pages where agents sign in.
    pub logins: Vec<Login>,
}

/// A page where agents sign in: OpenID Connect's authorization code flow with PKCE, in the browser (RFC 6749, RFC 7636).
/// The `id_token` that it ends with is exchanged at `POST /v1/token` with the scope `agent`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Login {
    /// What is written on the button.
    pub label: String,
    /// The issuer of the tokens.
    pub issuer: String,
    /// Where the browser is sent.
    pub authorization_endpoint: String,
    /// Where the code becomes a token; must allow the console's origin (CORS).
    pub token_endpoint: String,
    /// The console's id there.
    pub client_id: String,
    /// What is asked for.
    pub scope: String,
}
