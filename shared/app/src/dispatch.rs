//! A frame's way to its action: the one path for sockets and for `POST …/actions`.

use deskwire_domain::{Code, Refusal};
use deskwire_protocol::{
    Ack, Action, ClientFrame, ServerFrame,
    json::{self, RefusedFrame},
    server::ErrorFrame,
};
use deskwire_telemetry::{Count, count};

use crate::{App, AppError, Caller};

/// Seconds after which what was refused for its rate may be sent again.
const RETRY_AFTER_SECONDS: u32 = 1;

impl App {
    /// Answers one frame of a socket: an `ack` or an `error`.
    pub async fn frame(&self, caller: &Caller, text: &str) -> ServerFrame {
        // Before it is read: nonsense costs time too.
        let who = caller.connection.clone().unwrap_or_else(|| caller.id());
        if let Err(refusal) = self.rates.take(caller.account(), &who) {
            let named = json::frame(text);
            let reference = match named {
                Ok(frame) => frame.reference,
                Err(RefusedFrame { reference, .. }) => reference,
            };
            return error(&refusal, reference, None);
        }
        let frame = match json::frame(text) {
            Ok(frame) => frame,
            Err(RefusedFrame { refusal, reference, client_id }) => return error(&refusal, reference, client_id),
        };
        let ClientFrame { reference, action } = frame;
        let client_id = match &action {
            Action::Send(send) => Some(send.client_id.clone()),
            Action::Note(note) => Some(note.client_id.clone()),
            Action::Postback(postback) => Some(postback.client_id.clone()),
            Action::Rate(rate) => Some(rate.client_id.clone()),
            Action::Feedback(feedback) => Some(feedback.client_id.clone()),
            _ => None,
        };
        match Box::pin(self.limited(caller, action)).await {
            Ok(ack) => {
                count(Count::Acked, 1);
                ServerFrame::Ack(Box::new(Ack { reference, ..ack }))
            }
            Err(failure) => error(&failure.into_refusal(), reference, client_id),
        }
    }

    async fn limited(&self, caller: &Caller, action: Action) -> Result<Ack, AppError> {
        if caller.expires <= self.now() {
            if let Some(connection) = &caller.connection {
                self.push.close(connection).await;
            }
            return Err(Code::TokenExpired.into());
        }
        self.perform(caller, action).await
    }

    /// Does what a frame asks for.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn perform(&self, caller: &Caller, action: Action) -> Result<Ack, AppError> {
        let name = action.name();
        let mut ack = match action {
            Action::Hello(hello) => Box::pin(self.hello(caller, hello)).await?,
            Action::Send(send) => Box::pin(self.send(caller, send)).await?,
            Action::Sync(sync) => self.sync(caller, sync).await?,
            Action::Typing(typing) => self.typing(caller, typing).await?,
            Action::Read(read) => self.read(caller, read).await?,
            Action::Ping(_) => self.ping(caller).await?,
            Action::Presence(presence) => self.presence(caller, &presence).await?,
            Action::Accept(accept) => self.accept(caller, accept).await?,
            Action::Decline(decline) => self.decline(caller, decline).await?,
            Action::Assign(assign) => self.assign(caller, assign).await?,
            Action::Transfer(transfer) => self.transfer(caller, transfer).await?,
            Action::Close(close) => self.close(caller, close).await?,
            Action::Reopen(reopen) => self.reopen(caller, reopen).await?,
            Action::Snooze(snooze) => self.snooze(caller, snooze).await?,
            Action::Note(note) => self.note(caller, note).await?,
            Action::Postback(postback) => self.postback(caller, postback).await?,
            Action::Rate(rate) => self.rate(caller, rate).await?,
            Action::Feedback(feedback) => self.feedback(caller, feedback).await?,
            Action::Review(review) => self.review(caller, review).await?,
            Action::CallBot(call) => self.call_bot(caller, call).await?,
            Action::Label(label) => self.label(caller, label).await?,
            Action::Watch(watch) => self.watch(caller, watch).await?,
            Action::Unwatch(watch) => self.unwatch(caller, watch).await?,
        };
        name.clone_into(&mut ack.action);
        Ok(ack)
    }
}

fn error(refusal: &Refusal, reference: Option<String>, client_id: Option<String>) -> ServerFrame {
    count(Count::of_refusal(refusal.code == Code::Internal), 1);
    let retry_after = matches!(refusal.code, Code::RateLimited | Code::Busy).then_some(RETRY_AFTER_SECONDS);
    ServerFrame::Error(ErrorFrame { code: refusal.code, message: refusal.message(), reference, client_id, retry_after })
}
