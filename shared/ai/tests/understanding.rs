//! What the engine learns, keeps and refuses, on small sets of its own, and on HWU64 where that is at hand.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use deskwire_ai::{Example, Model, Options, Slot, evaluate, read_examples, study, suspects, train};
use proptest::prelude::*;

const OPTIONS: Options = Options { threads: 2 };

/// Examples by pattern: `{name:value}` is a slot.
fn example(intent: &str, pattern: &str) -> Example {
    let (mut text, mut slots, mut rest) = (String::new(), vec![], pattern);
    while let Some((before, behind)) = rest.split_once('{') {
        let (inside, after) = behind.split_once('}').unwrap();
        let (name, value) = inside.split_once(':').unwrap();
        text.push_str(before);
        let start = text.chars().count();
        text.push_str(value);
        slots.push(Slot { name: name.into(), start, end: text.chars().count(), value: value.into() });
        rest = after;
    }
    text.push_str(rest);
    Example { text, intent: Some(intent.into()), slots }
}

fn shop() -> Vec<Example> {
    let mut all = vec![];
    for number in ["A1001", "B2002", "C3003", "D4004", "E5005", "F6006"] {
        all.push(example("order_status", &format!("where is my order {{order:{number}}}")));
        all.push(example("order_status", &format!("has {{order:{number}}} shipped yet")));
        all.push(example("order_status", &format!("我的订单{{order:{number}}}到哪里了")));
        all.push(example("refund", &format!("I want my money back for {{order:{number}}}")));
        all.push(example("refund", &format!("请给订单{{order:{number}}}退款")));
        all.push(example("refund", &format!("refund {{order:{number}}} please")));
    }
    for name in ["Anna", "Ben", "李雷", "Carla"] {
        all.push(example("greeting", &format!("hello {name}")));
        all.push(example("greeting", &format!("good morning {name}")));
        all.push(example("greeting", &format!("你好{name}")));
        all.push(example("human", &format!("can I talk to {name}, a real person")));
        all.push(example("human", "转人工"));
        all.push(example("human", "I need a human agent now"));
    }
    all
}

#[test]
fn it_learns_two_languages_from_few_examples_and_finds_values_it_never_saw() {
    let model = train(&shop(), OPTIONS).unwrap();
    for (text, intent, order) in [
        ("where's order Z9876 ?", "order_status", Some("Z9876")),
        ("订单Z9876到哪了", "order_status", Some("Z9876")),
        ("please refund Q1234", "refund", Some("Q1234")),
        ("我要退款", "refund", None),
        ("ＨＥＬＬＯ there", "greeting", None),
        ("I want to speak to a human", "human", None),
    ] {
        let understood = model.understand(text, 0.0);
        assert_eq!(understood.intent.as_deref(), Some(intent), "{text}: {understood:?}");
        let found = understood.slots.iter().find(|slot| slot.name == "order").map(|slot| slot.value.as_str());
        assert_eq!(found, order, "{text}: {understood:?}");
        assert!((0.0..=1.0).contains(&understood.guesses[0].probability));
    }
}

#[test]
fn what_is_none_of_its_business_scores_lower() {
    let model = train(&shop(), OPTIONS).unwrap();
    let scope = |text: &str| model.understand(text, 0.05).scope;
    let known = ["where is my order A1001", "refund B2002 please", "你好李雷"].map(scope);
    let strange = ["what is the capital of mongolia", "zxcv qwer", "今天天气怎么样啊"].map(scope);
    for inside in known {
        assert!(strange.iter().all(|outside| inside > *outside), "{known:?} {strange:?}");
    }
    assert_eq!(model.understand("zxcv qwer", 0.2).intent, None);
}

#[test]
fn a_file_is_the_model_and_the_same_examples_make_the_same_file() {
    let examples = shop();
    let model = train(&examples, OPTIONS).unwrap();
    let bytes = model.to_bytes();
    assert_eq!(train(&examples, Options { threads: 1 }).unwrap().to_bytes(), bytes);
    let again = Model::from_bytes(&bytes).unwrap();
    assert_eq!(again.to_bytes(), bytes);
    for example in &examples {
        assert_eq!(again.understand(&example.text, 0.05), model.understand(&example.text, 0.05));
    }
    assert!(train(&examples[..1], OPTIONS).is_err());
}

#[test]
fn it_says_why() {
    let model = train(&shop(), OPTIONS).unwrap();
    for (text, intent, word) in [
        ("ＲＥＦＵＮＤ it, quokka", "refund", "ＲＥＦＵＮＤ"),
        ("给我退款吧", "refund", "退款"),
        ("is a human there", "human", "human"),
    ] {
        let why = model.explain(text);
        let first = &why.intents[0];
        assert_eq!(first.intent, intent, "{why:?}");
        assert!(first.supports.iter().any(|part| part.text.contains(word)), "{why:?}");
        assert_eq!(first.probability, model.understand(text, 0.0).guesses[0].probability);
        let other = why.intents.iter().find(|other| other.intent != intent).unwrap();
        assert!(other.opposes.iter().any(|part| part.contribution < 0.0), "{why:?}");
    }
    let unknown = model.explain("refund it, quokka").unknown;
    assert!(unknown.iter().any(|word| word.text == "quokka" && (word.start, word.end) == (11, 17)), "{unknown:?}");
}

#[test]
fn what_is_asked_below_what_is_pasted_is_understood_where_it_stands() {
    let model = train(&shop(), OPTIONS).unwrap();
    let text = format!("{}please refund Q1234", "zxcv 日志\n".repeat(1_000));
    let chars: Vec<char> = text.chars().collect();
    let stands = |start: usize, end: usize| chars[start..end].iter().collect::<String>();
    let understood = model.understand(&text, 0.0);
    assert_eq!(understood.intent.as_deref(), Some("refund"), "{understood:?}");
    let order = understood.slots.iter().find(|slot| slot.value == "Q1234").unwrap();
    assert_eq!((order.name.as_str(), stands(order.start, order.end).as_str()), ("order", "Q1234"));
    let why = model.explain(&text);
    for part in why.intents.iter().flat_map(|reason| reason.supports.iter().chain(&reason.opposes)) {
        assert_eq!(stands(part.start, part.end), part.text);
    }
    assert!(why.unknown.iter().all(|word| stands(word.start, word.end) == word.text), "{why:?}");
}

#[test]
fn an_example_that_contradicts_all_others_is_found() {
    let mut examples = shop();
    assert!(suspects(&examples, OPTIONS).unwrap().iter().all(|one| one.margin < 5.0));
    let wrong = examples.len();
    examples.push(Example { intent: Some("greeting".into()), ..example("", "where is my order {order:K7007}") });
    let found = suspects(&examples, OPTIONS).unwrap();
    let worst = &found[0];
    assert_eq!((worst.index, worst.looks_like.as_str(), worst.intent.as_str()), (wrong, "order_status", "greeting"));
    assert!(worst.margin > 0.0 && worst.neighbours[0].similarity > 0.5, "{worst:?}");
    assert!(worst.neighbours.iter().all(|near| examples[near.index].intent.as_deref() == Some("order_status")));
    assert!(found.windows(2).all(|two| two[0].margin >= two[1].margin));
    assert_eq!(found, suspects(&examples, Options { threads: 1 }).unwrap());
}

#[test]
fn examples_are_checked_by_the_line() {
    let good = "{\"text\":\"去北京\",\"intent\":\"go\",\"slots\":[{\"name\":\"city\",\"start\":1,\"end\":3,\"value\":\"北京\"}]}";
    assert_eq!(read_examples(good).unwrap()[0].slots[0].value, "北京");
    let wrong = format!("{good}\n\n{}", good.replace("\"start\":1", "\"start\":0"));
    assert_eq!(read_examples(&wrong).unwrap_err().line, 3);
    assert_eq!(read_examples("{\"text\":\"a\",\"intent\":null}").unwrap()[0].intent, None);
    assert_eq!(read_examples("[]").unwrap_err().line, 1);
    assert_eq!(read_examples(&format!("\u{feff}{good}")).unwrap(), read_examples(good).unwrap());
}

#[test]
fn the_yardstick_counts_as_it_should() {
    let examples = shop();
    let model = train(&examples, OPTIONS).unwrap();
    let mut test = examples;
    test.push(Example { text: "zxcv qwer".into(), intent: None, slots: vec![] });
    let report = evaluate(&model, &test, 0.0);
    assert_eq!((report.in_scope, report.out_of_scope), (test.len() - 1, 1));
    assert!(report.accuracy > 0.95 && report.slot_f1.unwrap() > 0.95, "{report:?}");
    assert!(report.out_of_scope_auroc.unwrap() > 0.9);
    assert_eq!((report.in_scope_rejected, report.out_of_scope_recall_at_reject), (0.0, Some(0.0)));
}

#[test]
fn hwu64_stands_where_it_must() {
    let read =
        |name: &str| std::fs::read_to_string(format!("{}/../../../shared/nlu/{name}", env!("CARGO_MANIFEST_DIR")));
    let (Ok(training), Ok(test)) = (read("hwu64-train.jsonl"), read("hwu64-test.jsonl")) else {
        eprintln!("NOT MEASURED: ../shared/nlu/hwu64-{{train,test}}.jsonl are not beside the tree");
        return;
    };
    let bytes = train(&read_examples(&training).unwrap(), OPTIONS).unwrap().to_bytes();
    let started = std::time::Instant::now();
    let model = Model::from_bytes(&bytes).unwrap();
    println!("HWU64: {} bytes, loaded in {:.1} ms", bytes.len(), started.elapsed().as_secs_f64() * 1e3);
    let report = evaluate(&model, &read_examples(&test).unwrap(), 0.05);
    println!("HWU64: {report:?}");
    assert!(report.accuracy >= 0.886, "{report:?}");
    assert!(bytes.len() <= 4 * 1024 * 1024);
}

proptest! {
    #[test]
    fn slots_are_where_they_say(text in "[\\PC]{0,40}", number in 1000u32..9999) {
        static MODEL: std::sync::LazyLock<Model> = std::sync::LazyLock::new(|| train(&shop(), OPTIONS).unwrap());
        let text = format!("{text} where is my order A{number} {text}");
        let chars: Vec<char> = text.chars().collect();
        let mut last = 0;
        for slot in MODEL.understand(&text, 0.0).slots {
            prop_assert!(slot.start >= last && slot.start < slot.end);
            prop_assert_eq!(chars[slot.start..slot.end].iter().collect::<String>(), slot.value);
            last = slot.end;
        }
    }

    #[test]
    fn reasons_are_the_score_itself(text in "([a-zA-Z ]|[\\PC]|[订单退款你好]|order|refund |ＨＥＬＬＯ|e\u{301}|👩‍👧){0,40}") {
        static MODEL: std::sync::LazyLock<Model> = std::sync::LazyLock::new(|| train(&shop(), OPTIONS).unwrap());
        let chars: Vec<char> = text.chars().collect();
        let why = MODEL.explain(&text);
        for reason in &why.intents {
            let parts = reason.supports.iter().chain(&reason.opposes);
            let sum: f32 = parts.clone().map(|part| part.contribution).sum();
            prop_assert!((reason.bias + sum + reason.rest - reason.score).abs() < 1e-2, "{reason:?}");
            for part in parts {
                prop_assert_eq!(chars[part.start..part.end].iter().collect::<String>(), part.text.clone());
            }
        }
        for word in &why.unknown {
            prop_assert_eq!(chars[word.start..word.end].iter().collect::<String>(), word.text.clone());
        }
    }

    #[test]
    fn whatever_the_bytes_are_it_is_a_model_or_none(place: prop::sample::Index, byte: u8, cut: prop::sample::Index) {
        static BYTES: std::sync::LazyLock<Vec<u8>> = std::sync::LazyLock::new(|| train(&shop(), OPTIONS).unwrap().to_bytes());
        let mut bytes = BYTES.clone();
        bytes[place.index(BYTES.len())] = byte;
        if let Ok(model) = Model::from_bytes(&bytes) {
            model.understand("where is my order A1001", 0.5);
        }
        prop_assert!(Model::from_bytes(&bytes[..cut.index(BYTES.len())]).is_err());
    }
}

#[test]
fn a_study_is_a_training_a_measured_model_and_the_suspects() {
    let mut examples = shop();
    examples.push(example("greeting", "give me my money back, refund B7"));
    let held_out: Vec<bool> = (0..examples.len()).map(|at| at % 7 == 3).collect();
    let whole = study(&examples, &held_out, OPTIONS).unwrap();
    assert_eq!(whole.model.to_bytes(), train(&examples, OPTIONS).unwrap().to_bytes());
    assert_eq!(whole.suspects, suspects(&examples, OPTIONS).unwrap());
    assert_ne!(whole.measured.to_bytes(), whole.model.to_bytes());
    let none = study(&examples, &[], OPTIONS).unwrap();
    assert_eq!(none.measured.to_bytes(), whole.model.to_bytes());
    assert!(study(&examples, &vec![true; examples.len()], OPTIONS).is_err());
    // What is held out is not known: a word that only it has stays strange.
    let mut strange = shop();
    strange.push(example("human", "zebra xylophone quartz"));
    let held_out: Vec<bool> = (0..strange.len()).map(|at| at + 1 == strange.len()).collect();
    let held = study(&strange, &held_out, OPTIONS).unwrap();
    assert!(held.measured.explain("zebra").unknown.iter().any(|one| one.text == "zebra"));
    assert!(held.model.explain("zebra").unknown.is_empty());
}
