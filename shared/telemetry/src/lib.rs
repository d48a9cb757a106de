//! How one sees what runs: logs as JSON lines, the trace that a piece of work belongs to, and counts.
//!
//! Without a setting, logs and counts are all there is, and nothing is connected to. Where
//! `OTEL_EXPORTER_OTLP_ENDPOINT` names a collector, traces and counts go there too, by a thread of its own; [`flush`] sends
//! what is left behind an answer, before Lambda freezes the process, and bounds what a collector may cost.
//!
//! Never a body, a token or an address of anybody: what a span or a line says is ids, codes and durations.

pub mod counts;
mod export;
mod invocation;
mod logs;
mod trace;

pub use counts::{Count, count};
pub use export::flush;
pub use invocation::{invocation, within};
pub use logs::init;
pub use trace::Trace;
