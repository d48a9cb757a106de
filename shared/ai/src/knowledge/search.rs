//! Finding: what fits a text, how well, and why.

use super::{
    calibrate::{VIEWS, Views, WRITTEN},
    index::{Index, UnitKind},
    query::{Left, Query},
    vectors::Asked,
    words,
};
use crate::agent::Passage;

/// Articles that are looked at closely.
const CLOSE: usize = 10;
/// Passages that are given at most.
const MOST: usize = 20;
/// What the likeness of phrasings adds to the score of a unit, which is 1 for the question itself.
const LIKENESS: f32 = 0.5;
/// What the passages of an article add to its phrasings, and the other way round.
const SECOND: f32 = 0.3;
/// What a passage's score is worth against a phrasing's: among many words some are there by chance.
const PASSAGE: f32 = 0.8;
/// What the likeness of vectors adds, which is 1 for the question itself: as much as all the words.
const VECTOR: f32 = 1.0;

/// What an article in another language is worth: it is for where there is none in the visitor's.
const OTHER_LANGUAGE: f32 = 0.7;
/// Below this likeness two texts have not the same words; by that much the next article must be behind.
const ALIKE: f32 = 0.95;
const AHEAD: f32 = 0.01;

/// An article that may fit.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Candidate {
    pub article: u32,
    /// The best phrasing: the unit, its score, how alike it is.
    line: Option<(u32, f32, f32)>,
    /// The best passage, and its score.
    passage: Option<(u32, f32)>,
    /// How alike the vectors are.
    vector: f32,
    /// By what it is ranked.
    pub rank: f32,
}

/// Why a passage fits.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// The passage.
    pub passage: Passage,
    /// The words of the text that stand in it, as typed, and each one's share of the score; together at most 1.
    pub words: Vec<(String, f32)>,
}

impl Index {
    /// The passages that fit a text, the best first, one of each article.
    pub fn search(&self, text: &str, top: usize) -> Vec<Passage> {
        self.search_with(text, None, top)
    }

    /// The same, with the text's vector by the model that made those of [`Index::with_vectors`]; a vector of another
    /// length is passed over.
    pub fn search_with(&self, text: &str, vector: Option<&[f32]>, top: usize) -> Vec<Passage> {
        self.found(text, vector, top).1.into_iter().map(|(_, passage)| passage).collect()
    }

    /// Why the passages that fit a text do.
    pub fn explain(&self, text: &str, top: usize) -> Vec<Match> {
        let (query, found) = self.found(text, None, top);
        let chars: Vec<char> = words::asked(text).chars().collect();
        let explained = |(candidate, passage): (Candidate, Passage)| {
            let mut words: Vec<(String, f32)> = vec![];
            for (slot, worth) in query.slots.iter().zip(self.covered(&query, &candidate)) {
                let word: String = chars.get(slot.start..slot.end).unwrap_or_default().iter().collect();
                if worth > 0.0 {
                    match words.iter_mut().find(|(known, _)| *known == word) {
                        Some((_, share)) => *share += worth / query.own,
                        None => words.push((word, worth / query.own)),
                    }
                }
            }
            words.sort_by(|(_, one), (_, other)| other.total_cmp(one));
            Match { passage, words }
        };
        found.into_iter().map(explained).collect()
    }

    fn found(&self, text: &str, vector: Option<&[f32]>, top: usize) -> (Query, Vec<(Candidate, Passage)>) {
        let query = self.query(text, Left::default());
        let asked = self.vectors.as_ref().zip(vector).and_then(|(vectors, vector)| vectors.ask(vector));
        let candidates = self.candidates(&query, asked.as_ref(), Left::default());
        let mut judged: Vec<(f32, Candidate)> = candidates
            .iter()
            .map(|candidate| {
                let views = self.views(&query, candidate, &candidates);
                let confidence = match self.calibration.confidence(&views, asked.is_some()) {
                    other if self.written(&query, candidate) && views[3] >= AHEAD => other.max(WRITTEN),
                    other => other,
                };
                (confidence, *candidate)
            })
            .collect();
        judged.sort_by(|(one, a), (other, b)| {
            other.total_cmp(one).then(b.rank.total_cmp(&a.rank)).then(a.article.cmp(&b.article))
        });
        let top = judged.into_iter().take(top.min(MOST));
        let found = top.map(|(confidence, candidate)| (candidate, self.passage(&candidate, confidence))).collect();
        (query, found)
    }

    /// Whether the company itself wrote the question, but for small words and their order.
    fn written(&self, query: &Query, candidate: &Candidate) -> bool {
        let Some((unit, ..)) = candidate.line.filter(|(_, _, like)| *like >= ALIKE) else { return false };
        let UnitKind::Question(number) = self.units[unit as usize].kind else { return false };
        let questions = &self.articles[candidate.article as usize].article.questions;
        let words = questions.get(number as usize).map(|text| words::words(words::cut(text))).unwrap_or_default();
        words.iter().all(|word| query.keys.contains(&word.key))
            && query.keys.iter().all(|key| words.iter().any(|word| word.key == *key))
    }

    /// The articles that fit best, the best first.
    pub(crate) fn candidates(&self, query: &Query, asked: Option<&Asked>, left: Left) -> Vec<Candidate> {
        let scores = self.scores(query, left);
        let mut found: Vec<Candidate> = vec![];
        for (number, entry) in self.articles.iter().enumerate() {
            let mut best = Candidate { article: number as u32, ..Candidate::default() };
            for unit in entry.units.0..entry.units.1 {
                let (score, product) = scores[unit as usize];
                if let Some(asked) = asked.filter(|_| Some(unit) != left.unit && Some(best.article) != left.article) {
                    best.vector = best.vector.max(asked.likeness(unit as usize));
                }
                if score <= 0.0 {
                    continue;
                }
                let score = score / query.own;
                if self.units[unit as usize].kind.is_line() {
                    let like = (product / (query.norm * self.derived.norms[unit as usize]).max(1e-6)).min(1.0);
                    let value = |(_, score, like): (u32, f32, f32)| score + LIKENESS * like;
                    if best.line.is_none_or(|line| value(line) < score + LIKENESS * like) {
                        best.line = Some((unit, score, like));
                    }
                } else if best.passage.is_none_or(|(_, other)| other < score) {
                    best.passage = Some((unit, score));
                }
            }
            if best.line.is_some() || best.passage.is_some() || best.vector > 0.0 {
                let line = best.line.map_or(0.0, |(_, score, like)| score + LIKENESS * like);
                let passage = best.passage.map_or(0.0, |(_, score)| PASSAGE * score);
                best.rank = line.max(passage) + SECOND * line.min(passage) + VECTOR * best.vector;
                best.rank *= if query.han == self.derived.han[number] { 1.0 } else { OTHER_LANGUAGE };
                found.push(best);
            }
        }
        found.sort_by(|one, other| other.rank.total_cmp(&one.rank).then(one.article.cmp(&other.article)));
        found.truncate(CLOSE);
        found
    }

    /// The score of each unit, and its product with the question.
    fn scores(&self, query: &Query, left: Left) -> Vec<(f32, f32)> {
        let mut scores = vec![(0.0f32, 0.0f32); self.units.len()];
        let mut several: Vec<(u32, f32, f32)> = vec![];
        for slot in &query.slots {
            several.clear();
            for option in &slot.options {
                for posting in self.postings[option.term].iter().filter(|posting| self.counts(posting, left)) {
                    let worth = option.worth * self.impact(*posting);
                    if let [_] = slot.options[..] {
                        let (score, product) = &mut scores[posting.unit as usize];
                        *score += worth;
                        *product += option.product;
                    } else {
                        several.push((posting.unit, worth, option.product));
                    }
                }
            }
            // What may stand for a word counts once, where it counts most.
            several.sort_by(|one, other| one.0.cmp(&other.0).then(other.1.total_cmp(&one.1)));
            several.dedup_by(|other, kept| {
                kept.2 = kept.2.max(if other.0 == kept.0 { other.2 } else { 0.0 });
                other.0 == kept.0
            });
            for (unit, worth, dot) in &several {
                let (score, product) = &mut scores[*unit as usize];
                *score += worth;
                *product += dot;
            }
        }
        scores
    }

    /// What of each word stands in an article's best phrasing or passage.
    fn covered(&self, query: &Query, candidate: &Candidate) -> Vec<f32> {
        let units = [candidate.line.map(|(unit, ..)| unit), candidate.passage.map(|(unit, _)| unit)];
        let stands =
            |term: usize, unit: u32| self.postings[term].binary_search_by_key(&unit, |posting| posting.unit).is_ok();
        let worth = |slot: &super::query::Slot| {
            let there =
                slot.options.iter().filter(|option| units.iter().flatten().any(|unit| stands(option.term, *unit)));
            there.map(|option| option.worth).fold(0.0, f32::max).min(slot.weight)
        };
        query.slots.iter().map(worth).collect()
    }

    /// The views of a candidate from which its confidence follows.
    pub(crate) fn views(&self, query: &Query, candidate: &Candidate, all: &[Candidate]) -> Views {
        let line = candidate.line.unwrap_or_default();
        let passage = candidate.passage.map_or(0.0, |(_, score)| score);
        let others = all.iter().filter(|other| other.article != candidate.article);
        let other = others.map(|other| other.rank).fold(0.0, f32::max);
        let whole = query.slots.len().max(1) as f32;
        let views: [f32; VIEWS] = [
            line.1.max(passage).min(1.5),
            line.2,
            self.covered(query, candidate).iter().sum::<f32>() / query.own.max(1e-6),
            ((candidate.rank - other) / candidate.rank.max(1e-6)).clamp(-1.0, 1.0),
            line.2.powi(3),
            1.0 - 1.0 / whole,
            candidate.vector,
        ];
        views
    }

    fn passage(&self, candidate: &Candidate, confidence: f32) -> Passage {
        let entry = &self.articles[candidate.article as usize];
        let article = &entry.article;
        let first = (entry.units.0..entry.units.1).find(|unit| !self.units[*unit as usize].kind.is_line());
        let unit = candidate.passage.map(|(unit, _)| unit).or(first);
        let piece = match unit.map(|unit| &self.units[unit as usize].kind) {
            Some(UnitKind::Passage(piece)) => article.body.get(piece.start..piece.end),
            _ => None,
        };
        Passage {
            article: article.id.clone(),
            title: article.title.clone(),
            url: article.url.clone(),
            text: piece.unwrap_or(&article.body).to_owned(),
            answer: (!article.questions.is_empty()).then(|| article.body.clone()),
            confidence,
        }
    }
}
