//! How somebody is, and what they want of whom: a person, an end to it, or only to say hello. Chinese and English.
//!
//! By lists and signs, not by a model: what it says can be looked up, and a company's visitors get the same answer
//! every time. It hears no irony. All of it is linear in the text's length.

use std::sync::LazyLock;

use regex::Regex;

use crate::text::{fold, is_han};

mod words;

/// The language of a text, as far as answers are written in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// Chinese.
    Zh,
    /// English.
    En,
    /// Another, or none that can be told.
    Other,
}

/// What a text is that says nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SmallTalk {
    /// `hello`, `在吗`.
    Greeting,
    /// `thanks a lot`, `谢谢`.
    Thanks,
    /// `bye`, `再见`.
    Farewell,
    /// `yes please`, `好的`.
    Yes,
    /// `no`, `不用了`.
    No,
}

/// Expressions over folded text; a list that does not compile is none, and a test says that none is.
struct Lists {
    human: Regex,
    not_human: Regex,
    other_human: Regex,
    no_help: Regex,
    helped: Regex,
    not_angry: Regex,
    stronger: Regex,
    anger: Vec<(Regex, f32)>,
}

static LISTS: LazyLock<Option<Lists>> = LazyLock::new(|| {
    Some(Lists {
        human: compile(words::HUMAN)?,
        not_human: compile(words::NOT_HUMAN)?,
        other_human: compile(words::OTHER_HUMAN)?,
        no_help: compile(words::NO_HELP)?,
        helped: compile(words::HELPED)?,
        not_angry: compile(words::NOT_ANGRY)?,
        stronger: compile(words::STRONGER)?,
        anger: words::ANGER.iter().map(|(text, weight)| Some((compile(text)?, *weight))).collect::<Option<_>>()?,
    })
});

/// Word boundaries by ASCII: by Unicode they would take an expression off its fast path in every Chinese text.
fn compile(text: &str) -> Option<Regex> {
    Regex::new(&text.replace(r"\b", r"(?-u:\b)")).ok()
}

fn folded(text: &str) -> String {
    fold(text).into_iter().collect()
}

/// Whether somebody asks for a person: `转人工`, `human please`; not `不要转人工`, `人工智能`, `human resources`.
pub fn wants_human(text: &str) -> bool {
    let Some(lists) = &*LISTS else { return false };
    let text = folded(text);
    // Each clause by itself: `I don't want a bot, I want a human`.
    text.split(['，', ',', '。', '.', '!', '！', '?', '？', ';', '；', '\n']).any(|clause| {
        let rest = lists.other_human.replace_all(clause, " ");
        let rest = lists.not_human.replace_all(&rest, " ");
        lists.human.is_match(&rest)
    })
}

/// Whether somebody says that an answer does not help: `没用`, `答非所问`, `that does not help`.
pub fn no_help(text: &str) -> bool {
    let Some(lists) = &*LISTS else { return false };
    let text = folded(text);
    lists.no_help.is_match(&lists.helped.replace_all(&text, " "))
}

/// How angry a text sounds, from 0 to 1. Past 0.5 a person had better look: an insult, a threat to complain, or
/// annoyance with capitals and exclamation marks behind it.
pub fn anger(text: &str) -> f32 {
    let Some(lists) = &*LISTS else { return 0.0 };
    let folded = folded(text);
    let plain = lists.not_angry.replace_all(&folded, " ");
    // Of one list the strongest counts whole, more of it a little: three insults are not three times one.
    let mut calm = 1.0f32;
    for (expression, weight) in &lists.anger {
        let count = expression.find_iter(&plain).take(3).count();
        for at in 0..count {
            calm *= 1.0 - weight / (1 << at) as f32;
        }
    }
    let words = 1.0 - calm;
    let loud = loudness(text);
    let strong = if lists.stronger.is_match(&plain) { 0.2 } else { 0.0 };
    let raised = if words > 0.0 { words + (1.0 - words) * (loud + strong) } else { loud * 0.6 };
    raised.clamp(0.0, 1.0)
}

/// Shouting by itself, from 0 to 0.5: exclamation marks, words in capitals.
fn loudness(text: &str) -> f32 {
    let marks = text.chars().filter(|char| matches!(char, '!' | '！')).take(4).count();
    let marks = [0.0, 0.05, 0.2, 0.25, 0.3][marks];
    let asks = text.chars().filter(|char| matches!(char, '?' | '？')).take(4).count();
    let asks = if asks > 2 { 0.1 } else { 0.0 };
    let letters = text.chars().filter(|char| char.is_alphabetic() && !is_han(*char)).count();
    let capitals = text.chars().filter(|char| char.is_uppercase()).count();
    let words =
        text.split_whitespace().filter(|word| word.chars().filter(|char| char.is_uppercase()).count() > 1).count();
    let shouts = if letters >= 8 && words >= 2 && capitals * 10 >= letters * 7 { 0.25 } else { 0.0 };
    f32::min(marks + asks + shouts, 0.5)
}

/// What a text is, if it is nothing but that: `hi there!` is a greeting, `hi, where is my order` is none.
pub fn small_talk(text: &str) -> Option<SmallTalk> {
    static KINDS: LazyLock<Vec<(Regex, SmallTalk)>> = LazyLock::new(|| {
        let compile = |(text, kind): &(&str, SmallTalk)| Some((compile(&format!("^(?:{text})$"))?, *kind));
        words::SMALL_TALK.iter().filter_map(compile).collect()
    });
    let letters = |char: &char| char.is_alphanumeric() || char.is_whitespace() || *char == '\'';
    // Longer than any of them: no need to look.
    if text.chars().nth(words::SMALL_TALK_CHARS).is_some() {
        return None;
    }
    if text.chars().any(|char| "👍👌🆗🙏".contains(char)) && !text.chars().any(char::is_alphanumeric) {
        return Some(if text.contains('🙏') { SmallTalk::Thanks } else { SmallTalk::Yes });
    }
    let words: String = fold(text).into_iter().map(|char| if letters(&char) { char } else { ' ' }).collect();
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    KINDS.iter().find(|(expression, _)| expression.is_match(&words)).map(|(_, kind)| *kind)
}

/// The language of a text: by its script, and by its words where the script is Latin.
pub fn language(text: &str) -> Language {
    let (mut han, mut kana, mut latin, mut other, mut accents) = (0usize, 0usize, 0usize, 0usize, 0usize);
    for char in text.chars() {
        match char {
            '\u{3040}'..='\u{30ff}' => kana += 1,
            char if is_han(char) => han += 1,
            'a'..='z' | 'A'..='Z' => latin += 1,
            'à'..='ÿ' | 'À'..='ß' | 'Ā'..='ž' => accents += 1,
            char if char.is_alphabetic() => other += 1,
            _ => {}
        }
    }
    // A Chinese character says as much as half a word.
    if kana > 0 && kana * 4 > han {
        return Language::Other;
    }
    if han > 0 && han * 4 >= latin + other {
        return Language::Zh;
    }
    if latin == 0 || other > latin {
        return Language::Other;
    }
    let (mut english, mut foreign) = (0usize, accents);
    for word in folded(text).split(|char: char| !char.is_alphabetic() && char != '\'') {
        english += usize::from(words::ENGLISH.contains(&word));
        foreign += usize::from(words::FOREIGN.contains(&word));
    }
    if foreign > english { Language::Other } else { Language::En }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_lists_compile() {
        assert!(LISTS.is_some());
        for (text, _) in words::SMALL_TALK {
            assert!(Regex::new(&format!("^(?:{text})$")).is_ok(), "{text}");
        }
    }
}
