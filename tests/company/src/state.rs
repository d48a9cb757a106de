//! What the company remembers while it runs, and everything that waits for it to change.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};
use standardwebhooks::Webhook;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::shop::{News, Refused, Shop};

/// The CloudEvents source of the company.
pub const SOURCE: &str = "https://shop.example";
/// Webhooks and events that are remembered, each: enough to recognise whatever Deskwire may still repeat.
const REMEMBERED: usize = 5_000;
/// Of those, how many the page shows.
const SHOWN: usize = 60;

/// A webhook that came in.
#[derive(Debug, Clone, PartialEq)]
pub struct Received {
    /// The header `webhook-id`: the event's id, the same at every attempt.
    pub id: String,
    /// The event's type.
    pub kind: String,
    /// The whole event; null where the signature is wrong, as it may be anybody's.
    pub event: Value,
    /// Whether Deskwire signed it.
    pub verified: bool,
    /// The HTTP status that it was answered with.
    pub answer: u16,
    /// When.
    pub at: Timestamp,
}

/// What became of an event of the company's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Fate {
    /// It is sent, and sent again until Deskwire has it.
    Waiting,
    Accepted,
    /// Deskwire will never take it.
    Refused(String),
}

/// An event of the company's own.
#[derive(Debug)]
pub(crate) struct Letter {
    pub id: String,
    kind: &'static str,
    body: String,
    at: Timestamp,
    attempts: u32,
    fate: Fate,
}

/// Where events go, and with which secret they are signed.
#[derive(Debug, Clone)]
pub(crate) struct Door {
    pub url: String,
    pub secret: String,
}

/// An event that is to be sent now.
pub(crate) struct Outgoing {
    pub id: String,
    pub body: String,
    pub door: Door,
}

pub(crate) struct State {
    pub shop: Shop,
    pub received: VecDeque<Received>,
    letters: VecDeque<Letter>,
    /// Set by joining.
    pub door: Option<Door>,
    /// Set by joining: checks what comes from Deskwire.
    pub verifier: Option<Webhook>,
    /// So many webhooks are still answered with an error.
    pub failures: u32,
    /// The business API is out of order.
    pub down: bool,
    pub order_lookups: u64,
}

impl State {
    /// Puts news into the outbox; answers their id.
    pub(crate) fn post(&mut self, news: &News) -> String {
        let (id, at) = (ulid::Ulid::generate().to_string(), Timestamp::now());
        let event = json!({
            "specversion": "1.0", "id": id, "source": SOURCE, "type": news.kind, "subject": news.subject,
            "time": at, "datacontenttype": "application/json", "data": news.data,
        });
        let body = event.to_string();
        self.letters.push_back(Letter { id: id.clone(), kind: news.kind, body, at, attempts: 0, fate: Fate::Waiting });
        // The oldest go first, and never one that still waits.
        if self.letters.len() > REMEMBERED && self.letters.front().is_some_and(|first| first.fate != Fate::Waiting) {
            self.letters.pop_front();
        }
        id
    }

    /// The oldest event that waits, if the company has joined.
    pub(crate) fn outgoing(&self) -> Option<Outgoing> {
        let door = self.door.clone()?;
        let letter = self.letters.iter().find(|letter| letter.fate == Fate::Waiting)?;
        Some(Outgoing { id: letter.id.clone(), body: letter.body.clone(), door })
    }

    /// Writes down what an attempt came to.
    pub(crate) fn attempted(&mut self, id: &str, fate: Fate) {
        if let Some(letter) = self.letters.iter_mut().find(|letter| letter.id == id) {
            letter.attempts += 1;
            letter.fate = fate;
        }
    }

    pub(crate) fn fate(&self, id: &str) -> Option<&Fate> {
        self.letters.iter().find(|letter| letter.id == id).map(|letter| &letter.fate)
    }

    pub(crate) fn remember(&mut self, received: Received) {
        self.received.push_back(received);
        if self.received.len() > REMEMBERED {
            self.received.pop_front();
        }
    }

    /// Everything that the page shows.
    pub(crate) fn shown(&self) -> Value {
        let mut shown = self.shop.shown();
        let sent = self.letters.iter().rev().take(SHOWN).map(|letter| {
            json!({"way": "sent", "id": letter.id, "type": letter.kind, "at": letter.at,
                   "attempts": letter.attempts, "fate": letter.fate})
        });
        let received = self.received.iter().rev().take(SHOWN).map(|received| {
            json!({"way": "received", "id": received.id, "type": received.kind, "at": received.at,
                   "verified": received.verified, "answer": received.answer})
        });
        shown["log"] = sent.chain(received).collect();
        shown["joined"] = self.door.is_some().into();
        shown
    }
}

/// The company as all its parts share it.
pub(crate) struct Shared {
    state: Mutex<State>,
    changed: watch::Sender<()>,
    /// Of the business API: new at each start, and known to Deskwire as a secret.
    pub token: String,
    /// Its own address, `http://host:port`.
    pub url: String,
    pub port: u16,
    pub stopping: CancellationToken,
}

impl Shared {
    pub(crate) fn new(url: String, port: u16) -> Self {
        let state = State {
            shop: Shop::open(),
            received: VecDeque::new(),
            letters: VecDeque::new(),
            door: None,
            verifier: None,
            failures: 0,
            down: false,
            order_lookups: 0,
        };
        Self {
            state: Mutex::new(state),
            changed: watch::Sender::new(()),
            token: hex::encode(rand::random::<[u8; 32]>()),
            url,
            port,
            stopping: CancellationToken::new(),
        }
    }

    /// Changes something, and wakes whoever waits for it.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let result = change(&mut self.lock());
        self.changed.send_replace(());
        result
    }

    pub(crate) fn read<T>(&self, read: impl FnOnce(&State) -> T) -> T {
        read(&self.lock())
    }

    pub(crate) fn changes(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    /// What a human does in the shop: it is done, and the news of it lie in the outbox.
    pub(crate) fn act(&self, press: impl FnOnce(&mut Shop) -> Result<News, Refused>) -> Result<String, Refused> {
        self.change(|state| press(&mut state.shop).map(|news| state.post(&news)))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
