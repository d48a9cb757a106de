//! The load benchmark: prints a table, and with `--json` the same as JSON. Not a test: nothing here fails for being
//! slow. The machine's own limits are measured in the same run and stand beside the figures.
//!
//! ```text
//! cargo run --profile fast --bin bench
//! ```

mod ai;
mod growth;
mod limits;
mod load;
mod memory;
mod process;
mod queries;
mod webhooks;

use anyhow::Result;
use clap::Parser;
use serde_json::{Map, Value, json};

#[derive(Parser)]
struct Arguments {
    /// Messages per second at the given rate.
    #[arg(long, default_value_t = 300)]
    rate: u32,
    /// Open conversations at the given rate.
    #[arg(long, default_value_t = 3_000)]
    conversations: usize,
    /// Seconds of each measurement.
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    /// Idle connections whose memory is measured.
    #[arg(long, default_value_t = 10_000)]
    idle: usize,
    /// Entries of the longest conversation, and the largest number of conversations, in the growth measurement.
    #[arg(long, default_value_t = 100_000)]
    growth: usize,
    /// Only the webhooks and the queries.
    #[arg(long)]
    outside: bool,
    /// Only the AI agent's turns.
    #[arg(long)]
    ai: bool,
    /// Print JSON too.
    #[arg(long)]
    json: bool,
}

/// Rows of the result.
#[derive(Default)]
pub(crate) struct Report(Map<String, Value>);

impl Report {
    pub(crate) fn add(&mut self, name: &str, value: impl Into<Value>) {
        let value = value.into();
        show(&format!("| {name} | {value} |"));
        self.0.insert(name.to_owned(), value);
    }

    fn number(&self, name: &str) -> f64 {
        self.0.get(name).and_then(Value::as_f64).unwrap_or(0.0)
    }
}

#[expect(clippy::print_stdout, reason = "the benchmark's result")]
fn show(line: &str) {
    println!("{line}");
}

/// Two digits behind the point.
pub(crate) fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let mut report = Report::default();
    show("| figure | value |\n| --- | --- |");
    if arguments.outside {
        webhooks::measure(&mut report).await?;
        return queries::measure(&mut report).await;
    }
    limits::measure(&mut report).await?;
    if arguments.ai {
        return ai::measure(&mut report).await;
    }
    load::at_rate(&mut report, arguments.rate, arguments.conversations, arguments.seconds).await?;
    load::saturated(&mut report, arguments.seconds).await?;
    memory::measure(&mut report, arguments.idle).await?;
    webhooks::measure(&mut report).await?;
    queries::measure(&mut report).await?;
    ai::measure(&mut report).await?;
    growth::measure(&mut report, arguments.growth).await?;
    let ratio = report.number("saturation: acked messages/s") / report.number("limit: durable puts/s, engine").max(1.0);
    report.add("saturation ÷ durable puts", round(ratio));
    if arguments.json {
        show(&json!(report.0).to_string());
    }
    Ok(())
}
