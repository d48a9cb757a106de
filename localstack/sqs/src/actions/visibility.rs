//! How long a received message stays invisible, changed.

use serde::Deserialize;
use serde_json::{Value, json};

use super::batch::Single;
use crate::{
    fault::{Code, Fault},
    groups,
    limits::VISIBILITY_TIMEOUT,
    message::{Receipt, find_received},
    queue::Queue,
    writer::Context,
};

/// Sets the visibility timeout of a message in flight, from now on. Zero gives it back at once.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct ChangeMessageVisibility {
    queue_url: Option<String>,
    id: Option<String>,
    receipt_handle: Option<String>,
    visibility_timeout: Option<i64>,
}

impl Single for ChangeMessageVisibility {
    fn queue_url(&self) -> Option<&str> {
        self.queue_url.as_deref()
    }

    fn entry_id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    fn check(&mut self) -> Result<(), Fault> {
        Receipt::parse(self.receipt_handle.as_deref())?;
        let seconds = self.visibility_timeout.ok_or_else(|| Fault::missing("VisibilityTimeout"))?;
        if VISIBILITY_TIMEOUT.contains(&seconds) {
            return Ok(());
        }
        Err(Fault::parameter("VisibilityTimeout", "Must be between 0 and 43200."))
    }

    fn apply(self, cx: &Context<'_>, queue: &Queue) -> Result<Value, Fault> {
        let receipt = Receipt::parse(self.receipt_handle.as_deref())?;
        let found = find_received(cx.db, &queue.name, receipt)?.filter(|found| found.is_latest).ok_or_else(|| {
            Fault::parameter(
                "ReceiptHandle",
                "Message does not exist or is not available for visibility timeout change.",
            )
        })?;
        if found.visible <= cx.now {
            return Err(Fault::new(Code::MessageNotInflight, "The specified message isn't in flight."));
        }
        let visible = cx.now + self.visibility_timeout.unwrap_or_default() * 1000;
        // Twelve hours from the receive on, whatever was added: nothing stays out of sight for ever.
        if visible > receipt.at + VISIBILITY_TIMEOUT.end() * 1000 {
            return Err(Fault::parameter(
                "VisibilityTimeout",
                "Total VisibilityTimeout for the message is beyond the limit [43200 seconds].",
            ));
        }
        cx.db.prepare_cached("UPDATE messages SET visible = ?2 WHERE seq = ?1")?.execute((receipt.seq, visible))?;
        if let Some(group) = found.group {
            groups::settle(cx, &queue.name, &group)?;
        }
        cx.touch(&queue.name);
        Ok(json!({}))
    }
}
