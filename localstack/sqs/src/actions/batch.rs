//! One of something, or up to ten at once: each entry of a batch is done or refused on its own.

use std::collections::BTreeSet;

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::Action;
use crate::{
    fault::{Code, Fault},
    limits::{BATCH_ENTRIES, BATCH_ENTRY_ID_CHARS, MAXIMUM_MESSAGE_SIZE},
    queue::{Queue, name_in_url},
    writer::Context,
};

/// What can be asked for alone and as an entry of a batch.
pub(crate) trait Single: DeserializeOwned + Send + 'static {
    /// The queue, where it is asked for alone.
    fn queue_url(&self) -> Option<&str>;

    /// The entry's id in its batch.
    fn entry_id(&self) -> Option<&str>;

    /// Bytes that count for the batch's limit.
    fn bytes(&self) -> usize {
        0
    }

    /// As [`Action::check`].
    fn check(&mut self) -> Result<(), Fault>;

    /// As [`Action::apply`].
    fn apply(self, cx: &Context<'_>, queue: &Queue) -> Result<Value, Fault>;
}

/// One alone.
#[derive(Deserialize)]
#[serde(transparent)]
pub(crate) struct Alone<S>(S);

impl<S: Single> Action for Alone<S> {
    fn check(&mut self) -> Result<(), Fault> {
        name_in_url(self.0.queue_url())?;
        self.0.check()
    }

    fn apply(self, cx: &Context<'_>) -> Result<Value, Fault> {
        let queue = Queue::get(cx, name_in_url(self.0.queue_url())?)?;
        self.0.apply(cx, &queue)
    }
}

/// Up to ten.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound = "S: DeserializeOwned")]
pub(crate) struct Batch<S> {
    #[serde(default)]
    queue_url: Option<String>,
    #[serde(default = "Vec::new")]
    entries: Vec<S>,
    /// What [`Single::check`] said, by entry.
    #[serde(skip, default = "Vec::new")]
    checked: Vec<Result<(), Fault>>,
}

impl<S: Single> Batch<S> {
    fn check_ids(&self) -> Result<(), Fault> {
        let is_id = |id: &str| {
            (1..=BATCH_ENTRY_ID_CHARS).contains(&id.len())
                && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        };
        let mut ids = BTreeSet::new();
        for entry in &self.entries {
            let id = entry.entry_id().ok_or_else(|| Fault::missing("Id"))?;
            if !is_id(id) {
                return Err(Fault::new(
                    Code::InvalidBatchEntryId,
                    "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at \
                     most 80 letters long.",
                ));
            }
            if !ids.insert(id) {
                return Err(Fault::new(Code::BatchEntryIdsNotDistinct, format!("Id {id} repeated.")));
            }
        }
        Ok(())
    }
}

impl<S: Single> Action for Batch<S> {
    fn check(&mut self) -> Result<(), Fault> {
        name_in_url(self.queue_url.as_deref())?;
        if self.entries.is_empty() {
            return Err(Fault::new(Code::EmptyBatchRequest, "There should be at least one entry in the request."));
        }
        if self.entries.len() > BATCH_ENTRIES {
            let message = format!(
                "Maximum number of entries per request are {BATCH_ENTRIES}. You have sent {}.",
                self.entries.len()
            );
            return Err(Fault::new(Code::TooManyEntriesInBatchRequest, message));
        }
        self.check_ids()?;
        let bytes: usize = self.entries.iter().map(Single::bytes).sum();
        if bytes > MAXIMUM_MESSAGE_SIZE {
            let message = format!(
                "Batch requests cannot be longer than {MAXIMUM_MESSAGE_SIZE} bytes. You have sent {bytes} bytes."
            );
            return Err(Fault::new(Code::BatchRequestTooLong, message));
        }
        self.checked = self.entries.iter_mut().map(Single::check).collect();
        Ok(())
    }

    fn apply(self, cx: &Context<'_>) -> Result<Value, Fault> {
        let queue = Queue::get(cx, name_in_url(self.queue_url.as_deref())?)?;
        let (mut successful, mut failed) = (vec![], vec![]);
        for (entry, checked) in self.entries.into_iter().zip(self.checked) {
            let id = entry.entry_id().unwrap_or_default().to_owned();
            match checked.and_then(|()| cx.savepoint(|| entry.apply(cx, &queue))) {
                Ok(mut answer) => {
                    answer["Id"] = json!(id);
                    successful.push(answer);
                }
                // Not the entry's fault, nor mended by the other entries: the whole request fails and can be repeated.
                Err(fault) if fault.code == Code::InternalFailure => return Err(fault),
                Err(fault) => failed.push(json!({
                    "Id": id, "Code": fault.code.query_name(), "Message": fault.message, "SenderFault": true,
                })),
            }
        }
        // SQS leaves an empty list out; boto3's users look for the key.
        let mut answer = json!({});
        for (name, entries) in [("Successful", successful), ("Failed", failed)] {
            if !entries.is_empty() {
                answer[name] = Value::Array(entries);
            }
        }
        Ok(answer)
    }
}
