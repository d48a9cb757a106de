//! A queue's tags.

use serde::Deserialize;
use serde_json::{Value, json};

use super::Action;
use crate::{
    attributes::Attributes,
    fault::{Code, Fault},
    limits::TAGS,
    queue::{Queue, name_in_url},
    writer::Context,
};

pub(crate) fn check_tags(tags: &Attributes) -> Result<(), Fault> {
    if tags.len() <= TAGS {
        return Ok(());
    }
    Err(Fault::new(Code::InvalidParameterValue, format!("Too many tags: a queue has {TAGS} at most.")))
}

fn read(cx: &Context<'_>, url: Option<&str>) -> Result<(Queue, Attributes), Fault> {
    let queue = Queue::get(cx, name_in_url(url)?)?;
    let text: String =
        cx.db.prepare_cached("SELECT tags FROM queues WHERE name = ?1")?.query_row([&queue.name], |row| row.get(0))?;
    Ok((queue, serde_json::from_str(&text)?))
}

fn write(cx: &Context<'_>, queue: &Queue, tags: &Attributes) -> Result<Value, Fault> {
    let text = serde_json::to_string(tags)?;
    cx.db.prepare_cached("UPDATE queues SET tags = ?2 WHERE name = ?1")?.execute((&queue.name, text))?;
    Ok(json!({}))
}

/// Adds tags, or changes their values.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct TagQueue {
    queue_url: Option<String>,
    tags: Attributes,
}

impl Action for TagQueue {
    fn apply(self, cx: &Context<'_>) -> Result<Value, Fault> {
        let (queue, mut tags) = read(cx, self.queue_url.as_deref())?;
        tags.extend(self.tags);
        check_tags(&tags)?;
        write(cx, &queue, &tags)
    }
}

/// Takes tags away.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct UntagQueue {
    queue_url: Option<String>,
    tag_keys: Vec<String>,
}

impl Action for UntagQueue {
    fn apply(self, cx: &Context<'_>) -> Result<Value, Fault> {
        let (queue, mut tags) = read(cx, self.queue_url.as_deref())?;
        tags.retain(|key, _| !self.tag_keys.contains(key));
        write(cx, &queue, &tags)
    }
}

/// Lists tags.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct ListQueueTags {
    queue_url: Option<String>,
}

impl Action for ListQueueTags {
    fn apply(self, cx: &Context<'_>) -> Result<Value, Fault> {
        let (_, tags) = read(cx, self.queue_url.as_deref())?;
        Ok(if tags.is_empty() { json!({}) } else { json!({"Tags": tags}) })
    }
}
