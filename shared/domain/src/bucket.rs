//! A token bucket: so many at once, so many a second.

/// A bucket. Times are seconds on any clock that does not run backwards.
#[derive(Debug, Clone)]
pub struct Bucket {
    per_second: f64,
    burst: f64,
    tokens: f64,
    at: f64,
}

impl Bucket {
    /// A full bucket.
    pub fn new(per_second: f64, burst: f64, now: f64) -> Self {
        Self { per_second, burst, tokens: burst, at: now }
    }

    /// Takes one token if there is one.
    pub fn take(&mut self, now: f64) -> bool {
        let passed = (now - self.at).max(0.0);
        self.at = self.at.max(now);
        self.tokens = (self.tokens + passed * self.per_second).min(self.burst);
        let has = self.tokens >= 1.0;
        if has {
            self.tokens -= 1.0;
        }
        has
    }

    /// Whether it is full again, so that forgetting it changes nothing.
    pub fn is_full(&self, now: f64) -> bool {
        self.tokens + (now - self.at).max(0.0) * self.per_second >= self.burst
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn never_more_than_burst_plus_rate(steps in prop::collection::vec(0.0f64..0.5, 1..300)) {
            let (rate, burst) = (5.0, 8.0);
            let mut bucket = Bucket::new(rate, burst, 0.0);
            let (mut now, mut taken) = (0.0, 0.0);
            for step in steps {
                now += step;
                if bucket.take(now) { taken += 1.0; }
                prop_assert!(taken <= burst + rate * now + 1e-6);
            }
        }
    }

    #[test]
    fn it_fills_again() {
        let mut bucket = Bucket::new(1.0, 2.0, 0.0);
        assert_eq!([bucket.take(0.0), bucket.take(0.0), bucket.take(0.0), bucket.take(1.0)], [true, true, false, true]);
        assert!(!bucket.is_full(2.0) && bucket.is_full(3.0));
    }
}
