//! A text as the tagger sees it: its tokens, and the hashed features of each, by itself and by its neighbours.

use std::collections::BTreeMap;

use super::{
    bytes::{Reader, Writer},
    features::{finish, hash_chars, mix},
    slots::below,
    table::Table,
};
use crate::text::{Kind, Token, tokens};

/// Tokens of the longest value that is looked for among those that were seen.
const LONGEST: usize = 8;

/// Values that were seen, by hash, and of which slots: a gazetteer of the company's own words.
#[derive(Debug, Clone, Default)]
pub(crate) struct Values {
    /// In order.
    hashes: Vec<u32>,
    table: Table,
    /// Where the slots of each begin; one more than there are values.
    begins: Vec<u32>,
    slots: Vec<u16>,
}

impl Values {
    /// These values, with the slots of each.
    pub(crate) fn of(values: &BTreeMap<u32, Vec<u16>>) -> Self {
        let mut all = Self { begins: vec![0], ..Self::default() };
        values.iter().for_each(|(hash, slots)| all.push(*hash, slots.iter().copied()));
        all.table = Table::of(&all.hashes);
        all
    }

    fn push(&mut self, hash: u32, slots: impl Iterator<Item = u16>) {
        self.hashes.push(hash);
        self.slots.extend(slots);
        self.begins.push(u32::try_from(self.slots.len()).unwrap_or(u32::MAX));
    }

    fn slots(&self, at: usize) -> &[u16] {
        &self.slots[self.begins[at] as usize..self.begins[at + 1] as usize]
    }

    fn get(&self, hash: u32) -> &[u16] {
        self.table.get(hash).map_or(&[], |at| self.slots(at))
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        out.number(self.hashes.len() as u64);
        let mut last = 0;
        for (at, hash) in self.hashes.iter().enumerate() {
            out.number(u64::from(hash - last));
            out.number(self.slots(at).len() as u64);
            self.slots(at).iter().for_each(|slot| out.number(u64::from(*slot)));
            last = *hash;
        }
    }

    /// Reads what was written; there are so many slots.
    pub(crate) fn read(from: &mut Reader<'_>, names: usize) -> Option<Self> {
        let many = from.count(2)?;
        let mut all = Self { hashes: Vec::with_capacity(many), begins: vec![0], ..Self::default() };
        let mut last = 0u32;
        for at in 0..many {
            let step = u32::try_from(from.number()?).ok().filter(|step| at == 0 || *step > 0)?;
            last = last.checked_add(step)?;
            let count = from.count(1)?;
            let slots: Vec<u16> = (0..count).map(|_| u16::try_from(below(from, names)?).ok()).collect::<Option<_>>()?;
            all.push(last, slots.into_iter());
        }
        all.table = Table::of(&all.hashes);
        Some(all)
    }
}

/// A text cut up, with the features of each token.
pub(crate) struct Cut {
    pub tokens: Vec<Token>,
    pub features: Vec<Features>,
}

/// The features of a token.
#[derive(Debug, Clone, Default)]
pub(crate) struct Features {
    /// Those that name the token itself stand first: so many.
    pub own: usize,
    pub all: Vec<u32>,
}

/// The hash under which a value is kept.
pub(crate) fn value_hash(value: &[char]) -> u32 {
    let words = tokens(value).into_iter().map(|token| hash_chars(&value[token.start..token.end]));
    finish(words.fold(VALUE, mix))
}

const VALUE: u64 = 0x71;

/// Cuts a folded text up.
pub(crate) fn cut(chars: &[char], intent: usize, values: &Values) -> Cut {
    let tokens = tokens(chars);
    let words: Vec<u64> = tokens.iter().map(|token| hash_chars(&chars[token.start..token.end])).collect();
    let known = known_values(&words, values);
    let features = (0..tokens.len())
        .map(|at| {
            let mut features = Features { own: 0, all: Vec::with_capacity(36) };
            for (slot, part) in &known[at] {
                features.all.push(finish(mix(mix(0x51, u64::from(*slot)), u64::from(*part))));
            }
            local(chars, (&tokens, &words), at, intent, &mut features);
            features
        })
        .collect();
    Cut { tokens, features }
}

/// For each token the slots of which it begins, goes on with or ends a value that was seen.
fn known_values(words: &[u64], values: &Values) -> Vec<Vec<(u16, u8)>> {
    let mut known = vec![vec![]; words.len()];
    if values.hashes.is_empty() {
        return known;
    }
    for first in 0..words.len() {
        let mut hash = VALUE;
        for (more, word) in words[first..].iter().take(LONGEST).enumerate() {
            hash = mix(hash, *word);
            for slot in values.get(finish(hash)) {
                for (place, marks) in known[first..=first + more].iter_mut().enumerate() {
                    let mark = (*slot, u8::from(place == 0) + 2 * u8::from(place == more));
                    if !marks.contains(&mark) {
                        marks.push(mark);
                    }
                }
            }
        }
    }
    known
}

/// The features of a token: by itself, and by its neighbours.
fn local(chars: &[char], (tokens, words): (&[Token], &[u64]), at: usize, intent: usize, out: &mut Features) {
    let word = |offset: isize| {
        let place = at.checked_add_signed(offset);
        place.and_then(|place| words.get(place)).copied().unwrap_or(if offset < 0 { 1 } else { 2 })
    };
    let mut add = |kind: u64, value: u64| out.all.push(finish(mix(mix(0x61, kind), value)));
    let (token, own, intent) = (tokens[at], word(0), intent as u64);
    let letters = &chars[token.start..token.end];
    add(1, own);
    add(2, mix(word(-1), own));
    add(3, mix(own, word(1)));
    add(4, mix(own, intent));
    if token.kind == Kind::Han {
        // A character alone says little.
        add(15, mix(mix(word(-1), own), word(1)));
        add(16, mix(mix(word(-2), word(-1)), own));
        add(17, mix(mix(own, word(1)), word(2)));
    }
    for length in 2..=3 {
        if letters.len() > length {
            add(4 + length as u64, hash_chars(&letters[..length]));
            add(8 + length as u64, hash_chars(&letters[letters.len() - length..]));
        }
    }
    out.own = out.all.len();
    let mut add = |kind: u64, value: u64| out.all.push(finish(mix(mix(0x61, kind), value)));
    let shape = shape(letters, token.kind);
    add(20, 0);
    add(21, word(-1));
    add(22, word(1));
    add(23, word(-2));
    add(24, word(2));
    add(25, mix(word(-1), intent));
    add(26, mix(word(-1), word(1)));
    add(27, mix(word(-2), word(-1)));
    add(28, mix(shape, intent));
    add(29, mix(shape, word(1)));
    add(30, mix(shape, word(-1)));
    add(31, intent);
    add(32, mix(word(1), word(2)));
    add(33, mix(word(1), intent));
}

/// The shape of a token: what it is made of, and roughly how long.
fn shape(letters: &[char], kind: Kind) -> u64 {
    let digits = letters.iter().filter(|char| char.is_numeric()).count();
    let class = match kind {
        Kind::Sign => 3 + u64::from(u32::from(letters[0])) * 16,
        Kind::Han => 4,
        Kind::Number => 5,
        Kind::Word if digits > 0 => 6,
        Kind::Word => 7,
    };
    class * 8 + (letters.len().min(6) as u64)
}
