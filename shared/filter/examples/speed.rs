//! How fast the filter is: `cargo run --profile fast -p deskwire-filter --example speed`.
//!
//! Ten thousand words, half of them Chinese, are looked for in texts of 1,000 bytes made of common words, with some
//! listed ones among them. Everything comes from one seed.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a yardstick: its output is what it is for")]

use std::hint::black_box;
use std::time::Instant;

use deskwire_filter::{Action, Direction, Filter, Side, WordList};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

/// Bytes of a measured text.
const BYTES: usize = 1_000;
/// Texts of a kind, and how often each is looked at.
const TEXTS: usize = 200;
const TIMES: usize = 50;

fn main() {
    let mut rng = StdRng::seed_from_u64(7);
    for words in [10_000, 20_000] {
        let lists = lists(&mut rng, words);
        let start = Instant::now();
        let filter = Filter::new(&lists).unwrap();
        let took = start.elapsed();
        println!("{words} words: built in {:.1} ms, {} KB", took.as_secs_f64() * 1e3, filter.memory() / 1024);
        for (name, text) in [("English", english as fn(&mut StdRng) -> String), ("Chinese", chinese)] {
            let texts: Vec<String> = (0..TEXTS).map(|_| text(&mut rng)).collect();
            measure(&filter, &format!("{name}, nothing listed"), &texts);
            let listed = texts.iter().map(|text| with_listed(&mut rng, text, &lists)).collect::<Vec<_>>();
            measure(&filter, &format!("{name}, three listed"), &listed);
        }
        long(&filter, &lists);
    }
}

/// Prints the times of one kind of text.
fn measure(filter: &Filter, name: &str, texts: &[String]) {
    let mut micros: Vec<f64> = Vec::with_capacity(texts.len() * TIMES);
    let mut found = 0;
    for _ in 0..TIMES {
        for text in texts {
            let start = Instant::now();
            let verdict = black_box(filter.check(black_box(text), Side::Visitor));
            micros.push(start.elapsed().as_secs_f64() * 1e6);
            found += verdict.matches.len();
        }
    }
    micros.sort_by(f64::total_cmp);
    let at = |share: f64| micros[(micros.len() as f64 * share) as usize];
    let each = found as f64 / micros.len() as f64;
    println!(
        "  {name:<26} best {:5.1} µs, p50 {:5.1} µs, p99 {:5.1} µs, {each:.1} matches a text",
        at(0.0),
        at(0.5),
        at(0.99)
    );
}

/// Prints how long texts take that are ten times as long each: the time for a character must stay.
fn long(filter: &Filter, lists: &[WordList]) {
    let word = lists[0].words[0].as_str();
    let spelled = word.chars().flat_map(|c| [c, ' ']).collect::<String>();
    for piece in ["e", "e ", "$", "1-", word, &spelled, "一", "一 ", "e\u{301}"] {
        let each = [1_000, 10_000, 100_000].map(|bytes| {
            let text = piece.repeat(bytes / piece.len());
            let best = (0..5).map(|_| {
                let start = Instant::now();
                black_box(filter.check(black_box(&text), Side::Visitor));
                start.elapsed()
            });
            best.min().unwrap().as_secs_f64() * 1e9 / text.len() as f64
        });
        println!("  {piece:?} over and over: {each:.0?} ns a byte for 1, 10, 100 KB");
    }
}

/// Two lists with `words` words together.
fn lists(rng: &mut StdRng, words: usize) -> Vec<WordList> {
    let list = |name: &str, words| WordList {
        name: name.into(),
        category: name.into(),
        action: Action::Mask,
        words,
        direction: Direction::Both,
        disabled: false,
    };
    let latin = std::iter::repeat_with(|| word(rng, 4..=9)).filter(|word| !COMMON.contains(&word.as_str()));
    let latin = latin.take(words / 2).collect();
    let han = (0..words / 2).map(|_| (0..rng.random_range(2..=4)).map(|_| han(rng)).collect()).collect();
    vec![list("latin", latin), list("han", han)]
}

/// A word of letters as frequent as in English, vowels and consonants in turn.
fn word(rng: &mut StdRng, letters: std::ops::RangeInclusive<usize>) -> String {
    let pick = |rng: &mut StdRng, from: &str| from.as_bytes()[rng.random_range(0..from.len())] as char;
    let odd = rng.random_range(0..2);
    let letters = rng.random_range(letters);
    (0..letters).map(|i| pick(rng, if i % 2 == odd { "eeeaaoiiou" } else { "ttnnsshhrrddllcmfwgypbvk" })).collect()
}

/// One of the 2,000 ideographs from 一 on, the early ones more often.
fn han(rng: &mut StdRng) -> char {
    let place = rng.random_range(0..2_000) * rng.random_range(1..=20) / 20;
    char::from_u32(0x4E00 + place).unwrap()
}

/// Words of which a customer's message is made.
const COMMON: &[&str] = &[
    "I",
    "ordered",
    "the",
    "blue",
    "jacket",
    "last",
    "week",
    "and",
    "it",
    "still",
    "has",
    "not",
    "arrived",
    "Could",
    "you",
    "please",
    "tell",
    "me",
    "where",
    "my",
    "parcel",
    "is",
    "was",
    "promised",
    "for",
    "Tuesday",
    "but",
    "tracking",
    "page",
    "says",
    "that",
    "still",
    "in",
    "warehouse",
    "would",
    "like",
    "to",
    "change",
    "address",
    "of",
    "delivery",
    "because",
    "we",
    "moved",
    "house",
    "yesterday",
    "also",
    "want",
    "return",
    "shoes",
    "which",
    "are",
    "too",
    "small",
    "this",
    "possible",
    "without",
    "original",
    "box",
    "Thank",
    "help",
    "with",
    "refund",
    "credit",
    "card",
    "number",
    "customer",
    "account",
    "password",
    "assistant",
    "class",
    "payment",
    "failed",
    "twice",
    "today",
];

fn english(rng: &mut StdRng) -> String {
    let mut text = String::new();
    while text.len() < BYTES {
        text += COMMON[rng.random_range(0..COMMON.len())];
        text += ["", "", "", "", "", "", ",", "."][rng.random_range(0..8)];
        text.push(' ');
    }
    text.truncate(BYTES);
    text
}

fn chinese(rng: &mut StdRng) -> String {
    let mut text = String::new();
    while text.len() < BYTES {
        text.extend((0..rng.random_range(3..12)).map(|_| han(rng)));
        text.push(['，', '。', '？'][rng.random_range(0..3)]);
    }
    text
}

/// The text with three listed words in place of as many bytes at its end.
fn with_listed(rng: &mut StdRng, text: &str, lists: &[WordList]) -> String {
    let mut text: String = text.chars().take(text.chars().count() * 19 / 20).collect();
    for _ in 0..3 {
        let list = &lists[rng.random_range(0..lists.len())];
        text.push(' ');
        text += &list.words[rng.random_range(0..list.words.len())];
    }
    text
}
