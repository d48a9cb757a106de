//! How good a model is, on examples that it has not seen.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Instant,
};

use serde::Serialize;

use super::{Example, Model};

/// The yardstick's figures.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Report {
    /// Rows with an intent, and rows without.
    pub in_scope: usize,
    /// Rows whose intent is null.
    pub out_of_scope: usize,
    /// Part of the rows with an intent that are understood, nothing being rejected.
    pub accuracy: f64,
    /// The mean over the intents of each one's F1.
    pub macro_f1: f64,
    /// F1 over slots, of which name and both ends must be right; absent where there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slot_f1: Option<f64>,
    /// How well the scope score tells the two kinds apart; absent where there is but one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub out_of_scope_auroc: Option<f64>,
    /// At the given rejection: part of the rows with an intent that are understood and not rejected.
    pub in_scope_accuracy_at_reject: f64,
    /// At the given rejection: part of the rows with an intent that are rejected.
    pub in_scope_rejected: f64,
    /// At the given rejection: part of the rows without an intent that are rejected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub out_of_scope_recall_at_reject: Option<f64>,
    /// The mean distance between how likely the model says it is and how often that is so, over ten equal parts.
    pub calibration_error: f64,
    /// Microseconds of a query, median, on warm caches.
    pub query_us_p50: f64,
    /// Microseconds of a query, the 99th of 100.
    pub query_us_p99: f64,
}

/// Evaluates a model; `reject` as for [`Model::understand`].
pub fn evaluate(model: &Model, examples: &[Example], reject: f32) -> Report {
    let mut report = Report::default();
    let mut counts: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    let (mut right, mut right_kept, mut rejected, mut rejected_out) = (0usize, 0usize, 0usize, 0usize);
    let (mut scopes, mut times, mut sure) = (vec![], vec![], vec![]);
    let (mut slots_right, mut slots_said, mut slots_there) = (0usize, 0usize, 0usize);
    // A function that answers has answered before: the first pass only warms the processor's caches up.
    for example in examples {
        std::hint::black_box(model.understand(&example.text, reject));
    }
    for example in examples {
        let begun = Instant::now();
        let understood = model.understand(&example.text, reject);
        times.push(begun.elapsed().as_secs_f64() * 1e6);
        scopes.push((understood.scope, example.intent.is_some()));
        let said = understood.intent.is_some();
        let Some(intent) = example.intent.as_deref() else {
            rejected_out += usize::from(!said);
            continue;
        };
        let guess = understood.guesses.first();
        let is_right = guess.is_some_and(|guess| guess.intent == intent);
        right += usize::from(is_right);
        right_kept += usize::from(is_right && said);
        rejected += usize::from(!said);
        sure.push((guess.map_or(0.0, |guess| f64::from(guess.probability)), is_right));
        counts.entry(intent).or_default()[2] += 1;
        if is_right {
            counts.entry(intent).or_default()[0] += 1;
        }
        if let Some(guess) = guess.and_then(|guess| model.intents().iter().find(|name| **name == guess.intent)) {
            counts.entry(guess).or_default()[1] += 1;
        }
        let gold: BTreeSet<_> = example.slots.iter().map(|slot| (&slot.name, slot.start, slot.end)).collect();
        let found: BTreeSet<_> = understood.slots.iter().map(|slot| (&slot.name, slot.start, slot.end)).collect();
        slots_right += gold.intersection(&found).count();
        slots_said += found.len();
        slots_there += gold.len();
    }
    report.in_scope = sure.len();
    report.out_of_scope = examples.len() - sure.len();
    let part = |some: usize, all: usize| if all == 0 { 0.0 } else { some as f64 / all as f64 };
    report.accuracy = part(right, report.in_scope);
    report.in_scope_accuracy_at_reject = part(right_kept, report.in_scope);
    report.in_scope_rejected = part(rejected, report.in_scope);
    let both = report.in_scope > 0 && report.out_of_scope > 0;
    report.out_of_scope_recall_at_reject = (report.out_of_scope > 0).then(|| part(rejected_out, report.out_of_scope));
    report.out_of_scope_auroc = both.then(|| auroc(scopes));
    let f1 = |[right, said, there]: &[usize; 3]| part(2 * right, said + there);
    let gold: Vec<f64> = counts.values().filter(|count| count[2] > 0).map(f1).collect();
    report.macro_f1 = gold.iter().sum::<f64>() / gold.len().max(1) as f64;
    report.slot_f1 = (slots_there > 0).then(|| f1(&[slots_right, slots_said, slots_there]));
    report.calibration_error = calibration_error(sure);
    times.sort_by(f64::total_cmp);
    let at =
        |part: f64| times.get(((times.len() as f64 - 1.0) * part).round().max(0.0) as usize).copied().unwrap_or(0.0);
    (report.query_us_p50, report.query_us_p99) = (at(0.5), at(0.99));
    report
}

/// The chance that one that is in scope has a higher score than one that is not (Mann–Whitney), ties counting half.
fn auroc(mut scopes: Vec<(f32, bool)>) -> f64 {
    scopes.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut ranks, mut at) = (0.0, 0);
    while at < scopes.len() {
        let end = at + scopes[at..].iter().take_while(|one| one.0.total_cmp(&scopes[at].0).is_eq()).count();
        let rank = (at + 1 + end) as f64 / 2.0;
        ranks += rank * scopes[at..end].iter().filter(|one| one.1).count() as f64;
        at = end;
    }
    let inside = scopes.iter().filter(|one| one.1).count() as f64;
    let outside = scopes.len() as f64 - inside;
    (ranks - inside * (inside + 1.0) / 2.0) / (inside * outside)
}

fn calibration_error(mut sure: Vec<(f64, bool)>) -> f64 {
    const PARTS: usize = 10;
    sure.sort_by(|a, b| a.0.total_cmp(&b.0));
    let size = sure.len().div_ceil(PARTS).max(1);
    let error = |part: &[(f64, bool)]| {
        let said: f64 = part.iter().map(|one| one.0).sum();
        let was = part.iter().filter(|one| one.1).count() as f64;
        (said - was).abs()
    };
    sure.chunks(size).map(error).sum::<f64>() / sure.len().max(1) as f64
}
