//! Whether letters with gaps between them are one word that was pulled apart, or several that happen to stand together.
//!
//! A piece is what stands together. Spaces are left out only between single letters (`f u c k`), hyphens, full stops and
//! new lines with at most one longer piece (`f-uck`), and signs that join nothing anywhere (`fu*ck`). Where a word is
//! long enough that two ordinary ones do not make it by chance, more is: from [`SPLIT`] letters hyphens, full stops and
//! new lines anywhere (`ca-sino`), and a space beside a short piece that is no word (`cas ino`, but not `bit coin`); from
//! [`COMPOUND`] letters a space anywhere (`whats app`). In scripts that are written
//! together every gap is left out except what ends a clause, and that only between single letters (`傻，逼`).

use std::ops::Range;

use crate::fold::{CLAUSE, Gap, JOINT, Kind, LINE, LONG, NONE, SPACE};
use crate::units::Unit;

/// Letters up to which a word that is spelled out must not be part of a longer one: `ass` in `c l a s s`.
const SHORT: u32 = 3;
/// Letters of the shortest word that digits may stand in for: `A5` is paper, `S8` a telephone.
const DIGITS_FROM: u32 = 3;

/// Letters from which a word may be pulled apart into longer pieces: `pen.is` and `co-on` are ordinary words.
const SPLIT: u32 = 6;
/// Letters from which a word may be pulled apart by spaces, and a phrase written without: what is made of two ordinary
/// words is then hardly anything else.
pub const COMPOUND: u32 = 8;
/// Letters of the longest piece that may be too odd to be a word.
const ODD: usize = 3;
/// English words of two and three letters: a piece that is one tells no trick. Of one letter only `a` and `i` are.
const ORDINARY: &[&str] = &[
    "ad", "add", "ago", "aid", "aim", "air", "all", "am", "an", "and", "any", "app", "are", "arm", "art", "as", "ask",
    "at", "ate", "bad", "bag", "bar", "be", "bed", "bet", "big", "bit", "box", "boy", "bus", "but", "buy", "by", "bye",
    "can", "car", "cat", "com", "cup", "cut", "dad", "day", "did", "do", "dog", "due", "ear", "eat", "end", "eye",
    "far", "few", "fit", "fix", "fly", "for", "fun", "get", "go", "god", "got", "gun", "had", "has", "hat", "he",
    "her", "hey", "hi", "him", "his", "hit", "hot", "how", "ice", "if", "in", "is", "it", "its", "job", "kid", "kit",
    "law", "lay", "led", "let", "lie", "lot", "low", "man", "map", "may", "me", "men", "mix", "mom", "mr", "mrs", "ms",
    "mum", "my", "net", "new", "no", "nor", "not", "now", "odd", "of", "off", "oh", "oil", "ok", "old", "on", "one",
    "or", "our", "out", "own", "pay", "pen", "per", "pet", "pin", "pot", "put", "ran", "raw", "red", "rid", "row",
    "run", "sad", "sat", "say", "sea", "see", "set", "she", "sin", "sir", "sit", "six", "sky", "so", "son", "sum",
    "sun", "tax", "tea", "ten", "the", "tie", "tip", "to", "top", "toy", "try", "tv", "two", "uk", "up", "us", "use",
    "via", "war", "was", "way", "we", "web", "wet", "who", "why", "win", "yes", "yet", "you",
];

/// What was seen of one place in a text.
pub struct Spelling {
    needed: u32,
    apart: bool,
    /// Gaps between letters that are written in words, and next to those that are not.
    between: Gap,
    joined: Gap,
    /// Pieces of several letters.
    longer: u32,
    /// Whether a piece is too odd to be a word.
    odd: bool,
    piece: Piece,
    letters: u32,
    real: u32,
    digits: u32,
}

/// How a letter continues a word.
#[derive(Clone, Copy)]
pub struct Step {
    /// It is another letter than the one before, and no copy.
    pub fresh: bool,
    /// What separates it from the one before is the word's own.
    pub own: bool,
    /// It is a digit in place of the letter.
    pub stands_in: bool,
}

/// The piece that is being read.
#[derive(Default)]
struct Piece {
    units: u32,
    runs: u32,
    /// Its first letters.
    head: [char; ODD],
}

impl Piece {
    /// One that begins with this letter.
    fn begins(letter: char) -> Self {
        let mut piece = Self::default();
        piece.add(letter, true);
        piece
    }

    fn add(&mut self, letter: char, fresh: bool) {
        if let Some(place) = self.head.get_mut(self.units as usize) {
            *place = letter;
        }
        self.units += 1;
        self.runs += u32::from(fresh);
    }

    /// Whether it is too short and too strange to be a word.
    fn is_odd(&self) -> bool {
        let Some(head) = self.head.get(..self.units as usize) else { return false };
        match head {
            [] => false,
            [one] => one.is_alphabetic() && !matches!(one, 'a' | 'i'),
            more => {
                more.iter().all(|c| c.is_alphabetic())
                    && !ORDINARY.iter().any(|word| word.chars().eq(more.iter().copied()))
            }
        }
    }

    /// Whether it has several letters; one that is stretched is one.
    fn is_longer(&self) -> bool {
        self.units > 1 && !(self.runs == 1 && self.units > 2)
    }
}

impl Spelling {
    /// Of a word with `needed` letters that begins in a script with spaces (`apart`) or in another.
    pub fn new(needed: u32, apart: bool) -> Self {
        let piece = Piece::default();
        Self {
            needed,
            apart,
            between: NONE,
            joined: NONE,
            longer: 0,
            odd: false,
            piece,
            letters: 0,
            real: 0,
            digits: 0,
        }
    }

    /// Takes the next letter, behind `before`. `None` where no word is written so.
    pub fn take(&mut self, unit: &Unit, before: Option<&Unit>, step: Step) -> Option<()> {
        self.letters += 1;
        if step.stands_in {
            self.digits += 1;
        } else if unit.kind == Kind::Letter {
            self.real += 1;
        }
        let Some(before) = before else {
            self.piece = Piece::begins(unit.letter);
            return Some(());
        };
        if step.own {
            self.end_part()?;
            self.piece = Piece::begins(unit.letter);
            return Some(());
        }
        if unit.gap == NONE {
            self.piece.add(unit.letter, step.fresh);
            return Some(());
        }
        self.gap(unit, before)
    }

    fn gap(&mut self, unit: &Unit, before: &Unit) -> Option<()> {
        if unit.gap & LONG != 0 {
            return None;
        }
        if unit.kind == Kind::Joined || before.kind == Kind::Joined {
            self.joined |= if unit.gap & LINE == 0 { unit.gap } else { unit.gap | CLAUSE };
        } else {
            self.between |= unit.gap;
        }
        // A full stop between digits is a number's.
        if unit.kind == Kind::Digit && before.kind == Kind::Digit && unit.gap & JOINT != 0 {
            self.between |= SPACE;
        }
        self.longer += u32::from(self.piece.is_longer());
        self.odd |= self.piece.is_odd();
        self.piece = Piece::begins(unit.letter);
        Some(())
    }

    /// Ends a part of a phrase: each is judged by itself.
    fn end_part(&mut self) -> Option<()> {
        let longer = self.longer + u32::from(self.piece.is_longer());
        let odd = self.odd || self.piece.is_odd();
        let apart = match self.between {
            // A full stop with a space, and a comma, end what they stand behind.
            gap if gap & !(SPACE | LINE) == 0 && gap & SPACE != 0 => {
                longer == 0 || self.needed >= COMPOUND || self.needed >= SPLIT && odd
            }
            gap if gap & (SPACE | CLAUSE) != 0 => longer == 0,
            gap if gap & (JOINT | LINE) != 0 => longer <= 1 || self.needed >= SPLIT,
            _ => true,
        };
        let ok = apart && (self.joined & CLAUSE == 0 || longer == 0);
        (self.longer, self.odd, self.between, self.joined) = (0, false, NONE, NONE);
        ok.then_some(())
    }

    /// Whether all that was taken, at `place` in `units`, is the word.
    pub fn accept(mut self, units: &[Unit], place: Range<usize>) -> bool {
        let (left, right) = (Beyond::left(units, &place), Beyond::right(units, &place));
        let (between, joined) = (self.between, self.joined);
        let alone = left.gap != Some(NONE) && right.gap != Some(NONE);
        let short = self.apart && self.needed <= SHORT && between != NONE;
        // `4.ss` and `S, B` are a version and a list.
        let doubtful = self.digits > 0 || between & (CLAUSE | LINE) != 0;
        self.end_part().is_some()
            && self.digits_pass(&left, &right)
            && (joined & CLAUSE == 0 || alone)
            && !(short && (doubtful || left.continues(between) || right.continues(between)))
    }

    /// Whether the digits that stand for letters are few enough, and not part of a number.
    fn digits_pass(&self, left: &Beyond, right: &Beyond) -> bool {
        self.digits == 0
            || (self.real > 0
                && self.needed >= DIGITS_FROM
                && self.digits * 2 <= self.letters
                && !left.is_digit()
                && !right.is_digit())
    }
}

/// What lies beyond an end of a place.
struct Beyond {
    /// The gap to the next letter, if there is one.
    gap: Option<Gap>,
    kind: Option<Kind>,
    /// Whether that letter stands alone.
    single: bool,
}

impl Beyond {
    fn left(units: &[Unit], place: &Range<usize>) -> Self {
        let gap = units.get(place.start).filter(|_| place.start > 0).map(|unit| unit.gap);
        let unit = place.start.checked_sub(1).and_then(|before| units.get(before));
        let single = unit.is_some_and(|unit| place.start == 1 || unit.gap != NONE);
        Self { gap, kind: unit.map(|unit| unit.kind), single }
    }

    fn right(units: &[Unit], place: &Range<usize>) -> Self {
        let unit = units.get(place.end);
        let single = unit.is_some() && units.get(place.end + 1).is_none_or(|next| next.gap != NONE);
        Self { gap: unit.map(|unit| unit.gap), kind: unit.map(|unit| unit.kind), single }
    }

    fn is_digit(&self) -> bool {
        self.gap == Some(NONE) && self.kind == Some(Kind::Digit)
    }

    /// Whether the letter there goes on with what is spelled out with the gap `between`.
    fn continues(&self, between: Gap) -> bool {
        self.single && self.gap == Some(between) && self.kind != Some(Kind::Joined)
    }
}
