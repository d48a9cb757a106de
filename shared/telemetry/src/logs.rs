//! Logs: JSON lines on standard error, one per event.

use std::sync::Once;

use tracing_subscriber::{Layer, filter::Targets, layer::SubscriberExt, util::SubscriberInitExt};

use crate::export;

/// What is logged unless `RUST_LOG` says otherwise.
const FILTER: &str =
    "info,aws_smithy_runtime=warn,hyper=warn,opentelemetry=warn,opentelemetry_sdk=warn,opentelemetry_otlp=warn";

/// Starts logging, and where a collector is named, tracing; once a process. `RUST_LOG` says how much; `info` unless it
/// does. Each line names the spans that it happened in, and so the trace.
pub fn init() {
    static STARTED: Once = Once::new();
    STARTED.call_once(|| {
        let filter = || filter(std::env::var("RUST_LOG").ok().as_deref());
        let json = tracing_subscriber::fmt::layer()
            .json()
            .with_current_span(false)
            .with_writer(std::io::stderr)
            .with_filter(filter());
        let traces = export::start().map(|tracer| {
            tracing_opentelemetry::layer()
                .with_tracer(tracer)
                .with_location(false)
                .with_threads(false)
                .with_filter(filter())
        });
        // Somebody else's subscriber (a test's) is as good.
        let _ = tracing_subscriber::registry().with(json).with(traces).try_init();
    });
}

/// Levels by target, as `RUST_LOG` states them: `info,deskwire_app=debug`. `EnvFilter` would also know fields of spans, by
/// way of two engines for regular expressions, which each cold start would load.
fn filter(stated: Option<&str>) -> Targets {
    let stated = stated.filter(|stated| !stated.is_empty()).and_then(|stated| stated.parse().ok());
    stated.unwrap_or_else(|| FILTER.parse().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use tracing::Level;

    use super::*;

    #[test]
    fn levels_go_by_target_and_what_makes_no_sense_is_as_if_it_were_not_there() {
        let own = filter(None);
        assert!(own.would_enable("deskwire_app", &Level::INFO) && !own.would_enable("deskwire_app", &Level::DEBUG));
        assert!(own.would_enable("hyper", &Level::WARN) && !own.would_enable("hyper::client", &Level::INFO));
        assert_eq!((filter(Some("")), filter(Some("deskwire_app=loud"))), (own.clone(), own));
        let stated = filter(Some("error,deskwire_app=debug"));
        assert!(
            stated.would_enable("deskwire_app::send", &Level::DEBUG) && !stated.would_enable("hyper", &Level::WARN)
        );
        assert!(!filter(Some("off")).would_enable("deskwire_app", &Level::ERROR));
    }
}
