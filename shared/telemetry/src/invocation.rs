//! One invocation of a function: its span, its trace, its line of counts.

use std::time::Instant;

use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState};
use tracing::{Instrument, Span, field};
use tracing_opentelemetry::OpenTelemetrySpanExt;

use crate::{Trace, counts, export};

/// Runs an invocation of a function as a part of the trace that its caller named, and writes what it counted.
pub async fn invocation<T>(function: &str, trace: Option<Trace>, work: impl Future<Output = T>) -> T {
    let span = tracing::info_span!(
        "invocation",
        otel.name = function,
        otel.kind = "server",
        function,
        trace_id = trace.map(|trace| field::display(trace.id()))
    );
    let begun = Instant::now();
    let done = match trace {
        Some(trace) => trace.continued_by(&span).scope(work.instrument(span)).await,
        None => work.instrument(span).await,
    };
    counts::write(function, begun.elapsed());
    done
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
