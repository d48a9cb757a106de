//! Training: everything that can be chosen is chosen by cross-validation on the examples themselves.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Model,
    confidence::{Confidence, Trial},
    crf::{self, Tagged},
    example::Example,
    features::Grams,
    intents::{Classifier, grams_of},
    model::LIKELY,
    slots::Tagger,
};

/// The costs among which cross-validation chooses.
const COSTS: [f32; 5] = [0.1, 0.3, 1.0, 3.0, 10.0];
/// Standard errors by which a smaller cost may be worse than the best one.
const TOLERANCE: f64 = 0.5;
/// Examples on which the cost is chosen: more tell no more.
const CHOOSING: usize = 4_000;
/// Parts of the cross-validation.
const FOLDS: usize = 4;

/// How it is trained.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Threads.
    pub threads: usize,
}

/// Examples from which nothing can be learned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("at least two intents with an example each are needed")]
pub struct TrainError;

/// An example with its class; none where it is none of the company's business.
pub(crate) struct Labelled {
    pub grams: Grams,
    pub class: Option<usize>,
}

/// Examples, made ready to be learned from.
pub(crate) struct Prepared {
    pub intents: Vec<String>,
    pub labelled: Vec<Labelled>,
    /// The fold of each example.
    folds: Vec<usize>,
}

/// Trains a model. Examples without an intent teach it what to leave alone.
///
/// # Errors
/// [`TrainError`].
pub fn train(examples: &[Example], options: Options) -> Result<Model, TrainError> {
    let prepared = prepare(examples)?;
    let how = (prepared.choose_cost(options.threads), options.threads);
    let confidence = Confidence::fit(&prepared.trials(how));
    let classifier = prepared.learn(|_| true, how);
    let has_slots = examples.iter().any(|one| !one.slots.is_empty());
    let held_out = if has_slots { prepared.held_out(how) } else { vec![] };
    let tagger = tagger(examples, &prepared, &held_out);
    Ok(Model::of(prepared.intents, &classifier, confidence, tagger))
}

/// Makes examples ready.
pub(crate) fn prepare(examples: &[Example]) -> Result<Prepared, TrainError> {
    let names: BTreeSet<&str> = examples.iter().filter_map(|one| one.intent.as_deref()).collect();
    let intents: Vec<String> = names.into_iter().map(str::to_owned).collect();
    if intents.len() < 2 {
        return Err(TrainError);
    }
    let class = |one: &Example| intents.binary_search(one.intent.as_ref()?).ok();
    let labelled: Vec<Labelled> =
        examples.iter().map(|one| Labelled { grams: grams_of(&one.text), class: class(one) }).collect();
    let folds = folds(&labelled, intents.len());
    Ok(Prepared { intents, labelled, folds })
}

/// The fold of each example: those of one class are dealt out in turn, those that say the same to the same fold.
fn folds(labelled: &[Labelled], classes: usize) -> Vec<usize> {
    let mut next = vec![0usize; classes + 1];
    let mut seen: BTreeMap<(usize, Vec<u32>), usize> = BTreeMap::new();
    labelled
        .iter()
        .map(|one| {
            let class = one.class.unwrap_or(classes);
            let said: Vec<u32> = one.grams.words.iter().map(|gram| gram.hash).collect();
            *seen.entry((class, said)).or_insert_with(|| {
                next[class] += 1;
                // Each class begins elsewhere, so that small ones do not all leave the same fold.
                (next[class] - 1 + class) % FOLDS
            })
        })
        .collect()
}

pub(crate) fn likeliest(scores: &[f32]) -> Option<usize> {
    (0..scores.len()).max_by(|a, b| scores[*a].total_cmp(&scores[*b]))
}

impl Prepared {
    /// Learns from some of the examples.
    fn learn(&self, used: impl Fn(usize) -> bool, (cost, threads): (f32, usize)) -> Classifier {
        let rows: Vec<(&Grams, usize)> = self
            .labelled
            .iter()
            .enumerate()
            .filter(|(place, _)| used(*place))
            .filter_map(|(_, one)| Some((&one.grams, one.class?)))
            .collect();
        Classifier::learn(&rows, self.intents.len(), cost, threads)
    }

    /// The cost with which most of what was left out is understood; of several that are about as good the smallest,
    /// which learns least by heart.
    pub(crate) fn choose_cost(&self, threads: usize) -> f32 {
        let (labelled, folds) = (&self.labelled, &self.folds);
        let step = labelled.len().div_ceil(CHOOSING).max(1);
        let chosen = |place: usize| place.is_multiple_of(step);
        let (mut found, mut tried) = (vec![], 0);
        for cost in COSTS {
            let mut right = 0;
            for fold in 0..FOLDS - 1 {
                let classifier = self.learn(|place| chosen(place) && folds[place] != fold, (cost, threads));
                let left_out = (0..labelled.len())
                    .filter(|place| chosen(*place) && folds[*place] == fold)
                    .filter_map(|place| Some((&labelled[place].grams, labelled[place].class?)));
                for (grams, class) in left_out {
                    let scores = classifier.linear.scores(&classifier.vocabulary.see(grams).row);
                    right += usize::from(likeliest(&scores) == Some(class));
                    tried += 1;
                }
            }
            found.push((cost, right as f64));
        }
        let best = found.iter().fold(0.0f64, |best, (_, right)| best.max(*right));
        let tried = (tried / COSTS.len()).max(1) as f64;
        let enough = best - TOLERANCE * (best * (1.0 - best / tried)).max(0.0).sqrt();
        found.into_iter().find(|(_, right)| *right >= enough).map_or(1.0, |(cost, _)| cost)
    }

    /// The scores of each example by a classifier that has not seen it.
    pub(crate) fn held_out(&self, how: (f32, usize)) -> Vec<Vec<f32>> {
        let mut scores = vec![vec![]; self.labelled.len()];
        for fold in 0..FOLDS {
            let classifier = self.learn(|place| self.folds[place] != fold, how);
            for (place, one) in self.labelled.iter().enumerate().filter(|(place, _)| self.folds[*place] == fold) {
                scores[place] = classifier.linear.scores(&classifier.vocabulary.see(&one.grams).row);
            }
        }
        scores
    }

    /// What classifiers say of examples that they have not seen. Of each fold's intents some are left out too: for them
    /// the classifier is to know that it does not know.
    fn trials(&self, how: (f32, usize)) -> Vec<Trial> {
        let (labelled, folds, classes) = (&self.labelled, &self.folds, self.intents.len());
        let mut trials = Vec::with_capacity(labelled.len());
        for fold in 0..FOLDS {
            let left_out = |class: usize| classes > 2 && class % FOLDS == fold;
            let used =
                |place: usize| folds[place] != fold && labelled[place].class.is_some_and(|class| !left_out(class));
            let classifier = self.learn(used, how);
            for (place, one) in labelled.iter().enumerate().filter(|(place, _)| folds[*place] == fold) {
                let seen = classifier.vocabulary.see(&one.grams);
                let mut scores = classifier.linear.scores(&seen.row);
                // What was left out has no say.
                (0..classes).filter(|class| left_out(*class)).for_each(|class| scores[class] = f32::NEG_INFINITY);
                let class = labelled[place].class.filter(|class| !left_out(*class));
                trials.push(Trial { scores, familiar: seen.familiar, class });
            }
        }
        trials
    }
}

fn tagger(examples: &[Example], prepared: &Prepared, held_out: &[Vec<f32>]) -> Tagger {
    let likely = |scores: &[f32]| {
        let mut likely: Vec<usize> = (0..scores.len()).collect();
        likely.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]));
        likely.truncate(LIKELY);
        likely
    };
    let tagged: Vec<Tagged<'_>> = examples
        .iter()
        .zip(&prepared.labelled)
        .zip(held_out)
        .filter_map(|((example, one), scores)| {
            Some(Tagged { text: &example.text, slots: &example.slots, intent: one.class?, likely: likely(scores) })
        })
        .collect();
    crf::learn(&tagged, prepared.intents.len())
}
