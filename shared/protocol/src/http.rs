//! Bodies of the HTTP API.

use std::collections::BTreeMap;

use deskwire_domain::{
    AgentId, AttachmentId, ContactId, ConversationId, InboxId, TeamId, Time, principal::Role, priority::PriorityRule,
    routing::Rule,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{EntryView, client::PresenceStatus, entry::StateView, server::ListRow};

/// A page of a list, and where the next one begins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Page<T> {
    /// The rows.
    pub data: Vec<T>,
    /// Give it back as `cursor` for the next page; absent on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// `POST /v1/token` in the shape of RFC 8693 (JSON or form): exchanges the company's own token for a Deskwire token,
/// renews an anonymous visitor's, or makes one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenRequest {
    /// `urn:ietf:params:oauth:grant-type:token-exchange`, or `urn:deskwire:grant-type:anonymous` for a visitor
    /// without a token, or `refresh_token`.
    pub grant_type: String,
    /// The account, `acc_…` (public: a site key).
    pub account: String,
    /// The company's token (token exchange).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_token: Option<String>,
    /// `urn:ietf:params:oauth:token-type:jwt`, or `urn:deskwire:token-type:hmac` for older sites.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_token_type: Option<String>,
    /// The identifier that an older site's `subject_token` signs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<String>,
    /// The `refresh_token` that came with an earlier token: the visitor is the same person again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// `visitor` or `agent`, where the sign-on allows both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
}

/// The answer of `POST /v1/token`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TokenResponse {
    /// The Deskwire token, for `Authorization: Bearer`.
    pub access_token: String,
    /// Always `urn:ietf:params:oauth:token-type:access_token`.
    pub issued_token_type: String,
    /// Always `Bearer`.
    pub token_type: String,
    /// Seconds that it lives.
    pub expires_in: i64,
    /// For visitors: keep it, and come back as the same person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// Who one is: `con_…` or `agt_…`.
    pub subject: String,
}

/// The answer of `POST /v1/tickets`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Ticket {
    /// Opens one socket: `wss://…/?ticket=…`.
    pub ticket: String,
    /// Where to connect, ticket included.
    pub url: String,
    /// Seconds that it lives.
    pub expires_in: i64,
}

/// A conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Conversation {
    /// Its id.
    pub id: ConversationId,
    /// Its log's last seq.
    pub head: u64,
    /// Its state.
    pub state: StateView,
    /// Its row in lists, if it has been projected already; for staff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<ListRow>,
    /// How far each has read.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub read: BTreeMap<String, u64>,
}

/// `POST /v1/conversations`: begins one for a contact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewConversation {
    /// With whom; for a visitor, themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<ContactId>,
    /// Through which inbox; the account's first unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inbox: Option<InboxId>,
    /// The first message's id.
    pub client_id: String,
    /// The first message.
    pub content: deskwire_domain::Content,
}

/// A page of a log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EntriesPage {
    /// Entries in seq order, whichever way one pages.
    pub data: Vec<EntryView>,
    /// The log's last seq.
    pub head: u64,
    /// There are more in the direction that was asked for.
    pub more: bool,
}

/// A contact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Contact {
    /// Its id.
    pub id: ContactId,
    /// The company's own id for the person, if it signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Their name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Their e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Their telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// An address of a picture of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar: Option<String>,
    /// Whatever else the company knows: level, orders, …
    #[serde(default)]
    pub attributes: Map<String, Value>,
    /// Whether the company's sign-on vouches for it.
    pub verified: bool,
    /// The contact that this one was merged into.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<ContactId>,
    /// Contacts that were merged into this one; their conversations are its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merged_from: Vec<ContactId>,
    /// When it was first seen.
    pub created: Time,
    /// Goes up with each change; give it back as `version` to change only what you saw.
    pub version: u64,
}

/// `POST /v1/contacts` and `PATCH /v1/contacts/{id}`: what is left out stays; an attribute set to null goes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactChange {
    /// The company's own id; only when it is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Address of a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar: Option<String>,
    /// Attributes to set, or with null to remove.
    #[serde(default)]
    pub attributes: Map<String, Value>,
    /// Only if the contact still has this version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
}

/// `POST /v1/contacts/{id}/merge`: the other one's conversations and attributes come to this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Merge {
    /// The contact that ceases.
    pub from: ContactId,
}

/// An agent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Agent {
    /// Its id.
    pub id: AgentId,
    /// The company's own id for the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Name, as visitors see it.
    pub name: String,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Address of a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar: Option<String>,
    /// What they may do.
    pub role: Role,
    /// The teams that they are in.
    #[serde(default)]
    pub teams: Vec<TeamId>,
    /// What they know, for routing.
    #[serde(default)]
    pub skills: Vec<String>,
    /// Conversations they can have at once.
    pub capacity: u32,
    /// Whether they are there.
    pub status: PresenceStatus,
    /// Conversations they have.
    pub load: u32,
    /// Switched off: can no longer sign in.
    #[serde(default)]
    pub disabled: bool,
}

/// `POST /v1/agents` and `PATCH /v1/agents/{id}`: what is left out stays.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgentChange {
    /// The company's own id for the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Address of a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar: Option<String>,
    /// What they may do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// All their teams.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub teams: Option<Vec<TeamId>>,
    /// All their skills.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skills: Option<Vec<String>>,
    /// Conversations they can have at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<u32>,
    /// Switch off or on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled: Option<bool>,
}

/// A team.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Team {
    /// Its id.
    pub id: TeamId,
    /// Its name.
    pub name: String,
    /// How it routes: the first rule that tells two agents apart decides.
    pub routing: Vec<Rule>,
    /// Whether conversations are given out, or wait to be accepted.
    pub auto_assign: bool,
    /// Its agents.
    pub agents: Vec<AgentId>,
}

/// `POST /v1/teams` and `PATCH /v1/teams/{id}`: what is left out stays.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TeamChange {
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How it routes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub routing: Option<Vec<Rule>>,
    /// Whether conversations are given out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auto_assign: Option<bool>,
}

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

/// `POST /v1/attachments`: announces an upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAttachment {
    /// The file's name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its exact size in bytes.
    pub size: u64,
}

/// An attachment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Attachment {
    /// Its id, for a message's content.
    pub id: AttachmentId,
    /// The file's name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its size in bytes.
    pub size: u64,
    /// `PUT` the bytes here, with the announced `Content-Type`; only in the answer that announces it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upload_url: Option<String>,
    /// `GET` the bytes here; lives minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub download_url: Option<String>,
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
