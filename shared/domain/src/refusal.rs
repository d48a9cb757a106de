//! Refusals: what is answered when something cannot be done. A refusal has a stable code, tells the person what to
//! do, and has changed nothing.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $status:literal, $advice:literal;)*) => {
        /// Stable codes of refusals. Programs compare these; people read the message beside them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
        pub enum Code {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
        }

        impl Code {
            /// All of them, for documents and tests.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The code as it travels.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The HTTP status that goes with it.
            pub fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }

            /// What went wrong and what to do, in one or two sentences for a person.
            pub fn advice(self) -> &'static str {
                match self { $(Self::$name => $advice,)* }
            }
        }
    };
}

codes! {
    /// Not JSON, or not UTF-8.
    MalformedJson = "malformed_json", 400, "This is not valid JSON. Send one JSON object in UTF-8.";
    /// JSON nested too deeply.
    TooDeep = "too_deep", 400, "The JSON is nested too deeply. Use at most 16 levels.";
    /// A field that is not known here.
    UnknownField = "unknown_field", 400, "A field is not known here. Remove it or correct its name.";
    /// A field that is missing, or has the wrong type or an impossible value.
    InvalidField = "invalid_field", 400, "A field is missing or has a value that cannot be used. Correct it and send again.";
    /// A route key that does not exist.
    UnknownAction = "unknown_action", 400, "There is no such action. See /asyncapi.json for those that exist.";
    /// Frame or body over the limit.
    TooLarge = "too_large", 413, "This is too large. Send less, or upload it as an attachment.";
    /// Text over the limit.
    TextTooLong = "text_too_long", 413, "The text is too long. Split it into several messages.";
    /// Nothing in it.
    Empty = "empty", 400, "There is nothing in it. Write something first.";
    /// Faster than the bucket allows.
    RateLimited = "rate_limited", 429, "Too many requests at once. Wait a moment and send the same again.";
    /// No or no valid token.
    Unauthenticated = "unauthenticated", 401, "A valid token is needed. Get one at POST /v1/token.";
    /// The token ran out while in use.
    TokenExpired = "token_expired", 401, "The token has run out. Get a new one at POST /v1/token and connect again.";
    /// Known, but not allowed.
    Forbidden = "forbidden", 403, "You may not do this. Ask a supervisor or an administrator.";
    /// Unknown id, or an id of another account.
    NotFound = "not_found", 404, "There is nothing with this id. Check it, or list what there is.";
    /// HTTP method that the path does not have.
    MethodNotAllowed = "method_not_allowed", 405, "This address does not take that method. See /openapi.json.";
    /// Too far behind, or a cursor that the log does not have.
    SyncRequired = "sync_required", 409, "You have not seen all that happened here. Send `sync` with your last seq, then send again.";
    /// The write lost too many races.
    Busy = "busy", 503, "Many people are writing here at once. Send the same again in a moment.";
    /// The conversation is closed, for good or for this command.
    ConversationClosed = "conversation_closed", 409, "This conversation is closed. Reopen it, or start a new one by sending without `conversation`.";
    /// The state machine has no such arrow.
    NotPossibleNow = "not_possible_now", 409, "That is not possible in the conversation's present state. Read it again and decide anew.";
    /// Somebody else took it first.
    AlreadyAssigned = "already_assigned", 409, "Somebody else has this conversation already.";
    /// Only the assignee may do that.
    NotAssignee = "not_assignee", 403, "Only the agent who has this conversation may do that. Accept it first.";
    /// The transfer is not for this agent.
    TransferNotYours = "transfer_not_yours", 403, "This transfer waits for somebody else.";
    /// The agent has as many conversations as it may have.
    AtCapacity = "at_capacity", 409, "That agent has as many conversations as they may have. Close one, or raise the capacity.";
    /// The agent is not there.
    AgentUnavailable = "agent_unavailable", 409, "That agent is not online. Choose another, or transfer to a team.";
    /// A key that was used for another request.
    IdempotencyKeyReused = "idempotency_key_reused", 422, "This Idempotency-Key was used for another request. Use a new key.";
    /// The first request with this key still runs.
    IdempotencyInProgress = "idempotency_in_progress", 409, "The first request with this Idempotency-Key is still running. Ask again in a moment.";
    /// The same thing exists, or was changed meanwhile.
    Conflict = "conflict", 409, "This exists already, or has changed meanwhile. Read it again and decide anew.";
    /// A page cursor that was not given out here.
    InvalidCursor = "invalid_cursor", 400, "This cursor is not one that was given out. Start again without it.";
    /// The company's own token was not accepted; the detail says why.
    SignOnRefused = "sign_on_refused", 401, "The company's token was not accepted. Sign in again, or ask whoever runs the sign-on.";
    /// The company's key server does not answer.
    SignOnUnavailable = "sign_on_unavailable", 503, "The company's sign-on cannot be reached at the moment. Try again in a minute.";
    /// A grant type or token type that is not offered.
    UnsupportedGrant = "unsupported_grant_type", 400, "This grant type is not offered. See POST /v1/token in /openapi.json.";
    /// The file's content does not fit what was announced.
    AttachmentMismatch = "attachment_mismatch", 409, "The upload is not what was announced (size or type). Announce it again.";
    /// A signed request whose signature does not fit.
    SignatureRefused = "signature_refused", 401, "The signature does not fit. Check the secret, sign the body to the byte, and look at the clock.";
    /// A rules file with mistakes.
    InvalidRules = "invalid_rules", 422, "The file has mistakes; what was in force stays in force. Mend the lines that are named and send it again.";
    /// A business query that the company's system did not answer.
    QueryFailed = "query_failed", 502, "The company's system did not give an answer. Try again in a moment, or ask whoever runs it.";
    /// A file with mistakes.
    InvalidFile = "invalid_file", 422, "The file has mistakes; nothing was changed. Mend the lines that are named and send it again.";
    /// Words that the account does not let through.
    ContentRefused = "content_refused", 422, "This holds words that are not allowed here. Say it in other words.";
    /// The visitor wrote again, or a person took over, while the AI agent thought.
    Overtaken = "overtaken", 409, "Something newer was said meanwhile. Read it and decide anew.";
    /// A model that cannot be trained, or is not there.
    ModelUnavailable = "model_unavailable", 409, "There is no trained model to do that with. Add examples of two intents at least and train one.";
    /// Something failed on our side.
    Internal = "internal_error", 500, "Something failed on our side. Nothing was changed. Send the same again; if it persists, give us the trace id.";
}

/// A mistake in a file that somebody wrote.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Mistake {
    /// The line, from 1.
    pub line: u64,
    /// The column, from 1.
    pub column: u64,
    /// What is wrong, and what is possible.
    pub message: String,
}

/// A refusal: the code, and a detail where the code's own advice does not say enough.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The stable code.
    pub code: Code,
    /// What exactly, for a person. Never a secret, a body or another account's data.
    pub detail: Option<String>,
    /// What is wrong where, in a file that was sent.
    pub mistakes: Vec<Mistake>,
}

impl Refusal {
    /// A refusal that says more than its code does.
    pub fn with(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: Some(detail.into()), mistakes: vec![] }
    }

    /// What a person reads.
    pub fn message(&self) -> String {
        match &self.detail {
            Some(detail) => format!("{} ({detail})", self.code.advice()),
            None => self.code.advice().to_owned(),
        }
    }
}

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self { code, detail: None, mistakes: vec![] }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.message())
    }
}

impl std::error::Error for Refusal {}
