//! Received messages deleted.

use serde::Deserialize;
use serde_json::{Value, json};

use super::batch::Single;
use crate::{
    fault::Fault,
    groups,
    message::{Receipt, find_received},
    queue::Queue,
    writer::Context,
};

/// Deletes a received message.
///
/// A receipt of an older receive deletes nothing. On a standard queue that is no fault, as in SQS; a FIFO queue refuses
/// it once the visibility timeout is over, for the message may be with somebody else.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct DeleteMessage {
    queue_url: Option<String>,
    id: Option<String>,
    receipt_handle: Option<String>,
}

impl Single for DeleteMessage {
    fn queue_url(&self) -> Option<&str> {
        self.queue_url.as_deref()
    }

    fn entry_id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    fn check(&mut self) -> Result<(), Fault> {
        Receipt::parse(self.receipt_handle.as_deref()).map(|_| ())
    }

    fn apply(self, cx: &Context<'_>, queue: &Queue) -> Result<Value, Fault> {
        let receipt = Receipt::parse(self.receipt_handle.as_deref())?;
        // Deleted before: a repeated delete is no fault.
        let Some(found) = find_received(cx.db, &queue.name, receipt)? else { return Ok(json!({})) };
        if queue.is_fifo() && (!found.is_latest || found.visible <= cx.now) {
            return Err(Fault::parameter("ReceiptHandle", "The receipt handle has expired."));
        }
        if found.is_latest {
            cx.db.prepare_cached("DELETE FROM messages WHERE seq = ?1")?.execute([receipt.seq])?;
            if let Some(group) = found.group {
                groups::settle(cx, &queue.name, &group)?;
                cx.touch(&queue.name);
            }
        }
        Ok(json!({}))
    }
}
