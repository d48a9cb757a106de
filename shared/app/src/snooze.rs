//! `snooze`: put aside until a time, or until the visitor writes.

use deskwire_domain::machine::Command;
use deskwire_protocol::{Ack, client::Snooze};

use crate::{App, AppError, Caller, conversation::Cursor};

impl App {
    pub(crate) async fn snooze(&self, caller: &Caller, snooze: Snooze) -> Result<Ack, AppError> {
        let command = Command::Snooze { until: snooze.until };
        let outcome = self.act(caller, &snooze.conversation, Cursor::Head, command).await?;
        Ok(Self::ack(caller, "snooze", &outcome))
    }
}
