//! What is hidden before a text leaves, what is not, and that all of it comes back.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use deskwire_ai::mask::{Hidden, Mask, MaskKind};
use proptest::prelude::*;
use serde_json::json;

fn hide(text: &str) -> String {
    let mut hidden = Hidden::default();
    let masked = Mask::default().hide(text, &mut hidden);
    assert_eq!(hidden.reveal(&masked), text);
    masked
}

#[test]
fn what_is_personal_is_hidden() {
    for (text, meant) in [
        ("我的邮箱是zhang.san@qq.com谢谢", "我的邮箱是[email_1]谢谢"),
        ("write to Bob.Smith+x@mail.example.co.uk.", "write to [email_1]."),
        ("电话13812345678", "电话[phone_1]"),
        ("电话１３８ １２３４ ５６７８。", "电话[phone_1]。"),
        ("call +44 20 7946 0958 or (415) 555-2671", "call [phone_1] or [phone_2]"),
        ("ring me on 07911 123456", "ring me on [phone_1]"),
        ("座机010-62345678转3", "座机[phone_1]转3"),
        ("card 4111 1111 1111 1111 exp 12/28", "card [card_1] exp 12/28"),
        ("卡号6222021234567890128", "卡号[card_1]"),
        ("卡号6222021234567890129", "卡号[bank_account_1]"),
        ("diners 3056 930902 5904", "diners [card_1]"),
        ("amex 378282246310005", "amex [card_1]"),
        ("5555-5555-5555-4444", "[card_1]"),
        ("4111.1111.1111.1111 is my card", "[card_1] is my card"),
        ("my SSN is 078-05-1120, ok", "my SSN is [id_number_1], ok"),
        ("part 000-05-1120 or 978-05-1120", "part 000-05-1120 or 978-05-1120"),
        ("a@b.com谢谢", "[email_1]谢谢"),
        ("身份证11010519491231002X", "身份证[id_number_1]"),
        ("我是440524188001010014的", "我是440524188001010014的"),
        ("GB82 WEST 1234 5698 7654 32 thank you", "[iban_1] thank you"),
        ("IBAN DE89370400440532013000", "IBAN [iban_1]"),
        (
            "my account number is 12345678, sort code 12-34-56",
            "my account number is [bank_account_1], sort code [bank_account_2]",
        ),
        ("护照号E12345678", "护照号[passport_1]"),
        ("passport number: 123456789", "passport number: [passport_1]"),
        ("from 192.168.1.10 and 2001:db8::1", "from [ip_1] and [ip_2]"),
        ("寄到浙江省杭州市西湖区文三路123号5栋2单元301室", "寄到[address_1]"),
        ("I live at 221b Baker Street, London", "I live at [address_1], London"),
        ("a@b.com, c@d.com, a@b.com", "[email_1], [email_2], [email_1]"),
    ] {
        assert_eq!(hide(text), meant, "{text}");
    }
}

/// Texts as a shop gets them, with nothing personal in them.
const ORDINARY: &str = "
我的订单A1001到哪了
订单号20261125103045123456
订单 202611251030451234 还没发货
我11月25日下的单，2026-11-25 15:30付的款
2026/11/25 10:30:45
这个多少钱？¥1,299.00 能便宜点吗
一共 3 件，每件 128.50 元，总价 385.5
快递单号SF1234567890123
快递单号 YT8812345678901 显示已签收
运单号 75812345678901
尺码 170/92A 有货吗
充电器 5V-2A 12W，型号 XR-2000-15
版本 10.15.7 支持吗
优惠码 SAVE20-2026 不能用
商品编号 100012043978
https://shop.example.com/item/100012043978?sku=4411
客服热线几点上班，9:00-18:00 吗
明天下午三点半到周五
我要退款，原因是 7 天无理由
这个 SKU 6901234567892 有货吗
验证码 482913
满300减50，满1000减200
16:9 的屏幕，分辨率 1920x1080
我买了 2026 款的，2025 款还卖吗
发票抬头写公司就行
大概走路 10 分钟到你们店吗
这条路怎么走，第3号门店在哪里
一号店和二号店哪个近
我等了一路，3号才发货
他们 3 楼有货吗
订单 1 号和 2 号合并发货
尾号 5678 的那个包裹
Where is my order A1001?
Order 20261125-0001 has not arrived
Order #1234567890 was placed on 25/11/2026
tracking 1Z999AA10123456784
tracking number 9400 1000 0000 0000 0000 00
It costs $1,299.00, can I pay 3 x $433?
version 1.2.3 of the app, build 20261125
my size is 10.5 and hers is 8.5
item no 4006381333931
I paid 49.99 on Nov 25th at 15:30:20
coupon BLACKFRIDAY2026 does not work
the 2 pm slot between 14:00 and 16:00
model WH-1000XM5, serial number unknown
I bought 2 of the 3 in 2024 and 2025
ISBN 978-3-16-148410-0
the score was 3:2:1
my account was locked in 2025, invoice 20250001
ETA 3-5 business days
open 24/7, 365 days
it is 12 inches by 15.5 inches
order ORD-2026-0001 and ORD-2026-0002
error code 0x80070057 at step 12
resolution 3840x2160 at 60 Hz
I need 100 units of SKU-88-1204-77
reference 7700-1234-88
the price went from 1299 to 1499 to 1699
5 good street style shirts
2 new black court shoes
";

#[test]
fn ordinary_texts_are_left_alone() {
    let texts: Vec<_> = ORDINARY.lines().filter(|line| !line.is_empty()).collect();
    let wrong: Vec<_> = texts.iter().filter(|text| hide(text) != ***text).map(|text| hide(text)).collect();
    println!("false masks: {} of {} texts", wrong.len(), texts.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn order_numbers_are_seldom_taken_for_something_else() {
    // Numerical Recipes' generator: the same numbers every time.
    let mut state = 1u64;
    let mut next = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let (mask, mut wrong) = (Mask::default(), [0u32; 4]);
    for _ in 0..2_000 {
        let stamp = format!("2026{:02}{:02}{:02}{:02}", 1 + next(12), 1 + next(28), next(24), next(60));
        let orders = [
            format!("{stamp}{:06}", next(1_000_000)),
            format!("{stamp}{:04}", next(10_000)),
            format!("{:06}{:06}", 100_000 + next(900_000), next(1_000_000)),
            format!("{}{:09}{:09}", 1 + next(9), next(1_000_000_000), next(1_000_000_000)),
        ];
        for (count, order) in wrong.iter_mut().zip(&orders) {
            *count += u32::from(mask.hide(&format!("订单{order}到哪了"), &mut Hidden::default()).contains('['));
        }
    }
    let [eighteen, sixteen, twelve, nineteen] = wrong;
    println!("of 2,000: 18 digits with a date {eighteen}, 16 {sixteen}, 12 any {twelve}, 19 any {nineteen}");
    assert!(eighteen < 20 && sixteen < 20 && twelve < 20);
    // One in ten has the check digit of a card; half of them the first digits of a scheme.
    assert!(nineteen < 160);
}

#[test]
fn a_conversation_has_one_placeholder_for_a_value() {
    let (mask, mut hidden) = (Mask::default(), Hidden::default());
    assert!(hidden.is_empty());
    assert_eq!(mask.hide("我是a@b.com", &mut hidden), "我是[email_1]");
    assert_eq!(mask.hide("13812345678 / c@d.com / a@b.com", &mut hidden), "[phone_1] / [email_2] / [email_1]");
    assert_eq!(hidden.reveal("To [email_1], not [EMAIL_2] or [email_3]"), "To a@b.com, not c@d.com or [email_3]");
    let mut args = json!({"[email_1]": "[email_1]", "list": [{"phone": "[phone_1]"}, 1, null, true]});
    hidden.reveal_value(&mut args);
    assert_eq!(args, json!({"[email_1]": "a@b.com", "list": [{"phone": "13812345678"}, 1, null, true]}));
}

#[test]
fn what_was_hidden_once_is_hidden_where_no_word_says_what_it_is() {
    let (mask, mut hidden) = (Mask::default(), Hidden::default());
    assert_eq!(mask.hide("my account number is 12345678", &mut hidden), "my account number is [bank_account_1]");
    assert_eq!(mask.hide("12345678, not X12345678", &mut hidden), "[bank_account_1], not X12345678");
    assert_eq!(mask.hide("87654321", &mut hidden), "87654321");
}

#[test]
fn what_looks_like_a_placeholder_stays_what_it_is() {
    let (mask, mut hidden) = (Mask::default(), Hidden::default());
    let first = mask.hide("what is [email_1] and [Phone_1]? [text_1]", &mut hidden);
    let second = mask.hide("a@b.com 13812345678", &mut hidden);
    assert_eq!(first, "what is [text_1] and [text_2]? [text_3]");
    assert_eq!(second, "[email_1] [phone_1]");
    assert_eq!(hidden.reveal(&first), "what is [email_1] and [Phone_1]? [text_1]");
}

#[test]
fn only_the_chosen_kinds_are_hidden() {
    let text = "a@b.com 13812345678";
    let mut hidden = Hidden::default();
    assert_eq!(Mask::new(&[MaskKind::Phone]).hide(text, &mut hidden), "a@b.com [phone_1]");
    assert_eq!(Mask::new(&[]).hide(text, &mut hidden), text);
    for kind in MaskKind::ALL {
        assert_eq!(serde_json::to_value(kind).unwrap(), json!(kind.as_str()));
    }
}

fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "a@b.com",
            "A@B.com",
            "13812345678",
            "１３８１２３４５６７８",
            "[email_1]",
            "[EMAIL_1]",
            "[text_1]",
            "[",
            "]",
            "_1]",
            "[phone_",
            "4111 1111 1111 1111",
            "11010519491231002X",
            "DE89370400440532013000",
            "192.168.1.10",
            "文三路123号5栋",
            "😀",
            " ",
            "，",
            "卡号",
            "İ",
            "İ@b.com",
            "1",
            "护照E12345678",
        ])
        .prop_map(str::to_owned),
        any::<String>(),
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..10).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn all_comes_back(texts in prop::collection::vec(pieces(), 1..4)) {
        let (mask, mut hidden) = (Mask::default(), Hidden::default());
        let masked: Vec<_> = texts.iter().map(|text| mask.hide(text, &mut hidden)).collect();
        for (text, masked) in texts.iter().zip(&masked) {
            prop_assert_eq!(&hidden.reveal(masked), text);
        }
    }

    #[test]
    fn a_value_between_chinese_is_hidden(before in "[\u{4e00}-\u{4e20}]{0,5}", after in "[，。！ ]{1}[\u{4e00}-\u{4e20}]{0,5}") {
        for value in ["a@b.com", "13812345678", "4111111111111111", "11010519491231002X"] {
            let text = format!("{before}{value}{after}");
            prop_assert!(!Mask::default().hide(&text, &mut Hidden::default()).contains(value), "{}", text);
        }
    }
}

#[test]
fn a_long_text_takes_no_more_than_its_length() {
    let seconds = |text: &str| {
        let run = |_| {
            let start = std::time::Instant::now();
            std::hint::black_box(Mask::default().hide(text, &mut Hidden::default()));
            start.elapsed().as_secs_f64()
        };
        (0..3).map(run).fold(f64::INFINITY, f64::min)
    };
    println!("a sentence: {:.1} µs", seconds("my phone is 13812345678, where is order A1001?") * 1e6);
    println!("一句话: {:.1} µs", seconds("我的电话是13812345678，订单A1001到哪了") * 1e6);
    for unit in
        ["a@b.com ", "1", "41", "ab12 ", "[email_1]", "路", "卡号", "12:", "文三路1号", "[", "a ", "1 a ", "1.2."]
    {
        let text = |chars: usize| unit.chars().cycle().take(chars).collect::<String>();
        let (small, large) = (seconds(&text(50_000)), seconds(&text(500_000)));
        println!("{unit:?}: {:.1} ms, {:.1} ms", small * 1e3, large * 1e3);
        assert!(large < 50.0 * small.max(0.001), "{unit:?}: {small} s for 50,000, {large} s for 500,000");
    }
}
