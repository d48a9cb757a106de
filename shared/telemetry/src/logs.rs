//! Logs: JSON lines on standard error, one per event.

use std::sync::Once;

use tracing_subscriber::{EnvFilter, Layer, layer::SubscriberExt, util::SubscriberInitExt};

use crate::export;

/// What is logged unless `RUST_LOG` says otherwise.
const FILTER: &str =
    "info,aws_smithy_runtime=warn,hyper=warn,opentelemetry=warn,opentelemetry_sdk=warn,opentelemetry_otlp=warn";

/// Starts logging, and where a collector is named, tracing; once a process. `RUST_LOG` says how much; `info` unless it
/// does. Each line names the spans that it happened in, and so the trace.
pub fn init() {
    static STARTED: Once = Once::new();
    STARTED.call_once(|| {
        let filter = || EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(FILTER));
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
