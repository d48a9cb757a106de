//! Personal data out of a text before it leaves, and back into what comes of it.
//!
//! `我的邮箱是 a@b.com` leaves as `我的邮箱是 [email_1]`; an answer or a tool's argument with `[email_1]` in it gets the
//! address back. What was written like a placeholder by the visitor is hidden too, so that it can never come back as
//! another's data, and what is revealed is always what was typed.
//!
//! By patterns and check digits, not by a model: names are not found. Order numbers are no personal data.

use std::{collections::BTreeMap, ops::Range, sync::LazyLock};

use regex::Regex;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::entities::personal;

mod checks;

/// What is personal, by rank: of what overlaps the first counts, then the longest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MaskKind {
    /// E-mail addresses.
    Email,
    /// Payment cards: as many digits as a card scheme has, with a check digit that fits (ISO 7812, Luhn).
    Card,
    /// Chinese resident identity numbers: a birthday and a check digit that fit (GB 11643, ISO 7064); and US social
    /// security numbers, as they are written with hyphens.
    IdNumber,
    /// Bank accounts that are written as IBAN with check digits that fit (ISO 13616).
    Iban,
    /// Phone numbers.
    Phone,
    /// Account numbers behind a word that says so: `account number`, `卡号`, `账号`.
    BankAccount,
    /// Passport numbers behind a word that says so.
    Passport,
    /// IP addresses, 4 and 6.
    Ip,
    /// Chinese postal addresses from the street to the door, and English ones that begin with a house number.
    Address,
}

impl MaskKind {
    /// All of them. An account that says nothing has fewer masked: its settings' default is a release's.
    pub const ALL: &'static [Self] = &[
        Self::Email,
        Self::Card,
        Self::IdNumber,
        Self::Iban,
        Self::Phone,
        Self::BankAccount,
        Self::Passport,
        Self::Ip,
        Self::Address,
    ];

    /// Its name in JSON and in placeholders.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Card => "card",
            Self::IdNumber => "id_number",
            Self::Iban => "iban",
            Self::Phone => "phone",
            Self::BankAccount => "bank_account",
            Self::Passport => "passport",
            Self::Ip => "ip",
            Self::Address => "address",
        }
    }
}

/// Kinds that only the words around them tell: such a value is not found where it stands without them.
const BY_WORDS: [MaskKind; 3] = [MaskKind::BankAccount, MaskKind::Passport, MaskKind::Address];

/// The name of what only looks like a placeholder.
const LOOKS_LIKE_ONE: &str = "text";

/// What looks like a placeholder, whatever a model made of its case.
static PLACEHOLDER: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\[[A-Za-z_]{2,20}_[0-9]{1,9}\]").ok());

/// Hides what is personal.
#[derive(Debug, Clone)]
pub struct Mask {
    kinds: Vec<MaskKind>,
}

/// What was hidden in the texts of one conversation. Lives as long as one turn; never stored, never sent.
#[derive(Debug, Clone, Default)]
pub struct Hidden {
    /// Placeholder by value as typed.
    placeholders: BTreeMap<String, String>,
    /// Value by placeholder.
    values: BTreeMap<String, String>,
    /// How many there are of a name.
    counts: BTreeMap<&'static str, usize>,
}

impl Mask {
    /// Hides these kinds.
    pub fn new(kinds: &[MaskKind]) -> Self {
        let mut kinds = kinds.to_vec();
        kinds.sort_unstable();
        kinds.dedup();
        Self { kinds }
    }

    /// A text with placeholders for what is personal in it. The same value gets the same placeholder in all texts that
    /// go with the same `hidden`, and is hidden in later ones also where no word says what it is.
    pub fn hide(&self, text: &str, hidden: &mut Hidden) -> String {
        let mut masked = String::with_capacity(text.len());
        let mut at = 0;
        for (name, bytes) in self.places(text, hidden) {
            let Some(value) = text.get(bytes.clone()) else { continue };
            masked.push_str(text.get(at..bytes.start).unwrap_or_default());
            masked.push_str(&hidden.placeholder(name, value));
            at = bytes.end;
        }
        masked.push_str(text.get(at..).unwrap_or_default());
        masked
    }

    /// What to hide, in the text's order; nothing overlaps.
    fn places(&self, text: &str, hidden: &Hidden) -> Vec<(&'static str, Range<usize>)> {
        let mut found: Vec<(Option<MaskKind>, Range<usize>)> = Vec::new();
        if let Some(placeholder) = &*PLACEHOLDER {
            found.extend(placeholder.find_iter(text).map(|place| (None, place.range())));
        }
        let folded = personal::Text::new(text);
        for kind in &self.kinds {
            found.extend(checks::find(*kind, &folded).into_iter().map(|bytes| (Some(*kind), bytes)));
        }
        found.sort_by_key(|(kind, bytes)| (*kind, std::cmp::Reverse(bytes.len()), bytes.start));
        found.extend(hidden.again(text).into_iter().map(|bytes| (None, bytes)));
        let mut kept = BTreeMap::<usize, (&'static str, usize)>::new();
        for (kind, bytes) in found {
            let before = kept.range(..bytes.end).next_back();
            if before.is_none_or(|(_, (_, end))| *end <= bytes.start) {
                kept.insert(bytes.start, (kind.map_or(LOOKS_LIKE_ONE, MaskKind::as_str), bytes.end));
            }
        }
        kept.into_iter().map(|(start, (name, end))| (name, start..end)).collect()
    }
}

impl Default for Mask {
    fn default() -> Self {
        Self::new(MaskKind::ALL)
    }
}

impl Hidden {
    /// Whether nothing was hidden.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Where values stand again of which only the words around them told what they are, the longest first.
    fn again(&self, text: &str) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = vec![];
        for (value, placeholder) in &self.placeholders {
            let name = placeholder.trim_start_matches('[');
            if BY_WORDS.iter().any(|kind| name.starts_with(kind.as_str())) {
                found.extend(text.match_indices(value.as_str()).map(|(at, _)| at..at + value.len()));
            }
        }
        found.retain(|bytes| personal::stands_alone(text, bytes));
        found.sort_by_key(|bytes| std::cmp::Reverse(bytes.len()));
        found
    }

    fn placeholder(&mut self, name: &'static str, value: &str) -> String {
        if let Some(known) = self.placeholders.get(value) {
            return known.clone();
        }
        let count = self.counts.entry(name).or_default();
        *count += 1;
        let placeholder = format!("[{name}_{count}]");
        self.placeholders.insert(value.to_owned(), placeholder.clone());
        self.values.insert(placeholder.clone(), value.to_owned());
        placeholder
    }

    /// A text with the values in place of their placeholders. Placeholders that were never given out stay.
    pub fn reveal(&self, text: &str) -> String {
        let Some(expression) = PLACEHOLDER.as_ref().filter(|_| !self.is_empty()) else { return text.to_owned() };
        let value = |found: &regex::Captures| {
            let placeholder = found.get(0).map_or("", |all| all.as_str());
            self.values.get(&placeholder.to_ascii_lowercase()).map_or(placeholder, String::as_str).to_owned()
        };
        expression.replace_all(text, value).into_owned()
    }

    /// Reveals in all texts of a tool's argument; names of fields stay as they are.
    pub fn reveal_value(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.reveal(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.reveal_value(item)),
            Value::Object(fields) => fields.values_mut().for_each(|field| self.reveal_value(field)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}
