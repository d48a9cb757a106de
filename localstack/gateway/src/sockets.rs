//! Sockets: one task each, with small buffers, and the table by which the management API finds them.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use futures::{SinkExt, StreamExt};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::{sync::mpsc, time::Instant};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Error, Message, Utf8Bytes,
        error::CapacityError,
        protocol::{CloseFrame, Role, WebSocketConfig, frame::coding::CloseCode},
    },
};

use crate::{
    crash_points,
    events::{Connection, now_millis},
    functions::{Function, FunctionError},
    limits::{INTEGRATION, MESSAGE_PAYLOAD_BYTES, UNSENT_BYTES},
};

/// Bytes of a socket's read buffer. tungstenite's default of 128 KB is paid by every idle connection; a chat frame has
/// a few hundred bytes.
const READ_BUFFER_BYTES: usize = 4 * 1024;

enum Outbound {
    Frame(Bytes),
    Close(CloseCode, &'static str),
}

struct Socket {
    outbound: mpsc::UnboundedSender<Outbound>,
    unsent: Arc<AtomicUsize>,
    connection: Arc<Connection>,
    last_active: Arc<AtomicI64>,
}

/// What became of a post.
pub(crate) enum Post {
    Taken,
    Gone,
}

/// The sockets that are open. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Sockets(Arc<Mutex<HashMap<String, Socket>>>, Arc<AtomicU64>);

impl Sockets {
    fn with<T>(&self, work: impl FnOnce(&mut HashMap<String, Socket>) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn count(&self) -> usize {
        self.with(|sockets| sockets.len())
    }

    pub(crate) fn pushes(&self) -> u64 {
        self.1.load(Ordering::Relaxed)
    }

    /// Queues a frame for a socket. One whose client does not read is cut off: it resumes from the log.
    pub(crate) fn post(&self, id: &str, frame: Bytes) -> Post {
        self.1.fetch_add(1, Ordering::Relaxed);
        self.with(|sockets| {
            let Some(socket) = sockets.get(id) else { return Post::Gone };
            let waiting = socket.unsent.fetch_add(frame.len(), Ordering::Relaxed) + frame.len();
            let message = if waiting > UNSENT_BYTES {
                Outbound::Close(CloseCode::Policy, "too slow")
            } else {
                Outbound::Frame(frame)
            };
            let cut = matches!(message, Outbound::Close(..));
            let sent = socket.outbound.send(message).is_ok();
            if cut || !sent {
                sockets.remove(id);
                return Post::Gone;
            }
            Post::Taken
        })
    }

    /// Closes a socket; says whether there was one.
    pub(crate) fn close(&self, id: &str) -> bool {
        let close = Outbound::Close(CloseCode::Normal, "closed by the server");
        self.with(|sockets| sockets.remove(id)).is_some_and(|socket| socket.outbound.send(close).is_ok())
    }

    /// Tells all clients to connect again elsewhere, and closes their sockets.
    pub(crate) fn close_all(&self, farewell: &Bytes) {
        self.with(|sockets| {
            for (_, socket) in sockets.drain() {
                let _ = socket.outbound.send(Outbound::Frame(farewell.clone()));
                let _ = socket.outbound.send(Outbound::Close(CloseCode::Restart, "reconnect"));
            }
        });
    }

    /// What the management API says of a socket.
    pub(crate) fn describe(&self, id: &str) -> Option<Value> {
        let time = |millis| jiff::Timestamp::from_millisecond(millis).map(|at| at.to_string()).unwrap_or_default();
        self.with(|sockets| {
            let socket = sockets.get(id)?;
            Some(json!({
                "connectedAt": time(socket.connection.connected_at),
                "lastActiveAt": time(socket.last_active.load(Ordering::Relaxed)),
                "identity": {"sourceIp": socket.connection.source_ip, "userAgent": socket.connection.user_agent},
            }))
        })
    }
}

/// How sockets are served.
pub(crate) struct Serving {
    pub message: Arc<dyn Function>,
    pub disconnect: Arc<dyn Function>,
    pub idle: Duration,
    pub longest: Duration,
}

/// Serves one socket until it ends. Frames of one socket are handled one after the other: API Gateway promises no
/// order, and a client that relied on ours would break there, but in order is what people expect.
pub(crate) async fn serve(upgraded: Upgraded, connection: Connection, sockets: Sockets, serving: Arc<Serving>) {
    let mut config = WebSocketConfig::default();
    config.read_buffer_size = READ_BUFFER_BYTES;
    config.write_buffer_size = 0;
    config.max_message_size = Some(MESSAGE_PAYLOAD_BYTES);
    // A single frame over API Gateway's 32 KB is read, so that `message` can refuse it with a code and the socket lives.
    config.max_frame_size = Some(MESSAGE_PAYLOAD_BYTES);
    let stream = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, Some(config)).await;
    let (outbound, inbox) = mpsc::unbounded_channel();
    let connection = Arc::new(connection);
    let (unsent, last_active) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicI64::new(now_millis())));
    let socket = Socket {
        outbound,
        unsent: Arc::clone(&unsent),
        connection: Arc::clone(&connection),
        last_active: Arc::clone(&last_active),
    };
    sockets.with(|all| all.insert(connection.id.clone(), socket));
    let mut task =
        Task { stream, inbox, connection: Arc::clone(&connection), serving: Arc::clone(&serving), unsent, last_active };
    let (code, reason) = task.run().await;
    drop(task);
    sockets.with(|all| all.remove(&connection.id));
    let event = Bytes::from(connection.disconnect(code, reason).to_string());
    if let Err(FunctionError(error)) = serving.disconnect.invoke(event).await {
        tracing::warn!(error, "`disconnect` failed; leases end by themselves");
    }
}

struct Task {
    stream: WebSocketStream<TokioIo<Upgraded>>,
    inbox: mpsc::UnboundedReceiver<Outbound>,
    connection: Arc<Connection>,
    serving: Arc<Serving>,
    unsent: Arc<AtomicUsize>,
    last_active: Arc<AtomicI64>,
}

impl Task {
    /// Serves until the end; answers the close code and reason.
    async fn run(&mut self) -> (u16, &'static str) {
        let end = Instant::now() + self.serving.longest;
        let mut idle = Instant::now() + self.serving.idle;
        loop {
            let cut = tokio::time::sleep_until(end.min(idle));
            tokio::select! {
                biased;
                message = self.inbox.recv() => match message {
                    Some(Outbound::Frame(frame)) => {
                        let bytes = frame.len();
                        let text = Utf8Bytes::try_from(frame).map_or_else(|_| Message::binary(Bytes::new()), Message::Text);
                        let sent = self.stream.send(text).await;
                        self.unsent.fetch_sub(bytes, Ordering::Relaxed);
                        if sent.is_err() {
                            return (1006, "the client is gone");
                        }
                        idle = Instant::now() + self.serving.idle;
                    }
                    Some(Outbound::Close(code, reason)) => return self.close(code, reason).await,
                    None => return self.close(CloseCode::Normal, "closed by the server").await,
                },
                frame = self.stream.next() => {
                    idle = Instant::now() + self.serving.idle;
                    if let Some(ended) = Box::pin(self.received(frame)).await {
                        return ended;
                    }
                }
                () = cut => return self.close(CloseCode::Away, "Going away").await,
            }
        }
    }

    async fn received(&mut self, frame: Option<Result<Message, Error>>) -> Option<(u16, &'static str)> {
        self.last_active.store(now_millis(), Ordering::Relaxed);
        match frame {
            Some(Ok(Message::Text(text))) => self.answer(&text, false).await,
            Some(Ok(Message::Binary(bytes))) => self.answer(&STANDARD.encode(bytes), true).await,
            Some(Ok(Message::Close(close))) => {
                Some((close.map_or(1005, |close| close.code.into()), "closed by the client"))
            }
            Some(Ok(_)) => None,
            Some(Err(Error::Capacity(CapacityError::MessageTooLong { .. }))) => {
                Some(self.close(CloseCode::Size, "message too large").await)
            }
            Some(Err(Error::Utf8(_))) => Some(self.close(CloseCode::Invalid, "not UTF-8").await),
            Some(Err(_)) | None => Some((1006, "the client is gone")),
        }
    }

    /// Invokes `message`, and sends back what the route answers.
    async fn answer(&mut self, body: &str, binary: bool) -> Option<(u16, &'static str)> {
        crash_points::pass("before-invoke");
        let event = Bytes::from(self.connection.message(body, binary).to_string());
        let answered = tokio::time::timeout(INTEGRATION, self.serving.message.invoke(event)).await;
        let reply = match answered {
            Ok(Ok(answer)) => route_body(&answer)?,
            Ok(Err(FunctionError(error))) => self.failed(&error),
            Err(_) => self.failed("the integration took too long"),
        };
        crash_points::pass("before-reply");
        match self.stream.send(Message::text(reply)).await {
            Ok(()) => None,
            Err(_) => Some((1006, "the client is gone")),
        }
    }

    /// What API Gateway sends where a function fails.
    fn failed(&self, error: &str) -> String {
        tracing::error!(error, "`message` failed");
        let request = ulid::Ulid::generate().to_string();
        json!({"message": "Internal server error", "connectionId": self.connection.id, "requestId": request})
            .to_string()
    }

    async fn close(&mut self, code: CloseCode, reason: &'static str) -> (u16, &'static str) {
        let frame = CloseFrame { code, reason: reason.into() };
        // A client that does not answer the close is not waited for.
        let _ = tokio::time::timeout(Duration::from_secs(2), self.stream.close(Some(frame))).await;
        (code.into(), reason)
    }
}

/// The frame in a route's answer; none where it has no body.
fn route_body(answer: &Bytes) -> Option<String> {
    let value: Value = serde_json::from_slice(answer).ok()?;
    value.get("body")?.as_str().map(str::to_owned)
}
