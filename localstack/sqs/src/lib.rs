//! A queue service for one machine that speaks SQS (AWS JSON 1.0, as the AWS SDKs, boto3 and AWS CLI v2 do), durable on
//! SQLite: what was answered survives SIGKILL and power loss.
//!
//! It is not a server: the gateway mounts [`QueueService::call`] behind its own front and checks signatures there. It is
//! not a cluster either: one process owns the file, and a second one is refused. It has no users, hence no policies that
//! are enforced, no encryption, and no rate limits.
//!
//! Why our own: the Rust emulators of SQS (`rustack-sqs-core`, `winterbaume-sqs`, `awsim-sqs`) keep messages in memory
//! only, and `fakecloud-sqs` is AGPL.
//!
//! # How a request goes
//!
//! [`QueueService::call`] parses the body into one struct per action and checks all that can be the caller's fault on
//! the caller's own task. Only then does the struct go to the one thread that owns the database (`writer`), which runs
//! all requests that wait in one transaction: a hundred concurrent sends cost one fsync.
//! A receive that finds nothing goes back to sleep on the caller's task, and is woken by the commit that touches its
//! queue, or when the next delay or visibility timeout ends.
//!
//! # Where it is stricter or laxer than SQS on purpose
//!
//! - Messages that were in flight when the process died are given out again at once after a restart, for on one machine
//!   their receivers mostly died with it.
//! - A deleted queue's name is free at once (SQS: after 60 seconds), for nothing here has to spread over servers.
//! - Counts that SQS calls approximate are exact here, and each receive sees all messages.

mod actions;
mod attributes;
mod contents;
mod digest;
mod fault;
mod groups;
mod limits;
mod message;
mod queue;
mod schema;
mod service;
mod stats;
mod waiters;
mod writer;

use std::sync::Arc;

pub use fault::Reply;
pub use service::QueueService;

/// Where the queues live, in URLs and ARNs.
#[derive(Debug, Clone)]
pub struct QueueConfig {
    /// What queue URLs begin with; the account and the queue's name follow.
    pub base_url: String,
    /// The region in ARNs.
    pub region: String,
    /// The account in URLs and ARNs: 12 digits.
    pub account_id: String,
}

impl QueueConfig {
    pub(crate) fn url(&self, queue: &str) -> String {
        format!("{}/{}/{queue}", self.base_url.trim_end_matches('/'), self.account_id)
    }

    pub(crate) fn arn(&self, queue: &str) -> String {
        format!("arn:aws:sqs:{}:{}:{queue}", self.region, self.account_id)
    }
}

/// Milliseconds since 1970; a test turns it by hand, and calls [`QueueService::wake`] after.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;
