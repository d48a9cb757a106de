//! How much a match is worth: the probability that a passage answers the text, and the two marks on that scale.
//!
//! It is fitted to the company's own phrasings. Each is asked as it stands; then it is left out and asked: does its
//! article still come first? And it is asked with its whole article left out: whatever comes first then is wrong. A logistic model over a few views of a
//! match tells the two apart. It is drawn towards weights fitted once on a made shop's questions, so that an account
//! with few phrasings starts from something sound, and one with many speaks for itself.

use super::{
    index::{Index, UnitKind},
    query::Left,
};

/// Views of a match: the best score, the likeness of phrasings, what of the question is covered, the margin to the next
/// article, the likeness cubed (which only what is almost the same has), how much was asked, and that of vectors.
pub(crate) const VIEWS: usize = 7;
/// Them.
pub(crate) type Views = [f32; VIEWS];

/// Right answers among those above the mark: a company's own words, sent by themselves, may be wrong once in thirty
/// times; sentences that name their source, once in four.
const EXACT_RIGHT: f32 = 0.97;
const OFFER_RIGHT: f32 = 0.75;
/// What each of the three counts. Of three questions that a company gets its knowledge is taken to answer two; and
/// customers write as the phrasings stand about once for every twice that they use other words.
const AS_IT_STANDS: f32 = 0.35;
const OTHER_WORDS: f32 = 0.65;
const UNANSWERABLE: f32 = 0.5;
/// Phrasings that are asked: more change the third digit only.
const ASKED: usize = 600;
/// Right ones below which nothing is fitted.
const FEWEST: usize = 20;
/// What is believed of a question that the company itself wrote; no mark lies above it.
pub(crate) const WRITTEN: f32 = 0.99;
/// How many trials the weights at the start are worth.
const PRIOR: f32 = 2.0;
/// Parts for the marks: each is judged by weights fitted to the others.
const FOLDS: usize = 5;

/// The weights at the start, the last is the bias; and the marks. Fitted by `defaults` in the tests to the made shop
/// (English and Chinese together, 300 phrasings) with no prior; what they give is in that test.
const WEIGHTS: [f32; VIEWS + 1] = [3.9, 0.1, 2.2, 1.2, 1.6, 3.0, 2.0, -8.3];
const MARKS: Marks = Marks { exact: 0.87, offer: 0.21 };

/// Between what lies a confidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Band {
    /// The company's own answer may be given as it is.
    Exact,
    /// Sentences may be given, with where they come from.
    Between,
    /// Nothing fits well enough: it is for people.
    Below,
}

/// Where the bands begin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Marks {
    pub exact: f32,
    pub offer: f32,
}

/// What is fitted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Fit {
    pub weights: [f32; VIEWS + 1],
    pub marks: Marks,
}

impl Default for Fit {
    fn default() -> Self {
        Self { weights: WEIGHTS, marks: MARKS }
    }
}

/// What is fitted to words alone, and to words and vectors.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Calibration {
    pub words: Fit,
    pub vectors: Fit,
}

/// A question that was asked: the views of what came first, whether it was right, and the article that it is of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Trial {
    views: Views,
    right: bool,
    article: u32,
    weight: f32,
}

impl Index {
    /// Between what a confidence lies: marks that this company's own phrasings set.
    pub fn band(&self, confidence: f32) -> Band {
        let marks = self.calibration.words.marks;
        match confidence {
            exact if exact >= marks.exact => Band::Exact,
            offer if offer >= marks.offer => Band::Between,
            _ => Band::Below,
        }
    }

    /// Where the bands begin: above the first the answer is exact, below the second it is for people.
    pub fn marks(&self) -> (f32, f32) {
        (self.calibration.words.marks.exact, self.calibration.words.marks.offer)
    }

    /// Fits to the index's own phrasings, and to its vectors if it has any.
    pub(crate) fn calibrate(&self) -> Calibration {
        let words = Fit::of(&self.trials(false), Fit::default(), PRIOR);
        let vectors = match self.vectors {
            Some(_) => Fit::of(&self.trials(true), words, PRIOR),
            None => words,
        };
        Calibration { words, vectors }
    }

    pub(crate) fn trials(&self, vectors: bool) -> Vec<Trial> {
        let several = |unit: &u32| {
            let unit = &self.units[*unit as usize];
            let question = matches!(unit.kind, UnitKind::Question(_));
            question && self.articles[unit.article as usize].article.questions.len() > 1
        };
        let all: Vec<u32> = (0..self.units.len() as u32).filter(several).collect();
        let step = all.len().div_ceil(ASKED).max(1);
        all.into_iter().step_by(step).flat_map(|unit| self.trial(unit, vectors)).flatten().collect()
    }

    fn trial(&self, unit: u32, vectors: bool) -> [Option<Trial>; 3] {
        let (article, kind) = (self.units[unit as usize].article, &self.units[unit as usize].kind);
        let UnitKind::Question(number) = kind else { return [None; 3] };
        let text = &self.articles[article as usize].article.questions[*number as usize];
        let asked = self.vectors.as_ref().filter(|_| vectors).and_then(|all| all.ask(&all.vector(unit as usize)));
        let without = [
            (Left::default(), AS_IT_STANDS),
            (Left { article: None, unit: Some(unit) }, OTHER_WORDS),
            (Left { article: Some(article), unit: None }, UNANSWERABLE),
        ];
        without.map(|(left, weight)| {
            let query = self.query(text, left);
            let found = self.candidates(&query, asked.as_ref(), left);
            let best = found.first()?;
            Some(Trial { views: self.views(&query, best, &found), right: best.article == article, article, weight })
        })
    }
}

impl Calibration {
    /// The confidence of a match; that of one with vectors is put on the scale of those without, mark on mark.
    pub(crate) fn confidence(&self, views: &Views, vectors: bool) -> f32 {
        let fit = if vectors { &self.vectors } else { &self.words };
        let raw = fit.probability(views);
        if vectors { self.placed(raw) } else { raw }
    }

    /// A confidence with vectors on the scale of those without.
    fn placed(&self, raw: f32) -> f32 {
        let (own, common) = (self.vectors.marks, self.words.marks);
        let from = [0.0, own.offer, own.exact, 1.0];
        let to = [0.0, common.offer, common.exact, 1.0];
        let place = (0..2).rev().find(|place| raw >= from[place + 1]).map_or(0, |place| place + 1);
        let part = (raw - from[place]) / (from[place + 1] - from[place]).max(1e-6);
        (to[place] + part * (to[place + 1] - to[place])).clamp(0.0, 1.0)
    }
}

impl Fit {
    pub(crate) fn probability(&self, views: &Views) -> f32 {
        sigmoid(score(&self.weights, views))
    }

    /// Fits to trials, from a start.
    pub(crate) fn of(trials: &[Trial], start: Self, prior: f32) -> Self {
        if trials.iter().filter(|trial| trial.right).count() < FEWEST {
            return start;
        }
        let mut judged: Vec<(f32, bool, f32)> = vec![];
        for fold in 0..FOLDS {
            let (own, others): (Vec<Trial>, Vec<Trial>) =
                trials.iter().partition(|trial| trial.article as usize % FOLDS == fold);
            let weights = logistic(&others, &start.weights, prior);
            let judge = |trial: &Trial| (sigmoid(score(&weights, &trial.views)), trial.right, trial.weight);
            judged.extend(own.iter().map(judge));
        }
        judged.sort_by(|(one, a, _), (other, b, _)| other.total_cmp(one).then(a.cmp(b)));
        let exact = mark(&judged, EXACT_RIGHT).unwrap_or(start.marks.exact).min(WRITTEN);
        let offer = mark(&judged, OFFER_RIGHT).unwrap_or(start.marks.offer).min(exact);
        Self { weights: logistic(trials, &start.weights, prior), marks: Marks { exact, offer } }
    }
}

/// The lowest mark above which so many are right; one wrong answer is counted that did not happen, for the next.
fn mark(judged: &[(f32, bool, f32)], target: f32) -> Option<f32> {
    let (mut right, mut all) = (0.0, 1.0);
    let mut mark = None;
    for (confidence, is_right, weight) in judged {
        right += if *is_right { *weight } else { 0.0 };
        all += weight;
        if right >= target * all {
            mark = Some(*confidence);
        }
    }
    mark
}

fn sigmoid(score: f32) -> f32 {
    1.0 / (1.0 + (-score).exp())
}

fn score(weights: &[f32; VIEWS + 1], views: &Views) -> f32 {
    let [weights @ .., bias] = weights;
    weights.iter().zip(views).map(|(weight, view)| weight * view).sum::<f32>() + bias
}

/// Logistic regression drawn towards a start: accelerated gradient descent. No weight but the bias falls below 0: a
/// better match is never worth less.
fn logistic(trials: &[Trial], start: &[f32; VIEWS + 1], prior: f32) -> [f32; VIEWS + 1] {
    const ROUNDS: usize = 400;
    const RATE: f32 = 0.4;
    const MOMENTUM: f32 = 0.9;
    let share = 1.0 / trials.iter().map(|trial| trial.weight).sum::<f32>().max(1.0);
    let (mut weights, mut speed) = (*start, [0.0f32; VIEWS + 1]);
    for _ in 0..ROUNDS {
        let mut slope: [f32; VIEWS + 1] = std::array::from_fn(|at| prior * share * 0.1 * (weights[at] - start[at]));
        for trial in trials {
            let error =
                (sigmoid(score(&weights, &trial.views)) - f32::from(u8::from(trial.right))) * share * trial.weight;
            slope.iter_mut().zip(trial.views.iter().chain([&1.0])).for_each(|(slope, view)| *slope += error * view);
        }
        for at in 0..=VIEWS {
            speed[at] = MOMENTUM * speed[at] - RATE * slope[at];
            weights[at] += speed[at];
            if at < VIEWS && weights[at] < 0.0 {
                (weights[at], speed[at]) = (0.0, 0.0);
            }
        }
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::{Format, read};

    /// What [`WEIGHTS`] and [`MARKS`] come from.
    #[test]
    fn defaults() {
        let mut articles = read(Format::Csv, "en", include_str!("../../tests/fixtures/shop-en.csv")).unwrap();
        articles.extend(read(Format::Csv, "zh", include_str!("../../tests/fixtures/shop-zh.csv")).unwrap());
        let trials = Index::build(&articles, &[]).trials(false);
        let right = trials.iter().filter(|trial| trial.right).count();
        let fit = Fit::of(&trials, Fit::default(), 0.0);
        println!("{} trials, {right} right: {fit:.2?}", trials.len());
        // Accelerated descent stops at about the best: whoever changes a view fits anew.
        for (weight, fitted) in WEIGHTS.iter().zip(&fit.weights) {
            assert!((weight - fitted).abs() < 0.5, "{WEIGHTS:?} {fit:?}");
        }
    }
}
