//! Words that can be shown: plain text, without marks, not too long.

use std::sync::LazyLock;

use regex::{Captures, Regex};

/// Characters of a reply: what a visitor reads in a chat at most.
pub(crate) const REPLY_CHARACTERS: usize = 2_000;
/// Characters of a word: past it, it is no word of any language but something encoded.
const WORD_CHARACTERS: usize = 80;
/// The highest number of a source that is taken for a mark: `[2024]` is a year.
const MARK_DIGITS: &str = r"\d{1,2}";

/// A mark behind what comes from a source: `[1]`, `[1, 2]`, `【1】`, `[source 1]`, also as a link.
#[expect(clippy::unwrap_used, reason = "a constant, compiled in every test")]
static MARK: LazyLock<Regex> = LazyLock::new(|| {
    let list = format!(r"{MARK_DIGITS}(?:\s*[,，、]\s*{MARK_DIGITS})*");
    Regex::new(&format!(r"(?i)[ \t]*[\[【［](?:sources?|来源)?[ :：]*({list})[\]】］](?:\([^()\s]*\))?")).unwrap()
});

/// Pictures, tags, and what makes text bold, a heading or code.
#[expect(clippy::unwrap_used, reason = "a constant, compiled in every test")]
static MARKUP: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"!\[[^\[\]]*\](?:\([^()]*\)|\[[^\[\]]*\])|</?[A-Za-z!][^<>]*>|\*\*|```[a-z]*|`|(?m:^#{1,6} )").unwrap()
});

/// Text without markup, and without characters that show nothing or turn others round.
pub(crate) fn plain(text: &str) -> String {
    let seen = |char: &char| *char == '\n' || !(char.is_control() || is_invisible(*char));
    let text: String = text.replace("\r\n", "\n").replace('\t', " ").chars().filter(seen).collect();
    MARKUP.replace_all(&text, "").into_owned()
}

/// Zero width, direction, and tag characters: they hide words from people, or one word in another.
fn is_invisible(char: char) -> bool {
    matches!(char, '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
}

/// The text without its marks, and the sources that they name, each once, in their order.
pub(crate) fn cited(text: &str) -> (String, Vec<usize>) {
    let mut sources = vec![];
    let text = MARK.replace_all(text, |found: &Captures| {
        for number in found[1].split(|char: char| !char.is_ascii_digit()).filter_map(|digits| digits.parse().ok()) {
            if !sources.contains(&number) {
                sources.push(number);
            }
        }
        ""
    });
    (text.into_owned(), sources)
}

/// The text, trimmed; one that is too long up to the last sentence that fits.
pub(crate) fn shortened(text: &str) -> String {
    let text = text.trim();
    match text.char_indices().nth(REPLY_CHARACTERS) {
        None => text.to_owned(),
        Some((end, _)) => whole_sentences(&text[..end]).unwrap_or(&text[..end]).to_owned(),
    }
}

/// Up to the last end of a sentence, if that is most of it.
pub(crate) fn whole_sentences(text: &str) -> Option<&str> {
    let end = |(at, char): (usize, char)| {
        let space = || text[at + char.len_utf8()..].starts_with(char::is_whitespace);
        let ends = matches!(char, '。' | '！' | '？' | '\n') || (matches!(char, '.' | '!' | '?') && space());
        ends.then_some(at + char.len_utf8())
    };
    let end = text.char_indices().rev().find_map(end)?;
    (end * 2 > text.len()).then(|| text[..end].trim_end())
}

/// Whether there is a word that is none: something encoded, to get past who reads it. Links are judged elsewhere.
pub(crate) fn unreadable(text: &str) -> bool {
    let mut length = 0;
    for word in text.split_whitespace().filter(|word| !word.contains("://")) {
        for char in word.chars() {
            length = if char.is_ascii_graphic() { length + 1 } else { 0 };
            if length > WORD_CHARACTERS {
                return true;
            }
        }
        length = 0;
    }
    false
}
