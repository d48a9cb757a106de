//! A text as its letters, each with its place and with what separates it from the one before.

use crate::fold::{Fold, GAP_CHARS, Gap, Kind, LONG, NONE, fold, is_sign, sign_letter};

/// One letter of a text.
#[derive(Clone, Copy, Debug)]
pub struct Unit {
    /// The typed character that it comes from, counted in characters.
    pub at: u32,
    /// As it is read.
    pub letter: char,
    /// What kind of letter.
    pub kind: Kind,
    /// What separates it from the one before it.
    pub gap: Gap,
}

/// How `@`, `$` and `!` are read where they touch letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signs {
    /// As letters: `a$$`.
    Letters,
    /// As what separates: `f$u$c$k`.
    Gaps,
}

/// The letters of a text.
#[derive(Debug)]
pub struct Units {
    /// In the order of the text.
    pub all: Vec<Unit>,
    /// What stands behind the last one.
    pub tail: Gap,
    /// Whether a sign was read as a letter.
    pub signs: bool,
}

impl Units {
    /// The letters of a listed word.
    pub fn of_word(word: &str) -> Self {
        Self::read(word.trim(), Signs::Letters, |_| ())
    }

    /// Reads `text` and shows each letter to `see` as it comes.
    #[inline]
    pub fn read(text: &str, signs: Signs, mut see: impl FnMut(&Unit)) -> Self {
        let mut units = Self { all: Vec::with_capacity(text.chars().count()), tail: NONE, signs: false };
        let mut gap = Pending::default();
        let (mut chars, mut at) = (text.chars(), 0);
        while let Some(c) = chars.next() {
            let sign = if signs == Signs::Letters && is_sign(c) {
                units.sign(c, gap.kind, chars.clone().next())
            } else {
                None
            };
            units.signs |= sign.is_some();
            let mut put = |part| match part {
                Fold::Letter(letter, kind) => {
                    let unit = Unit { at, letter, kind, gap: gap.take() };
                    see(&unit);
                    units.all.push(unit);
                }
                Fold::Gap(kind) => gap.add(kind),
                Fold::Mark | Fold::Nothing => (),
            };
            match sign {
                Some(letter) => put(Fold::Letter(letter, Kind::Sign)),
                None => fold(c, &mut put),
            }
            at += 1;
        }
        units.tail = gap.kind;
        units
    }

    /// The letter that the sign `c` is read as here: it must touch a letter, and `!`, which ends sentences, two.
    fn sign(&self, c: char, gap: Gap, next: Option<char>) -> Option<char> {
        let letter = sign_letter(c)?;
        let before = gap == NONE && self.all.last().is_some_and(|unit| matches!(unit.kind, Kind::Letter | Kind::Sign));
        let after = next.is_some_and(|next| {
            let mut is_letter = letter == 'i' && is_sign(next);
            fold(next, &mut |part| is_letter |= matches!(part, Fold::Letter(_, Kind::Letter)));
            is_letter
        });
        let touches = if letter == 'i' { before && after } else { before || after };
        touches.then_some(letter)
    }

    /// Whether there is no letter.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Whether something that separates stands before the first letter.
    pub fn starts_with_sign(&self) -> bool {
        self.all.first().is_some_and(|unit| unit.gap != NONE)
    }

    /// Whether something that separates stands behind the last letter.
    pub fn ends_with_sign(&self) -> bool {
        self.tail != NONE
    }
}

/// The gap that is being read.
#[derive(Default)]
struct Pending {
    kind: Gap,
    chars: u32,
}

impl Pending {
    fn add(&mut self, kind: Gap) {
        self.kind |= kind;
        self.chars += 1;
        if self.chars > GAP_CHARS {
            self.kind |= LONG;
        }
    }

    fn take(&mut self) -> Gap {
        self.chars = 0;
        std::mem::take(&mut self.kind)
    }
}
