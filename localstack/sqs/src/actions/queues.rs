//! Queues: made, found, listed, emptied, deleted.

use rusqlite::OptionalExtension;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Action, dead_letters::check_redrive, page, tags::check_tags};
use crate::{
    attributes::{self, Attributes},
    fault::{Code, Fault},
    groups,
    limits::PURGE_INTERVAL_MILLIS,
    queue::{Queue, is_fifo, is_name, name_in_url},
    writer::Context,
};

/// Makes a queue, or finds the one that has these very attributes.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct CreateQueue {
    queue_name: Option<String>,
    attributes: Attributes,
    #[serde(rename = "tags")]
    tags: Attributes,
}

impl Action for CreateQueue {
    fn check(&mut self) -> Result<(), Fault> {
        let name = self.queue_name.as_deref().ok_or_else(|| Fault::missing("QueueName"))?;
        if !is_name(name) {
            return Err(Fault::new(
                Code::InvalidParameterValue,
                "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
            ));
        }
        if is_fifo(name) != self.attributes.contains_key("FifoQueue") {
            return Err(Fault::new(
                Code::InvalidParameterValue,
                "The name of a FIFO queue, and of no other, ends with .fifo, and its attribute FifoQueue is true.",
            ));
        }
        attributes::check(&self.attributes, is_fifo(name))?;
        check_tags(&self.tags)
    }

    fn apply(self, cx: &Context<'_>) -> Result<Value, Fault> {
        let queue = Queue { name: self.queue_name.unwrap_or_default(), attributes: self.attributes };
        match Queue::find(cx, &queue.name)? {
            Some(existing) => {
                let shown = attributes::with_defaults(&existing.attributes, existing.is_fifo());
                if queue.attributes.iter().any(|(name, value)| shown.get(name) != Some(value)) {
                    return Err(Fault::new(
                        Code::QueueNameExists,
                        "A queue already exists with the same name and a different value for an attribute.",
                    ));
                }
            }
            None => {
                check_redrive(cx, &queue)?;
                let (attributes, tags) =
                    (serde_json::to_string(&queue.attributes)?, serde_json::to_string(&self.tags)?);
                cx.db
                    .prepare_cached(
                        "INSERT INTO queues (name, attributes, tags, created, modified) VALUES (?1, ?2, ?3, ?4, ?4)",
                    )?
                    .execute((&queue.name, attributes, tags, cx.now / 1000))?;
            }
        }
        Ok(json!({"QueueUrl": cx.config.url(&queue.name)}))
    }
}

/// Tells a queue's URL.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct GetQueueUrl {
    queue_name: Option<String>,
}

impl Action for GetQueueUrl {
    fn apply(self, cx: &Context<'_>) -> Result<Value, Fault> {
        let name = self.queue_name.ok_or_else(|| Fault::missing("QueueName"))?;
        Queue::get(cx, &name).map(|queue| json!({"QueueUrl": cx.config.url(&queue.name)}))
    }
}

/// Lists queues by prefix, in pages.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct ListQueues {
    queue_name_prefix: String,
    next_token: Option<String>,
    max_results: Option<i64>,
}

impl Action for ListQueues {
    fn apply(self, cx: &Context<'_>) -> Result<Value, Fault> {
        let mut statement =
            cx.db.prepare_cached("SELECT name FROM queues WHERE substr(name, 1, length(?1)) = ?1 ORDER BY name")?;
        let names = statement.query_map([&self.queue_name_prefix], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let page = page(names, self.next_token.as_deref(), self.max_results)?;
        let mut answer = json!({});
        if !page.names.is_empty() {
            answer["QueueUrls"] = page.names.iter().map(|name| cx.config.url(name)).collect();
        }
        // SQS pages only for who asks for pages: others get the first thousand.
        if let Some(token) = page.next_token.filter(|_| self.max_results.is_some()) {
            answer["NextToken"] = json!(token);
        }
        Ok(answer)
    }
}

/// Deletes a queue with all that is in it.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct DeleteQueue {
    queue_url: Option<String>,
}

impl Action for DeleteQueue {
    fn apply(self, cx: &Context<'_>) -> Result<Value, Fault> {
        let queue = Queue::get(cx, name_in_url(self.queue_url.as_deref())?)?;
        for statement in [
            "DELETE FROM queues WHERE name = ?1",
            "DELETE FROM messages WHERE queue = ?1",
            "DELETE FROM sent_ids WHERE queue = ?1",
        ] {
            cx.db.prepare_cached(statement)?.execute([&queue.name])?;
        }
        groups::clear(cx, &queue.name)?;
        // Who waits there learns that it is gone.
        cx.touch(&queue.name);
        Ok(json!({}))
    }
}

/// Deletes all messages of a queue, those in flight too.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct PurgeQueue {
    queue_url: Option<String>,
}

impl Action for PurgeQueue {
    fn apply(self, cx: &Context<'_>) -> Result<Value, Fault> {
        let queue = Queue::get(cx, name_in_url(self.queue_url.as_deref())?)?;
        let mut statement = cx.db.prepare_cached("SELECT purged FROM queues WHERE name = ?1")?;
        let purged: Option<i64> = statement.query_row([&queue.name], |row| row.get(0)).optional()?.flatten();
        if purged.is_some_and(|purged| cx.now < purged + PURGE_INTERVAL_MILLIS) {
            let message = format!("Only one PurgeQueue operation on {} is allowed every 60 seconds.", queue.name);
            return Err(Fault::new(Code::PurgeQueueInProgress, message));
        }
        cx.db.prepare_cached("UPDATE queues SET purged = ?2 WHERE name = ?1")?.execute((&queue.name, cx.now))?;
        cx.db.prepare_cached("DELETE FROM messages WHERE queue = ?1")?.execute([&queue.name])?;
        groups::clear(cx, &queue.name)?;
        Ok(json!({}))
    }
}
