//! Dates of the calendar: `2026-11-25`, `25/11/2026`, `Nov 25th`, `11月25日`, `国庆`.
//!
//! A day without a year is the nearest such day, before or after now: people speak of the order of last week and of the
//! holiday next month. Of `3/4/2026` the country says which is the day, unless only one reading is possible.

use jiff::{
    ToSpan,
    civil::{Date, Time},
};

use super::temporal::{Groups, Rule, Scene, When};

macro_rules! month {
    () => {
        "(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
    };
}

macro_rules! zh {
    ($most:literal) => {
        concat!("([0-9]{1,2}|[零〇一二三四五六七八九十廿]{1,", $most, "})")
    };
}

pub const RULES: &[Rule] = &[
    (r"([0-9]{4})([-/.])([0-9]{1,2})[-/.]([0-9]{1,2})", year_first),
    (r"([0-9]{4})(-)([0-9]{2})-([0-9]{2})t([0-9]{2}):([0-9]{2})(?::[0-9]{2}(?:\.[0-9]{1,9})?)?z?", iso_moment),
    (r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4}|[0-9]{2})", year_last),
    (r"([0-9]{1,2})/([0-9]{1,2})", no_year),
    (
        concat!(
            r"([0-9]{4}|[0-9]{2}|[零〇一二三四五六七八九]{4}|今|明|去|前|后)年的?\s?",
            zh!("3"),
            r"月(?:份)?(?:\s?",
            zh!("3"),
            r"[日号號])?"
        ),
        chinese,
    ),
    (concat!("()", zh!("3"), r"月份?\s?", zh!("3"), r"[日号號]?"), chinese_day),
    (concat!("()", zh!("2"), r"月份?(底|初|中旬)?"), chinese_month),
    (concat!(zh!("2"), r"月", zh!("3"), r"[日号號]?\s?(?:到|至|-|~|—|–)\s?", zh!("3"), "[日号號]"), chinese_days),
    (concat!("(这个月|本月|上个?月|下个?月)?的?", zh!("3"), "[号號]"), day_of_month),
    (concat!(month!(), r"\.?\s(?:the\s)?([0-9]{1,2})(?:st|nd|rd|th)?(?:,?\s([0-9]{4}))?"), month_day),
    (concat!(r"([0-9]{1,2})(?:st|nd|rd|th)?\s(?:of\s)?", month!(), r"\.?(?:,?\s([0-9]{4}))?"), day_month),
    (concat!(month!(), r"\.?\s([0-9]{1,2})(?:st|nd|rd|th)?\s?(?:-|–|to)\s?([0-9]{1,2})(?:st|nd|rd|th)?"), month_days),
    (concat!(month!(), r",?\s([0-9]{4})"), month_year),
    (concat!(r"(?:the )?(end|beginning|start) of ", month!()), end_of_month),
    ("the ([0-9]{1,2})(?:st|nd|rd|th)", day_with_article),
    (
        r"(今年|明年|去年|[0-9]{4}年)?的?(国庆节?|十一假期|元旦|圣诞节?|平安夜|劳动节|五一|情人节|双十一|双11|双十二|双12|妇女节|儿童节)",
        festival,
    ),
    (
        r"(?:last |next )?(christmas(?: eve| day)?|new year'?s(?: eve| day)|valentine'?s day|halloween|black friday|cyber monday|thanksgiving|boxing day)(?: (?:last|this|next) year)?",
        festival_english,
    ),
];

fn date(year: i64, month: i64, day: i64) -> Option<Date> {
    let year = if (0..100).contains(&year) { year + 2000 } else { year };
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// The nearest such day to now; the 29th of February of a leap year.
fn nearest(month: i64, day: i64, scene: &Scene) -> Option<Date> {
    let today = scene.now.date();
    let year = i64::from(today.year());
    let years = (year - 1..=year + 1).filter_map(|year| date(year, month, day));
    years.min_by_key(|date| (days_between(*date, today).abs(), *date < today))
}

fn days_between(a: Date, b: Date) -> i64 {
    a.since(b).map_or(i64::MAX, |span| i64::from(span.get_days()))
}

fn year_first(found: &Groups, _: &Scene) -> Option<When> {
    if found.after() == Some('-') {
        return None;
    }
    let year = found.number(1).filter(|year| (1900..=2100).contains(year))?;
    date(year, found.number(3)?, found.number(4)?).map(When::Date)
}

/// The time as it stands, whatever its zone: the visitor's clock is the only one here.
fn iso_moment(found: &Groups, scene: &Scene) -> Option<When> {
    let When::Date(date) = year_first(found, scene)? else { return None };
    let part = |group| found.number(group).and_then(|number| i8::try_from(number).ok());
    Some(When::Moment(date.to_datetime(Time::new(part(5)?, part(6)?, 0, 0).ok()?)))
}

fn year_last(found: &Groups, scene: &Scene) -> Option<When> {
    if found.before() == Some('-') || found.after() == Some('-') {
        return None;
    }
    let (first, second, year) = (found.number(1)?, found.number(2)?, found.number(3)?);
    either(first, second, scene, |month, day| date(year, month, day))
}

fn no_year(found: &Groups, scene: &Scene) -> Option<When> {
    let (first, second) = (found.number(1)?, found.number(2)?);
    // One half, two thirds; 24/7.
    if first < 10 && second < 10 || (first, second) == (24, 7) {
        return None;
    }
    either(first, second, scene, |month, day| nearest(month, day, scene))
}

fn either(first: i64, second: i64, scene: &Scene, make: impl Fn(i64, i64) -> Option<Date>) -> Option<When> {
    let (usual, other) =
        if scene.country.day_first() { ((second, first), (first, second)) } else { ((first, second), (second, first)) };
    make(usual.0, usual.1).or_else(|| make(other.0, other.1)).map(When::Date)
}

fn year_of(found: &Groups, group: usize, scene: &Scene) -> Option<i64> {
    let now = i64::from(scene.now.year());
    match found.get(group)? {
        words if words.ends_with('年') && words.len() == 7 => words.trim_end_matches('年').parse().ok(),
        "今" | "今年" | "this" => Some(now),
        "明" | "明年" | "next" => Some(now + 1),
        "后" => Some(now + 2),
        "去" | "去年" | "last" => Some(now - 1),
        "前" => Some(now - 2),
        _ => found.number(group),
    }
}

fn chinese(found: &Groups, scene: &Scene) -> Option<When> {
    let (year, month) = (year_of(found, 1, scene)?, found.number(2)?);
    match found.get(3) {
        Some(_) => date(year, month, found.number(3)?).map(When::Date),
        None => whole_month(date(year, month, 1)?),
    }
}

/// The days of a month.
pub fn whole_month(first: Date) -> Option<When> {
    Some(When::Dates(first.first_of_month(), first.last_of_month()))
}

fn chinese_day(found: &Groups, scene: &Scene) -> Option<When> {
    nearest(found.number(2)?, found.number(3)?, scene).map(When::Date)
}

fn chinese_month(found: &Groups, scene: &Scene) -> Option<When> {
    let first = nearest(found.number(2)?, 1, scene)?;
    part_of_month(first, found.get(3).unwrap_or_default())
}

/// The end, the beginning or the middle of a month, or all of it.
pub fn part_of_month(first: Date, part: &str) -> Option<When> {
    let day = |day: i64| first.first_of_month().checked_add((day - 1).days()).ok();
    match part {
        "底" => Some(When::Date(first.last_of_month())),
        "初" => Some(When::Dates(day(1)?, day(10)?)),
        "中旬" => Some(When::Dates(day(11)?, day(20)?)),
        _ => whole_month(first),
    }
}

fn chinese_days(found: &Groups, scene: &Scene) -> Option<When> {
    let month = found.number(1)?;
    days(nearest(month, found.number(2)?, scene)?, found.number(3)?)
}

/// From a day to a later one of the same month.
fn days(from: Date, last: i64) -> Option<When> {
    let to = date(i64::from(from.year()), i64::from(from.month()), last)?;
    (from < to).then_some(When::Dates(from, to))
}

/// `25号`: of this month, unless it says of which. Not of a house, a line, a size.
fn day_of_month(found: &Groups, scene: &Scene) -> Option<When> {
    const OTHERS: &str = "线楼店门机桌柜房院库码员厅车字球馆坑池电商文色铺";
    if found.after().is_some_and(|char| OTHERS.contains(char))
        || found.before().is_some_and(|char| "第路弄单街".contains(char))
    {
        return None;
    }
    let months = match found.get(1) {
        Some(word) if word.starts_with('上') => -1,
        Some(word) if word.starts_with('下') => 1,
        _ => 0,
    };
    let month = scene.now.date().first_of_month().checked_add(months.months()).ok()?;
    date(i64::from(month.year()), i64::from(month.month()), found.number(2)?).map(When::Date)
}

fn month_number(name: &str) -> Option<i64> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let at = MONTHS.iter().position(|month| name.starts_with(month))?;
    i64::try_from(at).ok().map(|at| at + 1)
}

fn english(found: &Groups, month: usize, day: usize, scene: &Scene) -> Option<Date> {
    let (month, day) = (month_number(found.get(month)?)?, found.number(day)?);
    match found.get(3) {
        Some(_) => date(found.number(3)?, month, day),
        None => nearest(month, day, scene),
    }
}

fn month_day(found: &Groups, scene: &Scene) -> Option<When> {
    english(found, 1, 2, scene).map(When::Date)
}

fn day_month(found: &Groups, scene: &Scene) -> Option<When> {
    english(found, 2, 1, scene).map(When::Date)
}

fn month_days(found: &Groups, scene: &Scene) -> Option<When> {
    days(nearest(month_number(found.get(1)?)?, found.number(2)?, scene)?, found.number(3)?)
}

fn month_year(found: &Groups, _: &Scene) -> Option<When> {
    let year = found.number(2).filter(|year| (1900..=2100).contains(year))?;
    whole_month(date(year, month_number(found.get(1)?)?, 1)?)
}

fn end_of_month(found: &Groups, scene: &Scene) -> Option<When> {
    let first = nearest(month_number(found.get(2)?)?, 1, scene)?;
    part_of_month(first, if found.get(1)? == "end" { "底" } else { "初" })
}

/// `by the 5th`: of this month. Not the 5th floor, nor the 2nd one.
fn day_with_article(found: &Groups, scene: &Scene) -> Option<When> {
    const BEFORE: [&str; 8] = ["on ", "by ", "until ", "till ", "before ", "after ", "since ", "from "];
    let counts = found.tail().trim_start().starts_with(|char: char| char.is_alphabetic());
    if counts || !BEFORE.iter().any(|word| found.head().ends_with(word)) {
        return None;
    }
    let today = scene.now.date();
    date(i64::from(today.year()), i64::from(today.month()), found.number(1)?).map(When::Date)
}

fn festival(found: &Groups, scene: &Scene) -> Option<When> {
    let (month, day) = match found.get(2)?.trim_end_matches('节') {
        "国庆" | "十一假期" => (10, 1),
        "元旦" => (1, 1),
        "圣诞" => (12, 25),
        "平安夜" => (12, 24),
        "劳动" | "五一" => (5, 1),
        "情人" => (2, 14),
        "双十一" | "双11" => (11, 11),
        "双十二" | "双12" => (12, 12),
        "妇女" => (3, 8),
        "儿童" => (6, 1),
        _ => return None,
    };
    let date = match year_of(found, 1, scene) {
        Some(year) => date(year, month, day),
        None => nearest(month, day, scene),
    };
    date.map(When::Date)
}

fn festival_english(found: &Groups, scene: &Scene) -> Option<When> {
    let (month, day) = match found.get(1)?.replace('\'', "").as_str() {
        "christmas" | "christmas day" => (12, 25),
        "christmas eve" => (12, 24),
        "new years eve" => (12, 31),
        "new years day" => (1, 1),
        "valentines day" => (2, 14),
        "halloween" => (10, 31),
        "boxing day" => (12, 26),
        "thanksgiving" => return thanksgiving(0, scene),
        "black friday" => return thanksgiving(1, scene),
        "cyber monday" => return thanksgiving(4, scene),
        _ => return None,
    };
    let words = found.get(0).unwrap_or_default();
    let offset = if words.ends_with("last year") || words.starts_with("last ") {
        Some(-1)
    } else if words.ends_with("next year") || words.starts_with("next ") {
        Some(1)
    } else if words.ends_with("this year") {
        Some(0)
    } else {
        None
    };
    let date = match offset {
        Some(years) => date(i64::from(scene.now.year()) + years, month, day),
        None => nearest(month, day, scene),
    };
    date.map(When::Date)
}

/// Days after the fourth Thursday of November, of this year.
fn thanksgiving(days: i64, scene: &Scene) -> Option<When> {
    let november = date(i64::from(scene.now.year()), 11, 1)?;
    let thursday = november.nth_weekday_of_month(4, jiff::civil::Weekday::Thursday).ok()?;
    thursday.checked_add(days.days()).ok().map(When::Date)
}
