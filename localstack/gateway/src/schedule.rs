//! The schedule → `sweep`, and the engine's own sweep of what its TTL has ended.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::{
    engine::Engine,
    functions::{Function, FunctionError},
};

/// Fires each `period` until it is told to stop.
pub(crate) async fn run(function: Arc<dyn Function>, engine: Engine, period: Duration, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(period);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    loop {
        tokio::select! { _ = ticks.tick() => {}, () = stop.cancelled() => return }
        let event = json!({
            "version": "0", "id": ulid::Ulid::generate().to_string(), "detail-type": "Scheduled Event", "source": "aws.events",
            "time": jiff::Timestamp::now().to_string(), "region": "us-east-1", "resources": [], "detail": {},
        });
        if let Err(FunctionError(error)) = function.invoke(Bytes::from(event.to_string())).await {
            tracing::error!(error, "`sweep` failed");
        }
        engine.call("DeskwireSweepTtl", b"{}".to_vec()).await;
    }
}
