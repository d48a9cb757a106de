//! Messages made from a schema: with nothing but what is required, and with everything that there may be; each
//! alternative of each choice once.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use serde_json::{Map, Value, json};

use crate::shape::{Kind, Shape, alternatives};

/// How much of what may be left out is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    Bare,
    Whole,
}

/// Texts that have a form of their own, which the schema does not tell: by definition, or by property.
const TEXTS: [(&str, &str); 9] = [
    ("AccountId", "acc_demo"),
    ("ConversationId", "cnv_01K"),
    ("ContactId", "con_01K"),
    ("AgentId", "agt_anna"),
    ("TeamId", "tea_support"),
    ("InboxId", "inb_web"),
    ("AttachmentId", "att_01K"),
    ("EndpointId", "whe_01K"),
    ("EventSourceId", "evs_01K"),
];

/// Names in a map that have a form of their own, by the map's property.
const KEYS: [(&str, &str); 1] = [("cursors", "cnv_01K")];

/// What the documents let be null and the server does not, as frames' readers have it (`json::frame`).
const NEVER_NULL: [&str; 1] = ["ref"];

/// Makes messages. Each alternative of a definition comes once, where it is met first: a file of all their combinations
/// would tell no more, and nobody could keep it.
pub struct Sampler {
    extent: Extent,
    met: RefCell<BTreeSet<String>>,
}

impl Sampler {
    pub fn new(extent: Extent) -> Self {
        Self { extent, met: RefCell::default() }
    }

    /// Messages that the schema allows.
    pub fn samples(&self, document: &Value, schema: &Value) -> Vec<Value> {
        self.of(document, schema, "")
    }

    fn of(&self, document: &Value, schema: &Value, property: &str) -> Vec<Value> {
        let shapes = alternatives(document, schema);
        // A catch-all stands for what this version does not know: it writes none of it.
        let own = shapes.iter().filter(|shape| shapes.len() == 1 || !shape.is_catch_all());
        let own = own.filter(|shape| shape.kind != Kind::Null || !NEVER_NULL.contains(&property));
        let mut all: Vec<_> = own.flat_map(|shape| self.shape(document, shape, property)).collect();
        let again = schema
            .get("$ref")
            .and_then(Value::as_str)
            .is_some_and(|name| !self.met.borrow_mut().insert(name.to_owned()));
        if again {
            all.truncate(1);
        }
        all
    }

    fn shape(&self, document: &Value, shape: &Shape, property: &str) -> Vec<Value> {
        if let Some(value) = &shape.value {
            return vec![value.clone()];
        }
        let number = |wish: f64| wish.clamp(limit(&shape.least, "minimum", wish), limit(&shape.most, "maximum", wish));
        match shape.kind {
            Kind::Null => vec![Value::Null],
            Kind::Boolean => vec![json!(true)],
            #[expect(clippy::cast_possible_truncation, reason = "one, or a limit that is near")]
            Kind::Integer => vec![json!(number(1.0) as i64)],
            Kind::Number => vec![json!(number(0.5))],
            Kind::String | Kind::Any => vec![json!(text(shape, property))],
            Kind::Array => self.lists(document, shape, property),
            Kind::Object => self.objects(document, shape, property),
        }
    }

    /// A list for each thing that its items may be; with none where it is to be bare.
    fn lists(&self, document: &Value, shape: &Shape, property: &str) -> Vec<Value> {
        let Some(items) = &shape.items else { return vec![json!([])] };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of items")]
        let least = limit(&shape.least, "minItems", 0.0) as usize;
        let count = if self.extent == Extent::Bare { least } else { least.max(1) };
        if count == 0 {
            return vec![json!([])];
        }
        self.of(document, items, property).into_iter().map(|item| Value::from(vec![item; count])).collect()
    }

    /// As many as its richest property has alternatives; the others begin again meanwhile.
    fn objects(&self, document: &Value, shape: &Shape, property: &str) -> Vec<Value> {
        let whole = self.extent == Extent::Whole;
        let there = shape.properties.iter().filter(|(name, _)| whole || shape.required.contains(*name));
        let mut columns: Vec<(&str, Vec<Value>)> =
            there.map(|(name, schema)| (name.as_str(), self.of(document, schema, name))).collect();
        if let (true, Some(rest @ Value::Object(_))) = (whole, &shape.additional) {
            let key = KEYS.iter().find(|(name, _)| *name == property).map_or("key", |(_, key)| key);
            columns.push((key, self.of(document, rest, key)));
        }
        let rows = columns.iter().map(|(_, values)| values.len()).max().unwrap_or(1);
        let row = |at: usize| {
            let cell = |(name, values): &(&str, Vec<Value>)| {
                Some(((*name).to_owned(), values.get(at % values.len().max(1))?.clone()))
            };
            Value::Object(columns.iter().filter_map(cell).collect::<Map<_, _>>())
        };
        (0..rows).map(row).collect()
    }
}

fn limit(limits: &BTreeMap<String, f64>, word: &str, otherwise: f64) -> f64 {
    limits.get(word).copied().unwrap_or(otherwise)
}

fn text(shape: &Shape, property: &str) -> &'static str {
    match shape.looks.get("format").and_then(Value::as_str) {
        Some("date-time") => return "2026-11-30T08:00:00Z",
        Some("date") => return "2026-11-30",
        Some(other) => panic!("no text of the format {other} is known: add one in tests/releases/samples.rs"),
        None => {}
    }
    let known = TEXTS.iter().find(|(name, _)| shape.names.contains(*name) || *name == property);
    known.map_or("text", |(_, text)| text)
}
