//! `note`: for agents only. A visitor sees a bare seq.

use deskwire_domain::{content::check_text, machine::Command};
use deskwire_protocol::{Ack, client::Note};

use crate::{App, AppError, Caller, conversation::Cursor};

impl App {
    pub(crate) async fn note(&self, caller: &Caller, note: Note) -> Result<Ack, AppError> {
        check_text(&note.text)?;
        let command = Command::Note { text: note.text, client_id: note.client_id };
        let outcome = self.act(caller, &note.conversation, Cursor::After(note.after), command).await?;
        Ok(Self::ack(caller, "note", &outcome))
    }
}
