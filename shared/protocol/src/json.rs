//! JSON from outside: size, depth and fields are checked before anything believes it. Every fault has its code.

use std::{
    any::TypeId,
    collections::{BTreeSet, HashMap},
    sync::{Arc, LazyLock, RwLock},
};

use deskwire_domain::{
    Code, Refusal,
    limits::{CLIENT_ID_BYTES, FRAME_BYTES, JSON_DEPTH, REF_BYTES},
};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::client::{ACTIONS, Action, ClientFrame};

/// A frame that is refused, with what is known of it.
#[derive(Debug)]
pub struct RefusedFrame {
    /// Why.
    pub refusal: Refusal,
    /// Its `ref`, if one could be read.
    pub reference: Option<String>,
    /// Its `client_id`, if one could be read.
    pub client_id: Option<String>,
}

/// Reads a frame.
///
/// # Errors
/// What is wrong with it, and its `ref` so that the client can tell which frame it was.
pub fn frame(text: &str) -> Result<ClientFrame, RefusedFrame> {
    let refused = |refusal| RefusedFrame { refusal, reference: None, client_id: None };
    // Also what is too large or too deep is parsed, within the parser's own bounds and API Gateway's 128 KB, so that
    // the client learns which frame was refused.
    let map = parse(text.as_bytes()).map_err(refused)?;
    let short =
        |name: &str, max: usize| map.get(name).and_then(Value::as_str).filter(|s| s.len() <= max).map(str::to_owned);
    let (reference, client_id) = (short("ref", REF_BYTES), short("client_id", CLIENT_ID_BYTES));
    let checked = if text.len() > FRAME_BYTES {
        Err(Refusal::with(Code::TooLarge, format!("a frame may have {FRAME_BYTES} bytes")))
    } else if depth(text) > JSON_DEPTH {
        Err(Code::TooDeep.into())
    } else {
        read_frame(map)
    };
    checked.map_err(|refusal| RefusedFrame { refusal, reference, client_id })
}

/// Reads an action from the body of `POST /v1/conversations/{id}/actions`.
///
/// # Errors
/// As [`frame`].
pub fn action(body: &[u8], conversation: &str) -> Result<Action, Refusal> {
    let mut map = object(body)?;
    let names_it = map.get("action").and_then(Value::as_str).and_then(fields_of_action);
    if names_it.is_some_and(|fields| fields.contains("conversation")) {
        map.insert("conversation".into(), conversation.into());
    }
    read_frame(map).map(|frame| frame.action)
}

/// Whether a sender's id for a message has a size that can be kept.
///
/// # Errors
/// [`Code::InvalidField`].
pub fn check_client_id(client_id: &str) -> Result<(), Refusal> {
    if (1..=CLIENT_ID_BYTES).contains(&client_id.len()) {
        return Ok(());
    }
    Err(Refusal::with(Code::InvalidField, format!("client_id needs 1 to {CLIENT_ID_BYTES} bytes")))
}

fn read_frame(map: Map<String, Value>) -> Result<ClientFrame, Refusal> {
    let action = map.get("action").and_then(Value::as_str).unwrap_or_default();
    let Some(known) = fields_of_action(action) else {
        return Err(Refusal::with(Code::UnknownAction, format!("known: {}", ACTIONS.join(", "))));
    };
    check_fields(&map, known)?;
    for (name, max) in [("ref", REF_BYTES), ("client_id", CLIENT_ID_BYTES)] {
        let fits = |value: &Value| value.as_str().is_some_and(|text| !text.is_empty() && text.len() <= max);
        // Null is as if it were not there; where it must be, serde says so.
        if map.get(name).is_some_and(|value| !value.is_null() && !fits(value)) {
            return Err(Refusal::with(Code::InvalidField, format!("{name} needs 1 to {max} bytes")));
        }
    }
    serde_json::from_value(Value::Object(map)).map_err(|error| invalid(&error))
}

/// Reads the body of an HTTP request.
///
/// # Errors
/// What is wrong with it.
pub fn body<T: DeserializeOwned + JsonSchema + 'static>(bytes: &[u8]) -> Result<T, Refusal> {
    let map = object(bytes)?;
    if let Some(known) = fields_of::<T>() {
        check_fields(&map, &known)?;
    }
    serde_json::from_value(Value::Object(map)).map_err(|error| invalid(&error))
}

fn invalid(error: &serde_json::Error) -> Refusal {
    // serde's message names fields and types; cut it, since it can quote what was sent.
    let text: String = error.to_string().chars().take(200).collect();
    Refusal::with(Code::InvalidField, text)
}

fn check_fields(map: &Map<String, Value>, known: &BTreeSet<String>) -> Result<(), Refusal> {
    match map.keys().find(|key| !known.contains(*key)) {
        Some(key) => Err(Refusal::with(Code::UnknownField, key.chars().take(40).collect::<String>())),
        None => Ok(()),
    }
}

/// Reads a JSON object whose nesting is bounded.
///
/// # Errors
/// [`Code::MalformedJson`], [`Code::TooDeep`].
pub fn object(bytes: &[u8]) -> Result<Map<String, Value>, Refusal> {
    let text = std::str::from_utf8(bytes).map_err(|_| Refusal::with(Code::MalformedJson, "not UTF-8"))?;
    if depth(text) > JSON_DEPTH {
        return Err(Code::TooDeep.into());
    }
    parse(bytes)
}

/// Reads any JSON whose nesting is bounded.
///
/// # Errors
/// [`Code::MalformedJson`], [`Code::TooDeep`].
pub fn value(bytes: &[u8], deepest: usize) -> Result<Value, Refusal> {
    let text = std::str::from_utf8(bytes).map_err(|_| Refusal::with(Code::MalformedJson, "not UTF-8"))?;
    if depth(text) > deepest {
        return Err(Refusal::with(Code::TooDeep, format!("at most {deepest} levels here")));
    }
    serde_json::from_str(text).map_err(|_| Code::MalformedJson.into())
}

fn parse(bytes: &[u8]) -> Result<Map<String, Value>, Refusal> {
    serde_json::from_slice(bytes).map_err(|_| Code::MalformedJson.into())
}

/// The deepest nesting of brackets outside strings; exact for valid JSON.
fn depth(text: &str) -> usize {
    let (mut now, mut deepest, mut in_string, mut escaped) = (0usize, 0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => {
                now += 1;
                deepest = deepest.max(now);
            }
            b'}' | b']' if !in_string => now = now.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// The fields that a frame of this action may have, from its own schema.
fn fields_of_action(action: &str) -> Option<&'static BTreeSet<String>> {
    static FIELDS: LazyLock<HashMap<String, BTreeSet<String>>> = LazyLock::new(|| {
        let schema = inlined::<Action>();
        let variants = schema.get("oneOf").and_then(Value::as_array).cloned().unwrap_or_default();
        variants
            .iter()
            .filter_map(|variant| {
                let name = variant.pointer("/properties/action/const")?.as_str()?.to_owned();
                let mut fields = properties(variant);
                fields.insert("ref".to_owned());
                Some((name, fields))
            })
            .collect()
    });
    FIELDS.get(action)
}

fn fields_of<T: JsonSchema + 'static>() -> Option<Arc<BTreeSet<String>>> {
    static KNOWN: LazyLock<RwLock<HashMap<TypeId, Arc<BTreeSet<String>>>>> = LazyLock::new(RwLock::default);
    let id = TypeId::of::<T>();
    if let Some(fields) = KNOWN.read().ok()?.get(&id) {
        return Some(Arc::clone(fields));
    }
    let fields = properties(&inlined::<T>());
    // A type without properties of its own (a map) takes any field.
    let fields = Arc::new(fields);
    if fields.is_empty() {
        return None;
    }
    KNOWN.write().ok()?.insert(id, Arc::clone(&fields));
    Some(fields)
}

fn inlined<T: JsonSchema>() -> Value {
    let settings = schemars::generate::SchemaSettings::draft2020_12().with(|s| s.inline_subschemas = true);
    settings.into_generator().into_root_schema_for::<T>().to_value()
}

fn properties(schema: &Value) -> BTreeSet<String> {
    let own = schema.get("properties").and_then(Value::as_object).into_iter().flat_map(|map| map.keys().cloned());
    let nested = ["allOf", "anyOf", "oneOf"].iter().filter_map(|word| schema.get(word)?.as_array());
    own.chain(nested.flatten().flat_map(properties)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_is_known_with_its_fields() {
        for action in ACTIONS {
            assert!(fields_of_action(action).is_some_and(|fields| fields.contains("action")), "{action}");
        }
        assert!(fields_of_action("send").unwrap().contains("client_id"));
        assert!(!fields_of_action("ping").unwrap().contains("conversation"));
    }

    #[test]
    fn every_fault_has_its_code() {
        let deep = format!("{{\"action\":\"send\",\"content\":{}{}}}", "[".repeat(20), "]".repeat(20));
        for (text, code) in [
            ("", Code::MalformedJson),
            ("[]", Code::MalformedJson),
            ("{\"action\":", Code::MalformedJson),
            ("{}", Code::UnknownAction),
            ("{\"action\":\"dance\"}", Code::UnknownAction),
            ("{\"action\":\"ping\",\"x\":1}", Code::UnknownField),
            ("{\"action\":\"sync\",\"conversation\":\"agt_1\",\"after\":0}", Code::InvalidField),
            ("{\"action\":\"sync\",\"conversation\":\"cnv_1\",\"after\":-1}", Code::InvalidField),
            ("{\"action\":\"ping\",\"ref\":7}", Code::InvalidField),
            (
                "{\"action\":\"send\",\"client_id\":null,\"content\":{\"kind\":\"text\",\"text\":\"a\"}}",
                Code::InvalidField,
            ),
            (deep.as_str(), Code::TooDeep),
        ] {
            assert_eq!(frame(text).unwrap_err().refusal.code, code, "{text}");
        }
        let big = format!("{{\"action\":\"ping\",\"ref\":\"{}\"}}", "x".repeat(FRAME_BYTES));
        assert_eq!(frame(&big).unwrap_err().refusal.code, Code::TooLarge);
        // As its schema says.
        assert_eq!(frame("{\"action\":\"ping\",\"ref\":null}").unwrap(), frame("{\"action\":\"ping\"}").unwrap());
    }

    #[test]
    fn a_refused_frame_is_named_by_its_ref() {
        let refused = frame("{\"action\":\"send\",\"ref\":\"r1\",\"client_id\":\"c1\",\"bogus\":1}").unwrap_err();
        assert_eq!((refused.reference.as_deref(), refused.client_id.as_deref()), (Some("r1"), Some("c1")));
    }

    #[test]
    fn an_action_over_http_takes_the_conversation_from_its_address() {
        let action = action(b"{\"action\":\"close\",\"reason\":\"done\"}", "cnv_1").unwrap();
        assert!(matches!(action, Action::Close(close) if close.conversation.as_str() == "cnv_1"));
        assert!(super::action(b"{\"action\":\"ping\"}", "cnv_1").is_ok());
    }

    #[test]
    fn brackets_in_strings_do_not_count() {
        assert_eq!(depth(r#"{"a":"[[[[\"[[","b":[1]}"#), 2);
    }
}
