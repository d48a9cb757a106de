//! A company's own pattern: what an order number, or a tool's argument, looks like.

use std::ops::Range;

use regex::{Regex, RegexBuilder};

use super::{
    Entity, Kind,
    folded::{Folded, stands_alone},
};

/// Bytes of a pattern: a screen line or two.
pub const PATTERN_BYTES: usize = 500;

/// Bytes that a compiled pattern may need; `[A-Z]{2}\d{3,10}` needs 2 KB.
const COMPILED_BYTES: usize = 256 * 1024;

/// Values of one pattern that are looked at in a text: nobody names more orders at once, and it bounds what a pattern
/// costs that looks far ahead before each match.
const MATCHES: usize = 50;

/// Words and numbers of which any text is full. No order number looks like them.
const ORDINARY: [&str; 12] = ["a", "I", "is", "ok", "yes", "where", "Hello", "order", "你好", "订单", "2", "10"];

/// Why a pattern cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadPattern {
    /// Over [`PATTERN_BYTES`].
    #[error("is longer than {PATTERN_BYTES} bytes")]
    TooLong,
    /// No regular expression, or one that is too large.
    #[error("is not a regular expression that can be used: {0}")]
    Invalid(String),
    /// It matches the empty text, so it would match everywhere.
    #[error("matches the empty text")]
    Empty,
}

/// A pattern, compiled: finds values that match it as a whole, whatever Chinese stands around them, however wide they
/// are typed, and in the other case if only that matches. Linear time, whatever the pattern.
#[derive(Debug, Clone)]
pub struct Pattern {
    whole: Regex,
    exact: Regex,
    loose: Regex,
}

impl Pattern {
    /// Compiles a pattern; `^` and `$` around it change nothing.
    ///
    /// # Errors
    /// [`BadPattern`].
    pub fn new(pattern: &str) -> Result<Self, BadPattern> {
        if pattern.len() > PATTERN_BYTES {
            return Err(BadPattern::TooLong);
        }
        // By itself first: what is not closed in it must not be closed by what is put around it.
        compile(pattern, false)?;
        let inner = bare(pattern);
        let whole = compile(&format!("^(?:{inner})$"), false)?;
        if whole.is_match("") {
            return Err(BadPattern::Empty);
        }
        let token = format!(r"(?-u:\b{{start-half}})(?:{inner})(?-u:\b{{end-half}})");
        Ok(Self { whole, exact: compile(&token, false)?, loose: compile(&token, true)? })
    }

    /// Whether a value matches as a whole.
    pub fn matches(&self, value: &str) -> bool {
        self.whole.is_match(value)
    }

    /// Whether it tells its values from ordinary words: what matches `hello` or `2` says nothing of a text.
    pub fn is_telling(&self) -> bool {
        ORDINARY.iter().all(|word| self.find(word).is_none())
    }

    /// The first part of a text that matches as a whole.
    pub fn find(&self, text: &str) -> Option<Entity> {
        self.find_all(&Folded::new(text), Kind::OrderNumber).into_iter().next()
    }

    /// All parts of a text that match as a whole.
    pub(super) fn find_all(&self, folded: &Folded, kind: Kind) -> Vec<Entity> {
        let places = |regex: &Regex| -> Vec<Range<usize>> {
            let matches = regex.find_iter(&folded.narrow).take(MATCHES).map(|found| found.range());
            matches.filter(|bytes| stands_alone(&folded.narrow, bytes)).collect()
        };
        let mut found = places(&self.exact);
        if found.is_empty() {
            found = places(&self.loose);
        }
        let entity = |bytes: Range<usize>| {
            let narrow = folded.narrow.get(bytes.clone())?;
            let normal = [narrow.to_owned(), narrow.to_uppercase(), narrow.to_lowercase()];
            let normal = normal.into_iter().find(|normal| self.matches(normal))?;
            let chars = folded.narrow_chars(bytes);
            Some(Entity { kind, start: chars.start, end: chars.end, value: folded.typed(chars), normal })
        };
        found.into_iter().filter_map(entity).collect()
    }
}

/// The first part of a text that matches an anchored pattern as a whole, such as a tool's parameter has:
/// `[A-Z]\d{3,10}` finds `A1001` in `我的订单a1001到哪了`.
///
/// # Errors
/// [`BadPattern`]. Who asks often keeps a [`Pattern`].
pub fn fits(pattern: &str, text: &str) -> Result<Option<Entity>, BadPattern> {
    Ok(Pattern::new(pattern)?.find(text))
}

fn compile(pattern: &str, any_case: bool) -> Result<Regex, BadPattern> {
    let mut builder = RegexBuilder::new(pattern);
    builder.size_limit(COMPILED_BYTES).dfa_size_limit(2 * COMPILED_BYTES).case_insensitive(any_case);
    builder.build().map_err(|error| BadPattern::Invalid(last_line(&error)))
}

/// What is wrong, without the drawing around it.
fn last_line(error: &regex::Error) -> String {
    let text = error.to_string();
    text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
}

/// A pattern without the anchors around it.
fn bare(pattern: &str) -> &str {
    let inner = pattern.strip_prefix('^').unwrap_or(pattern);
    match inner.strip_suffix('$') {
        Some(rest) if rest.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 0 => rest,
        _ => inner,
    }
}
