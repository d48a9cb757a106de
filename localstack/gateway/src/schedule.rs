//! Schedules → functions, and the tables' own sweep of what TTL has ended.

use std::time::Duration;

use bytes::Bytes;
use serde_json::json;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::{engine::Engine, functions::Invoker};

/// How long one run may take: Lambda's own limit for a function, 15 minutes.
const RUN_TIME: Duration = Duration::from_secs(900);

/// Fires each `period` until it is told to stop; a run that takes longer delays the next.
pub(crate) async fn run(name: String, function: Invoker, period: Duration, stop: CancellationToken) {
    let mut ticks = ticks(period);
    loop {
        tokio::select! { _ = ticks.tick() => {}, () = stop.cancelled() => return }
        if let Err(error) = function.invoke(event(&name), RUN_TIME, None).await {
            tracing::error!(%error, name, "a scheduled function failed");
        }
    }
}

/// Takes away what TTL has ended, each `period` until it is told to stop. (DynamoDB does so within days.)
pub(crate) async fn sweep_ttl(engine: Engine, period: Duration, stop: CancellationToken) {
    let mut ticks = ticks(period);
    loop {
        tokio::select! { _ = ticks.tick() => {}, () = stop.cancelled() => return }
        if let Err(error) = engine.sweep().await {
            tracing::error!(%error, "what TTL has ended could not be taken away");
        }
    }
}

fn ticks(period: Duration) -> tokio::time::Interval {
    let mut ticks = tokio::time::interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    ticks
}

/// EventBridge's event of a schedule.
fn event(name: &str) -> Bytes {
    let now = jiff::Timestamp::from_second(jiff::Timestamp::now().as_second()).unwrap_or_default();
    let event = json!({
        "version": "0", "id": ulid::Ulid::generate().to_string(), "detail-type": "Scheduled Event",
        "source": "aws.events", "account": "000000000000", "time": now.to_string(), "region": "us-east-1",
        "resources": [format!("arn:aws:events:us-east-1:000000000000:rule/{name}")], "detail": {},
    });
    event.to_string().into()
}
