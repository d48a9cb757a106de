//! Counts of what matters to whoever runs Deskwire, beside what Lambda and the queues count themselves. One set of
//! numbers, three readers: CloudWatch's embedded metric format, the gateway's `/metrics`, and OTLP.

use std::{
    io::Write,
    sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde_json::{Map, Value, json};

/// CloudWatch's namespace of them.
pub const NAMESPACE: &str = "Deskwire";
/// The setting that has each invocation write a line of them for CloudWatch: `emf`.
const SETTING: &str = "DESKWIRE_METRICS";
/// What it says: read once, for it is asked at each invocation.
static EMBEDDED: LazyLock<bool> = LazyLock::new(|| std::env::var_os(SETTING).is_some_and(|value| value == "emf"));

macro_rules! counts {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// What is counted.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Count {
            $($(#[$doc])* $name,)*
        }

        impl Count {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Its name, as CloudWatch shows it.
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }
        }
    };
}

counts! {
    /// Frames that were done.
    Acked,
    /// Frames and requests that were refused, by anybody's fault.
    Refused,
    /// Frames and requests that failed by ours.
    Failed,
    /// Pushes to sockets.
    Pushes,
    /// Sockets that were gone when something was pushed to them.
    Gone,
    /// Webhook deliveries that the endpoint took.
    WebhookDelivered,
    /// Attempts that it did not take.
    WebhookFailed,
    /// Webhook endpoints that were switched off, because they failed for days.
    WebhookDisabled,
    /// Turns that the AI agent answered.
    AiAnswered,
    /// Turns that it handed over to people.
    AiHandedOver,
    /// Turns in which the model or the remote agent failed, and the local engine answered.
    AiFallback,
}

impl Count {
    /// What a refusal counts as: it is by our fault, or by anybody's.
    pub fn of_refusal(ours: bool) -> Self {
        if ours { Self::Failed } else { Self::Refused }
    }
}

/// How often each happened, since the process began.
static TOTALS: [AtomicU64; Count::ALL.len()] = [const { AtomicU64::new(0) }; Count::ALL.len()];
/// What of it was written already.
static WRITTEN: [AtomicU64; Count::ALL.len()] = [const { AtomicU64::new(0) }; Count::ALL.len()];

/// Counts something.
pub fn count(what: Count, times: u64) {
    TOTALS[what as usize].fetch_add(times, Relaxed);
}

/// How often something happened, since the process began.
pub fn total(what: Count) -> u64 {
    TOTALS[what as usize].load(Relaxed)
}

/// Writes a line with what was counted since the last one, where the setting asks for it. On standard output, from where
/// CloudWatch takes it without any call.
pub(crate) fn write(function: &str, took: Duration) {
    if !*EMBEDDED {
        return;
    }
    let since = Count::ALL.iter().filter_map(|what| {
        let (now, index) = (total(*what), *what as usize);
        let new = now.saturating_sub(WRITTEN[index].swap(now, Relaxed));
        (new > 0).then_some((what.name(), new))
    });
    let at = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    let line = embedded(function, &since.collect::<Vec<_>>(), (at, took));
    // A line that cannot be written is one that nobody reads.
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// A line in CloudWatch's embedded metric format, specification of 2019: how long it took, and the counts.
fn embedded(function: &str, counts: &[(&str, u64)], (at, took): (u128, Duration)) -> Value {
    let names = counts.iter().map(|(name, _)| json!({"Name": name, "Unit": "Count"}));
    let metrics: Vec<_> = std::iter::once(json!({"Name": "Took", "Unit": "Milliseconds"})).chain(names).collect();
    let mut line = Map::from_iter([
        (
            "_aws".to_owned(),
            json!({
                "Timestamp": u64::try_from(at).unwrap_or_default(),
                "CloudWatchMetrics": [{"Namespace": NAMESPACE, "Dimensions": [["function"]], "Metrics": metrics}],
            }),
        ),
        ("function".to_owned(), function.into()),
        ("Took".to_owned(), (took.as_micros() as f64 / 1e3).into()),
    ]);
    line.extend(counts.iter().map(|(name, count)| ((*name).to_owned(), (*count).into())));
    Value::Object(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_each_metric_by_name_and_by_value() {
        let line =
            embedded("message", &[("Acked", 1), ("Pushes", 2)], (1_700_000_000_000, Duration::from_micros(1500)));
        let metrics = line["_aws"]["CloudWatchMetrics"][0]["Metrics"].as_array().unwrap();
        assert_eq!(metrics.len(), 3);
        for metric in metrics {
            assert!(line[metric["Name"].as_str().unwrap()].is_number(), "{line}");
        }
        assert_eq!(
            (line["Took"].as_f64(), line["Pushes"].as_u64(), line["function"].as_str()),
            (Some(1.5), Some(2), Some("message"))
        );
    }

    #[test]
    fn what_is_counted_is_told() {
        let before = total(Count::WebhookDisabled);
        count(Count::WebhookDisabled, 3);
        assert_eq!(total(Count::WebhookDisabled) - before, 3);
    }
}
