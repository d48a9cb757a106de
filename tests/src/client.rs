//! A client as clients must be: asks by `ref`, merges entries exactly once in seq order, asks for gaps.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use anyhow::{Result, bail};
use deskwire_domain::{ConversationId, merge::Reader};
use deskwire_protocol::{Ack, EntryView, ServerFrame, server::ErrorFrame};
use futures::{SinkExt, StreamExt, stream::SplitSink};
use serde_json::{Value, json};
use tokio::{
    net::TcpStream,
    sync::{Notify, mpsc, oneshot},
    time::timeout,
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async_with_config,
    tungstenite::{
        Message,
        protocol::{
            WebSocketConfig,
            frame::{
                Frame,
                coding::{Data, OpCode},
            },
        },
    },
};

/// API Gateway's "WebSocket frame size".
const FRAME_BYTES: usize = 32 * 1024;

/// How long anything may take before a test fails.
pub const DEADLINE: Duration = Duration::from_secs(20);

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;
type Answered = Result<Ack, ErrorFrame>;

type Sink = Arc<tokio::sync::Mutex<SplitSink<Socket, Message>>>;

/// Keeps an agent's lease, as `welcome.ping_seconds` asks for.
async fn ping(sink: Sink) {
    let mut ticks = tokio::time::interval(Duration::from_secs(30));
    ticks.tick().await;
    loop {
        ticks.tick().await;
        if sink.lock().await.send(Message::text(r#"{"action":"ping"}"#)).await.is_err() {
            return;
        }
    }
}

#[derive(Default)]
struct State {
    readers: HashMap<ConversationId, Reader<EntryView>>,
    waiting: HashMap<String, oneshot::Sender<Answered>>,
    closed: Option<(u16, String)>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Notify,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A client on one socket.
pub struct Client {
    sink: Sink,
    shared: Arc<Shared>,
    frames: tokio::sync::Mutex<mpsc::UnboundedReceiver<Value>>,
    next: AtomicU64,
    tasks: [tokio::task::JoinHandle<()>; 2],
}

impl Drop for Client {
    /// Cuts the connection, as a closed tab or a dead network does.
    fn drop(&mut self) {
        self.tasks.iter().for_each(tokio::task::JoinHandle::abort);
    }
}

impl Client {
    /// Opens a socket.
    pub async fn open(url: &str) -> Result<Self> {
        let mut config = WebSocketConfig::default();
        config.read_buffer_size = 8 * 1024;
        let (socket, _) = connect_async_with_config(url, Some(config), true).await?;
        let (sink, mut stream) = socket.split();
        let sink = Arc::new(tokio::sync::Mutex::new(sink));
        let pinging = tokio::spawn(ping(Arc::clone(&sink)));
        let (shared, (all, frames)) = (Arc::new(Shared::default()), mpsc::unbounded_channel());
        let reading = Arc::clone(&shared);
        let reading_task = tokio::spawn(async move {
            let mut end = (1006, String::new());
            while let Some(Ok(message)) = stream.next().await {
                match message {
                    Message::Text(text) => take(&reading, &text, &all),
                    Message::Close(Some(close)) => end = (close.code.into(), close.reason.to_string()),
                    _ => {}
                }
            }
            let mut state = reading.lock();
            state.closed = Some(end);
            state.waiting.clear();
            drop(state);
            reading.changed.notify_waiters();
        });
        Ok(Self { sink, shared, frames: frames.into(), next: AtomicU64::new(1), tasks: [reading_task, pinging] })
    }

    /// Goes on with what another client, whose socket has ended, had read: as a page does that connects again.
    pub fn inherit(&self, old: &Self) {
        self.shared.lock().readers = std::mem::take(&mut old.shared.lock().readers);
    }

    /// Sends a raw frame.
    pub async fn send(&self, message: Message) -> Result<()> {
        let mut sink = self.sink.lock().await;
        match &message {
            // As every client of API Gateway must: its frames have at most 32 KB.
            Message::Text(text) if text.len() > FRAME_BYTES => {
                for fragment in fragments(text.as_bytes()) {
                    sink.send(fragment).await?;
                }
                Ok(())
            }
            _ => Ok(sink.send(message).await?),
        }
    }

    /// Asks, and waits for the answer; an error where the socket ended first.
    pub async fn ask(&self, mut frame: Value) -> Result<Answered> {
        let reference = format!("r{}", self.next.fetch_add(1, Ordering::Relaxed));
        frame["ref"] = reference.clone().into();
        let (answer, answered) = oneshot::channel();
        {
            let mut state = self.shared.lock();
            if state.closed.is_some() {
                bail!("the socket is closed");
            }
            state.waiting.insert(reference, answer);
        }
        self.send(Message::text(frame.to_string())).await?;
        Ok(timeout(DEADLINE, answered).await??)
    }

    /// Asks; it must be granted.
    pub async fn ok(&self, frame: Value) -> Ack {
        let shown = frame.to_string();
        match self.ask(frame).await.expect("an answer") {
            Ok(ack) => ack,
            Err(error) => panic!("{shown}: {} {}", error.code.as_str(), error.message),
        }
    }

    /// Asks; it must be refused, and the code is answered.
    pub async fn refused(&self, frame: Value) -> &'static str {
        let shown = frame.to_string();
        match self.ask(frame).await.expect("an answer") {
            Ok(_) => panic!("{shown} was granted"),
            Err(error) => error.code.as_str(),
        }
    }

    /// Says something in a conversation, from where this client has read to; syncs first where it must.
    pub async fn say(&self, conversation: &ConversationId, text: &str) -> Ack {
        let client_id = ulid::Ulid::generate().to_string();
        loop {
            let frame = json!({
                "action": "send", "conversation": conversation, "after": self.seen(conversation), "client_id": client_id,
                "content": {"kind": "text", "text": text},
            });
            match self.ask(frame).await.expect("an answer") {
                Ok(ack) => return ack,
                Err(error) if error.code.as_str() == "sync_required" => self.catch_up(conversation).await,
                // Refused for its rate, or for a crowd: the same again, as the refusal says.
                Err(error) => wait_as_told(&error).await,
            }
        }
    }

    /// A visitor's first words.
    pub async fn begin(&self, text: &str) -> ConversationId {
        let client_id = ulid::Ulid::generate().to_string();
        let ack =
            self.ok(json!({"action": "send", "client_id": client_id, "content": {"kind": "text", "text": text}})).await;
        ack.conversation.expect("a conversation")
    }

    /// Reads on to the log's end.
    pub async fn catch_up(&self, conversation: &ConversationId) {
        loop {
            let frame = json!({"action": "sync", "conversation": conversation, "after": self.seen(conversation)});
            match self.ask(frame).await.expect("an answer") {
                Ok(ack) if !ack.more => return,
                Ok(_) => {}
                Err(error) => wait_as_told(&error).await,
            }
        }
    }

    /// Waits until the log has been read to `seq`; asks for what is missing where nothing comes.
    pub async fn until(&self, conversation: &ConversationId, seq: u64) {
        let read = async {
            while self.seen(conversation) < seq {
                let changed = self.shared.changed.notified();
                if self.seen(conversation) >= seq {
                    break;
                }
                if timeout(Duration::from_millis(500), changed).await.is_err() {
                    self.catch_up(conversation).await;
                }
            }
        };
        timeout(DEADLINE, read)
            .await
            .unwrap_or_else(|_| panic!("{conversation}: read to {} of {seq}", self.seen(conversation)));
    }

    /// How far the log has been read without a gap.
    pub fn seen(&self, conversation: &ConversationId) -> u64 {
        self.shared.lock().readers.get(conversation).map_or(0, Reader::seen)
    }

    /// What has been read of a log.
    pub fn log(&self, conversation: &ConversationId) -> Vec<EntryView> {
        self.shared.lock().readers.get(conversation).map(|reader| reader.entries().to_vec()).unwrap_or_default()
    }

    /// The conversations of which anything has been read.
    pub fn conversations(&self) -> Vec<ConversationId> {
        self.shared.lock().readers.keys().cloned().collect()
    }

    /// The texts in a log, in order.
    pub fn texts(&self, conversation: &ConversationId) -> Vec<String> {
        let text = |entry: &EntryView| match &entry.visible()?.event {
            deskwire_domain::Event::Message { content, .. } => content.words().map(str::to_owned),
            _ => None,
        };
        self.log(conversation).iter().filter_map(text).collect()
    }

    /// Waits for a pushed frame (not an answer) for which `wanted` holds; earlier ones are passed over.
    pub async fn pushed(&self, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let search = async {
            let mut frames = self.frames.lock().await;
            loop {
                match frames.recv().await {
                    Some(frame) if wanted(&frame) => return frame,
                    Some(_) => {}
                    None => panic!("the socket ended before {what}"),
                }
            }
        };
        timeout(DEADLINE, search).await.unwrap_or_else(|_| panic!("no {what} came"))
    }

    /// Waits for a pushed entry of this type in a conversation.
    pub async fn entry(&self, kind: &str) -> Value {
        let frame = self.pushed(kind, |frame| frame["type"] == "entry" && frame["entry"]["type"] == kind).await;
        frame["entry"].clone()
    }

    /// Closes the socket, as a page that is left does.
    pub async fn close(&self) {
        // It may have ended already.
        let _ = self.sink.lock().await.close().await;
    }

    /// Waits until the socket ends: close code and reason.
    pub async fn closed(&self) -> (u16, String) {
        let end = async {
            loop {
                let changed = self.shared.changed.notified();
                if let Some(end) = self.shared.lock().closed.clone() {
                    return end;
                }
                // What is pushed meanwhile does not matter; only the end does.
                let _ = timeout(Duration::from_millis(200), changed).await;
            }
        };
        timeout(DEADLINE, end).await.expect("the socket ends")
    }

    /// Whether the socket has ended.
    pub fn is_closed(&self) -> bool {
        self.shared.lock().closed.is_some()
    }
}

/// Waits where a refusal says that the same may succeed later; any other refusal is a fault of the test.
async fn wait_as_told(error: &ErrorFrame) {
    let seconds = error.retry_after.unwrap_or_else(|| panic!("{}: {}", error.code.as_str(), error.message));
    tokio::time::sleep(Duration::from_secs(seconds.into())).await;
}

/// Takes a frame: merges what it brings, and hands it on.
fn take(shared: &Shared, text: &str, all: &mpsc::UnboundedSender<Value>) {
    let value: Value = serde_json::from_str(text).expect("JSON from the server");
    let Ok(frame) = serde_json::from_value::<ServerFrame>(value.clone()) else {
        let _ = all.send(value);
        return;
    };
    let mut state = shared.lock();
    match frame {
        ServerFrame::Ack(ack) => {
            merge(&mut state, &ack.entries);
            for resumed in ack.welcome.iter().flat_map(|welcome| &welcome.conversations) {
                merge(&mut state, &resumed.entries);
            }
            if let Some(waiting) = ack.reference.as_ref().and_then(|reference| state.waiting.remove(reference)) {
                let _ = waiting.send(Ok(*ack));
            }
        }
        ServerFrame::Error(error) => {
            if let Some(waiting) = error.reference.as_ref().and_then(|reference| state.waiting.remove(reference)) {
                let _ = waiting.send(Err(error));
            } else {
                let _ = all.send(value);
            }
        }
        ServerFrame::Entry { entry } => {
            merge(&mut state, std::slice::from_ref(&entry));
            let _ = all.send(value);
        }
        _ => {
            let _ = all.send(value);
        }
    }
    drop(state);
    shared.changed.notify_waiters();
}

fn merge(state: &mut State, entries: &[EntryView]) {
    for entry in entries {
        state.readers.entry(entry.conversation().clone()).or_default().take(entry.seq(), entry.clone());
    }
}

/// A text's frames.
fn fragments(text: &[u8]) -> Vec<Message> {
    let parts: Vec<&[u8]> = text.chunks(FRAME_BYTES).collect();
    let last = parts.len() - 1;
    let fragment = |(index, part): (usize, &&[u8])| {
        let kind = if index == 0 { Data::Text } else { Data::Continue };
        Message::Frame(Frame::message(part.to_vec(), OpCode::Data(kind), index == last))
    };
    parts.iter().enumerate().map(fragment).collect()
}
