//! Text as the engine sees it: folded character by character, so that every place in it is a place in what was typed.

use deskwire_filter::simplified;

/// A word, or a sign; places count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// Its first character.
    pub start: usize,
    /// Behind its last.
    pub end: usize,
    /// What it is.
    pub kind: Kind,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Letters, or letters and digits.
    Word,
    /// Digits.
    Number,
    /// One character of a script that writes no spaces.
    Han,
    /// Anything else that is not space.
    Sign,
}

/// Characters folded: full width to half, upper case to lower, traditional script to simplified. One for one, so that
/// whoever writes `訂單` is understood by what was learned of `订单`.
pub fn fold(text: &str) -> Vec<char> {
    text.chars().map(fold_char).collect()
}

/// Characters in half width, in the case as typed. One for one.
pub fn narrow(text: &str) -> Vec<char> {
    text.chars().map(narrow_char).collect()
}

fn narrow_char(char: char) -> char {
    match char {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(char as u32 - 0xfee0).unwrap_or(char),
        '\u{2018}' | '\u{2019}' => '\'',
        other => other,
    }
}

fn fold_char(char: char) -> char {
    let half = simplified(narrow_char(char));
    let mut lower = half.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(one), None) => one,
        _ => half,
    }
}

/// Whether a character stands for itself: Chinese, Japanese kana.
pub fn is_han(char: char) -> bool {
    matches!(char, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{3040}'..='\u{30ff}' | '\u{20000}'..='\u{2fa1f}')
}

/// The end of a text, of so many characters at most, and how many characters stand before it. Who pastes much asks below
/// it. It begins with a line, or else a sentence, if one begins in its first quarter.
pub fn tail(text: &str, longest: usize) -> (usize, &str) {
    // Bytes are never fewer than characters.
    let skipped = if text.len() > longest { text.chars().count().saturating_sub(longest) } else { 0 };
    if skipped == 0 {
        return (0, text);
    }
    let begin = text.char_indices().nth(skipped).map_or(text.len(), |(at, _)| at);
    let rest = &text[begin..];
    let behind = |ends: &[char]| {
        let mut quarter = rest.char_indices().take(longest / 4);
        quarter.find(|(_, char)| ends.contains(char)).map(|(at, char)| at + char.len_utf8())
    };
    let more = behind(&['\n']).or_else(|| behind(&['。', '！', '？', '.', '!', '?'])).unwrap_or(0);
    (skipped + rest[..more].chars().count(), &rest[more..])
}

/// The tokens of a folded text.
pub fn tokens(chars: &[char]) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(chars.len() / 4 + 1);
    let mut at = 0;
    while at < chars.len() {
        let first = chars[at];
        let (kind, end) = if first.is_whitespace() {
            at += 1;
            continue;
        } else if is_han(first) {
            (Kind::Han, at + 1)
        } else if first.is_alphanumeric() {
            let inside = |place: usize| {
                let char = chars[place];
                char.is_alphanumeric() && !is_han(char)
                    || char == '\'' && chars.get(place + 1).is_some_and(|next| next.is_alphabetic() && !is_han(*next))
            };
            let mut end = at + 1;
            while end < chars.len() && inside(end) {
                end += 1;
            }
            let number = chars[at..end].iter().all(|char| char.is_numeric());
            (if number { Kind::Number } else { Kind::Word }, end)
        } else {
            (Kind::Sign, at + 1)
        };
        tokens.push(Token { start: at, end, kind });
        at = end;
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::tail;

    #[test]
    fn of_a_long_text_the_end_is_left_from_where_a_line_or_a_sentence_begins() {
        for (text, longest, before, rest) in [
            ("", 4, 0, ""),
            ("你好吗", 3, 0, "你好吗"),
            ("你好吗", 2, 1, "好吗"),
            ("abcdefgh", 4, 4, "efgh"),
            ("log log\nwhere is my order?", 20, 8, "where is my order?"),
            ("One. A\nwhere is my order?", 24, 7, "where is my order?"),
            ("一二三。我的订单到哪里了", 10, 4, "我的订单到哪里了"),
            ("first. and then where is it.", 4, 24, " it."),
        ] {
            assert_eq!(tail(text, longest), (before, rest), "{text}");
        }
    }
}
