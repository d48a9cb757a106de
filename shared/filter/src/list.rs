//! What an account writes down: lists of words, what they are about and what is done.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::Units;

/// Words of one list: what the filter is measured with.
pub const WORDS_PER_LIST: usize = 10_000;
/// Characters of a word or phrase: the length of a sentence, more is not a word.
pub const WORD_CHARS: usize = 100;
/// Letters that a word is read as: one character may stand for several (`㎏`), and the automaton counts them in a byte.
pub(crate) const WORD_LETTERS: usize = 200;
/// Bytes of a list's words: DynamoDB's item has 400 KB and an HTTP body 256 KB, with room for the names beside them.
pub const LIST_BYTES: usize = 250 * 1000;
/// Lists of one account: a few categories in a few languages.
pub const LISTS: usize = 50;
/// Words of all lists together: about 3 MB compiled, once in each warm function.
pub const WORDS: usize = 20_000;
/// Characters of a list's name or category.
pub const NAME_CHARS: usize = 60;
/// Words that look the same once folded: bounds what one place in a text can cost.
pub const WORDS_ALIKE: usize = 64;

/// What happens to a message with a listed word, the mildest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// It goes on with the word's letters as `*`.
    Mask,
    /// It waits for somebody's review.
    Hold,
    /// It is not taken.
    Refuse,
}

/// Whose messages a list is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Everybody's.
    #[default]
    Both,
    /// What visitors write.
    FromVisitor,
    /// What visitors read: written by agents, bots and the company's systems.
    ToVisitor,
}

/// Who wrote a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// The visitor.
    Visitor,
    /// An agent, a bot or a system of the company.
    Company,
}

impl Direction {
    /// Whether a list with this direction looks at what `side` wrote.
    pub fn covers(self, side: Side) -> bool {
        match self {
            Self::Both => true,
            Self::FromVisitor => side == Side::Visitor,
            Self::ToVisitor => side == Side::Company,
        }
    }
}

/// One list of words of an account.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub struct WordList {
    /// What the account calls it; unique among its lists. At most [`NAME_CHARS`] characters.
    pub name: String,
    /// What the words are about: `abuse`, `advertising`, `politics`. At most [`NAME_CHARS`] characters.
    pub category: String,
    /// What happens to a message that has one.
    pub action: Action,
    /// Words and phrases, each of 1 to [`WORD_CHARS`] characters and with a letter or a digit at both ends.
    pub words: Vec<String>,
    /// Whose messages it is for.
    #[serde(default)]
    pub direction: Direction,
    /// Kept, but not looked at.
    #[serde(default)]
    pub disabled: bool,
}

/// The words of a list do not belong into a log; how many there are does.
impl fmt::Debug for WordList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WordList")
            .field("name", &self.name)
            .field("category", &self.category)
            .field("action", &self.action)
            .field("words", &self.words.len())
            .field("direction", &self.direction)
            .field("disabled", &self.disabled)
            .finish()
    }
}

/// What is wrong with a list. A word is named by its place, counted from 0, never by itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A name or category is empty or too long.
    #[error("a list's name and category have 1 to {NAME_CHARS} characters")]
    Name,
    /// Two lists have the same name.
    #[error("two lists are called {0:?}")]
    SameName(String),
    /// A list has too many words.
    #[error("list {list:?} has {words} words, at most {WORDS_PER_LIST} are taken")]
    Words {
        /// The list.
        list: String,
        /// What it has.
        words: usize,
    },
    /// A list is too big to be stored.
    #[error("list {list:?} has {bytes} bytes of words, at most {LIST_BYTES} are taken")]
    Bytes {
        /// The list.
        list: String,
        /// What it has.
        bytes: usize,
    },
    /// A word is empty or too long.
    #[error("word {at} of list {list:?} has no letters or more than {WORD_CHARS} characters")]
    Length {
        /// The list.
        list: String,
        /// The word's place.
        at: usize,
    },
    /// A word has a sign at an end: it would be read as a separator, and `+v` would find every `v`.
    #[error("word {at} of list {list:?} begins or ends with a sign, which is never looked at")]
    Sign {
        /// The list.
        list: String,
        /// The word's place.
        at: usize,
    },
    /// Too many lists.
    #[error("{0} lists, at most {LISTS} are taken")]
    Lists(usize),
    /// Too many words over all.
    #[error("{0} words in all lists, at most {WORDS} are taken")]
    AllWords(usize),
    /// Too many words that cannot be told apart fast.
    #[error("more than {WORDS_ALIKE} words look like word {at} of list {list:?}")]
    Alike {
        /// The list.
        list: String,
        /// The word's place.
        at: usize,
    },
    /// The words could not be compiled.
    #[error("the words could not be compiled: {0}")]
    Compile(String),
}

impl WordList {
    /// Checks one list by itself, before it is stored.
    ///
    /// # Errors
    ///
    /// The first limit that it breaks, or the first word that could never be found.
    pub fn check(&self) -> Result<(), Fault> {
        let named = |name: &str| !name.trim().is_empty() && name.chars().count() <= NAME_CHARS;
        if !named(&self.name) || !named(&self.category) {
            return Err(Fault::Name);
        }
        let list = || self.name.clone();
        if self.words.len() > WORDS_PER_LIST {
            return Err(Fault::Words { list: list(), words: self.words.len() });
        }
        let bytes = self.words.iter().map(String::len).sum();
        if bytes > LIST_BYTES {
            return Err(Fault::Bytes { list: list(), bytes });
        }
        self.words.iter().enumerate().try_for_each(|(at, word)| match check_word(word) {
            Ok(()) => Ok(()),
            Err(Wrong::Length) => Err(Fault::Length { list: list(), at }),
            Err(Wrong::Sign) => Err(Fault::Sign { list: list(), at }),
        })
    }
}

/// What may be wrong with one word.
enum Wrong {
    Length,
    Sign,
}

fn check_word(word: &str) -> Result<(), Wrong> {
    let chars = word.trim().chars().count();
    let units = Units::of_word(word);
    if chars > WORD_CHARS || units.is_empty() || units.all.len() > WORD_LETTERS {
        return Err(Wrong::Length);
    }
    if units.starts_with_sign() || units.ends_with_sign() {
        return Err(Wrong::Sign);
    }
    Ok(())
}
