//! Why a text is taken for what it is taken for: what each stretch of it adds to an intent's log-odds, or takes away.
//! The classifier is linear, so this is the sum itself and no estimate.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    confidence::softmax,
    features::{Gram, grams},
    model::Model,
};
use crate::text::{fold, tokens};

/// Intents that are explained.
const INTENTS: usize = 3;
/// Stretches that are told for an intent, and as many against it: more are noise to whoever reads them.
const PARTS: usize = 8;

/// Why a text is taken for what it is taken for.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// The likeliest intents, the likeliest first.
    pub intents: Vec<Reason>,
    /// Stretches of which the examples have nothing at all, longest first: words that nobody taught.
    pub unknown: Vec<Stretch>,
}

/// What speaks for an intent and against it. `score` is `bias`, all parts and `rest` together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reason {
    /// The intent.
    pub intent: String,
    /// How likely it is, from 0 to 1.
    pub probability: f32,
    /// Its log-odds up to a constant that all intents of the text share.
    pub score: f32,
    /// What it has whatever the text is.
    pub bias: f32,
    /// What speaks for it most, the strongest first.
    pub supports: Vec<Part>,
    /// What speaks against it most, the strongest first.
    pub opposes: Vec<Part>,
    /// What all other parts come to.
    pub rest: f32,
}

/// A stretch of the text and what it counts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Part {
    /// Its first character.
    pub start: usize,
    /// Behind its last.
    pub end: usize,
    /// As it was typed.
    pub text: String,
    /// What it adds to the score; below zero it takes away.
    pub contribution: f32,
}

/// A stretch of the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stretch {
    /// Its first character.
    pub start: usize,
    /// Behind its last.
    pub end: usize,
    /// As it was typed.
    pub text: String,
}

impl Model {
    /// Why a text is taken for what it is taken for.
    pub fn explain(&self, text: &str) -> Explanation {
        let (before, cut) = Self::read_part(text);
        let (typed, chars): (Vec<char>, Vec<char>) = (cut.chars().collect(), fold(cut));
        let grams = grams(&chars, &tokens(&chars));
        let (scores, _) = self.scores(&grams);
        let probabilities = softmax(&scores, self.confidence.temperature);
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]));
        order.truncate(INTENTS);
        let places = self.places(&grams.words, &grams.chars);
        let reason = |class: &usize| {
            let mut reason = self.reason(*class, &places, &typed);
            (reason.probability, reason.score) = (probabilities[*class], scores[*class] * self.confidence.temperature);
            for part in reason.supports.iter_mut().chain(&mut reason.opposes) {
                (part.start, part.end) = (part.start + before, part.end + before);
            }
            reason
        };
        let intents = order.iter().map(reason).collect();
        let stretch = |(start, end): (usize, usize)| {
            let text = typed[start..end].iter().collect();
            Stretch { start: start + before, end: end + before, text }
        };
        let mut unknown: Vec<Stretch> = self.unknown_words(&grams.words, &chars).into_iter().map(stretch).collect();
        unknown.sort_by_key(|one| (std::cmp::Reverse(one.end - one.start), one.start));
        Explanation { intents, unknown }
    }

    /// Every n-gram that is known: where it stands, its row, and how much of it is in the text.
    fn places(&self, words: &[Gram], chars: &[Gram]) -> Vec<(usize, usize, usize, f32)> {
        let (weighed, _) = self.weigh(words, chars);
        let mut places = vec![];
        for (view, block) in [words, chars].into_iter().enumerate() {
            let mut of: BTreeMap<u32, Vec<&Gram>> = BTreeMap::new();
            block.iter().for_each(|gram| of.entry(gram.hash).or_default().push(gram));
            for one in weighed.iter().filter(|one| one.view == view) {
                // What stands there twice counts half at each place.
                let standing = of.get(&one.hash).map_or(&[][..], Vec::as_slice);
                for gram in standing {
                    places.push((gram.start as usize, gram.end as usize, one.place, one.value / standing.len() as f32));
                }
            }
        }
        places
    }

    fn reason(&self, class: usize, places: &[(usize, usize, usize, f32)], typed: &[char]) -> Reason {
        let (unit, count) = (self.units[class] * self.confidence.temperature, self.intents.len());
        let mut sums: BTreeMap<(usize, usize), f32> = BTreeMap::new();
        for (start, end, place, value) in places {
            let weight = f32::from(self.weights[place * count + class]);
            *sums.entry((*start, *end)).or_default() += value * weight * unit;
        }
        let mut parts: Vec<Part> = sums
            .into_iter()
            .filter(|(_, contribution)| *contribution != 0.0)
            .map(|((start, end), contribution)| Part {
                start,
                end,
                text: typed[start..end].iter().collect(),
                contribution,
            })
            .collect();
        parts.sort_by(|a, b| b.contribution.abs().total_cmp(&a.contribution.abs()));
        let (mut supports, mut opposes): (Vec<Part>, Vec<Part>) =
            parts.into_iter().partition(|part| part.contribution > 0.0);
        let beyond = |parts: &mut Vec<Part>| -> f32 {
            let rest = parts.iter().skip(PARTS).map(|part| part.contribution).sum();
            parts.truncate(PARTS);
            rest
        };
        let rest = beyond(&mut supports) + beyond(&mut opposes);
        let bias = self.bias[class] * self.confidence.temperature;
        Reason { intent: self.intents[class].clone(), probability: 0.0, score: 0.0, bias, supports, opposes, rest }
    }

    /// Words of which the model knows nothing.
    fn unknown_words(&self, words: &[Gram], chars: &[char]) -> Vec<(usize, usize)> {
        let is_word =
            |gram: &&Gram| !chars[gram.start as usize..gram.end as usize].iter().any(|char| char.is_whitespace());
        let singles = words.iter().step_by(2).take(words.len() / 2).filter(is_word);
        singles
            .filter(|gram| self.table.get(gram.hash).is_none())
            .map(|gram| (gram.start as usize, gram.end as usize))
            .collect()
    }
}
