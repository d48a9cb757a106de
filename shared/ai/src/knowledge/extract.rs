//! An answer of the company's own sentences, where no passage is an answer as a whole. Nothing is written that does not
//! stand there.

use std::collections::{HashMap, HashSet};

use super::{split, words};
use crate::agent::Passage;

/// Characters and sentences of an answer, and articles that it comes from: what one reads in a chat without scrolling.
const CHARS: usize = 500;
const SENTENCES: usize = 3;
const ARTICLES: usize = 2;
/// What the second article must be worth against the first.
const SECOND: f32 = 0.7;
/// What a sentence must be worth against the best one.
const ENOUGH: f32 = 0.5;
/// Sentences of one passage that are looked at.
const LOOKED_AT: usize = 60;

/// A sentence that may answer.
struct Sentence<'a> {
    passage: usize,
    place: usize,
    text: &'a str,
    words: HashSet<String>,
}

/// The sentences of passages that fit a text best, in their order, and the articles that they come from. None where no
/// sentence has a word in common with it, unless the first passage is an answer: then that begins well.
pub fn extract(passages: &[Passage], text: &str) -> Option<(String, Vec<String>)> {
    let sentences = sentences(passages);
    let mut chosen = choose(&sentences, &keys(words::asked(text)));
    if chosen.is_empty() {
        passages.first()?.answer.as_ref()?;
        chosen = (0..sentences.len()).filter(|at| sentences[*at].passage == 0).take(2).collect();
    }
    let mut room = CHARS;
    // The best come first, until there is no room; then all in their order.
    chosen.retain(|at| {
        let needs = sentences[*at].text.chars().count() + 1;
        let fits = needs <= room;
        room -= if fits { needs } else { 0 };
        fits
    });
    chosen.sort_by_key(|at| (sentences[*at].passage, sentences[*at].place));
    let (mut answer, mut articles) = (String::new(), vec![]);
    for at in chosen {
        let sentence = &sentences[at];
        let spaced = answer.chars().last().is_some_and(|last| !crate::text::is_han(last) && !"。！？；".contains(last));
        answer.push_str(if spaced { " " } else { "" });
        answer.push_str(sentence.text);
        let article = &passages[sentence.passage].article;
        if !articles.contains(article) {
            articles.push(article.clone());
        }
    }
    (!answer.is_empty()).then_some((answer, articles))
}

fn keys(text: &str) -> HashSet<String> {
    words::words(text).into_iter().map(|word| word.key).collect()
}

fn sentences(passages: &[Passage]) -> Vec<Sentence<'_>> {
    let first = passages.first().map_or(0.0, |passage| passage.confidence);
    let good = passages.iter().enumerate().take(ARTICLES).filter(|(_, passage)| passage.confidence >= SECOND * first);
    let of = |(passage, found): (usize, _)| {
        let words = |(place, text): (usize, _)| Sentence { passage, place, text, words: keys(words::cut(text)) };
        lines(found).enumerate().map(words).collect::<Vec<_>>()
    };
    good.flat_map(of).collect()
}

/// The sentences of a passage.
fn lines(passage: &Passage) -> impl Iterator<Item = &str> {
    let places = split::sentences(&passage.text).into_iter().map(|(start, end)| &passage.text[start..end]);
    let lines = places.filter(|line| split::heading(line).is_none()).map(bare).filter(|line| !line.is_empty());
    lines.take(LOOKED_AT)
}

/// A line without the marks of a list.
fn bare(line: &str) -> &str {
    line.trim_start_matches(['-', '*', '+', '>', '|', ' ']).trim()
}

/// The best sentences, the best first. A word counts by how few of the sentences have it, and once: the next sentence is
/// chosen for what the first does not say.
fn choose(sentences: &[Sentence], asked: &HashSet<String>) -> Vec<usize> {
    let mut having: HashMap<&str, usize> = HashMap::new();
    for word in sentences.iter().flat_map(|sentence| &sentence.words) {
        *having.entry(word).or_default() += 1;
    }
    let worth = |word: &str| {
        let count = having.get(word).copied().unwrap_or(0) as f32;
        words::share(word) * (1.0 + (sentences.len() as f32 + 1.0) / (count + 1.0)).ln()
    };
    let mut open: Vec<&String> = asked.iter().collect();
    open.sort_unstable();
    let (mut chosen, mut best) = (vec![], 0.0f32);
    while chosen.len() < SENTENCES {
        let score = |at: usize| {
            let own = open.iter().filter(|word| sentences[at].words.contains(**word)).map(|word| worth(word));
            // The first passage fits better, and what comes first in it is usually what matters.
            own.sum::<f32>() / (1.0 + 0.5 * sentences[at].passage as f32 + 0.02 * sentences[at].place as f32)
        };
        let free = (0..sentences.len()).filter(|at| !chosen.contains(at)).map(|at| (at, score(at)));
        let Some((at, score)) = free.max_by(|(a, one), (b, other)| one.total_cmp(other).then(b.cmp(a))) else { break };
        if score <= 0.0 || score < ENOUGH * best {
            break;
        }
        best = best.max(score);
        open.retain(|word| !sentences[at].words.contains(*word));
        chosen.push(at);
    }
    chosen
}
