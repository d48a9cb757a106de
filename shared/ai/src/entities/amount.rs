//! Amounts of money, and plain numbers.

use std::{ops::Range, sync::LazyLock};

use regex::{Captures, Regex};

use super::{
    Country, Entity, Kind,
    folded::{Folded, after, before, is_word, stands_alone},
    numerals::{digit, is_numeral, number},
};

macro_rules! digits {
    () => {
        r"([0-9]{1,3}(?:,[0-9]{3}){1,4}(?:\.[0-9]{1,2})?|[0-9]{1,3}(?:\.[0-9]{3}){1,4},[0-9]{2}|[0-9]{1,7},[0-9]{2}|[0-9]{1,15}(?:\.[0-9]{1,4})?)"
    };
}

macro_rules! times {
    () => {
        r"(?:\s?(k|m|w|thousand|million|十万|百万|千万|[百千万亿萬億]))?"
    };
}

/// Most digits that an amount may have before its point; beyond it is no amount.
const DIGITS: usize = 18;

struct Rules {
    before: Regex,
    behind: Regex,
    chinese: Regex,
    number: Regex,
    counted: Regex,
}

static RULES: LazyLock<Option<Rules>> = LazyLock::new(|| {
    Some(Rules {
        before: Regex::new(concat!(
            r"(us\$|hk\$|a\$|c\$|[$¥￥€£￡]|rmb|usd|cny|eur|gbp|jpy|hkd|人民币)\s?",
            digits!(),
            times!()
        ))
        .ok()?,
        behind: Regex::new(concat!(
            digits!(),
            times!(),
            r"\s?(美元|美金|美刀|欧元|英镑|日元|日圆|港币|港元|人民币|元|圆|块|us dollars?|dollars?|bucks?|usd|euros?|eur|pounds?|gbp|quid|rmb|cny|yuan|jpy|yen|hkd|cents?|[$¥￥€£￡])(?:(钱)|([0-9])([毛角]|$)?)?"
        ))
        .ok()?,
        chinese: Regex::new(
            "([零〇一二两三四五六七八九十百千万亿半壹贰叁肆伍陆柒捌玖拾佰仟]{1,16})(美元|美金|欧元|英镑|日元|港币|港元|元|圆|块)(?:(钱)|([一二三四五六七八九])([毛角])?)?",
        )
        .ok()?,
        number: Regex::new(r"[0-9]{1,3}(?:,[0-9]{3}){1,4}(?:\.[0-9]{1,6})?|[0-9]{1,18}(?:\.[0-9]{1,6})?").ok()?,
        counted: Regex::new(
            "([零〇一二两三四五六七八九十百千万]{1,10})([个件台本双条只盒箱份张套瓶包次部把支袋斤公克米位人])",
        )
        .ok()?,
    })
});

/// All of them; overlaps and all.
pub fn find(folded: &Folded, country: Country) -> Vec<Entity> {
    let Some(rules) = &*RULES else { return vec![] };
    let text = folded.text.as_str();
    let mut found = Vec::new();
    for captures in rules.before.captures_iter(text) {
        let get = |group| captures.get(group).map(|part| part.as_str());
        let value = decimal(get(2).unwrap_or_default()).and_then(|value| value.times(get(3)));
        push(&mut found, folded, &captures, value.zip(currency(get(1).unwrap_or_default(), country)));
    }
    for captures in rules.behind.captures_iter(text).chain(rules.chinese.captures_iter(text)) {
        push(&mut found, folded, &captures, behind(text, &captures, country));
    }
    numbers(rules, folded, &mut found);
    found
}

fn push(found: &mut Vec<Entity>, folded: &Folded, captures: &Captures, amount: Option<(Decimal, &str)>) {
    let Some(bytes) = captures.get(0).map(|all| all.range()) else { return };
    let text = folded.text.as_str();
    let first = after(text, bytes.start);
    let numeral = first.is_some_and(is_numeral) && before(text, bytes.start).is_some_and(is_numeral);
    if let Some((value, currency)) = amount
        && edges(text, &bytes)
        && !numeral
    {
        found.push(entity(folded, Kind::Amount, bytes, format!("{value} {currency}")));
    }
}

/// Whether no letter or digit touches the letters and digits at the ends.
fn edges(text: &str, bytes: &Range<usize>) -> bool {
    let both = |inner: Option<char>, outer: Option<char>| inner.is_some_and(is_word) && outer.is_some_and(is_word);
    let left = before(text, bytes.start);
    let first = after(text, bytes.start);
    let part = first.is_some_and(|char| char.is_ascii_digit()) && left.is_some_and(|char| matches!(char, '.' | ','));
    !(part || both(first, left) || both(before(text, bytes.end), after(text, bytes.end)))
}

/// An amount whose currency stands behind it.
fn behind<'a>(text: &str, captures: &Captures<'a>, country: Country) -> Option<(Decimal, &'a str)> {
    let get = |group| captures.get(group).map(|part| part.as_str());
    let digits = get(1)?;
    // The expression for Chinese numbers has no group for units: they are in the number.
    let chinese = digits.chars().next().is_some_and(|char| is_numeral(char) || char == '半');
    let (unit, money, tenths, tenth_unit) =
        if chinese { (None, get(2)?, get(4), get(5)) } else { (get(2), get(3)?, get(5), get(6)) };
    let explicit = get(if chinese { 3 } else { 4 }).is_some() || tenth_unit.is_some() || tenths.is_some();
    if money == "块" && !explicit && !ends_amount(text, captures.get(0)?.end()) {
        return None;
    }
    if chinese && digits == "一" && money == "块" && !explicit {
        return None;
    }
    let mut value = if digits == "半" {
        Decimal { digits: 5, scale: 1 }
    } else if chinese {
        Decimal { digits: u128::from(number(digits)?), scale: 0 }
    } else {
        decimal(digits)?.times(unit)?
    };
    if let Some(tenths) = tenths.and_then(|text| text.chars().next()).and_then(digit) {
        value = value.add_tenths(tenths)?;
    }
    if money.starts_with("cent") {
        value.scale += 2;
    }
    Some((value, currency(money, country)?))
}

/// Whether what follows `三块` lets it be money: the end, a sign, a word that speaks of money; not the thing of which
/// there are three.
fn ends_amount(text: &str, byte: usize) -> bool {
    after(text, byte).is_none_or(|char| {
        !crate::text::is_han(char) || "的多吗吧了呢左右以优运都就是到至够太贵便退券还不啊一和".contains(char)
    })
}

fn currency(word: &str, country: Country) -> Option<&'static str> {
    const DOLLARS: &[(&str, &str)] =
        &[("CA", "CAD"), ("AU", "AUD"), ("NZ", "NZD"), ("HK", "HKD"), ("SG", "SGD"), ("TW", "TWD")];
    Some(match word {
        "¥" | "￥" if country.is("JP") => "JPY",
        "¥" | "￥" | "元" | "圆" | "块" | "rmb" | "cny" | "yuan" | "人民币" => "CNY",
        "€" | "eur" | "euro" | "euros" | "欧元" => "EUR",
        "£" | "￡" | "gbp" | "pound" | "pounds" | "quid" | "英镑" => "GBP",
        "日元" | "日圆" | "jpy" | "yen" => "JPY",
        "港币" | "港元" | "hkd" | "hk$" => "HKD",
        "a$" => "AUD",
        "c$" => "CAD",
        "$" | "dollar" | "dollars" | "buck" | "bucks" | "cent" | "cents" => {
            DOLLARS.iter().find(|(name, _)| country.is(name)).map_or("USD", |(_, code)| code)
        }
        "us$" | "usd" | "us dollar" | "us dollars" | "美元" | "美金" | "美刀" => "USD",
        _ => return None,
    })
}

/// A decimal number, exactly.
#[derive(Debug, Clone, Copy)]
struct Decimal {
    digits: u128,
    /// How many of the digits are behind the point.
    scale: u32,
}

impl Decimal {
    fn times(self, unit: Option<&str>) -> Option<Self> {
        let factor = match unit.unwrap_or_default() {
            "百" => 100,
            "k" | "千" | "thousand" => 1_000,
            "w" | "万" | "萬" => 10_000,
            "十万" => 100_000,
            "m" | "百万" | "million" => 1_000_000,
            "千万" => 10_000_000,
            "亿" | "億" => 100_000_000,
            _ => 1,
        };
        Some(Self { digits: self.digits.checked_mul(factor)?, ..self })
    }

    fn add_tenths(self, tenths: u64) -> Option<Self> {
        (self.scale == 0).then_some(Self { digits: self.digits.checked_mul(10)?.checked_add(tenths.into())?, scale: 1 })
    }
}

impl std::fmt::Display for Decimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (mut digits, mut scale) = (self.digits, self.scale);
        while scale > 0 && digits % 10 == 0 {
            (digits, scale) = (digits / 10, scale - 1);
        }
        let Some(one) = 10u128.checked_pow(scale).filter(|_| scale > 0) else { return write!(f, "{digits}") };
        write!(f, "{}.{:0width$}", digits / one, digits % one, width = scale as usize)
    }
}

/// `1,299.00`, `1.299,00`, `1299`.
fn decimal(text: &str) -> Option<Decimal> {
    let point = text.find('.');
    let european =
        text.rfind(',').is_some_and(|comma| text.len() - comma == 3 || point.is_some_and(|point| point < comma));
    let (thousands, point) = if european { ('.', ',') } else { (',', '.') };
    let plain: String = text.chars().filter(|char| *char != thousands).collect();
    let (whole, part) = plain.split_once(point).unwrap_or((&plain, ""));
    let part = part.trim_end_matches('0');
    if whole.trim_start_matches('0').len() > DIGITS {
        return None;
    }
    let digits = format!("{whole}{part}").parse().ok()?;
    Some(Decimal { digits, scale: u32::try_from(part.len()).ok()? })
}

fn numbers(rules: &Rules, folded: &Folded, found: &mut Vec<Entity>) {
    let text = folded.text.as_str();
    for bytes in rules.number.find_iter(text).map(|found| found.range()) {
        let value = text.get(bytes.clone()).and_then(decimal);
        if let Some(value) = value.filter(|_| stands_alone(text, &bytes)) {
            found.push(entity(folded, Kind::Number, bytes, value.to_string()));
        }
    }
    for captures in rules.counted.captures_iter(text) {
        let Some(digits) = captures.get(1) else { continue };
        // 一个 is an article more often than a number.
        let value = if digits.as_str() == "一" { None } else { number(digits.as_str()) };
        if let Some(value) = value
            .filter(|_| !before(text, digits.start()).is_some_and(|char| is_numeral(char) || "第这那".contains(char)))
        {
            found.push(entity(folded, Kind::Number, digits.range(), value.to_string()));
        }
    }
}

fn entity(folded: &Folded, kind: Kind, bytes: Range<usize>, normal: String) -> Entity {
    let chars = folded.chars(bytes);
    Entity { kind, start: chars.start, end: chars.end, value: folded.typed(chars), normal }
}
