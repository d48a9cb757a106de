//! What the AI agent says where the company has written no words of its own. Chinese and English.

use std::collections::BTreeMap;

use crate::mood::Language;

/// What words are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phrase {
    /// An answer to a greeting.
    Greeting,
    /// An answer to thanks.
    Thanks,
    /// An answer to a farewell.
    Farewell,
    /// It did not understand.
    Unsure,
    /// People go on.
    HandOver,
    /// Nobody is there: what it is about is asked for.
    Away,
    /// A ticket was opened.
    Ticket,
    /// A system knows nothing of it.
    NothingFound,
    /// Only for whoever has signed in.
    SignIn,
    /// A system does not answer; people go on.
    Failed,
    /// A value is asked for, `{}` is what.
    Ask,
    /// The visitor thinks better of it.
    Never,
}

/// What `words` in an account's settings may be for, by name.
pub const NAMES: [(&str, Phrase); 12] = [
    ("greeting", Phrase::Greeting),
    ("thanks", Phrase::Thanks),
    ("farewell", Phrase::Farewell),
    ("unsure", Phrase::Unsure),
    ("hand_over", Phrase::HandOver),
    ("away", Phrase::Away),
    ("ticket", Phrase::Ticket),
    ("nothing_found", Phrase::NothingFound),
    ("sign_in", Phrase::SignIn),
    ("failed", Phrase::Failed),
    ("ask", Phrase::Ask),
    ("never_mind", Phrase::Never),
];

/// Words by language (`en`, `zh`).
pub type Words = BTreeMap<String, String>;

/// The words of a language, or of any other where there are none.
pub fn pick(words: &Words, language: Language) -> Option<&str> {
    let wanted = match language {
        Language::Zh => "zh",
        Language::En | Language::Other => "en",
    };
    let found = words.get(wanted).or_else(|| words.values().next());
    found.map(String::as_str).filter(|words| !words.trim().is_empty())
}

/// An account's words, and the built-in ones behind them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Phrases(pub BTreeMap<Phrase, Words>);

impl Phrases {
    /// The words for something.
    pub fn say(&self, phrase: Phrase, language: Language) -> String {
        let own = self.0.get(&phrase).and_then(|words| pick(words, language));
        own.unwrap_or_else(|| built_in(phrase, language)).to_owned()
    }

    /// The same, with a value in the place of `{}`.
    pub fn say_with(&self, phrase: Phrase, language: Language, value: &str) -> String {
        self.say(phrase, language).replace("{}", value)
    }
}

fn built_in(phrase: Phrase, language: Language) -> &'static str {
    let (en, zh) = match phrase {
        Phrase::Greeting => ("Hello! How can I help you?", "您好！请问有什么可以帮您？"),
        Phrase::Thanks => ("You are welcome. Is there anything else?", "不客气，还有其他可以帮您的吗？"),
        Phrase::Farewell => ("Goodbye, and have a nice day!", "再见，祝您生活愉快！"),
        Phrase::Unsure => (
            "Sorry, I did not quite get that. Could you say it in other words?",
            "抱歉，我没有完全理解您的意思，能换个说法再描述一下吗？",
        ),
        Phrase::HandOver => {
            ("I am passing you on to a colleague, who will answer here in a moment.", "正在为您转接人工客服，请稍候。")
        }
        Phrase::Away => (
            "Nobody is here at the moment{}. Please write what it is about, and how we can reach you: I will open a \
             ticket, and we will get back to you.",
            "现在是非工作时间{}。请留下您的问题和联系方式，我会为您创建工单，我们上班后会尽快回复您。",
        ),
        Phrase::Ticket => (
            "Thank you. I have opened ticket {}; a colleague will answer here as soon as somebody is in.",
            "谢谢，已为您创建工单 {}，同事上班后会在这里回复您。",
        ),
        Phrase::NothingFound => (
            "I could not find anything for that. Please check it and send it again.",
            "没有查到相关信息，请核对后再发一次。",
        ),
        Phrase::SignIn => {
            ("I can only look that up for you once you have signed in.", "请先登录，登录后我才能为您查询。")
        }
        Phrase::Failed => (
            "I cannot look that up at the moment, so I am passing you on to a colleague.",
            "系统暂时无法查询，正在为您转接人工客服。",
        ),
        Phrase::Ask => ("Please tell me: {}", "请提供：{}"),
        Phrase::Never => ("All right. Is there anything else?", "好的，还有其他可以帮您的吗？"),
    };
    if language == Language::Zh { zh } else { en }
}
