//! `GET /ws`: authorizer, `$connect`, upgrade.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, header, request::Parts};
use http_body_util::Full;
use serde_json::{Map, Value, value::to_raw_value};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use crate::{
    events::{Connection, connection_id, now_millis},
    front::Front,
    functions::{InvokeError, Invoker},
    http_api::{Answer, message},
    limits::{AUTHORIZER_CONTEXT_BYTES, INTEGRATION},
    socket_task,
    trace::trace,
};

/// Characters of a user agent that are kept for as long as the socket lives.
const USER_AGENT_CHARS: usize = 200;

/// How many sockets may be opened: so many per second, and as many at once.
pub(crate) struct Rate {
    per_second: f64,
    state: Mutex<(f64, Instant)>,
}

impl Rate {
    pub(crate) fn new(per_second: f64) -> Self {
        Self { per_second, state: Mutex::new((per_second.max(1.0), Instant::now())) }
    }

    /// Takes one, where there is one.
    fn take(&self, now: Instant) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let passed = now.saturating_duration_since(state.1).as_secs_f64();
        let tokens = (state.0 + passed * self.per_second).min(self.per_second.max(1.0));
        let granted = tokens >= 1.0;
        *state = (if granted { tokens - 1.0 } else { tokens }, now);
        granted
    }
}

/// Whether a request asks for a socket.
pub(crate) fn is_upgrade(parts: &Parts) -> bool {
    let has = |name: HeaderName, token: &str| {
        let values = parts.headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
        values.flat_map(|value| value.split(',')).any(|part| part.trim().eq_ignore_ascii_case(token))
    };
    parts.method == Method::GET && has(header::UPGRADE, "websocket") && has(header::CONNECTION, "upgrade")
}

/// Opens a socket, or says why not.
pub(crate) async fn open(
    front: &Arc<Front>,
    parts: Parts,
    upgrade: hyper::upgrade::OnUpgrade,
    peer: SocketAddr,
) -> Answer {
    let key = parts.headers.get(header::SEC_WEBSOCKET_KEY);
    let version = parts.headers.get(header::SEC_WEBSOCKET_VERSION);
    let (Some(key), Some(b"13")) = (key, version.map(HeaderValue::as_bytes)) else {
        return message(StatusCode::BAD_REQUEST, "Bad Request");
    };
    let accept = derive_accept_key(key.as_bytes());
    if !front.new_connections.take(Instant::now()) {
        front.counts.refuse();
        return message(StatusCode::TOO_MANY_REQUESTS, "Too Many Requests");
    }
    let (connection, protocol) = match let_in(front, &parts, peer).await {
        Ok(in_it) => in_it,
        Err(status) => {
            front.counts.refuse();
            return message(status, status.canonical_reason().unwrap_or("Refused"));
        }
    };
    front.counts.connect();
    // From here on frames can be posted, for `$connect` is done; they wait until the client has the handshake.
    let socket = front.planes.sockets.enter(connection);
    front.tasks.spawn(socket_task::serve(upgrade, socket, Arc::clone(&front.serving)));
    switch(&accept, protocol)
}

fn switch(accept: &str, protocol: Option<HeaderValue>) -> Answer {
    let mut answer = Response::new(Full::default());
    *answer.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = answer.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    if let Ok(accept) = HeaderValue::from_str(accept) {
        headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
    }
    if let Some(protocol) = protocol {
        headers.insert(header::SEC_WEBSOCKET_PROTOCOL, protocol);
    }
    answer
}

/// Asks the authorizer, then `$connect`; answers the connection, and the subprotocol that `$connect` chose.
async fn let_in(
    front: &Front,
    parts: &Parts,
    peer: SocketAddr,
) -> Result<(Connection, Option<HeaderValue>), StatusCode> {
    let trace = trace(&parts.headers);
    let mut connection = connection(&parts.headers, peer);
    let policy = call(&front.authorize, connection.connect(parts, &trace, true), &trace).await?;
    connection.authorizer = Some(allowed(&policy)?);
    let connected = call(&front.connect, connection.connect(parts, &trace, false), &trace).await?;
    let status = connected.get("statusCode").and_then(Value::as_u64).and_then(|status| u16::try_from(status).ok());
    match status.and_then(|status| StatusCode::from_u16(status).ok()) {
        Some(status) if status.is_success() => Ok((connection, protocol(&connected))),
        // A 1xx would be taken for the handshake itself.
        Some(status) if !status.is_informational() => Err(status),
        _ => Err(StatusCode::BAD_GATEWAY),
    }
}

fn connection(headers: &HeaderMap, peer: SocketAddr) -> Connection {
    let header = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok()).unwrap_or_default();
    Connection {
        id: connection_id(),
        connected_at: now_millis(),
        source_ip: peer.ip().to_string().into(),
        user_agent: header(header::USER_AGENT).chars().take(USER_AGENT_CHARS).collect::<String>().into(),
        domain: header(header::HOST).into(),
        authorizer: None,
    }
}

/// What the authorizer's answer lets in: the context that later events carry. An explicit Deny, or anything but an
/// Allow, is 403; an answer that API Gateway could not use is 500.
fn allowed(policy: &Value) -> Result<Box<serde_json::value::RawValue>, StatusCode> {
    let statements = match policy.pointer("/policyDocument/Statement") {
        Some(Value::Array(statements)) => statements.as_slice(),
        Some(one @ Value::Object(_)) => std::slice::from_ref(one),
        _ => return Err(StatusCode::INTERNAL_SERVER_ERROR),
    };
    let says = |effect: &str| statements.iter().any(|statement| statement["Effect"].as_str() == Some(effect));
    if says("Deny") || !says("Allow") {
        return Err(StatusCode::FORBIDDEN);
    }
    let mut context = match policy.get("context") {
        None | Some(Value::Null) => Map::new(),
        Some(Value::Object(context)) => context.clone(),
        Some(_) => return Err(StatusCode::INTERNAL_SERVER_ERROR),
    };
    let flat = |value: &Value| value.is_string() || value.is_number() || value.is_boolean();
    context.insert("principalId".into(), policy.get("principalId").cloned().unwrap_or_default());
    let context_is_flat = context.iter().all(|(name, value)| flat(value) || name == "principalId");
    let raw = to_raw_value(&context).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    if !context_is_flat || raw.get().len() > AUTHORIZER_CONTEXT_BYTES {
        tracing::error!("the authorizer's context is not flat, or over {AUTHORIZER_CONTEXT_BYTES} bytes");
        return Err(StatusCode::INTERNAL_SERVER_ERROR);
    }
    Ok(raw)
}

/// The subprotocol in the answer of `$connect`.
fn protocol(connected: &Value) -> Option<HeaderValue> {
    let headers = connected.get("headers")?.as_object()?;
    let (_, value) = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("sec-websocket-protocol"))?;
    HeaderValue::from_str(value.as_str()?).ok()
}

async fn call(function: &Invoker, event: bytes::Bytes, trace: &str) -> Result<Value, StatusCode> {
    match function.invoke(event, INTEGRATION, Some(trace.to_owned())).await {
        Ok(answer) => serde_json::from_slice(&answer).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR),
        // The very words by which an authorizer says that it does not know who this is.
        Err(InvokeError::Failed(reason)) if reason.contains("Unauthorized") => Err(StatusCode::UNAUTHORIZED),
        Err(error @ InvokeError::Failed(_)) => {
            tracing::error!(%error, trace, "a socket could not be let in");
            Err(StatusCode::INTERNAL_SERVER_ERROR)
        }
        Err(InvokeError::TimedOut) => Err(StatusCode::GATEWAY_TIMEOUT),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::*;

    #[test]
    fn the_rate_lets_a_burst_in_and_then_so_many_a_second() {
        let (rate, now) = (Rate::new(3.0), Instant::now());
        let granted = |at| (0..10).filter(|_| rate.take(at)).count();
        assert_eq!(granted(now), 3);
        assert_eq!(granted(now + Duration::from_millis(400)), 1);
        assert_eq!(granted(now + Duration::from_secs(60)), 3);
    }

    #[test]
    fn only_a_policy_that_allows_lets_in() {
        let of = |statements: Value, context: Value| {
            allowed(&json!({"principalId": "p", "policyDocument": {"Statement": statements}, "context": context}))
                .map(|raw| raw.get().to_owned())
        };
        let allow = json!([{"Effect": "Allow"}]);
        assert_eq!(of(allow.clone(), json!({"n": 1})), Ok(r#"{"n":1,"principalId":"p"}"#.into()));
        assert_eq!(of(json!({"Effect": "Allow"}), Value::Null), Ok(r#"{"principalId":"p"}"#.into()));
        let both = json!([{"Effect": "Allow"}, {"Effect": "Deny"}]);
        assert_eq!(of(both, json!({})), Err(StatusCode::FORBIDDEN));
        assert_eq!(of(json!([]), json!({})), Err(StatusCode::FORBIDDEN));
        assert_eq!(of(json!("Allow"), json!({})), Err(StatusCode::INTERNAL_SERVER_ERROR));
        assert_eq!(of(allow.clone(), json!({"deep": {"a": 1}})), Err(StatusCode::INTERNAL_SERVER_ERROR));
        assert_eq!(of(allow, json!({"big": "x".repeat(9_000)})), Err(StatusCode::INTERNAL_SERVER_ERROR));
    }
}
