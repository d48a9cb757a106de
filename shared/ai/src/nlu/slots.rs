//! Slots: a linear chain over tokens, each the beginning of a value, inside one, or none. Learned as a conditional
//! random field ([`super::crf`]); here it is asked, written and read.
//!
//! A text's likely intents say which slots there can be; so the chain is short, and a query takes microseconds.

use std::collections::BTreeSet;

use super::{
    bytes::{Reader, Writer},
    example::Slot,
    table::Table,
    tagging::{Cut, Features, Values, cut},
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
/// Not among the tags that are allowed.
const NOWHERE: u16 = u16::MAX;

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
    /// Where the weights of a feature begin and end.
    pub table: Table<(u32, u32)>,
    /// The tags for or against which a feature speaks, and how much, in units.
    pub weights: Vec<(Tag, i8)>,
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
        let mut ranges = vec![];
        for (hash, own) in learned {
            let first = self.weights.len();
            for (tag, weight) in own {
                #[expect(clippy::cast_possible_truncation, reason = "within a byte by its unit")]
                let byte = (weight / self.unit).round() as i8;
                if byte.abs() >= LEAST {
                    self.weights.push((*tag, byte));
                }
            }
            if self.weights.len() > first {
                ranges.push((*hash, (place(first), place(self.weights.len()))));
            }
        }
        self.table = Table::of(ranges);
    }

    fn score(&self, cut: &Cut, allowed: &[Tag]) -> Vec<f32> {
        let mut place = vec![NOWHERE; self.tags()];
        for (at, tag) in allowed.iter().enumerate() {
            place[usize::from(*tag)] = u16::try_from(at).unwrap_or(NOWHERE);
        }
        let mut sums = vec![0i32; cut.features.len() * allowed.len()];
        for (Features { all, .. }, sums) in cut.features.iter().zip(sums.chunks_exact_mut(allowed.len())) {
            for (first, last) in all.iter().filter_map(|feature| self.table.get(*feature)) {
                for (tag, weight) in &self.weights[first as usize..last as usize] {
                    if let Some(sum) = sums.get_mut(usize::from(place[usize::from(*tag)])) {
                        *sum += i32::from(*weight);
                    }
                }
            }
        }
        sums.into_iter().map(|sum| sum as f32 * self.unit).collect()
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

fn place(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

impl Tagger {
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
        out.float(self.unit);
        let mut features: Vec<(u32, (u32, u32))> = self.table.all().collect();
        features.sort_unstable();
        out.number(features.len() as u64);
        let mut last = 0;
        for (hash, (first, end)) in features {
            out.number(u64::from(hash - last));
            out.number(u64::from(end - first));
            for (tag, weight) in &self.weights[first as usize..end as usize] {
                out.number(u64::from(*tag));
                out.0.push(weight.cast_unsigned());
            }
            last = hash;
        }
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
        let (mut values, mut last) = (Values::new(), 0u32);
        for _ in 0..from.count(2)? {
            last = last.checked_add(u32::try_from(from.number()?).ok()?)?;
            let many = from.count(1)?;
            let slots = (0..many).map(|_| below(from, count).and_then(|slot| u16::try_from(slot).ok()));
            values.insert(last, slots.collect::<Option<_>>()?);
        }
        let mut tagger = Self { names, of_intent, values, unit: from.float()?, ..Self::default() };
        let tags = tagger.tags();
        let many = from.count(4)?;
        let (mut features, mut last) = (Vec::with_capacity(many), 0u32);
        for at in 0..many {
            let step = u32::try_from(from.number()?).ok().filter(|step| at == 0 || *step > 0)?;
            last = last.checked_add(step)?;
            let first = place(tagger.weights.len());
            for _ in 0..from.count(2)? {
                let tag = Tag::try_from(below(from, tags)?).ok()?;
                tagger.weights.push((tag, from.take(1)?.first()?.cast_signed()));
            }
            features.push((last, (first, place(tagger.weights.len()))));
        }
        tagger.table = Table::of(features);
        tagger.follows = from.floats()?;
        (tagger.follows.len() == tags.checked_mul(tags)?).then_some(tagger)
    }
}

/// A number below a bound.
fn below(from: &mut Reader<'_>, bound: usize) -> Option<usize> {
    usize::try_from(from.number()?).ok().filter(|number| *number < bound)
}
