//! Events that come in: CloudEvents 1.0 (HTTP binding: structured, batch and binary mode), and Debezium's change events
//! in their JSON envelope, as they are.

use base64::{Engine, engine::general_purpose::STANDARD};
use deskwire_domain::{Code, Refusal, Time};
use percent_encoding::percent_decode_str;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::json;

/// Characters of an event's id, source, type and subject each: twice the longest that the specification advises (its
/// §"Event Data" leaves them open) and still far below a header's line.
const ATTRIBUTE_CHARS: usize = 512;
/// Events of one batch: each is one write.
const BATCH: usize = 100;
/// Nesting of an event: an ORM's row in an envelope in a schema, with room.
const DEPTH: usize = 32;

/// Digits of an event's key that are its source's.
pub const SOURCE_DIGITS: usize = 16;
/// Bytes of an event as it is kept: below an item's 400 KB (DynamoDB) with room for its keys.
const KEPT_BYTES: usize = 350 * 1024;

/// An event that came in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InboundEvent {
    /// With `source` the same whenever it is sent again: what came before has no second effect.
    pub id: String,
    /// Where it comes from.
    pub source: String,
    /// What happened, dotted: `shop.order.shipped`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What it is about. Events of one source and subject are done in the order in which they come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// When it happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<Time>,
    /// The rest.
    #[serde(default)]
    pub data: Value,
}

/// A request that brings events.
pub struct Brought<'a> {
    /// `Content-Type`.
    pub content_type: Option<&'a str>,
    /// Any header, by its name in lower case.
    pub header: &'a (dyn Fn(&str) -> Option<String> + Sync),
    /// The body.
    pub body: &'a [u8],
}

/// Reads the events of a request: none where Debezium says that there is nothing (a tombstone, a heartbeat).
///
/// # Errors
/// What is wrong with the first that is wrong; then none of them is taken.
pub fn read(brought: &Brought<'_>) -> Result<Vec<InboundEvent>, Refusal> {
    let media = brought.content_type.unwrap_or("application/json").split(';').next().unwrap_or_default();
    let media = media.trim().to_ascii_lowercase();
    let events = match media.as_str() {
        "application/cloudevents+json" => vec![structured(json::value(brought.body, DEPTH)?)?],
        "application/cloudevents-batch+json" => batch(json::value(brought.body, DEPTH)?)?,
        _ if (brought.header)("ce-specversion").is_some() => vec![binary(brought, &media)?],
        "application/json" if brought.body.is_empty() => vec![],
        "application/json" => match json::value(brought.body, DEPTH)? {
            Value::Array(events) => batch(Value::Array(events))?,
            event if event.get("specversion").is_some() => vec![structured(event)?],
            event => debezium(event)?.into_iter().collect(),
        },
        _ => {
            let detail = "content-type: application/cloudevents+json, application/cloudevents-batch+json, \
                          application/json, or any with ce- headers";
            return Err(Refusal::with(Code::InvalidField, detail));
        }
    };
    events.iter().try_for_each(check)?;
    Ok(events)
}

fn check(event: &InboundEvent) -> Result<(), Refusal> {
    // Text that had to be escaped grows.
    if serde_json::to_vec(event).map_or(usize::MAX, |json| json.len()) > KEPT_BYTES {
        return Err(Refusal::with(Code::TooLarge, format!("an event may have {KEPT_BYTES} bytes as JSON")));
    }
    let subject = event.subject.as_deref();
    let all = [("id", Some(&*event.id)), ("source", Some(&*event.source)), ("type", Some(&*event.kind))];
    for (name, text) in all.into_iter().chain([("subject", subject)]) {
        if text.is_some_and(|text| text.is_empty() || text.chars().count() > ATTRIBUTE_CHARS) {
            return Err(Refusal::with(Code::InvalidField, format!("{name}: 1 to {ATTRIBUTE_CHARS} characters")));
        }
    }
    Ok(())
}

fn batch(value: Value) -> Result<Vec<InboundEvent>, Refusal> {
    let Value::Array(events) = value else {
        return Err(Refusal::with(Code::InvalidField, "a batch is a JSON array of events"));
    };
    if events.len() > BATCH {
        return Err(Refusal::with(Code::TooLarge, format!("at most {BATCH} events in a batch")));
    }
    let one = |(place, event): (usize, Value)| {
        structured(event).map_err(|refusal| {
            Refusal::with(refusal.code, format!("event {place}: {}", refusal.detail.unwrap_or_default()))
        })
    };
    events.into_iter().enumerate().map(one).collect()
}

/// An event in CloudEvents' JSON format (its §3); attributes that are not known here are left aside.
fn structured(value: Value) -> Result<InboundEvent, Refusal> {
    let Value::Object(mut event) = value else { return Err(Code::MalformedJson.into()) };
    version(event.get("specversion").and_then(Value::as_str))?;
    let text = |event: &Map<String, Value>, name: &str| event.get(name).and_then(Value::as_str).map(str::to_owned);
    let must = |name: &str| text(&event, name).ok_or_else(|| missing(name));
    let (id, source, kind) = (must("id")?, must("source")?, must("type")?);
    let (subject, time) = (text(&event, "subject"), text(&event, "time").map(|time| parse_time(&time)).transpose()?);
    let media = text(&event, "datacontenttype").unwrap_or_else(|| "application/json".to_owned());
    let data = match (event.remove("data"), text(&event, "data_base64")) {
        (Some(data), _) => data,
        (None, Some(encoded)) => {
            let bytes = STANDARD.decode(encoded);
            body(&bytes.map_err(|_| Refusal::with(Code::InvalidField, "data_base64: not base64"))?, &media)?
        }
        (None, None) => Value::Null,
    };
    Ok(InboundEvent { id, source, kind, subject, time, data })
}

/// An event whose attributes are headers (HTTP binding §3.1), percent-encoded (its §3.1.3.2).
fn binary(brought: &Brought<'_>, media: &str) -> Result<InboundEvent, Refusal> {
    let get = |name: &str| {
        let value = (brought.header)(&format!("ce-{name}"))?;
        Some(percent_decode_str(value.trim()).decode_utf8_lossy().into_owned())
    };
    version(get("specversion").as_deref())?;
    let must = |name: &str| get(name).ok_or_else(|| missing(&format!("ce-{name}")));
    Ok(InboundEvent {
        id: must("id")?,
        source: must("source")?,
        kind: must("type")?,
        subject: get("subject"),
        time: get("time").map(|time| parse_time(&time)).transpose()?,
        data: body(brought.body, media)?,
    })
}

fn missing(name: &str) -> Refusal {
    Refusal::with(Code::InvalidField, format!("{name}: is missing, and must be a text"))
}

fn version(version: Option<&str>) -> Result<(), Refusal> {
    if version == Some("1.0") { Ok(()) } else { Err(Refusal::with(Code::InvalidField, "specversion: 1.0")) }
}

fn parse_time(text: &str) -> Result<Time, Refusal> {
    text.parse().map_err(|_| Refusal::with(Code::InvalidField, "time: as RFC 3339 has it"))
}

/// Data of a media type: JSON as it is, text as text.
fn body(bytes: &[u8], media: &str) -> Result<Value, Refusal> {
    if bytes.is_empty() {
        return Ok(Value::Null);
    }
    if media == "application/json" || media.ends_with("+json") {
        return json::value(bytes, DEPTH);
    }
    let text = std::str::from_utf8(bytes).ok().filter(|_| media.starts_with("text/") || media == "application/xml");
    text.map(Value::from).ok_or_else(|| Refusal::with(Code::InvalidField, "data: JSON or text"))
}

/// Debezium's envelope (its documentation, "Change events"), with or without the schema beside it. The id is made of what
/// names the change in the database's own log, so that the same change sent again is known.
fn debezium(value: Value) -> Result<Option<InboundEvent>, Refusal> {
    let Value::Object(mut outer) = value else { return Err(Code::MalformedJson.into()) };
    let mut change = match outer.remove("payload") {
        Some(Value::Object(payload)) => payload,
        // A tombstone: what is gone was said by the change before.
        Some(Value::Null) => return Ok(None),
        _ => outer,
    };
    let Some(operation) = change.get("op").and_then(Value::as_str).map(str::to_owned) else {
        // A heartbeat, a transaction's begin or end, a change of the schema.
        if ["ts_ms", "ddl", "event_count"].iter().any(|name| change.contains_key(*name)) {
            return Ok(None);
        }
        let detail = "neither a CloudEvent (specversion) nor a Debezium change event (op, source)";
        return Err(Refusal::with(Code::InvalidField, detail));
    };
    let word = match operation.as_str() {
        "c" => "created",
        "u" => "updated",
        "d" => "deleted",
        "r" => "read",
        "t" => "truncated",
        // A logical message, and what newer versions bring: no row, and no reason to stop the sink.
        _ => return Ok(None),
    };
    let Some(Value::Object(source)) = change.get("source").cloned() else { return Err(missing("source")) };
    let part = |name: &str| source.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let table = part("table").or_else(|| part("collection")).ok_or_else(|| missing("source.table"))?;
    let path: Vec<&str> = ["connector", "name", "db", "schema"].into_iter().filter_map(part).collect();
    let millis = source.get("ts_ms").and_then(Value::as_i64).filter(|millis| *millis > 0);
    let (before, after) = (row(change.remove("before")), row(change.remove("after")));
    // Rows of one table with a key side by side, changes of one row in order.
    let key = ["id", "_id"].iter().find_map(|name| after.get(name).or_else(|| before.get(name)));
    let subject = key.map_or_else(|| table.to_owned(), |key| format!("{table}/{key}"));
    let mut data = Map::new();
    data.insert("op".to_owned(), operation.into());
    data.insert("before".to_owned(), before);
    data.insert("after".to_owned(), after);
    data.insert("source".to_owned(), Value::Object(source.clone()));
    Ok(Some(InboundEvent {
        id: hex(&Sha256::digest(Value::Object(data.clone()).to_string())),
        source: format!("/debezium/{}", path.join("/")),
        kind: format!("debezium.{table}.{word}"),
        subject: Some(subject.chars().take(ATTRIBUTE_CHARS).collect()),
        time: millis.and_then(|millis| Time::from_millisecond(millis).ok()),
        data: Value::Object(data),
    }))
}

/// A row; MongoDB's connector sends it as JSON in a string.
fn row(value: Option<Value>) -> Value {
    match value {
        Some(Value::String(text)) => json::value(text.as_bytes(), DEPTH).unwrap_or(Value::String(text)),
        Some(value) => value,
        None => Value::Null,
    }
}

impl InboundEvent {
    /// What tells it from all others: a hash of its source, which begins it, and one over `source` and `id`.
    pub fn key(&self) -> String {
        let source = digest(&[&self.source]);
        format!("{}{}", &source[..SOURCE_DIGITS], digest(&[&self.source, &self.id]))
    }

    /// What it must wait for: events of one source and subject go one behind the other; without a subject, all of the
    /// source.
    pub fn line(&self) -> String {
        digest(&[&self.source, self.subject.as_deref().unwrap_or_default()])
    }
}

/// SHA-256 over texts, each with its length, cut to 128 bits: no two of one account meet.
fn digest(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    hex(&hash.finalize()[..16])
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(content_type: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<Vec<InboundEvent>, Refusal> {
        let header = |name: &str| headers.iter().find(|(own, _)| *own == name).map(|(_, value)| (*value).to_owned());
        read(&Brought { content_type: Some(content_type), header: &header, body })
    }

    fn shipped() -> Value {
        json!({"specversion": "1.0", "id": "1", "source": "/shop", "type": "shop.order.shipped", "subject": "A1001",
               "time": "2026-01-01T00:00:00+08:00", "data": {"number": "A1001"}, "traceparent": "00-x"})
    }

    #[test]
    fn the_three_modes_say_the_same() {
        let one = of("application/cloudevents+json; charset=utf-8", &[], shipped().to_string().as_bytes()).unwrap();
        let batch = json!([shipped()]).to_string();
        assert_eq!(of("application/cloudevents-batch+json", &[], batch.as_bytes()).unwrap(), one);
        let headers = [
            ("ce-specversion", "1.0"),
            ("ce-id", "1"),
            ("ce-source", "/shop"),
            ("ce-type", "shop.order.shipped"),
            ("ce-subject", "A1%3001"),
            ("ce-time", "2025-12-31T16:00:00Z"),
        ];
        assert_eq!(of("application/json", &headers, b"{\"number\":\"A1001\"}").unwrap(), one);
        assert_eq!(of("application/json", &[], shipped().to_string().as_bytes()).unwrap(), one);
        let mut encoded = shipped();
        encoded.as_object_mut().unwrap().remove("data");
        encoded["data_base64"] = STANDARD.encode("{\"number\":\"A1001\"}").into();
        assert_eq!(of("application/cloudevents+json", &[], encoded.to_string().as_bytes()).unwrap(), one);
        assert_eq!((one[0].key().len(), one[0].line().len()), (48, 32));
    }

    #[test]
    fn every_fault_is_named() {
        let without = |name: &str| {
            let mut event = shipped();
            event.as_object_mut().unwrap().remove(name);
            event.to_string()
        };
        for (body, word) in [
            (without("specversion"), "specversion"),
            (without("id"), "id"),
            (without("source"), "source"),
            (without("type"), "type"),
            (shipped().to_string().replace("2026-01-01T", "tomorrow "), "time"),
            (shipped().to_string().replace("\"1\"", "\"\""), "id"),
            (shipped().to_string().replace("/shop", &"x".repeat(600)), "source"),
        ] {
            let refusal = of("application/cloudevents+json", &[], body.as_bytes()).unwrap_err();
            assert!(refusal.detail.as_deref().unwrap_or_default().contains(word), "{word}: {refusal}");
        }
        let deep = format!("{{\"specversion\":\"1.0\",\"data\":{}{}}}", "[".repeat(40), "]".repeat(40));
        assert_eq!(of("application/cloudevents+json", &[], deep.as_bytes()).unwrap_err().code, Code::TooDeep);
        assert_eq!(of("application/x-tar", &[], b"x").unwrap_err().code, Code::InvalidField);
        assert_eq!(of("application/json", &[], b"{\"a\":1}").unwrap_err().code, Code::InvalidField);
        assert_eq!(of("application/json", &[], b"nonsense").unwrap_err().code, Code::MalformedJson);
        let second = json!([shipped(), {"specversion": "1.0"}]).to_string();
        let refusal = of("application/cloudevents-batch+json", &[], second.as_bytes()).unwrap_err();
        assert!(refusal.detail.unwrap().starts_with("event 1: "));
        let many = json!(vec![shipped(); BATCH + 1]).to_string();
        assert_eq!(of("application/cloudevents-batch+json", &[], many.as_bytes()).unwrap_err().code, Code::TooLarge);
    }

    #[test]
    fn debezium_as_it_is() {
        // As the MySQL, PostgreSQL and MongoDB connectors' documentation show them, shortened.
        let mysql = json!({"schema": {"type": "struct"}, "payload": {
            "before": {"id": 1004, "first_name": "Anne"}, "after": {"id": 1004, "first_name": "Anne Marie"},
            "source": {"version": "2.7", "connector": "mysql", "name": "shop", "ts_ms": 1_465_581_029_100i64, "db": "inventory",
                       "table": "customers", "server_id": 223_344, "file": "mysql-bin.000003", "pos": 484, "row": 0},
            "op": "u", "ts_ms": 1_465_581_029_523i64}});
        let postgres = json!({"before": null, "after": {"id": 1}, "op": "c", "ts_ms": 1, "source": {
            "connector": "postgresql", "name": "shop", "db": "postgres", "schema": "public", "table": "orders",
            "txId": 555, "lsn": 24_023_128, "ts_ms": 1}});
        let mongo = json!({"payload": {"after": "{\"_id\": 1004, \"email\": \"a@example.com\"}", "op": "r", "ts_ms": 1,
            "source": {"connector": "mongodb", "name": "shop", "db": "inventory", "collection": "customers", "ord": 31, "ts_ms": 1}}});
        let read = |value: &Value| of("application/json", &[], value.to_string().as_bytes()).unwrap().remove(0);
        let event = read(&mysql);
        assert_eq!(
            (event.kind.as_str(), event.source.as_str()),
            ("debezium.customers.updated", "/debezium/mysql/shop/inventory")
        );
        assert_eq!(event.data["after"]["first_name"], "Anne Marie");
        assert_eq!(event.time.unwrap().as_millisecond(), 1_465_581_029_100);
        // Sent again by a connector that began anew: the same.
        let mut again = mysql;
        again["payload"]["ts_ms"] = json!(2);
        assert_eq!(read(&again).key(), event.key());
        again["payload"]["source"]["pos"] = json!(485);
        assert_ne!(read(&again).key(), event.key());
        assert_eq!(read(&postgres).source, "/debezium/postgresql/shop/postgres/public");
        assert_eq!(read(&mongo).data["after"]["email"], "a@example.com");
        assert_eq!(event.subject.as_deref(), Some("customers/1004"));
        for nothing in [
            "",
            "{\"schema\":null,\"payload\":null}",
            "{\"ts_ms\":1}",
            "{\"status\":\"BEGIN\",\"id\":\"1\",\"event_count\":null}",
            "{\"op\":\"m\",\"source\":{},\"message\":{}}",
            "{\"source\":{},\"ddl\":\"ALTER TABLE x\"}",
        ] {
            assert_eq!(of("application/json", &[], nothing.as_bytes()).unwrap(), vec![], "{nothing}");
        }
    }
}
