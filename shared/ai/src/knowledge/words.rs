//! The words of a text, as search sees them.
//!
//! English words lose their endings ([`stem`]); Chinese is cut by jieba, whose longer words also give the shorter ones
//! in them. Where the segmenter cuts two texts differently, pairs of characters still meet, at a lower weight. What says
//! nothing is left out. Places count characters of the text as typed.

use std::{
    collections::HashSet,
    sync::{LazyLock, OnceLock},
};

use jieba_rs::Jieba;

use super::stem::stem;
use crate::text::{self, Kind};

/// Characters of a text that are looked at: a question that is longer says what it asks before.
pub(crate) const TEXT_CHARS: usize = 2_000;
/// Characters of a word; a longer one is no word, and is cut.
const WORD_CHARS: usize = 40;

/// How much of a whole word these are worth. A pair of characters is half a word; one alone is shared by many words;
/// words that only say what kind of question it is tell phrasings apart, but no subjects.
const PAIR: f32 = 0.35;
const SINGLE: f32 = 0.25;
const ASKING: f32 = 0.3;

/// What precedes a term that is no word, so that it meets only its like.
const PAIR_MARK: char = '\u{1}';
const CONCEPT_MARK: char = '\u{2}';

/// English words that say nothing about what is asked.
const STOP: &[&str] = &[
    "a", "about", "am", "an", "and", "any", "anyone", "are", "as", "at", "be", "been", "being", "but", "by", "can",
    "could", "did", "do", "does", "doing", "for", "from", "get", "got", "had", "has", "have", "having", "hello",
    "help", "hey", "hi", "i", "i'd", "i'll", "i'm", "i've", "if", "in", "into", "is", "it", "it's", "its", "just",
    "kindly", "know", "let", "like", "may", "me", "might", "my", "need", "of", "on", "or", "our", "please", "pls",
    "possible", "so", "some", "tell", "thank", "thanks", "that", "the", "their", "them", "then", "there", "these",
    "they", "this", "those", "to", "us", "want", "was", "we", "were", "will", "with", "would", "you", "your", "yours",
    "there's", "that's", "you're", "don't", "doesn't", "didn't", "can't", "cannot", "won't", "isn't", "aren't", "one",
    "s", "t", "should",
];

/// English words that say how it is asked.
const ASK: &[&str] = &[
    "how", "what", "what's", "when", "where", "where's", "which", "who", "whose", "why", "long", "much", "many",
    "often",
];

/// Chinese words that say nothing about what is asked.
const STOP_HAN: &[&str] = &[
    "的",
    "了",
    "吗",
    "呢",
    "吧",
    "啊",
    "呀",
    "哦",
    "嗯",
    "么",
    "嘛",
    "我",
    "你",
    "您",
    "他",
    "她",
    "它",
    "我们",
    "你们",
    "您们",
    "他们",
    "是",
    "在",
    "有",
    "和",
    "与",
    "及",
    "或",
    "也",
    "都",
    "就",
    "还",
    "又",
    "把",
    "被",
    "给",
    "跟",
    "对",
    "到",
    "从",
    "这",
    "那",
    "这个",
    "那个",
    "一个",
    "个",
    "一下",
    "下",
    "请",
    "请问",
    "问",
    "想",
    "要",
    "想要",
    "能",
    "可以",
    "可",
    "会",
    "应该",
    "是不是",
    "能不能",
    "可不可以",
    "有没有",
    "没有",
    "不",
    "没",
    "很",
    "太",
    "之",
    "其",
    "为",
    "以",
    "于",
    "而",
    "但",
    "上",
    "里",
    "着",
    "过",
    "得",
    "地",
    "知道",
    "告诉",
    "麻烦",
    "你好",
    "您好",
    "谢谢",
    "需要",
    "如果",
    "的话",
    "已经",
    "现在",
    "咱们",
    "家",
    "一",
    "是否",
    "能否",
    "可否",
    "来",
    "去",
    "让",
    "并",
    "等",
    "啦",
    "帮",
    "帮忙",
];

/// Chinese words that say how it is asked.
const ASK_HAN: &[&str] = &[
    "什么",
    "怎么",
    "怎样",
    "怎么样",
    "怎么办",
    "如何",
    "哪里",
    "哪儿",
    "哪些",
    "哪",
    "多久",
    "多少",
    "多长",
    "几",
    "几天",
    "何时",
    "时候",
    "什么时候",
    "为什么",
    "为何",
    "谁",
    "多长时间",
    "时间",
    "多",
];

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

/// The segmenter with its dictionary of 349,000 words: made once in a process, when the first Chinese is met (README of
/// the module has what it costs).
fn jieba() -> &'static Jieba {
    static JIEBA: OnceLock<Jieba> = OnceLock::new();
    JIEBA.get_or_init(Jieba::new)
}

/// Makes the segmenter ready, so that the first question need not wait for it.
pub fn warm_up() {
    jieba();
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

/// Both languages' words, to be looked up.
static SILENT: LazyLock<HashSet<&str>> = LazyLock::new(|| STOP.iter().chain(STOP_HAN).copied().collect());
static ASKED: LazyLock<HashSet<&str>> = LazyLock::new(|| ASK.iter().chain(ASK_HAN).copied().collect());

/// What a term is worth, by its key. A group of synonyms is worth what it stands for, which is not here.
pub(crate) fn share(key: &str) -> f32 {
    let mut chars = key.chars();
    match (chars.next(), chars.next()) {
        (Some(PAIR_MARK), _) => PAIR,
        (Some(CONCEPT_MARK), _) => 0.0,
        _ if ASKED.contains(key) => ASKING,
        (Some(one), None) if text::is_han(one) => SINGLE,
        _ => 1.0,
    }
}

fn spelled(chars: &[char], start: usize, end: usize, words: &mut Vec<Word>) {
    let word: String = chars[start..end.min(start + WORD_CHARS)].iter().collect();
    if SILENT.contains(word.as_str()) {
        return;
    }
    let asking = ASKED.contains(word.as_str());
    let spelled = !asking && word.chars().all(char::is_alphabetic);
    words.push(Word { key: if asking { word } else { stem(&word) }, start, end, spelled });
}

/// Chinese: words, pairs across the run, and characters that the segmenter left alone.
fn han(chars: &[char], start: usize, end: usize, words: &mut Vec<Word>) {
    let run: String = chars[start..end].iter().collect();
    let first = words.len();
    for token in jieba().cut_for_search(&run, false) {
        if !SILENT.contains(token.word) {
            let (start, end) = (start + token.start, start + token.end);
            words.push(Word { key: token.word.to_owned(), start, end, spelled: false });
        }
    }
    let silent = |place: usize| SILENT.contains(&*chars[place].encode_utf8(&mut [0; 4]));
    for place in start..end.saturating_sub(1) {
        if !silent(place) && !silent(place + 1) {
            let key = [PAIR_MARK, chars[place], chars[place + 1]].iter().collect();
            words.push(Word { key, start: place, end: place + 2, spelled: false });
        }
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

/// A text cut to what is looked at.
pub(crate) fn cut(text: &str) -> &str {
    match text.char_indices().nth(TEXT_CHARS) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}
