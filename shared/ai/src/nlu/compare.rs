//! Whether a new model does worse than the one before it: by evidence, not by one row more or less.

use super::{Example, Model};

/// How unlikely the difference must be where the two are equally good: one version in twenty that is no worse is held
/// back all the same, and waits for somebody to let it serve.
const LEVEL: f64 = 0.05;
/// Rows below which no difference can be evidence: four that are all lost are chance once in sixteen times.
const FEWEST: usize = 5;

/// Two models on the same rows, none of which either has learned.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Compared {
    /// Rows with an intent.
    pub rows: usize,
    /// Those that the model before understood.
    pub before: usize,
    /// Those that only the new one understands.
    pub gained: usize,
    /// Those that only the model before understood.
    pub lost: usize,
}

/// What a comparison says of the new model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// There are too few rows to say anything.
    TooFew,
    /// Nothing says that it is worse.
    NoWorse,
    /// It is worse.
    Worse,
}

impl Compared {
    /// Compares two models on rows that neither has learned; rows without an intent are passed over.
    pub fn of(before: &Model, now: &Model, rows: &[Example]) -> Self {
        let mut compared = Self::default();
        for (row, intent) in rows.iter().filter_map(|row| Some((row, row.intent.as_ref()?))) {
            let is_right = |model: &Model| model.understand(&row.text, 0.0).intent.as_ref() == Some(intent);
            let (was, is) = (is_right(before), is_right(now));
            compared.rows += 1;
            compared.before += usize::from(was);
            compared.gained += usize::from(is && !was);
            compared.lost += usize::from(was && !is);
        }
        compared
    }

    /// What it says: McNemar's test in its exact form, one-sided. Rows on which the two agree say nothing; of the others
    /// as many would be lost as gained by chance.
    pub fn verdict(&self) -> Verdict {
        match self.rows {
            rows if rows < FEWEST => Verdict::TooFew,
            _ if tail(self.gained + self.lost, self.lost) <= LEVEL => Verdict::Worse,
            _ => Verdict::NoWorse,
        }
    }
}

/// How likely a fair coin shows heads `least` times or more in so many throws.
fn tail(throws: usize, least: usize) -> f64 {
    // By logarithms: 2 to the power of a thousand throws is no number.
    let half = 0.5f64.ln() * throws as f64;
    let (mut ways, mut sum) = (0.0f64, 0.0f64);
    for heads in 0..=throws {
        if heads > 0 {
            ways += ((throws - heads + 1) as f64 / heads as f64).ln();
        }
        if heads >= least {
            sum += (ways + half).exp();
        }
    }
    sum.min(1.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn verdict(rows: usize, gained: usize, lost: usize) -> Verdict {
        Compared { rows, before: lost, gained, lost }.verdict()
    }

    #[test]
    fn only_evidence_says_that_it_is_worse() {
        for (rows, gained, lost, says) in [
            (0, 0, 0, Verdict::TooFew),
            (3, 0, 1, Verdict::TooFew),
            (4, 0, 4, Verdict::TooFew),
            (5, 0, 4, Verdict::NoWorse),
            (5, 0, 5, Verdict::Worse),
            (100, 0, 0, Verdict::NoWorse),
            (100, 1, 6, Verdict::NoWorse),
            (100, 1, 7, Verdict::Worse),
            (1_000, 40, 40, Verdict::NoWorse),
            (1_000, 40, 57, Verdict::NoWorse),
            (1_000, 40, 60, Verdict::Worse),
            (100_000, 10_000, 10_400, Verdict::Worse),
        ] {
            assert_eq!(verdict(rows, gained, lost), says, "{rows} rows, {gained} gained, {lost} lost");
        }
    }

    proptest! {
        #[test]
        fn a_coin_is_fair(throws in 0usize..300, part in 0.0f64..=1.0) {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the throws")]
            let least = (throws as f64 * part) as usize;
            prop_assert!((tail(throws, least) + tail(throws, throws - least + 1) - 1.0).abs() < 1e-9);
            prop_assert!((tail(throws, 0) - 1.0).abs() < 1e-9);
        }

        #[test]
        fn whoever_gains_as_much_as_is_lost_is_no_worse(rows in 5usize..500, gained in 0usize..200, lost in 0usize..200) {
            prop_assume!(gained + lost <= rows);
            prop_assert!(gained < lost || verdict(rows, gained, lost) == Verdict::NoWorse);
            // One more that is gained never makes it worse.
            prop_assert!(verdict(rows + 1, gained + 1, lost) != Verdict::Worse || verdict(rows, gained, lost) == Verdict::Worse);
        }
    }
}
