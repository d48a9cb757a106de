//! Rules that hold for what is found in any text, and what it costs.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::sync::LazyLock;

use deskwire_ai::entities::{Entities, Entity, EntitySettings, Moment, Pattern, Product};
use proptest::prelude::*;

/// A Wednesday.
fn now() -> Moment {
    jiff::civil::date(2026, 11, 25).at(10, 30, 0, 0)
}

static SHOP: LazyLock<Entities> = LazyLock::new(|| {
    let product = |name: &str| Product { name: name.to_owned(), aliases: vec![] };
    let settings = EntitySettings {
        order_patterns: vec![r"[A-Z]\d{3,10}".to_owned()],
        products: vec![product("AirPods Pro"), product("耳机")],
        country: None,
    };
    Entities::new(&settings).unwrap()
});

fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "明天",
            "下午三点半",
            "到",
            "3pm",
            "to",
            "A1001",
            "a1001",
            "13812345678",
            "me@x.com",
            "😀",
            "￥１２０",
            "两千元",
            "周一",
            "-",
            " ",
            "，",
            "11月25日",
            "号",
            "耳机",
            "半",
            "Nov 3",
            "İ",
            "ß",
            "é",
            "\u{301}",
            "千",
            "亿",
            "万",
            "2026-11-25",
            "https://a.b/c",
            "十",
            "点",
            "9999",
            "天后",
            "in",
            "days",
            "年",
        ])
        .prop_map(str::to_owned),
        any::<String>(),
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn ordered(text: &str, found: &[Entity]) -> Result<(), TestCaseError> {
    let chars: Vec<char> = text.chars().collect();
    for entity in found {
        prop_assert!(entity.start < entity.end);
        prop_assert_eq!(&entity.value, &chars[entity.start..entity.end].iter().collect::<String>());
        prop_assert!(!entity.normal.is_empty());
        prop_assert_eq!(entity.value.trim(), &entity.value);
    }
    prop_assert!(found.windows(2).all(|pair| pair[0].end <= pair[1].start));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn what_is_found_stands_where_it_says(text in pieces(), year in 1i16..9999, day in 1i8..=28) {
        let now = jiff::civil::date(year, 2, day).at(23, 59, 59, 0);
        ordered(&text, &SHOP.find(&text, now))?;
    }

    #[test]
    fn what_fits_a_pattern_matches_it(text in "[ａ-ｅA-E0-9我的 -]{0,20}") {
        let pattern = Pattern::new("[A-E][0-9]{1,3}").unwrap();
        if let Some(found) = pattern.find(&text) {
            prop_assert!(pattern.matches(&found.normal));
            ordered(&text, &[found])?;
        }
    }
}

/// Seconds of the best of three.
fn seconds(text: &str) -> f64 {
    let run = |_| {
        let start = std::time::Instant::now();
        std::hint::black_box(SHOP.find(text, now()));
        start.elapsed().as_secs_f64()
    };
    (0..3).map(run).fold(f64::INFINITY, f64::min)
}

#[test]
fn a_long_text_takes_no_more_than_its_length() {
    SHOP.find("3pm", now());
    for unit in [
        "13812345678 ",
        "1",
        "明天下午三点到",
        "a@",
        "1-",
        "十",
        "https://a",
        "( ",
        "2026-11-25 15:30 ",
        "a1001,",
        "周",
        "..",
        "+1",
    ] {
        let text = |chars: usize| unit.chars().cycle().take(chars).collect::<String>();
        let (small, large) = (seconds(&text(50_000)), seconds(&text(500_000)));
        println!("{unit:?}: {:.1} ms, {:.1} ms", small * 1e3, large * 1e3);
        assert!(large < 50.0 * small.max(0.001), "{unit:?}: {small} s for 50,000, {large} s for 500,000");
    }
}

#[test]
fn a_sentence_takes_little() {
    for text in [
        "I bought AirPods Pro last Monday for $199, order A1001, call me at 3pm tomorrow",
        "我上周三买的耳机，订单A1001，花了一百二十块，明天下午三点能到吗",
        "where is my parcel",
        "你好",
    ] {
        let start = std::time::Instant::now();
        for _ in 0..1_000 {
            std::hint::black_box(SHOP.find(std::hint::black_box(text), now()));
        }
        println!("{text}: {:.1} µs", start.elapsed().as_secs_f64() * 1e3);
    }
    let start = std::time::Instant::now();
    let products = (0..5_000)
        .map(|number| Product { name: format!("Product number {number}"), aliases: vec![format!("商品{number}")] });
    let settings = EntitySettings { products: products.collect(), ..Default::default() };
    let entities = Entities::new(&settings).unwrap();
    println!("5,000 products: {:.1} ms to compile", start.elapsed().as_secs_f64() * 1e3);
    assert_eq!(entities.find("我要商品4999", now())[0].normal, "Product number 4999");
}
