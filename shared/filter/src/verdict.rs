//! What the filter says about a text.

use std::fmt;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use crate::fold::is_mark;
use crate::list::Action;

/// A listed word in a text. Which word it is, the text tells; it is not repeated here.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Match {
    /// Its first character, counted in characters of the text as typed.
    pub start: usize,
    /// The character behind its last one.
    pub end: usize,
    /// What its list does.
    pub action: Action,
    /// What its list is about.
    pub category: Arc<str>,
    /// Its list's name.
    pub list: Arc<str>,
}

/// What is done with a text, and why.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    /// The strictest action of all matches; none where nothing was found.
    pub action: Option<Action>,
    /// What was found, by place, each once for each list.
    pub matches: Vec<Match>,
    /// The text with `*` for each letter of a word that is masked; none where no word is.
    pub masked: Option<String>,
}

/// A text does not belong into a log.
impl fmt::Debug for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verdict")
            .field("action", &self.action)
            .field("matches", &self.matches)
            .field("masked", &self.masked.is_some())
            .finish()
    }
}

/// What one reading of a text gives.
#[derive(Default)]
pub struct Hits {
    /// The words, in no order.
    pub matches: Vec<Match>,
    /// The typed characters that are letters of a masked word.
    pub stars: Vec<u32>,
    /// Whether the masked text may have more.
    pub again: bool,
}

/// `text` with `*` at each of `stars`, and for the marks on those characters; separators and what is not seen stay.
pub fn mask(text: &str, stars: &mut Vec<u32>) -> String {
    stars.sort_unstable();
    stars.dedup();
    let mut stars = stars.iter().map(|&at| at as usize).peekable();
    let (mut on_star, mut copied) = (false, 0);
    let mut masked = String::with_capacity(text.len());
    for (at, (byte, c)) in text.char_indices().enumerate() {
        if !on_star && stars.peek().is_none() {
            break;
        }
        on_star = stars.next_if_eq(&at).is_some() || (on_star && is_mark(c));
        if on_star {
            masked.push_str(text.get(copied..byte).unwrap_or_default());
            masked.push('*');
            copied = byte + c.len_utf8();
        }
    }
    masked.push_str(text.get(copied..).unwrap_or_default());
    masked
}
