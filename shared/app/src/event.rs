//! Events of a WebSocket API, as far as the functions look at them.
//!
//! Our own small structs, because `aws_lambda_events` reads an authorizer's context only where HTTP APIs put it
//! (`authorizer.lambda`); WebSocket APIs put it flat into `authorizer`.

use deskwire_domain::{Code, Principal, Time, Who};
use deskwire_telemetry::Trace;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::{
    AppError, Caller,
    tokens::{role_of, role_word},
};

/// `$connect`, a frame, or `$disconnect`; also the authorizer's request.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SocketEvent {
    /// Where it comes from.
    pub request_context: RequestContext,
    /// The query of `$connect`.
    #[serde(default)]
    pub query_string_parameters: Option<Map<String, Value>>,
    /// The frame.
    #[serde(default)]
    pub body: Option<String>,
    /// Whether the frame was binary, and is base64.
    #[serde(default)]
    pub is_base64_encoded: bool,
    /// The authorizer's: what a policy must name.
    #[serde(default)]
    pub method_arn: Option<String>,
    /// Headers of `$connect`.
    #[serde(default)]
    pub headers: Option<Map<String, Value>>,
}

/// The part of the context that matters.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestContext {
    /// API Gateway's id of the connection.
    pub connection_id: String,
    /// What the authorizer said.
    #[serde(default)]
    pub authorizer: Option<Map<String, Value>>,
}

impl SocketEvent {
    /// The caller whom the authorizer let in: every frame carries what it said, so no frame costs a read.
    ///
    /// # Errors
    /// The context is not one of ours.
    pub fn caller(&self) -> Result<Caller, AppError> {
        let context = self.request_context.authorizer.as_ref().ok_or(Code::Unauthenticated)?;
        let get = |name: &str| context.get(name).and_then(Value::as_str);
        let bad = || AppError::from(Code::Unauthenticated);
        let sub = get("sub").ok_or_else(bad)?;
        let who = match get("kind") {
            Some("visitor") => Who::Visitor(sub.parse().map_err(|_| bad())?),
            Some("agent") => Who::Agent(sub.parse().map_err(|_| bad())?, role_of(get("role"))),
            _ => return Err(bad()),
        };
        let expires = get("expires").and_then(|text| text.parse().ok()).ok_or_else(bad)?;
        Ok(Caller {
            principal: Principal { account: get("account").and_then(|id| id.parse().ok()).ok_or_else(bad)?, who },
            name: get("name").map(str::to_owned),
            connection: Some(self.request_context.connection_id.clone()),
            expires: Time::from_second(expires).map_err(|_| bad())?,
            trace: Trace::current_id(),
            origin: None,
        })
    }
}

/// The authorizer's context of a caller: flat strings, as API Gateway wants them.
pub fn context_of(caller: &Caller) -> Value {
    let (kind, role) = match &caller.principal.who {
        Who::Visitor(_) => ("visitor", None),
        Who::Agent(_, role) => ("agent", Some(role_word(*role))),
        Who::Bot | Who::System => ("none", None),
    };
    let mut context = json!({
        "account": caller.account().as_str(),
        "kind": kind,
        "sub": caller.id(),
        "expires": caller.expires.as_second().to_string(),
    });
    if let Some(role) = role {
        context["role"] = role.into();
    }
    if let Some(name) = &caller.name {
        context["name"] = name.as_str().into();
    }
    context
}

/// The answer of a route: a status, and for `$default` the frame that goes back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RouteResponse {
    /// 200, or why the socket is refused.
    pub status_code: u16,
    /// The frame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
}
