//! How one sees what runs: logs as JSON lines, the trace that a piece of work belongs to, and counts.
//!
//! Without a setting, logs and counts are all there is, and nothing is connected to. Where
//! `OTEL_EXPORTER_OTLP_ENDPOINT` names a collector, traces and counts go there too, by a thread of its own and never on
//! anybody's way; [`flush`] sends what is left before Lambda freezes the process.
//!
//! Never a body, a token or an address of anybody: what a span or a line says is ids, codes and durations.

pub mod counts;
mod export;
mod invocation;
mod logs;
mod trace;

pub use counts::{Count, count};
pub use export::flush;
pub use invocation::invocation;
pub use logs::init;
pub use trace::Trace;
