//! Noise: examples that say something else than all the others like them. They are shown to whoever trains, and can be
//! left out.
//!
//! Some part of the labels is taken to be drawn by lot; how large a part, and how far the classifier can be believed, are
//! what makes all labels together the likeliest under classifiers that have not seen them. An example is suspected where
//! its own label is then likelier drawn by lot than meant. So the bar follows from the examples and is no constant.

use serde::Serialize;

use super::{
    Options, TrainError,
    confidence::{Belief, Trial},
    example::Example,
    intents::{Vocabulary, likeliest},
    linear::Row,
    train::{Prepared, prepare},
};

/// Neighbours that are shown.
const NEIGHBOURS: usize = 3;

/// An example whose intent is doubted.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Suspect {
    /// Its place among the examples.
    pub index: usize,
    /// The intent that it was given.
    pub intent: String,
    /// The intent that it looks like.
    pub looks_like: String,
    /// By how much the other is likelier than its own, in log-odds, to classifiers that have not seen it.
    pub margin: f32,
    /// The nearest examples of the intent that it looks like.
    pub neighbours: Vec<Neighbour>,
}

/// An example that contradicts another.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Neighbour {
    /// Its place among the examples.
    pub index: usize,
    /// From 0 (nothing in common) to 1 (the same).
    pub similarity: f32,
}

/// As likely drawn by lot as meant.
const EVEN: f32 = 0.5;

/// A doubt: an example's place, its class, the one it looks like, and by how much.
#[derive(Debug, Clone, Copy)]
struct Doubt {
    index: usize,
    own: usize,
    class: usize,
    margin: f32,
}

/// The examples whose intent is doubted, the worst first.
///
/// # Errors
/// [`TrainError`].
pub fn suspects(examples: &[Example], options: Options) -> Result<Vec<Suspect>, TrainError> {
    let prepared = prepare(examples)?;
    let (belief, trials) = prepared.believe(prepared.choose(options.threads));
    Ok(found(&prepared, belief, &trials))
}

/// The suspects among examples, by what is said of each by a classifier that has not seen it.
pub(crate) fn found(prepared: &Prepared, belief: Belief, trials: &[Trial]) -> Vec<Suspect> {
    let vocabulary = Vocabulary::of(prepared.labelled.iter().map(|one| &one.grams));
    let rows: Vec<Row> = prepared.labelled.iter().map(|one| vocabulary.see(&one.grams).row).collect();
    let mut dense = vec![0.0f32; vocabulary.known.len()];
    let name = |class: usize| prepared.intents[class].clone();
    let suspect = |doubt: Doubt| {
        let Doubt { index, own, class, margin } = doubt;
        let neighbours = neighbours(prepared, &rows, &mut dense, doubt);
        Suspect { index, intent: name(own), looks_like: name(class), margin, neighbours }
    };
    doubts(belief, trials).into_iter().map(suspect).collect()
}

/// The doubts that classifiers raise which had not seen the examples, the worst first.
fn doubts(belief: Belief, trials: &[Trial]) -> Vec<Doubt> {
    let doubt = |(index, trial): (usize, &Trial)| {
        let (own, scores) = (trial.class?, &trial.scores);
        let class = likeliest(scores).filter(|class| *class != own && belief.trust(scores, own) < EVEN)?;
        Some(Doubt { index, own, class, margin: (scores[class] - scores[own]) * belief.temperature })
    };
    let mut doubts: Vec<Doubt> = trials.iter().enumerate().filter_map(doubt).collect();
    doubts.sort_by(|a, b| b.margin.total_cmp(&a.margin).then(a.index.cmp(&b.index)));
    doubts
}

/// The nearest examples of the class that it looks like. `dense` is as long as there are features, and zero.
fn neighbours(prepared: &Prepared, rows: &[Row], dense: &mut [f32], doubt: Doubt) -> Vec<Neighbour> {
    rows[doubt.index].iter().for_each(|(feature, value)| dense[*feature as usize] = *value);
    let near = |row: &Row| row.iter().map(|(feature, value)| dense[*feature as usize] * value).sum::<f32>();
    let mut found: Vec<Neighbour> = prepared
        .labelled
        .iter()
        .enumerate()
        .filter(|(_, one)| one.class == Some(doubt.class))
        .map(|(index, _)| Neighbour { index, similarity: near(&rows[index]).clamp(0.0, 1.0) })
        .filter(|one| one.similarity > 0.0)
        .collect();
    found.sort_by(|a, b| b.similarity.total_cmp(&a.similarity).then(a.index.cmp(&b.index)));
    found.truncate(NEIGHBOURS);
    rows[doubt.index].iter().for_each(|(feature, _)| dense[*feature as usize] = 0.0);
    found
}
