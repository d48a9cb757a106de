//! Messages: sent, received, deleted.

use rusqlite::{OptionalExtension, Row};
use serde_json::{Value, json};

use crate::{
    Object,
    actions::Queue,
    attributes::{self, MESSAGE_BYTES},
    digest,
    error::SqsError,
    worker::Context,
};

/// Milliseconds in which a FIFO queue knows a deduplication id again (SQS: 5 minutes).
const DEDUPLICATION_MILLIS: i64 = 300_000;

/// Messages that one receive gives out at most (SQS).
const RECEIVE_MESSAGES: i64 = 10;

/// Messages of one queue that may be in flight (SQS, standard and FIFO).
const IN_FLIGHT: i64 = 120_000;

pub(crate) fn send(cx: &Context<'_>, queue: &Queue, body: &Value) -> Result<Value, SqsError> {
    let text = body["MessageBody"]
        .as_str()
        .ok_or_else(|| SqsError::new("MissingParameter", "The request must contain the parameter MessageBody."))?;
    let limit = usize::try_from(attributes::number(&queue.attributes, "MaximumMessageSize")).unwrap_or(MESSAGE_BYTES);
    if text.is_empty() || text.len() > limit {
        return Err(SqsError::parameter(format!(
            "One or more parameters are invalid. Reason: Message must be 1 to {limit} bytes."
        )));
    }
    let custom = body["MessageAttributes"].as_object().cloned().unwrap_or_default();
    let mut answer = json!({"MD5OfMessageBody": digest::of_body(text)});
    if let Some(md5) = digest::of_attributes(&custom) {
        answer["MD5OfMessageAttributes"] = json!(md5);
    }
    let group = body["MessageGroupId"].as_str();
    let fifo = attributes::is_fifo(&queue.attributes);
    if fifo && group.is_none() {
        return Err(SqsError::new("MissingParameter", "The request must contain the parameter MessageGroupId."));
    }
    if fifo && body["DelaySeconds"].as_i64().is_some_and(|seconds| seconds > 0) {
        return Err(SqsError::parameter(
            "Value for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.",
        ));
    }
    let deduplication = if fifo { Some(deduplication_id(queue, body, text)?) } else { None };
    if let Some((id, seq)) = deduplication.as_deref().map(|id| known(cx, queue, id)).transpose()?.flatten() {
        answer["MessageId"] = json!(id);
        answer["SequenceNumber"] = json!(sequence(seq));
        return Ok(answer);
    }
    let delay = body["DelaySeconds"].as_i64().unwrap_or_else(|| attributes::number(&queue.attributes, "DelaySeconds"));
    let mut system = Object::new();
    if let Some(trace) = body["MessageSystemAttributes"]["AWSTraceHeader"]["StringValue"].as_str() {
        system.insert("AWSTraceHeader".into(), json!(trace));
    }
    if let Some(group) = group {
        system.insert("MessageGroupId".into(), json!(group));
    }
    if let Some(id) = &deduplication {
        system.insert("MessageDeduplicationId".into(), json!(id));
    }
    let id = uuid();
    cx.db
        .prepare_cached("INSERT INTO messages (queue, id, body, attributes, system, grp, sent, visible) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?
        .execute((&queue.name, &id, text, Value::Object(custom).to_string(), Value::Object(system).to_string(), group.filter(|_| fifo), cx.now, cx.now + delay * 1000))?;
    let seq = cx.db.last_insert_rowid();
    if let Some(deduplication) = deduplication {
        cx.db
            .prepare_cached(
                "INSERT OR REPLACE INTO sent_ids (queue, id, at, message, seq) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute((&queue.name, deduplication, cx.now, &id, seq))?;
        answer["SequenceNumber"] = json!(sequence(seq));
    }
    answer["MessageId"] = json!(id);
    Ok(answer)
}

fn deduplication_id(queue: &Queue, body: &Value, text: &str) -> Result<String, SqsError> {
    if let Some(id) = body["MessageDeduplicationId"].as_str() {
        return Ok(id.to_owned());
    }
    if queue.attributes.get("ContentBasedDeduplication").and_then(Value::as_str) == Some("true") {
        return Ok(digest::of_body(text));
    }
    Err(SqsError::parameter(
        "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
    ))
}

fn known(cx: &Context<'_>, queue: &Queue, id: &str) -> Result<Option<(String, i64)>, SqsError> {
    cx.db.prepare_cached("DELETE FROM sent_ids WHERE queue = ?1 AND id = ?2 AND at <= ?3")?.execute((
        &queue.name,
        id,
        cx.now - DEDUPLICATION_MILLIS,
    ))?;
    let mut statement = cx.db.prepare_cached("SELECT message, seq FROM sent_ids WHERE queue = ?1 AND id = ?2")?;
    Ok(statement.query_row((&queue.name, id), |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}

/// Twenty digits, as SQS has them, which sort as they were sent.
fn sequence(seq: i64) -> String {
    format!("{:020}", 10_000_000_000_000_000_i64 + seq)
}

fn uuid() -> String {
    let bytes = ulid::Ulid::generate().to_bytes();
    let hex = hex::encode(bytes);
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

struct Message {
    seq: i64,
    id: String,
    body: String,
    attributes: String,
    system: String,
    sent: i64,
    received: i64,
    first: Option<i64>,
}

fn message(row: &Row<'_>) -> rusqlite::Result<Message> {
    Ok(Message {
        seq: row.get(0)?,
        id: row.get(1)?,
        body: row.get(2)?,
        attributes: row.get(3)?,
        system: row.get(4)?,
        sent: row.get(5)?,
        received: row.get(6)?,
        first: row.get(7)?,
    })
}

pub(crate) fn receive(cx: &Context<'_>, queue: &Queue, body: &Value) -> Result<Value, SqsError> {
    let most = body["MaxNumberOfMessages"].as_i64().unwrap_or(1);
    if !(1..=RECEIVE_MESSAGES).contains(&most) {
        return Err(SqsError::parameter(
            "Value for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.",
        ));
    }
    expire(cx, queue)?;
    let timeout = body["VisibilityTimeout"]
        .as_i64()
        .unwrap_or_else(|| attributes::number(&queue.attributes, "VisibilityTimeout"));
    let mut given = vec![];
    // Each round may send some to the dead-letter queue, which makes room for others.
    while i64::try_from(given.len()).unwrap_or(most) < most {
        let found = visible(cx, queue, most - i64::try_from(given.len()).unwrap_or(0))?;
        if found.is_empty() {
            break;
        }
        for message in found {
            if !bury(cx, queue, &message)? {
                given.push(give(cx, queue, &message, (timeout, body))?);
            }
        }
    }
    let mut answer = if given.is_empty() { json!({}) } else { json!({"Messages": given}) };
    if given.is_empty() {
        let mut statement =
            cx.db.prepare_cached("SELECT MIN(visible) FROM messages WHERE queue = ?1 AND visible > ?2")?;
        let next: Option<i64> = statement.query_row((&queue.name, cx.now), |row| row.get(0))?;
        if let Some(next) = next {
            answer["\u{0}Next"] = json!(next - cx.now);
        }
    }
    Ok(answer)
}

/// What lies too long is gone.
fn expire(cx: &Context<'_>, queue: &Queue) -> Result<(), SqsError> {
    let oldest = cx.now - attributes::number(&queue.attributes, "MessageRetentionPeriod") * 1000;
    let mut statement = cx.db.prepare_cached("SELECT sent FROM messages WHERE queue = ?1 ORDER BY seq LIMIT 1")?;
    let first: Option<i64> = statement.query_row([&queue.name], |row| row.get(0)).optional()?;
    if first.is_some_and(|sent| sent < oldest) {
        cx.db.execute("DELETE FROM messages WHERE queue = ?1 AND sent < ?2", (&queue.name, oldest))?;
    }
    Ok(())
}

/// Messages that may be given out, in order. A group with a message in flight, or delayed, gives out none behind it.
fn visible(cx: &Context<'_>, queue: &Queue, most: i64) -> Result<Vec<Message>, SqsError> {
    let mut statement = cx.db.prepare_cached("SELECT COUNT(*) FROM (SELECT 1 FROM messages WHERE queue = ?1 AND visible > ?2 AND receipt IS NOT NULL LIMIT ?3)")?;
    let in_flight: i64 = statement.query_row((&queue.name, cx.now, IN_FLIGHT), |row| row.get(0))?;
    if in_flight >= IN_FLIGHT {
        return Err(SqsError::new("OverLimit", "Too many messages in flight."));
    }
    let mut statement = cx.db.prepare_cached(
        "SELECT seq, id, body, attributes, system, sent, received, first FROM messages AS m
         WHERE queue = ?1 AND visible <= ?2 AND (grp IS NULL OR NOT EXISTS (
            SELECT 1 FROM messages AS e WHERE e.queue = m.queue AND e.grp = m.grp AND e.seq < m.seq AND e.visible > ?2))
         ORDER BY seq LIMIT ?3",
    )?;
    let rows = statement.query_map((&queue.name, cx.now, most), message)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Moves a message that was received too often to the dead-letter queue.
fn bury(cx: &Context<'_>, queue: &Queue, message: &Message) -> Result<bool, SqsError> {
    let Some((dead, most)) = attributes::redrive(&queue.attributes) else { return Ok(false) };
    if message.received < most {
        return Ok(false);
    }
    cx.db
        .prepare_cached(
            "UPDATE messages SET queue = ?2, visible = ?3, received = 0, first = NULL, receipt = NULL WHERE seq = ?1",
        )?
        .execute((message.seq, dead, cx.now))?;
    Ok(true)
}

fn give(cx: &Context<'_>, queue: &Queue, message: &Message, (timeout, body): (i64, &Value)) -> Result<Value, SqsError> {
    let receipt = format!("{}.{}", message.seq, uuid());
    let first = message.first.unwrap_or(cx.now);
    cx.db
        .prepare_cached(
            "UPDATE messages SET visible = ?2, received = received + 1, first = ?3, receipt = ?4 WHERE seq = ?1",
        )?
        .execute((message.seq, cx.now + timeout * 1000, first, &receipt))?;
    let mut system: Object = serde_json::from_str(&message.system).unwrap_or_default();
    system.insert("SentTimestamp".into(), json!(message.sent.to_string()));
    system.insert("ApproximateReceiveCount".into(), json!((message.received + 1).to_string()));
    system.insert("ApproximateFirstReceiveTimestamp".into(), json!(first.to_string()));
    system.insert("SenderId".into(), json!(cx.config.account_id));
    if attributes::is_fifo(&queue.attributes) {
        system.insert("SequenceNumber".into(), json!(sequence(message.seq)));
    }
    let mut given = json!({
        "MessageId": message.id, "ReceiptHandle": receipt, "Body": message.body, "MD5OfBody": digest::of_body(&message.body),
    });
    let wanted = [&body["MessageSystemAttributeNames"], &body["AttributeNames"]];
    let system = chosen(system, wanted.iter().flat_map(|names| names.as_array().into_iter().flatten()));
    if !system.is_empty() {
        given["Attributes"] = Value::Object(system);
    }
    let custom: Object = serde_json::from_str(&message.attributes).unwrap_or_default();
    let custom = chosen(custom, body["MessageAttributeNames"].as_array().into_iter().flatten());
    if let Some(md5) = digest::of_attributes(&custom) {
        given["MD5OfMessageAttributes"] = json!(md5);
        given["MessageAttributes"] = Value::Object(custom);
    }
    Ok(given)
}

/// The attributes that are asked for: by name, by `prefix.*`, or all.
fn chosen<'a>(mut all: Object, names: impl Iterator<Item = &'a Value>) -> Object {
    let names: Vec<&str> = names.filter_map(Value::as_str).collect();
    let wanted = |key: &str| {
        names.iter().any(|name| {
            *name == "All"
                || *name == key
                || name.strip_suffix(".*").is_some_and(|prefix| prefix.is_empty() || key.starts_with(prefix))
        })
    };
    all.retain(|key, _| wanted(key));
    all
}

/// Deletes a received message. A receipt of an older receive no longer counts, and is no fault (as in SQS).
pub(crate) fn delete(cx: &Context<'_>, queue: &Queue, body: &Value) -> Result<Value, SqsError> {
    let receipt = receipt(body)?;
    cx.db.prepare_cached("DELETE FROM messages WHERE receipt = ?1 AND queue = ?2")?.execute((receipt, &queue.name))?;
    Ok(json!({}))
}

pub(crate) fn change_visibility(cx: &Context<'_>, queue: &Queue, body: &Value) -> Result<Value, SqsError> {
    let receipt = receipt(body)?;
    let seconds = body["VisibilityTimeout"].as_i64().filter(|seconds| (0..=43_200).contains(seconds));
    let seconds = seconds.ok_or_else(|| SqsError::parameter("Value for parameter VisibilityTimeout is invalid."))?;
    let changed = cx
        .db
        .prepare_cached("UPDATE messages SET visible = ?3 WHERE receipt = ?1 AND queue = ?2 AND visible > ?4")?
        .execute((receipt, &queue.name, cx.now + seconds * 1000, cx.now))?;
    if changed == 0 {
        return Err(SqsError::new("MessageNotInflight", "The specified message isn't in flight."));
    }
    Ok(json!({}))
}

fn receipt(body: &Value) -> Result<&str, SqsError> {
    let receipt = body["ReceiptHandle"].as_str().filter(|receipt| receipt.contains('.'));
    receipt.ok_or_else(|| SqsError::new("ReceiptHandleIsInvalid", "The input receipt handle is invalid."))
}
