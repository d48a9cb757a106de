//! The Lambda Runtime API, for functions that run as the processes they are deployed as.
//!
//! Each process gets an address of its own (`AWS_LAMBDA_RUNTIME_API`), so an invocation is bound to the process that
//! took it: where that dies, the invocation fails and the process is started again.

use std::{
    collections::VecDeque,
    convert::Infallible,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use futures::future::BoxFuture;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    net::TcpListener,
    process::Command,
    sync::{Notify, oneshot},
};
use tokio_util::sync::CancellationToken;

use crate::functions::{Function, FunctionError};

/// The pause before a process that died is started again.
const RESTART: Duration = Duration::from_millis(200);

type Done = oneshot::Sender<Result<Bytes, FunctionError>>;

#[derive(Default)]
struct Shared {
    waiting: Mutex<VecDeque<(Bytes, Done)>>,
    arrived: Notify,
}

/// A function whose processes ask for work.
#[derive(Clone)]
pub(crate) struct Processes(Arc<Shared>);

/// How a function's processes are started.
#[derive(Clone)]
pub(crate) struct Program {
    pub name: &'static str,
    pub bootstrap: PathBuf,
    pub environment: Vec<(String, String)>,
    pub count: usize,
}

impl Function for Processes {
    fn invoke(&self, event: Bytes) -> BoxFuture<'static, Result<Bytes, FunctionError>> {
        let (done, answered) = oneshot::channel();
        self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner).push_back((event, done));
        self.0.arrived.notify_one();
        Box::pin(async move { answered.await.unwrap_or_else(|_| Err(FunctionError("its process died".into()))) })
    }
}

impl Shared {
    async fn next(&self) -> (Bytes, Done) {
        loop {
            let arrived = self.arrived.notified();
            let taken = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
            if let Some(work) = taken {
                // There may be more than this one.
                self.arrived.notify_one();
                return work;
            }
            arrived.await;
        }
    }
}

/// Starts a function's processes; they end when `stop` does.
///
/// # Errors
/// No port can be had.
pub(crate) async fn start(program: Program, stop: CancellationToken) -> std::io::Result<Processes> {
    let processes = Processes(Arc::default());
    for _ in 0..program.count {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let current = Arc::new(Mutex::new(None));
        tokio::spawn(listen(listener, Arc::clone(&processes.0), Arc::clone(&current), stop.clone()));
        tokio::spawn(keep_running(program.clone(), address.to_string(), current, stop.clone()));
    }
    Ok(processes)
}

type Current = Arc<Mutex<Option<(String, Done)>>>;

async fn keep_running(program: Program, address: String, current: Current, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let mut command = Command::new(&program.bootstrap);
        command
            .envs(program.environment.iter().cloned())
            .env("AWS_LAMBDA_RUNTIME_API", &address)
            .env("AWS_LAMBDA_FUNCTION_NAME", program.name)
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
            .env("_HANDLER", "bootstrap")
            .kill_on_drop(true);
        match command.spawn() {
            Ok(mut child) => {
                tokio::select! {
                    status = child.wait() => tracing::error!(function = program.name, ?status, "a function's process ended"),
                    () = stop.cancelled() => { let _ = child.kill().await; return; }
                }
            }
            Err(error) => tracing::error!(function = program.name, %error, "a function's process cannot be started"),
        }
        // Whoever waits for the dead process learns it.
        current.lock().unwrap_or_else(PoisonError::into_inner).take();
        tokio::time::sleep(RESTART).await;
    }
}

async fn listen(listener: TcpListener, shared: Arc<Shared>, current: Current, stop: CancellationToken) {
    loop {
        let accepted = tokio::select! { accepted = listener.accept() => accepted, () = stop.cancelled() => return };
        let Ok((stream, _)) = accepted else { continue };
        let _ = stream.set_nodelay(true);
        let (shared, current) = (Arc::clone(&shared), Arc::clone(&current));
        tokio::spawn(async move {
            let service = service_fn(|request| {
                let (shared, current) = (Arc::clone(&shared), Arc::clone(&current));
                async move { Ok::<_, Infallible>(answer(request, &shared, &current).await) }
            });
            // A process that ends breaks the connection off; there is nothing to be done about it here.
            let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn answer(request: Request<Incoming>, shared: &Shared, current: &Current) -> Response<Full<Bytes>> {
    let (parts, body) = request.into_parts();
    let path: Vec<&str> = parts.uri.path().trim_start_matches("/2018-06-01/").split('/').collect();
    match (&parts.method, path.as_slice()) {
        (&Method::GET, ["runtime", "invocation", "next"]) => {
            let (event, done) = shared.next().await;
            let id = ulid::Ulid::generate().to_string();
            *current.lock().unwrap_or_else(PoisonError::into_inner) = Some((id.clone(), done));
            next(&id, event)
        }
        (&Method::POST, ["runtime", "invocation", id, outcome @ ("response" | "error")]) => {
            let bytes = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
            let taken = current.lock().unwrap_or_else(PoisonError::into_inner).take_if(|(now, _)| now == id);
            let Some((_, done)) = taken else { return status(StatusCode::BAD_REQUEST) };
            let result = if *outcome == "response" {
                Ok(bytes)
            } else {
                Err(FunctionError(String::from_utf8_lossy(&bytes).into_owned()))
            };
            let _ = done.send(result);
            status(StatusCode::ACCEPTED)
        }
        (&Method::POST, ["runtime", "init", "error"]) => status(StatusCode::ACCEPTED),
        _ => status(StatusCode::NOT_FOUND),
    }
}

fn next(id: &str, event: Bytes) -> Response<Full<Bytes>> {
    let deadline = crate::events::now_millis() + 29_000;
    let trace = crate::events::trace(&http::HeaderMap::new());
    let response = Response::builder()
        .header("Lambda-Runtime-Aws-Request-Id", id)
        .header("Lambda-Runtime-Deadline-Ms", deadline.to_string())
        .header("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:000000000000:function:local")
        .header("Lambda-Runtime-Trace-Id", trace)
        .body(Full::from(event));
    response.unwrap_or_else(|_| status(StatusCode::INTERNAL_SERVER_ERROR))
}

fn status(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from("{}"));
    *response.status_mut() = status;
    response
}
