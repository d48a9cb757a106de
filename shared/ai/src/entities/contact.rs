//! Where people can be reached: e-mail addresses, phone numbers, web addresses.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    Country, Entity, Kind,
    folded::{Folded, before, is_word, stands_alone},
};

/// Digits of a whole number, with the country's: E.164 says 15, and no country has fewer than 7.
const E164_DIGITS: Range<usize> = 8..16;

struct Rules {
    email: Regex,
    url: Regex,
    phones: Vec<(Regex, Shape)>,
}

/// How a phone number was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Mobile,
    Landline,
    Service,
    International,
    American,
    National,
}

static RULES: LazyLock<Option<Rules>> = LazyLock::new(|| {
    let phones = [
        (
            r"(?:\(?(?:\+|00)?86\)?[- ]?)?1[3-9][0-9](?:[- ]?[0-9]{4}[- ]?[0-9]{4}|[- ]?[0-9]{3}[- ]?[0-9]{5})",
            Shape::Mobile,
        ),
        (
            r"(?:(?:\+|00)86[- ]?\(?0?|\(?0)(?:10|2[0-9]|[3-9][0-9]{2})\)?[- ]?[2-8][0-9]{2,3}[- ]?[0-9]{4}",
            Shape::Landline,
        ),
        (r"[48]00[- ]?(?:[0-9]{3}[- ]?[0-9]{4}|[0-9]{4}[- ]?[0-9]{3})", Shape::Service),
        (r"(?:\+|00)[1-9](?:[ .()-]{0,2}[0-9]){7,14}", Shape::International),
        (r"(?:1[-. ])?(?:\([2-9][0-9]{2}\) ?|[2-9][0-9]{2}[-. ])[1-9][0-9]{2}[-. ][0-9]{4}", Shape::American),
        (r"\(?0[1-9](?:[ ()-]{0,2}[0-9]){7,10}", Shape::National),
        (r"[1-9](?:[ -]?[0-9]){7,10}", Shape::National),
    ];
    Some(Rules {
        email: Regex::new(
            r"[a-z0-9](?:[a-z0-9._%+'-]{0,62}[a-z0-9_+-])?@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,6}[a-z]{2,24}",
        )
        .ok()?,
        url: Regex::new(
            r"(?:https?://|www\.)[a-z0-9][a-z0-9.-]{0,250}(?::[0-9]{1,5})?(?:[/?#][a-z0-9._~:/?#@!$&'()*+,;=%\[\]-]{0,1500})?",
        )
        .ok()?,
        phones: phones.into_iter().filter_map(|(text, shape)| Some((Regex::new(text).ok()?, shape))).collect(),
    })
});

/// All of them; overlaps and all.
pub fn find(folded: &Folded, country: Country) -> Vec<Entity> {
    let Some(rules) = &*RULES else { return vec![] };
    let mut found = phones(rules, folded, country);
    let text = folded.text.as_str();
    for bytes in rules.email.find_iter(text).map(|found| found.range()) {
        if !before(text, bytes.start).is_some_and(|char| is_word(char) || ".@".contains(char)) {
            found.push(entity(folded, Kind::Email, bytes, email));
        }
    }
    for bytes in rules.url.find_iter(text).map(|found| found.range()) {
        let end = bytes.start + trimmed(text.get(bytes.clone()).unwrap_or_default()).len();
        if !before(text, bytes.start).is_some_and(is_word) {
            found.push(entity(folded, Kind::Url, bytes.start..end, |value| value));
        }
    }
    found
}

fn phones(rules: &Rules, folded: &Folded, country: Country) -> Vec<Entity> {
    let text = folded.text.as_str();
    let mut found = Vec::new();
    for (expression, shape) in &rules.phones {
        for bytes in expression.find_iter(text).map(|found| found.range()) {
            let Some(value) = text.get(bytes.clone()) else { continue };
            if stands_alone(text, &bytes)
                && let Some(normal) = e164(value, *shape, country)
            {
                found.push(entity(folded, Kind::Phone, bytes, |_| normal));
            }
        }
    }
    found
}

fn entity(folded: &Folded, kind: Kind, bytes: Range<usize>, normal: impl FnOnce(String) -> String) -> Entity {
    let chars = folded.chars(bytes);
    let value = folded.typed(chars.clone());
    let narrow = crate::text::narrow(&value).into_iter().collect();
    Entity { kind, start: chars.start, end: chars.end, normal: normal(narrow), value }
}

/// The name as typed (it may matter), the domain in lower case (it may not).
fn email(value: String) -> String {
    match value.rsplit_once('@') {
        Some((name, domain)) => format!("{name}@{}", domain.to_lowercase()),
        None => value,
    }
}

/// An address without the signs that end the sentence around it.
fn trimmed(url: &str) -> &str {
    let end = url.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'']);
    if end.ends_with(')') && !end.contains('(') { end.trim_end_matches(')') } else { end }
}

/// The number as the whole world dials it; a service number, which it cannot dial, in digits.
fn e164(value: &str, shape: Shape, country: Country) -> Option<String> {
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    let whole = |digits: String| E164_DIGITS.contains(&digits.len()).then(|| format!("+{digits}"));
    let american = country.is("US") || country.is("CA");
    match shape {
        Shape::Mobile if american && digits.len() == 11 => None,
        Shape::Mobile => whole(format!("86{}", digits.get(digits.len().checked_sub(11)?..)?)),
        Shape::Landline => {
            let local = digits.trim_start_matches("00");
            let local =
                if value.contains('+') || digits.starts_with("00") { local.trim_start_matches("86") } else { local };
            let written = value.contains(['-', ' ', ')', '+']) || country.is("CN");
            (written && (country.is("CN") || value.contains("86")))
                .then(|| whole(format!("86{}", local.trim_start_matches('0'))))?
        }
        Shape::Service => (country.is("CN") && digits.len() == 10).then_some(digits),
        Shape::International => {
            let digits = if value.starts_with('+') { digits.as_str() } else { digits.get(2..)? };
            // The national zero that some write behind the country's code: +44 (0)20 …
            let digits = if value.contains("(0)") { digits.replacen('0', "", 1) } else { digits.to_owned() };
            whole(digits)
        }
        Shape::American => {
            let digits = digits.strip_prefix('1').filter(|rest| rest.len() == 10).unwrap_or(&digits);
            whole(format!("1{digits}"))
        }
        Shape::National => national(&digits, country).and_then(whole),
    }
}

/// What a country's own way of writing a number means to the world.
fn national(digits: &str, country: Country) -> Option<String> {
    // The code, and whether a zero is dialled before the number at home.
    const CODES: &[(&str, &str, bool)] = &[
        ("US", "1", false),
        ("CA", "1", false),
        ("GB", "44", true),
        ("DE", "49", true),
        ("FR", "33", true),
        ("NL", "31", true),
        ("IT", "39", false),
        ("ES", "34", false),
        ("AU", "61", true),
        ("NZ", "64", true),
        ("JP", "81", true),
        ("KR", "82", true),
        ("TW", "886", true),
        ("HK", "852", false),
        ("SG", "65", false),
        ("IN", "91", false),
        ("MY", "60", true),
        ("TH", "66", true),
        ("IE", "353", true),
        ("ZA", "27", true),
    ];
    let (_, code, zero) = CODES.iter().find(|(name, ..)| country.is(name))?;
    let digits = digits.strip_prefix('1').filter(|rest| *code == "1" && rest.len() == 10).unwrap_or(digits);
    match (*zero, digits.strip_prefix('0')) {
        (true, Some(rest)) if !rest.starts_with('0') => Some(format!("{code}{rest}")),
        (false, None) if matches!(*code, "1" | "91") == (digits.len() == 10) => Some(format!("{code}{digits}")),
        _ => None,
    }
}
