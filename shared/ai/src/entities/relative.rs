//! Dates as seen from now: `tomorrow`, `下周三`, `in 3 days`, `两周后`, `月底`.
//!
//! Weeks begin on Monday. `下周三` and `next Wednesday` are next week's, `上周三` last week's; `last Wednesday` is the
//! latest before today, a bare `周三` or `Wednesday` the first from today on.

use jiff::{
    Span, ToSpan,
    civil::{Date, Weekday},
};

use super::{
    dates::{part_of_month, whole_month},
    numerals::{is_numeral, number},
    temporal::{Groups, Rule, Scene, When},
};

macro_rules! count {
    () => {
        "([0-9]{1,4}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|(?:a )?couple of)"
    };
}

macro_rules! unit {
    () => {
        r"(minute|min|hour|hr|day|week|month|year)s?"
    };
}

macro_rules! zh {
    () => {
        "([0-9]{1,4}|[零〇一二两三四五六七八九十百半]{1,4})"
    };
}

macro_rules! weekday {
    () => {
        "(mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
    };
}

pub const RULES: &[Rule] = &[
    ("大前天|前天|前日|昨[天日晚夜]|今[天日晚早儿]|当天|明[天日晚早儿]|大后天|后天|后日", chinese_day),
    (
        "the day after tomorrow|day after tomorrow|the day before yesterday|day before yesterday|today|tonight|tomorrow|tmrw?|yesterday|last night",
        english_day,
    ),
    ("(上上个?|下下个?|上个?|下个?|这个?|本)?(?:周|週|星期|礼拜)([一二三四五六日天末])", chinese_weekday),
    ("(上上个?|下下个?|上个?|下个?|这个?|本)(?:周|週|星期|礼拜)", chinese_week),
    ("(上上个?|下下个?|上个?|下个?|这个?|本)月(底|初|中旬)?", chinese_month),
    ("()(月底|月初)", end_of_month),
    ("(今年|明年|去年|前年|后年|本年)(?:年)?(底|初)?", chinese_year),
    (concat!(zh!(), "个?(分钟|小时|钟头|天|日|周|星期|礼拜|月|年)(?:以|之)?(前|后|後|内|里)"), chinese_away),
    (concat!(zh!(), "(?:个半|年半)(小时|钟头|)(?:以|之)?(前|后|後)"), chinese_half_more),
    (concat!("(?:最近|过去|近)(?:的)?", zh!(), "个?()(天|周|星期|礼拜|月|年)"), chinese_past),
    (concat!("in (?:the next )?", count!(), " ", unit!(), "(?: time|' time)?"), english_ahead),
    (concat!(count!(), " ", unit!(), " (ago|from now|from today|later)"), english_away),
    (concat!("(?:with)?in the (last|past|next) ", count!(), " ", unit!()), english_span),
    (concat!("(?:the )?(last|past|next) ", count!(), " ", unit!()), english_span),
    (concat!("(within) ", count!(), " ", unit!()), english_span),
    (concat!(weekday!(), " (next|this|last) week"), english_weekday_of),
    (concat!("(?:(next|last|this|coming|past) )?", weekday!(), r"(?-u:\b)"), english_weekday),
    ("(?:(next|last|this|the) )?(weekend|week|month|year)", english_whole),
    ("(?:the )?(end|beginning|start) of (?:the|this|next|last) (month|year)", english_end),
];

fn from_today(days: i64, scene: &Scene) -> Option<Date> {
    scene.now.date().checked_add(Span::new().try_days(days).ok()?).ok()
}

fn chinese_day(found: &Groups, scene: &Scene) -> Option<When> {
    let word = found.get(0)?;
    // 三天后天…: the day belongs to what is before it.
    if word.starts_with('后') && found.before().is_some_and(|char| "天以之年月周个".contains(char)) {
        return None;
    }
    let days = match word {
        "大前天" => -3,
        "前天" | "前日" => -2,
        "大后天" => 3,
        "后天" | "后日" => 2,
        word if word.starts_with('昨') => -1,
        word if word.starts_with('明') => 1,
        "当天" => return None,
        _ => 0,
    };
    from_today(days, scene).map(When::Date)
}

fn english_day(found: &Groups, scene: &Scene) -> Option<When> {
    let days = match found.get(0)?.trim_start_matches("the ") {
        "day after tomorrow" => 2,
        "day before yesterday" => -2,
        "today" | "tonight" => 0,
        "yesterday" | "last night" => -1,
        _ => 1,
    };
    from_today(days, scene).map(When::Date)
}

/// How many weeks, months or years `上个` is away.
fn steps(word: &str) -> i64 {
    let ups = word.chars().filter(|char| *char == '上').count();
    let downs = word.chars().filter(|char| *char == '下').count();
    i64::try_from(downs).unwrap_or(0) - i64::try_from(ups).unwrap_or(0)
}

/// The Monday of a week.
fn monday(weeks: i64, scene: &Scene) -> Option<Date> {
    from_today(weeks * 7 - i64::from(scene.now.weekday().to_monday_zero_offset()), scene)
}

fn add_days(date: Date, days: i64) -> Option<Date> {
    date.checked_add(Span::new().try_days(days).ok()?).ok()
}

fn days(from: Date, count: i64) -> Option<When> {
    Some(When::Dates(from, add_days(from, count - 1)?))
}

fn chinese_weekday(found: &Groups, scene: &Scene) -> Option<When> {
    // 一周一次 and 每周一 name no day.
    if found.get(1).is_none()
        && found.before().is_some_and(|char| is_numeral(char) || "每几半个隔".contains(char) || char.is_ascii_digit())
    {
        return None;
    }
    let offset = match found.get(2)? {
        "日" | "天" => 6,
        "末" => return days(add_days(monday(steps(found.get(1).unwrap_or_default()), scene)?, 5)?, 2),
        digit => i64::try_from(number(digit)?).ok()? - 1,
    };
    let date = match found.get(1) {
        Some(word) => add_days(monday(steps(word), scene)?, offset)?,
        None => coming(offset, scene)?,
    };
    Some(When::Date(date))
}

/// The first such weekday from today on; Monday is 0.
fn coming(weekday: i64, scene: &Scene) -> Option<Date> {
    let today = i64::from(scene.now.weekday().to_monday_zero_offset());
    from_today((weekday - today).rem_euclid(7), scene)
}

fn chinese_week(found: &Groups, scene: &Scene) -> Option<When> {
    // 这周围 is around here.
    if found.after().is_some_and(|char| "围边年岁期转".contains(char)) {
        return None;
    }
    days(monday(steps(found.get(1)?), scene)?, 7)
}

fn month(months: i64, scene: &Scene) -> Option<Date> {
    scene.now.date().first_of_month().checked_add(Span::new().try_months(months).ok()?).ok()
}

fn chinese_month(found: &Groups, scene: &Scene) -> Option<When> {
    part_of_month(month(steps(found.get(1)?), scene)?, found.get(2).unwrap_or_default())
}

fn end_of_month(found: &Groups, scene: &Scene) -> Option<When> {
    if found.before().is_some_and(|char| is_numeral(char) || char.is_ascii_digit() || "个每".contains(char)) {
        return None;
    }
    part_of_month(month(0, scene)?, found.get(2)?.trim_start_matches('月'))
}

fn year(years: i64, scene: &Scene) -> Option<When> {
    let year = i64::from(scene.now.year()) + years;
    let day = |month, day| Date::new(i16::try_from(year).ok()?, month, day).ok();
    Some(When::Dates(day(1, 1)?, day(12, 31)?))
}

fn chinese_year(found: &Groups, scene: &Scene) -> Option<When> {
    let years = match found.get(1)? {
        "前年" => -2,
        "去年" => -1,
        "明年" => 1,
        "后年" => 2,
        _ => 0,
    };
    let When::Dates(first, last) = year(years, scene)? else { return None };
    match found.get(2) {
        Some("底") => Some(When::Date(last)),
        Some(_) => whole_month(first),
        None => Some(When::Dates(first, last)),
    }
}

/// So many units from now, in the direction of the sign; hours and minutes give a moment.
fn away(count: i64, unit: &str, scene: &Scene) -> Option<When> {
    let empty = Span::new();
    let date = |span: Result<Span, jiff::Error>| scene.now.date().checked_add(span.ok()?).ok().map(When::Date);
    match unit {
        "minute" | "min" | "分钟" => scene.now.checked_add(empty.try_minutes(count).ok()?).ok().map(When::Moment),
        "hour" | "hr" | "小时" | "钟头" => {
            scene.now.checked_add(empty.try_hours(count).ok()?).ok().map(When::Moment)
        }
        "day" | "天" | "日" => date(empty.try_days(count)),
        "week" | "周" | "星期" | "礼拜" => date(empty.try_weeks(count)),
        "month" | "月" => date(empty.try_months(count)),
        "year" | "年" => date(empty.try_years(count)),
        _ => None,
    }
}

fn chinese_away(found: &Groups, scene: &Scene) -> Option<When> {
    let (unit, side) = (found.get(2)?, found.get(3)?);
    // 3月后 is after March, 5日内 is rarely five days.
    if unit == "月" && !found.get(0)?.contains('个') {
        return None;
    }
    let sign = if side == "前" { -1 } else { 1 };
    let end = if found.get(1)? == "半" {
        match unit {
            "小时" | "钟头" => away(sign * 30, "minute", scene)?,
            "月" => away(sign * 15, "day", scene)?,
            "年" => away(sign * 6, "month", scene)?,
            _ => return None,
        }
    } else {
        away(sign * found.number(1)?, unit, scene)?
    };
    if matches!(side, "内" | "里") { until(end, scene) } else { Some(end) }
}

/// `一个半小时后`, `一年半前`.
fn chinese_half_more(found: &Groups, scene: &Scene) -> Option<When> {
    let sign = if found.get(3)? == "前" { -1 } else { 1 };
    let count = found.number(1)?;
    match (found.get(2)?, found.get(0)?.contains("年半")) {
        ("", true) => away(sign * (count * 12 + 6), "month", scene),
        ("小时" | "钟头", false) => away(sign * (count * 60 + 30), "minute", scene),
        _ => None,
    }
}

/// From now, or to now, whichever comes first.
fn until(end: When, scene: &Scene) -> Option<When> {
    let today = scene.now.date();
    match end {
        When::Date(date) => Some(When::Dates(date.min(today), date.max(today))),
        When::Moment(at) => Some(When::Moments(at.min(scene.now), at.max(scene.now))),
        _ => None,
    }
}

fn chinese_past(found: &Groups, scene: &Scene) -> Option<When> {
    until(away(-found.number(1)?, found.get(3)?, scene)?, scene)
}

fn english_ahead(found: &Groups, scene: &Scene) -> Option<When> {
    away(found.number(1)?, found.get(2)?, scene)
}

fn english_away(found: &Groups, scene: &Scene) -> Option<When> {
    let sign = if found.get(3)? == "ago" { -1 } else { 1 };
    away(sign * found.number(1)?, found.get(2)?, scene)
}

fn english_span(found: &Groups, scene: &Scene) -> Option<When> {
    let sign = if matches!(found.get(1)?, "last" | "past") { -1 } else { 1 };
    until(away(sign * found.number(2)?, found.get(3)?, scene)?, scene)
}

/// Which day of the week a name is; Monday is 0.
fn weekday_number(name: &str) -> Option<i64> {
    const DAYS: [(&str, Weekday); 7] = [
        ("mo", Weekday::Monday),
        ("tu", Weekday::Tuesday),
        ("we", Weekday::Wednesday),
        ("th", Weekday::Thursday),
        ("fr", Weekday::Friday),
        ("sa", Weekday::Saturday),
        ("su", Weekday::Sunday),
    ];
    let (_, weekday) = DAYS.iter().find(|(start, _)| name.starts_with(start))?;
    Some(i64::from(weekday.to_monday_zero_offset()))
}

fn english_weekday_of(found: &Groups, scene: &Scene) -> Option<When> {
    let step = match found.get(2)? {
        "next" => 1,
        "last" => -1,
        _ => 0,
    };
    add_days(monday(step, scene)?, weekday_number(found.get(1)?)?).map(When::Date)
}

fn english_weekday(found: &Groups, scene: &Scene) -> Option<When> {
    let name = found.get(2)?;
    // The sun, he sat, they wed: short names that are words need a word that makes them a day.
    if matches!(name, "sun" | "sat" | "wed" | "mon") && found.get(1).is_none() && !beside_time(found) {
        return None;
    }
    let offset = weekday_number(name)?;
    let date = match found.get(1) {
        Some("next") => add_days(monday(1, scene)?, offset)?,
        Some("last" | "past") => {
            let back = (i64::from(scene.now.weekday().to_monday_zero_offset()) - offset - 1).rem_euclid(7) + 1;
            from_today(-back, scene)?
        }
        Some("this") => add_days(monday(0, scene)?, offset)?,
        _ => coming(offset, scene)?,
    };
    Some(When::Date(date))
}

/// Whether the words around a name make a day of it: `mon-fri`, `wed 10am`, `on sat`.
fn beside_time(found: &Groups) -> bool {
    const BEFORE: [&str; 7] = ["-", "–", "to ", "on ", "by ", "until ", "till "];
    const BEHIND: [&str; 5] = ["-", "–", "to ", "at ", "through "];
    let (head, tail) = (found.head(), found.tail().trim_start());
    BEFORE.iter().any(|word| head.ends_with(word))
        || BEHIND.iter().any(|word| tail.starts_with(word))
        || tail.starts_with(|char: char| char.is_ascii_digit())
}

fn english_whole(found: &Groups, scene: &Scene) -> Option<When> {
    let step = match found.get(1)? {
        "next" => 1,
        "last" => -1,
        "this" => 0,
        _ if found.get(2)? == "weekend" => 0,
        _ => return None,
    };
    match found.get(2)? {
        "weekend" => days(add_days(monday(step, scene)?, 5)?, 2),
        "week" => days(monday(step, scene)?, 7),
        "month" => whole_month(month(step, scene)?),
        _ => year(step, scene),
    }
}

fn english_end(found: &Groups, scene: &Scene) -> Option<When> {
    let words = found.get(0)?;
    let step = i64::from(words.contains(" next ")) - i64::from(words.contains(" last "));
    let end = found.get(1)? == "end";
    match found.get(2)? {
        "month" if end => month(step, scene).map(|first| When::Date(first.last_of_month())),
        "month" => part_of_month(month(step, scene)?, "初"),
        _ => {
            let When::Dates(first, last) = year(step, scene)? else { return None };
            if end { Some(When::Date(last)) } else { Some(When::Dates(first, first.checked_add(9.days()).ok()?)) }
        }
    }
}
