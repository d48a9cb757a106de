//! Dead-letter queues: who may use which, and who does.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Action, page};
use crate::{
    attributes::{RedriveAllowPolicy, RedrivePolicy},
    fault::Fault,
    queue::{Queue, name_in_url},
    writer::Context,
};

/// Whether a queue may have the redrive policy that it has: its target is there, of the same kind, and allows it.
pub(crate) fn check_redrive(cx: &Context<'_>, queue: &Queue) -> Result<(), Fault> {
    let Some(policy) = queue.redrive_policy() else { return Ok(()) };
    let refuse = |reason: &str| Err(Fault::parameter("RedrivePolicy", reason));
    let Some(target) = Queue::find(cx, policy.target())? else {
        return refuse("Dead letter target does not exist.");
    };
    if target.is_fifo() != queue.is_fifo() {
        return refuse("Dead-letter queue must be same type of queue as the source.");
    }
    let allowed = target.attributes.get("RedriveAllowPolicy").and_then(|text| serde_json::from_str(text).ok());
    if allowed.is_some_and(|policy: RedriveAllowPolicy| !policy.allows(&cx.config.arn(&queue.name))) {
        return refuse("The dead-letter queue's RedriveAllowPolicy does not allow this source.");
    }
    Ok(())
}

/// The names of the queues that send their dead letters to this one.
pub(crate) fn sources(cx: &Context<'_>, target: &str) -> Result<Vec<String>, Fault> {
    let mut statement = cx.db.prepare_cached(
        "SELECT name, attributes ->> 'RedrivePolicy' FROM queues
         WHERE attributes ->> 'RedrivePolicy' IS NOT NULL ORDER BY name",
    )?;
    let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    let mut names = vec![];
    for row in rows {
        let (name, policy) = row?;
        if RedrivePolicy::parse(&policy).is_some_and(|policy| policy.target() == target) {
            names.push(name);
        }
    }
    Ok(names)
}

/// Lists the queues that send their dead letters to this one, in pages.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct ListDeadLetterSourceQueues {
    queue_url: Option<String>,
    next_token: Option<String>,
    max_results: Option<i64>,
}

impl Action for ListDeadLetterSourceQueues {
    fn apply(self, cx: &Context<'_>) -> Result<Value, Fault> {
        let queue = Queue::get(cx, name_in_url(self.queue_url.as_deref())?)?;
        let page = page(sources(cx, &queue.name)?, self.next_token.as_deref(), self.max_results)?;
        let urls: Vec<_> = page.names.iter().map(|name| cx.config.url(name)).collect();
        let mut answer = json!({"queueUrls": urls});
        if let Some(token) = page.next_token.filter(|_| self.max_results.is_some()) {
            answer["NextToken"] = json!(token);
        }
        Ok(answer)
    }
}
