//! Problems: what the HTTP API answers when it refuses (RFC 9457, `application/problem+json`).

use deskwire_domain::{Code, Refusal, refusal::Mistake};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The media type of a problem.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// A refusal over HTTP. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Problem {
    /// `/problems/{code}`: one for each code (RFC 9457 §3.1.1).
    #[serde(rename = "type")]
    pub kind: String,
    /// The code's own advice.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// The stable code. Programs compare this.
    pub code: Code,
    /// What exactly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// What is wrong where, in a file that was sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Mistake>,
    /// The trace, to be given to whoever runs Deskwire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace: Option<String>,
}

impl Problem {
    /// The problem that tells of a refusal.
    pub fn of(refusal: &Refusal, trace: Option<&str>) -> Self {
        Self {
            kind: format!("/problems/{}", refusal.code.as_str()),
            title: refusal.code.advice().to_owned(),
            status: refusal.code.status(),
            code: refusal.code,
            detail: refusal.detail.clone(),
            errors: refusal.mistakes.clone(),
            trace: trace.map(str::to_owned),
        }
    }
}
