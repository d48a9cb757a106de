//! Dates and times put together: a day and an hour to a moment, two of a kind to a period.

use std::{ops::Range, sync::LazyLock};

use jiff::{
    ToSpan,
    civil::{Date, DateTime, Time},
};
use regex::{Captures, Regex};

use super::{
    Country, Entity, Kind, Moment, dates,
    folded::{Folded, after, before, is_word},
    numerals::{is_numeral, number},
    relative, times,
};

/// What words say of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// A day.
    Date(Date),
    /// Days in a row, both included.
    Dates(Date, Date),
    /// A time, and whether it said which half of the day.
    Time(Time, Half),
    /// From a time to another.
    Times(Time, Time),
    /// A moment.
    Moment(DateTime),
    /// From a moment to another.
    Moments(DateTime, DateTime),
}

/// Which half of the day a time named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Half {
    /// None: `3点`, `15:00`.
    Unsaid,
    /// The morning.
    Morning,
    /// The afternoon or evening.
    Afternoon,
}

/// What a rule may look at.
#[derive(Debug, Clone, Copy)]
pub struct Scene {
    /// The visitor's clock.
    pub now: Moment,
    /// Where they are.
    pub country: Country,
}

/// What a rule's expression found.
pub struct Groups<'a> {
    captures: Captures<'a>,
    text: &'a str,
}

impl Groups<'_> {
    /// A group's text.
    pub fn get(&self, group: usize) -> Option<&str> {
        self.captures.get(group).map(|found| found.as_str())
    }

    /// A group's number.
    pub fn number(&self, group: usize) -> Option<i64> {
        self.get(group).and_then(number).and_then(|number| i64::try_from(number).ok())
    }

    /// The text before all of it.
    pub fn head(&self) -> &str {
        self.captures.get(0).and_then(|all| self.text.get(..all.start())).unwrap_or_default()
    }

    /// The text behind all of it.
    pub fn tail(&self) -> &str {
        self.captures.get(0).and_then(|all| self.text.get(all.end()..)).unwrap_or_default()
    }

    /// The character before all of it.
    pub fn before(&self) -> Option<char> {
        before(self.text, self.captures.get(0)?.start())
    }

    /// The character behind all of it.
    pub fn after(&self) -> Option<char> {
        after(self.text, self.captures.get(0)?.end())
    }
}

/// An expression over folded text, and what it means.
pub type Rule = (&'static str, Make);

/// What an expression's groups mean; nothing where it was found in other words.
type Make = fn(&Groups, &Scene) -> Option<When>;

static RULES: LazyLock<Vec<(Regex, Make)>> = LazyLock::new(|| {
    let rules = dates::RULES.iter().chain(relative::RULES).chain(times::RULES);
    rules.filter_map(|(expression, make)| Some((Regex::new(expression).ok()?, *make))).collect()
});

/// Where something was said.
#[derive(Debug, Clone)]
struct Spot {
    bytes: Range<usize>,
    when: When,
}

/// All that a text says of time.
pub fn find(folded: &Folded, now: Moment, country: Country) -> Vec<Entity> {
    let text = folded.text.as_str();
    let scene = Scene { now, country };
    let mut spots = Vec::new();
    for (expression, make) in RULES.iter() {
        for captures in expression.captures_iter(text) {
            let Some(bytes) = captures.get(0).map(|all| all.range()) else { continue };
            if free(text, &bytes)
                && let Some(when) = make(&Groups { captures, text }, &scene)
            {
                spots.push(Spot { bytes, when });
            }
        }
    }
    let spots = join(text, longest(spots), period);
    let spots = join(text, spots, moment);
    let spots = join(text, spots, period);
    spots.into_iter().map(|spot| entity(folded, &spot)).collect()
}

/// Whether nothing that touches the bytes makes another thing of them: a letter, a digit, a decimal.
fn free(text: &str, bytes: &Range<usize>) -> bool {
    let inside = |byte| after(text, byte);
    let (first, last) = (inside(bytes.start), before(text, bytes.end));
    let (left, right) = (before(text, bytes.start), inside(bytes.end));
    let touches = |inner: Option<char>, outer: Option<char>| {
        let both = |test: fn(char) -> bool| inner.is_some_and(test) && outer.is_some_and(test);
        both(is_word) || both(is_numeral)
    };
    let sign = |char: Option<char>| char.is_some_and(|char| matches!(char, '.' | '/' | ':' | ','));
    let head = text.get(..bytes.start).unwrap_or_default().chars().rev().nth(1);
    let tail = text.get(bytes.end..).unwrap_or_default().chars().nth(1);
    let digit = |char: Option<char>| char.is_some_and(|char| char.is_ascii_digit());
    !(touches(first, left)
        || touches(last, right)
        || digit(first) && sign(left) && digit(head)
        || digit(last) && sign(right) && digit(tail))
}

/// Of what overlaps, the longest; in the text's order.
fn longest(mut spots: Vec<Spot>) -> Vec<Spot> {
    spots.sort_by_key(|spot| (std::cmp::Reverse(spot.bytes.len()), spot.bytes.start));
    let mut kept = std::collections::BTreeMap::<usize, Spot>::new();
    for spot in spots {
        let before = kept.range(..spot.bytes.end).next_back();
        if before.is_none_or(|(_, other)| other.bytes.end <= spot.bytes.start) {
            kept.insert(spot.bytes.start, spot);
        }
    }
    kept.into_values().collect()
}

/// Joins neighbours where `rule` knows what they mean together, with the words between them.
fn join(text: &str, spots: Vec<Spot>, rule: fn(When, &str, When) -> Option<When>) -> Vec<Spot> {
    let mut joined: Vec<Spot> = Vec::with_capacity(spots.len());
    for spot in spots {
        if let Some(last) = joined.last_mut()
            && let Some(gap) = text.get(last.bytes.end..spot.bytes.start).filter(|gap| gap.len() <= 24)
            && let Some(when) = rule(last.when, meant(text, last.bytes.start, gap.trim()), spot.when)
        {
            *last = Spot { bytes: last.bytes.start..spot.bytes.end, when };
        } else {
            joined.push(spot);
        }
    }
    joined
}

/// The word between two: `between 2 and 4` is from 2 to 4.
fn meant<'a>(text: &str, start: usize, gap: &'a str) -> &'a str {
    let head = text.get(..start).unwrap_or_default().trim_end();
    if gap == "and" && head.ends_with("between") { "to" } else { gap }
}

/// A day and a time.
fn moment(first: When, gap: &str, second: When) -> Option<When> {
    let forth = matches!(
        gap,
        "" | "morning"
            | "morning at"
            | "between"
            | "from"
            | ","
            | "，"
            | "的"
            | "at"
            | "around"
            | "大概"
            | "大约"
            | "@"
            | "t"
            | ", at"
    );
    let back = matches!(gap, "" | "," | "on" | "of");
    match (first, second) {
        (When::Date(date), When::Time(time, _)) if forth => Some(When::Moment(date.to_datetime(time))),
        (When::Time(time, _), When::Date(date)) if back => Some(When::Moment(date.to_datetime(time))),
        (When::Date(date), When::Times(from, to)) if forth => day_hours(date, from, to),
        (When::Times(from, to), When::Date(date)) if back => day_hours(date, from, to),
        _ => None,
    }
}

fn day_hours(date: Date, from: Time, to: Time) -> Option<When> {
    let end = if to > from { date } else { date.tomorrow().ok()? };
    Some(When::Moments(date.to_datetime(from), end.to_datetime(to)))
}

/// From one to another of a kind.
fn period(first: When, gap: &str, second: When) -> Option<When> {
    const TO: &[&str] = &["-", "--", "–", "—", "——", "~", "to", "until", "till", "through", "thru", "到", "至", "直到"];
    if !TO.contains(&gap) {
        return None;
    }
    match (first, second) {
        (When::Date(from), When::Date(to)) => {
            let to = if to >= from {
                to
            } else if from.checked_sub(6.days()).is_ok_and(|week| week <= to) {
                to.checked_add(7.days()).ok()?
            } else {
                to.checked_add(1.year()).ok().filter(|to| *to >= from)?
            };
            Some(When::Dates(from, to))
        }
        (When::Time(from, half), When::Time(to, other)) => {
            let late = other == Half::Unsaid && half == Half::Afternoon && to.hour() < 12;
            let early =
                half == Half::Unsaid && other == Half::Afternoon && from.hour() < 12 && from.hour() + 12 < to.hour();
            let noon = |time: Time, add: bool| if add { time.wrapping_add(12.hours()) } else { time };
            Some(When::Times(noon(from, early), noon(to, late)))
        }
        (When::Moment(from), When::Moment(to)) if from < to => Some(When::Moments(from, to)),
        _ => None,
    }
}

fn entity(folded: &Folded, spot: &Spot) -> Entity {
    let clock = |time: Time| time.strftime("%H:%M").to_string();
    let both = |at: DateTime| format!("{}T{}", at.date(), clock(at.time()));
    let (kind, normal) = match spot.when {
        When::Date(date) => (Kind::Date, date.to_string()),
        When::Dates(from, to) => (Kind::Period, format!("{from}/{to}")),
        When::Time(time, _) => (Kind::Time, clock(time)),
        When::Times(from, to) => (Kind::Period, format!("{}/{}", clock(from), clock(to))),
        When::Moment(at) => (Kind::DateTime, both(at)),
        When::Moments(from, to) => (Kind::Period, format!("{}/{}", both(from), both(to))),
    };
    let chars = folded.chars(spot.bytes.clone());
    Entity { kind, start: chars.start, end: chars.end, value: folded.typed(chars), normal }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_rules_compile() {
        assert_eq!(RULES.len(), dates::RULES.len() + relative::RULES.len() + times::RULES.len());
    }
}
