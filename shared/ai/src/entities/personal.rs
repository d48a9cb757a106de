//! What [`crate::mask`] needs of this module: a folded text with the way back to its bytes, e-mails and phones.

use std::ops::Range;

pub use super::folded::stands_alone;
use super::{Country, Kind, contact, folded::Folded};

/// What is found here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// E-mail addresses.
    Email,
    /// Phone numbers.
    Phone,
}

/// A text, folded, with the way back to the bytes as typed.
#[derive(Debug)]
pub struct Text {
    folded: Folded,
    /// The byte at which each character begins, and the end.
    bytes: Vec<usize>,
    contacts: Vec<(Kind, Range<usize>)>,
}

impl Text {
    /// Folds a text and looks for contacts in it.
    pub fn new(text: &str) -> Self {
        let folded = Folded::new(text);
        let bytes = text.char_indices().map(|(byte, _)| byte).chain([text.len()]).collect();
        let found = contact::find(&folded, Country::of(None)).into_iter();
        let contacts = found.map(|entity| (entity.kind, entity.start..entity.end)).collect();
        Self { folded, bytes, contacts }
    }

    /// Half width, lower case.
    pub fn folded(&self) -> &str {
        &self.folded.text
    }

    /// The bytes as typed that bytes of the folded text stand for.
    pub fn typed(&self, folded: Range<usize>) -> Range<usize> {
        self.bytes_of(&self.folded.chars(folded))
    }

    /// The bytes as typed of contacts.
    pub fn found(&self, what: Found) -> Vec<Range<usize>> {
        let kind = if what == Found::Email { Kind::Email } else { Kind::Phone };
        let contacts = self.contacts.iter().filter(|(other, _)| *other == kind);
        contacts.map(|(_, chars)| self.bytes_of(chars)).collect()
    }

    fn bytes_of(&self, chars: &Range<usize>) -> Range<usize> {
        let end = self.bytes.last().copied().unwrap_or(0);
        let byte = |char: usize| self.bytes.get(char).copied().unwrap_or(end);
        byte(chars.start)..byte(chars.end)
    }
}
