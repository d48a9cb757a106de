//! Named points at which the crash test kills the process: `DESKWIRE_KILL_AT=<point>:<n>` means the n-th time that the
//! point is passed. Without the variable this is one load of a static.

use std::sync::{
    LazyLock,
    atomic::{AtomicU64, Ordering},
};

struct Plan {
    point: String,
    left: AtomicU64,
}

static PLAN: LazyLock<Option<Plan>> = LazyLock::new(|| {
    let text = std::env::var("DESKWIRE_KILL_AT").ok()?;
    let (point, count) = text.split_once(':').unwrap_or((&text, "1"));
    Some(Plan { point: point.to_owned(), left: AtomicU64::new(count.parse().ok()?) })
});

/// All points there are.
pub const POINTS: [&str; 6] = [
    "before-invoke",
    "after-put",
    "after-invoke-before-reply",
    "before-stream-checkpoint",
    "after-sqs-send",
    "before-sqs-delete",
];

/// Passes a point; where the plan says so, the process dies here as by SIGKILL: nothing is flushed, nobody is told.
pub fn pass(point: &str) {
    let Some(plan) = PLAN.as_ref() else { return };
    if plan.point == point && plan.left.fetch_sub(1, Ordering::SeqCst) == 1 {
        std::process::abort();
    }
}
