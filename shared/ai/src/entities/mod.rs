//! What a text names: order numbers, phones, addresses, dates and times, amounts, products; Chinese and English.
//!
//! By patterns and lists, not by a model, so that what is found is found every time and in its normal form. It knows no
//! clock: what is now comes in. A date without a year is the nearest, weeks begin on Monday; nothing here
//! asks back.
//!
//! All of it is linear in the text's length. Places count characters of the text as typed.

mod amount;
mod contact;
mod dates;
mod folded;
mod numerals;
mod pattern;
pub(crate) mod personal;
mod products;
mod relative;
mod temporal;
mod times;

use serde::{Deserialize, Serialize};

use folded::Folded;
pub use numerals::number;
pub use pattern::{BadPattern, PATTERN_BYTES, Pattern, fits};
use products::Products;

/// Order patterns of one account: one for each of its shops.
pub const ORDER_PATTERNS: usize = 20;

/// Products of one account that are known by name; with [`NAMES`] it bounds the table (some 20 MB at worst).
pub const PRODUCTS: usize = 5_000;

/// Names of one product, its own among them.
pub const NAMES: usize = 20;

/// Characters of one name.
pub const NAME_CHARS: usize = 100;

/// The visitor's own clock: date and time as on their wall.
pub type Moment = jiff::civil::DateTime;

/// What something in a text is, by rank: of two that are equally long the first stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// By one of the company's patterns. Normal: in the case that the pattern has.
    OrderNumber,
    /// From the company's list. Normal: the product's name.
    Product,
    /// Normal: the domain in lower case.
    Email,
    /// Normal: without a sentence's full stop.
    Url,
    /// Normal: E.164 where the country can be told, else the digits.
    Phone,
    /// Normal: `120.5 CNY`.
    Amount,
    /// Normal: ISO 8601, `2026-11-25T15:00`.
    DateTime,
    /// Days or times from one to another. Normal: ISO 8601, `2026-11-23/2026-11-27`, `09:00/18:00`.
    Period,
    /// Normal: ISO 8601, `2026-11-25`.
    Date,
    /// Normal: ISO 8601, `15:00`.
    Time,
    /// Normal: decimal digits.
    Number,
}

/// Something that a text names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entity {
    /// What it is.
    pub kind: Kind,
    /// Its first character.
    pub start: usize,
    /// Behind its last.
    pub end: usize,
    /// As typed.
    pub value: String,
    /// In its normal form, see [`Kind`].
    pub normal: String,
}

/// A product of a company.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// Its name.
    pub name: String,
    /// What else people call it.
    #[serde(default)]
    pub aliases: Vec<String>,
}

/// What an account's texts name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntitySettings {
    /// Regular expressions of its order numbers.
    #[serde(default)]
    pub order_patterns: Vec<String>,
    /// Its products.
    #[serde(default)]
    pub products: Vec<Product>,
    /// Where its visitors are, ISO 3166 (`CN`, `US`, `GB`): says whose phone numbers, dates and dollars are meant where
    /// the text does not. None: China's, and days before months only where it cannot be otherwise.
    #[serde(default)]
    pub country: Option<String>,
}

/// Why settings cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadSettings {
    /// An order pattern, counted from 0.
    #[error("order_patterns[{0}] {1}")]
    Pattern(usize, BadPattern),
    /// More than can be held.
    #[error("more than {1} {0}")]
    TooMany(&'static str, usize),
    /// A name of the product, counted from 0, is empty or over [`NAME_CHARS`].
    #[error("products[{0}] has a name that is empty or longer than {NAME_CHARS} characters")]
    Name(usize),
}

/// Finds what texts name. Compiled once, used for every text.
#[derive(Debug)]
pub struct Entities {
    orders: Vec<Pattern>,
    products: Products,
    country: Country,
}

impl Entities {
    /// Compiles settings.
    ///
    /// # Errors
    /// [`BadSettings`].
    pub fn new(settings: &EntitySettings) -> Result<Self, BadSettings> {
        if settings.order_patterns.len() > ORDER_PATTERNS {
            return Err(BadSettings::TooMany("order patterns", ORDER_PATTERNS));
        }
        let compile =
            |(at, text): (usize, &String)| Pattern::new(text).map_err(|error| BadSettings::Pattern(at, error));
        Ok(Self {
            orders: settings.order_patterns.iter().enumerate().map(compile).collect::<Result<_, _>>()?,
            products: Products::new(&settings.products)?,
            country: Country::of(settings.country.as_deref()),
        })
    }

    /// All that a text names, in its order; of what overlaps the longest, of equally long the first [`Kind`].
    pub fn find(&self, text: &str, now: Moment) -> Vec<Entity> {
        let folded = Folded::new(text);
        let mut found = Vec::new();
        for order in &self.orders {
            found.extend(order.find_all(&folded, Kind::OrderNumber));
        }
        found.extend(self.products.find(&folded));
        found.extend(contact::find(&folded, self.country));
        found.extend(amount::find(&folded, self.country));
        found.extend(temporal::find(&folded, now, self.country));
        resolve(found)
    }
}

/// Of what overlaps the longest, then the first kind, then the first place; in the text's order.
fn resolve(mut found: Vec<Entity>) -> Vec<Entity> {
    found.sort_by_key(|entity| (std::cmp::Reverse(entity.end - entity.start), entity.kind, entity.start));
    let mut kept = std::collections::BTreeMap::<usize, Entity>::new();
    for entity in found {
        let before = kept.range(..entity.end).next_back();
        if before.is_none_or(|(_, other)| other.end <= entity.start) {
            kept.insert(entity.start, entity);
        }
    }
    kept.into_values().collect()
}

/// Where a company's visitors are, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Country {
    code: [u8; 2],
}

impl Country {
    fn of(code: Option<&str>) -> Self {
        let code = code.unwrap_or("CN").trim().to_ascii_uppercase();
        Self { code: code.as_bytes().try_into().unwrap_or(*b"CN") }
    }

    fn is(self, code: &str) -> bool {
        self.code == code.as_bytes()
    }

    /// Whether `3/4` is the third of April.
    fn day_first(self) -> bool {
        !matches!(&self.code, b"CN" | b"US" | b"CA" | b"JP" | b"KR" | b"TW" | b"PH")
    }
}
