//! Queues → functions: the event source mapping of one queue, with partial batch responses.

use std::{collections::BTreeMap, sync::Arc};

use deskwire_sqs::QueueService;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::{crash_points, event_source::invoke, functions::Function};

/// Messages of one batch (SQS).
const BATCH: u32 = 10;
/// Seconds that a receive waits.
const WAIT_SECONDS: u32 = 20;
/// Seconds after which what failed is given out again: sooner than the visibility time-out, which is made for a
/// function that hangs.
const AGAIN_SECONDS: u32 = 2;
/// Batches under way at once: with FIFO queues different groups run side by side.
const CONCURRENCY: usize = 4;

/// The mapping of one queue.
#[derive(Clone)]
pub(crate) struct Mapping {
    pub queues: QueueService,
    pub queue: String,
    pub function: Arc<dyn Function>,
}

impl Mapping {
    /// Runs until it is told to stop; what was received is finished.
    pub(crate) async fn run(self, stop: CancellationToken) {
        let workers = (0..CONCURRENCY).map(|_| tokio::spawn(self.clone().work(stop.clone())));
        futures::future::join_all(workers).await;
    }

    async fn work(self, stop: CancellationToken) {
        let url = self.queues.url(&self.queue);
        let asked = json!({
            "QueueUrl": url, "MaxNumberOfMessages": BATCH, "WaitTimeSeconds": WAIT_SECONDS,
            "MessageSystemAttributeNames": ["All"], "MessageAttributeNames": ["All"],
        });
        let asked = asked.to_string();
        while !stop.is_cancelled() {
            let reply = tokio::select! {
                reply = self.queues.call("ReceiveMessage", asked.as_bytes()) => reply,
                () = stop.cancelled() => return,
            };
            let received: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
            let messages = received.get("Messages").and_then(Value::as_array).cloned().unwrap_or_default();
            if !messages.is_empty() {
                self.deliver(&url, &messages).await;
            } else if reply.status != 200 {
                tracing::error!(queue = self.queue, "a queue cannot be read");
                tokio::time::sleep(std::time::Duration::from_secs(1)).await;
            }
        }
    }

    async fn deliver(&self, url: &str, messages: &[Value]) {
        let arn = format!("arn:aws:sqs:us-east-1:000000000000:{}", self.queue);
        let record = |message: &Value| {
            json!({
                "messageId": message["MessageId"], "receiptHandle": message["ReceiptHandle"], "body": message["Body"],
                "md5OfBody": message["MD5OfBody"], "attributes": message["Attributes"], "messageAttributes": {},
                "eventSource": "aws:sqs", "eventSourceARN": arn, "awsRegion": "us-east-1",
            })
        };
        let event = json!({"Records": messages.iter().map(record).collect::<Vec<_>>()});
        let failed = invoke(&self.function, &event).await;
        if let Err(error) = &failed {
            tracing::error!(error, queue = self.queue, "a batch failed");
        }
        crash_points::pass("before-sqs-delete");
        let by_id: BTreeMap<&str, &Value> =
            messages.iter().filter_map(|m| Some((m["MessageId"].as_str()?, m))).collect();
        for (id, message) in by_id {
            let again = failed.as_ref().map_or(true, |failed| failed.contains(id));
            let (action, body) = if again {
                let body = json!({"QueueUrl": url, "ReceiptHandle": message["ReceiptHandle"], "VisibilityTimeout": AGAIN_SECONDS});
                ("ChangeMessageVisibility", body)
            } else {
                ("DeleteMessage", json!({"QueueUrl": url, "ReceiptHandle": message["ReceiptHandle"]}))
            };
            self.queues.call(action, body.to_string().as_bytes()).await;
        }
    }
}
