//! A question as the index sees it: its words, what each is worth, and what else may stand for it.

use std::collections::BTreeSet;

use super::{
    index::{Index, Posting, rarity},
    words,
};

/// What a synonym is worth against the word itself.
const SYNONYM: f32 = 0.8;
/// What a word is worth that stands nowhere, against the rarest that does: most of them only dress the question up
/// (`my *nephew's* parcel`), some are what it is about.
const STRANGE: f32 = 0.5;

/// What is not to be found: to ask what the index would say without it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Left {
    pub article: Option<u32>,
    pub unit: Option<u32>,
}

/// A question.
#[derive(Debug, Default)]
pub(crate) struct Query {
    pub slots: Vec<Slot>,
    /// The words themselves.
    pub keys: BTreeSet<String>,
    /// Whether it is written in Chinese.
    pub han: bool,
    /// What all words are worth together: the score of a text that is the question itself.
    pub own: f32,
    /// Its length as a vector.
    pub norm: f32,
}

/// A word of a question.
#[derive(Debug)]
pub(crate) struct Slot {
    pub start: usize,
    pub end: usize,
    /// What it is worth: its share of a word times how rare it is.
    pub weight: f32,
    /// Terms that may stand for it.
    pub options: Vec<Choice>,
}

/// A term that may stand for a word.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Choice {
    pub term: usize,
    /// What it adds to a score where it stands once.
    pub worth: f32,
    /// What it adds to the likeness of two texts.
    pub product: f32,
}

impl Index {
    /// Whether a posting counts.
    pub(crate) fn counts(&self, posting: &Posting, left: Left) -> bool {
        Some(posting.unit) != left.unit
            && left.article.is_none_or(|article| self.units[posting.unit as usize].article != article)
    }

    fn spread_without(&self, term: usize, left: Left) -> u32 {
        if left.unit.is_none() && left.article.is_none() {
            return self.derived.spread[term];
        }
        self.spread(&self.postings[term], |posting| self.counts(posting, left))
    }

    /// What a text asks.
    pub(crate) fn query(&self, text: &str, left: Left) -> Query {
        let text = words::asked(text);
        let mut found = words::words(text);
        let mut query = Query { han: words::asked_in_han(text), ..Query::default() };
        found.retain(|word| query.keys.insert(word.key.clone()));
        let concepts = self.synonyms.find(text);
        let count = self.articles.len() - usize::from(left.article.is_some());
        for word in found {
            let share = words::share(&word.key);
            let known = self.term(&word.key).map(|term| (term, self.spread_without(term, left)));
            let known = known.filter(|(_, spread)| *spread > 0);
            let mut options: Vec<(usize, u32, f32)> =
                known.map(|(term, spread)| (term, spread, 1.0)).into_iter().collect();
            let inside = concepts.iter().filter(|(_, start, end)| *start <= word.start && word.end <= *end);
            let others = inside.filter_map(|(group, ..)| Some((self.term(&words::concept(*group))?, SYNONYM)));
            let near = if known.is_none() && word.spelled { self.near(&word.key) } else { vec![] };
            for (term, factor) in others.chain(near) {
                let spread = self.spread_without(term, left);
                if spread > 0 {
                    options.push((term, spread, factor));
                }
            }
            let best = known.or_else(|| options.first().map(|(term, spread, _)| (*term, *spread)));
            let weight = share * best.map_or(STRANGE * rarity(count, 0), |(_, spread)| rarity(count, spread));
            let choice = |(term, spread, factor): &(usize, u32, f32)| {
                let worth = share * rarity(count, *spread).min(weight / share) * factor;
                let own = words::share(&self.terms[*term]) * rarity(count, *spread);
                Choice { term: *term, worth, product: weight * factor * if own > 0.0 { own } else { weight } }
            };
            let options = options.iter().map(choice).collect();
            query.own += weight;
            query.norm += weight * weight;
            query.slots.push(Slot { start: word.start, end: word.end, weight, options });
        }
        query.norm = query.norm.sqrt();
        query
    }

    fn near(&self, word: &str) -> Vec<(usize, f32)> {
        self.derived.spelling.near(word, &self.terms)
    }
}
