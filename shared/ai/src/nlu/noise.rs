//! Noise: examples that say something else than all the others like them. They are shown to whoever trains, and can be
//! left out.
//!
//! An example is suspected as in confident learning (Northcutt, Jiang, Chuang, JAIR 2021): classifiers that have not
//! seen it find another intent at least as likely as that intent's own examples are on average. So the bar follows from
//! the examples and is no constant.

use serde::Serialize;

use super::{
    Options, TrainError,
    confidence::{softmax, temperature},
    example::Example,
    intents::Vocabulary,
    linear::Row,
    train::{Prepared, likeliest, prepare},
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

/// A doubt: an example's place, the class it looks like, and by how much.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Doubt {
    pub index: usize,
    pub class: usize,
    pub margin: f32,
}

/// The examples whose intent is doubted, the worst first.
///
/// # Errors
/// [`TrainError`].
pub fn suspects(examples: &[Example], options: Options) -> Result<Vec<Suspect>, TrainError> {
    let prepared = prepare(examples)?;
    let cost = prepared.choose_cost(options.threads);
    let doubts = doubts(&prepared, &prepared.held_out((cost, options.threads)));
    let vocabulary = Vocabulary::of(prepared.labelled.iter().map(|one| &one.grams));
    let rows: Vec<Row> = prepared.labelled.iter().map(|one| vocabulary.see(&one.grams).row).collect();
    let mut dense = vec![0.0f32; vocabulary.known.len()];
    let name = |class: usize| prepared.intents[class].clone();
    let suspect = |doubt: Doubt| {
        let Doubt { index, class, margin } = doubt;
        let neighbours = neighbours(&prepared, &rows, &mut dense, doubt);
        let intent = prepared.labelled[index].class.map(name).unwrap_or_default();
        Suspect { index, intent, looks_like: name(class), margin, neighbours }
    };
    Ok(doubts.into_iter().map(suspect).collect())
}

/// The doubts that scores of classifiers raise which had not seen the examples, the worst first.
pub(crate) fn doubts(prepared: &Prepared, scores: &[Vec<f32>]) -> Vec<Doubt> {
    let known: Vec<(&[f32], usize)> = scores
        .iter()
        .zip(&prepared.labelled)
        .filter_map(|(scores, one)| Some((scores.as_slice(), one.class?)))
        .collect();
    let temperature = temperature(&known);
    let mut usual = vec![(0.0f32, 0.0f32); prepared.intents.len()];
    for (scores, class) in &known {
        usual[*class].0 += softmax(scores, temperature)[*class];
        usual[*class].1 += 1.0;
    }
    let mut doubts: Vec<Doubt> = scores
        .iter()
        .enumerate()
        .filter_map(|(index, scores)| {
            let own = prepared.labelled[index].class?;
            let class = likeliest(scores).filter(|class| *class != own)?;
            let (sum, count) = usual[class];
            let is_usual = softmax(scores, temperature)[class] >= sum / f32::max(count, 1.0);
            is_usual.then(|| Doubt { index, class, margin: (scores[class] - scores[own]) * temperature })
        })
        .collect();
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
