//! Sums over days of what was counted from the log. A day that is over is read once and kept as one small item; of today
//! the hours that are over are. So a report costs the same however much was counted in the past.
//!
//! What comes later than that, because the stream lay behind or a rating was taken back, takes the kept sum away, and
//! it is made anew.

use deskwire_domain::{AccountId, Code, Refusal, Time};
use deskwire_store::{Ledger, Slot, Sum};
use futures::{StreamExt, TryStreamExt, stream};
use jiff::{SignedDuration, Span, civil::Date, tz::TimeZone};
use serde::{Serialize, de::DeserializeOwned};

use crate::{App, AppError};

/// Days of one answer: a quarter.
const DAYS: i32 = 92;
/// Days that an answer has unless said.
const DAYS_UNLESS_SAID: i64 = 30;
/// Days or hours that are read at the same time.
const CONCURRENT: usize = 8;
/// So long after its end a day or an hour is summed for good: the stream is seconds behind.
const SETTLED: SignedDuration = SignedDuration::from_mins(60);
/// From so long after its end on, whatever is counted takes the sum away. Earlier than [`SETTLED`], so that no write
/// can fall between a sum's reader and its keeper.
const LATE: SignedDuration = SignedDuration::from_mins(30);

/// What adds up.
pub(crate) trait Adds: Default + Serialize + DeserializeOwned {
    /// What is counted.
    type One: DeserializeOwned;
    /// Where it is counted.
    const LEDGER: Ledger;
    /// Adds one.
    fn add(&mut self, one: &Self::One);
    /// Adds all that another has.
    fn merge(&mut self, other: &Self);
}

/// An hour, by UTC: day and hour as keys have them.
struct Hour {
    day: Date,
    hour: i8,
}

impl Hour {
    fn of(at: Time) -> Self {
        let at = at.to_zoned(TimeZone::UTC);
        Self { day: at.date(), hour: at.hour() }
    }

    fn word(&self) -> String {
        format!("{:02}", self.hour)
    }

    fn period(&self) -> String {
        format!("{}T{}", self.day, self.word())
    }

    fn end(&self) -> Time {
        start_of(self.day).saturating_add(SignedDuration::from_hours(i64::from(self.hour) + 1)).unwrap_or(Time::MAX)
    }
}

/// When a day begins, by UTC.
fn start_of(day: Date) -> Time {
    day.to_zoned(TimeZone::UTC).map_or(Time::MIN, |zoned| zoned.timestamp())
}

fn end_of(day: Date) -> Time {
    day.tomorrow().map_or(Time::MAX, start_of)
}

fn over_for(end: Time, now: Time, long: SignedDuration) -> bool {
    now.duration_since(end) >= long
}

/// The days from the first to the last, of at most a quarter; a month up to today unless said.
///
/// # Errors
/// [`Code::InvalidField`].
pub(crate) fn days((from, to): (Option<&str>, Option<&str>), now: Time) -> Result<Vec<Date>, Refusal> {
    let bad = |name: &str| Refusal::with(Code::InvalidField, format!("{name}: a day such as 2026-11-25"));
    let to: Date = match to {
        Some(to) => to.parse().map_err(|_| bad("to"))?,
        None => now.to_zoned(TimeZone::UTC).date(),
    };
    let from: Date = match from {
        Some(from) => from.parse().map_err(|_| bad("from"))?,
        None => to.saturating_sub(Span::new().days(DAYS_UNLESS_SAID - 1)),
    };
    let days = from.until(to).map_err(|_| bad("from"))?.get_days();
    if !(0..DAYS).contains(&days) {
        return Err(Refusal::with(Code::InvalidField, format!("from and to: 1 to {DAYS} days")));
    }
    Ok((0..=days).map(|day| from.saturating_add(Span::new().days(day))).collect())
}

impl App {
    /// Counts something that happened `at`, under a name that is its own; again has no second effect.
    pub(crate) async fn count_once<T: Serialize>(
        &self,
        account: &AccountId,
        (ledger, name): (Ledger, &str),
        at: Time,
        one: &T,
    ) -> Result<(), AppError> {
        let (hour, now) = (Hour::of(at), self.now());
        let slot = Slot { ledger, day: &hour.day.to_string(), hour: &hour.word(), name };
        self.store.note_outcome(account, &slot, one, now).await?;
        self.changed_late(account, ledger, &hour).await
    }

    /// Counts no longer what happened `at`.
    pub(crate) async fn uncount(
        &self,
        account: &AccountId,
        (ledger, name): (Ledger, &str),
        at: Time,
    ) -> Result<(), AppError> {
        let hour = Hour::of(at);
        let slot = Slot { ledger, day: &hour.day.to_string(), hour: &hour.word(), name };
        self.store.forget_outcome(account, &slot).await?;
        self.changed_late(account, ledger, &hour).await
    }

    /// Takes away the sums that may have been made without a change.
    async fn changed_late(&self, account: &AccountId, ledger: Ledger, hour: &Hour) -> Result<(), AppError> {
        let now = self.now();
        if over_for(hour.end(), now, LATE) {
            self.store.undo_sum(account, (ledger, &hour.period()), now).await?;
        }
        if over_for(end_of(hour.day), now, LATE) {
            self.store.undo_sum(account, (ledger, &hour.day.to_string()), now).await?;
        }
        Ok(())
    }

    /// What was counted on each of these days, by UTC.
    pub(crate) async fn sums_of<S: Adds>(&self, account: &AccountId, days: &[Date]) -> Result<Vec<S>, AppError> {
        let (now, names) = (self.now(), days.iter().map(Date::to_string).collect::<Vec<_>>());
        let known = self.store.sums::<S>(account, S::LEDGER, &names).await?;
        let made = days.iter().zip(&names).zip(known).map(|((day, name), known)| async move {
            match known {
                Sum { value: Some(sum), .. } => Ok(sum),
                _ if !over_for(end_of(*day), now, SETTLED) => Box::pin(self.sum_of_hours(account, *day, now)).await,
                Sum { version, .. } => self.made_sum(account, (name, None, name), version).await,
            }
        });
        stream::iter(made.collect::<Vec<_>>()).buffered(CONCURRENT).try_collect().await
    }

    /// What was counted on a day that is not over, or only just.
    async fn sum_of_hours<S: Adds>(&self, account: &AccountId, day: Date, now: Time) -> Result<S, AppError> {
        let begun = |hour: &Hour| hour.end().saturating_sub(SignedDuration::from_hours(1)).is_ok_and(|at| at <= now);
        let hours: Vec<Hour> = (0..24).map(|hour| Hour { day, hour }).filter(begun).collect();
        let periods: Vec<String> = hours.iter().map(Hour::period).collect();
        let (known, day) = (self.store.sums::<S>(account, S::LEDGER, &periods).await?, day.to_string());
        let made = hours.iter().zip(&periods).zip(known).map(|((hour, period), known)| {
            let day = &day;
            async move {
                match known {
                    Sum { value: Some(sum), .. } => Ok(sum),
                    _ if !over_for(hour.end(), now, SETTLED) => self.read_sum(account, (day, Some(&hour.word()))).await,
                    Sum { version, .. } => self.made_sum(account, (day, Some(&hour.word()), period), version).await,
                }
            }
        });
        let made: Vec<S> = stream::iter(made.collect::<Vec<_>>()).buffered(CONCURRENT).try_collect().await?;
        let mut all = S::default();
        made.iter().for_each(|sum| all.merge(sum));
        Ok(all)
    }

    /// Sums a day or an hour that is over, and keeps the sum.
    async fn made_sum<S: Adds>(
        &self,
        account: &AccountId,
        (day, hour, period): (&str, Option<&str>, &str),
        version: u64,
    ) -> Result<S, AppError> {
        let sum = Sum { value: Some(self.read_sum::<S>(account, (day, hour)).await?), version };
        self.store.keep_sum(account, (S::LEDGER, period), &sum, self.now()).await?;
        Ok(sum.value.unwrap_or_default())
    }

    async fn read_sum<S: Adds>(&self, account: &AccountId, (day, hour): (&str, Option<&str>)) -> Result<S, AppError> {
        let all: Vec<S::One> = self.store.outcomes(account, S::LEDGER, (day, hour)).await?;
        let mut sum = S::default();
        all.iter().for_each(|one| sum.add(one));
        Ok(sum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Time {
        text.parse().unwrap()
    }

    #[test]
    fn hours_and_days_end_where_they_should() {
        let hour = Hour::of(at("2026-11-25T23:59:59.999Z"));
        assert_eq!((hour.period().as_str(), hour.end()), ("2026-11-25T23", at("2026-11-26T00:00:00Z")));
        assert_eq!(end_of(hour.day), at("2026-11-26T00:00:00Z"));
        assert_eq!(Hour::of(at("2026-11-26T00:00:00Z")).period(), "2026-11-26T00");
        assert!(over_for(hour.end(), at("2026-11-26T01:00:00Z"), SETTLED));
        assert!(!over_for(hour.end(), at("2026-11-26T00:59:59Z"), SETTLED));
        assert!(LATE < SETTLED, "what is counted before a sum is read must be in it");
    }

    #[test]
    fn a_period_is_a_quarter_at_most() {
        let now = at("2026-11-25T08:00:00Z");
        let count = |from, to| days((from, to), now).map(|days| days.len()).ok();
        for (from, to, wanted) in [
            (None, None, Some(30)),
            (Some("2026-11-25"), None, Some(1)),
            (Some("2026-11-26"), None, None),
            (Some("2026-01-01"), Some("2026-04-02"), Some(92)),
            (Some("2026-01-01"), Some("2026-04-03"), None),
            (None, Some("2024-02-29"), Some(30)),
            (Some("yesterday"), None, None),
            (Some("2026-02-30"), None, None),
            (Some("-9999-01-01"), Some("9999-12-31"), None),
        ] {
            assert_eq!(count(from, to), wanted, "{from:?} {to:?}");
        }
    }
}
