//! The Lambda Runtime API, for functions that run as the processes they are deployed as.
//!
//! Each process gets an address of its own (`AWS_LAMBDA_RUNTIME_API`), so an invocation is bound to the process that
//! took it: where that dies, or is not done in time, the invocation fails and the process is started again, as Lambda
//! starts a new environment.

use std::{
    collections::VecDeque,
    convert::Infallible,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use futures::future::BoxFuture;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    net::TcpListener,
    process::{Child, Command},
    sync::{Notify, oneshot},
};
use tokio_util::sync::CancellationToken;

use crate::{
    events::now_millis,
    functions::{Function, FunctionError, InvocationContext},
    limits::INVOCATION_PAYLOAD_BYTES,
};

/// The pause before a process that died is started again, doubled each time that it dies without having asked for work.
const RESTART: Duration = Duration::from_millis(100);
/// The longest such pause.
const LONGEST_RESTART: Duration = Duration::from_secs(10);
/// Where the Runtime API lies on its address.
const PREFIX: &str = "/2018-06-01/runtime/";

type Done = oneshot::Sender<Result<Bytes, FunctionError>>;

struct Invocation {
    event: Bytes,
    context: InvocationContext,
    done: Done,
}

#[derive(Default)]
struct Waiting {
    invocations: Mutex<VecDeque<Invocation>>,
    arrived: Notify,
}

/// A function whose processes ask for work.
#[derive(Clone)]
pub(crate) struct Processes(Arc<Waiting>);

/// How a function's processes are started.
#[derive(Clone)]
pub(crate) struct Program {
    pub name: &'static str,
    pub bootstrap: PathBuf,
    pub environment: Vec<(&'static str, String)>,
    pub count: usize,
}

impl Function for Processes {
    fn invoke(&self, event: Bytes, context: InvocationContext) -> BoxFuture<'static, Result<Bytes, FunctionError>> {
        let (done, answered) = oneshot::channel();
        lock(&self.0.invocations).push_back(Invocation { event, context, done });
        self.0.arrived.notify_one();
        Box::pin(async move { answered.await.unwrap_or_else(|_| Err(FunctionError("its process died".into()))) })
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Waiting {
    /// The next invocation. One whose time is over before any process was free is not begun.
    async fn next(&self) -> Invocation {
        loop {
            let arrived = self.arrived.notified();
            let taken = lock(&self.invocations).pop_front();
            match taken {
                Some(late) if late.context.deadline_ms <= now() => {
                    let _ = late.done.send(Err(FunctionError("no process was free in time".into())));
                }
                Some(invocation) => {
                    // There may be more than this one.
                    self.arrived.notify_one();
                    return invocation;
                }
                None => arrived.await,
            }
        }
    }
}

fn now() -> u64 {
    u64::try_from(now_millis()).unwrap_or_default()
}

/// One process, and the invocation that it is at.
struct Environment {
    program: Program,
    waiting: Arc<Waiting>,
    current: Mutex<Option<(InvocationContext, Done)>>,
    /// Whether it has asked for work since it was started.
    ready: std::sync::atomic::AtomicBool,
    took: Notify,
}

/// Starts a function's processes; they end when `stop` does.
///
/// # Errors
/// No port can be had.
pub(crate) async fn start(program: Program, stop: CancellationToken) -> std::io::Result<Processes> {
    let processes = Processes(Arc::default());
    for _ in 0..program.count.max(1) {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?.to_string();
        let environment = Arc::new(Environment {
            program: program.clone(),
            waiting: Arc::clone(&processes.0),
            current: Mutex::default(),
            ready: false.into(),
            took: Notify::new(),
        });
        tokio::spawn(listen(listener, Arc::clone(&environment), stop.clone()));
        let stop = stop.clone();
        tokio::spawn(async move { environment.keep_running(&address, &stop).await });
    }
    Ok(processes)
}

impl Environment {
    async fn keep_running(&self, address: &str, stop: &CancellationToken) {
        let mut pause = RESTART;
        loop {
            self.ready.store(false, std::sync::atomic::Ordering::Relaxed);
            match self.command(address).spawn() {
                Ok(mut child) => {
                    if !self.watch(&mut child, stop).await {
                        let _ = child.kill().await;
                        return;
                    }
                }
                Err(error) => {
                    tracing::error!(function = self.program.name, %error, "a function's process cannot be started");
                }
            }
            // Whoever waits for the dead process learns it.
            lock(&self.current).take();
            let was_ready = self.ready.load(std::sync::atomic::Ordering::Relaxed);
            pause = if was_ready { RESTART } else { pause.saturating_mul(2).min(LONGEST_RESTART) };
            tokio::select! { () = tokio::time::sleep(pause) => {}, () = stop.cancelled() => return }
        }
    }

    fn command(&self, address: &str) -> Command {
        let mut command = Command::new(&self.program.bootstrap);
        command
            .envs(self.program.environment.iter().cloned())
            .env("AWS_LAMBDA_RUNTIME_API", address)
            .env("AWS_LAMBDA_FUNCTION_NAME", self.program.name)
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
            .env("_HANDLER", "bootstrap")
            .kill_on_drop(true);
        command
    }

    /// Waits until the process ends, or hangs and is killed; false where everything stops.
    async fn watch(&self, child: &mut Child, stop: &CancellationToken) -> bool {
        loop {
            let deadline = lock(&self.current).as_ref().map(|(context, _)| context.deadline_ms);
            let left = deadline.map_or(u64::MAX / 2, |deadline| deadline.saturating_sub(now()));
            tokio::select! {
                status = child.wait() => {
                    tracing::error!(function = self.program.name, ?status, "a function's process ended");
                    return true;
                }
                () = stop.cancelled() => return false,
                () = self.took.notified() => {}
                () = tokio::time::sleep(Duration::from_millis(left)), if deadline.is_some() => {
                    if self.is_late() {
                        tracing::error!(function = self.program.name, "a function's process hangs, and is killed");
                        let _ = child.kill().await;
                        return true;
                    }
                }
            }
        }
    }

    fn is_late(&self) -> bool {
        lock(&self.current).as_ref().is_some_and(|(context, _)| context.deadline_ms <= now())
    }

    async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let (parts, body) = request.into_parts();
        let path: Vec<&str> = parts.uri.path().strip_prefix(PREFIX).unwrap_or_default().split('/').collect();
        match (&parts.method, path.as_slice()) {
            (&Method::GET, ["invocation", "next"]) => self.next().await,
            (&Method::POST, ["invocation", id, outcome @ ("response" | "error")]) => {
                self.finished(id, *outcome == "response", body).await
            }
            (&Method::POST, ["init", "error"]) => {
                tracing::error!(function = self.program.name, "a function could not begin");
                status(StatusCode::ACCEPTED)
            }
            _ => status(StatusCode::NOT_FOUND),
        }
    }

    async fn next(&self) -> Response<Full<Bytes>> {
        self.ready.store(true, std::sync::atomic::Ordering::Relaxed);
        let Invocation { event, context, done } = self.waiting.next().await;
        let response = Response::builder()
            .header("Lambda-Runtime-Aws-Request-Id", &context.request_id)
            .header("Lambda-Runtime-Deadline-Ms", context.deadline_ms.to_string())
            .header("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:000000000000:function:local")
            .header("Lambda-Runtime-Trace-Id", &context.trace_id)
            .body(Full::from(event));
        *lock(&self.current) = Some((context, done));
        self.took.notify_one();
        response.unwrap_or_else(|_| status(StatusCode::INTERNAL_SERVER_ERROR))
    }

    async fn finished(&self, id: &str, well: bool, body: Incoming) -> Response<Full<Bytes>> {
        let body = Limited::new(body, INVOCATION_PAYLOAD_BYTES).collect().await;
        let Some((_, done)) = lock(&self.current).take_if(|(context, _)| context.request_id == id) else {
            return status(StatusCode::BAD_REQUEST);
        };
        let (result, answer) = match body.map(http_body_util::Collected::to_bytes) {
            Ok(bytes) if well => (Ok(bytes), StatusCode::ACCEPTED),
            Ok(bytes) => (Err(FunctionError(String::from_utf8_lossy(&bytes).into_owned())), StatusCode::ACCEPTED),
            Err(_) => (Err(FunctionError("its answer is too large".into())), StatusCode::PAYLOAD_TOO_LARGE),
        };
        // Whoever asked may have gone.
        let _ = done.send(result);
        status(answer)
    }
}

async fn listen(listener: TcpListener, environment: Arc<Environment>, stop: CancellationToken) {
    loop {
        let accepted = tokio::select! { accepted = listener.accept() => accepted, () = stop.cancelled() => return };
        let Ok((stream, _)) = accepted else { continue };
        let _ = stream.set_nodelay(true);
        let environment = Arc::clone(&environment);
        tokio::spawn(async move {
            let service = service_fn(|request| {
                let environment = Arc::clone(&environment);
                async move { Ok::<_, Infallible>(environment.answer(request).await) }
            });
            // A process that ends breaks the connection off; there is nothing to be done about it here.
            let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

fn status(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from("{}"));
    *response.status_mut() = status;
    *response.headers_mut() =
        HeaderMap::from_iter([(http::header::CONTENT_TYPE, http::HeaderValue::from_static("application/json"))]);
    response
}
