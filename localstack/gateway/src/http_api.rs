//! The HTTP API: a request as payload format 2.0 tells it, and a function's answer as HTTP.

use std::{collections::BTreeMap, net::SocketAddr};

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode, header, request::Parts};
use http_body_util::Full;
use serde_json::{Map, Value, json};

use crate::events::{all_headers, now_millis, query, request_time};

/// What the front answers.
pub(crate) type Answer = Response<Full<Bytes>>;

/// The event of a request.
pub(crate) fn event(parts: &Parts, body: &Bytes, peer: SocketAddr, trace: &str) -> Bytes {
    let mut headers = joined(&all_headers(&parts.headers), ",");
    headers.insert("x-amzn-trace-id".into(), trace.to_owned());
    let cookies: Vec<String> = headers
        .remove("cookie")
        .map(|line| line.split(';').map(|cookie| cookie.trim().to_owned()).collect())
        .unwrap_or_default();
    let get = |name: &str| headers.get(name).cloned().unwrap_or_default();
    let now = now_millis();
    let raw_query = parts.uri.query().unwrap_or_default();
    let mut event = json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": parts.uri.path(),
        "rawQueryString": raw_query,
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "local",
            "domainName": get("host"),
            "domainPrefix": "local",
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
            "time": request_time(now),
            "timeEpoch": now,
        },
        "isBase64Encoded": false,
    });
    event["headers"] = json!(headers);
    if !cookies.is_empty() {
        event["cookies"] = json!(cookies);
    }
    if !raw_query.is_empty() {
        event["queryStringParameters"] = json!(joined(&query(raw_query), ","));
    }
    if !body.is_empty() {
        let text = std::str::from_utf8(body).ok();
        event["isBase64Encoded"] = text.is_none().into();
        event["body"] = text.map_or_else(|| STANDARD.encode(body), str::to_owned).into();
    }
    event.to_string().into()
}

fn joined(all: &BTreeMap<String, Vec<String>>, by: &str) -> BTreeMap<String, String> {
    all.iter().map(|(name, values)| (name.clone(), values.join(by))).collect()
}

/// A function's answer, as HTTP. One without a `statusCode` is the body itself, as JSON, with 200 (payload format 2.0).
pub(crate) fn answer(bytes: &Bytes, head: bool) -> Answer {
    let Ok(value) = serde_json::from_slice::<Value>(bytes) else { return failed() };
    match value {
        Value::Object(map) if map.contains_key("statusCode") => spelled_out(&map, head).unwrap_or_else(failed),
        Value::String(text) => json_answer(StatusCode::OK, if head { String::new() } else { text }),
        other => json_answer(StatusCode::OK, if head { String::new() } else { other.to_string() }),
    }
}

fn spelled_out(map: &Map<String, Value>, head: bool) -> Option<Answer> {
    let status = map.get("statusCode")?.as_u64()?;
    let text = map.get("body").and_then(Value::as_str).unwrap_or_default();
    let encoded = map.get("isBase64Encoded").and_then(Value::as_bool) == Some(true);
    let body = if encoded { STANDARD.decode(text).ok()? } else { text.as_bytes().to_vec() };
    let mut response = Response::new(Full::from(if head { vec![] } else { body }));
    *response.status_mut() = StatusCode::from_u16(u16::try_from(status).ok()?).ok()?;
    let headers = map.get("headers").and_then(Value::as_object).into_iter().flatten();
    let several = map.get("multiValueHeaders").and_then(Value::as_object).into_iter().flatten();
    let cookies = map.get("cookies").and_then(Value::as_array).into_iter().flatten();
    let all = headers
        .map(|(name, value)| (name.as_str(), value))
        .chain(several.flat_map(|(name, values)| values.as_array().into_iter().flatten().map(|v| (name.as_str(), v))))
        .chain(cookies.map(|cookie| ("set-cookie", cookie)));
    for (name, value) in all {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(&value)) {
            response.headers_mut().append(name, value);
        }
    }
    // The server says what it sends; these speak of one connection only.
    for own in [header::CONTENT_LENGTH, header::TRANSFER_ENCODING, header::CONNECTION] {
        response.headers_mut().remove(own);
    }
    if !text.is_empty() && !response.headers().contains_key(header::CONTENT_TYPE) {
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    }
    Some(response)
}

/// What API Gateway answers where a function fails, or answers nonsense.
pub(crate) fn failed() -> Answer {
    message(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
}

/// An error as API Gateway writes it.
pub(crate) fn message(status: StatusCode, text: &str) -> Answer {
    json_answer(status, json!({"message": text}).to_string())
}

pub(crate) fn json_answer(status: StatusCode, text: String) -> Answer {
    let mut answer = Response::new(Full::from(text));
    *answer.status_mut() = status;
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    answer
}

pub(crate) fn plain(text: String) -> Answer {
    let mut answer = Response::new(Full::from(text));
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    answer
}
