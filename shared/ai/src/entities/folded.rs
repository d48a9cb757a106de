//! A text with its width and case folded, as a string that regular expressions can read, with the way back to the
//! characters as typed.

use std::ops::Range;

use crate::text::{fold, narrow};

/// A text, character by character the one that was typed.
#[derive(Debug)]
pub struct Folded {
    /// As typed.
    typed: Vec<char>,
    /// Folded: half width, lower case where that is one character.
    pub text: String,
    /// Half width only.
    pub narrow: String,
    text_places: Vec<usize>,
    narrow_places: Vec<usize>,
}

impl Folded {
    /// Folds a text.
    pub fn new(text: &str) -> Self {
        let typed: Vec<char> = text.chars().collect();
        let (folded, text_places) = join(&fold(text));
        let (narrow, narrow_places) = join(&narrow(text));
        Self { typed, text: folded, narrow, text_places, narrow_places }
    }

    /// The characters that bytes of [`Self::text`] stand for.
    pub fn chars(&self, bytes: Range<usize>) -> Range<usize> {
        place(&self.text_places, bytes.start)..place(&self.text_places, bytes.end)
    }

    /// The characters that bytes of [`Self::narrow`] stand for.
    pub fn narrow_chars(&self, bytes: Range<usize>) -> Range<usize> {
        place(&self.narrow_places, bytes.start)..place(&self.narrow_places, bytes.end)
    }

    /// Characters as typed.
    pub fn typed(&self, chars: Range<usize>) -> String {
        self.typed.get(chars).unwrap_or_default().iter().collect()
    }
}

fn join(chars: &[char]) -> (String, Vec<usize>) {
    let mut text = String::with_capacity(chars.len() * 2);
    let mut places = Vec::with_capacity(chars.len());
    for char in chars {
        places.push(text.len());
        text.push(*char);
    }
    (text, places)
}

/// The character that begins at a byte.
fn place(places: &[usize], byte: usize) -> usize {
    places.partition_point(|start| *start < byte)
}

/// The character before a byte of a text.
pub fn before(text: &str, byte: usize) -> Option<char> {
    text.get(..byte).and_then(|head| head.chars().next_back())
}

/// The character at a byte of a text.
pub fn after(text: &str, byte: usize) -> Option<char> {
    text.get(byte..).and_then(|tail| tail.chars().next())
}

/// Whether the bytes stand alone: no Latin letter, digit or underscore touches them, and no hyphen, point or `@` joins
/// them to one, as in `A-1001`, `1.5` or `me@1001`. Chinese around them is no part of them.
pub fn stands_alone(text: &str, bytes: &Range<usize>) -> bool {
    let mut head = text.get(..bytes.start).unwrap_or_default().chars().rev();
    let mut tail = text.get(bytes.end..).unwrap_or_default().chars();
    let left = head.next();
    let right = tail.next();
    let touched = left.is_some_and(is_word) || right.is_some_and(is_word);
    let joined = |sign: Option<char>, next: Option<char>| sign.is_some_and(joins) && next.is_some_and(is_word);
    !(touched || joined(left, head.next()) || joined(right, tail.next()))
}

/// A letter or digit of a script that writes spaces.
pub fn is_word(char: char) -> bool {
    char == '_' || char.is_alphanumeric() && !crate::text::is_han(char)
}

fn joins(char: char) -> bool {
    matches!(char, '-' | '.' | '@')
}
