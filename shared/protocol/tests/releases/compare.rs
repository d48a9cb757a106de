//! Whether what one version writes can be read by another: every message that the writer's schema allows is one that the
//! reader's schema takes. Once with an old client that writes and a new server that reads, once the other way round.

use std::{
    cell::RefCell,
    collections::{BTreeSet, HashMap},
    fmt,
};

use serde_json::Value;

use crate::shape::{Shape, alternatives, holds};

/// Something that one side can no longer do with the other, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Break {
    /// Where: a route, an action, a definition's property.
    pub place: String,
    /// What is wrong, in plain words.
    pub what: String,
    /// What to do.
    pub advice: &'static str,
}

impl fmt::Display for Break {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}\n      → {}", self.place, self.what, self.advice)
    }
}

/// Who reads what the other side wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// The present server, what a client of the release sends. It refuses what it does not know.
    NewServer,
    /// A client of the release, what the present server says. It ignores what it does not know.
    OldClient,
}

const MAKE_OPTIONAL: &str =
    "make it optional (`#[serde(default)]`), or add a new action or route beside it that needs it";
const KEEP_TAKING: &str = "go on taking it, even if nothing is done about it";
const KEEP_SAYING: &str = "go on saying it: clients of that release show it, or decide by it";
const TAKE_BOTH: &str = "go on taking what was taken, and add a new field, action or value beside it";
const SAY_BESIDE: &str = "leave this as it is, and say the new thing in a new field beside it";
const OPEN_OR_BESIDE: &str =
    "say it in a new field; or list it in open.json, where clients of that release get on with unknown values";

/// Compares what `writer` writes with what `reader` reads; both are documents with definitions.
pub struct Comparison<'a> {
    pub writer: &'a Value,
    pub reader: &'a Value,
    pub who: Reader,
    /// Definitions that may get new values and kinds: clients get on with those that they do not know.
    pub open: &'a BTreeSet<String>,
    /// Pairs of definitions that were compared, for they are used in many places; an empty list while it is done.
    known: RefCell<HashMap<(String, String), Vec<Break>>>,
}

impl<'a> Comparison<'a> {
    pub fn new(writer: &'a Value, reader: &'a Value, who: Reader, open: &'a BTreeSet<String>) -> Self {
        Self { writer, reader, who, open, known: RefCell::default() }
    }

    /// What the reader cannot read of what the writer may write at `place`.
    pub fn breaks(&self, written: &Value, read: &Value, place: &str) -> Vec<Break> {
        let name = |schema: &Value| schema.get("$ref").and_then(Value::as_str).map(str::to_owned);
        let (Some(one), Some(two)) = (name(written), name(read)) else {
            return self.schema(written, read, place);
        };
        let place = two.rsplit('/').next().unwrap_or(place).to_owned();
        let pair = (one, two);
        if let Some(breaks) = self.known.borrow().get(&pair) {
            return breaks.clone();
        }
        self.known.borrow_mut().insert(pair.clone(), vec![]);
        let breaks = self.schema(written, read, &place);
        self.known.borrow_mut().insert(pair, breaks.clone());
        breaks
    }

    fn schema(&self, written: &Value, read: &Value, place: &str) -> Vec<Break> {
        let (ours, theirs) = (alternatives(self.writer, written), alternatives(self.reader, read));
        let mut breaks: Vec<_> = ours.iter().flat_map(|shape| self.alternative(shape, &theirs, place)).collect();
        if self.who == Reader::OldClient {
            let gone = |shape: &&Shape| !shape.tags().is_empty() && ours.iter().all(|own| own.tags() != shape.tags());
            let gone = theirs.iter().filter(gone);
            breaks.extend(
                gone.map(|shape| fault(place, &format!("{} is never said any more", described(shape)), KEEP_SAYING)),
            );
        }
        breaks.sort();
        breaks.dedup();
        breaks
    }

    /// The breaks with the alternative that fits best.
    fn alternative(&self, shape: &Shape, theirs: &[Shape], place: &str) -> Vec<Break> {
        let fits =
            |other: &&Shape| holds(other.kind, shape.kind) && (other.value.is_none() || other.value == shape.value);
        let fitting: Vec<_> = theirs.iter().filter(fits).collect();
        let alike = |other: &&&Shape| other.tags() == shape.tags() && other.is_catch_all() == shape.is_catch_all();
        let mut candidates: Vec<_> = fitting.iter().filter(alike).collect();
        if candidates.is_empty() {
            if self.who == Reader::OldClient
                && !self.open.is_disjoint(&theirs.iter().flat_map(|other| other.names.clone()).collect())
            {
                return vec![];
            }
            let tags = shape.tags();
            let possible = |other: &&&Shape| other.tags().iter().all(|(name, value)| tags.get(name) == Some(value));
            candidates = fitting.iter().filter(possible).collect();
        }
        let place = &place_of(place, shape);
        // One that fits, else the one most like it: alternatives without a tag are told apart by what they have.
        let alien =
            |other: &Shape| shape.properties.keys().filter(|name| !other.properties.contains_key(*name)).count();
        let tried = candidates.into_iter().map(|other| (alien(other), self.shapes(shape, other, place)));
        let best =
            tried.min_by_key(|(alien, breaks)| if breaks.is_empty() { (0, 0) } else { (alien + 1, breaks.len()) });
        best.map(|(_, breaks)| breaks).unwrap_or_else(|| {
            let what = described(shape);
            vec![match self.who {
                Reader::NewServer => fault(place, &format!("{what} is taken no longer"), TAKE_BOTH),
                Reader::OldClient => {
                    fault(place, &format!("{what} is new, and such a client does not know it"), OPEN_OR_BESIDE)
                }
            }]
        })
    }

    fn shapes(&self, ours: &Shape, theirs: &Shape, place: &str) -> Vec<Break> {
        let mut breaks = self.limits(ours, theirs, place);
        match (&ours.items, &theirs.items) {
            (Some(own), Some(other)) => breaks.extend(self.breaks(own, other, &format!("{place}[]"))),
            (None, Some(_)) => breaks.push(fault(place, "its items may now be anything", SAY_BESIDE)),
            (_, None) => {}
        }
        breaks.extend(self.required(ours, theirs, place));
        breaks.extend(ours.properties.iter().flat_map(|(name, own)| {
            let place = format!("{place}.{name}");
            match theirs.properties.get(name).or(theirs.additional.as_ref().filter(|rest| **rest != Value::Bool(false)))
            {
                Some(other) => self.property(own, other, &place),
                None if self.who == Reader::NewServer => vec![fault(&place, "is taken no longer", KEEP_TAKING)],
                None => vec![],
            }
        }));
        let rest = |shape: &Shape| shape.additional.clone().filter(|rest| *rest != Value::Bool(false));
        match (rest(ours), rest(theirs)) {
            (Some(own), Some(other)) => breaks.extend(self.breaks(&own, &other, &format!("{place}.*"))),
            (Some(_), None) if self.who == Reader::NewServer => {
                breaks.push(fault(place, "takes no properties any more but those it names", KEEP_TAKING));
            }
            _ => {}
        }
        breaks
    }

    fn property(&self, own: &Value, other: &Value, place: &str) -> Vec<Break> {
        let mut breaks = self.breaks(own, other, place);
        let defaults = (own.get("default"), other.get("default"));
        if let (Reader::NewServer, (Some(was), Some(is))) = (self.who, defaults)
            && was != is
        {
            let what = format!("left out, it meant {was} and now means {is}");
            breaks.push(fault(place, &what, "leave the default, for clients of that release rely on it"));
        }
        breaks
    }

    fn required(&self, ours: &Shape, theirs: &Shape, place: &str) -> Vec<Break> {
        let needs = theirs.required.difference(&ours.required).map(|name| (name, true));
        // An object with a choice of one property says so by what is required: what is not there at all is another matter.
        let lacks = theirs.properties.keys().filter(|name| {
            self.who == Reader::OldClient && !ours.properties.contains_key(*name) && !theirs.required.contains(*name)
        });
        let fault = |(name, needed): (&String, bool)| {
            let place = format!("{place}.{name}");
            match self.who {
                Reader::NewServer => fault(&place, "is now required, and such a client leaves it out", MAKE_OPTIONAL),
                Reader::OldClient if needed && ours.properties.contains_key(name) => {
                    fault(&place, "was always there, and now may be absent", KEEP_SAYING)
                }
                Reader::OldClient => fault(&place, "is there no longer", KEEP_SAYING),
            }
        };
        needs.chain(lacks.map(|name| (name, false))).map(fault).collect()
    }

    fn limits(&self, ours: &Shape, theirs: &Shape, place: &str) -> Vec<Break> {
        let advice = if self.who == Reader::NewServer { TAKE_BOTH } else { SAY_BESIDE };
        let shown = |limit: Option<&f64>| limit.map_or_else(|| "none".to_owned(), f64::to_string);
        let mut whats = vec![];
        for (word, limit) in &theirs.least {
            let own = ours.least.get(word);
            if own.is_none_or(|own| own < limit) {
                whats.push(self.turned(word, &shown(own), &shown(Some(limit))));
            }
        }
        for (word, limit) in &theirs.most {
            let own = ours.most.get(word);
            if own.is_none_or(|own| own > limit) {
                whats.push(self.turned(word, &shown(own), &shown(Some(limit))));
            }
        }
        for (word, look) in &theirs.looks {
            let own = ours.looks.get(word);
            if own != Some(look) {
                whats.push(self.turned(
                    word,
                    &own.map_or_else(|| "none".to_owned(), Value::to_string),
                    &look.to_string(),
                ));
            }
        }
        if theirs.unique && !ours.unique {
            whats.push(self.turned("uniqueItems", "false", "true"));
        }
        whats.into_iter().map(|what| fault(place, &what, advice)).collect()
    }

    /// What was the writer's and the reader's, in the order of time.
    fn turned(&self, word: &str, written: &str, read: &str) -> String {
        let (was, is) = if self.who == Reader::NewServer { (written, read) } else { (read, written) };
        format!("`{word}` was {was} and is now {is}")
    }
}

fn fault(place: &str, what: &str, advice: &'static str) -> Break {
    Break { place: place.to_owned(), what: what.to_owned(), advice }
}

/// `ClientFrame` and the like with what tells this alternative from others: ``ClientFrame `send` ``.
fn place_of(place: &str, shape: &Shape) -> String {
    let tags: Vec<_> = shape.tags().into_values().filter_map(Value::as_str).map(|tag| format!(" `{tag}`")).collect();
    format!("{place}{}", tags.concat())
}

fn described(shape: &Shape) -> String {
    let tags: Vec<_> = shape.tags().iter().map(|(name, value)| format!("{name} {value}")).collect();
    match (&shape.value, tags.is_empty()) {
        (Some(value), _) => value.to_string(),
        (None, false) => tags.join(", "),
        (None, true) => format!("a value of type {:?}", shape.kind).to_lowercase(),
    }
}
