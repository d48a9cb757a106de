//! Messages received.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::serve::{Given, Serving};
use crate::{
    QueueConfig,
    contents::MessageAttributes,
    digest,
    fault::{Code, Fault},
    groups,
    limits::{IN_FLIGHT_MESSAGES, MAX_NUMBER_OF_MESSAGES, VISIBILITY_TIMEOUT, WAIT_TIME_SECONDS},
    message::sequence_number,
    queue::{Queue, is_fifo, name_in_url},
    writer::Context,
};

/// Receives messages.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct ReceiveMessage {
    queue_url: Option<String>,
    attribute_names: Vec<String>,
    message_system_attribute_names: Vec<String>,
    message_attribute_names: Vec<String>,
    max_number_of_messages: Option<i64>,
    visibility_timeout: Option<i64>,
    wait_time_seconds: Option<i64>,
}

/// What one look at a queue found.
pub(crate) struct Look {
    pub given: Vec<Given>,
    /// Milliseconds until a delay or a visibility timeout ends, where nothing was found.
    pub next_in: Option<i64>,
    /// Seconds that the receive may wait in all.
    pub wait_seconds: u64,
}

impl ReceiveMessage {
    pub(crate) fn check(&self) -> Result<(), Fault> {
        for (parameter, value, limits) in [
            ("MaxNumberOfMessages", self.max_number_of_messages, MAX_NUMBER_OF_MESSAGES),
            ("VisibilityTimeout", self.visibility_timeout, VISIBILITY_TIMEOUT),
            ("WaitTimeSeconds", self.wait_time_seconds, WAIT_TIME_SECONDS),
        ] {
            if value.is_some_and(|value| !limits.contains(&value)) {
                let reason = format!("Must be between {} and {}, if provided.", limits.start(), limits.end());
                return Err(Fault::parameter(parameter, &reason));
            }
        }
        Ok(())
    }

    pub(crate) fn queue_name(&self) -> Result<&str, Fault> {
        name_in_url(self.queue_url.as_deref())
    }

    /// Looks once.
    pub(crate) fn look(&self, cx: &Context<'_>) -> Result<Look, Fault> {
        let queue = Queue::get(cx, self.queue_name()?)?;
        let wait = self.wait_time_seconds.unwrap_or_else(|| queue.number("ReceiveMessageWaitTimeSeconds"));
        let wait_seconds = u64::try_from(wait).unwrap_or_default();
        if in_flight(cx, &queue)? >= IN_FLIGHT_MESSAGES {
            if wait_seconds == 0 && !queue.is_fifo() {
                return Err(Fault::new(Code::OverLimit, "Too many messages are in flight."));
            }
            return Ok(Look { given: vec![], next_in: next_in(cx, &queue)?, wait_seconds });
        }
        let most = usize::try_from(self.max_number_of_messages.unwrap_or(1)).unwrap_or(1);
        let timeout = self.visibility_timeout.unwrap_or_else(|| queue.number("VisibilityTimeout"));
        let given = Serving::new(cx, &queue, most, timeout)?.run()?;
        let next_in = if given.is_empty() { next_in(cx, &queue)? } else { None };
        Ok(Look { given, next_in, wait_seconds })
    }

    /// The answer that carries these messages. Not in the writer's thread: the MD5 of ten megabytes takes its time.
    pub(crate) fn answer(&self, given: Vec<Given>, config: &QueueConfig) -> Result<Value, Fault> {
        if given.is_empty() {
            return Ok(json!({}));
        }
        let messages = given.into_iter().map(|given| self.render(given, config)).collect::<Result<Vec<_>, _>>()?;
        Ok(json!({"Messages": messages}))
    }

    fn render(&self, Given { message, receipt }: Given, config: &QueueConfig) -> Result<Value, Fault> {
        let mut system: Map<String, Value> = serde_json::from_str(&message.system)?;
        system.insert("SenderId".into(), json!(config.account_id));
        system.insert("SentTimestamp".into(), json!(message.sent.to_string()));
        system.insert("ApproximateReceiveCount".into(), json!(message.received.to_string()));
        if let Some(first) = message.first {
            system.insert("ApproximateFirstReceiveTimestamp".into(), json!(first.to_string()));
        }
        if is_fifo(self.queue_name()?) {
            system.insert("SequenceNumber".into(), json!(sequence_number(message.seq)));
        }
        system.retain(|name, _| {
            let mut names = self.message_system_attribute_names.iter().chain(&self.attribute_names);
            names.any(|wanted| wanted == "All" || wanted == name)
        });
        let mut custom: MessageAttributes = serde_json::from_str(&message.attributes)?;
        custom.retain(|name, _| self.message_attribute_names.iter().any(|wanted| matches(wanted, name)));
        let mut rendered = json!({
            "MessageId": message.id, "ReceiptHandle": receipt, "MD5OfBody": digest::of_body(&message.body),
        });
        rendered["Body"] = Value::String(message.body);
        if !system.is_empty() {
            rendered["Attributes"] = Value::Object(system);
        }
        // The MD5 is of the attributes that are in the answer: the SDKs compute it from those.
        if let Some(md5) = digest::of_attributes(&custom) {
            rendered["MD5OfMessageAttributes"] = json!(md5);
            rendered["MessageAttributes"] = json!(custom);
        }
        Ok(rendered)
    }
}

/// Whether an attribute is asked for: by name, by `prefix.*`, or all.
fn matches(wanted: &str, name: &str) -> bool {
    wanted == "All" || wanted == name || wanted.strip_suffix(".*").is_some_and(|prefix| name.starts_with(prefix))
}

fn in_flight(cx: &Context<'_>, queue: &Queue) -> Result<i64, Fault> {
    let mut statement = cx.db.prepare_cached(
        "SELECT COUNT(*) FROM (SELECT 1 FROM messages INDEXED BY in_flight
         WHERE queue = ?1 AND receipt IS NOT NULL AND visible > ?2 LIMIT ?3)",
    )?;
    Ok(statement.query_row((&queue.name, cx.now, IN_FLIGHT_MESSAGES), |row| row.get(0))?)
}

fn next_in(cx: &Context<'_>, queue: &Queue) -> Result<Option<i64>, Fault> {
    let next = if queue.is_fifo() {
        groups::next(cx, &queue.name)?
    } else {
        let mut statement =
            cx.db.prepare_cached("SELECT MIN(visible) FROM messages WHERE queue = ?1 AND visible > ?2")?;
        statement.query_row((&queue.name, cx.now), |row| row.get(0))?
    };
    Ok(next.map(|next| next - cx.now))
}
