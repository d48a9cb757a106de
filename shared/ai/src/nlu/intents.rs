//! Intents: rows of TF-IDF values, and what is learned from them.

use std::collections::HashMap;

use super::{
    confidence::{Signs, Trial},
    features::{Gram, Grams, grams},
    linear::{Data, Linear, NONE, Row, learn},
};
use crate::text::{fold, tokens};

/// The features that are known, each with its weight by rarity (IDF).
#[derive(Debug, Clone, Default)]
pub(crate) struct Vocabulary {
    /// Place and IDF, by hash.
    pub known: HashMap<u32, (u32, f32)>,
    /// IDF of what is not known: as rare as can be.
    pub unknown: f32,
}

/// A text as the classifier sees it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen {
    /// Features and values, of length 1.
    pub row: Row,
    /// How much of what its words, and its characters, weigh is known.
    pub familiar: [f32; 2],
}

impl Vocabulary {
    /// The vocabulary of these texts.
    pub(crate) fn of<'a>(texts: impl Iterator<Item = &'a Grams>) -> Self {
        let (mut counts, mut all) = (HashMap::<u32, u32>::new(), 0u32);
        for grams in texts {
            let mut hashes: Vec<u32> = grams.words.iter().chain(&grams.chars).map(|gram| gram.hash).collect();
            hashes.sort_unstable();
            hashes.dedup();
            hashes.into_iter().for_each(|hash| *counts.entry(hash).or_default() += 1);
            all += 1;
        }
        let idf = |count: u32| ((1.0 + f64::from(all)) / (1.0 + f64::from(count))).ln() + 1.0;
        let mut hashes: Vec<(u32, u32)> = counts.into_iter().collect();
        // In an order of their own, so that the same examples make the same model.
        hashes.sort_unstable();
        let place = |(place, (hash, count)): (usize, (u32, u32))| {
            (hash, (u32::try_from(place).unwrap_or(u32::MAX), single(idf(count))))
        };
        Self { known: hashes.into_iter().enumerate().map(place).collect(), unknown: single(idf(0)) }
    }

    /// A text as a row.
    pub(crate) fn see(&self, grams: &Grams) -> Seen {
        let mut seen = Seen::default();
        for (view, block) in [&grams.words, &grams.chars].into_iter().enumerate() {
            let (begun, mut known, mut all) = (seen.row.len(), 0.0f32, 0.0f32);
            for (hash, count) in counted(block) {
                let found = self.known.get(&hash);
                let idf = found.map_or(self.unknown, |(_, idf)| *idf);
                let value = (1.0 + count.ln()) * idf;
                all += value * value;
                if let Some((place, _)) = found {
                    known += value * value;
                    seen.row.push((*place, value));
                }
            }
            let length = known.sqrt().max(f32::MIN_POSITIVE);
            seen.row[begun..].iter_mut().for_each(|(_, value)| *value /= length);
            seen.familiar[view] = if all > 0.0 { known / all } else { 0.0 };
        }
        let length = seen.row.iter().map(|(_, value)| value * value).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
        seen.row.iter_mut().for_each(|(_, value)| *value /= length);
        seen.row.sort_unstable_by_key(|(place, _)| *place);
        seen
    }
}

/// Hashes with how often each is there.
pub(crate) fn counted(grams: &[Gram]) -> Vec<(u32, f32)> {
    let mut hashes: Vec<u32> = grams.iter().map(|gram| gram.hash).collect();
    hashes.sort_unstable();
    let mut counted: Vec<(u32, f32)> = Vec::with_capacity(hashes.len());
    for hash in hashes {
        match counted.last_mut().filter(|(last, _)| *last == hash) {
            Some((_, count)) => *count += 1.0,
            None => counted.push((hash, 1.0)),
        }
    }
    counted
}

/// The grams of a text as it was typed.
pub(crate) fn grams_of(text: &str) -> Grams {
    let chars = fold(text);
    grams(&chars, &tokens(&chars))
}

#[expect(clippy::cast_possible_truncation, reason = "single precision is enough for a weight")]
pub(crate) fn single(value: f64) -> f32 {
    value as f32
}

/// Vocabulary and weights, learned from some of the examples.
#[derive(Debug, Clone, Default)]
pub(crate) struct Classifier {
    pub vocabulary: Vocabulary,
    pub linear: Linear,
}

/// A text to learn from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lesson<'a> {
    pub grams: &'a Grams,
    /// None where it only says what the classes are not.
    pub class: Option<usize>,
    /// What a mistake at it costs.
    pub cost: f32,
}

impl Classifier {
    /// Learns from lessons. What is of no class has no part in the vocabulary: its words stay unfamiliar.
    pub(crate) fn learn(lessons: &[Lesson<'_>], classes: usize, threads: usize) -> Self {
        let known = lessons.iter().filter(|lesson| lesson.class.is_some());
        let vocabulary = Vocabulary::of(known.map(|lesson| lesson.grams));
        let rows: Vec<Row> = lessons.iter().map(|lesson| vocabulary.see(lesson.grams).row).collect();
        let rows: Vec<&Row> = rows.iter().collect();
        let labels: Vec<usize> = lessons.iter().map(|lesson| lesson.class.unwrap_or(NONE)).collect();
        let costs: Vec<f32> = lessons.iter().map(|lesson| lesson.cost).collect();
        let data = Data { rows: &rows, labels: &labels, costs: &costs, classes, features: vocabulary.known.len() };
        let linear = learn(data, threads);
        Self { vocabulary, linear }
    }

    /// What it says of a text, some classes having no say.
    pub(crate) fn trial(&self, grams: &Grams, class: Option<usize>, has_say: impl Fn(usize) -> bool) -> Trial {
        let seen = self.vocabulary.see(grams);
        let mut scores = self.linear.scores(&seen.row);
        let mute = scores.iter_mut().enumerate().filter(|(class, _)| !has_say(*class));
        mute.for_each(|(_, score)| *score = f32::NEG_INFINITY);
        let support = likeliest(&scores).map_or(0.0, |top| {
            let weights = &self.linear.weights[top];
            seen.row.iter().map(|(feature, value)| (weights[*feature as usize] * value).max(0.0)).sum()
        });
        let signs = Signs { familiar: seen.familiar, support, length: length(grams) };
        Trial { scores, signs, class }
    }
}

/// How long a text is, to a logarithm.
pub(crate) fn length(grams: &Grams) -> f32 {
    (1.0 + grams.chars.len() as f32).ln()
}

pub(crate) fn likeliest(scores: &[f32]) -> Option<usize> {
    (0..scores.len()).max_by(|a, b| scores[*a].total_cmp(&scores[*b]))
}
