//! A queue's attributes: read with the counts of its messages, and set.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Action, dead_letters::check_redrive, serve::expire};
use crate::{
    attributes::{self, Attributes, READ_ONLY},
    fault::{Code, Fault},
    queue::{Queue, is_fifo, name_in_url},
    writer::Context,
};

/// Reads attributes.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct GetQueueAttributes {
    queue_url: Option<String>,
    attribute_names: Vec<String>,
}

impl GetQueueAttributes {
    fn wants(&self, name: &str) -> bool {
        self.attribute_names.iter().any(|wanted| wanted == name || wanted == "All")
    }
}

impl Action for GetQueueAttributes {
    fn check(&mut self) -> Result<(), Fault> {
        attributes::check_names(&self.attribute_names)
    }

    fn apply(self, cx: &Context<'_>) -> Result<Value, Fault> {
        let queue = Queue::get(cx, name_in_url(self.queue_url.as_deref())?)?;
        expire(cx, &queue)?;
        let mut all = attributes::with_defaults(&queue.attributes, queue.is_fifo());
        for name in READ_ONLY.iter().filter(|name| self.wants(name)) {
            all.insert((*name).to_owned(), read_only(cx, &queue, name)?);
        }
        all.retain(|name, _| self.wants(name));
        Ok(if all.is_empty() { json!({}) } else { json!({"Attributes": all}) })
    }
}

fn read_only(cx: &Context<'_>, queue: &Queue, name: &str) -> Result<String, Fault> {
    let number = |sql: &str| -> Result<String, Fault> {
        // Both parameters are bound in each, so that one way reads all.
        let number: i64 = cx.db.prepare_cached(sql)?.query_row((&queue.name, cx.now), |row| row.get(0))?;
        Ok(number.to_string())
    };
    match name {
        "ApproximateNumberOfMessages" => number("SELECT COUNT(*) FROM messages WHERE queue = ?1 AND visible <= ?2"),
        "ApproximateNumberOfMessagesDelayed" => {
            number("SELECT COUNT(*) FROM messages WHERE queue = ?1 AND visible > ?2 AND receipt IS NULL")
        }
        "ApproximateNumberOfMessagesNotVisible" => {
            number("SELECT COUNT(*) FROM messages WHERE queue = ?1 AND visible > ?2 AND receipt IS NOT NULL")
        }
        "CreatedTimestamp" => number("SELECT created FROM queues WHERE name = ?1 AND ?2 IS NOT NULL"),
        "LastModifiedTimestamp" => number("SELECT modified FROM queues WHERE name = ?1 AND ?2 IS NOT NULL"),
        _ => Ok(cx.config.arn(&queue.name)),
    }
}

/// Sets attributes. An empty policy takes the policy away.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct SetQueueAttributes {
    queue_url: Option<String>,
    attributes: Attributes,
}

impl Action for SetQueueAttributes {
    fn check(&mut self) -> Result<(), Fault> {
        if self.attributes.contains_key("FifoQueue") {
            return Err(Fault::new(
                Code::InvalidAttributeName,
                "You can specify the FifoQueue attribute only when you create a queue.",
            ));
        }
        attributes::check(&self.attributes, is_fifo(name_in_url(self.queue_url.as_deref())?))
    }

    fn apply(self, cx: &Context<'_>) -> Result<Value, Fault> {
        let mut queue = Queue::get(cx, name_in_url(self.queue_url.as_deref())?)?;
        queue.attributes.extend(self.attributes);
        queue.attributes.retain(|name, value| !(name.ends_with("Policy") && value.is_empty()));
        check_redrive(cx, &queue)?;
        let attributes = serde_json::to_string(&queue.attributes)?;
        cx.db.prepare_cached("UPDATE queues SET attributes = ?2, modified = ?3 WHERE name = ?1")?.execute((
            &queue.name,
            attributes,
            cx.now / 1000,
        ))?;
        Ok(json!({}))
    }
}
