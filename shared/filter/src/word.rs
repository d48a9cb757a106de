//! One listed word, as it is looked for and as a place in a text is judged.

use std::ops::Range;

use crate::fold::{CLAUSE, Gap, JOINT, Kind, LINE, LONG, NONE, SPACE, TIGHT};
use crate::lookalike::{class, stands_for};
use crate::spelling::{COMPOUND, Spelling, Step};
use crate::units::{Unit, Units};

/// What the word itself has before a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Own {
    /// Nothing.
    Nothing,
    /// A sign, which may be typed or not: `e-mail`, `don't`.
    Sign,
    /// A space, which must be there in some form.
    Space,
    /// A space of a phrase that is long enough to be told without it, and with a comma in its place.
    Loose,
}

/// A letter of the word, with how often it stands in a row.
#[derive(Clone, Copy)]
struct Run {
    letter: char,
    need: u32,
    own: Own,
    /// What separates it from the one before, as listed.
    gap: Gap,
}

/// Copies of a letter from which on it is read as stretched: no English word has three in a row, and with two `good`
/// would be a stretched `god`.
const STRETCHED: u32 = 3;

/// A word, ready to be judged.
pub struct Word {
    runs: Box<[Run]>,
    first: Kind,
    last: Kind,
    letters: u32,
    list: u8,
    /// Classes in its key, each for a run of one class in a text.
    classes: u8,
}

impl Word {
    /// Reads a word; the key is what the automaton looks for.
    pub fn new(word: &str, list: u8) -> Option<(Self, String)> {
        let units = Units::of_word(word);
        let typed: Vec<char> = word.trim().chars().collect();
        let mut runs: Vec<Run> = Vec::with_capacity(units.all.len());
        let mut key = String::with_capacity(word.len());
        let mut before = None;
        for unit in &units.all {
            let own = own(before, unit, &typed, units.all.len());
            match runs.last_mut() {
                Some(run) if run.letter == unit.letter && own == Own::Nothing => run.need += 1,
                _ => runs.push(Run { letter: unit.letter, need: 1, own, gap: unit.gap }),
            }
            if !key.ends_with(class(unit.letter)) {
                key.push(class(unit.letter));
            }
            before = Some(unit);
        }
        let (first, last) = (units.all.first()?, units.all.last()?);
        let (first, last, letters) = (edge(first.kind), edge(last.kind), units.all.len() as u32);
        let classes = u8::try_from(key.chars().count()).ok()?;
        Some((Self { runs: runs.into(), first, last, letters, list, classes }, key))
    }

    /// What of it is looked at first: most places that the automaton finds fall at an edge.
    pub fn edges(&self) -> Edges {
        let need = |kind, flag| if kind == Kind::Letter { flag } else { 0 };
        Edges { classes: self.classes, list: self.list, free: need(self.first, BEGINS) | need(self.last, ENDS) }
    }

    /// Whether a gap of its own is one that masking may leave.
    pub fn has_signs(&self) -> bool {
        self.runs.iter().any(|run| run.gap & TIGHT != 0)
    }

    /// Bytes that it takes.
    pub fn memory(&self) -> usize {
        size_of::<Self>() + size_of_val::<[Run]>(&self.runs)
    }

    /// Where the word stands in `units`, when its first letter lies in the run `head`.
    pub fn place(&self, units: &[Unit], head: Range<usize>) -> Option<Range<usize>> {
        let (one, other) = self.starts(units, head)?;
        self.judge(units, one)
            .or_else(|| other.filter(|&other| other != one).and_then(|start| self.judge(units, start)))
    }

    /// Where it may begin within `head`: two places at most, so that a long run costs no more than its length.
    fn starts(&self, units: &[Unit], head: Range<usize>) -> Option<(usize, Option<usize>)> {
        if self.first == Kind::Joined {
            let need = self.runs.first()?.need as usize;
            let tail = head.end.checked_sub(need).filter(|&start| start >= head.start);
            return Some((head.start, tail));
        }
        let mut free = head.filter(|&start| is_free(units, start, self.first, Side::Left));
        let first = free.next()?;
        Some(free.next_back().map_or((first, None), |last| (last, Some(first))))
    }

    /// The place that begins at `start`, if the word is spelled there.
    fn judge(&self, units: &[Unit], start: usize) -> Option<Range<usize>> {
        let mut spelling = Spelling::new(self.letters, self.first != Kind::Joined);
        let mut place = start;
        for (i, run) in self.runs.iter().enumerate() {
            let end = match self.runs.get(i + 1) {
                Some(next) => inner_end(units, place, run, next)?,
                None => self.last_end(units, place, run)?,
            };
            let mut before = place.checked_sub(1).filter(|_| place > start).and_then(|before| units.get(before));
            for (nth, unit) in units.get(place..end)?.iter().enumerate() {
                let fresh = nth == 0;
                let step = Step { fresh, own: fresh && run.own != Own::Nothing, stands_in: unit.letter != run.letter };
                spelling.take(unit, before, step)?;
                before = Some(unit);
            }
            place = end;
        }
        spelling.accept(units, start..place).then_some(start..place)
    }

    /// Where the last run ends: at its first end of a word, or in a joined script with the last copy.
    fn last_end(&self, units: &[Unit], start: usize, run: &Run) -> Option<usize> {
        let mut count = 0;
        let mut best = None;
        for (place, unit) in units.iter().enumerate().skip(start) {
            if !fits(unit, run.letter) || (count == 0 && !opens(unit, run)) {
                break;
            }
            if self.last == Kind::Joined && count >= run.need && unit.gap != NONE {
                break;
            }
            count += 1;
            let enough = count == run.need || count >= run.need.max(STRETCHED);
            if enough && is_free(units, place + 1, self.last, Side::Right) {
                best = Some(place + 1);
                if self.last != Kind::Joined {
                    break;
                }
            }
        }
        best
    }
}

/// Where a run ends that another one follows.
fn inner_end(units: &[Unit], start: usize, run: &Run, next: &Run) -> Option<usize> {
    let mut count = 0;
    let mut place = start;
    while let Some(unit) = units.get(place).filter(|unit| fits(unit, run.letter)) {
        if (count == 0 && !opens(unit, run)) || (count >= run.need && fits(unit, next.letter) && opens(unit, next)) {
            break;
        }
        count += 1;
        place += 1;
    }
    (count == run.need || count >= run.need.max(STRETCHED)).then_some(place)
}

/// A word's edges in four bytes, so that those of all words stay in the processor's cache.
#[derive(Clone, Copy)]
pub struct Edges {
    /// Classes in its key.
    pub classes: u8,
    /// Index of its list.
    pub list: u8,
    /// Where a word must be able to begin or end: [`BEGINS`] in its first run, [`ENDS`] in its last.
    pub free: u8,
}

/// A word of a script with spaces may begin somewhere in a run.
pub const BEGINS: u8 = 1;
/// One may end somewhere in it.
pub const ENDS: u8 = 2;

/// Which end of a word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

/// Whether a word whose edge is of kind `edge` may begin (or end) before the unit at `place`.
fn is_free(units: &[Unit], place: usize, edge: Kind, side: Side) -> bool {
    let (Some(after), Some(before)) = (units.get(place), place.checked_sub(1).and_then(|before| units.get(before)))
    else {
        return true;
    };
    let beyond = if side == Side::Left { before } else { after };
    after.gap != NONE
        || match edge {
            Kind::Joined => true,
            Kind::Digit => beyond.kind != Kind::Digit,
            Kind::Letter | Kind::Sign => beyond.kind != Kind::Letter,
        }
}

/// Whether what stands before `unit` is what the word has before `run`.
fn opens(unit: &Unit, run: &Run) -> bool {
    match run.own {
        Own::Nothing => true,
        _ if unit.gap == run.gap => true,
        Own::Sign => unit.gap & (CLAUSE | LINE | LONG) == 0,
        // A hyphen joins the words of a phrase; a full stop with a space ends a sentence.
        Own::Space => unit.gap != NONE && (unit.gap & !(SPACE | LONG) == 0 || unit.gap == JOINT || unit.gap == LINE),
        Own::Loose => {
            unit.gap & !(SPACE | LONG) == 0 || unit.gap & LONG == 0 && unit.gap & (JOINT | SPACE) != JOINT | SPACE
        }
    }
}

/// Whether `unit` is `letter`, or a digit that stands for it.
fn fits(unit: &Unit, letter: char) -> bool {
    unit.letter == letter || (unit.kind == Kind::Digit && stands_for(unit.letter, letter))
}

/// A sign of a listed word is the letter that it stands for.
fn edge(kind: Kind) -> Kind {
    if kind == Kind::Sign { Kind::Letter } else { kind }
}

fn own(before: Option<&Unit>, unit: &Unit, typed: &[char], letters: usize) -> Own {
    let Some(before) = before.filter(|_| unit.gap != NONE) else { return Own::Nothing };
    let between = typed.get(before.at as usize + 1..unit.at as usize).unwrap_or_default();
    let joined = before.kind == Kind::Joined || unit.kind == Kind::Joined;
    match !joined && between.iter().any(|c| c.is_whitespace()) {
        true if letters >= COMPOUND as usize => Own::Loose,
        true => Own::Space,
        false => Own::Sign,
    }
}
