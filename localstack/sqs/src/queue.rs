//! A queue as it is stored, and how a request names one.

use rusqlite::OptionalExtension;

use crate::{
    attributes::{self, Attributes, RedrivePolicy},
    fault::Fault,
    limits::QUEUE_NAME_CHARS,
    writer::Context,
};

/// How the names of FIFO queues end.
const FIFO_SUFFIX: &str = ".fifo";

/// A queue.
pub(crate) struct Queue {
    pub name: String,
    pub attributes: Attributes,
}

impl Queue {
    /// The queue of this name.
    pub(crate) fn find(cx: &Context<'_>, name: &str) -> Result<Option<Self>, Fault> {
        let mut statement = cx.db.prepare_cached("SELECT attributes FROM queues WHERE name = ?1")?;
        let found: Option<String> = statement.query_row([name], |row| row.get(0)).optional()?;
        let Some(text) = found else { return Ok(None) };
        Ok(Some(Self { name: name.to_owned(), attributes: serde_json::from_str(&text)? }))
    }

    /// The queue of this name, or the fault that SQS answers.
    pub(crate) fn get(cx: &Context<'_>, name: &str) -> Result<Self, Fault> {
        Self::find(cx, name)?.ok_or_else(Fault::no_queue)
    }

    pub(crate) fn is_fifo(&self) -> bool {
        is_fifo(&self.name)
    }

    pub(crate) fn number(&self, attribute: &str) -> i64 {
        attributes::number(&self.attributes, attribute)
    }

    pub(crate) fn has(&self, attribute: &str, value: &str) -> bool {
        self.attributes.get(attribute).is_some_and(|set| set == value)
    }

    pub(crate) fn redrive_policy(&self) -> Option<RedrivePolicy> {
        RedrivePolicy::parse(self.attributes.get("RedrivePolicy")?)
    }
}

/// Whether a queue of this name is FIFO: SQS wants the suffix there, and only there.
pub(crate) fn is_fifo(name: &str) -> bool {
    name.ends_with(FIFO_SUFFIX)
}

/// Whether a queue can have this name.
pub(crate) fn is_name(name: &str) -> bool {
    let stem = name.strip_suffix(FIFO_SUFFIX).unwrap_or(name);
    !stem.is_empty()
        && name.len() <= QUEUE_NAME_CHARS
        && stem.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// The queue that a URL names: by its last part alone, since clients reach one service by many host names.
pub(crate) fn name_in_url(url: Option<&str>) -> Result<&str, Fault> {
    let url = url.filter(|url| !url.is_empty()).ok_or_else(|| Fault::missing("QueueUrl"))?;
    Ok(url.rsplit('/').next().unwrap_or_default())
}
