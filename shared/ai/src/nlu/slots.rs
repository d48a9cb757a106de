//! Slots: a linear chain over tokens, each the beginning of a value, inside one, or none. Learned by the averaged
//! structured perceptron (Collins, EMNLP 2002).
//!
//! A text's intent says which slots there can be; so the chain is short, and a query takes microseconds.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    bytes::{Reader, Writer},
    example::Slot,
    features::{finish, hash_chars, mix},
    viterbi::{Chain, best},
};
use crate::text::{Kind, Token, fold, tokens};

/// Places for weights: enough that features of 10,000 examples seldom meet, few enough for a processor's cache.
const PLACES: usize = 1 << 20;
/// Rounds over the examples: more learn them by heart.
const ROUNDS: usize = 8;

/// Of a hundred tokens so many are learned from as if nobody had seen them: most values of an order's number or a name
/// are new.
const STRANGERS: usize = 25;

/// A tag: none, or the beginning or inside of the slot at this place of the list.
pub(crate) type Tag = u16;
/// No value.
pub(crate) const OUTSIDE: Tag = 0;

fn begin(slot: usize) -> Tag {
    Tag::try_from(2 * slot + 1).unwrap_or(OUTSIDE)
}

fn inside(slot: usize) -> Tag {
    begin(slot) + 1
}

fn slot_of(tag: Tag) -> Option<usize> {
    (usize::from(tag)).checked_sub(1).map(|tag| tag / 2)
}

fn is_inside(tag: Tag) -> bool {
    tag != OUTSIDE && tag.is_multiple_of(2)
}

/// What was learned.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tagger {
    /// The slots' names, in order.
    pub names: Vec<String>,
    /// The slots that each intent has.
    pub of_intent: Vec<Vec<usize>>,
    /// Values that were seen, by hash, and of which slots: a gazetteer of the company's own words.
    pub values: BTreeMap<u32, Vec<u16>>,
    /// Weights, by feature and tag.
    pub weights: Vec<f32>,
    /// Weights of one tag behind another.
    pub follows: Vec<f32>,
}

/// A text cut up, with the features of each token.
pub(crate) struct Cut {
    pub tokens: Vec<Token>,
    features: Vec<Features>,
}

/// The features of a token.
#[derive(Clone, Default)]
struct Features {
    /// Those that name the token itself stand first: so many.
    own: usize,
    all: Vec<u32>,
}

impl Cut {
    /// The same with some tokens that nobody has ever seen: what surrounds them must do.
    fn with_strangers(&self, mut is_strange: impl FnMut() -> bool) -> Self {
        let strange = |token: &Features| {
            let hidden = if is_strange() { token.own } else { 0 };
            Features { own: token.own - hidden, all: token.all[hidden..].to_vec() }
        };
        Self { tokens: self.tokens.clone(), features: self.features.iter().map(strange).collect() }
    }
}

fn place(feature: u32, tag: Tag) -> usize {
    (feature as usize + usize::from(tag)) & (PLACES - 1)
}

impl Tagger {
    fn tags(&self) -> usize {
        2 * self.names.len() + 1
    }

    /// The tags that these intents allow.
    pub(crate) fn allowed(&self, intents: impl Iterator<Item = usize>) -> Vec<Tag> {
        let slots: BTreeSet<usize> =
            intents.filter_map(|intent| self.of_intent.get(intent)).flatten().copied().collect();
        std::iter::once(OUTSIDE).chain(slots.into_iter().flat_map(|slot| [begin(slot), inside(slot)])).collect()
    }

    /// Cuts a text up.
    pub(crate) fn cut(&self, chars: &[char], intent: usize) -> Cut {
        let tokens = tokens(chars);
        let words: Vec<u64> = tokens.iter().map(|token| hash_chars(&chars[token.start..token.end])).collect();
        let known = self.known_values(&words);
        let features = (0..tokens.len())
            .map(|at| {
                let mut features = Features { own: 0, all: Vec::with_capacity(28) };
                for (slot, first) in &known[at] {
                    features.all.push(finish(mix(mix(0x51, u64::from(*slot)), u64::from(*first))));
                }
                local(chars, (&tokens, &words), at, intent, &mut features);
                features
            })
            .collect();
        Cut { tokens, features }
    }

    /// For each token the slots of which it begins (or goes on with) a value that was seen.
    fn known_values(&self, words: &[u64]) -> Vec<Vec<(u16, bool)>> {
        /// Tokens of the longest value that is looked for.
        const LONGEST: usize = 4;
        let mut known = vec![vec![]; words.len()];
        for first in 0..words.len() {
            let mut hash = 0x71;
            for (more, word) in words[first..].iter().take(LONGEST).enumerate() {
                hash = mix(hash, *word);
                for slot in self.values.get(&finish(hash)).into_iter().flatten() {
                    for (place, marks) in known[first..=first + more].iter_mut().enumerate() {
                        let mark = (*slot, place == 0);
                        if !marks.contains(&mark) {
                            marks.push(mark);
                        }
                    }
                }
            }
        }
        known
    }

    fn score(&self, cut: &Cut, allowed: &[Tag]) -> Vec<f32> {
        let score =
            |token: &Features, tag: Tag| token.all.iter().map(|feature| self.weights[place(*feature, tag)]).sum();
        cut.features.iter().flat_map(|features| allowed.iter().map(move |tag| score(features, *tag))).collect()
    }

    fn chain(&self, allowed: &[Tag]) -> Chain {
        let tags = self.tags();
        let step = |from: Tag, to: Tag| match is_inside(to) && slot_of(from) != slot_of(to) {
            true => f32::NEG_INFINITY,
            false => self.follows[usize::from(from) * tags + usize::from(to)],
        };
        let starts = allowed.iter().map(|tag| if is_inside(*tag) { f32::NEG_INFINITY } else { 0.0 }).collect();
        let steps = allowed.iter().flat_map(|from| allowed.iter().map(move |to| step(*from, *to))).collect();
        Chain { starts, steps }
    }

    /// The likeliest tags.
    pub(crate) fn decode(&self, cut: &Cut, allowed: &[Tag]) -> Vec<Tag> {
        let path = best(&self.score(cut, allowed), &self.chain(allowed));
        path.into_iter().map(|at| allowed[at]).collect()
    }

    /// The slots of a text.
    pub(crate) fn slots(&self, text: &str, chars: &[char], intents: &[usize]) -> Vec<Slot> {
        let Some(first) = intents.first().filter(|_| !self.names.is_empty()) else { return vec![] };
        let allowed = self.allowed(intents.iter().copied());
        if allowed.len() == 1 {
            return vec![];
        }
        let cut = self.cut(chars, *first);
        let tags = self.decode(&cut, &allowed);
        let typed: Vec<char> = text.chars().collect();
        let mut slots: Vec<Slot> = vec![];
        let mut open: Option<(usize, usize, usize)> = None;
        let mut close = |open: &mut Option<(usize, usize, usize)>| {
            if let Some((slot, start, end)) = open.take() {
                let value = typed[start..end].iter().collect();
                slots.push(Slot { name: self.names[slot].clone(), start, end, value });
            }
        };
        for (token, tag) in cut.tokens.iter().zip(tags) {
            match (slot_of(tag), is_inside(tag), &mut open) {
                (Some(_), true, Some((_, _, end))) => *end = token.end,
                (Some(slot), _, _) => {
                    close(&mut open);
                    open = Some((slot, token.start, token.end));
                }
                (None, _, _) => close(&mut open),
            }
        }
        close(&mut open);
        slots
    }
}

/// The greatest weight that a byte holds.
const MOST: f32 = 127.0;

impl Tagger {
    /// Rounds all weights to what the file keeps, so that a model that was just trained is the one that is read back.
    pub(crate) fn pack(&mut self) {
        let unit = unit(&self.weights);
        self.weights.iter_mut().for_each(|weight| *weight = (*weight / unit).round() * unit);
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        out.number(self.names.len() as u64);
        self.names.iter().for_each(|name| out.text(name));
        for slots in &self.of_intent {
            out.number(slots.len() as u64);
            slots.iter().for_each(|slot| out.number(*slot as u64));
        }
        out.number(self.values.len() as u64);
        let mut last = 0;
        for (value, slots) in &self.values {
            out.number(u64::from(value - last));
            out.number(slots.len() as u64);
            slots.iter().for_each(|slot| out.number(u64::from(*slot)));
            last = *value;
        }
        let unit = unit(&self.weights);
        out.float(unit);
        #[expect(clippy::cast_possible_truncation, reason = "within a byte by its unit")]
        let bytes: Vec<i8> = self.weights.iter().map(|weight| (weight / unit).round() as i8).collect();
        out.sparse(&bytes);
        out.floats(&self.follows);
    }

    pub(crate) fn read(from: &mut Reader<'_>, intents: usize) -> Option<Self> {
        let count = from.count(1)?;
        let names: Vec<String> = (0..count).map(|_| from.text()).collect::<Option<_>>()?;
        let small = |from: &mut Reader<'_>| usize::try_from(from.number()?).ok().filter(|slot| *slot < count);
        let mut of_intent = Vec::with_capacity(intents);
        for _ in 0..intents {
            let many = from.count(1)?;
            of_intent.push((0..many).map(|_| small(from)).collect::<Option<_>>()?);
        }
        let (mut values, mut last) = (BTreeMap::new(), 0u32);
        for _ in 0..from.count(2)? {
            last = last.checked_add(u32::try_from(from.number()?).ok()?)?;
            let many = from.count(1)?;
            let slots = (0..many).map(|_| small(from).and_then(|slot| u16::try_from(slot).ok()));
            values.insert(last, slots.collect::<Option<_>>()?);
        }
        let unit = from.float()?;
        let weights = from.sparse(PLACES)?.into_iter().map(|byte| f32::from(byte) * unit).collect();
        let tagger = Self { names, of_intent, values, weights, follows: from.floats()? };
        (tagger.follows.len() == tagger.tags() * tagger.tags()).then_some(tagger)
    }
}

/// What one step of a byte is worth.
fn unit(weights: &[f32]) -> f32 {
    weights.iter().fold(f32::MIN_POSITIVE, |most, weight| most.max(weight.abs())) / MOST
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

/// An example to learn from.
pub(crate) struct Tagged<'a> {
    pub text: &'a str,
    pub slots: &'a [Slot],
    pub intent: usize,
    /// Intents that might be taken for its own: their slots compete.
    pub rivals: Vec<usize>,
}

/// Learns a tagger.
pub(crate) fn learn(examples: &[Tagged<'_>], intents: usize) -> Tagger {
    let names: BTreeSet<&str> = examples.iter().flat_map(|one| one.slots).map(|slot| slot.name.as_str()).collect();
    let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
    let mut tagger =
        Tagger { weights: vec![0.0; PLACES], of_intent: vec![vec![]; intents], names, ..Tagger::default() };
    tagger.follows = vec![0.0; tagger.tags() * tagger.tags()];
    if tagger.names.is_empty() {
        return tagger;
    }
    tagger.note_values(examples);
    let prepared: Vec<(Cut, Vec<Tag>, Vec<Tag>)> = examples.iter().map(|one| tagger.prepare(one)).collect();
    let mut averaged = Averaged { weights: vec![0.0; PLACES], follows: vec![0.0; tagger.follows.len()], steps: 1.0 };
    let mut order: Vec<usize> = (0..prepared.len()).collect();
    let mut seed = 0x2545_f491_4f6c_dd1du64;
    let mut random = move |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % below.max(1) as u64).unwrap_or(0)
    };
    for _ in 0..ROUNDS {
        for last in (1..order.len()).rev() {
            order.swap(last, random(last + 1));
        }
        for at in &order {
            let (cut, gold, allowed) = &prepared[*at];
            let cut = cut.with_strangers(|| random(100) < STRANGERS);
            let guess = tagger.decode(&cut, allowed);
            if guess != *gold {
                tagger.correct(&cut, (gold, 1.0), &mut averaged);
                tagger.correct(&cut, (&guess, -1.0), &mut averaged);
            }
            averaged.steps += 1.0;
        }
    }
    // The average over all steps, by its difference to the last.
    let steps = averaged.steps;
    tagger.weights.iter_mut().zip(&averaged.weights).for_each(|(weight, sum)| *weight -= sum / steps);
    tagger.follows.iter_mut().zip(&averaged.follows).for_each(|(weight, sum)| *weight -= sum / steps);
    tagger
}

/// Changes, each weighed by when it was made.
struct Averaged {
    weights: Vec<f32>,
    follows: Vec<f32>,
    steps: f32,
}

impl Tagger {
    fn note_values(&mut self, examples: &[Tagged<'_>]) {
        let mut counts = BTreeMap::new();
        for one in examples {
            let chars = fold(one.text);
            for slot in one.slots {
                let Ok(place) = self.names.binary_search(&slot.name) else { continue };
                let own = &mut self.of_intent[one.intent];
                if !own.contains(&place) {
                    own.push(place);
                }
                let value = &chars[slot.start..slot.end];
                let words = tokens(value).into_iter().map(|token| hash_chars(&value[token.start..token.end]));
                *counts.entry((finish(words.fold(0x71, mix)), place)).or_insert(0u32) += 1;
            }
        }
        // One that only its own example has would teach nothing but itself.
        for ((value, slot), _) in counts.into_iter().filter(|(_, count)| *count > 1) {
            self.values.entry(value).or_default().push(u16::try_from(slot).unwrap_or(u16::MAX));
        }
    }

    fn prepare(&self, one: &Tagged<'_>) -> (Cut, Vec<Tag>, Vec<Tag>) {
        let cut = self.cut(&fold(one.text), one.intent);
        let mut gold = vec![OUTSIDE; cut.tokens.len()];
        for slot in one.slots {
            let Ok(place) = self.names.binary_search(&slot.name) else { continue };
            let mut first = true;
            for (token, tag) in cut.tokens.iter().zip(&mut gold) {
                if token.start < slot.end && token.end > slot.start {
                    *tag = if first { begin(place) } else { inside(place) };
                    first = false;
                }
            }
        }
        let allowed = self.allowed(std::iter::once(one.intent).chain(one.rivals.iter().copied()));
        (cut, gold, allowed)
    }

    fn correct(&mut self, cut: &Cut, (tags, by): (&[Tag], f32), averaged: &mut Averaged) {
        let (mut before, all, steps) = (None, self.tags(), averaged.steps);
        for (token, tag) in cut.features.iter().zip(tags) {
            for feature in &token.all {
                let at = place(*feature, *tag);
                self.weights[at] += by;
                averaged.weights[at] += by * steps;
            }
            if let Some(before) = before.replace(*tag) {
                let at = usize::from(before) * all + usize::from(*tag);
                self.follows[at] += by;
                averaged.follows[at] += by * steps;
            }
        }
    }
}
