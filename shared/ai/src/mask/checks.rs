//! What is personal: where it stands, and whether its check digits fit.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::MaskKind;
use crate::entities::personal::{Found, Text, stands_alone};

/// An expression over folded text: what it is, the group that is to be hidden, and whether a value that it finds is one.
struct Rule {
    kind: MaskKind,
    expression: Regex,
    check: Check,
}

type Check = fn(&str) -> bool;

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let rules: [(MaskKind, &str, Check); 14] = [
        // As people write them at home, of whatever country: a zero, the area, the rest.
        (MaskKind::Phone, r"(\(?0[1-9][0-9]{1,4}\)?[ -][0-9]{3,4}[ -]?[0-9]{3,6})", always),
        (MaskKind::Card, r"([2-6][0-9]{3}(?:[ .-]?[0-9]{4}){2}(?:[ .-]?[0-9]{1,7}){1,2})", is_card),
        (MaskKind::Card, r"(3[046-9][0-9]{2}[ .-]?[0-9]{6}[ .-]?[0-9]{4,5})", is_card),
        (MaskKind::IdNumber, "([1-9][0-9]{5} ?(?:19|20)[0-9]{6} ?[0-9]{3}[0-9x])", is_id_number),
        (MaskKind::IdNumber, "([0-9]{3}-[0-9]{2}-[0-9]{4})", is_social_security),
        (MaskKind::Iban, "([a-z]{2}[0-9]{2}(?: ?[a-z0-9]{4}){2,7}(?: ?[a-z0-9]{1,3})?)", is_iban),
        (
            MaskKind::BankAccount,
            r"(?:卡号|帐号|账号|账户|帐户|银行卡|account (?:number|no\.?)|account|acct\.?|card number)[^0-9a-z\[\]\n]{0,6}(?:is |为|是)?\s?([0-9](?:[ -]?[0-9]){7,24})",
            always,
        ),
        (MaskKind::BankAccount, r"(?:sort code)[^0-9a-z\[\]\n]{0,4}(?:is )?([0-9]{2}-[0-9]{2}-[0-9]{2})", always),
        (
            MaskKind::Passport,
            r"(?:护照|passport)(?:号码?|证号| number| no\.?)?[^0-9a-z\[\]\n]{0,4}(?:is |为|是)?\s?([a-z]{0,2}[0-9]{6,9})",
            always,
        ),
        (MaskKind::Ip, r"([0-9]{1,3}(?:\.[0-9]{1,3}){3})", is_ip),
        (MaskKind::Ip, "((?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4})", is_ip),
        (
            MaskKind::Address,
            r"((?:[\p{Han}&&[^到在是住址往给我请寄送改为]]{2,8}(?:省|自治区))?(?:[\p{Han}&&[^到在是住址往给我请寄送改为]]{2,8}(?:市|自治州))?(?:[\p{Han}&&[^到在是住址往给我请寄送改为]]{1,8}[区县镇乡])?[[\p{Han}&&[^到在是住址往给我请寄送改为]]0-9]{1,12}(?:路|街道?|大道|巷|弄|胡同|村)\s?[0-9零一二三四五六七八九十百-]{1,8}\s?(?:号|弄|幢|栋|座)(?:院|楼)?(?:[\p{Han}a-z]{0,12}?\s?[0-9a-z零一二三四五六七八九十-]{1,8}\s?(?:号楼|号|栋|幢|座|单元|室|楼|层|户)){0,5}[0-9a-z-]{0,8})",
            always,
        ),
        (
            MaskKind::Address,
            r"([\p{Han}&&[^到在是住址往给我请寄送改为]]{2,8}(?:省|市|区|县)[\p{Han}]{1,20}?(?:小区|花园|公寓|大厦|广场|家园|苑|村)(?:[\p{Han}]{0,4}?\s?[0-9a-z零一二三四五六七八九十-]{1,8}\s?(?:号楼|号|栋|幢|座|单元|室|楼|层|户)){1,5}[0-9a-z-]{0,8})",
            always,
        ),
        (
            MaskKind::Address,
            r"([0-9]{1,6}[a-z]? (?:[a-z.']{1,20} ){1,4}(?:street|st|avenue|ave|road|rd|lane|ln|drive|boulevard|blvd|parkway|pkwy|highway|crescent|court|square|terrace)\.?(?:,? (?:apt|apartment|suite|unit|flat)\.? ?#?[0-9a-z]{1,6})?)(?:$|[,.;!?)\n]|\s(?:in|please|near|thanks|and|is)(?-u:\b))",
            always,
        ),
    ];
    let compile =
        |(kind, text, check): (MaskKind, &str, Check)| Some(Rule { kind, expression: Regex::new(text).ok()?, check });
    rules.into_iter().filter_map(compile).collect()
});

/// The bytes of a text that are of a kind.
pub fn find(kind: MaskKind, text: &Text) -> Vec<Range<usize>> {
    let mut found = match kind {
        MaskKind::Email => text.found(Found::Email),
        MaskKind::Phone => text.found(Found::Phone),
        _ => vec![],
    };
    found.extend(RULES.iter().filter(|rule| rule.kind == kind).flat_map(|rule| matches(rule, text)));
    found
}

fn matches(rule: &Rule, text: &Text) -> Vec<Range<usize>> {
    let folded = text.folded();
    let found = rule.expression.captures_iter(folded).filter_map(|captures| captures.get(1));
    found.filter_map(|part| longest(rule, folded, part.range())).map(|bytes| text.typed(bytes)).collect()
}

/// The longest that fits, without words at its end: `GB82 WEST 1234 5698 7654 32 thank you`.
fn longest(rule: &Rule, folded: &str, mut bytes: Range<usize>) -> Option<Range<usize>> {
    loop {
        let part = folded.get(bytes.clone())?;
        // An address goes on in letters that are no part of it; its beginning must be one.
        let tail = if rule.kind == MaskKind::Address { bytes.start..folded.len() } else { bytes.clone() };
        if stands_alone(folded, &tail) && (rule.check)(part) {
            return Some(bytes);
        }
        bytes.end = bytes.start + part.rfind(' ')?;
    }
}

fn always(_: &str) -> bool {
    true
}

fn digits(text: &str) -> Vec<u32> {
    text.chars().filter_map(|char| char.to_digit(10)).collect()
}

/// ISO 7812: Luhn, and as many digits as the scheme that its first digits name gives to its cards.
fn is_card(text: &str) -> bool {
    let digits = digits(text);
    let first = digits.iter().take(4).fold(0, |sum, digit| sum * 10 + digit);
    let scheme = matches!(
        (first, digits.len()),
        (4000..=4999, 16 | 19)
            | (5100..=5599 | 2221..=2720, 16)
            | (3400..=3499 | 3700..=3799, 15)
            | (3000..=3099 | 3600..=3699 | 3800..=3999, 14 | 16..=19)
            | (3500..=3599 | 5000..=5099 | 5600..=6999, 16..=19)
    );
    let luhn = |(at, digit): (usize, &u32)| match at % 2 {
        0 => *digit,
        _ if *digit > 4 => digit * 2 - 9,
        _ => digit * 2,
    };
    scheme && digits.iter().rev().enumerate().map(luhn).sum::<u32>() % 10 == 0
}

/// GB 11643: a birthday, and a check digit by ISO 7064 MOD 11-2.
fn is_id_number(text: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: [char; 11] = ['1', '0', 'x', '9', '8', '7', '6', '5', '4', '3', '2'];
    let plain: Vec<char> = text.chars().filter(|char| *char != ' ').collect();
    let digits: Vec<u32> = plain.iter().take(17).filter_map(|char| char.to_digit(10)).collect();
    let [.., m1, m2, d1, d2, _, _, _] = digits[..] else { return false };
    let (month, day) = (m1 * 10 + m2, d1 * 10 + d2);
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    plain.len() == 18
        && digits.len() == 17
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && CHECKS.get((sum % 11) as usize) == plain.last()
}

/// A US social security number: no area, group or serial is all zeros, and no area is 666 or above 899 (SSA).
fn is_social_security(text: &str) -> bool {
    let (area, rest) = text.split_at_checked(3).unwrap_or_default();
    !matches!(area, "000" | "666") && !area.starts_with('9') && !rest.starts_with("-00-") && !text.ends_with("-0000")
}

/// ISO 13616: the first four characters behind the rest, letters as numbers, are 1 modulo 97.
fn is_iban(text: &str) -> bool {
    let plain: Vec<char> = text.chars().filter(|char| *char != ' ').collect();
    let Some((head, rest)) = plain.split_at_checked(4).filter(|_| (15..=34).contains(&plain.len())) else {
        return false;
    };
    let number = |sum: u32, char: &char| {
        let value = char.to_digit(36).unwrap_or(0);
        (sum * if value > 9 { 100 } else { 10 } + value) % 97
    };
    rest.iter().chain(head).fold(0, number) == 1
}

/// An address of a machine, not a version, not a time of day.
fn is_ip(text: &str) -> bool {
    let address: Option<std::net::IpAddr> = text.parse().ok();
    match address {
        Some(std::net::IpAddr::V4(address)) => address.octets()[0] > 0,
        Some(std::net::IpAddr::V6(_)) => text.len() > 4 && text.contains(|char: char| char.is_ascii_hexdigit()),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_rules_compile() {
        assert_eq!(RULES.len(), 14);
    }

    #[test]
    fn check_digits_are_checked() {
        assert!(is_card("4111 1111 1111 1111") && is_card("378282246310005") && !is_card("4111 1111 1111 1112"));
        assert!(is_id_number("11010519491231002x") && !is_id_number("110105194912310021"));
        assert!(is_id_number("440524188001010014") && !is_id_number("440524188013010014"));
        assert!(is_iban("gb82 west 1234 5698 7654 32") && is_iban("de89370400440532013000"));
        assert!(!is_iban("gb82 west 1234 5698 7654 33"));
        assert!(is_ip("192.168.1.10") && is_ip("2001:db8::1") && !is_ip("1.2.3.400") && !is_ip("12:30"));
    }
}
