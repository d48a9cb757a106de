//! WebSocket events, in the shape that API Gateway sends them.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{HeaderMap, request::Parts};
use percent_encoding::percent_decode_str;
use serde::Serialize;
use serde_json::value::RawValue;

/// The stage and API id in events and ARNs: there is one API here.
const LOCAL: &str = "local";

/// What API Gateway knows of a socket.
#[derive(Debug)]
pub(crate) struct Connection {
    pub id: Box<str>,
    pub connected_at: i64,
    pub source_ip: Box<str>,
    pub user_agent: Box<str>,
    pub domain: Box<str>,
    /// What the authorizer said, as JSON: kept as text, for an idle socket pays for it.
    pub authorizer: Option<Box<RawValue>>,
}

pub(crate) fn now_millis() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

/// A connection's id as API Gateway's look: URL-safe base64 with padding.
pub(crate) fn connection_id() -> Box<str> {
    use base64::{Engine, engine::general_purpose::URL_SAFE};
    URL_SAFE.encode(rand::random::<[u8; 11]>()).into()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Identity<'a> {
    source_ip: &'a str,
    user_agent: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RequestContext<'a> {
    route_key: &'a str,
    event_type: &'static str,
    message_direction: &'static str,
    connection_id: &'a str,
    connected_at: i64,
    request_time: String,
    request_time_epoch: i64,
    request_id: String,
    extended_request_id: String,
    stage: &'static str,
    api_id: &'static str,
    domain_name: &'a str,
    identity: Identity<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    authorizer: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    disconnect_status_code: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    disconnect_reason: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Event<'a> {
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    method_arn: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    headers: Option<BTreeMap<String, String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    multi_value_headers: Option<BTreeMap<String, Vec<String>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    query_string_parameters: Option<BTreeMap<String, String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    multi_value_query_string_parameters: Option<BTreeMap<String, Vec<String>>>,
    request_context: RequestContext<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'a str>,
    is_base64_encoded: bool,
}

impl Event<'_> {
    /// As JSON. Maps have text keys and nothing here fails, so there is nothing else that it could be.
    fn bytes(&self) -> Bytes {
        serde_json::to_vec(self).unwrap_or_default().into()
    }
}

impl Connection {
    fn context<'a>(&'a self, route: &'a str, event_type: &'static str) -> RequestContext<'a> {
        let now = now_millis();
        let id = ulid::Ulid::generate().to_string();
        RequestContext {
            route_key: route,
            event_type,
            message_direction: "IN",
            connection_id: &self.id,
            connected_at: self.connected_at,
            request_time: request_time(now),
            request_time_epoch: now,
            request_id: id.clone(),
            extended_request_id: id,
            stage: LOCAL,
            api_id: LOCAL,
            domain_name: &self.domain,
            identity: Identity { source_ip: &self.source_ip, user_agent: &self.user_agent },
            authorizer: self.authorizer.as_deref(),
            message_id: None,
            disconnect_status_code: None,
            disconnect_reason: None,
        }
    }

    fn event<'a>(&'a self, request_context: RequestContext<'a>) -> Event<'a> {
        Event {
            kind: None,
            method_arn: None,
            headers: None,
            multi_value_headers: None,
            query_string_parameters: None,
            multi_value_query_string_parameters: None,
            request_context,
            body: None,
            is_base64_encoded: false,
        }
    }

    /// `$connect`: the authorizer's REQUEST event, or with its answer the route's own.
    pub(crate) fn connect(&self, parts: &Parts, trace: &str, authorize: bool) -> Bytes {
        let mut event = self.event(self.context("$connect", "CONNECT"));
        let mut headers = all_headers(&parts.headers);
        headers.insert("x-amzn-trace-id".into(), vec![trace.to_owned()]);
        event.headers = Some(last_of_each(&headers));
        event.multi_value_headers = Some(headers);
        let query = query(parts.uri.query().unwrap_or_default());
        if !query.is_empty() {
            event.query_string_parameters = Some(last_of_each(&query));
            event.multi_value_query_string_parameters = Some(query);
        }
        if authorize {
            event.kind = Some("REQUEST");
            event.method_arn = Some("arn:aws:execute-api:us-east-1:000000000000:local/local/$connect");
        }
        event.bytes()
    }

    /// A message, for the route that takes it.
    pub(crate) fn message(&self, route: &str, body: &str, base64: bool) -> Bytes {
        let mut context = self.context(route, "MESSAGE");
        context.message_id = Some(ulid::Ulid::generate().to_string());
        let mut event = self.event(context);
        event.body = Some(body);
        event.is_base64_encoded = base64;
        event.bytes()
    }

    /// `$disconnect`.
    pub(crate) fn disconnect(&self, code: u16, reason: &str) -> Bytes {
        let mut context = self.context("$disconnect", "DISCONNECT");
        context.disconnect_status_code = Some(code);
        context.disconnect_reason = Some(reason);
        self.event(context).bytes()
    }
}

/// A time as API Gateway writes it: `21/Nov/2026:01:07:18 +0000`.
pub(crate) fn request_time(millis: i64) -> String {
    let at = jiff::Timestamp::from_millisecond(millis).unwrap_or_default();
    at.to_zoned(jiff::tz::TimeZone::UTC).strftime("%d/%b/%Y:%H:%M:%S +0000").to_string()
}

/// Header names in lower case, as HTTP/2 clients send them; API Gateway keeps what HTTP/1 clients wrote.
pub(crate) fn all_headers(headers: &HeaderMap) -> BTreeMap<String, Vec<String>> {
    let mut all = BTreeMap::<String, Vec<String>>::new();
    for (name, value) in headers {
        all.entry(name.as_str().into()).or_default().push(String::from_utf8_lossy(value.as_bytes()).into_owned());
    }
    all
}

/// The parameters of a query, decoded.
pub(crate) fn query(text: &str) -> BTreeMap<String, Vec<String>> {
    let decoded = |part: &str| percent_decode_str(&part.replace('+', " ")).decode_utf8_lossy().into_owned();
    let mut all = BTreeMap::<String, Vec<String>>::new();
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        all.entry(decoded(name)).or_default().push(decoded(value));
    }
    all
}

fn last_of_each(all: &BTreeMap<String, Vec<String>>) -> BTreeMap<String, String> {
    all.iter().filter_map(|(name, values)| Some((name.clone(), values.last()?.clone()))).collect()
}
