//! OTLP over HTTP, to the collector that the environment names, as OpenTelemetry's own settings say it:
//! `OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`.

use std::{
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use opentelemetry::{KeyValue, metrics::MeterProvider, trace::TracerProvider};
use opentelemetry_sdk::{
    Resource,
    metrics::SdkMeterProvider,
    trace::{SdkTracer, SdkTracerProvider},
};

use crate::counts::{Count, total};

/// The setting that names the collector.
const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";

static EXPORT: OnceLock<(SdkTracerProvider, SdkMeterProvider)> = OnceLock::new();

/// Whether anything is exported.
pub(crate) fn is_on() -> bool {
    EXPORT.get().is_some()
}

/// Starts exporting, where a collector is named. One that cannot be used is logged by nobody yet, so it is said on
/// standard error.
pub(crate) fn start() -> Option<SdkTracer> {
    std::env::var_os(ENDPOINT).filter(|endpoint| !endpoint.is_empty())?;
    match providers() {
        Ok(made) => Some(EXPORT.get_or_init(|| made).0.tracer("deskwire")),
        Err(error) => {
            use std::io::Write;
            let _ = writeln!(std::io::stderr(), "{ENDPOINT} cannot be used, so nothing is exported: {error}");
            None
        }
    }
}

/// Which of a function's environments this is: each counts from nothing, so their counts are series of their own.
fn instance() -> String {
    std::env::var("AWS_LAMBDA_LOG_STREAM_NAME").unwrap_or_else(|_| format!("{:016x}", rand::random::<u64>()))
}

type Built<T> = Result<T, opentelemetry_otlp::ExporterBuildError>;

fn providers() -> Built<(SdkTracerProvider, SdkMeterProvider)> {
    let function = std::env::var("AWS_LAMBDA_FUNCTION_NAME").unwrap_or_else(|_| "deskwire".into());
    // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES are read by the builder itself, and win.
    let mut resource = Resource::builder().with_attribute(KeyValue::new("service.instance.id", instance()));
    if std::env::var_os("OTEL_SERVICE_NAME").is_none() {
        resource = resource.with_service_name(function);
    }
    let resource = resource.build();
    let spans = opentelemetry_otlp::SpanExporter::builder().with_http().build()?;
    let tracer = SdkTracerProvider::builder().with_resource(resource.clone()).with_batch_exporter(spans).build();
    let metrics = opentelemetry_otlp::MetricExporter::builder().with_http().build()?;
    let meter = SdkMeterProvider::builder().with_resource(resource).with_periodic_exporter(metrics).build();
    for what in Count::ALL {
        let name = format!("deskwire.{}", what.name());
        meter
            .meter("deskwire")
            .u64_observable_counter(name)
            .with_callback(|observer| observer.observe(total(*what), &[]))
            .build();
    }
    Ok((tracer, meter))
}

/// How long an invocation's end may wait for a collector: it is paid for, and the process is busy meanwhile.
const FLUSH_TIME: Duration = Duration::from_millis(500);
/// How long a collector that did not answer is not waited for.
const LEFT_ALONE: Duration = Duration::from_secs(30);
/// Until when nobody waits: milliseconds since 1970.
static NOT_BEFORE: AtomicU64 = AtomicU64::new(0);

/// Sends what was not sent yet: before Lambda freezes the process, and at the end. Without a collector it is nothing; one
/// that hangs costs half a second in half a minute, and then what it did not take may be lost.
pub async fn flush() {
    let Some((tracer, meter)) = EXPORT.get().cloned() else { return };
    if millis() < NOT_BEFORE.load(Relaxed) {
        return;
    }
    let flushing = tokio::task::spawn_blocking(move || tracer.force_flush().and(meter.force_flush()));
    if !matches!(tokio::time::timeout(FLUSH_TIME, flushing).await, Ok(Ok(Ok(())))) {
        NOT_BEFORE.store(millis() + LEFT_ALONE.as_millis() as u64, Relaxed);
        tracing::warn!("the collector did not take traces or counts, and is left alone for a while");
    }
}

fn millis() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
