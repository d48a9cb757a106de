//! Tokens and tickets.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
    /// `urn:ietf:params:oauth:token-type:jwt`, or `urn:deskwire:token-type:hmac` for older sites, or
    /// `urn:ietf:params:oauth:token-type:refresh_token` for a `refresh_token` of Deskwire's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_token_type: Option<String>,
    /// The identifier that an older site's `subject_token` signs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<String>,
    /// The `refresh_token` that came with an earlier token: the visitor is the same person again, and an agent goes on.
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
    /// A visitor comes back with it as the same person; an agent goes on with it, for 14 hours after the sign-on.
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
