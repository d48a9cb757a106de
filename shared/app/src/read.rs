//! `read`: how far one has read. One small item a reader, which only moves forward; clients send it at most every few
//! seconds.

use deskwire_domain::{Code, Refusal};
use deskwire_protocol::{Ack, ServerFrame, client::Read};

use crate::{App, AppError, Caller};

impl App {
    pub(crate) async fn read(&self, caller: &Caller, read: Read) -> Result<Ack, AppError> {
        let account = caller.account();
        let head = self.store.head(account, &read.conversation).await?.ok_or(Code::NotFound)?;
        self.as_owner(caller, &head.state).await?;
        if read.seq > head.seq {
            return Err(Refusal::with(Code::InvalidField, format!("seq: the log's head is {}", head.seq)).into());
        }
        let ack = Ack { conversation: Some(read.conversation.clone()), seq: Some(read.seq), ..Ack::default() };
        if self.store.mark_read(account, &read.conversation, &caller.id(), read.seq).await? {
            let frame =
                ServerFrame::Receipt { conversation: read.conversation.clone(), by: caller.author(), seq: read.seq };
            match self.hint(caller, &read.conversation, frame).await {
                // Who reads over HTTP watches nothing; the mark counts all the same.
                Ok(()) | Err(AppError::Refused(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(ack)
    }
}
