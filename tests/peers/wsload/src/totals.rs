//! What came of a load.

use std::fmt;
use std::time::Duration;

#[derive(Default)]
pub(crate) struct Totals {
    pub(crate) messages: u64,
    pub(crate) errors: u64,
    pub(crate) first_error: String,
    pub(crate) round_trips: Histogram,
}

impl Totals {
    pub(crate) fn fail(&mut self, error: &impl fmt::Display) {
        if self.errors == 0 {
            self.first_error = error.to_string();
        }
        self.errors += 1;
    }

    /// The line that `bench.py` reads.
    pub(crate) fn to_json(&self, took: Duration) -> String {
        format!(
            r#"{{"count":{},"secs":{:.4},"p50_us":{:.1},"p99_us":{:.1},"errors":{},"first_error":{:?}}}"#,
            self.messages,
            took.as_secs_f64(),
            self.round_trips.quantile(0.5),
            self.round_trips.quantile(0.99),
            self.errors,
            self.first_error
        )
    }
}

/// Microseconds in buckets of about 3 per cent.
#[derive(Default)]
pub(crate) struct Histogram {
    buckets: Vec<u64>,
    count: u64,
}

impl Histogram {
    const BUCKETS_PER_E: f64 = 33.0;

    pub(crate) fn add(&mut self, took: Duration) {
        let micros = took.as_secs_f64() * 1e6;
        let index = (micros.max(1.0).ln() * Self::BUCKETS_PER_E) as usize;
        if index >= self.buckets.len() {
            self.buckets.resize(index + 1, 0);
        }
        self.buckets[index] += 1;
        self.count += 1;
    }

    /// The middle of the bucket that the quantile falls into; 0 where nothing was added.
    fn quantile(&self, q: f64) -> f64 {
        let want = (self.count as f64 * q) as u64;
        let mut seen = 0;
        for (index, n) in self.buckets.iter().enumerate() {
            seen += n;
            if seen > want {
                return ((index as f64 + 0.5) / Self::BUCKETS_PER_E).exp();
            }
        }
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_right_to_a_few_per_cent() {
        let mut histogram = Histogram::default();
        (1..=1000).for_each(|n| histogram.add(Duration::from_micros(n)));
        assert!((histogram.quantile(0.5) / 500.0 - 1.0).abs() < 0.04);
        assert!((histogram.quantile(0.99) / 990.0 - 1.0).abs() < 0.04);
    }

    #[test]
    fn the_first_error_is_the_one_told() {
        let mut totals = Totals::default();
        totals.fail(&"one");
        totals.fail(&"two");
        assert!(totals.to_json(Duration::from_secs(1)).ends_with(r#""errors":2,"first_error":"one"}"#));
    }
}
