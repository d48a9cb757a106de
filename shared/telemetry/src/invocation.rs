//! A piece of work, its span and its trace; and an invocation of a function, with its line of counts.

use std::time::Instant;

use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState};
use tracing::{Instrument, Span, field};
use tracing_opentelemetry::OpenTelemetrySpanExt;

use crate::{Trace, counts, export};

/// Runs an invocation of a function as a part of the trace that `X-Amzn-Trace-Id` names, and writes what it counted.
pub async fn invocation<T>(function: &str, header: Option<&str>, work: impl Future<Output = T>) -> T {
    let begun = Instant::now();
    let done = within(function, header.and_then(Trace::from_xray), work).await;
    counts::write(function, begun.elapsed());
    done
}

/// Runs a piece of work in a span of its own, as a part of a trace: lines of the log and whoever is called from it say so.
pub async fn within<T>(name: &str, trace: Option<Trace>, work: impl Future<Output = T>) -> T {
    let span = tracing::info_span!(
        "within",
        otel.name = name,
        otel.kind = "server",
        name,
        trace_id = trace.map(|trace| field::display(trace.id()))
    );
    match trace {
        Some(trace) => trace.continued_by(&span).scope(work.instrument(span)).await,
        None => work.instrument(span).await,
    }
}

impl Trace {
    /// The same trace behind a span: what happens in the span is its child, here and at whoever is called from it.
    fn continued_by(self, span: &Span) -> Self {
        if !export::is_on() {
            return self;
        }
        let remote = SpanContext::new(
            TraceId::from_bytes(self.id),
            SpanId::from_bytes(self.parent),
            TraceFlags::SAMPLED,
            true,
            TraceState::default(),
        );
        // A span that is filtered out has no place to note it; its children then lack one step of the way.
        let _ = span.set_parent(opentelemetry::Context::new().with_remote_span_context(remote));
        let own = span.context().span().span_context().span_id();
        if own == SpanId::INVALID { self } else { Self { parent: own.to_bytes(), ..self } }
    }
}
