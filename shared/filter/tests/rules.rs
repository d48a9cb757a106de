//! What holds for every text, and for what an account writes down.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use deskwire_filter::{
    Action, Direction, Fault, Filter, LISTS, Match, Side, Verdict, WORD_CHARS, WORDS_ALIKE, WORDS_PER_LIST, WordList,
};
use proptest::prelude::*;
use unicode_normalization::char::is_combining_mark;

/// Words without common letters in a row, so that stretching one letter does not make another of them.
const WORDS: &[&str] =
    &["fuck", "shit", "bitch", "kill yourself", "asshole", "傻逼", "法轮功", "赌博", "傻b", "加微信"];

fn list(name: &str, action: Action, words: &[&str]) -> WordList {
    WordList {
        name: name.into(),
        category: "test".into(),
        action,
        words: words.iter().map(|&word| word.to_owned()).collect(),
        direction: Direction::Both,
        disabled: false,
    }
}

fn filter() -> Filter {
    Filter::new(&[list("mask", Action::Mask, WORDS)]).unwrap()
}

/// Pieces from which texts are made that come close to words.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::sample::select(WORDS).prop_map(str::to_owned),
        4 => prop::sample::select(&["f", "u", "c", "k", "sh", "it", "1", "$", "@", "!", "傻", "逼", "法", "轮", "功"][..])
            .prop_map(str::to_owned),
        3 => prop::sample::select(&[" ", ".", "-", "*", "，", "\n", "\u{200b}", "\u{301}", "\u{fe0f}", "😀", "'"][..])
            .prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(piece(), 0..40).prop_map(|pieces| pieces.concat())
}

/// One way to write a letter.
fn disguise(c: char, how: u8) -> String {
    let code = u32::from(c);
    let shift = |base: u32| char::from_u32(base + code - u32::from('a')).unwrap().to_string();
    match (how, c) {
        (1, 'a'..='z') => c.to_ascii_uppercase().to_string(),
        (2, 'a'..='z') => shift(0xFF41),
        (3, 'a'..='z') => shift(0x24D0),
        (4, 'a'..='z') => shift(0x1D41A),
        (5, 'a'..='z') => shift(0x1F170),
        (6, 'c') => 'с'.into(),
        (6, 'i') => 'і'.into(),
        (6, 'k') => 'κ'.into(),
        (6, 'o') => 'о'.into(),
        (6, '轮') => '輪'.into(),
        (6, '赌') => '賭'.into(),
        (7, _) => format!("{c}\u{200b}"),
        (8, 'a'..='z') => format!("{c}\u{336}"),
        (9, 'a'..='z') => c.to_string().repeat(4),
        _ => c.into(),
    }
}

/// A listed word in a mixture of disguises, pulled apart or not.
fn disguised() -> impl Strategy<Value = String> {
    let gaps = prop::sample::select(&["", "", " ", ".", "-", "*", "_", "~", "  ", "/", " * "][..]);
    (prop::sample::select(WORDS), prop::collection::vec(0..10_u8, 20), gaps).prop_map(|(word, how, gap)| {
        let mut how = how.into_iter().cycle();
        let letters = |part: &str| part.chars().map(|c| disguise(c, how.next().unwrap())).collect::<Vec<_>>().join(gap);
        word.split(' ').map(letters).collect::<Vec<_>>().join("   ")
    })
}

fn strictest(verdict: &Verdict) -> Option<Action> {
    verdict.matches.iter().map(|found| found.action).max()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn places_and_masks_fit_the_text(text in text()) {
        let verdict = filter().check(&text, Side::Visitor);
        let chars: Vec<char> = text.chars().collect();
        for found in &verdict.matches {
            prop_assert!(found.start < found.end && found.end <= chars.len());
        }
        prop_assert!(verdict.matches.is_sorted());
        prop_assert_eq!(verdict.action, strictest(&verdict));
        prop_assert_eq!(verdict.masked.is_some(), verdict.action == Some(Action::Mask));
        let masked: Vec<char> = verdict.masked.unwrap_or_else(|| text.clone()).chars().collect();
        prop_assert_eq!(masked.len(), chars.len());
        for (at, (masked, typed)) in masked.iter().zip(&chars).enumerate() {
            let inside = verdict.matches.iter().any(|found| (found.start..found.end).contains(&at));
            // A mark behind the last letter is masked with it.
            prop_assert!(masked == typed || (*masked == '*' && (inside || is_combining_mark(*typed))));
        }
        for found in &verdict.matches {
            prop_assert_eq!(masked[found.start], '*');
            prop_assert_eq!(masked[found.end - 1], '*');
        }
    }

    #[test]
    fn what_is_masked_stays_masked(text in text()) {
        let filter = filter();
        if let Some(masked) = filter.check(&text, Side::Visitor).masked {
            prop_assert_eq!(filter.check(&masked, Side::Visitor), Verdict::default());
        }
    }

    #[test]
    fn disguises_are_found(word in disguised(), before in "(我说|x ?, |[(]|😀)?", after in "( now|！|[)]|。啊)?") {
        let verdict = filter().check(&format!("{before}{word}{after}"), Side::Visitor);
        prop_assert_eq!(verdict.action, Some(Action::Mask), "{}", word);
    }

    #[test]
    fn without_its_letters_no_word_is_found(text in "[dgjmnpqrvwxz2698 .,*\n-，。你好吗请问\u{200b}😀]{0,200}") {
        prop_assert_eq!(filter().check(&text, Side::Visitor), Verdict::default());
    }

    #[test]
    fn any_text_and_any_word_are_taken(text in ".{0,300}", words in prop::collection::vec(".{1,12}", 0..8)) {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let lists = [list("any", Action::Mask, &words)];
        if let Ok(filter) = Filter::new(&lists) {
            let verdict = filter.check(&text, Side::Company);
            prop_assert_eq!(&verdict, &Filter::new(&lists).unwrap().check(&text, Side::Company));
            for word in words {
                prop_assert!(filter.check(word, Side::Company).action.is_some(), "{word:?}");
            }
        }
    }
}

#[test]
fn the_strictest_action_counts_and_only_masks_are_masked() {
    let lists = [
        list("mask", Action::Mask, &["darn"]),
        list("hold", Action::Hold, &["赌博", "darn"]),
        list("refuse", Action::Refuse, &["fuck"]),
    ];
    let filter = Filter::new(&lists).unwrap();
    let verdict = filter.check("darn, 赌 博", Side::Visitor);
    assert_eq!(verdict.action, Some(Action::Hold));
    assert_eq!(verdict.masked.as_deref(), Some("****, 赌 博"));
    let place = |found: &Match| (found.start, found.end, found.action, found.list.to_string());
    assert_eq!(
        verdict.matches.iter().map(place).collect::<Vec<_>>(),
        [
            (0, 4, Action::Mask, "mask".to_owned()),
            (0, 4, Action::Hold, "hold".to_owned()),
            (6, 9, Action::Hold, "hold".to_owned()),
        ]
    );
    let verdict = filter.check("fuck", Side::Visitor);
    assert_eq!((verdict.action, verdict.masked), (Some(Action::Refuse), None));
}

#[test]
fn a_list_looks_in_its_direction() {
    let with = |direction| Filter::new(&[WordList { direction, ..list("one", Action::Hold, &["赌博"]) }]).unwrap();
    let finds = |filter: &Filter, side| filter.check("赌博", side).action.is_some();
    let cases =
        [(Direction::Both, true, true), (Direction::FromVisitor, true, false), (Direction::ToVisitor, false, true)];
    for (direction, visitor, company) in cases {
        let filter = with(direction);
        assert_eq!((finds(&filter, Side::Visitor), finds(&filter, Side::Company)), (visitor, company), "{direction:?}");
    }
    let disabled = WordList { disabled: true, ..list("one", Action::Hold, &["赌博"]) };
    assert!(!finds(&Filter::new(&[disabled]).unwrap(), Side::Visitor));
    assert!(!finds(&Filter::new(&[]).unwrap(), Side::Visitor));
}

#[test]
fn a_word_pulled_apart_around_a_masked_one_is_masked_too() {
    let filter = Filter::new(&[list("mask", Action::Mask, &["fuck", "ass"])]).unwrap();
    let verdict = filter.check("f-ass-uck", Side::Visitor);
    assert_eq!(verdict.masked.as_deref(), Some("*-***-***"));
    assert_eq!(verdict.matches.len(), 2);
}

#[test]
fn what_breaks_a_limit_is_refused() {
    let ok = list("one", Action::Mask, &["word"]);
    let check = |change: fn(&mut WordList)| {
        let mut list = ok.clone();
        change(&mut list);
        list.check().unwrap_err()
    };
    assert_eq!(ok.check(), Ok(()));
    assert_eq!(check(|list| list.name = " ".into()), Fault::Name);
    assert_eq!(check(|list| list.category = "x".repeat(61)), Fault::Name);
    assert!(matches!(check(|list| list.words = vec!["w".into(); WORDS_PER_LIST + 1]), Fault::Words { .. }));
    assert!(matches!(check(|list| list.words = vec!["傻".repeat(90); 1_000]), Fault::Bytes { bytes: 270_000, .. }));
    for word in ["", "  ", "***", &"\u{fdfa}".repeat(20), "\u{200b}", &"a".repeat(WORD_CHARS + 1)] {
        let mut list = ok.clone();
        list.words.push(word.into());
        assert!(matches!(list.check(), Err(Fault::Length { at: 1, .. })), "{word:?}");
    }
    for word in ["+v", "c++", "(word)", "。好"] {
        let mut list = ok.clone();
        list.words.push(word.into());
        assert!(matches!(list.check(), Err(Fault::Sign { at: 1, .. })), "{word:?}");
    }
}

#[test]
fn what_breaks_a_limit_of_all_lists_is_refused() {
    let named = |at: usize, words: &[&str]| list(&format!("list {at}"), Action::Mask, words);
    let many: Vec<_> = (0..=LISTS).map(|at| named(at, &["word"])).collect();
    assert_eq!(Filter::new(&many).unwrap_err(), Fault::Lists(LISTS + 1));
    assert!(Filter::new(&many[1..]).is_ok());
    assert_eq!(Filter::new(&[named(1, &[]), named(1, &[])]).unwrap_err(), Fault::SameName("list 1".into()));
    let full: Vec<_> = (0..3).map(|at| named(at, &vec!["word"; 7_000])).collect();
    assert_eq!(Filter::new(&full).unwrap_err(), Fault::AllWords(21_000));
    let alike: Vec<String> =
        (0..128_u32).map(|bits| (0..7).map(|bit| if bits >> bit & 1 == 1 { 'i' } else { 'l' }).collect()).collect();
    let alike: Vec<&str> = alike.iter().map(String::as_str).collect();
    assert_eq!(Filter::new(&[named(1, &alike)]).unwrap_err(), Fault::Alike { list: "list 1".into(), at: WORDS_ALIKE });
}

#[test]
fn no_word_gets_into_a_log() {
    let lists = [list("one", Action::Mask, &["darn", "+darn"])];
    let fault = lists[0].check().unwrap_err();
    let filter = Filter::new(&[list("one", Action::Mask, &["darn"])]).unwrap();
    let verdict = filter.check("darn it", Side::Visitor);
    for shown in [format!("{lists:?}"), format!("{fault:?} {fault}"), format!("{filter:?}"), format!("{verdict:?}")] {
        assert!(!shown.contains("darn"), "{shown}");
    }
}

#[test]
fn a_list_reads_as_it_is_written() {
    let json = r#"{"name": "ads", "category": "advertising", "action": "hold", "words": ["加微信"]}"#;
    let list: WordList = serde_json::from_str(json).unwrap();
    assert_eq!((list.direction, list.disabled), (Direction::Both, false));
    let again: WordList = serde_json::from_str(&serde_json::to_string(&list).unwrap()).unwrap();
    assert_eq!(again, list);
    let unknown = json.replace("category", "kategorie");
    assert!(serde_json::from_str::<WordList>(&unknown).is_err());
}

/// Texts that would take long if the time was not linear: nothing but beginnings, copies, gaps, marks.
#[test]
fn long_texts_are_taken_in_one_pass() {
    let words: Vec<String> =
        (1..=WORD_CHARS).map(|letters| "a b".repeat(letters / 3 + 1) + &"a".repeat(letters % 3)).collect();
    let nested: Vec<&str> = words.iter().map(|word| word.get(..word.len().min(WORD_CHARS)).unwrap()).collect();
    let filter = Filter::new(&[list("mask", Action::Mask, WORDS), list("nested", Action::Mask, &nested)]).unwrap();
    for piece in [
        "f", "f ", "fu", "f-", "fuc k ", "$", "a$", "傻", "傻逼", "傻，", "傻 ", "1", "a b", "\u{301}", "\u{200b}",
        "f\u{301}", "😀",
    ] {
        let text = piece.repeat(100_000 / piece.len());
        let verdict = filter.check(&text, Side::Visitor);
        let chars = text.chars().count();
        assert!(verdict.matches.iter().all(|found| found.end <= chars), "{piece}");
        assert!(verdict.masked.is_none_or(|masked| masked.chars().count() == chars), "{piece}");
    }
}
