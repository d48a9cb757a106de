//! Features of a text for intents: hashed n-grams, seen two ways.
//!
//! Words alone and in pairs; and characters inside words, 2 to 5, which forgive what is misspelled. Where a script
//! writes no spaces, characters 1 to 3 across the run do for both. Hashes have 32 bits: among 100,000 n-grams about one
//! pair meets.

use crate::text::{Kind, Token};

/// Characters of the n-grams inside words, and of those in scripts without spaces.
const INSIDE: (usize, usize) = (2, 5);
const ACROSS: (usize, usize) = (1, 3);

/// The two views of a text.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Grams {
    /// Words, and pairs of them.
    pub words: Vec<Gram>,
    /// Characters.
    pub chars: Vec<Gram>,
}

/// An n-gram: its hash, and where it stands, for whoever wants to know why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Gram {
    pub hash: u32,
    pub start: u32,
    pub end: u32,
}

const SEED: u64 = 0xcbf2_9ce4_8422_2325;
const BEGIN: u64 = 1;
const END: u64 = 2;

/// One step of the hash: FNV-1a, turned so that short texts reach the upper bits too.
pub(crate) fn mix(hash: u64, value: u64) -> u64 {
    (hash ^ value).wrapping_mul(0x0100_0000_01b3).rotate_left(23)
}

/// The end of a hash.
#[expect(clippy::cast_possible_truncation, reason = "the lower half is as good as the upper")]
pub(crate) fn finish(hash: u64) -> u32 {
    let hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    (hash ^ (hash >> 29)) as u32
}

/// The hash of characters.
pub(crate) fn hash_chars(chars: &[char]) -> u64 {
    chars.iter().fold(SEED, |hash, char| mix(hash, u64::from(u32::from(*char))))
}

fn gram(hash: u64, start: usize, end: usize) -> Gram {
    let place = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
    Gram { hash: finish(hash), start: place(start), end: place(end) }
}

/// The n-grams of a folded text.
pub(crate) fn grams(chars: &[char], tokens: &[Token]) -> Grams {
    let spoken: Vec<&Token> = tokens.iter().filter(|token| token.kind != Kind::Sign).collect();
    let mut grams = Grams::default();
    let (mut before, mut begun) = (mix(SEED, BEGIN), 0);
    for token in &spoken {
        let word = hash_chars(&chars[token.start..token.end]);
        grams.words.push(gram(mix(word, 0x11), token.start, token.end));
        grams.words.push(gram(mix(mix(before, word), 0x12), begun, token.end));
        (before, begun) = (word, token.start);
    }
    grams.words.push(gram(mix(mix(before, END), 0x12), begun, chars.len()));
    let mut at = 0;
    while let Some(first) = spoken.get(at) {
        let mut end = at + 1;
        if first.kind == Kind::Han {
            while spoken.get(end).is_some_and(|next| next.kind == Kind::Han && next.start == spoken[end - 1].end) {
                end += 1;
            }
        }
        let (start, stop) = (first.start, spoken[end - 1].end);
        inside(&chars[start..stop], start, first.kind == Kind::Han, &mut grams.chars);
        at = end;
    }
    grams
}

/// The n-grams of characters of one word, with its borders; or of one run without spaces.
fn inside(word: &[char], start: usize, across: bool, out: &mut Vec<Gram>) {
    let (least, most) = if across { ACROSS } else { INSIDE };
    let border = usize::from(!across);
    let at = |place: usize| match place.checked_sub(border) {
        Some(place) => word.get(place).copied().unwrap_or(' '),
        None => ' ',
    };
    let length = word.len() + 2 * border;
    for first in 0..length {
        let mut hash = mix(SEED, 0x21);
        for count in 1..=most.min(length - first) {
            let last = first + count;
            hash = mix(hash, u64::from(u32::from(at(last - 1))));
            if count >= least {
                let (from, to) = (first.saturating_sub(border), (last - border).min(word.len()));
                out.push(gram(mix(hash, count as u64), start + from, start + to));
            }
        }
    }
}
