//! A rule: which events it concerns, whom they are about, and what is done.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};
use serde_json_path::JsonPath;

use crate::{CardTemplate, Fault};

/// Who sees a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Agents only.
    Agents,
    /// The visitor, and the agents with them.
    Visitor,
}

/// The key by which a contact is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// The company's own id.
    ExternalId(String),
    /// An e-mail address.
    Email(String),
    /// A telephone number.
    Phone(String),
}

/// Where a contact's key stands in an event.
#[derive(Debug)]
pub(crate) struct ContactPath {
    pub path: JsonPath,
    pub who: fn(String) -> Who,
    pub create: bool,
}

/// What is to be opened.
#[derive(Debug)]
pub struct Opening {
    /// Its first message, which the visitor sees; a template.
    pub message: Option<String>,
    /// Its first note, which agents see; a template.
    pub note: Option<String>,
    /// Its labels, templates.
    pub labels: Vec<String>,
    /// Through which inbox.
    pub inbox: Option<String>,
    /// For which team.
    pub team: Option<String>,
}

/// One thing that a rule does.
#[derive(Debug)]
pub enum Step {
    /// Asks a query, and gives its slots a name for what follows.
    Query {
        /// Which.
        name: String,
        /// Its arguments, templates.
        args: BTreeMap<String, String>,
        /// The name.
        result: String,
    },
    /// Pushes a card into the contact's live conversations.
    Card(Audience, CardTemplate),
    /// Says something to the visitor, in their live conversations.
    Message(String),
    /// Changes the contact: fields and attributes by templates, tags added and removed.
    UpdateContact {
        /// `name`, `email`, `phone`.
        fields: BTreeMap<&'static str, String>,
        /// Attributes.
        attributes: BTreeMap<String, String>,
        /// Tags.
        add_tags: Vec<String>,
        /// Tags.
        remove_tags: Vec<String>,
    },
    /// Makes the contact's tags exactly what stands there in the event.
    SetTags(JsonPath),
    /// Tells the agents who serve the contact.
    Notify(String),
    /// Changes labels of the contact's live conversations.
    Label {
        /// Added.
        add: Vec<String>,
        /// Taken away.
        remove: Vec<String>,
    },
    /// Opens a conversation (a ticket, by its label); where the contact has an open one in that inbox, it is said there.
    Open(Opening),
}

impl Step {
    /// The word by which the file names it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Query { .. } => "query",
            Self::Card(..) => "card",
            Self::Message(_) => "message",
            Self::UpdateContact { .. } => "update_contact",
            Self::SetTags(_) => "set_tags",
            Self::Notify(_) => "notify",
            Self::Label { .. } => "label",
            Self::Open(_) => "open",
        }
    }
}

/// A condition on a part of the event.
#[derive(Debug)]
pub(crate) struct Condition {
    pub path: JsonPath,
    pub wanted: Value,
}

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// Its name.
    pub name: String,
    pub(crate) kind: String,
    pub(crate) source: Option<String>,
    pub(crate) conditions: Vec<Condition>,
    pub(crate) contact: Option<ContactPath>,
    /// What is done, in order.
    pub steps: Vec<Step>,
}

impl Rule {
    /// Whether it concerns an event (a CloudEvent as JSON).
    pub fn concerns(&self, event: &Value) -> bool {
        let text = |name: &str| event.get(name).and_then(Value::as_str).unwrap_or_default();
        fits(&self.kind, text("type"))
            && self.source.as_ref().is_none_or(|source| fits(source, text("source")))
            && self.conditions.iter().all(|condition| condition.holds(event))
    }

    /// The contact that an event is about, if the rule says where, and whether one who is not known is made.
    ///
    /// # Errors
    /// The event has nothing there.
    pub fn contact(&self, event: &Value) -> Result<Option<(Who, bool)>, Fault> {
        let Some(contact) = &self.contact else { return Ok(None) };
        let found = contact.path.query(event).first().and_then(words);
        let found = found.ok_or_else(|| Fault("the event does not say which contact".to_owned()))?;
        Ok(Some(((contact.who)(found), contact.create)))
    }
}

impl Condition {
    fn holds(&self, event: &Value) -> bool {
        let found = self.path.query(event).all();
        let is = |wanted: &Value| found.iter().any(|value| same(value, wanted));
        match &self.wanted {
            Value::String(any) if any == "*" => found.iter().any(|value| !value.is_null()),
            Value::Array(several) => several.iter().any(is),
            wanted => is(wanted),
        }
    }
}

/// Numbers are compared by value: 1 and 1.0 are the same in JSON.
fn same(a: &Value, b: &Value) -> bool {
    a == b || matches!((a.as_f64(), b.as_f64()), (Some(a), Some(b)) if (a - b).abs() < f64::EPSILON)
}

/// A pattern is a text, or its beginning and `*`.
fn fits(pattern: &str, text: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(beginning) => text.starts_with(beginning),
        None => text == pattern,
    }
}

/// A value as words: what a template would make of it.
pub(crate) fn words(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// What templates of a rule know of an event.
pub(crate) fn known(event: &Value) -> Map<String, Value> {
    let get = |name: &str| event.get(name).cloned().unwrap_or(Value::Null);
    ["id", "source", "type", "subject", "time", "data"].map(|name| (name.to_owned(), get(name))).into_iter().collect()
}
