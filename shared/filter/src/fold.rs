//! One typed character as what it is read as: letters, a gap between them, or nothing.

use unicode_normalization::char::{canonical_combining_class, decompose_compatible, is_combining_mark};

use crate::lookalike::latin;
use crate::simplified::{is_common, simplified};

/// What kind of letter; it says where a word may begin and end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Of a script that writes words apart: Latin, Cyrillic, Greek…
    Letter,
    /// A digit.
    Digit,
    /// Of a script that writes words together: Chinese, kana, Hangul, Thai…
    Joined,
    /// A sign read as a letter: `$` as s, `@` as a, `!` as i.
    Sign,
}

/// What separates two letters, as a set of bits: a gap of several characters has the bits of all.
pub type Gap = u8;
/// Nothing: the letters stand together.
pub const NONE: Gap = 0;
/// Signs that nobody joins words with: `f*uck`, `傻_逼`.
pub const TIGHT: Gap = 1;
/// What joins words: hyphen, full stop, slash.
pub const JOINT: Gap = 2;
/// What stands between words: spaces, quotes, brackets, pictures.
pub const SPACE: Gap = 4;
/// What ends a clause: comma, question mark.
pub const CLAUSE: Gap = 8;
/// A new line: in scripts with spaces it may cut a word, in others it ends a clause.
pub const LINE: Gap = 32;
/// More than [`GAP_CHARS`] characters.
pub const LONG: Gap = 16;
/// Characters of a gap that may lie inside a word: more is no longer read as one.
pub const GAP_CHARS: u32 = 8;

/// What one character of a text is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fold {
    /// A letter, in lower case, half width, simplified script.
    Letter(char, Kind),
    /// A separator.
    Gap(Gap),
    /// A mark on the letter before it.
    Mark,
    /// Nothing that is seen.
    Nothing,
}

/// Gives `put` what `c` is read as; several times where it stands for several letters (`ﬁ`, `⑽`).
#[inline]
pub fn fold(c: char, put: &mut impl FnMut(Fold)) {
    if let Some(&read) = ASCII.get(c as usize) {
        put(read);
    } else if is_common(c) {
        put(ideograph(c));
    } else {
        other(c, put);
    }
}

/// A common ideograph. Single strokes are in no word, and stand for a bar or a comma.
#[inline]
fn ideograph(c: char) -> Fold {
    match c {
        '丨' | '丶' | '丿' | '乛' | '亅' => Fold::Gap(TIGHT),
        c => Fold::Letter(simplified(c), Kind::Joined),
    }
}

/// Whether `c` is a mark on the letter before it.
pub fn is_mark(c: char) -> bool {
    if c.is_ascii() || is_common(c) {
        return false;
    }
    let (mut marks, mut others) = (false, false);
    fold(c, &mut |part| if part == Fold::Mark { marks = true } else { others = true });
    marks && !others
}

/// Whether `c` is a gap that may be read as a letter.
#[inline]
pub fn is_sign(c: char) -> bool {
    sign_letter(c).is_some()
}

/// The letter that a sign is read as between letters.
pub fn sign_letter(c: char) -> Option<char> {
    match c {
        '@' | '＠' => Some('a'),
        '$' | '＄' => Some('s'),
        '!' | '！' => Some('i'),
        _ => None,
    }
}

/// Most of what is typed, without a branch for each.
static ASCII: [Fold; 128] = {
    let mut table = [Fold::Nothing; 128];
    let mut code = 0;
    while code < table.len() {
        table[code] = ascii(code as u8);
        code += 1;
    }
    table
};

const fn ascii(c: u8) -> Fold {
    match c {
        b'a'..=b'z' | b'A'..=b'Z' => Fold::Letter(c.to_ascii_lowercase() as char, Kind::Letter),
        b'0'..=b'9' => Fold::Letter(c as char, Kind::Digit),
        b'\n' | b'\r' => Fold::Gap(LINE),
        b',' | b';' | b':' | b'?' | b'!' => Fold::Gap(CLAUSE),
        b'-' | b'.' | b'/' | b'&' => Fold::Gap(JOINT),
        b' ' | b'\t' | b'"' | b'\'' | b'(' | b')' | b'[' | b']' | b'{' | b'}' => Fold::Gap(SPACE),
        c if c.is_ascii_control() => Fold::Nothing,
        _ => Fold::Gap(TIGHT),
    }
}

/// What is neither ASCII nor a common ideograph.
fn other(c: char, put: &mut impl FnMut(Fold)) {
    if is_unseen(c) {
        return put(Fold::Nothing);
    }
    if let Some(gap) = gap(c) {
        return put(Fold::Gap(gap));
    }
    if is_syllable(c) {
        return put(Fold::Letter(c, Kind::Joined));
    }
    if let Some(letter) = badge(c) {
        return put(Fold::Letter(letter, Kind::Letter));
    }
    decompose_compatible(c, |part| part.to_lowercase().for_each(|lower| put(one(lower))));
}

/// One character that decomposes no further.
fn one(c: char) -> Fold {
    if let Some(&read) = ASCII.get(c as usize) {
        return read;
    }
    if is_common(c) {
        return ideograph(c);
    }
    if canonical_combining_class(c) != 0 || (is_combining_mark(c) && !c.is_alphabetic()) {
        return Fold::Mark;
    }
    if is_unseen(c) {
        return Fold::Nothing;
    }
    if let Some(letter) = latin(c) {
        return Fold::Letter(letter, Kind::Letter);
    }
    match c {
        c if is_joined(c) && c.is_alphanumeric() => Fold::Letter(c, Kind::Joined),
        c if c.is_numeric() => Fold::Letter(c, Kind::Digit),
        c if c.is_alphabetic() => Fold::Letter(c, Kind::Letter),
        c => Fold::Gap(gap(c).unwrap_or(SPACE)),
    }
}

/// Characters that leave no trace on a screen: Unicode's Default_Ignorable_Code_Point, which std does not tell, and
/// the other controls.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(u32::from(c),
            0xAD | 0x34F | 0x61C | 0x115F..=0x1160 | 0x17B4..=0x17B5 | 0x180B..=0x180F | 0x200B..=0x200F
            | 0x202A..=0x202E | 0x2060..=0x206F | 0x3164 | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFFB
            | 0x1BCA0..=0x1BCA3 | 0x1D173..=0x1D17A | 0xE0000..=0xE0FFF)
}

/// Separators beyond ASCII whose kind cannot be told from their decomposition.
fn gap(c: char) -> Option<Gap> {
    match c {
        '。' | '｡' | '、' | '､' | '—' | '…' | '⋯' => Some(CLAUSE),
        '\u{85}' | '\u{2028}' | '\u{2029}' => Some(LINE),
        '‐' | '‑' | '‒' | '–' | '−' => Some(JOINT),
        '·' | '•' | '‧' | '∙' | '・' | '･' | '×' | '※' | '¯' | '´' | '¨' | '▪' | '●' | '★' | '☆' => {
            Some(TIGHT)
        }
        _ => None,
    }
}

/// Hangul syllables and kana, which would decompose into parts or lose what tells them apart.
fn is_syllable(c: char) -> bool {
    matches!(u32::from(c), 0x3041..=0x3096 | 0x30A1..=0x30FA | 0xAC00..=0xD7A3)
}

/// Scripts that put no space between words, or (Hangul) hang endings on them.
fn is_joined(c: char) -> bool {
    matches!(u32::from(c),
        0xE00..=0xFFF | 0x1000..=0x11FF | 0x1780..=0x17FF | 0x2E80..=0xA4CF | 0xA960..=0xA97F | 0xAC00..=0xD7FF
        | 0xF900..=0xFAFF | 0x1B000..=0x1B16F | 0x20000..=0x3FFFF)
}

/// Letters in circles, squares and as flags that have no compatibility form.
fn badge(c: char) -> Option<char> {
    let place = match u32::from(c) {
        code @ 0x1F150..=0x1F169 => code - 0x1F150,
        code @ 0x1F170..=0x1F189 => code - 0x1F170,
        code @ 0x1F1E6..=0x1F1FF => code - 0x1F1E6,
        _ => return None,
    };
    char::from_u32(u32::from('a') + place)
}
