//! Whether words give away what a model was told: a mark that is nowhere else, and long runs of its rules.
//!
//! It reads words as they come, so that what is streamed is watched too. No watch finds a translation: what must stay
//! secret from visitors is never told to a model.

use std::{
    collections::{HashSet, VecDeque},
    hash::{DefaultHasher, Hash, Hasher},
};

use crate::text::is_han;

/// Words (or Chinese characters) in a row of Deskwire's rules: nobody writes twelve of them by chance.
const RULE_RUN: usize = 12;
/// The same of what the company wrote: it may hold facts that a visitor should be told, a sentence or two.
const INSTRUCTION_RUN: usize = 30;

/// What must not be said.
pub(crate) struct Secrets {
    mark: Vec<char>,
    runs: [(usize, HashSet<u64>); 2],
}

impl Secrets {
    /// A mark (letters and digits count), Deskwire's rules, what the company wrote, and what may be said anyway.
    pub(crate) fn new(mark: &str, rules: &str, instructions: &str, open: &str) -> Self {
        let runs = |text: &str, length: usize| {
            let mut found: HashSet<u64> = HashSet::new();
            Run::new(length).read(text, |run| _ = found.insert(run));
            Run::new(length).read(open, |run| _ = found.remove(&run));
            (length, found)
        };
        let mark = mark.chars().filter(|char| char.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        Self { mark, runs: [runs(rules, RULE_RUN), runs(instructions, INSTRUCTION_RUN)] }
    }
}

/// Watches words.
pub(crate) struct Watch<'a> {
    secrets: &'a Secrets,
    runs: [Run; 2],
    /// The last letters and digits, as many as the mark has.
    tail: VecDeque<char>,
    leaked: bool,
}

impl<'a> Watch<'a> {
    pub(crate) fn new(secrets: &'a Secrets) -> Self {
        let runs = [0, 1].map(|at| Run::new(secrets.runs[at].0));
        Self { secrets, runs, tail: VecDeque::new(), leaked: false }
    }

    /// Whether this, behind all before, gives something away. Remembers that it did.
    pub(crate) fn leaks(&mut self, text: &str) -> bool {
        for char in text.chars().filter(|char| char.is_alphanumeric()).flat_map(char::to_lowercase) {
            self.tail.push_back(char);
            if self.tail.len() > self.secrets.mark.len() {
                self.tail.pop_front();
            }
            // Either way round: to be asked for it backwards is a known trick.
            let mark = &self.secrets.mark;
            let same = self.tail.len() == mark.len();
            self.leaked |= same && (self.tail.iter().eq(mark.iter()) || self.tail.iter().rev().eq(mark.iter()));
        }
        for (run, (_, secret)) in self.runs.iter_mut().zip(&self.secrets.runs) {
            let mut leaked = false;
            run.read(text, |found| leaked |= secret.contains(&found));
            self.leaked |= leaked;
        }
        self.leaked
    }

    /// Whether a whole text gives something away.
    pub(crate) fn whole(secrets: &'a Secrets, text: &str) -> bool {
        // A sign behind the last word ends it.
        let mut watch = Self::new(secrets);
        watch.leaks(text) || watch.leaks(".")
    }
}

/// Reads words, and tells each run of so many.
struct Run {
    length: usize,
    word: String,
    last: VecDeque<u64>,
}

impl Run {
    fn new(length: usize) -> Self {
        Self { length, word: String::new(), last: VecDeque::with_capacity(length + 1) }
    }

    fn read(&mut self, text: &str, mut tell: impl FnMut(u64)) {
        for char in text.chars() {
            if char.is_alphanumeric() && !is_han(char) {
                self.word.extend(char.to_lowercase());
                continue;
            }
            if !self.word.is_empty() {
                let word = std::mem::take(&mut self.word);
                self.end(hash(&word), &mut tell);
            }
            if is_han(char) {
                self.end(hash(&char), &mut tell);
            }
        }
    }

    fn end(&mut self, word: u64, tell: &mut impl FnMut(u64)) {
        self.last.push_back(word);
        if self.last.len() > self.length {
            self.last.pop_front();
        }
        if self.last.len() == self.length {
            tell(hash(&self.last));
        }
    }
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
