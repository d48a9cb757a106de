//! What people type into a search field, and whether something holds it: every word must occur somewhere. It is not
//! full-text search: no ranking, no stems, no spelling mistakes.
//!
//! Case, width and compatibility forms make no difference (Unicode's NFKC and lower case), so `ＡＮＮＡ` finds `Anna`; a
//! word may stand inside another, as Chinese has no spaces: `订单` finds `我的订单呢`. Telephone numbers are compared by
//! their digits.

use unicode_normalization::UnicodeNormalization;

use crate::{Code, Refusal};

/// Characters of what is searched for: longer ones are pasted by mistake, and each word is looked for in each row.
pub const QUERY_CHARS: usize = 100;

/// Digits that a telephone number must share: fewer are found by chance in any.
const PHONE_DIGITS: usize = 3;

/// What is searched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sought {
    typed: String,
    words: Vec<String>,
}

impl Sought {
    /// Reads what was typed.
    ///
    /// # Errors
    /// [`Code::InvalidField`] where there is no word in it, or more than [`QUERY_CHARS`] characters.
    pub fn parse(typed: &str) -> Result<Self, Refusal> {
        let words: Vec<String> = fold(typed).split_whitespace().map(str::to_owned).collect();
        if words.is_empty() || typed.chars().count() > QUERY_CHARS {
            return Err(Refusal::with(Code::InvalidField, format!("q: 1 to {QUERY_CHARS} characters")));
        }
        Ok(Self { typed: typed.trim().to_owned(), words })
    }

    /// What was typed, for ids and addresses that are looked up as they are.
    pub fn typed(&self) -> &str {
        &self.typed
    }

    /// Whether each word occurs in one of the texts, or in the digits of a telephone number.
    pub fn is_in<'a>(&self, texts: impl IntoIterator<Item = &'a str>, phone: Option<&'a str>) -> bool {
        let texts: Vec<String> = texts.into_iter().chain(phone).map(fold).collect();
        let digits = phone.map(digits_of).unwrap_or_default();
        self.words.iter().all(|word| texts.iter().any(|text| text.contains(word)) || dials(word, &digits))
    }
}

/// A text as it is compared.
fn fold(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).collect()
}

fn digits_of(text: &str) -> String {
    text.nfkc().filter(char::is_ascii_digit).collect()
}

/// Whether a word is a part of a telephone number, written in some way.
fn dials(word: &str, digits: &str) -> bool {
    let as_dialled = |char: char| char.is_ascii_digit() || "+-/.()".contains(char);
    let wanted: String = word.chars().filter(char::is_ascii_digit).collect();
    word.chars().all(as_dialled) && wanted.len() >= PHONE_DIGITS && digits.contains(&wanted)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_word_must_occur_somewhere() {
        let texts = ["Anna Müller", "anna@shop.example", "我的订单呢？还没到", "VIP", "ﾊﾝﾊﾞｰｶﾞｰ"];
        let phone = Some("+49 (170) 123-4567");
        for (typed, found) in [
            ("anna", true),
            ("ANNA müller", true),
            ("MÜLLER   vip", true),
            ("ＡＮＮＡ", true),
            ("nna", true),
            ("anna ben", false),
            ("订单", true),
            ("訂單", false),
            ("订单 没到", true),
            ("没有", false),
            ("ハンバーガー", true),
            ("@shop.example", true),
            ("170-1234567", true),
            ("0170", false),
            ("+49170", true),
            ("(170) 4567", true),
            ("17x", false),
            ("99", false),
            ("anna\u{3000}vip", true),
        ] {
            assert_eq!(Sought::parse(typed).unwrap().is_in(texts, phone), found, "{typed}");
        }
        // A few digits are in every number; a row without one has none.
        assert!(!Sought::parse("4-5").unwrap().is_in(["Anna"], phone));
        assert!(!Sought::parse("170").unwrap().is_in(["Anna"], None));
    }

    #[test]
    fn nothing_and_too_much_are_refused() {
        for typed in ["", "   ", "\u{3000}", &"字".repeat(QUERY_CHARS + 1)] {
            assert_eq!(Sought::parse(typed).unwrap_err().code, Code::InvalidField, "{typed:?}");
        }
        assert!(Sought::parse(&"字".repeat(QUERY_CHARS)).is_ok());
        assert_eq!(Sought::parse("  cnv_1 ").unwrap().typed(), "cnv_1");
    }

    proptest! {
        #[test]
        fn a_text_holds_its_own_words_in_any_order_and_case(text in "\\PC{1,60}", turn in any::<bool>()) {
            let mut words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
            if turn {
                words.reverse();
            }
            if let Ok(sought) = Sought::parse(&words.join(" ")) {
                prop_assert!(sought.is_in([text.as_str()], None));
            }
        }

        #[test]
        fn one_word_more_finds_no_more(texts in prop::collection::vec("\\PC{0,20}", 0..4), a in "\\PC{1,5}", b in "\\PC{1,5}") {
            let is_in = |typed: &str| Sought::parse(typed).is_ok_and(|sought| sought.is_in(texts.iter().map(String::as_str), None));
            let both = format!("{a} {b}");
            if !a.trim().is_empty() && is_in(&both) {
                prop_assert!(is_in(&a));
            }
        }
    }
}
