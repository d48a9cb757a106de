//! A text as runs of letters of one class, which is what the automaton reads.

use std::ops::Range;

use crate::fold::{Kind, NONE};
use crate::units::Unit;
use crate::word::{BEGINS, ENDS};

/// One run.
#[derive(Clone, Copy)]
struct Run {
    /// Its first unit.
    start: u32,
    /// Whether a word may begin or end within it, as bits.
    free: u8,
}

/// The runs of a text.
pub struct Runs {
    all: Vec<Run>,
    class: Option<char>,
    kind: Kind,
    units: u32,
}

impl Runs {
    /// Room for those of `text`.
    pub fn new(text: &str) -> Self {
        Self { all: Vec::with_capacity(text.chars().count()), class: None, kind: Kind::Joined, units: 0 }
    }

    /// Takes the next letter; whether it begins a run.
    #[inline]
    pub fn take(&mut self, unit: &Unit, class: char) -> bool {
        let gap = unit.gap != NONE;
        let begins = gap || self.kind != Kind::Letter;
        let ends = gap || unit.kind != Kind::Letter;
        let fresh = self.class != Some(class);
        if let Some(run) = self.all.last_mut() {
            run.free |= if ends { ENDS } else { 0 };
            run.free |= if begins && !fresh { BEGINS } else { 0 };
        }
        if fresh {
            self.all.push(Run { start: self.units, free: if begins { BEGINS } else { 0 } });
        }
        (self.class, self.kind) = (Some(class), unit.kind);
        self.units += 1;
        fresh
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether `run` has all the bits of `free`. A word may end in the last run: nothing follows.
    pub fn allow(&self, run: usize, free: u8) -> bool {
        let end = if run + 1 == self.all.len() { ENDS } else { 0 };
        self.all.get(run).is_some_and(|run| (run.free | end) & free == free)
    }

    /// The units of `run`.
    pub fn units(&self, run: usize) -> Range<usize> {
        let start = |run: usize| self.all.get(run).map_or(self.units, |run| run.start) as usize;
        start(run)..start(run + 1)
    }
}
