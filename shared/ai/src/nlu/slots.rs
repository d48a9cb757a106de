//! Slots: a linear chain over tokens, each the beginning of a value, inside one, or none. Learned as a conditional
//! random field ([`super::crf`]); here it is asked, written and read.
//!
//! A text's likely intents say which slots there can be; so the chain is short, and a query takes microseconds.

use std::collections::BTreeSet;

use super::{
    bytes::{Reader, Writer},
    example::Slot,
    rows::Rows,
    tagging::{Cut, Values, cut},
    viterbi::{Chain, best},
};

/// A tag: none, or the beginning or inside of the slot at this place of the list.
pub(crate) type Tag = u16;
/// No value.
pub(crate) const OUTSIDE: Tag = 0;
/// The greatest weight that a byte holds.
const MOST: f32 = 127.0;
/// The least that is kept: what is smaller costs more time and room than it tells.
const LEAST: i8 = 2;

pub(crate) fn begin(slot: usize) -> Tag {
    Tag::try_from(2 * slot + 1).unwrap_or(OUTSIDE)
}

pub(crate) fn inside(slot: usize) -> Tag {
    begin(slot) + 1
}

pub(crate) fn slot_of(tag: Tag) -> Option<usize> {
    (usize::from(tag)).checked_sub(1).map(|tag| tag / 2)
}

pub(crate) fn is_inside(tag: Tag) -> bool {
    tag != OUTSIDE && tag.is_multiple_of(2)
}

/// Whether one tag may stand behind another.
pub(crate) fn may_follow(from: Tag, to: Tag) -> bool {
    !is_inside(to) || slot_of(from) == slot_of(to)
}

/// What was learned.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tagger {
    /// The slots' names, in order.
    pub names: Vec<String>,
    /// The slots that each intent has.
    pub of_intent: Vec<Vec<usize>>,
    pub values: Values,
    /// The tags for or against which a feature speaks, and how much, in units.
    pub rows: Rows,
    /// What a step of a weight is worth.
    pub unit: f32,
    /// Weights of one tag behind another.
    pub follows: Vec<f32>,
}

impl Tagger {
    pub(crate) fn tags(&self) -> usize {
        2 * self.names.len() + 1
    }

    /// The tags that these intents allow.
    pub(crate) fn allowed(&self, intents: impl Iterator<Item = usize>) -> Vec<Tag> {
        let slots: BTreeSet<usize> =
            intents.filter_map(|intent| self.of_intent.get(intent)).flatten().copied().collect();
        std::iter::once(OUTSIDE).chain(slots.into_iter().flat_map(|slot| [begin(slot), inside(slot)])).collect()
    }

    /// Keeps what was learned of each feature, a byte a weight.
    pub(crate) fn keep(&mut self, learned: &[(u32, Vec<(Tag, f32)>)]) {
        let weights = learned.iter().flat_map(|(_, weights)| weights);
        self.unit = weights.fold(f32::MIN_POSITIVE, |most, (_, weight)| most.max(weight.abs())) / MOST;
        let mut rows = Rows::with_capacity(self.tags(), learned.len());
        let mut row = vec![];
        for (hash, own) in learned {
            row.clear();
            #[expect(clippy::cast_possible_truncation, reason = "within a byte by its unit")]
            row.extend(own.iter().map(|(tag, weight)| (*tag, (weight / self.unit).round() as i8)));
            row.retain(|(_, byte)| byte.abs() >= LEAST);
            if !row.is_empty() {
                rows.push(*hash, &row);
            }
        }
        self.rows = rows.finish();
    }

    fn score(&self, cut: &Cut, allowed: &[Tag]) -> Vec<f32> {
        let mut scores = Vec::with_capacity(cut.features.len() * allowed.len());
        let mut sums = vec![0i32; self.tags()];
        for features in &cut.features {
            sums.fill(0);
            features.all.iter().for_each(|feature| self.rows.add(*feature, &mut sums));
            scores.extend(allowed.iter().map(|tag| sums[usize::from(*tag)] as f32 * self.unit));
        }
        scores
    }

    fn chain(&self, allowed: &[Tag]) -> Chain {
        let tags = self.tags();
        let starts = allowed.iter().map(|tag| if is_inside(*tag) { f32::NEG_INFINITY } else { 0.0 }).collect();
        let steps = allowed
            .iter()
            .flat_map(|from| allowed.iter().map(move |to| self.follows[usize::from(*from) * tags + usize::from(*to)]))
            .collect();
        // The beginning of a slot stands right before its inside.
        let only = allowed.iter().enumerate().map(|(at, tag)| is_inside(*tag).then_some([at.max(1) - 1, at])).collect();
        Chain { starts, steps, only }
    }

    /// The slots of a text, given its likeliest intents.
    pub(crate) fn slots(&self, text: &str, chars: &[char], intents: &[usize]) -> Vec<Slot> {
        let Some(first) = intents.first().filter(|_| !self.names.is_empty()) else { return vec![] };
        let allowed = self.allowed(intents.iter().copied());
        if allowed.len() == 1 {
            return vec![];
        }
        let cut = cut(chars, *first, &self.values);
        let path = best(&self.score(&cut, &allowed), &self.chain(&allowed));
        self.read_off(text, &cut, path.into_iter().map(|at| allowed[at]))
    }

    fn read_off(&self, text: &str, cut: &Cut, tags: impl Iterator<Item = Tag>) -> Vec<Slot> {
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

impl Tagger {
    pub(crate) fn write(&self, out: &mut Writer) {
        out.number(self.names.len() as u64);
        self.names.iter().for_each(|name| out.text(name));
        for slots in &self.of_intent {
            out.number(slots.len() as u64);
            slots.iter().for_each(|slot| out.number(*slot as u64));
        }
        self.values.write(out);
        out.float(self.unit);
        self.rows.write(out);
        out.floats(&self.follows);
    }

    pub(crate) fn read(from: &mut Reader<'_>, intents: usize) -> Option<Self> {
        let count = from.count(1)?;
        let names: Vec<String> = (0..count).map(|_| from.text()).collect::<Option<_>>()?;
        let mut of_intent = Vec::with_capacity(intents);
        for _ in 0..intents {
            let many = from.count(1)?;
            of_intent.push((0..many).map(|_| below(from, count)).collect::<Option<_>>()?);
        }
        let values = Values::read(from, count)?;
        let mut tagger = Self { names, of_intent, values, unit: from.float()?, ..Self::default() };
        let tags = tagger.tags();
        tagger.rows = Rows::read(from, tags)?;
        tagger.follows = from.floats()?;
        (tagger.follows.len() == tags.checked_mul(tags)?).then_some(tagger)
    }
}

/// A number below a bound.
pub(crate) fn below(from: &mut Reader<'_>, bound: usize) -> Option<usize> {
    usize::try_from(from.number()?).ok().filter(|number| *number < bound)
}
