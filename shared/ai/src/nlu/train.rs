//! Training: everything that can be chosen is chosen by cross-validation on the examples themselves.

use std::{
    collections::{BTreeMap, BTreeSet},
    panic::resume_unwind,
    thread,
};

use super::{
    Model,
    confidence::{Belief, Confidence, Trial},
    crf::{self, Tagged},
    example::Example,
    features::Grams,
    intents::{Classifier, Lesson, grams_of, likeliest},
    model::LIKELY,
    slots::Tagger,
};

/// The costs among which cross-validation chooses.
const COSTS: [f32; 5] = [0.1, 0.3, 1.0, 3.0, 10.0];
/// Standard errors by which a smaller cost may be worse than the best one.
const TOLERANCE: f64 = 0.5;
/// What an intent's name may count beside an example of it: a new company has five to ten.
const NAMES: [f32; 2] = [0.3, 1.0];
/// What even an example that nobody believes counts.
const LEAST_TRUST: f32 = 1e-3;
/// The part of the examples that must be lost to doubt for it to be worth learning again what can be believed.
const DIFFERENCE: f32 = 0.02;
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
    /// What the intents are called, as if somebody had written it.
    called: Vec<Grams>,
    pub labelled: Vec<Labelled>,
    /// The fold of each example.
    folds: Vec<usize>,
    /// How far the class of each is to be believed, from 0 to 1.
    trust: Vec<f32>,
}

/// How it is learned; chosen by cross-validation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct How {
    /// What a mistake costs.
    cost: f32,
    /// What an intent's name counts beside an example.
    names: f32,
    threads: usize,
}

/// Trains a model. Examples without an intent teach it what to leave alone.
///
/// # Errors
/// [`TrainError`].
pub fn train(examples: &[Example], options: Options) -> Result<Model, TrainError> {
    let mut prepared = prepare(examples)?;
    let how = prepared.choose(options.threads);
    let (mut belief, mut whole) = prepared.believe(how);
    if prepared.doubt(belief, &whole) {
        (belief, whole) = prepared.believe(how);
    }
    let (tagger, confidence, classifier) = thread::scope(|scope| {
        let tagger = scope.spawn(|| tagger(examples, &prepared, &whole));
        let confidence = Confidence::fit(belief.temperature, &whole, &prepared.trials(how));
        let classifier = prepared.learn(|_| true, how);
        (tagger.join().unwrap_or_else(|panic| resume_unwind(panic)), confidence, classifier)
    });
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
    let called =
        intents.iter().map(|name| grams_of(&name.replace(|char: char| !char.is_alphanumeric(), " "))).collect();
    let trust = vec![1.0; labelled.len()];
    Ok(Prepared { intents, called, labelled, folds, trust })
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

impl Prepared {
    /// Learns from some of the examples.
    fn learn(&self, used: impl Fn(usize) -> bool, how: How) -> Classifier {
        let lesson =
            |(place, one): (usize, &'_ Labelled)| (one.class, how.cost * self.trust[place].max(LEAST_TRUST), place);
        let used: Vec<_> = self.labelled.iter().enumerate().filter(|(place, _)| used(*place)).map(lesson).collect();
        let mut taught = vec![false; self.intents.len()];
        used.iter().filter_map(|(class, ..)| *class).for_each(|class| taught[class] = true);
        let examples =
            used.into_iter().map(|(class, cost, place)| Lesson { grams: &self.labelled[place].grams, class, cost });
        let names = self.called.iter().enumerate().filter(|(class, _)| how.names > 0.0 && taught[*class]);
        let names = names.map(|(class, grams)| Lesson { grams, class: Some(class), cost: how.cost * how.names });
        Classifier::learn(&examples.chain(names).collect::<Vec<_>>(), self.intents.len(), how.threads)
    }

    /// The cost with which most of what was left out is understood; of several that are about as good the smallest,
    /// which learns least by heart. Then what an intent's name counts.
    pub(crate) fn choose(&self, threads: usize) -> How {
        let found: Vec<(How, f64)> = COSTS
            .into_iter()
            .map(|cost| How { cost, names: 0.0, threads })
            .map(|how| (how, self.understood(how)))
            .collect();
        let best = found.iter().fold(0.0f64, |best, (_, right)| best.max(*right));
        let tried = self.labelled.len().min(CHOOSING) as f64 * (FOLDS - 1) as f64 / FOLDS as f64;
        let enough = best - TOLERANCE * (best * (1.0 - best / tried)).max(0.0).sqrt();
        let least = found.into_iter().find(|(_, right)| *right >= enough);
        let mut chosen = least.unwrap_or((How { cost: 1.0, names: 0.0, threads }, 0.0));
        for names in NAMES {
            let how = How { names, ..chosen.0 };
            let right = self.understood(how);
            if right > chosen.1 {
                chosen = (how, right);
            }
        }
        chosen.0
    }

    /// How many of the examples that were left out are understood.
    fn understood(&self, how: How) -> f64 {
        let step = self.labelled.len().div_ceil(CHOOSING).max(1);
        let chosen = |place: usize| place.is_multiple_of(step);
        let mut right = 0.0;
        for fold in 0..FOLDS - 1 {
            let classifier = self.learn(|place| chosen(place) && self.folds[place] != fold, how);
            for (place, one) in self.labelled.iter().enumerate() {
                if chosen(place) && self.folds[place] == fold && one.class.is_some() {
                    let scores = classifier.linear.scores(&classifier.vocabulary.see(&one.grams).row);
                    right += f64::from(u8::from(likeliest(&scores) == one.class));
                }
            }
        }
        right
    }

    /// What classifiers say of examples that they have not seen, and how far that and the labels can be believed.
    pub(crate) fn believe(&self, how: How) -> (Belief, Vec<Trial>) {
        let mut trials: Vec<(usize, Trial)> = Vec::with_capacity(self.labelled.len());
        for fold in 0..FOLDS {
            let classifier = self.learn(|place| self.folds[place] != fold, how);
            let own = self.labelled.iter().enumerate().filter(|(place, _)| self.folds[*place] == fold);
            trials.extend(own.map(|(place, one)| (place, classifier.trial(&one.grams, one.class, |_| true))));
        }
        trials.sort_by_key(|(place, _)| *place);
        let trials: Vec<Trial> = trials.into_iter().map(|(_, trial)| trial).collect();
        (Belief::of(&trials), trials)
    }

    /// Believes each example as far as others bear it out; answers whether that makes a difference.
    fn doubt(&mut self, belief: Belief, trials: &[Trial]) -> bool {
        let mut lost = 0.0;
        for (trust, trial) in self.trust.iter_mut().zip(trials) {
            *trust = trial.class.map_or(1.0, |class| belief.trust(&trial.scores, class));
            lost += 1.0 - *trust;
        }
        lost > DIFFERENCE * trials.len() as f32
    }

    /// What classifiers say of examples that they have not seen. Of each fold's intents some are left out too: for them
    /// the classifier is to know that it does not know.
    fn trials(&self, how: How) -> Vec<Trial> {
        let (labelled, folds, classes) = (&self.labelled, &self.folds, self.intents.len());
        let mut trials = Vec::with_capacity(labelled.len());
        for fold in 0..FOLDS {
            let left_out = |class: usize| classes > 2 && class % FOLDS == fold;
            let used = |place: usize| folds[place] != fold && !labelled[place].class.is_some_and(left_out);
            let classifier = self.learn(used, how);
            for (_, one) in labelled.iter().enumerate().filter(|(place, _)| folds[*place] == fold) {
                let class = one.class.filter(|class| !left_out(*class));
                if one.class.is_some() {
                    trials.push(classifier.trial(&one.grams, class, |class| !left_out(class)));
                }
            }
        }
        trials
    }
}

fn tagger(examples: &[Example], prepared: &Prepared, whole: &[Trial]) -> Tagger {
    let likely = |scores: &[f32]| {
        let mut likely: Vec<usize> = (0..scores.len()).collect();
        likely.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]));
        likely.truncate(LIKELY);
        likely
    };
    let tagged: Vec<Tagged<'_>> = examples
        .iter()
        .zip(&prepared.labelled)
        .zip(whole)
        .filter_map(|((example, one), trial)| {
            Some(Tagged {
                text: &example.text,
                slots: &example.slots,
                intent: one.class?,
                likely: likely(&trial.scores),
            })
        })
        .collect();
    crf::learn(&tagged, prepared.intents.len())
}
