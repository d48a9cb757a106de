//! When a webhook is sent again, what an answer means, and whom an event concerns.

use crate::Time;

/// Seconds from an attempt that failed to the next: ten attempts over about three days.
const PAUSES: [i64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];

/// Attempts of one delivery.
pub const ATTEMPTS: usize = PAUSES.len() + 1;

/// A pause is stretched by up to this part of it, so that what failed together does not come back together.
const JITTER: f64 = 0.2;

/// The longest that an endpoint may ask to be left alone (`Retry-After`): a day.
const RETRY_AFTER_MOST: i64 = 86_400;

/// Seconds for which an endpoint may fail without a single success before it is switched off: five days, longer than
/// any weekend and longer than one delivery is tried.
pub const FAILING_SECONDS: i64 = 5 * 86_400;

/// What an answer means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It has it.
    Delivered,
    /// Again, later.
    Retry,
    /// Never again: the endpoint does not want any (410).
    Gone,
}

/// The verdict over a status: 2xx is success, 410 is gone, everything else, redirects included, is a failure.
pub fn verdict(status: u16) -> Verdict {
    match status {
        200..=299 => Verdict::Delivered,
        410 => Verdict::Gone,
        _ => Verdict::Retry,
    }
}

/// When to try again after `attempts` that failed; never after the last. `random` is from 0 to 1, `retry_after` what
/// the endpoint asked for, in seconds.
pub fn next_attempt(attempts: usize, now: Time, random: f64, retry_after: Option<i64>) -> Option<Time> {
    let pause = *PAUSES.get(attempts.checked_sub(1)?)?;
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "a day has 86,400,000 milliseconds"
    )]
    let jitter = (pause as f64 * 1_000.0 * JITTER * random.clamp(0.0, 1.0)) as i64;
    let asked = retry_after.unwrap_or(0).clamp(0, RETRY_AFTER_MOST);
    let millis = (pause * 1_000 + jitter).max(asked * 1_000);
    now.checked_add(jiff::SignedDuration::from_millis(millis)).ok()
}

/// Whether what a source caused is an echo for an endpoint that does not want to hear of these sources.
pub fn is_echo(not_from: &[String], origin: Option<&str>) -> bool {
    origin.is_some_and(|origin| is_named(not_from, origin))
}

/// Whether a source is one of these; one that ends with `*` means all that begin so.
pub fn is_named(sources: &[String], source: &str) -> bool {
    sources.iter().any(|named| match named.strip_suffix('*') {
        Some(beginning) => source.starts_with(beginning),
        None => named == source,
    })
}

/// Whether an endpoint with these filters wants a type: `*`, the type itself, or `conversation.*`.
pub fn wants(filters: &[String], kind: &str) -> bool {
    filters.iter().any(|filter| match filter.strip_suffix('*') {
        Some("") => true,
        Some(prefix) => prefix.ends_with('.') && kind.starts_with(prefix),
        None => filter == kind,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_attempts_over_about_three_days() {
        let begin = Time::from_second(0).unwrap();
        for (random, days) in [(0.0, 3.0), (1.0, 3.8)] {
            let mut at = begin;
            let mut attempts = 1;
            while let Some(next) = next_attempt(attempts, at, random, None) {
                assert!(next > at);
                (at, attempts) = (next, attempts + 1);
            }
            assert_eq!(attempts, ATTEMPTS);
            let took = (at.as_second() as f64) / 86_400.0;
            assert!((took - days).abs() < 0.3, "{took}");
        }
    }

    #[test]
    fn retry_after_is_honoured_and_bounded() {
        let now = Time::from_second(100).unwrap();
        let after = |asked| next_attempt(1, now, 0.0, Some(asked)).unwrap().as_second() - 100;
        assert_eq!((after(60), after(1), after(i64::MAX), after(-5)), (60, 5, 86_400, 5));
    }

    #[test]
    fn filters_are_types_families_or_everything() {
        let wants = |filter: &str, kind| wants(&[filter.to_owned()], kind);
        assert!(wants("*", "message.created") && wants("message.created", "message.created"));
        assert!(wants("conversation.*", "conversation.closed"));
        assert!(!wants("conversation.*", "message.created") && !wants("conv*", "conversation.closed"));
        assert!(!wants("", "message.created"));
    }

    #[test]
    fn a_source_does_not_hear_its_own_echo() {
        let echo = |source: &str, origin| is_echo(&[source.to_owned()], origin);
        assert!(echo("/crm", Some("/crm")) && echo("/debezium/*", Some("/debezium/mysql/shop")));
        assert!(!echo("/crm", Some("/crm2")) && !echo("/crm", None) && !is_echo(&[], Some("/crm")));
    }

    #[test]
    fn only_2xx_is_success() {
        let all = [200, 204, 299, 301, 302, 400, 404, 410, 429, 500, 503].map(verdict);
        assert_eq!(all.iter().filter(|verdict| **verdict == Verdict::Delivered).count(), 3);
        assert_eq!(verdict(410), Verdict::Gone);
        assert_eq!(verdict(307), Verdict::Retry);
    }
}
