//! Queues → functions: the event source mapping of one queue, with partial batch responses.

use std::collections::BTreeSet;

use deskwire_sqs::QueueService;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::{crash_points, event_source::invoke, functions::Invoker};

/// Seconds that a receive waits (SQS: at most 20).
const WAIT_SECONDS: u32 = 20;
/// Seconds after which what failed for the first time is given out again, doubled each time: sooner than the
/// visibility time-out, which is made for a function that hangs.
const AGAIN_SECONDS: u64 = 2;
/// The longest that what failed waits.
const LONGEST_AGAIN_SECONDS: u64 = 60;
/// The pause where a queue cannot be read.
const PAUSE: std::time::Duration = std::time::Duration::from_secs(1);

/// The mapping of one queue.
#[derive(Clone)]
pub(crate) struct Mapping {
    pub queues: QueueService,
    pub queue: String,
    pub function: Invoker,
    /// Messages of one batch, at most 10 (SQS).
    pub batch: u32,
    /// Batches under way at once: with FIFO queues different groups run side by side.
    pub concurrency: usize,
    pub stop: CancellationToken,
}

impl Mapping {
    /// Runs until it is told to stop; what was received is finished.
    pub(crate) async fn run(self) {
        let workers = (0..self.concurrency).map(|_| self.work());
        futures::future::join_all(workers).await;
    }

    async fn work(&self) {
        let url = self.queues.url(&self.queue);
        let asked = json!({
            "QueueUrl": url, "MaxNumberOfMessages": self.batch, "WaitTimeSeconds": WAIT_SECONDS,
            "MessageSystemAttributeNames": ["All"], "MessageAttributeNames": ["All"],
        });
        let asked = asked.to_string();
        while !self.stop.is_cancelled() {
            // A receive that is given up may have been given messages; they are seen again after their time-out.
            let reply = tokio::select! {
                reply = self.queues.call("ReceiveMessage", asked.as_bytes()) => reply,
                () = self.stop.cancelled() => return,
            };
            let received: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
            let messages = received.get("Messages").and_then(Value::as_array).cloned().unwrap_or_default();
            if !messages.is_empty() {
                self.deliver(&url, &messages).await;
            } else if reply.status != 200 {
                tracing::error!(queue = self.queue, status = reply.status, "a queue cannot be read");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }

    async fn deliver(&self, url: &str, messages: &[Value]) {
        let event = json!({"Records": messages.iter().map(|message| self.record(message)).collect::<Vec<_>>()});
        let ids: Vec<String> = messages.iter().map(id).collect();
        let failed = invoke(&self.function, &event, &ids).await.unwrap_or_else(|error| {
            tracing::error!(error, queue = self.queue, "a batch failed");
            ids.iter().cloned().collect::<BTreeSet<_>>()
        });
        crash_points::pass("before-sqs-delete");
        let (again, done): (Vec<_>, Vec<_>) = messages.iter().partition(|message| failed.contains(&id(message)));
        self.batch(url, "DeleteMessageBatch", &done, |_| json!({})).await;
        let later = |message: &Value| json!({"VisibilityTimeout": again_seconds(receives(message))});
        self.batch(url, "ChangeMessageVisibilityBatch", &again, later).await;
    }

    /// One request for all messages: one fsync.
    async fn batch(&self, url: &str, action: &str, messages: &[&Value], more: impl Fn(&Value) -> Value) {
        if messages.is_empty() {
            return;
        }
        let entry = |(index, message): (usize, &&Value)| {
            let mut entry = more(message);
            entry["Id"] = index.to_string().into();
            entry["ReceiptHandle"] = message["ReceiptHandle"].clone();
            entry
        };
        let entries: Vec<_> = messages.iter().enumerate().map(entry).collect();
        let reply = self.queues.call(action, json!({"QueueUrl": url, "Entries": entries}).to_string().as_bytes()).await;
        let answer: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
        let refused = answer.get("Failed").and_then(Value::as_array).map_or(0, Vec::len);
        if reply.status != 200 || refused > 0 {
            // They are given out again when their visibility time-out ends: twice done has no second effect.
            tracing::warn!(queue = self.queue, action, status = reply.status, refused, "messages could not be settled");
        }
    }

    fn record(&self, message: &Value) -> Value {
        json!({
            "messageId": message["MessageId"], "receiptHandle": message["ReceiptHandle"], "body": message["Body"],
            "md5OfBody": message["MD5OfBody"], "attributes": message["Attributes"],
            "messageAttributes": message_attributes(&message["MessageAttributes"]),
            "eventSource": "aws:sqs", "awsRegion": "us-east-1",
            "eventSourceARN": format!("arn:aws:sqs:us-east-1:000000000000:{}", self.queue),
        })
    }
}

/// Attributes as events spell them: `stringValue` and not `StringValue`.
fn message_attributes(attributes: &Value) -> Value {
    let each = attributes.as_object().into_iter().flatten().map(|(name, value)| {
        let mut spelled = json!({
            "dataType": value["DataType"], "stringListValues": [], "binaryListValues": [],
        });
        for (from, to) in [("StringValue", "stringValue"), ("BinaryValue", "binaryValue")] {
            if let Some(value) = value.get(from) {
                spelled[to] = value.clone();
            }
        }
        (name.clone(), spelled)
    });
    Value::Object(each.collect())
}

fn id(message: &Value) -> String {
    message["MessageId"].as_str().unwrap_or_default().to_owned()
}

/// How often a message was given out, this time included.
fn receives(message: &Value) -> u32 {
    let count = message.pointer("/Attributes/ApproximateReceiveCount").and_then(Value::as_str);
    count.and_then(|count| count.parse().ok()).unwrap_or(1)
}

fn again_seconds(receives: u32) -> u64 {
    AGAIN_SECONDS.saturating_mul(2u64.saturating_pow(receives.saturating_sub(1))).min(LONGEST_AGAIN_SECONDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fails_waits_longer_each_time() {
        assert_eq!([1, 2, 3, 6, 100].map(again_seconds), [2, 4, 8, 60, 60]);
    }
}
