//! The one port: sockets, the HTTP API, and the AWS-compatible endpoints behind their signature.

use std::{
    convert::Infallible,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode, request::Parts};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    calls::Calls,
    events::now_millis,
    functions::{InvokeError, Invoker},
    handshake::{self, Rate},
    http_api::{self, Answer},
    limits::{BODY_TIME, INTEGRATION, REQUEST_LINE_AND_HEADERS_BYTES},
    management::{Planes, Reply},
    metrics::Metrics,
    sigv4::{AwsKeys, verify},
    socket_task::Serving,
    trace::trace,
    web::Web,
};

/// Bytes that hyper may buffer of a request's head; more than may be in it, so that we refuse and not hyper.
const HEAD_BUFFER_BYTES: usize = 64 * 1024;
/// The pause where no connection can be accepted: out of file descriptors, mostly. Others get time to close.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Everything that a request may need.
pub(crate) struct Front {
    pub authorize: Invoker,
    pub connect: Invoker,
    pub api: Invoker,
    pub serving: Arc<Serving>,
    pub planes: Arc<Planes>,
    /// Who may call the AWS-compatible endpoints; where functions run elsewhere, whoever reaches this machine.
    pub keys: Option<AwsKeys>,
    /// Who called what, where that is recorded.
    pub calls: Option<Arc<Calls>>,
    pub new_connections: Rate,
    pub counts: Arc<FrontCounts>,
    pub metrics: Metrics,
    pub tasks: TaskTracker,
    /// The browser parts, where they are built.
    pub web: Option<Web>,
}

/// What the front counts itself.
#[derive(Default)]
pub(crate) struct FrontCounts {
    pub connects: AtomicU64,
    pub refused: AtomicU64,
    pub requests: AtomicU64,
}

impl FrontCounts {
    pub(crate) fn connect(&self) {
        self.connects.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn refuse(&self) {
        self.refused.fetch_add(1, Ordering::Relaxed);
    }
}

/// Serves connections until it is told to stop.
pub(crate) async fn serve(listener: TcpListener, front: Arc<Front>, stop: CancellationToken) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => return,
        };
        match accepted {
            Ok((stream, peer)) => {
                front.tasks.spawn(connection(stream, peer, Arc::clone(&front), stop.clone()));
            }
            Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
        }
    }
}

async fn connection(stream: TcpStream, peer: SocketAddr, front: Arc<Front>, stop: CancellationToken) {
    // Without it small frames wait for each other's acknowledgement; a connection that refuses is slower, not wrong.
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request| {
        let front = Arc::clone(&front);
        async move { Ok::<_, Infallible>(Box::pin(front.answer(request, peer)).await) }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .max_buf_size(HEAD_BUFFER_BYTES)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    tokio::pin!(connection);
    tokio::select! {
        // A client that breaks off is no error of ours.
        _ = connection.as_mut() => {}
        () = stop.cancelled() => {
            // The request under way is answered; then the connection ends.
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}

impl Front {
    async fn answer(self: &Arc<Self>, mut request: Request<Incoming>, peer: SocketAddr) -> Answer {
        self.counts.requests.fetch_add(1, Ordering::Relaxed);
        let upgrade = hyper::upgrade::on(&mut request);
        let (parts, body) = request.into_parts();
        if head_bytes(&parts) > REQUEST_LINE_AND_HEADERS_BYTES {
            return http_api::message(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "Request Header Fields Too Large");
        }
        match (parts.uri.path(), &parts.method) {
            ("/ws", _) if handshake::is_upgrade(&parts) => return handshake::open(self, parts, upgrade, peer).await,
            ("/healthz", &Method::GET | &Method::HEAD) => return http_api::plain("ok\n".into()),
            ("/metrics", &Method::GET) => return http_api::plain(self.metrics.text(&self.planes, &self.counts)),
            _ => {}
        }
        if let Some(web) = self.web.as_ref().filter(|_| Web::is_for(&parts)) {
            return web.answer(&parts).await;
        }
        let body = match self.collect(body).await {
            Ok(body) => body,
            Err(refused) => return refused,
        };
        if parts.headers.contains_key("x-amz-target") || Planes::is_connection(parts.uri.path()) {
            return self.aws(&parts, body).await;
        }
        self.http(&parts, &body, peer).await
    }

    async fn collect(&self, body: Incoming) -> Result<Bytes, Answer> {
        let limited = Limited::new(body, self.serving.limits.http_payload_bytes);
        match tokio::time::timeout(BODY_TIME, limited.collect()).await {
            Ok(Ok(body)) => Ok(body.to_bytes()),
            Ok(Err(error)) if error.is::<LengthLimitError>() => {
                Err(http_api::message(StatusCode::PAYLOAD_TOO_LARGE, "Request Too Long"))
            }
            Ok(Err(_)) => Err(http_api::message(StatusCode::BAD_REQUEST, "Bad Request")),
            Err(_) => Err(http_api::message(StatusCode::REQUEST_TIMEOUT, "Request Timeout")),
        }
    }

    /// An AWS-compatible endpoint; only with a signature by our keys.
    async fn aws(&self, parts: &Parts, body: Bytes) -> Answer {
        let target = parts.headers.get("x-amz-target").and_then(|value| value.to_str().ok());
        let let_in = self.keys.as_ref().map_or(Ok(None), |keys| verify(parts, &body, keys, now_millis() / 1_000));
        let reply = match let_in {
            Err(refusal) => Reply::refused(target, refusal),
            Ok(function) => {
                if let (Some(calls), Some(function)) = (&self.calls, function) {
                    calls.note(function, &parts.method, target, &body);
                }
                self.planes.call(parts.method.as_str(), parts.uri.path(), target, body).await
            }
        };
        let reply = reply.unwrap_or_else(Reply::unknown_operation);
        let mut answer = Response::new(Full::from(reply.body));
        *answer.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        for (name, value) in reply.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                answer.headers_mut().insert(HeaderName::from_static(name), value);
            }
        }
        answer
    }

    /// The HTTP API.
    async fn http(&self, parts: &Parts, body: &Bytes, peer: SocketAddr) -> Answer {
        let trace = trace(&parts.headers);
        let event = http_api::event(parts, body, peer, &trace);
        match self.api.invoke(event, INTEGRATION, Some(trace)).await {
            Ok(answer) => http_api::answer(&answer, parts.method == Method::HEAD),
            Err(InvokeError::TimedOut) => http_api::message(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable"),
            Err(error) => {
                tracing::error!(%error, "the HTTP API's function failed");
                http_api::failed()
            }
        }
    }
}

fn head_bytes(parts: &Parts) -> usize {
    let headers: usize = parts.headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    let line = parts.uri.path_and_query().map_or(0, |path| path.as_str().len());
    parts.method.as_str().len() + line + headers
}
