//! Questions that ask the same, put together.
//!
//! Each is a vector of its words and of the pieces of them, the rare ones longer. The one with the most neighbours takes
//! those that nobody has, then the next; so the same questions make the same groups, in one pass.

use std::collections::{BTreeMap, HashMap};

use super::words;
use crate::text;

/// Questions that are looked at: where all are alike, each has all for neighbours, which takes 64 MB for as many.
const QUESTIONS: usize = 2_000;
/// Characters of a question that are looked at.
const CHARS: usize = 300;
/// From which likeness on two questions are neighbours.
const NEAR: f32 = 0.3;
/// What a piece of a word is worth against a word.
const PIECE: f32 = 0.3;
/// Terms of more questions than one in so many say nothing, where there are enough to tell.
const COMMON: usize = 4;
const ENOUGH: usize = 200;

/// Questions that ask the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// What tells it from others: the id of its most central question.
    pub id: String,
    /// The words of that.
    pub title: String,
    /// The ids of all, the nearest to it first.
    pub members: Vec<String>,
}

/// Groups of questions, each an id and a text; the largest first. What has no neighbour is a group of its own.
pub fn group(questions: &[(String, String)]) -> Vec<Group> {
    let questions = &questions[..questions.len().min(QUESTIONS)];
    let near = neighbours(&vectors(questions));
    let mut order: Vec<usize> = (0..questions.len()).collect();
    let weight = |at: usize| near[at].iter().map(|(_, likeness)| likeness).sum::<f32>();
    let weights: Vec<f32> = (0..questions.len()).map(weight).collect();
    order.sort_by(|one, other| weights[*other].total_cmp(&weights[*one]).then(one.cmp(other)));
    let mut taken = vec![false; questions.len()];
    let mut groups: Vec<Group> = vec![];
    for leader in order {
        if taken[leader] {
            continue;
        }
        taken[leader] = true;
        let mut members = vec![leader];
        for (other, _) in &near[leader] {
            if !std::mem::replace(&mut taken[*other], true) {
                members.push(*other);
            }
        }
        let (id, title) = questions[leader].clone();
        groups.push(Group { id, title, members: members.into_iter().map(|at| questions[at].0.clone()).collect() });
    }
    // Stable: of two as large the one with more around it comes first.
    groups.sort_by_key(|group| usize::MAX - group.members.len());
    groups
}

/// The terms of each question, numbered, and what each is worth; of length 1.
fn vectors(questions: &[(String, String)]) -> Vec<Vec<(u32, f32)>> {
    let mut numbers: HashMap<String, u32> = HashMap::new();
    let mut spread: Vec<u32> = vec![];
    let mut all: Vec<BTreeMap<u32, f32>> = vec![];
    for (_, question) in questions {
        let mut own: BTreeMap<u32, f32> = BTreeMap::new();
        for (key, worth) in terms(question) {
            let next = numbers.len() as u32;
            let number = *numbers.entry(key).or_insert(next);
            own.insert(number, worth);
        }
        spread.resize(numbers.len(), 0);
        own.keys().for_each(|number| spread[*number as usize] += 1);
        all.push(own);
    }
    let count = questions.len() as f32;
    let weigh = |own: BTreeMap<u32, f32>| {
        let weight = |(number, worth)| (number, worth * (1.0 + count / spread[number as usize] as f32).ln());
        let mut vector: Vec<(u32, f32)> = own.into_iter().map(weight).collect();
        let length = vector.iter().map(|(_, value)| value * value).sum::<f32>().sqrt();
        vector.iter_mut().for_each(|(_, value)| *value /= length.max(1e-6));
        vector
    };
    all.into_iter().map(weigh).collect()
}

fn terms(question: &str) -> Vec<(String, f32)> {
    let cut = question.char_indices().nth(CHARS).map_or(question, |(end, _)| &question[..end]);
    let mut terms = vec![];
    for word in words::words(cut) {
        let letters: Vec<char> = word.key.chars().collect();
        if word.spelled {
            terms.extend(letters.windows(3).map(|piece| (format!("~{}", piece.iter().collect::<String>()), PIECE)));
        }
        terms.push((word.key.clone(), words::share(&word.key)));
    }
    if terms.is_empty() {
        // Nothing but small words or signs: it is like those that are the same.
        terms.push((text::fold(cut).into_iter().filter(|char| !char.is_whitespace()).collect(), 1.0));
    }
    terms
}

/// For each vector those that are near, the nearest first.
fn neighbours(vectors: &[Vec<(u32, f32)>]) -> Vec<Vec<(usize, f32)>> {
    let terms = vectors.iter().flatten().map(|(term, _)| *term as usize + 1).max().unwrap_or(0);
    let mut having: Vec<Vec<(u32, f32)>> = vec![vec![]; terms];
    for (at, vector) in vectors.iter().enumerate() {
        vector.iter().for_each(|(term, value)| having[*term as usize].push((at as u32, *value)));
    }
    let most = if vectors.len() < ENOUGH { vectors.len() } else { vectors.len() / COMMON };
    let mut likeness = vec![0.0f32; vectors.len()];
    let near = |(at, vector): (usize, &Vec<(u32, f32)>)| {
        likeness.fill(0.0);
        for (term, value) in vector {
            let having = &having[*term as usize];
            if having.len() <= most {
                having.iter().for_each(|(other, own)| likeness[*other as usize] += value * own);
            }
        }
        let others = likeness.iter().enumerate().filter(|(other, likeness)| *other != at && **likeness >= NEAR);
        let mut near: Vec<(usize, f32)> = others.map(|(other, likeness)| (other, *likeness)).collect();
        near.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
        near
    };
    vectors.iter().enumerate().map(near).collect()
}
