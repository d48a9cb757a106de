//! Messages sent.

use std::collections::BTreeMap;

use rusqlite::OptionalExtension;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::batch::Single;
use crate::{
    contents::{self, MessageAttribute, MessageAttributes, check_attributes, check_characters, check_fifo_id},
    digest,
    fault::{Code, Fault},
    groups,
    limits::{DEDUPLICATION_INTERVAL_MILLIS, DELAY_SECONDS},
    message::{new_id, sequence_number},
    queue::Queue,
    writer::Context,
};

/// The one system attribute that a sender can set.
const TRACE_HEADER: &str = "AWSTraceHeader";

/// A message to send.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct SendMessage {
    queue_url: Option<String>,
    id: Option<String>,
    message_body: String,
    message_attributes: MessageAttributes,
    message_system_attributes: MessageAttributes,
    message_group_id: Option<String>,
    message_deduplication_id: Option<String>,
    delay_seconds: Option<i64>,
    /// The MD5s, made before the writer's thread is asked, for it has better to do.
    #[serde(skip)]
    digests: BTreeMap<&'static str, String>,
}

impl Single for SendMessage {
    fn queue_url(&self) -> Option<&str> {
        self.queue_url.as_deref()
    }

    fn entry_id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    fn bytes(&self) -> usize {
        contents::bytes(&self.message_body, &self.message_attributes)
    }

    fn check(&mut self) -> Result<(), Fault> {
        if self.message_body.is_empty() {
            return Err(Fault::missing("MessageBody"));
        }
        check_characters(&self.message_body)?;
        check_attributes(&self.message_attributes)?;
        check_system(&self.message_system_attributes)?;
        if self.delay_seconds.is_some_and(|seconds| !DELAY_SECONDS.contains(&seconds)) {
            return Err(Fault::parameter("DelaySeconds", "Must be between 0 and 900, if provided."));
        }
        for (parameter, id) in
            [("MessageGroupId", &self.message_group_id), ("MessageDeduplicationId", &self.message_deduplication_id)]
        {
            id.as_ref().map_or(Ok(()), |id| check_fifo_id(parameter, id))?;
        }
        self.digests.insert("MD5OfMessageBody", digest::of_body(&self.message_body));
        for (name, attributes) in [
            ("MD5OfMessageAttributes", &self.message_attributes),
            ("MD5OfMessageSystemAttributes", &self.message_system_attributes),
        ] {
            self.digests.extend(digest::of_attributes(attributes).map(|md5| (name, md5)));
        }
        Ok(())
    }

    fn apply(self, cx: &Context<'_>, queue: &Queue) -> Result<Value, Fault> {
        let most = queue.number("MaximumMessageSize");
        if i64::try_from(self.bytes()).unwrap_or(i64::MAX) > most {
            let message =
                format!("One or more parameters are invalid. Reason: Message must be shorter than {most} bytes.");
            return Err(Fault::new(Code::InvalidParameterValue, message));
        }
        let sent = if queue.is_fifo() {
            self.apply_fifo(cx, queue)?
        } else if self.message_deduplication_id.is_some() {
            return Err(Fault::parameter(
                "MessageDeduplicationId",
                "The request includes a parameter that is not valid for this queue type.",
            ));
        } else {
            self.store(cx, queue, None)?
        };
        let mut answer = json!(self.digests);
        answer["MessageId"] = json!(sent.id);
        if queue.is_fifo() {
            answer["SequenceNumber"] = json!(sequence_number(sent.seq));
        }
        Ok(answer)
    }
}

/// What a send made, or what the first of two same sends made.
struct Sent {
    id: String,
    seq: i64,
}

impl SendMessage {
    fn apply_fifo(&self, cx: &Context<'_>, queue: &Queue) -> Result<Sent, Fault> {
        let group = self.message_group_id.as_deref().ok_or_else(|| Fault::missing("MessageGroupId"))?;
        if self.delay_seconds.is_some_and(|seconds| seconds > 0) {
            return Err(Fault::parameter(
                "DelaySeconds",
                "The request include parameter that is not valid for this queue type.",
            ));
        }
        let deduplication = self.deduplication_id(queue)?;
        // A group id has no space, so a scoped key is never an id that a client sends.
        let key = if queue.has("DeduplicationScope", "messageGroup") {
            format!("{group} {deduplication}")
        } else {
            deduplication.clone()
        };
        forget(cx)?;
        let mut statement = cx.db.prepare_cached("SELECT message, seq FROM sent_ids WHERE queue = ?1 AND id = ?2")?;
        let known = statement.query_row((&queue.name, &key), |row| Ok(Sent { id: row.get(0)?, seq: row.get(1)? }));
        if let Some(known) = known.optional()? {
            return Ok(known);
        }
        let sent = self.store(cx, queue, Some((group, &deduplication)))?;
        cx.db
            .prepare_cached("INSERT INTO sent_ids (queue, id, at, message, seq) VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute((&queue.name, key, cx.now, &sent.id, sent.seq))?;
        groups::settle(cx, &queue.name, group)?;
        Ok(sent)
    }

    fn deduplication_id(&self, queue: &Queue) -> Result<String, Fault> {
        if let Some(id) = &self.message_deduplication_id {
            return Ok(id.clone());
        }
        if queue.has("ContentBasedDeduplication", "true") {
            return Ok(hex::encode(Sha256::digest(self.message_body.as_bytes())));
        }
        Err(Fault::new(
            Code::InvalidParameterValue,
            "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
        ))
    }

    fn store(&self, cx: &Context<'_>, queue: &Queue, fifo: Option<(&str, &str)>) -> Result<Sent, Fault> {
        let mut system = BTreeMap::new();
        if let Some(trace) = self.message_system_attributes.get(TRACE_HEADER) {
            system.insert(TRACE_HEADER, trace.string_value.as_deref().unwrap_or_default());
        }
        // A standard queue takes a group too, since July 2025, and orders nothing by it.
        if let Some(group) = &self.message_group_id {
            system.insert("MessageGroupId", group);
        }
        if let Some((_, deduplication)) = fifo {
            system.insert("MessageDeduplicationId", deduplication);
        }
        let id = new_id();
        let delay = self.delay_seconds.filter(|_| fifo.is_none()).unwrap_or_else(|| queue.number("DelaySeconds"));
        let mut statement = cx.db.prepare_cached(
            "INSERT INTO messages (queue, id, body, attributes, system, grp, sent, visible)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?;
        statement.execute((
            &queue.name,
            &id,
            &self.message_body,
            serde_json::to_string(&self.message_attributes)?,
            serde_json::to_string(&system)?,
            fifo.map(|(group, _)| group),
            cx.now,
            cx.now + delay * 1000,
        ))?;
        cx.touch(&queue.name);
        Ok(Sent { id, seq: cx.db.last_insert_rowid() })
    }
}

/// Forgets the deduplication ids whose time is over, of all queues, so that they do not pile up.
fn forget(cx: &Context<'_>) -> Result<(), Fault> {
    cx.db.prepare_cached("DELETE FROM sent_ids WHERE at <= ?1")?.execute([cx.now - DEDUPLICATION_INTERVAL_MILLIS])?;
    Ok(())
}

fn check_system(attributes: &MessageAttributes) -> Result<(), Fault> {
    let is_trace = |name: &str, attribute: &MessageAttribute| {
        name == TRACE_HEADER && attribute.data_type == "String" && attribute.string_value.is_some()
    };
    if attributes.iter().all(|(name, attribute)| is_trace(name, attribute)) {
        return Ok(());
    }
    Err(Fault::new(
        Code::InvalidParameterValue,
        "Message system attributes can only be AWSTraceHeader, with the type String and a value.",
    ))
}
