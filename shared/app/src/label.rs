//! `label`: add and take away labels.

use deskwire_domain::{content::check_length, limits, machine::Command};
use deskwire_protocol::{Ack, client::Label};

use crate::{App, AppError, Caller, conversation::Cursor};

impl App {
    pub(crate) async fn label(&self, caller: &Caller, label: Label) -> Result<Ack, AppError> {
        label.add.iter().chain(&label.remove).try_for_each(|name| check_length("label", name, limits::LABEL_CHARS))?;
        let command = Command::Label { add: label.add, remove: label.remove };
        let outcome = self.act(caller, &label.conversation, Cursor::Head, command).await?;
        Ok(Self::ack(caller, "label", &outcome))
    }
}
