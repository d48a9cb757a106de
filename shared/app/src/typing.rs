//! `typing`: told to whoever watches, never stored (DESIGN §7).

use deskwire_domain::Code;
use deskwire_protocol::{Ack, ServerFrame, client::Typing};
use deskwire_store::Topic;

use crate::{App, AppError, Caller};

impl App {
    pub(crate) async fn typing(&self, caller: &Caller, typing: Typing) -> Result<Ack, AppError> {
        let frame =
            ServerFrame::Typing { conversation: typing.conversation.clone(), by: caller.author(), on: typing.on };
        self.hint(caller, &typing.conversation, frame).await?;
        Ok(Ack { conversation: Some(typing.conversation), ..Ack::default() })
    }

    /// Tells the other watchers of a conversation something that is not in its log. Only who watches may: that they
    /// may see it was decided when they began to, and it costs no second read.
    pub(crate) async fn hint(
        &self,
        caller: &Caller,
        conversation: &deskwire_domain::ConversationId,
        frame: ServerFrame,
    ) -> Result<(), AppError> {
        let topic = Topic::Conversation(conversation);
        let mut watchers = self.store.watchers(caller.account(), &topic).await?;
        let me = caller.id();
        if !watchers.iter().any(|watcher| watcher.who == me) {
            return Err(Code::NotFound.into());
        }
        watchers.retain(|watcher| Some(&watcher.connection) != caller.connection.as_ref());
        self.push.tell(caller.account(), &topic, &watchers, |_| Some(frame.clone())).await;
        Ok(())
    }
}
