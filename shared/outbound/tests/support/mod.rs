//! The other side: a real little server that counts, and a resolver that answers as told.
#![allow(dead_code, reason = "each test file uses its part")]

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use deskwire_outbound::{GuardedClient, Limits, Policy, Resolve, Resolving};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

pub const LIMITS: Limits = Limits { time: Duration::from_secs(5), bytes: 100 };

/// What a server saw.
#[derive(Default)]
pub struct Seen {
    pub connections: AtomicUsize,
    pub heads: Mutex<Vec<String>>,
}

impl Seen {
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    pub fn last(&self) -> String {
        self.heads.lock().unwrap().last().cloned().unwrap_or_default()
    }
}

/// A server at `at` that counts its connections, answers each with `answer`, and then keeps it open.
pub async fn server(at: &str, answer: impl Into<Vec<u8>>) -> (SocketAddr, Arc<Seen>) {
    let listener = TcpListener::bind(at).await.unwrap();
    let (address, seen) = (listener.local_addr().unwrap(), Arc::new(Seen::default()));
    let (counted, answer) = (Arc::clone(&seen), answer.into());
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            counted.connections.fetch_add(1, Ordering::SeqCst);
            let (counted, answer) = (Arc::clone(&counted), answer.clone());
            tokio::spawn(async move {
                let mut head = [0; 4096];
                let read = socket.read(&mut head).await.unwrap_or(0);
                counted.heads.lock().unwrap().push(String::from_utf8_lossy(&head[..read]).into_owned());
                let _ = socket.write_all(&answer).await;
                tokio::time::sleep(Duration::from_secs(60)).await;
            });
        }
    });
    (address, seen)
}

/// A good answer.
pub fn ok(body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\ncache-control: public, max-age=60\r\n\r\n{body}")
}

/// Gives one list of addresses after another, and then the last for ever: DNS in an attacker's hands.
pub struct Turncoat {
    answers: Vec<Vec<IpAddr>>,
    pub asked: Arc<AtomicUsize>,
}

impl Turncoat {
    pub fn new(answers: &[&[&str]]) -> Self {
        let parse = |list: &&[&str]| list.iter().map(|address| address.parse().unwrap()).collect();
        Self { answers: answers.iter().map(parse).collect(), asked: Arc::default() }
    }
}

impl Resolve for Turncoat {
    fn resolve(&self, _: &str) -> Resolving {
        let turn = self.asked.fetch_add(1, Ordering::SeqCst).min(self.answers.len().saturating_sub(1));
        let answer = self.answers.get(turn).cloned().ok_or_else(|| io::Error::other("no such name"));
        Box::pin(async move { answer })
    }
}

/// A client that may call `allow`, with DNS that answers as told; and how often that was asked.
pub fn client(allow: &str, answers: &[&[&str]]) -> (GuardedClient, Arc<AtomicUsize>) {
    let resolver = Turncoat::new(answers);
    let asked = Arc::clone(&resolver.asked);
    let policy = Policy { resolver: Arc::new(resolver), ..Policy::allowing(allow).unwrap() };
    (GuardedClient::new(policy).unwrap(), asked)
}

/// A server that answers one connection piece by piece, each when it is told to, and closes after the last, or when it
/// is no longer told.
pub async fn pieces(pieces: Vec<String>) -> (SocketAddr, tokio::sync::mpsc::UnboundedSender<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, (tell, mut told)) = (listener.local_addr().unwrap(), tokio::sync::mpsc::unbounded_channel());
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let _ = socket.read(&mut [0; 4096]).await;
        for piece in pieces {
            if told.recv().await.is_none() || socket.write_all(piece.as_bytes()).await.is_err() {
                return;
            }
        }
        // All is said when nobody tells it any more.
        while told.recv().await.is_some() {}
    });
    (address, tell)
}
