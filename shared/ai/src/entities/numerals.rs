//! Numbers as people write them: digits, Chinese by places (`二〇二六`) and by units (`一百二十`, `三万五`), English words.

/// English number words; `a` as in `a week ago`.
const WORDS: &[(&str, u64)] = &[
    ("a", 1),
    ("an", 1),
    ("one", 1),
    ("two", 2),
    ("a couple of", 2),
    ("couple of", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("fifteen", 15),
    ("twenty", 20),
    ("thirty", 30),
    ("fifty", 50),
];

/// The number that a whole text means, in half width and lower case; none where it means none or more than 18 digits.
pub fn number(text: &str) -> Option<u64> {
    let text = text.trim();
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok();
    }
    if text.is_ascii() && !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return WORDS.iter().find(|(word, _)| *word == text).map(|(_, number)| *number);
    }
    if text.chars().any(|char| unit(char).is_some()) { by_units(text) } else { by_places(text) }
}

/// The value of a Chinese digit, or an ASCII one.
pub fn digit(char: char) -> Option<u64> {
    Some(match char {
        '零' | '〇' | '○' => 0,
        '一' | '壹' => 1,
        '二' | '两' | '贰' | '兩' | '俩' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return char.to_digit(10).map(u64::from),
    })
}

/// Whether a character may be part of a Chinese number.
pub fn is_numeral(char: char) -> bool {
    !char.is_ascii_digit() && (digit(char).is_some() || unit(char).is_some())
}

fn unit(char: char) -> Option<u64> {
    Some(match char {
        '十' | '拾' => 10,
        '百' | '佰' => 100,
        '千' | '仟' => 1_000,
        '万' | '萬' => 10_000,
        '亿' | '億' => 100_000_000,
        _ => return None,
    })
}

fn by_places(text: &str) -> Option<u64> {
    // 两三天 is two or three, not 23.
    let spelled = text.chars().filter(|char| is_numeral(*char)).count();
    if (2..4).contains(&spelled) && !text.contains(['零', '〇', '○']) {
        return None;
    }
    text.chars().try_fold(0u64, |sum, char| sum.checked_mul(10)?.checked_add(digit(char)?))
}

fn by_units(text: &str) -> Option<u64> {
    // What is finished (above 万), what of the present section is, and the digits that wait for their unit.
    let (mut total, mut section) = (0u64, 0u64);
    let mut waiting: Option<u64> = None;
    let (mut last, mut zero) = (1u64, false);
    for char in text.chars() {
        if let Some(digit) = digit(char) {
            // 五六百 is five or six hundred.
            if !char.is_ascii_digit() && waiting.is_some_and(|before| before > 0) {
                return None;
            }
            zero = waiting.is_none() && digit == 0;
            waiting = Some(waiting.unwrap_or(0).checked_mul(10)?.checked_add(digit)?);
            continue;
        }
        let unit = unit(char)?;
        if unit < 10_000 {
            section = section.checked_add(waiting.take().filter(|digit| *digit > 0).unwrap_or(1).checked_mul(unit)?)?;
        } else {
            section = section.checked_add(waiting.take().unwrap_or(0))?;
            total = total.checked_add(section)?.checked_mul(unit)?;
            section = 0;
        }
        (last, zero) = (unit, false);
    }
    // 三万五 is 35,000, 一百二 is 120; 一百零二 is 102.
    let short = !zero && last >= 100 && waiting.is_some_and(|digit| digit < 10);
    let rest = waiting.unwrap_or(0).checked_mul(if short && !text.contains(['零', '〇']) { last / 10 } else { 1 })?;
    total.checked_add(section)?.checked_add(rest)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_write_them() {
        for (text, meant) in [
            ("12", 12),
            ("二〇二六", 2026),
            ("一百二十", 120),
            ("一百二", 120),
            ("一百零二", 102),
            ("两千", 2_000),
            ("两千五", 2_500),
            ("十", 10),
            ("十一", 11),
            ("二十五", 25),
            ("三万五", 35_000),
            ("三万五千", 35_000),
            ("1万2", 12_000),
            ("3万5千", 35_000),
            ("一亿零三百", 100_000_300),
            ("十万", 100_000),
            ("壹佰贰拾", 120),
            ("two", 2),
            ("an", 1),
            ("零五", 5),
        ] {
            assert_eq!(number(text), Some(meant), "{text}");
        }
        for text in [
            "",
            "x",
            "九九九九九九九九九九九九九九九九九九九九九",
            "亿亿亿亿亿一亿亿亿",
            "两三",
            "五六百",
            "twoo",
            "个",
        ] {
            assert!(number(text).is_none_or(|number| number == 0), "{text}: {:?}", number(text));
        }
    }
}
