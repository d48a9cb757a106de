//! How much a classifier's word is worth: scores become probabilities, and several views of a text say whether it is
//! any of the company's business at all. Both are fitted to examples that the classifier had not seen.

use serde::{Deserialize, Serialize};

/// Views of a text that tell what is known from what is not.
pub(crate) const VIEWS: usize = 7;

/// What is fitted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Confidence {
    /// Scores are multiplied by it before they become probabilities.
    pub temperature: f32,
    /// Weights of the views, the last is the bias.
    pub weights: [f32; VIEWS + 1],
    /// Scope scores of known texts at each hundredth: which score rejects how many of them.
    pub quantiles: Vec<f32>,
}

/// A text that was not learned from: its scores and how familiar it is; and its class, if it is one that was learned.
#[derive(Debug, Clone)]
pub(crate) struct Trial {
    pub scores: Vec<f32>,
    pub familiar: [f32; 2],
    pub class: Option<usize>,
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
fn views(scores: &[f32], probabilities: &[f32], familiar: [f32; 2]) -> [f32; VIEWS] {
    let two = |values: &[f32]| {
        values.iter().fold((f32::NEG_INFINITY, f32::NEG_INFINITY), |(first, second), value| {
            if *value > first { (*value, first) } else { (first, second.max(*value)) }
        })
    };
    let ((first, second), (likely, _)) = (two(scores), two(probabilities));
    let second = if second.is_finite() { second } else { first - 1.0 };
    let likely = likely.clamp(1e-6, 1.0 - 1e-6);
    let entropy: f32 = probabilities.iter().filter(|p| **p > 0.0).map(|p| -p * p.ln()).sum();
    [
        (likely / (1.0 - likely)).ln(),
        first,
        first - second,
        entropy,
        familiar[0],
        familiar[1],
        familiar[0] * familiar[1],
    ]
}

impl Default for Confidence {
    fn default() -> Self {
        // Believes the classifier where the text is familiar, and rejects nothing.
        Self { temperature: 3.0, weights: [1.0, 1.0, 0.0, 0.0, 2.0, 2.0, 0.0, 0.0], quantiles: vec![] }
    }
}

impl Confidence {
    /// Fits to trials.
    pub(crate) fn fit(trials: &[Trial]) -> Self {
        let known: Vec<(&[f32], usize)> =
            trials.iter().filter_map(|trial| Some((trial.scores.as_slice(), trial.class?))).collect();
        let mut fitted = Self { temperature: temperature(&known), ..Self::default() };
        let examples: Vec<([f32; VIEWS], bool)> = trials
            .iter()
            .map(|trial| {
                let probabilities = softmax(&trial.scores, fitted.temperature);
                (views(&trial.scores, &probabilities, trial.familiar), trial.class.is_some())
            })
            .collect();
        if examples.iter().any(|(_, known)| *known) && examples.iter().any(|(_, known)| !*known) {
            fitted.weights = logistic(&examples);
        }
        let mut scopes: Vec<f32> =
            examples.iter().filter(|(_, known)| *known).map(|(views, _)| fitted.score(views)).collect();
        scopes.sort_by(f32::total_cmp);
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
    pub(crate) fn scope(&self, scores: &[f32], probabilities: &[f32], familiar: [f32; 2]) -> f32 {
        self.score(&views(scores, probabilities, familiar))
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

/// The temperature under which the right classes are the likeliest (golden section over its logarithm).
pub(crate) fn temperature(known: &[(&[f32], usize)]) -> f32 {
    let loss = |log: f32| -> f32 {
        let of = |(scores, class): &(&[f32], usize)| -softmax(scores, log.exp())[*class].max(1e-12).ln();
        known.iter().map(of).sum()
    };
    let (mut low, mut high) = (-1.0f32, 4.0f32);
    let golden = 0.618_034f32;
    for _ in 0..30 {
        let (a, b) = (high - golden * (high - low), low + golden * (high - low));
        if loss(a) < loss(b) { high = b } else { low = a }
    }
    ((low + high) / 2.0).exp()
}

/// Logistic regression of a few views: gradient descent on standardised values, the two sides weighing the same.
fn logistic(examples: &[([f32; VIEWS], bool)]) -> [f32; VIEWS + 1] {
    const ROUNDS: usize = 400;
    const RATE: f32 = 0.5;
    const DECAY: f32 = 1e-3;
    let count = examples.len() as f32;
    let (mut mean, mut spread) = ([0.0f32; VIEWS], [0.0f32; VIEWS]);
    for view in 0..VIEWS {
        mean[view] = examples.iter().map(|(views, _)| views[view]).sum::<f32>() / count;
        let variance = examples.iter().map(|(views, _)| (views[view] - mean[view]).powi(2)).sum::<f32>() / count;
        spread[view] = variance.sqrt().max(1e-6);
    }
    let known = examples.iter().filter(|(_, known)| *known).count() as f32;
    let (mut weights, mut bias) = ([0.0f32; VIEWS], 0.0f32);
    for _ in 0..ROUNDS {
        let (mut slope, mut rise) = ([0.0f32; VIEWS], 0.0f32);
        for (views, is_known) in examples {
            let at: [f32; VIEWS] = std::array::from_fn(|view| (views[view] - mean[view]) / spread[view]);
            let score = weights.iter().zip(&at).map(|(weight, view)| weight * view).sum::<f32>() + bias;
            let (target, share) = if *is_known { (1.0, 0.5 / known) } else { (0.0, 0.5 / (count - known)) };
            let error = (1.0 / (1.0 + (-score).exp()) - target) * share;
            slope.iter_mut().zip(&at).for_each(|(slope, view)| *slope += error * view);
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
