//! A company's server for webhooks: keeps what comes, and answers as it is told to.

#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a test may fail")]

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::post,
};
use deskwire_domain::signature::{Key, Signed, verify};
use serde_json::Value;
use tokio::sync::mpsc;

/// How long a delivery may take to come.
pub const DEADLINE: Duration = Duration::from_secs(20);

/// A request that came.
#[derive(Debug, Clone)]
pub struct Came {
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, to the byte.
    pub body: Bytes,
}

impl Came {
    /// A header, which must be there.
    pub fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    /// The event that it brings.
    pub fn event(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// Whether it is signed with this secret, as of now.
    pub fn is_by(&self, secret: &str) -> bool {
        self.is_by_at(secret, jiff::Timestamp::now())
    }

    /// Whether it was signed with this secret when it was sent, for whoever looks later.
    pub fn signed_once_by(&self, secret: &str) -> bool {
        let sent = self.header("webhook-timestamp").parse().unwrap();
        self.is_by_at(secret, jiff::Timestamp::from_second(sent).unwrap())
    }

    fn is_by_at(&self, secret: &str, now: jiff::Timestamp) -> bool {
        let timestamp = self.header("webhook-timestamp").parse().unwrap();
        let signed = Signed { id: self.header("webhook-id"), timestamp, body: &self.body };
        let keys: [Key; 1] = [secret.parse().unwrap()];
        verify(&keys, self.header("webhook-signature"), &signed, now).is_ok()
    }
}

/// The company's server: answers what it is told to, in order, and 204 after that.
pub struct Receiver {
    address: SocketAddr,
    came: tokio::sync::Mutex<mpsc::UnboundedReceiver<Came>>,
    answers: Answers,
}

type Answers = Arc<Mutex<VecDeque<Response>>>;

impl Receiver {
    /// Begins to listen.
    pub async fn start() -> Self {
        let answers = Answers::default();
        let (tell, came) = mpsc::unbounded_channel();
        let router = Router::new().route("/hook", post(answer)).with_state((Arc::clone(&answers), tell));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, came: came.into(), answers }
    }

    /// Where it listens.
    pub fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    /// What it answers next.
    pub fn will_answer(&self, answer: impl IntoResponse) {
        self.answers.lock().unwrap().push_back(answer.into_response());
    }

    /// The next request, as soon as it comes.
    pub async fn next(&self) -> Came {
        let mut came = self.came.lock().await;
        tokio::time::timeout(DEADLINE, came.recv()).await.expect("a delivery in time").unwrap()
    }

    /// The next event of a type; others are passed over.
    pub async fn next_of(&self, kind: &str) -> Came {
        loop {
            let came = self.next().await;
            if came.event()["type"] == kind {
                return came;
            }
        }
    }
}

type Shared = (Answers, mpsc::UnboundedSender<Came>);

async fn answer(State((answers, tell)): State<Shared>, headers: HeaderMap, body: Bytes) -> Response {
    let answer = answers.lock().unwrap().pop_front();
    let _ = tell.send(Came { headers, body });
    answer.unwrap_or_else(|| StatusCode::NO_CONTENT.into_response())
}
