//! A business query: a request to one of the company's systems, and what is read out of its answer.

use std::collections::{BTreeMap, BTreeSet};

use deskwire_domain::content::CardContent;
use regex::Regex;
use serde_json::{Map, Value};
use serde_json_path::JsonPath;

use crate::{CardTemplate, Fault, render::Templates};

/// Characters of an argument: an order's number, a name, an address.
const ARG_CHARS: usize = 200;

/// An argument.
#[derive(Debug)]
pub struct Arg {
    /// What it is.
    pub description: Option<String>,
    pub(crate) pattern: Option<(String, Regex)>,
    /// Where it is taken from instead of from whoever asks: a part of the contact, `external_id` or `attributes.level`.
    pub from: Option<String>,
    /// It may be left out.
    pub optional: bool,
}

impl Arg {
    /// The pattern that it must match as a whole.
    pub fn pattern(&self) -> Option<&str> {
        self.pattern.as_ref().map(|(text, _)| text.as_str())
    }
}

/// A query.
#[derive(Debug)]
pub struct Query {
    /// What it is for.
    pub description: Option<String>,
    /// What agents type after `/`.
    pub command: Option<String>,
    /// Its answer is nobody's own: stock, prices, opening hours.
    pub anyone: bool,
    /// Its arguments.
    pub args: BTreeMap<String, Arg>,
    /// Seconds that its system may take.
    pub timeout_seconds: u64,
    /// Seconds for which an answer is good.
    pub cache_seconds: i64,
    /// Seconds for which an old answer is better than none.
    pub stale_seconds: i64,
    /// The secrets that it names.
    pub secrets: BTreeSet<String>,
    pub(crate) post: bool,
    pub(crate) url: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Option<String>,
    pub(crate) slots: BTreeMap<String, JsonPath>,
    pub(crate) card: Option<CardTemplate>,
}

/// A request, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallParts {
    /// POST instead of GET.
    pub post: bool,
    /// The address.
    pub url: String,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

/// What was read out of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The slots; null where the answer has nothing there, a list where it has several.
    pub slots: Map<String, Value>,
    /// The card, if the query has one.
    pub card: Option<CardContent>,
}

impl Query {
    /// The arguments as they will be used: those that are given are checked, those that come from the contact are taken
    /// from there, whatever was given.
    ///
    /// # Errors
    /// Which argument is missing, unknown or does not match.
    pub fn arguments(
        &self,
        given: &Map<String, Value>,
        contact: Option<&Value>,
    ) -> Result<BTreeMap<String, String>, Fault> {
        if let Some(name) = given.keys().find(|name| !self.args.contains_key(*name)) {
            return Err(Fault(format!("{name}: there is no such argument")));
        }
        let mut all = BTreeMap::new();
        for (name, arg) in &self.args {
            let value = match &arg.from {
                Some(path) => {
                    let contact = contact.ok_or_else(|| Fault(format!("{name}: comes from a contact; say which")))?;
                    let found = path.split('.').try_fold(contact, |value, part| value.get(part));
                    found.and_then(crate::rule::words).ok_or_else(|| Fault(format!("{name}: the contact has none")))?
                }
                None => match given.get(name).and_then(crate::rule::words) {
                    Some(value) => value,
                    None if arg.optional => continue,
                    None => return Err(Fault(format!("{name}: is missing"))),
                },
            };
            if value.chars().count() > ARG_CHARS {
                return Err(Fault(format!("{name}: at most {ARG_CHARS} characters")));
            }
            if arg.pattern.as_ref().is_some_and(|(_, pattern)| !pattern.is_match(&value)) {
                return Err(Fault(format!("{name}: must match {}", arg.pattern().unwrap_or_default())));
            }
            all.insert(name.clone(), value);
        }
        Ok(all)
    }

    /// Whether the AI agent may ask it for a visitor: its answer is nobody's own, or the conversation's contact says whose
    /// it is. Whatever an agent may look up by a number alone, a visitor must not.
    pub fn is_for_visitors(&self) -> bool {
        self.anyone || self.asks_whose()
    }

    /// Whether the contact says whose data it is.
    pub fn asks_whose(&self) -> bool {
        self.args.values().any(|arg| arg.from.is_some())
    }

    /// What is read out of its answers, by name.
    pub fn slot_names(&self) -> impl Iterator<Item = &str> {
        self.slots.keys().map(String::as_str)
    }

    /// The slots of no answer: null each.
    pub fn no_slots(&self) -> Map<String, Value> {
        self.slots.keys().map(|name| (name.clone(), Value::Null)).collect()
    }

    pub(crate) fn request(
        &self,
        templates: &Templates,
        args: &BTreeMap<String, String>,
        secrets: &Map<String, Value>,
    ) -> Result<CallParts, Fault> {
        let known = self.known(args);
        let mut headers = Vec::with_capacity(self.headers.len());
        for (name, value) in &self.headers {
            headers.push((name.clone(), templates.with_secrets(value, &known, secrets)?));
        }
        let body = self.body.as_ref().map(|body| templates.json(body, &known, secrets)).transpose()?;
        let url = templates.address(&self.url, &known, secrets)?;
        Ok(CallParts { post: self.post, url, headers, body: body.unwrap_or_default() })
    }

    pub(crate) fn read(
        &self,
        templates: &Templates,
        args: &BTreeMap<String, String>,
        answer: &Value,
    ) -> Result<Found, Fault> {
        let slot = |(name, path): (&String, &JsonPath)| {
            let found = path.query(answer).all();
            let value = match found.as_slice() {
                [] => Value::Null,
                [one] => (*one).clone(),
                several => several.iter().map(|value| (*value).clone()).collect(),
            };
            (name.clone(), value)
        };
        let slots: Map<String, Value> = self.slots.iter().map(slot).collect();
        let mut known = self.known(args);
        known.extend(slots.clone());
        let card = self.card.as_ref().map(|card| card.fill(templates, &known)).transpose()?;
        Ok(Found { slots, card })
    }

    /// What its templates know of the arguments; those that were left out are null.
    fn known(&self, args: &BTreeMap<String, String>) -> Map<String, Value> {
        let value = |name: &String| args.get(name).map_or(Value::Null, |value| value.clone().into());
        self.args.keys().map(|name| (name.clone(), value(name))).collect()
    }
}
