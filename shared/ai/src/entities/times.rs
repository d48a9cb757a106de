//! Times of the day: `3pm`, `15:30`, `half past two`, `下午三点半`, `十点一刻`, `noon`.
//!
//! A time that does not say which half of the day it means is taken as it stands.

use jiff::civil::Time;

use super::{
    numerals::is_numeral,
    temporal::{Groups, Half, Rule, Scene, When},
};

macro_rules! hour {
    () => {
        "([0-9]{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
    };
}

macro_rules! half {
    () => {
        r"(?:\s?(am|pm|a\.m\.?|p\.m\.?|in the morning|in the afternoon|in the evening|at night))"
    };
}

macro_rules! part {
    () => {
        "(凌晨|清晨|清早|早上|早晨|上午|中午|下午|傍晚|晚上|晚间|夜里|半夜|深夜|早|晚)"
    };
}

macro_rules! zh {
    () => {
        "([0-9]{1,2}|[零〇一二两三四五六七八九十]{1,3})"
    };
}

pub const RULES: &[Rule] = &[
    (concat!("([0-9]{1,2}):([0-9]{2})(?::[0-9]{2})?", half!(), "?"), clock),
    (concat!(r"([0-9]{1,2})(?:[.:]([0-9]{2}))?", half!()), twelve_hours),
    (
        concat!(
            "(half|quarter|[0-9]{1,2}|five|ten|twenty|twenty[- ]five) (?:minutes? )?(past|to|after) ",
            hour!(),
            half!(),
            "?"
        ),
        spoken,
    ),
    (concat!(hour!(), r"\s?o'?clock", half!(), "?"), on_the_hour),
    ("noon|midday|midnight|正午|中午|午夜|零点", named),
    (concat!("([今明昨])?", part!(), "?的?", zh!(), r"[点點时時:](?:", zh!(), r"(分|刻)?|(半)|钟|整)?"), chinese),
];

fn time(hour: i64, minute: i64) -> Option<Time> {
    Time::new(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, 0, 0).ok()
}

/// The time of an hour in a half of the day.
fn of_half(hour: i64, minute: i64, half: Half) -> Option<When> {
    let hour = match half {
        Half::Morning if hour == 12 => 0,
        Half::Afternoon if hour < 12 => hour + 12,
        _ => hour,
    };
    time(hour, minute).map(|time| When::Time(time, half))
}

fn half_of(word: Option<&str>) -> Half {
    match word {
        Some("in the morning") => Half::Morning,
        Some(word) if word.starts_with('a') && word != "at night" => Half::Morning,
        Some(_) => Half::Afternoon,
        None => Half::Unsaid,
    }
}

fn clock(found: &Groups, _: &Scene) -> Option<When> {
    of_half(found.number(1)?, found.number(2)?, half_of(found.get(3)))
}

fn twelve_hours(found: &Groups, _: &Scene) -> Option<When> {
    let hour = found.number(1).filter(|hour| (1..=12).contains(hour))?;
    of_half(hour, found.number(2).unwrap_or(0), half_of(found.get(3)))
}

fn spoken(found: &Groups, _: &Scene) -> Option<When> {
    let minutes = match found.get(1)? {
        "half" => 30,
        "quarter" => 15,
        "twenty-five" | "twenty five" => 25,
        _ => found.number(1)?,
    };
    let hour = found.number(3).filter(|hour| (1..=12).contains(hour))?;
    // `5 to 10` is a range; `ten to five` is a time.
    let digits = |group| found.get(group).is_some_and(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    if digits(1) && digits(3) || !(1..60).contains(&minutes) {
        return None;
    }
    let half = half_of(found.get(4));
    if found.get(2)? == "to" {
        let before = if hour == 1 { 12 } else { hour - 1 };
        return of_half(before, 60 - minutes, half);
    }
    of_half(hour, minutes, half)
}

fn on_the_hour(found: &Groups, _: &Scene) -> Option<When> {
    of_half(found.number(1)?, 0, half_of(found.get(2)))
}

fn named(found: &Groups, _: &Scene) -> Option<When> {
    match found.get(0)? {
        "midnight" | "午夜" | "零点" => Some(When::Time(time(0, 0)?, Half::Morning)),
        _ => Some(When::Time(time(12, 0)?, Half::Afternoon)),
    }
}

fn chinese(found: &Groups, scene: &Scene) -> Option<When> {
    let (part, words) = (found.get(2), found.get(0)?);
    let hour = found.number(3).filter(|hour| *hour <= 24)?;
    let more = found.get(4).is_some() || found.get(6).is_some() || words.ends_with(['钟', '整']);
    if part.is_none() && !more && !is_clock(found, words) {
        return None;
    }
    let minutes = match (found.get(5), found.get(6)) {
        (Some("刻"), _) => found.number(4)? * 15,
        (_, Some(_)) => 30,
        // 三点五 is a decimal; 三点五分 and 三点十五 are times.
        (None, None) if found.get(4).is_some_and(|text| text.chars().count() < 2) => return None,
        _ => found.number(4).unwrap_or(0),
    };
    let half = match part {
        None => Half::Unsaid,
        Some("凌晨" | "清晨" | "清早" | "早上" | "早晨" | "上午" | "早" | "半夜" | "深夜") => {
            Half::Morning
        }
        Some("中午") if hour == 11 => Half::Morning,
        Some(_) => Half::Afternoon,
    };
    // 晚上12点 is midnight, 半夜11点 is before it.
    let when = match (part, hour) {
        (Some("晚上" | "晚" | "夜里"), 12) => of_half(0, minutes, Half::Morning),
        (Some("半夜" | "深夜"), 9..=11) => of_half(hour, minutes, Half::Afternoon),
        (_, 24) => of_half(0, minutes, Half::Morning),
        _ => of_half(hour, minutes, half),
    }?;
    match (found.get(1), when) {
        (Some(day), When::Time(time, _)) => on_day(day, time, scene),
        _ => Some(when),
    }
}

/// `今晚8点`, `明早九点`.
fn on_day(day: &str, time: Time, scene: &Scene) -> Option<When> {
    let today = scene.now.date();
    let date = match day {
        "明" => today.tomorrow().ok()?,
        "昨" => today.yesterday().ok()?,
        _ => today,
    };
    Some(When::Moment(date.to_datetime(time)))
}

/// Whether a bare `一点`, `两点` or `3时` is a time and not a bit, a point, a while.
fn is_clock(found: &Groups, words: &str) -> bool {
    let spelled = words.chars().next().is_some_and(is_numeral);
    let next = found.after();
    if words.ends_with(['时', '時']) {
        return !spelled && !next.is_some_and(|char| "间候".contains(char));
    }
    if next.is_some_and(|char| "建意问要原半儿都也点".contains(char) && char != '半') {
        return false;
    }
    if words.starts_with('一') {
        return found.before().is_some_and(|char| "天日号晚早午在到".contains(char));
    }
    !spelled || !found.before().is_some_and(|char| "这那有几以".contains(char))
}
