//! One task for each socket, with small buffers: an idle one costs the gateway about 7 KB.
//!
//! It reads, writes and waits for an invocation all at once, so a client that does not read delays neither its own
//! frames nor its end. Messages of one socket are handled one after the other: API Gateway promises no order, and a
//! client that relied on ours would break there, but in order is what is easy to think about.

use std::{
    collections::BTreeMap,
    future::poll_fn,
    sync::{Arc, atomic::Ordering},
    task::{Context, Poll},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use futures::{FutureExt, SinkExt, StreamExt, future::BoxFuture};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::{Instant, Sleep, timeout},
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Error, Message, Utf8Bytes,
        error::ProtocolError,
        protocol::{CloseFrame, Role, WebSocketConfig, frame::coding::CloseCode},
    },
};

use crate::{
    crash_points,
    functions::{InvokeError, Invoker},
    limits::{CLOSE_TIME, INTEGRATION, Limits, MESSAGE_PAYLOAD_BYTES},
    outbox::{Close, Next},
    sockets::{Socket, Sockets},
};

/// Bytes of a socket's read buffer. tungstenite's default of 128 KB is paid by every idle connection; a chat frame has
/// a few hundred bytes.
const READ_BUFFER_BYTES: usize = 4 * 1024;

/// The route of messages that no other route takes.
const DEFAULT_ROUTE: &str = "$default";

/// How sockets are served.
pub(crate) struct Serving {
    pub disconnect: Invoker,
    /// The functions of the routes, `$default` among them. Another is selected by `$request.body.action`.
    pub routes: BTreeMap<String, Invoker>,
    pub limits: Limits,
    pub sockets: Sockets,
}

/// A close code and reason, as `$disconnect` tells them.
type Ended = (u16, String);

/// What happens next to a socket.
enum Happened {
    Write(Bytes),
    Close(Close),
    Answered(Option<String>),
    Received(Option<Result<Message, Error>>),
    Late,
    Gone,
    TooSlow,
}

/// Waits for the upgrade, serves the socket until it ends, and tells `disconnect`.
pub(crate) async fn serve(upgrade: hyper::upgrade::OnUpgrade, socket: Arc<Socket>, serving: Arc<Serving>) {
    let (code, reason) = match upgrade.await {
        Ok(upgraded) => Box::pin(Task::new(upgraded, &socket, &serving).await.run()).await,
        Err(_) => gone(),
    };
    serving.sockets.leave(&socket.connection.id);
    let event = socket.connection.disconnect(code, &reason);
    if let Err(error) = serving.disconnect.invoke(event, INTEGRATION, None).await {
        tracing::warn!(%error, "`$disconnect` failed; leases end by themselves");
    }
}

struct Task {
    stream: WebSocketStream<TokioIo<Upgraded>>,
    socket: Arc<Socket>,
    serving: Arc<Serving>,
    /// The invocation under way; boxed, so that an idle socket has none of it.
    running: Option<BoxFuture<'static, Option<String>>>,
    /// A message that came while one is under way. Behind it nothing is read: the client's own TCP window is the queue.
    held: Option<Message>,
    /// Whether a frame is not wholly written yet.
    flushing: bool,
    idle_at: Instant,
    ends_at: Instant,
    /// When the socket is dropped, once it is to be closed.
    dropped_at: Option<Instant>,
}

impl Task {
    async fn new(upgraded: Upgraded, socket: &Arc<Socket>, serving: &Arc<Serving>) -> Self {
        let mut config = WebSocketConfig::default();
        config.read_buffer_size = READ_BUFFER_BYTES;
        config.write_buffer_size = 0;
        config.max_message_size = Some(MESSAGE_PAYLOAD_BYTES);
        config.max_frame_size = Some(serving.limits.frame_bytes.min(MESSAGE_PAYLOAD_BYTES));
        let stream = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, Some(config)).await;
        let now = Instant::now();
        Self {
            stream,
            socket: Arc::clone(socket),
            serving: Arc::clone(serving),
            running: None,
            held: None,
            flushing: false,
            idle_at: now + serving.limits.idle,
            ends_at: now + serving.limits.longest,
            dropped_at: None,
        }
    }

    /// Serves until the end.
    async fn run(mut self) -> Ended {
        let timer = tokio::time::sleep_until(self.wakes_at());
        tokio::pin!(timer);
        loop {
            timer.as_mut().reset(self.wakes_at());
            let happened = poll_fn(|cx| self.poll(cx, timer.as_mut())).await;
            let ended = match happened {
                Happened::Write(frame) => self.write(frame),
                Happened::Close(close) => Some(self.close(close).await),
                Happened::Answered(reply) => self.answered(reply),
                Happened::Received(message) => self.received(message).await,
                Happened::Late => self.late(),
                Happened::Gone => Some(gone()),
                Happened::TooSlow => {
                    self.serving.sockets.counts.cut_off.fetch_add(1, Ordering::Relaxed);
                    Some((CloseCode::Policy.into(), "the client is too slow".into()))
                }
            };
            if let Some(ended) = ended {
                self.finish().await;
                return ended;
            }
        }
    }

    fn wakes_at(&self) -> Instant {
        self.dropped_at.unwrap_or_else(|| self.idle_at.min(self.ends_at))
    }

    fn poll(&mut self, cx: &mut Context<'_>, timer: std::pin::Pin<&mut Sleep>) -> Poll<Happened> {
        if let Some(running) = &mut self.running
            && let Poll::Ready(reply) = running.poll_unpin(cx)
        {
            self.running = None;
            return Poll::Ready(Happened::Answered(reply));
        }
        if let Poll::Ready(happened) = self.poll_write(cx) {
            return Poll::Ready(happened);
        }
        if self.held.is_none()
            && let Poll::Ready(message) = self.stream.poll_next_unpin(cx)
        {
            return Poll::Ready(Happened::Received(message));
        }
        timer.poll(cx).map(|()| Happened::Late)
    }

    /// Writes on at what is under way; behind it comes the next.
    fn poll_write(&mut self, cx: &mut Context<'_>) -> Poll<Happened> {
        if self.flushing {
            match self.stream.poll_flush_unpin(cx) {
                Poll::Ready(Ok(())) => self.flushing = false,
                Poll::Ready(Err(_)) => return Poll::Ready(Happened::Gone),
                Poll::Pending if self.socket.outbox.overflowed(cx.waker()) => return Poll::Ready(Happened::TooSlow),
                Poll::Pending => {}
            }
        }
        if self.dropped_at.is_none() && self.socket.outbox.closing() {
            let under_way = if self.running.is_some() { INTEGRATION } else { std::time::Duration::ZERO };
            self.dropped_at = Some(Instant::now() + under_way + CLOSE_TIME);
            // The timer must learn of it.
            return Poll::Ready(Happened::Late);
        }
        if self.flushing {
            return Poll::Pending;
        }
        match self.socket.outbox.next(cx.waker(), self.running.is_some()) {
            Next::Write(frame) => Poll::Ready(Happened::Write(frame)),
            Next::Close(close) => Poll::Ready(Happened::Close(close)),
            Next::Cut => Poll::Ready(Happened::TooSlow),
            Next::Nothing => Poll::Pending,
        }
    }

    fn write(&mut self, frame: Bytes) -> Option<Ended> {
        // A post is text; bytes that are none go as a binary frame.
        let message = Utf8Bytes::try_from(frame.clone()).map_or_else(|_| Message::Binary(frame), Message::Text);
        self.flushing = true;
        self.active();
        self.serving.sockets.counts.sent.fetch_add(1, Ordering::Relaxed);
        self.stream.start_send_unpin(message).err().map(|_| gone())
    }

    fn active(&mut self) {
        self.idle_at = Instant::now() + self.serving.limits.idle;
        self.socket.touch();
    }

    async fn received(&mut self, message: Option<Result<Message, Error>>) -> Option<Ended> {
        self.active();
        match message {
            Some(Ok(message @ (Message::Text(_) | Message::Binary(_)))) => {
                self.serving.sockets.counts.received.fetch_add(1, Ordering::Relaxed);
                if self.running.is_some() {
                    self.held = Some(message);
                } else {
                    self.start(&message);
                }
                None
            }
            Some(Ok(Message::Close(close))) => {
                // The answer to it lies ready; a client that does not take it is not waited for.
                let _ = timeout(CLOSE_TIME, self.stream.flush()).await;
                Some(close.map_or((1005, String::new()), |close| (close.code.into(), close.reason.to_string())))
            }
            // A ping is answered by the stream itself.
            Some(Ok(_)) => None,
            Some(Err(Error::Capacity(_))) => {
                Some(self.close(Close { code: CloseCode::Size, reason: "message too large" }).await)
            }
            Some(Err(Error::Utf8(_))) => {
                Some(self.close(Close { code: CloseCode::Invalid, reason: "not UTF-8" }).await)
            }
            Some(Err(Error::Protocol(ProtocolError::ResetWithoutClosingHandshake))) => Some(gone()),
            Some(Err(Error::Protocol(_))) => {
                Some(self.close(Close { code: CloseCode::Protocol, reason: "not WebSocket" }).await)
            }
            Some(Err(_)) | None => Some(gone()),
        }
    }

    /// Begins the invocation of the route that takes a message.
    fn start(&mut self, message: &Message) {
        let encoded;
        let (body, base64) = match message {
            Message::Binary(bytes) => {
                encoded = STANDARD.encode(bytes);
                (encoded.as_str(), true)
            }
            other => (other.to_text().unwrap_or_default(), false),
        };
        let route = self.serving.route(body);
        let Some(invoker) = self.serving.routes.get(route).cloned() else {
            // Without a route API Gateway answers as it does to a message that is no JSON.
            self.socket.outbox.push(refusal(&self.socket, "Forbidden").into());
            return;
        };
        crash_points::pass("before-invoke");
        let event = self.socket.connection.message(route, body, base64);
        let socket = Arc::clone(&self.socket);
        self.running = Some(Box::pin(async move {
            let reply = answer(&invoker, event, &socket).await;
            crash_points::pass("after-invoke-before-reply");
            reply
        }));
    }

    fn answered(&mut self, reply: Option<String>) -> Option<Ended> {
        if let Some(reply) = reply {
            self.socket.outbox.push_reply(reply.into());
        }
        if let Some(message) = self.held.take_if(|_| !self.socket.outbox.closing()) {
            self.start(&message);
        }
        None
    }

    /// A time is over: the longest, the idle, or the one for a close.
    fn late(&mut self) -> Option<Ended> {
        let now = Instant::now();
        if self.dropped_at.is_some_and(|at| now >= at) {
            return Some(gone());
        }
        if self.dropped_at.is_none() && now >= self.idle_at.min(self.ends_at) {
            self.socket.outbox.close(Close { code: CloseCode::Away, reason: "Going away" });
        }
        None
    }

    /// Says why, and waits a little for the client to have read it: a connection that is dropped with unread bytes is
    /// reset, and the reason is lost.
    async fn close(&mut self, Close { code, reason }: Close) -> Ended {
        self.serving.sockets.leave(&self.socket.connection.id);
        let frame = CloseFrame { code, reason: reason.into() };
        let told = async {
            let _ = self.stream.close(Some(frame)).await;
            let raw = self.stream.get_mut();
            let _ = raw.shutdown().await;
            let mut unread = [0; 1024];
            while raw.read(&mut unread).await.is_ok_and(|count| count > 0) {}
        };
        let _ = timeout(CLOSE_TIME, Box::pin(told)).await;
        (code.into(), reason.into())
    }

    /// What is under way ends before `$disconnect` begins; its answer has nowhere to go. A message that waited is
    /// handled where it was the client that left, and dropped where we close: the client sends it again.
    async fn finish(&mut self) {
        self.serving.sockets.leave(&self.socket.connection.id);
        if let Some(running) = self.running.take() {
            running.await;
        }
        if let Some(message) = self.held.take_if(|_| !self.socket.outbox.closing()) {
            self.start(&message);
            if let Some(running) = self.running.take() {
                running.await;
            }
        }
    }
}

impl Serving {
    /// The route of a message: by its `action` where a route has that name, else `$default`.
    fn route<'a>(&'a self, body: &str) -> &'a str {
        if self.routes.len() == 1 {
            return DEFAULT_ROUTE;
        }
        #[derive(serde::Deserialize)]
        struct Selected {
            action: String,
        }
        let selected = serde_json::from_str::<Selected>(body).ok();
        selected
            .and_then(|selected| self.routes.get_key_value(&selected.action))
            .filter(|(name, _)| !name.starts_with('$'))
            .map_or(DEFAULT_ROUTE, |(name, _)| name)
    }
}

/// Invokes a route; its answer's `body` is the frame that goes back.
async fn answer(invoker: &Invoker, event: Bytes, socket: &Socket) -> Option<String> {
    let failed = |error: InvokeError| {
        tracing::error!(%error, "a route's function failed");
        Some(refusal(socket, "Internal server error"))
    };
    match invoker.invoke(event, INTEGRATION, None).await {
        Err(error) => failed(error),
        Ok(answer) => match serde_json::from_slice::<Value>(&answer) {
            Ok(value) if body_bytes(&value) > MESSAGE_PAYLOAD_BYTES => {
                failed(InvokeError::Failed("its answer is larger than a message may be".into()))
            }
            Ok(value) => value.get("body").and_then(Value::as_str).filter(|body| !body.is_empty()).map(str::to_owned),
            Err(_) => failed(InvokeError::Failed("its answer is not JSON".into())),
        },
    }
}

fn body_bytes(answer: &Value) -> usize {
    answer.get("body").and_then(Value::as_str).map_or(0, str::len)
}

/// What API Gateway itself sends where it has no answer of a function.
fn refusal(socket: &Socket, message: &str) -> String {
    let request = ulid::Ulid::generate().to_string();
    json!({"message": message, "connectionId": socket.connection.id, "requestId": request}).to_string()
}

fn gone() -> Ended {
    (1006, "the client is gone".into())
}
