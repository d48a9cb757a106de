//! The words of a text, as search sees them.
//!
//! English words lose their endings ([`stem`]); Chinese is cut by jieba, whose longer words also give the shorter ones
//! in them. Where the segmenter cuts two texts differently, pairs of characters still meet, at a lower weight. What says
//! nothing is left out. Places count characters of the text as typed.

use std::sync::OnceLock;

use jieba_rs::Jieba;

use super::{small, stem::stem};
use crate::text::{self, Kind};

/// Characters of a text that are looked at.
pub(crate) const TEXT_CHARS: usize = 2_000;
/// Characters of a word; a longer one is no word, and is cut.
const WORD_CHARS: usize = 40;

/// How much of a whole word these are worth. A pair of characters is half a word; one alone is shared by many words;
/// words that
/// say what kind of question it is, or go with anything, tell phrasings apart, but no subjects.
const PAIR: f32 = 0.35;
const SINGLE: f32 = 0.2;
const WEAK: f32 = 0.3;

/// What precedes a term that is no word, so that it meets only its like.
const PAIR_MARK: char = '\u{1}';
const CONCEPT_MARK: char = '\u{2}';

/// A word of a text, or a part of one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Word {
    /// What it is known by.
    pub key: String,
    /// Its first character in the text.
    pub start: usize,
    /// Behind its last.
    pub end: usize,
    /// Letters that may be misspelled.
    pub spelled: bool,
}

/// The segmenter with its dictionary of 349,000 words, made once in a process, when the first Chinese is met: that takes a
/// sixth of a second and 37 MB, which nobody shall pay who meets none.
fn jieba() -> &'static Jieba {
    static JIEBA: OnceLock<Jieba> = OnceLock::new();
    JIEBA.get_or_init(Jieba::new)
}

/// The words of a text, in its order.
pub(crate) fn words(text: &str) -> Vec<Word> {
    let chars = text::fold(text);
    let tokens = text::tokens(&chars);
    let mut words = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        match token.kind {
            Kind::Sign => {}
            Kind::Han => {
                let first = at;
                while tokens.get(at + 1).is_some_and(|next| next.kind == Kind::Han && next.start == tokens[at].end) {
                    at += 1;
                }
                han(&chars, tokens[first].start, tokens[at].end, &mut words);
            }
            Kind::Word | Kind::Number => {
                spelled(&chars, token.start, token.end, &mut words);
                // `X-200` is one name, however it is written.
                if let [sign, next] = tokens.get(at + 1..at + 3).unwrap_or_default()
                    && next.kind == Kind::Number
                    && chars[sign.start] == '-'
                    && (sign.start, next.start) == (token.end, sign.end)
                {
                    let name = chars[token.start..token.end].iter().chain(&chars[next.start..next.end]);
                    let key = name.take(WORD_CHARS).collect();
                    words.push(Word { key, start: token.start, end: next.end, spelled: false });
                }
            }
        }
        at += 1;
    }
    words
}

/// What a term is worth, by its key. A group of synonyms is worth what it stands for, which is not here.
pub(crate) fn share(key: &str) -> f32 {
    let mut chars = key.chars();
    match (chars.next(), chars.next()) {
        (Some(PAIR_MARK), _) => PAIR,
        (Some(CONCEPT_MARK), _) => 0.0,
        _ if small::is_weak(key) => WEAK,
        (Some(one), None) if text::is_han(one) => SINGLE,
        _ => 1.0,
    }
}

fn spelled(chars: &[char], start: usize, end: usize, words: &mut Vec<Word>) {
    let typed: String = chars[start..end.min(start + WORD_CHARS)].iter().collect();
    // `where's` is `where`, but `it's` and `don't` are what they are.
    let word = typed.strip_suffix("'s").filter(|_| !small::is_silent(typed.as_str())).unwrap_or(&typed).to_owned();
    if small::is_silent(word.as_str()) {
        return;
    }
    let weak = small::is_weak(word.as_str());
    let spelled = !weak && word.chars().all(char::is_alphabetic);
    words.push(Word { key: if weak { word } else { stem(&word) }, start, end, spelled });
}

/// Chinese: words, pairs across the run, and single characters, by which `退掉` meets `退货`.
fn han(chars: &[char], start: usize, end: usize, words: &mut Vec<Word>) {
    let run: String = chars[start..end].iter().collect();
    let first = words.len();
    for token in jieba().cut_for_search(&run, false) {
        if !small::is_silent(token.word) {
            let (start, end) = (start + token.start, start + token.end);
            words.push(Word { key: token.word.to_owned(), start, end, spelled: false });
        }
    }
    let silent = |place: usize| small::is_silent(&*chars[place].encode_utf8(&mut [0; 4]));
    for place in start..end.saturating_sub(1) {
        if !silent(place) && !silent(place + 1) {
            let key = [PAIR_MARK, chars[place], chars[place + 1]].iter().collect();
            words.push(Word { key, start: place, end: place + 2, spelled: false });
        }
    }
    let alone: Vec<usize> =
        words[first..].iter().filter(|word| word.end - word.start == 1).map(|word| word.start).collect();
    for place in (start..end).filter(|place| !silent(*place) && !alone.contains(place)) {
        words.push(Word { key: chars[place].to_string(), start: place, end: place + 1, spelled: false });
    }
    words[first..].sort_by_key(|word| (word.start, word.end));
}

/// Tokens by which company's words (synonyms, product names) are found: stems, and single Chinese characters.
pub(crate) fn keys(text: &str) -> Vec<(String, usize, usize)> {
    let chars = text::fold(text);
    let spoken = text::tokens(&chars).into_iter().filter(|token| token.kind != Kind::Sign);
    let key = |token: text::Token| {
        let word: String = chars[token.start..token.end.min(token.start + WORD_CHARS)].iter().collect();
        (if token.kind == Kind::Word { stem(&word) } else { word }, token.start, token.end)
    };
    spoken.map(key).collect()
}

/// The term that stands for a group of synonyms.
pub(crate) fn concept(group: usize) -> String {
    format!("{CONCEPT_MARK}{group}")
}

/// What is looked at of what somebody asks: its end, for a question stands below what is pasted.
pub(crate) fn asked(text: &str) -> &str {
    text::tail(text, TEXT_CHARS).1
}

/// What is looked at of what the company wrote: its beginning.
pub(crate) fn cut(text: &str) -> &str {
    match text.char_indices().nth(TEXT_CHARS) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}

/// Characters that say which script a text is in.
const SCRIPT_CHARS: usize = 400;

/// Whether a question is asked in Chinese, whatever is pasted above it.
pub(crate) fn asked_in_han(text: &str) -> bool {
    in_han(text::tail(text, SCRIPT_CHARS).1)
}

/// Whether a text is written in Chinese: a character says as much as three letters.
pub(crate) fn in_han(text: &str) -> bool {
    let (han, letters) = text.chars().take(SCRIPT_CHARS).fold((0, 0), |(han, letters), char| {
        let is_han = text::is_han(char);
        (han + usize::from(is_han), letters + usize::from(!is_han && char.is_alphabetic()))
    });
    han * 3 > letters
}
