//! `note`: for agents only. A visitor sees a bare seq.

use deskwire_domain::{content::check_text, machine::Command};
use deskwire_protocol::{Ack, client::Note};

use crate::{App, AppError, Caller, conversation::Cursor};

impl App {
    pub(crate) async fn note(&self, caller: &Caller, note: Note) -> Result<Ack, AppError> {
        let mut text = note.text;
        if let Some(content) = &note.content {
            content.check()?;
            self.check_file(caller.account(), content).await?;
            // Who cannot show it shows its words.
            if text.is_empty() {
                text = content.words().or_else(|| content.kind()).unwrap_or_default().to_owned();
            }
        }
        check_text(&text)?;
        let command = Command::Note { text, content: note.content, client_id: note.client_id };
        let outcome = self.act(caller, &note.conversation, Cursor::After(note.after), command).await?;
        Ok(Self::ack(caller, "note", &outcome))
    }
}
