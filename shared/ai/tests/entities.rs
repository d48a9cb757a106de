//! What texts name: tables in Chinese and English, and rules that hold for any text.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::sync::LazyLock;

use deskwire_ai::entities::{BadPattern, BadSettings, Entities, EntitySettings, Kind, Moment, Pattern, Product, fits};

/// A Wednesday.
fn now() -> Moment {
    jiff::civil::date(2026, 11, 25).at(10, 30, 0, 0)
}

fn settings(country: Option<&str>) -> EntitySettings {
    let product = |name: &str, aliases: &[&str]| Product {
        name: name.to_owned(),
        aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
    };
    EntitySettings {
        order_patterns: vec![r"[A-Z]\d{3,10}".to_owned(), r"^ORD-\d{4}-\d{4}$".to_owned()],
        products: vec![
            product("AirPods Pro", &["airpods", "耳机"]),
            product("电饭煲 Mini", &["电饭煲", "电饭锅"]),
            product("T恤", &["t-shirt", "tee"]),
        ],
        country: country.map(str::to_owned),
    }
}

static SHOP: LazyLock<Entities> = LazyLock::new(|| Entities::new(&settings(None)).unwrap());

fn find(text: &str) -> Vec<(Kind, String)> {
    SHOP.find(text, now()).into_iter().map(|entity| (entity.kind, entity.normal)).collect()
}

/// Checks a table of texts with the one thing of a kind that each names, or none; reports all mistakes at once.
fn check(kind: &[Kind], cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(text, normal)| {
            let found: Vec<String> =
                find(text).into_iter().filter(|(found, _)| kind.contains(found)).map(|(_, normal)| normal).collect();
            (found.join(" ") != *normal).then(|| format!("{text}: {found:?}, not {normal}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

const TEMPORAL: &[Kind] = &[Kind::Date, Kind::Time, Kind::DateTime, Kind::Period];

#[test]
fn dates() {
    check(
        TEMPORAL,
        &[
            ("2026-11-25", "2026-11-25"),
            ("订单日期2026/3/5的", "2026-03-05"),
            ("2026.11.25下单", "2026-11-25"),
            ("25/11/2026", "2026-11-25"),
            ("11/25/2026", "2026-11-25"),
            ("3/4/2026", "2026-03-04"),
            ("on 11/20 please", "2026-11-20"),
            ("Nov 25th", "2026-11-25"),
            ("Nov. 3, 2025", "2025-11-03"),
            ("the 3rd of December", "2026-12-03"),
            ("25 November 2026", "2026-11-25"),
            ("January 5", "2027-01-05"),
            ("11月25日", "2026-11-25"),
            ("１１月３日买的", "2026-11-03"),
            ("1月5号送到", "2027-01-05"),
            ("2026年11月25日", "2026-11-25"),
            ("二〇二六年十一月二十五日", "2026-11-25"),
            ("十一月二十五号", "2026-11-25"),
            ("去年12月3号", "2025-12-03"),
            ("明年三月八日", "2027-03-08"),
            ("25号发货吗", "2026-11-25"),
            ("下个月5号", "2026-12-05"),
            ("2026年10月的账单", "2026-10-01/2026-10-31"),
            ("11月份的", "2026-11-01/2026-11-30"),
            ("March 2026 invoice", "2026-03-01/2026-03-31"),
            ("国庆去玩", "2026-10-01"),
            ("去年国庆节", "2025-10-01"),
            ("圣诞节前能到吗", "2026-12-25"),
            ("before Christmas", "2026-12-25"),
            ("the black friday offer", "2026-11-27"),
            ("双十一买的", "2026-11-11"),
            ("Feb 30", ""),
            ("2026-13-01", ""),
            ("号码是25号楼", ""),
            ("地铁2号线", ""),
            ("we are open 24/7", ""),
            ("1/2 of it", ""),
            ("version 1.2.3", ""),
            ("order 2026-11-25-0001", ""),
            ("可能 may be", ""),
            ("3个月", ""),
        ],
    );
}

#[test]
fn days_as_seen_from_now() {
    check(
        TEMPORAL,
        &[
            ("今天", "2026-11-25"),
            ("明天能到吗", "2026-11-26"),
            ("后天", "2026-11-27"),
            ("大后天", "2026-11-28"),
            ("昨天下的单", "2026-11-24"),
            ("前天", "2026-11-23"),
            ("大前天", "2026-11-22"),
            ("today", "2026-11-25"),
            ("Tomorrow please", "2026-11-26"),
            ("the day after tomorrow", "2026-11-27"),
            ("I ordered yesterday", "2026-11-24"),
            ("the day before yesterday", "2026-11-23"),
            ("下周三", "2026-12-02"),
            ("这周五", "2026-11-27"),
            ("上周一", "2026-11-16"),
            ("下下周一", "2026-12-07"),
            ("下个星期天", "2026-12-06"),
            ("周五", "2026-11-27"),
            ("周一送", "2026-11-30"),
            ("礼拜三", "2026-11-25"),
            ("next Friday", "2026-12-04"),
            ("last Monday", "2026-11-23"),
            ("last Wednesday", "2026-11-18"),
            ("this Friday", "2026-11-27"),
            ("on Monday", "2026-11-30"),
            ("in 3 days", "2026-11-28"),
            ("2 weeks ago", "2026-11-11"),
            ("a week ago", "2026-11-18"),
            ("two months from now", "2027-01-25"),
            ("三天前", "2026-11-22"),
            ("两周后", "2026-12-09"),
            ("3个月前", "2026-08-25"),
            ("十天以后", "2026-12-05"),
            ("半年前", "2026-05-25"),
            ("半小时后", "2026-11-25T11:00"),
            ("in 2 hours", "2026-11-25T12:30"),
        ],
    );
}

#[test]
fn weeks_and_months_as_seen_from_now() {
    check(
        TEMPORAL,
        &[
            ("上个月", "2026-10-01/2026-10-31"),
            ("下个月底", "2026-12-31"),
            ("月底", "2026-11-30"),
            ("年底", ""),
            ("今年年底", "2026-12-31"),
            ("去年", "2025-01-01/2025-12-31"),
            ("下周", "2026-11-30/2026-12-06"),
            ("周末", "2026-11-28/2026-11-29"),
            ("this weekend", "2026-11-28/2026-11-29"),
            ("next week", "2026-11-30/2026-12-06"),
            ("last month", "2026-10-01/2026-10-31"),
            ("end of the month", "2026-11-30"),
            ("最近三天", "2026-11-22/2026-11-25"),
            ("within 3 days", "2026-11-25/2026-11-28"),
            ("the last 2 weeks", "2026-11-11/2026-11-25"),
            ("7天无理由", ""),
            ("一周一次", ""),
            ("每周一", ""),
            ("the sun is out", ""),
            ("he sat there", ""),
            ("next time", ""),
            ("这周围有店吗", ""),
            ("两三天前", ""),
            ("Tuesday next week", "2026-12-01"),
            ("Mon-Fri", "2026-11-30/2026-12-04"),
            ("end of November", "2026-11-30"),
            ("by the 24th", "2026-11-24"),
            ("on the 5th floor", ""),
            ("last Christmas", "2025-12-25"),
            ("2025年双十一", "2025-11-11"),
            ("一个半小时后", "2026-11-25T12:00"),
            ("一年半前", "2025-05-25"),
        ],
    );
}

#[test]
fn times_and_moments() {
    check(
        TEMPORAL,
        &[
            ("3pm", "15:00"),
            ("3 PM", "15:00"),
            ("at 3:30 p.m.", "15:30"),
            ("12am", "00:00"),
            ("15:30", "15:30"),
            ("half past two", "02:30"),
            ("quarter to five", "04:45"),
            ("ten past six in the evening", "18:10"),
            ("8 o'clock", "08:00"),
            ("at noon", "12:00"),
            ("下午三点半", "15:30"),
            ("晚上8点", "20:00"),
            ("十点一刻", "10:15"),
            ("中午", "12:00"),
            ("中午1点", "13:00"),
            ("早上9点05分", "09:05"),
            ("凌晨两点", "02:00"),
            ("１５：３０", "15:30"),
            ("15时30分", "15:30"),
            ("晚上12点", "00:00"),
            ("明天下午3点", "2026-11-26T15:00"),
            ("下周三上午十点半", "2026-12-02T10:30"),
            ("今晚8点", "2026-11-25T20:00"),
            ("明早九点", "2026-11-26T09:00"),
            ("tomorrow at 3pm", "2026-11-26T15:00"),
            ("3pm tomorrow", "2026-11-26T15:00"),
            ("2026-11-25 15:30", "2026-11-25T15:30"),
            ("11月28日 14:00", "2026-11-28T14:00"),
            ("next Friday, 10:15", "2026-12-04T10:15"),
            ("周一到周五", "2026-11-30/2026-12-04"),
            ("from Monday to Friday", "2026-11-30/2026-12-04"),
            ("9点到18点", "09:00/18:00"),
            ("下午2点到4点", "14:00/16:00"),
            ("9am - 5pm", "09:00/17:00"),
            ("between 2pm and 4pm", "14:00/16:00"),
            ("11月3日到5日", "2026-11-03/2026-11-05"),
            ("Nov 3-5", "2026-11-03/2026-11-05"),
            ("12月28日至1月3日", "2026-12-28/2027-01-03"),
            ("明天上午9点到11点", "2026-11-26T09:00/2026-11-26T11:00"),
            ("快一点", ""),
            ("有一点贵", ""),
            ("我有两点建议", ""),
            ("早点发货", ""),
            ("有点慢", ""),
            ("24小时", ""),
            ("25:70", ""),
            ("ratio 1:200", ""),
            ("5 to 10 items", ""),
            ("到的时候", ""),
            ("三点五折", ""),
        ],
    );
}

#[test]
fn amounts() {
    check(
        &[Kind::Amount],
        &[
            ("¥120", "120 CNY"),
            ("￥1,299.00", "1299 CNY"),
            ("120元", "120 CNY"),
            ("三块五", "3.5 CNY"),
            ("12块5毛", "12.5 CNY"),
            ("一百二十块", "120 CNY"),
            ("两千元", "2000 CNY"),
            ("3万元", "30000 CNY"),
            ("1.5万元", "15000 CNY"),
            ("100块钱", "100 CNY"),
            ("RMB 88", "88 CNY"),
            ("88 rmb", "88 CNY"),
            ("$3k", "3000 USD"),
            ("$19.99 only", "19.99 USD"),
            ("20 dollars", "20 USD"),
            ("50 USD", "50 USD"),
            ("€50", "50 EUR"),
            ("1.299,00 €", "1299 EUR"),
            ("30 euros", "30 EUR"),
            ("£9.50", "9.5 GBP"),
            ("一百美元", "100 USD"),
            ("50美金", "50 USD"),
            ("退我２００元", "200 CNY"),
            ("HK$300", "300 HKD"),
            ("半块钱", "0.5 CNY"),
            ("99 cents", "0.99 USD"),
            ("我买了两块电池", ""),
            ("一块去", ""),
            ("元旦", ""),
            ("3块蛋糕", ""),
            ("五六百块", ""),
            ("12,50 €", "12.5 EUR"),
            ("€ 12,50", "12.5 EUR"),
            ("公元", ""),
        ],
    );
}

#[test]
fn contacts() {
    check(
        &[Kind::Phone, Kind::Email, Kind::Url],
        &[
            ("我的电话是13812345678", "+8613812345678"),
            ("138 1234 5678", "+8613812345678"),
            ("138-1234-5678", "+8613812345678"),
            ("+86 138 1234 5678", "+8613812345678"),
            ("0086-13812345678", "+8613812345678"),
            ("１３８１２３４５６７８", "+8613812345678"),
            ("010-12345678", ""),
            ("010-62345678", "+861062345678"),
            ("(021) 62345678", "+862162345678"),
            ("0755-2345678", "+867552345678"),
            ("400-820-8820", "4008208820"),
            ("+44 20 7946 0958", "+442079460958"),
            ("+44 (0)20 7946 0958", "+442079460958"),
            ("+1 (415) 555-2671", "+14155552671"),
            ("(415) 555-2671", "+14155552671"),
            ("call 415-555-2671", "+14155552671"),
            ("+49 30 901820", "+4930901820"),
            ("me@Example.COM", "me@example.com"),
            ("邮箱zhang.san@qq.com谢谢", "zhang.san@qq.com"),
            ("Ｂｏｂ＠example.com", "Bob@example.com"),
            ("see https://example.com/a?b=1.", "https://example.com/a?b=1"),
            ("看www.example.com吧", "www.example.com"),
            ("123456789012345678", ""),
            ("2026-11-25", ""),
            ("订单12345678", ""),
            ("a@b", ""),
            ("@someone", ""),
            ("tel:+49 (0)30 901820", "+4930901820"),
            ("13812345678/13912345678", "+8613812345678 +8613912345678"),
            ("a@x.com/b@y.com", "a@x.com b@y.com"),
            ("(555) 123-4567", "+15551234567"),
            ("单号SF1381234567890", ""),
        ],
    );
    let phones = |country: &str, text: &str| -> Vec<String> {
        let found = Entities::new(&settings(Some(country))).unwrap().find(text, now());
        found.into_iter().filter(|entity| entity.kind == Kind::Phone).map(|entity| entity.normal).collect()
    };
    assert_eq!(phones("GB", "020 7946 0958"), ["+442079460958"]);
    assert_eq!(phones("US", "4155552671"), ["+14155552671"]);
    assert_eq!(phones("US", "14155552671"), ["+14155552671"]);
    assert_eq!(phones("DE", "030 901820123"), ["+4930901820123"]);
}

#[test]
fn orders_products_and_numbers() {
    use Kind::{Amount, Date, Number, OrderNumber, Product};
    for (text, meant) in [
        ("我的订单a1001到哪了", vec![(OrderNumber, "A1001")]),
        ("订单Ａ１００１呢", vec![(OrderNumber, "A1001")]),
        ("ORD-2026-0001 and ord-2026-0002", vec![(OrderNumber, "ORD-2026-0001")]),
        ("xA1001", vec![]),
        ("A1001-B", vec![]),
        ("电饭锅多少钱", vec![(Product, "电饭煲 Mini")]),
        ("two tees and AirPods Pro", vec![(Product, "T恤"), (Product, "AirPods Pro")]),
        ("a steep price", vec![]),
        ("我要3个耳机", vec![(Number, "3"), (Product, "AirPods Pro")]),
        ("两个电饭煲一共120元", vec![(Number, "2"), (Product, "电饭煲 Mini"), (Amount, "120 CNY")]),
        ("A1001明天到", vec![(OrderNumber, "A1001"), (Date, "2026-11-26")]),
        ("1,234.50 pieces", vec![(Number, "1234.5")]),
        ("", vec![]),
    ] {
        let meant: Vec<_> = meant.into_iter().map(|(kind, normal)| (kind, normal.to_owned())).collect();
        assert_eq!(find(text), meant, "{text}");
    }
}

#[test]
fn an_argument_is_found_by_its_pattern() {
    for (pattern, text, meant) in [
        (r"[A-Z]\d{3,10}", "我的订单a1001到哪了", Some("A1001")),
        (r"[A-Z]\d{3,10}", "我的订单Ａ1001到哪了", Some("A1001")),
        (r"^[A-Z]\d{3,10}$", "A1001", Some("A1001")),
        (r"[a-z]\d{3}", "A100", Some("a100")),
        (r"\d{6}", "验证码123456。", Some("123456")),
        (r"\d{6}", "12345678", None),
        (r"\d{6}", "a123456", None),
        (r"\d{6}", "123456-1", None),
        (r"(?:red|blue)", "a RED one", Some("red")),
        (r"红|蓝色", "要蓝色的", Some("蓝色")),
        (r"SF\d{12}", "单号sf123456789012,", Some("SF123456789012")),
    ] {
        let found = fits(pattern, text).unwrap();
        assert_eq!(found.as_ref().map(|entity| entity.normal.as_str()), meant, "{pattern} in {text}");
    }
    assert!(Pattern::new(r"\d{4}").unwrap().matches("1234"));
    assert!(!Pattern::new(r"\d{4}").unwrap().matches("12345"));
}

#[test]
fn settings_that_cannot_be_used_are_refused() {
    let patterns = |patterns: &[&str]| EntitySettings {
        order_patterns: patterns.iter().map(|text| (*text).to_owned()).collect(),
        ..Default::default()
    };
    let bad = |settings: &EntitySettings| Entities::new(settings).unwrap_err();
    assert!(matches!(bad(&patterns(&["A", "("])), BadSettings::Pattern(1, BadPattern::Invalid(_))));
    assert!(matches!(bad(&patterns(&["A)(B"])), BadSettings::Pattern(0, BadPattern::Invalid(_))));
    assert_eq!(bad(&patterns(&["a*"])), BadSettings::Pattern(0, BadPattern::Empty));
    assert!(matches!(bad(&patterns(&[r"(\w{500}){500}"])), BadSettings::Pattern(0, BadPattern::Invalid(_))));
    assert_eq!(bad(&patterns(&[&"a".repeat(501)])), BadSettings::Pattern(0, BadPattern::TooLong));
    assert_eq!(bad(&patterns(&["a"; 21])), BadSettings::TooMany("order patterns", 20));
    let unnamed = EntitySettings { products: vec![Product::default()], ..Default::default() };
    assert_eq!(bad(&unnamed), BadSettings::Name(0));
}
