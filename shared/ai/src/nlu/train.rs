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
    noise::{self, Suspect},
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
    let prepared = prepare(examples)?;
    let how = prepared.choose(options.threads);
    let (belief, whole) = prepared.believe(how);
    Ok(Learned::of(prepared, how, belief, whole).model(examples, |_| true, how.threads))
}

/// What the examples of a company teach, and how far that can be relied on.
#[derive(Debug, Clone)]
pub struct Study {
    /// Learned from all examples.
    pub model: Model,
    /// Learned the same way from those that were not held out: to be measured on those that were.
    pub measured: Model,
    /// The examples whose intent is doubted, the worst first.
    pub suspects: Vec<Suspect>,
}

/// Trains a model, another one without the examples that are held out, and looks for suspects: all from one
/// cross-validation. `held_out` has a flag for each example, those behind its end are not held out; where there is none
/// the two models are the same.
///
/// The costs, how far labels are believed, and the features by which scope is told are those of all examples: a dozen
/// numbers, of which a tenth of the examples moves none far.
///
/// # Errors
/// [`TrainError`], also where what is not held out has not two intents.
pub fn study(examples: &[Example], held_out: &[bool], options: Options) -> Result<Study, TrainError> {
    let prepared = prepare(examples)?;
    let kept = |place: usize| !held_out.get(place).copied().unwrap_or(false);
    let taught: BTreeSet<usize> =
        prepared.labelled.iter().enumerate().filter(|(at, _)| kept(*at)).filter_map(|(_, one)| one.class).collect();
    if taught.len() < 2 {
        return Err(TrainError);
    }
    let how = prepared.choose(options.threads);
    let (belief, whole) = prepared.believe(how);
    let suspects = noise::found(&prepared, belief, &whole);
    let learned = Learned::of(prepared, how, belief, whole);
    if (0..examples.len()).all(kept) {
        let model = learned.model(examples, |_| true, how.threads);
        return Ok(Study { measured: model.clone(), model, suspects });
    }
    let threads = how.threads.div_ceil(2);
    let (model, measured) = thread::scope(|scope| {
        let measured = scope.spawn(|| learned.model(examples, kept, threads));
        let model = learned.model(examples, |_| true, threads);
        (model, measured.join().unwrap_or_else(|panic| resume_unwind(panic)))
    });
    Ok(Study { model, measured, suspects })
}

/// What cross-validation found; models are learned by it.
struct Learned {
    prepared: Prepared,
    how: How,
    belief: Belief,
    /// What is said of each example by a classifier that has not seen it.
    whole: Vec<Trial>,
    /// What is said by classifiers that do not know all intents, with the examples' places.
    strange: Vec<(usize, Trial)>,
}

impl Learned {
    /// Learns anew what can be believed where labels are doubted, then what strange texts look like.
    fn of(mut prepared: Prepared, how: How, mut belief: Belief, mut whole: Vec<Trial>) -> Self {
        if prepared.doubt(belief, &whole) {
            (belief, whole) = prepared.believe(how);
        }
        let strange = prepared.trials(how);
        Self { prepared, how, belief, whole, strange }
    }

    /// A model of some of the examples.
    fn model(&self, examples: &[Example], kept: impl Fn(usize) -> bool + Sync, threads: usize) -> Model {
        let how = How { threads, ..self.how };
        let (tagger, confidence, classifier) = thread::scope(|scope| {
            let tagger = scope.spawn(|| tagger(examples, &self.prepared, &self.whole, &kept));
            let whole: Vec<&Trial> =
                self.whole.iter().enumerate().filter(|(place, _)| kept(*place)).map(|(_, one)| one).collect();
            let strange: Vec<&Trial> =
                self.strange.iter().filter(|(place, _)| kept(*place)).map(|(_, one)| one).collect();
            let confidence = Confidence::fit(self.belief.temperature, &whole, &strange);
            let classifier = self.prepared.learn(&kept, how);
            (tagger.join().unwrap_or_else(|panic| resume_unwind(panic)), confidence, classifier)
        });
        Model::of(self.prepared.intents.clone(), &classifier, confidence, tagger)
    }
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
        let (mut found, mut best) = (Vec::with_capacity(COSTS.len()), 0.0f64);
        for cost in COSTS {
            let how = How { cost, names: 0.0, threads };
            let right = self.understood(how);
            found.push((how, right));
            // Beyond its summit the curve only falls, and the greatest costs take the longest.
            if right < best {
                break;
            }
            best = right;
        }
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
    fn trials(&self, how: How) -> Vec<(usize, Trial)> {
        let (labelled, folds, classes) = (&self.labelled, &self.folds, self.intents.len());
        let mut trials = Vec::with_capacity(labelled.len());
        for fold in 0..FOLDS {
            let left_out = |class: usize| classes > 2 && class % FOLDS == fold;
            let used = |place: usize| folds[place] != fold && !labelled[place].class.is_some_and(left_out);
            let classifier = self.learn(used, how);
            for (place, one) in labelled.iter().enumerate().filter(|(place, _)| folds[*place] == fold) {
                let class = one.class.filter(|class| !left_out(*class));
                if one.class.is_some() {
                    trials.push((place, classifier.trial(&one.grams, class, |class| !left_out(class))));
                }
            }
        }
        trials
    }
}

fn tagger(examples: &[Example], prepared: &Prepared, whole: &[Trial], kept: impl Fn(usize) -> bool) -> Tagger {
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
        .enumerate()
        .filter(|(place, _)| kept(*place))
        .filter_map(|(_, ((example, one), trial))| {
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
