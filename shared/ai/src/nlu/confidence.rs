//! How much a classifier's word is worth: scores become probabilities, and several views of a text say whether it is
//! any of the company's business at all. Both are fitted to examples that the classifier had not seen.

use serde::{Deserialize, Serialize};

/// Views of a text that tell what is known from what is not.
pub(crate) const VIEWS: usize = 10;

/// How sharply the energy of the scores (Liu et al., NeurIPS 2020) looks at the greatest.
const ENERGY: f32 = 3.0;
/// Examples of an intent up to which a probability is as rough as it gets: a new company has five to ten. With more it
/// is surer by the square root, as the error of any mean.
const FEW: f32 = 10.0;
/// How likely an intent of so few must be: likelier than all others together. Of seven intents with ten examples each, what
/// is another's business comes to 0.3 and what is theirs mostly to 0.8 and more. HWU64's 64 with 155 each need 0.13.
const DOUBT: f32 = 0.5;
/// Examples on which the temperature is fitted: more tell no more.
const FITTED: usize = 4_000;

/// What is fitted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Confidence {
    /// Scores are multiplied by it before they become probabilities.
    pub temperature: f32,
    /// Weights of the views, the last is the bias.
    pub weights: [f32; VIEWS + 1],
    /// Scope scores of known texts at each hundredth: which score rejects how many of them.
    pub quantiles: Vec<f32>,
    /// Examples of its own business that it is fitted to.
    #[serde(default)]
    pub known: usize,
}

/// A text that was not learned from: its scores and how familiar it is; and its class, if it is one that was learned.
#[derive(Debug, Clone)]
pub(crate) struct Trial {
    pub scores: Vec<f32>,
    pub signs: Signs,
    pub class: Option<usize>,
}

/// What else there is to see of a text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Signs {
    /// How much of its words, and of its characters, is known.
    pub familiar: [f32; 2],
    /// What speaks for the likeliest class, whatever speaks against it.
    pub support: f32,
    /// How long it is.
    pub length: f32,
}

/// Probabilities of scores.
pub(crate) fn softmax(scores: &[f32], temperature: f32) -> Vec<f32> {
    let most = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut all: Vec<f32> = scores.iter().map(|score| ((score - most) * temperature).exp()).collect();
    let sum: f32 = all.iter().sum();
    all.iter_mut().for_each(|value| *value /= sum);
    all
}

/// The views of a text.
fn views(scores: &[f32], probabilities: &[f32], signs: Signs) -> [f32; VIEWS] {
    let familiar = signs.familiar;
    let two = |values: &[f32]| {
        values.iter().fold((f32::NEG_INFINITY, f32::NEG_INFINITY), |(first, second), value| {
            if *value > first { (*value, first) } else { (first, second.max(*value)) }
        })
    };
    let ((first, second), (likely, _)) = (two(scores), two(probabilities));
    let second = if second.is_finite() { second } else { first - 1.0 };
    let likely = likely.clamp(1e-6, 1.0 - 1e-6);
    let entropy: f32 = probabilities.iter().filter(|p| **p > 0.0).map(|p| -p * p.ln()).sum();
    let energy = scores.iter().map(|score| ((score - first) * ENERGY).exp()).sum::<f32>().ln() / ENERGY + first;
    [
        (likely / (1.0 - likely)).ln(),
        first,
        first - second,
        entropy,
        familiar[0],
        familiar[1],
        familiar[0] * familiar[1],
        signs.support,
        signs.length,
        energy,
    ]
}

impl Default for Confidence {
    fn default() -> Self {
        // Believes the classifier where the text is familiar, and rejects nothing.
        Self {
            temperature: 3.0,
            weights: [1.0, 1.0, 0.0, 0.0, 2.0, 2.0, 0.0, 0.0, 0.0, 0.0, 0.0],
            quantiles: vec![],
            known: 0,
        }
    }
}

impl Confidence {
    /// Fits to trials: of classifiers that knew all classes, and of some from which classes were kept.
    pub(crate) fn fit(temperature: f32, whole: &[&Trial], trials: &[&Trial]) -> Self {
        let mut fitted = Self { temperature, ..Self::default() };
        let seen = |trial: &Trial| {
            let probabilities = softmax(&trial.scores, temperature);
            (views(&trial.scores, &probabilities, trial.signs), trial.class.is_some())
        };
        let (examples, real): (Vec<_>, Vec<_>) = (
            trials.iter().copied().map(seen).collect(),
            whole.iter().copied().filter(|trial| trial.class.is_none()).map(seen).collect::<Vec<_>>(),
        );
        if examples.iter().any(|(_, known)| *known) && examples.len() + real.len() > 0 {
            let strange: Vec<_> = examples.iter().filter(|(_, known)| !*known).copied().collect();
            let known: Vec<_> = examples.iter().filter(|(_, known)| *known).copied().collect();
            if !strange.is_empty() || !real.is_empty() {
                fitted.weights = logistic(&known, [&strange, &real]);
            }
        }
        let known = whole.iter().copied().filter(|trial| trial.class.is_some());
        let mut scopes: Vec<f32> = known.map(|trial| fitted.score(&seen(trial).0)).collect();
        scopes.sort_by(f32::total_cmp);
        fitted.known = scopes.len();
        if !scopes.is_empty() {
            fitted.quantiles = (0..=100).map(|hundredth| scopes[(scopes.len() - 1) * hundredth / 100]).collect();
        }
        fitted
    }

    fn score(&self, views: &[f32; VIEWS]) -> f32 {
        let [weights @ .., bias] = &self.weights;
        weights.iter().zip(views).map(|(weight, view)| weight * view).sum::<f32>() + bias
    }

    /// How much a text looks like one of the company's: higher is more.
    pub(crate) fn scope(&self, scores: &[f32], probabilities: &[f32], signs: Signs) -> f32 {
        self.score(&views(scores, probabilities, signs))
    }

    /// How likely one of so many intents must be for something to be done about it.
    pub(crate) fn floor(&self, intents: usize) -> f32 {
        let chance = 1.0 / intents.max(1) as f32;
        if self.known == 0 {
            return chance;
        }
        let each = self.known as f32 * chance;
        (DOUBT * (FEW / each).sqrt().min(1.0)).max(chance)
    }

    /// The scope score below which this part of the known texts lies.
    pub(crate) fn threshold(&self, reject: f32) -> f32 {
        let place = reject.clamp(0.0, 1.0) * (self.quantiles.len().saturating_sub(1)) as f32;
        let (below, part) = (place.floor(), place.fract());
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most a hundred")]
        let at = |place: f32| self.quantiles.get(place as usize).copied();
        match (at(below), at(below + 1.0)) {
            (Some(low), Some(high)) => low + (high - low) * part,
            (Some(low), None) => low,
            _ => f32::NEG_INFINITY,
        }
    }
}

/// How far scores and labels can be believed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Belief {
    /// Scores are multiplied by it before they become probabilities.
    pub temperature: f32,
    /// The part of the labels that are as good as drawn by lot.
    pub noise: f32,
}

impl Belief {
    /// The temperature and the noise under which the labels are the likeliest, each sought in turn.
    pub(crate) fn of(trials: &[Trial]) -> Self {
        let known: Vec<(&[f32], usize)> =
            trials.iter().filter_map(|trial| Some((trial.scores.as_slice(), trial.class?))).collect();
        let known: Vec<(&[f32], usize)> = known.iter().step_by(known.len().div_ceil(FITTED).max(1)).copied().collect();
        let mut belief = Self { temperature: 3.0, noise: 0.01 };
        for _ in 0..TURNS {
            let loss = |log: f32| -> f32 {
                let tried = Self { temperature: log.exp(), ..belief };
                known.iter().map(|(scores, class)| -tried.chance(scores, *class).ln()).sum()
            };
            belief.temperature = least(loss, (-1.0, 4.0)).exp();
            let own: Vec<(f32, f32)> = known
                .iter()
                .map(|(scores, class)| (softmax(scores, belief.temperature)[*class], 1.0 / scores.len() as f32))
                .collect();
            let loss = |noise: f32| -> f32 {
                own.iter().map(|(own, lot)| -((1.0 - noise) * own + noise * lot).max(1e-12).ln()).sum()
            };
            belief.noise = least(loss, (0.0, 0.5));
        }
        belief
    }

    /// How likely a label is.
    fn chance(self, scores: &[f32], class: usize) -> f32 {
        let lot = self.noise / scores.len() as f32;
        ((1.0 - self.noise) * softmax(scores, self.temperature)[class] + lot).max(1e-12)
    }

    /// How likely a label is none that was drawn by lot.
    pub(crate) fn trust(self, scores: &[f32], class: usize) -> f32 {
        1.0 - self.noise / scores.len() as f32 / self.chance(scores, class)
    }
}

/// Turns of seeking each of the two.
const TURNS: usize = 3;

/// Where a function of one valley is least (golden section).
fn least(of: impl Fn(f32) -> f32, (mut low, mut high): (f32, f32)) -> f32 {
    let golden = 0.618_034f32;
    for _ in 0..20 {
        let (a, b) = (high - golden * (high - low), low + golden * (high - low));
        if of(a) < of(b) { high = b } else { low = a }
    }
    f32::midpoint(low, high)
}

/// Logistic regression of a few views: gradient descent on standardised values, the two sides weighing the same, and of
/// what is strange each kind that there is.
fn logistic(known: &[([f32; VIEWS], bool)], strange: [&Vec<([f32; VIEWS], bool)>; 2]) -> [f32; VIEWS + 1] {
    const ROUNDS: usize = 400;
    const RATE: f32 = 0.5;
    const DECAY: f32 = 1e-3;
    let kinds = strange.iter().filter(|kind| !kind.is_empty()).count().max(1) as f32;
    let sides = [(known, 0.5f32), (strange[0], 0.5 / kinds), (strange[1], 0.5 / kinds)];
    let mut examples: Vec<([f32; VIEWS], f32, f32)> = sides
        .iter()
        .flat_map(|(side, share)| {
            side.iter().map(move |(views, known)| (*views, f32::from(u8::from(*known)), share / side.len() as f32))
        })
        .collect();
    let count = examples.len() as f32;
    let (mut mean, mut spread) = ([0.0f32; VIEWS], [0.0f32; VIEWS]);
    for view in 0..VIEWS {
        mean[view] = examples.iter().map(|(views, ..)| views[view]).sum::<f32>() / count;
        let variance = examples.iter().map(|(views, ..)| (views[view] - mean[view]).powi(2)).sum::<f32>() / count;
        spread[view] = variance.sqrt().max(1e-6);
        examples.iter_mut().for_each(|(views, ..)| views[view] = (views[view] - mean[view]) / spread[view]);
    }
    let (mut weights, mut bias) = ([0.0f32; VIEWS], 0.0f32);
    for _ in 0..ROUNDS {
        let (mut slope, mut rise) = ([0.0f32; VIEWS], 0.0f32);
        for (views, target, share) in &examples {
            let score = weights.iter().zip(views).map(|(weight, view)| weight * view).sum::<f32>() + bias;
            let error = (1.0 / (1.0 + (-score).exp()) - target) * share;
            slope.iter_mut().zip(views).for_each(|(slope, view)| *slope += error * view);
            rise += error;
        }
        weights.iter_mut().zip(&slope).for_each(|(weight, slope)| *weight -= RATE * (slope + DECAY * *weight));
        bias -= RATE * rise;
    }
    let mut out = [0.0; VIEWS + 1];
    for view in 0..VIEWS {
        out[view] = weights[view] / spread[view];
        out[VIEWS] -= weights[view] * mean[view] / spread[view];
    }
    out[VIEWS] += bias;
    out
}
