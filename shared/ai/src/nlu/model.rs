//! A model: what was learned, in a byte a weight, ready to be asked.

use super::{
    bytes::{Reader, Writer},
    confidence::{Confidence, Signs, softmax},
    example::Slot,
    features::{Gram, Grams, grams},
    intents::{Classifier, counted, length, likeliest},
    slots::Tagger,
    table::Table,
};
use crate::text::{fold, tail, tokens};

/// What a file begins with, and its form.
const MAGIC: &[u8] = b"deskwire-nlu-1\n";
/// Intents that a text might be taken for: they are told, and their slots compete.
pub(crate) const LIKELY: usize = 3;
/// Characters that are looked at, the last of a text: what somebody means stands below what they paste, and a query must
/// take microseconds.
const LONGEST: usize = 1_000;

/// An intent, and how likely it is.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Guess {
    /// Its name.
    pub intent: String,
    /// From 0 to 1.
    pub probability: f32,
}

/// What a text means.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Understood {
    /// The intent; null where it is better to say nothing.
    pub intent: Option<String>,
    /// The likeliest intents.
    pub guesses: Vec<Guess>,
    /// How much the text looks like any of the company's business; higher is more, and below the threshold it is none.
    pub scope: f32,
    /// Values in the text.
    pub slots: Vec<Slot>,
}

/// Bytes that are no model of this version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a model of this version: train it again")]
pub struct BadModel;

/// A model.
#[derive(Debug, Clone, Default)]
pub struct Model {
    pub(super) intents: Vec<String>,
    /// The hashes of the features, in order.
    hashes: Vec<u32>,
    /// The row of each feature.
    pub(super) table: Table,
    /// By feature.
    idfs: Vec<f32>,
    unknown: f32,
    /// By feature, then by intent.
    pub(super) weights: Vec<i8>,
    /// What a unit of a weight is worth, by intent.
    pub(super) units: Vec<f32>,
    pub(super) bias: Vec<f32>,
    pub(super) confidence: Confidence,
    tagger: Tagger,
}

/// An n-gram of a text that is known: of which view, its row, and how much it weighs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Weighed {
    pub hash: u32,
    pub view: usize,
    pub place: usize,
    pub value: f32,
}

impl Model {
    /// A model of what was learned.
    pub(crate) fn of(intents: Vec<String>, classifier: &Classifier, confidence: Confidence, tagger: Tagger) -> Self {
        let count = intents.len();
        let mut features: Vec<(u32, u32, f32)> =
            classifier.vocabulary.known.iter().map(|(hash, (place, idf))| (*hash, *place, *idf)).collect();
        features.sort_unstable_by_key(|(hash, ..)| *hash);
        let (mut weights, mut units) = (vec![0i8; features.len() * count], vec![0.0f32; count]);
        for (class, own) in classifier.linear.weights.iter().enumerate() {
            let most = own.iter().fold(f32::MIN_POSITIVE, |most, weight| most.max(weight.abs()));
            units[class] = most / 127.0;
            for (row, (_, place, _)) in features.iter().enumerate() {
                #[expect(clippy::cast_possible_truncation, reason = "within a byte by its unit")]
                let byte = (own[*place as usize] / units[class]).round() as i8;
                weights[row * count + class] = byte;
            }
        }
        let (hashes, idfs): (Vec<u32>, Vec<f32>) = features.iter().map(|(hash, _, idf)| (*hash, *idf)).unzip();
        let table = Table::of(&hashes);
        let (unknown, bias) = (classifier.vocabulary.unknown, classifier.linear.bias.clone());
        Self { intents, hashes, table, idfs, unknown, weights, units, bias, confidence, tagger }
    }

    /// The intents that it knows.
    pub fn intents(&self) -> &[String] {
        &self.intents
    }

    /// The scope below which nothing is said, for `reject` as in [`Model::understand`].
    pub fn threshold(&self, reject: f32) -> f32 {
        if reject <= 0.0 { f32::NEG_INFINITY } else { self.confidence.threshold(reject) }
    }

    /// The probability below which nothing should be done about an intent, from 0 to 1: what few examples teach is
    /// rough, whatever the scope says. [`Model::understand`] tells such intents all the same; what is done is for who
    /// asked to decide.
    pub fn floor(&self) -> f32 {
        self.confidence.floor(self.intents.len())
    }

    /// What a text means. `reject` is the part of the company's own business for which saying nothing is acceptable, from
    /// 0 (always says something) to 1.
    pub fn understand(&self, text: &str, reject: f32) -> Understood {
        let (before, cut) = Self::read_part(text);
        let chars = fold(cut);
        let (scores, signs) = self.scores(&grams(&chars, &tokens(&chars)));
        let probabilities = softmax(&scores, self.confidence.temperature);
        let mut order: Vec<usize> = (0..scores.len()).collect();
        let ranked = LIKELY.min(order.len());
        if ranked > 0 && ranked < order.len() {
            order.select_nth_unstable_by(ranked - 1, |a, b| scores[*b].total_cmp(&scores[*a]));
        }
        order.truncate(ranked);
        order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]));
        let guess = |at: &usize| Guess { intent: self.intents[*at].clone(), probability: probabilities[*at] };
        let guesses: Vec<Guess> = order.iter().map(guess).collect();
        let scope =
            if scores.is_empty() { f32::NEG_INFINITY } else { self.confidence.scope(&scores, &probabilities, signs) };
        let said = guesses.first().filter(|_| reject <= 0.0 || scope >= self.confidence.threshold(reject));
        let mut slots = self.tagger.slots(cut, &chars, &order);
        for slot in &mut slots {
            (slot.start, slot.end) = (slot.start + before, slot.end + before);
        }
        Understood { intent: said.map(|guess| guess.intent.clone()), guesses, scope, slots }
    }

    /// What of a text is looked at, and how many characters stand before it.
    pub(super) fn read_part(text: &str) -> (usize, &str) {
        tail(text, LONGEST)
    }

    /// The n-grams that are known, weighed so that each view has length 1 and both together too; and how much of each
    /// view is known.
    pub(super) fn weigh(&self, words: &[Gram], chars: &[Gram]) -> (Vec<Weighed>, [f32; 2]) {
        let (mut all, mut familiar, mut lengths) = (Vec::with_capacity(words.len() + chars.len()), [0.0; 2], [0.0; 2]);
        for (view, block) in [words, chars].into_iter().enumerate() {
            let (mut known, mut whole) = (0.0f32, 0.0f32);
            for (hash, times) in counted(block) {
                let tf = if times > 1.0 { 1.0 + times.ln() } else { 1.0 };
                let Some(place) = self.table.get(hash) else {
                    whole += (tf * self.unknown).powi(2);
                    continue;
                };
                let value = tf * self.idfs[place];
                known += value * value;
                whole += value * value;
                all.push(Weighed { hash, view, place, value });
            }
            familiar[view] = if whole > 0.0 { known / whole } else { 0.0 };
            lengths[view] = known;
        }
        let views = lengths.iter().filter(|known| **known > 0.0).count().max(1) as f32;
        let scale = lengths.map(|known| 1.0 / (known * views).sqrt().max(f32::MIN_POSITIVE));
        all.iter_mut().for_each(|one| one.value *= scale[one.view]);
        (all, familiar)
    }

    /// The scores of all intents, and what else there is to see.
    pub(super) fn scores(&self, grams: &Grams) -> (Vec<f32>, Signs) {
        let count = self.intents.len();
        let (weighed, familiar) = self.weigh(&grams.words, &grams.chars);
        let mut scores = vec![0.0f32; count];
        for one in &weighed {
            let row = &self.weights[one.place * count..(one.place + 1) * count];
            scores.iter_mut().zip(row).for_each(|(sum, weight)| *sum += one.value * f32::from(*weight));
        }
        scores
            .iter_mut()
            .zip(self.units.iter().zip(&self.bias))
            .for_each(|(sum, (unit, bias))| *sum = *sum * unit + bias);
        let support = likeliest(&scores).map_or(0.0, |top| {
            let speaks = |one: &Weighed| (one.value * f32::from(self.weights[one.place * count + top])).max(0.0);
            weighed.iter().map(speaks).sum::<f32>() * self.units[top]
        });
        (scores, Signs { familiar, support, length: length(grams) })
    }

    /// The bytes of its file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Writer(MAGIC.to_vec());
        out.number(self.intents.len() as u64);
        self.intents.iter().for_each(|intent| out.text(intent));
        // In the order of their hashes, each by its distance; and the few values of IDF once.
        let mut idfs = self.idfs.clone();
        idfs.sort_by(f32::total_cmp);
        idfs.dedup();
        out.floats(&idfs);
        out.float(self.unknown);
        out.number(self.hashes.len() as u64);
        let mut last = 0;
        for (hash, idf) in self.hashes.iter().zip(&self.idfs) {
            out.number(u64::from(hash - last));
            out.number(idfs.binary_search_by(|other| other.total_cmp(idf)).unwrap_or(0) as u64);
            last = *hash;
        }
        out.sparse(&self.weights);
        out.floats(&self.units);
        out.floats(&self.bias);
        out.text(&serde_json::to_string(&self.confidence).unwrap_or_default());
        self.tagger.write(&mut out);
        out.0
    }

    /// A model from the bytes of a file.
    ///
    /// # Errors
    /// [`BadModel`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BadModel> {
        Self::read(bytes).ok_or(BadModel)
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let mut from = Reader(bytes.strip_prefix(MAGIC)?);
        let count = from.count(1)?;
        let intents: Vec<String> = (0..count).map(|_| from.text()).collect::<Option<_>>()?;
        let values = from.floats()?;
        let unknown = from.float()?;
        let many = from.count(2)?;
        let (mut hashes, mut idfs, mut last) = (Vec::with_capacity(many), Vec::with_capacity(many), 0u32);
        for place in 0..many {
            let step = u32::try_from(from.number()?).ok().filter(|step| place == 0 || *step > 0)?;
            last = last.checked_add(step)?;
            hashes.push(last);
            idfs.push(*values.get(usize::try_from(from.number()?).ok()?)?);
        }
        let weights = from.sparse(many.checked_mul(count)?)?;
        let (units, bias) = (from.floats()?, from.floats()?);
        let confidence = serde_json::from_str(&from.text()?).ok()?;
        let tagger = Tagger::read(&mut from, count)?;
        if units.len() != count || bias.len() != count || !from.0.is_empty() {
            return None;
        }
        Some(Self {
            intents,
            table: Table::of(&hashes),
            hashes,
            idfs,
            unknown,
            weights,
            units,
            bias,
            confidence,
            tagger,
        })
    }
}
