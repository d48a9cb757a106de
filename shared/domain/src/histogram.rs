//! Durations, counted in buckets that widen as the durations grow: small enough to be kept for every day, and the
//! histograms of several days add up to that of all of them, which percentiles alone would not.
//!
//! It is not exact: below 16 seconds each second has its own bucket, above it each doubling has eight, so a percentile
//! is off by at most a sixteenth (6.25 %) of itself. Count and mean are exact.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Buckets of one doubling, as a power of two: eight of them keep the middle of a bucket within a sixteenth.
const SUB_BITS: u32 = 3;
/// Values below this have a bucket each: from here on a bucket is wider than one.
const EXACT: u64 = 2 << SUB_BITS;

/// How often each duration occurred, in seconds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Histogram {
    count: u64,
    sum: u64,
    /// Bucket → how many; buckets without any are left out.
    cells: BTreeMap<u16, u64>,
}

impl Histogram {
    /// Counts one duration.
    pub fn add(&mut self, seconds: u64) {
        self.count += 1;
        self.sum = self.sum.saturating_add(seconds);
        *self.cells.entry(bucket(seconds)).or_default() += 1;
    }

    /// Counts all that another has counted.
    pub fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.sum = self.sum.saturating_add(other.sum);
        for (bucket, count) in &other.cells {
            *self.cells.entry(*bucket).or_default() += count;
        }
    }

    /// How many were counted.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Their mean in seconds, rounded; `None` where there are none.
    pub fn mean(&self) -> Option<u64> {
        (self.count > 0).then(|| (self.sum + self.count / 2) / self.count)
    }

    /// The duration in seconds that `percent` of them do not exceed (nearest rank), as the middle of its bucket; `None`
    /// where there are none.
    pub fn percentile(&self, percent: u64) -> Option<u64> {
        let rank = (self.count * percent.min(100)).div_ceil(100).max(1);
        let mut below = 0;
        let reached = |(_, count): &(&u16, &u64)| {
            below += **count;
            below >= rank
        };
        self.cells.iter().find(reached).map(|(bucket, _)| middle(*bucket))
    }
}

fn bucket(seconds: u64) -> u16 {
    if seconds < EXACT {
        return u16::try_from(seconds).unwrap_or(u16::MAX);
    }
    let shift = seconds.ilog2() - SUB_BITS;
    // The leading bit is the doubling, the bits behind it the place in it; together they count on without a gap.
    let index = (u64::from(shift) << SUB_BITS) + (seconds >> shift);
    u16::try_from(index).unwrap_or(u16::MAX)
}

fn middle(bucket: u16) -> u64 {
    let bucket = u64::from(bucket);
    if bucket < EXACT {
        return bucket;
    }
    let shift = (bucket >> SUB_BITS) - 1;
    let low = ((bucket & ((1 << SUB_BITS) - 1)) | (1 << SUB_BITS)) << shift;
    low + (1 << (shift - 1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(values: &[u64]) -> Histogram {
        let mut histogram = Histogram::default();
        values.iter().for_each(|value| histogram.add(*value));
        histogram
    }

    #[test]
    fn small_ones_are_exact_and_none_says_nothing() {
        let histogram = of(&[1, 2, 2, 3, 15]);
        assert_eq!((histogram.count(), histogram.mean()), (5, Some(5)));
        assert_eq!((histogram.percentile(50), histogram.percentile(90)), (Some(2), Some(15)));
        let none = Histogram::default();
        assert_eq!((none.mean(), none.percentile(50)), (None, None));
    }

    #[test]
    fn buckets_go_on_without_a_gap() {
        let mut last = 0;
        for seconds in 0..100_000 {
            let now = bucket(seconds);
            assert!(now == last || now == last + 1, "{seconds}: {last} → {now}");
            last = now;
        }
    }

    proptest! {
        #[test]
        fn a_percentile_is_off_by_a_sixteenth_at_most(mut values in prop::collection::vec(0u64..20_000_000, 1..200), percent in 1u64..=100) {
            let found = of(&values).percentile(percent).unwrap();
            values.sort_unstable();
            let rank = (values.len() as u64 * percent).div_ceil(100).max(1);
            let exact = values[usize::try_from(rank).unwrap() - 1];
            prop_assert!(found.abs_diff(exact) * 16 <= exact, "{exact} became {found}");
        }

        #[test]
        fn parts_add_up_to_the_whole_in_any_order(a in prop::collection::vec(any::<u32>(), 0..50), b in prop::collection::vec(any::<u32>(), 0..50)) {
            let [a, b] = [a, b].map(|part| part.into_iter().map(u64::from).collect::<Vec<_>>());
            let (mut ab, mut ba) = (of(&a), of(&b));
            ab.merge(&of(&b));
            ba.merge(&of(&a));
            let whole = of(&[a, b].concat());
            prop_assert_eq!(&ab, &whole);
            prop_assert_eq!(&ba, &whole);
            let kept: Histogram = serde_json::from_str(&serde_json::to_string(&whole).unwrap()).unwrap();
            prop_assert_eq!(kept, whole);
        }
    }
}
