//! The Lambda Runtime API for one process: it notes when the process asks for work, gives it one event, and notes when
//! the answer comes.

use std::{sync::Arc, time::Instant};

use anyhow::Result;
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use tokio::{
    net::TcpListener,
    sync::{Mutex, mpsc},
    task::JoinHandle,
};

/// Something that the process did.
#[derive(Debug)]
pub(crate) enum Step {
    /// It asked for work.
    Ready(Instant),
    /// It answered the event, or said that it failed.
    Answered(Instant, Result<Bytes, String>),
    /// It could not begin, and why.
    InitFailed(String),
}

struct Shared {
    event: Mutex<Option<String>>,
    steps: mpsc::UnboundedSender<Step>,
}

/// A Runtime API on a port of its own.
pub(crate) struct RuntimeApi {
    pub address: String,
    pub steps: mpsc::UnboundedReceiver<Step>,
    server: JoinHandle<()>,
}

impl RuntimeApi {
    /// Serves one process, which gets one event.
    pub(crate) async fn start(event: String) -> Result<Self> {
        let (sender, steps) = mpsc::unbounded_channel();
        let shared = Arc::new(Shared { event: Mutex::new(Some(event)), steps: sender });
        let base = "/2018-06-01/runtime";
        let router = Router::new()
            .route(&format!("{base}/invocation/next"), get(next))
            .route(&format!("{base}/invocation/{{id}}/response"), post(response))
            .route(&format!("{base}/invocation/{{id}}/error"), post(error))
            .route(&format!("{base}/init/error"), post(init_error))
            .with_state(shared);
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?.to_string();
        let server = tokio::spawn(async move {
            // It ends with the task; an error of one connection is its process's end.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { address, steps, server })
    }
}

impl Drop for RuntimeApi {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn next(State(shared): State<Arc<Shared>>) -> Response {
    let now = Instant::now();
    let Some(event) = shared.event.lock().await.take() else {
        // There is no second event: the process waits, as a frozen one does.
        return std::future::pending().await;
    };
    let _ = shared.steps.send(Step::Ready(now));
    let headers = [
        ("Lambda-Runtime-Aws-Request-Id", "00000000-0000-4000-8000-000000000000"),
        ("Lambda-Runtime-Deadline-Ms", "4102444800000"),
        ("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:000000000000:function:local"),
        ("Lambda-Runtime-Trace-Id", "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0"),
    ];
    (headers, event).into_response()
}

async fn response(State(shared): State<Arc<Shared>>, body: Bytes) -> StatusCode {
    let _ = shared.steps.send(Step::Answered(Instant::now(), Ok(body)));
    StatusCode::ACCEPTED
}

async fn error(State(shared): State<Arc<Shared>>, body: Bytes) -> StatusCode {
    let reason = String::from_utf8_lossy(&body).into_owned();
    let _ = shared.steps.send(Step::Answered(Instant::now(), Err(reason)));
    StatusCode::ACCEPTED
}

async fn init_error(State(shared): State<Arc<Shared>>, body: Bytes) -> StatusCode {
    let _ = shared.steps.send(Step::InitFailed(String::from_utf8_lossy(&body).into_owned()));
    StatusCode::ACCEPTED
}
