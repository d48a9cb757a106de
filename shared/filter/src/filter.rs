//! All lists of an account, compiled into one automaton.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use aho_corasick::automaton::{Automaton, StateID};
use aho_corasick::nfa::contiguous::NFA;
use aho_corasick::{Anchored, MatchKind};

use crate::list::{Action, Direction, Fault, LISTS, Side, WORDS, WORDS_ALIKE, WordList};
use crate::lookalike::class;
use crate::rejoin::may_rejoin;
use crate::runs::Runs;
use crate::units::{Signs, Units};
use crate::verdict::{Hits, Match, Verdict, mask};
use crate::word::{BEGINS, ENDS, Edges, Word};

/// How often a masked text is read again: a word that was masked may leave another one pulled apart around it. Each time
/// the gap grows, and one of eight characters is no longer left out.
const ROUNDS: usize = 1 + crate::fold::GAP_CHARS as usize;

/// The lists of one account, ready to look at texts. To be made once and kept: it takes milliseconds.
pub struct Filter {
    automaton: NFA,
    start: StateID,
    edges: Vec<Edges>,
    words: Vec<Word>,
    /// Whether a word has a sign inside that `*` may stand for.
    own_signs: bool,
    lists: Vec<Listed>,
}

/// What is left of a list once its words are compiled.
struct Listed {
    name: Arc<str>,
    category: Arc<str>,
    action: Action,
    direction: Direction,
}

/// The words do not belong into a log.
impl fmt::Debug for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Filter").field("lists", &self.lists.len()).field("words", &self.words.len()).finish()
    }
}

impl Filter {
    /// Compiles the lists that are not disabled.
    ///
    /// # Errors
    ///
    /// What is wrong with a list, or with all of them together.
    pub fn new(lists: &[WordList]) -> Result<Self, Fault> {
        check_all(lists)?;
        let mut words = Vec::new();
        let mut keys = Vec::new();
        let mut alike: BTreeMap<String, usize> = BTreeMap::new();
        let mut listed = Vec::new();
        for list in lists.iter().filter(|list| !list.disabled) {
            let mut seen = BTreeSet::new();
            for (at, typed) in list.words.iter().enumerate().filter(|(_, typed)| seen.insert(typed.as_str())) {
                let Some((word, key)) = Word::new(typed, listed.len() as u8) else { continue };
                let same = alike.entry(key.clone()).or_default();
                *same += 1;
                if *same > WORDS_ALIKE {
                    return Err(Fault::Alike { list: list.name.clone(), at });
                }
                words.push(word);
                keys.push(key);
            }
            let (name, category) = (list.name.as_str().into(), list.category.as_str().into());
            listed.push(Listed { name, category, action: list.action, direction: list.direction });
        }
        let automaton = NFA::builder()
            .match_kind(MatchKind::Standard)
            .prefilter(false)
            .build(&keys)
            .map_err(|error| Fault::Compile(error.to_string()))?;
        let start = automaton.start_state(Anchored::No).map_err(|error| Fault::Compile(error.to_string()))?;
        let edges = words.iter().map(Word::edges).collect();
        let own_signs = words.iter().any(Word::has_signs);
        Ok(Self { automaton, start, edges, words, own_signs, lists: listed })
    }

    /// Looks at a text that `from` wrote.
    pub fn check(&self, text: &str, from: Side) -> Verdict {
        let mut hits = self.find(text, from);
        if hits.matches.is_empty() {
            return Verdict::default();
        }
        let masked = self.masked(text, from, &mut hits);
        hits.matches.sort_unstable();
        hits.matches.dedup();
        let action = hits.matches.iter().map(|found| found.action).max();
        Verdict { action, matches: hits.matches, masked }
    }

    /// Bytes that the compiled lists take.
    pub fn memory(&self) -> usize {
        self.automaton.memory_usage() + self.words.iter().map(Word::memory).sum::<usize>()
    }

    /// The masked text, and in `hits` also the words that only show once others are masked.
    fn masked(&self, text: &str, from: Side, hits: &mut Hits) -> Option<String> {
        if hits.stars.is_empty() {
            return None;
        }
        let mut masked = mask(text, &mut hits.stars);
        let mut again = hits.again;
        for _ in 0..ROUNDS {
            if !again {
                break;
            }
            let mut more = self.find(&masked, from);
            if more.stars.is_empty() {
                break;
            }
            again = more.again;
            masked = mask(&masked, &mut more.stars);
            hits.matches.extend(more.matches.into_iter().filter(|found| found.action == Action::Mask));
        }
        Some(masked)
    }

    /// All that is found, however signs are read.
    fn find(&self, text: &str, from: Side) -> Hits {
        let mut hits = Hits::default();
        if !self.words.is_empty() && self.scan(text, from, Signs::Letters, &mut hits) {
            self.scan(text, from, Signs::Gaps, &mut hits);
            hits.again = true;
        }
        hits
    }

    /// Adds what is found with signs read in one way; whether they can be read in another.
    fn scan(&self, text: &str, from: Side, signs: Signs, hits: &mut Hits) -> bool {
        let mut runs = Runs::new(text);
        let mut candidates: Vec<Candidate> = Vec::new();
        let mut state = self.start;
        let units = Units::read(text, signs, |unit| {
            let class = class(unit.letter);
            if runs.take(unit, class) {
                state = self.step(state, class);
                if self.automaton.is_match(state) {
                    self.candidates(state, from, &runs, &mut candidates);
                }
            }
        });
        for candidate in candidates {
            self.verify(candidate, &runs, &units, hits);
        }
        if !hits.stars.is_empty() {
            hits.stars.sort_unstable();
            hits.again = self.own_signs || may_rejoin(&units.all, &hits.stars);
        }
        units.signs
    }

    /// The state after one class.
    #[inline]
    fn step(&self, state: StateID, class: char) -> StateID {
        if class.is_ascii() {
            return self.automaton.next_state(Anchored::No, state, class as u8);
        }
        let mut bytes = [0; 4];
        class.encode_utf8(&mut bytes).bytes().fold(state, |state, b| self.automaton.next_state(Anchored::No, state, b))
    }

    /// Adds the words that may end in the last run, as far as their first one lets them begin.
    fn candidates(&self, state: StateID, from: Side, runs: &Runs, candidates: &mut Vec<Candidate>) {
        for index in 0..self.automaton.match_len(state) {
            let word = self.automaton.match_pattern(state, index).as_u32();
            let Some(edges) = self.edges.get(word as usize) else { continue };
            let Some(first) = runs.len().checked_sub(edges.classes as usize) else { continue };
            if runs.allow(first, edges.free & BEGINS) && self.covers(edges.list, from) {
                candidates.push(Candidate { word, first: first as u32 });
            }
        }
    }

    fn covers(&self, list: u8, from: Side) -> bool {
        self.lists.get(list as usize).is_some_and(|list| list.direction.covers(from))
    }

    /// Adds the word if it stands where its classes do.
    fn verify(&self, candidate: Candidate, runs: &Runs, units: &Units, hits: &mut Hits) {
        let (word, first) = (candidate.word as usize, candidate.first as usize);
        let (Some(edges), Some(word)) = (self.edges.get(word), self.words.get(word)) else { return };
        let Some(list) = self.lists.get(edges.list as usize) else { return };
        if !runs.allow(first + edges.classes as usize - 1, edges.free & ENDS) {
            return;
        }
        let Some(place) = word.place(&units.all, runs.units(first)) else { return };
        let found = units.all.get(place).unwrap_or_default();
        let (Some(start), Some(end)) = (found.first(), found.last()) else { return };
        if list.action == Action::Mask {
            hits.stars.extend(found.iter().map(|unit| unit.at));
        }
        hits.matches.push(Match {
            start: start.at as usize,
            end: end.at as usize + 1,
            action: list.action,
            category: Arc::clone(&list.category),
            list: Arc::clone(&list.name),
        });
    }
}

/// A word whose classes stand in a text, from one run on.
#[derive(Clone, Copy)]
struct Candidate {
    word: u32,
    first: u32,
}

/// What must hold for the lists together, and for each.
fn check_all(lists: &[WordList]) -> Result<(), Fault> {
    if lists.len() > LISTS {
        return Err(Fault::Lists(lists.len()));
    }
    let words = lists.iter().map(|list| list.words.len()).sum();
    if words > WORDS {
        return Err(Fault::AllWords(words));
    }
    let mut names = BTreeSet::new();
    lists.iter().try_for_each(|list| {
        list.check()?;
        if names.insert(list.name.as_str()) { Ok(()) } else { Err(Fault::SameName(list.name.clone())) }
    })
}
