//! Events, in the shape that API Gateway sends them.

use std::{collections::BTreeMap, net::SocketAddr};

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderMap, request::Parts};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

/// What API Gateway knows of a socket.
#[derive(Debug, Clone)]
pub(crate) struct Connection {
    pub id: String,
    pub connected_at: i64,
    pub source_ip: String,
    pub user_agent: String,
    pub domain: String,
    /// What the authorizer said.
    pub authorizer: Map<String, Value>,
}

pub(crate) fn now_millis() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

/// A connection's id as API Gateway's look: URL-safe base64 with padding.
pub(crate) fn connection_id() -> String {
    let bytes: [u8; 10] = rand::random();
    format!("{}=", base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes))
}

/// A trace header: the client's `traceparent` or `X-Amzn-Trace-Id`, or a new one.
pub(crate) fn trace(headers: &HeaderMap) -> String {
    let header = |name: &str| headers.get(name)?.to_str().ok();
    if let Some(root) = header("x-amzn-trace-id").filter(|text| text.starts_with("Root=1-") && text.len() < 256) {
        return root.to_owned();
    }
    let given = header("traceparent")
        .and_then(|text| text.split('-').nth(1))
        .filter(|id| id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit()));
    let id = given.map_or_else(
        || format!("{:08x}{}", now_millis() / 1000, hex::encode(rand::random::<[u8; 12]>())),
        str::to_owned,
    );
    format!("Root=1-{}-{}", &id[..8], &id[8..])
}

impl Connection {
    /// The request context of one of its events.
    fn context(&self, route: &str, event_type: &str) -> Value {
        let now = now_millis();
        let mut context = json!({
            "routeKey": route,
            "eventType": event_type,
            "messageDirection": "IN",
            "connectionId": self.id,
            "connectedAt": self.connected_at,
            "requestTimeEpoch": now,
            "requestId": ulid::Ulid::generate().to_string(),
            "extendedRequestId": ulid::Ulid::generate().to_string(),
            "stage": "local",
            "apiId": "local",
            "domainName": self.domain,
            "identity": {"sourceIp": self.source_ip, "userAgent": self.user_agent},
        });
        if !self.authorizer.is_empty() {
            context["authorizer"] = Value::Object(self.authorizer.clone());
        }
        if event_type == "MESSAGE" {
            context["messageId"] = ulid::Ulid::generate().to_string().into();
        }
        context
    }

    /// The authorizer's REQUEST event, or with its answer `$connect`.
    pub(crate) fn connect(&self, parts: &Parts, authorize: bool) -> Value {
        let mut event = json!({
            "headers": header_map(&parts.headers),
            "queryStringParameters": query(parts.uri.query().unwrap_or_default()),
            "requestContext": self.context("$connect", "CONNECT"),
            "isBase64Encoded": false,
        });
        if authorize {
            event["type"] = "REQUEST".into();
            event["methodArn"] = "arn:aws:execute-api:us-east-1:000000000000:local/local/$connect".into();
        }
        event
    }

    /// A frame.
    pub(crate) fn message(&self, body: &str, binary: bool) -> Value {
        json!({"requestContext": self.context("$default", "MESSAGE"), "body": body, "isBase64Encoded": binary})
    }

    /// `$disconnect`.
    pub(crate) fn disconnect(&self, code: u16, reason: &str) -> Value {
        let mut context = self.context("$disconnect", "DISCONNECT");
        context["disconnectStatusCode"] = code.into();
        context["disconnectReason"] = reason.into();
        json!({"requestContext": context, "isBase64Encoded": false})
    }
}

/// An HTTP API's event, payload format 2.0.
pub(crate) fn http(parts: &Parts, body: &Bytes, peer: SocketAddr) -> Value {
    let text = std::str::from_utf8(body).ok();
    let headers = header_map(&parts.headers);
    let get = |name: &str| headers.get(name).cloned().unwrap_or_default();
    json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": parts.uri.path(),
        "rawQueryString": parts.uri.query().unwrap_or_default(),
        "headers": headers,
        "queryStringParameters": query(parts.uri.query().unwrap_or_default()),
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "local",
            "domainName": get("host"),
            "http": {
                "method": parts.method.as_str(),
                "path": parts.uri.path(),
                "protocol": "HTTP/1.1",
                "sourceIp": peer.ip().to_string(),
                "userAgent": get("user-agent"),
            },
            "requestId": ulid::Ulid::generate().to_string(),
            "routeKey": "$default",
            "stage": "$default",
            "time": "",
            "timeEpoch": now_millis(),
        },
        "body": text.map_or_else(|| STANDARD.encode(body), str::to_owned),
        "isBase64Encoded": text.is_none(),
    })
}

fn header_map(headers: &HeaderMap) -> BTreeMap<String, String> {
    let mut map = BTreeMap::<String, String>::new();
    for (name, value) in headers {
        let value = String::from_utf8_lossy(value.as_bytes());
        map.entry(name.as_str().to_owned())
            .and_modify(|all| {
                all.push(',');
                all.push_str(&value);
            })
            .or_insert_with(|| value.into_owned());
    }
    map
}

fn query(text: &str) -> BTreeMap<String, String> {
    let decoded = |part: &str| percent_decode_str(&part.replace('+', " ")).decode_utf8_lossy().into_owned();
    let pairs = text.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs.map(|(name, value)| (decoded(name), decoded(value))).collect()
}
