//! A JSON schema as a flat list of alternatives, which two schemas can be compared by however they are written: `oneOf`
//! of constants or `enum`, `["string", "null"]` or `anyOf` with null, `$ref` beside `properties`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

/// Keywords that say nothing about what may be written.
const SILENT: [&str; 7] = ["description", "title", "default", "examples", "deprecated", "$schema", "$id"];

/// The kinds of JSON values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Any,
    Null,
    Boolean,
    Integer,
    Number,
    String,
    Array,
    Object,
}

/// One alternative: everything in it holds.
#[derive(Debug, Clone)]
pub struct Shape {
    pub kind: Kind,
    /// The only value there is.
    pub value: Option<Value>,
    pub properties: BTreeMap<String, Value>,
    pub required: BTreeSet<String>,
    /// What other properties hold; `false` for none, absent where nothing is said.
    pub additional: Option<Value>,
    pub items: Option<Value>,
    /// `minimum`, `minLength` and `minItems`; a format such as `uint8` counts as its range.
    pub least: BTreeMap<String, f64>,
    /// `maximum`, `maxLength` and `maxItems`.
    pub most: BTreeMap<String, f64>,
    /// What texts look like: `format` and `pattern`.
    pub looks: BTreeMap<String, Value>,
    pub unique: bool,
    /// The definitions that it was found in.
    pub names: BTreeSet<String>,
}

impl Shape {
    const fn of(kind: Kind) -> Self {
        Self {
            kind,
            value: None,
            properties: BTreeMap::new(),
            required: BTreeSet::new(),
            additional: None,
            items: None,
            least: BTreeMap::new(),
            most: BTreeMap::new(),
            looks: BTreeMap::new(),
            unique: false,
            names: BTreeSet::new(),
        }
    }

    /// The constants that tell it from its neighbours: `action`, `type`, `kind`.
    pub fn tags(&self) -> BTreeMap<String, &Value> {
        let tag = |name: &'_ String| Some((name.clone(), self.properties.get(name)?.get("const")?));
        self.required.iter().filter_map(tag).collect()
    }

    /// Whether it says that there may be anything else in it.
    pub fn is_catch_all(&self) -> bool {
        self.kind == Kind::Object && self.additional == Some(Value::Bool(true)) && self.tags().is_empty()
    }

    /// Both at once; nothing where they exclude each other.
    fn and(mut self, other: Self) -> Option<Self> {
        self.kind = match (self.kind, other.kind) {
            (Kind::Any, kind) | (kind, Kind::Any) => kind,
            (Kind::Integer, Kind::Number) | (Kind::Number, Kind::Integer) => Kind::Integer,
            (one, two) if one == two => one,
            _ => return None,
        };
        if self.value.is_some() && other.value.is_some() && self.value != other.value {
            return None;
        }
        self.value = self.value.or(other.value);
        for (name, schema) in other.properties {
            let both = match self.properties.remove(&name) {
                Some(own) if own != schema => json!({"allOf": [own, schema]}),
                _ => schema,
            };
            self.properties.insert(name, both);
        }
        self.required.extend(other.required);
        self.additional = self.additional.or(other.additional);
        self.items = self.items.or(other.items);
        for (name, limit) in other.least {
            let own = self.least.entry(name).or_insert(limit);
            *own = own.max(limit);
        }
        for (name, limit) in other.most {
            let own = self.most.entry(name).or_insert(limit);
            *own = own.min(limit);
        }
        self.looks.extend(other.looks);
        self.unique |= other.unique;
        self.names.extend(other.names);
        Some(self)
    }
}

/// What a schema allows, as alternatives. `document` has the definitions.
pub fn alternatives(document: &Value, schema: &Value) -> Vec<Shape> {
    let Value::Object(map) = schema else {
        return if *schema == Value::Bool(false) { vec![] } else { vec![Shape::of(Kind::Any)] };
    };
    let mut shapes = own(map);
    if let Some(reference) = map.get("$ref").and_then(Value::as_str) {
        let mut meant = alternatives(document, resolve(document, reference));
        let name = reference.rsplit('/').next().unwrap_or(reference);
        for shape in &mut meant {
            shape.names.insert(name.to_owned());
        }
        shapes = product(&shapes, &meant);
    }
    for part in map.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        shapes = product(&shapes, &alternatives(document, part));
    }
    for word in ["oneOf", "anyOf"] {
        if let Some(choices) = map.get(word).and_then(Value::as_array) {
            let choices: Vec<_> = choices.iter().flat_map(|choice| alternatives(document, choice)).collect();
            shapes = product(&shapes, &choices);
        }
    }
    shapes
}

/// What a reference of the document names.
pub fn resolve<'a>(document: &'a Value, reference: &str) -> &'a Value {
    let place = reference.strip_prefix('#').unwrap_or_else(|| panic!("{reference} is not in the document itself"));
    document.pointer(place).unwrap_or_else(|| panic!("nothing at {reference}"))
}

fn product(left: &[Shape], right: &[Shape]) -> Vec<Shape> {
    left.iter().flat_map(|one| right.iter().filter_map(|two| one.clone().and(two.clone()))).collect()
}

/// What the schema's own keywords say: an alternative for each type and value.
fn own(map: &Map<String, Value>) -> Vec<Shape> {
    let kinds: Vec<Kind> = match map.get("type") {
        Some(Value::Array(kinds)) => kinds.iter().map(kind).collect(),
        Some(word) => vec![kind(word)],
        None => vec![map.get("const").map_or(Kind::Any, kind_of)],
    };
    let values: Vec<Option<Value>> = match (map.get("const"), map.get("enum").and_then(Value::as_array)) {
        (Some(value), _) => vec![Some(value.clone())],
        (None, Some(values)) => values.iter().cloned().map(Some).collect(),
        (None, None) => vec![None],
    };
    let all = kinds.into_iter().flat_map(|kind| values.iter().map(move |value| (kind, value)));
    let fits = |kind: Kind, value: &Option<Value>| value.as_ref().is_none_or(|value| holds(kind, kind_of(value)));
    all.filter(|(kind, value)| fits(*kind, value)).map(|(kind, value)| one(map, kind, value.clone())).collect()
}

fn one(map: &Map<String, Value>, kind: Kind, value: Option<Value>) -> Shape {
    let mut shape = Shape { value, ..Shape::of(kind) };
    for (word, said) in map {
        match word.as_str() {
            "type" | "const" | "enum" | "$ref" | "allOf" | "oneOf" | "anyOf" => {}
            "properties" => shape.properties = said.as_object().into_iter().flatten().map(pair).collect(),
            "required" => shape.required = words(said),
            "additionalProperties" => shape.additional = Some(said.clone()),
            "items" => shape.items = Some(said.clone()),
            "uniqueItems" => shape.unique = said == &Value::Bool(true),
            "minimum" | "minLength" | "minItems" => limit(&mut shape.least, word, said, f64::max),
            "maximum" | "maxLength" | "maxItems" => limit(&mut shape.most, word, said, f64::min),
            "format" => format(&mut shape, said),
            "pattern" => drop(shape.looks.insert(word.clone(), said.clone())),
            word if SILENT.contains(&word) || word.starts_with("x-") => {}
            word => panic!("the comparison does not know the keyword {word}: teach it in tests/releases/shape.rs"),
        }
    }
    // Each keyword is for one kind of value: what null may not be longer than, say, is not a limit of null.
    if kind != Kind::Any && kind != Kind::Object {
        (shape.properties, shape.required, shape.additional) = (BTreeMap::new(), BTreeSet::new(), None);
    }
    if kind == Kind::Null {
        (shape.least, shape.most, shape.looks) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    }
    shape
}

fn pair((name, schema): (&String, &Value)) -> (String, Value) {
    (name.clone(), schema.clone())
}

/// A list of words.
pub fn words(list: &Value) -> BTreeSet<String> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn limit(limits: &mut BTreeMap<String, f64>, word: &str, said: &Value, stricter: fn(f64, f64) -> f64) {
    let said = said.as_f64().unwrap_or_else(|| panic!("{word}: {said} is no number"));
    let own = limits.entry(word.to_owned()).or_insert(said);
    *own = stricter(*own, said);
}

/// Formats of numbers are ranges, so that a wider one holds a narrower one.
fn format(shape: &mut Shape, said: &Value) {
    let (least, most) = match said.as_str().unwrap_or_default() {
        "uint8" => (0.0, f64::from(u8::MAX)),
        "uint16" => (0.0, f64::from(u16::MAX)),
        "uint32" => (0.0, f64::from(u32::MAX)),
        // What JSON's readers agree on (RFC 8259 §6): from 2^53 on, two numbers may be one.
        "uint64" | "uint" => (0.0, 9_007_199_254_740_991.0),
        "int32" => (f64::from(i32::MIN), f64::from(i32::MAX)),
        "int64" | "int" => (-9_007_199_254_740_991.0, 9_007_199_254_740_991.0),
        "float" | "double" => return,
        _ => return drop(shape.looks.insert("format".to_owned(), said.clone())),
    };
    limit(&mut shape.least, "minimum", &json!(least), f64::max);
    limit(&mut shape.most, "maximum", &json!(most), f64::min);
}

fn kind(word: &Value) -> Kind {
    match word.as_str().unwrap_or_default() {
        "null" => Kind::Null,
        "boolean" => Kind::Boolean,
        "integer" => Kind::Integer,
        "number" => Kind::Number,
        "string" => Kind::String,
        "array" => Kind::Array,
        "object" => Kind::Object,
        _ => panic!("{word} is no type of JSON Schema"),
    }
}

fn kind_of(value: &Value) -> Kind {
    match value {
        Value::Null => Kind::Null,
        Value::Bool(_) => Kind::Boolean,
        Value::Number(number) if number.is_f64() => Kind::Number,
        Value::Number(_) => Kind::Integer,
        Value::String(_) => Kind::String,
        Value::Array(_) => Kind::Array,
        Value::Object(_) => Kind::Object,
    }
}

/// Whether all of `inner` is in `outer`.
pub fn holds(outer: Kind, inner: Kind) -> bool {
    outer == Kind::Any || outer == inner || (outer == Kind::Number && inner == Kind::Integer)
}
