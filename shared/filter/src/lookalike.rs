//! Letters of other alphabets that are read as Latin ones.
//!
//! Cyrillic, Greek and Armenian letters after Unicode's confusables (UTS #39) and by the shape of their capitals, small
//! capitals, and Latin letters with strokes, which have no decomposition. Digits are looked at where a word is judged,
//! since they are read as themselves first.

/// The Latin letter that a lower-case, decomposed `c` is read as.
pub fn latin(c: char) -> Option<char> {
    Some(match c {
        'а' | 'α' | 'ɑ' | 'ᴀ' => 'a',
        'в' | 'β' | 'ь' | 'ƀ' | 'ɓ' | 'ʙ' => 'b',
        'с' | 'ϲ' | 'ᴄ' | 'ƈ' | 'ȼ' => 'c',
        'ԁ' | 'đ' | 'ɖ' | 'ɗ' | 'ᴅ' => 'd',
        'е' | 'ε' | 'є' | 'ə' | 'ɛ' | 'ᴇ' | 'ɇ' => 'e',
        'ϝ' | 'ƒ' | 'ꜰ' => 'f',
        'ԍ' | 'ɡ' | 'ɢ' | 'ɠ' | 'ǥ' => 'g',
        'н' | 'һ' | 'η' | 'հ' | 'ʜ' | 'ħ' | 'ɦ' => 'h',
        'і' | 'ι' | 'ı' | 'ɪ' | 'ɩ' | 'ɨ' => 'i',
        'ј' | 'ϳ' | 'ᴊ' | 'ȷ' | 'ɉ' => 'j',
        'к' | 'κ' | 'қ' | 'ᴋ' | 'ƙ' => 'k',
        'ӏ' | 'ł' | 'ƚ' | 'ʟ' | 'ɭ' => 'l',
        'м' | 'μ' | 'ᴍ' | 'ɱ' => 'm',
        'ո' | 'ɴ' | 'ɲ' | 'ŋ' | 'ƞ' => 'n',
        'о' | 'ο' | 'օ' | 'σ' | 'ө' | 'ø' | 'ᴏ' | 'ɵ' => 'o',
        'р' | 'ρ' | 'ᴘ' | 'ƥ' => 'p',
        'ԛ' | 'զ' | 'ɋ' => 'q',
        'ʀ' | 'ɍ' | 'ɾ' => 'r',
        'ѕ' | 'ꜱ' | 'ʂ' => 's',
        'т' | 'τ' | 'ᴛ' | 'ŧ' | 'ƭ' => 't',
        'ս' | 'υ' | 'ᴜ' | 'ʉ' | 'ʋ' => 'u',
        'ѵ' | 'ν' | 'ᴠ' => 'v',
        'ԝ' | 'ω' | 'ա' | 'ᴡ' => 'w',
        'х' | 'χ' | 'ҳ' => 'x',
        'у' | 'γ' | 'ү' | 'ʏ' | 'ɏ' | 'ƴ' => 'y',
        'ᴢ' | 'ζ' | 'ƶ' | 'ʐ' => 'z',
        _ => return None,
    })
}

/// Whether a typed `digit` may stand for `letter`.
pub fn stands_for(digit: char, letter: char) -> bool {
    matches!((digit, letter), ('0', 'o') | ('1', 'i' | 'l') | ('3', 'e') | ('4', 'a') | ('5', 's') | ('7', 't'))
}

/// What the automaton reads: one character for all that may stand for one another.
pub fn class(c: char) -> char {
    match c {
        '0' => 'o',
        '1' | 'l' => 'i',
        '3' => 'e',
        '4' => 'a',
        '5' => 's',
        '7' => 't',
        c => c,
    }
}
