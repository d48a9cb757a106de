//! The one port: sockets, the HTTP API, and the AWS-compatible endpoints behind their signature.

use std::{
    convert::Infallible,
    net::SocketAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, header, request::Parts};
use http_body_util::{BodyExt, Full, Limited};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::{Map, Value};
use tokio::net::TcpListener;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    events::{self, Connection, connection_id, now_millis, trace},
    functions::{Function, FunctionError},
    limits::{HTTP_PAYLOAD_BYTES, INTEGRATION},
    management::{Planes, Reply},
    sigv4::{AwsKeys, verify},
    sockets::{self, Serving},
};

/// Bytes of an authorizer's context (API Gateway: 8 KB).
const CONTEXT_BYTES: usize = 8 * 1024;

/// Everything that a request may need.
pub(crate) struct Front {
    pub authorize: Arc<dyn Function>,
    pub connect: Arc<dyn Function>,
    pub api: Arc<dyn Function>,
    pub serving: Arc<Serving>,
    pub planes: Arc<Planes>,
    pub keys: AwsKeys,
    pub new_connections: Mutex<Rate>,
    pub counts: Counts,
    pub tasks: TaskTracker,
}

/// New connections per second.
pub(crate) struct Rate {
    pub per_second: f64,
    pub tokens: f64,
    pub at: std::time::Instant,
}

impl Rate {
    fn take(&mut self) -> bool {
        let now = std::time::Instant::now();
        let passed = now.duration_since(self.at).as_secs_f64();
        self.at = now;
        self.tokens = (self.tokens + passed * self.per_second).min(self.per_second.max(1.0));
        let has = self.tokens >= 1.0;
        if has {
            self.tokens -= 1.0;
        }
        has
    }
}

/// What `/metrics` tells beside the engine's and the queues' own counts.
#[derive(Default)]
pub(crate) struct Counts {
    connects: AtomicU64,
    refused: AtomicU64,
    requests: AtomicU64,
}

type Answer = Response<Full<Bytes>>;

/// Serves connections until it is told to stop.
pub(crate) async fn serve(listener: TcpListener, front: Arc<Front>, stop: CancellationToken) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => return,
        };
        let Ok((stream, peer)) = accepted else {
            // Out of file descriptors, mostly: give others time to close.
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            continue;
        };
        let _ = stream.set_nodelay(true);
        let (front, stop) = (Arc::clone(&front), stop.clone());
        let tasks = front.tasks.clone();
        tasks.spawn(async move {
            let service = service_fn(|request| {
                let front = Arc::clone(&front);
                async move { Ok::<_, Infallible>(Box::pin(front.answer(request, peer)).await) }
            });
            let connection = hyper::server::conn::http1::Builder::new()
                .timer(TokioTimer::new())
                .max_buf_size(64 * 1024)
                .serve_connection(TokioIo::new(stream), service)
                .with_upgrades();
            tokio::pin!(connection);
            tokio::select! {
                _ = connection.as_mut() => {}
                () = stop.cancelled() => {
                    // The request under way is answered; then the connection ends.
                    connection.as_mut().graceful_shutdown();
                    let _ = connection.await;
                }
            }
        });
    }
}

impl Front {
    async fn answer(self: &Arc<Self>, mut request: Request<Incoming>, peer: SocketAddr) -> Answer {
        self.counts.requests.fetch_add(1, Ordering::Relaxed);
        let path = request.uri().path();
        if path == "/ws" && request.headers().contains_key(header::SEC_WEBSOCKET_KEY) {
            let upgrade = hyper::upgrade::on(&mut request);
            let (parts, _) = request.into_parts();
            return self.socket(parts, upgrade, peer).await;
        }
        match path {
            "/healthz" => return plain(StatusCode::OK, "ok\n"),
            "/metrics" => return plain(StatusCode::OK, &self.metrics()),
            _ => {}
        }
        let (parts, body) = request.into_parts();
        let Ok(body) = Limited::new(body, HTTP_PAYLOAD_BYTES).collect().await else {
            return plain(StatusCode::PAYLOAD_TOO_LARGE, "{\"message\":\"Request Too Long\"}");
        };
        let body = body.to_bytes();
        let decoded = parts.uri.path().replace("%40", "@");
        if parts.headers.contains_key("x-amz-target") || decoded.contains("/@connections/") {
            return self.aws(&parts, body).await;
        }
        self.http(&parts, &body, peer).await
    }

    /// An AWS-compatible endpoint; only with a signature by our keys.
    async fn aws(&self, parts: &Parts, body: Bytes) -> Answer {
        if !verify(parts, &body, &self.keys, now_millis() / 1000) {
            let body = r#"{"__type":"InvalidSignatureException","message":"Sign the request with the keys of this installation (README, AWS tools)."}"#;
            return json(StatusCode::FORBIDDEN, body.into());
        }
        let target = parts.headers.get("x-amz-target").and_then(|value| value.to_str().ok());
        match self.planes.call(parts.method.as_str(), parts.uri.path(), target, body).await {
            None => json(StatusCode::BAD_REQUEST, r#"{"__type":"UnknownOperationException"}"#.into()),
            Some(Reply { status, headers, body }) => {
                let mut answer = Response::new(Full::from(body));
                *answer.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                for (name, value) in headers {
                    if let Ok(value) = HeaderValue::from_str(&value) {
                        answer.headers_mut().insert(HeaderName::from_static(name), value);
                    }
                }
                answer
            }
        }
    }

    /// The HTTP API.
    async fn http(&self, parts: &Parts, body: &Bytes, peer: SocketAddr) -> Answer {
        let event = Bytes::from(events::http(parts, body, peer).to_string());
        match tokio::time::timeout(INTEGRATION, self.api.invoke(event)).await {
            Ok(Ok(answer)) => http_answer(&answer, parts.method == Method::HEAD),
            Ok(Err(FunctionError(error))) => {
                tracing::error!(error, "`api` failed");
                json(StatusCode::INTERNAL_SERVER_ERROR, "{\"message\":\"Internal Server Error\"}".into())
            }
            Err(_) => json(StatusCode::SERVICE_UNAVAILABLE, "{\"message\":\"Service Unavailable\"}".into()),
        }
    }

    /// Opens a socket: authorizer, `$connect`, upgrade.
    async fn socket(self: &Arc<Self>, parts: Parts, upgrade: hyper::upgrade::OnUpgrade, peer: SocketAddr) -> Answer {
        if !self.new_connections.lock().unwrap_or_else(PoisonError::into_inner).take() {
            self.counts.refused.fetch_add(1, Ordering::Relaxed);
            return plain(StatusCode::TOO_MANY_REQUESTS, "{\"message\":\"Too Many Requests\"}");
        }
        let connection = match self.let_in(&parts, peer).await {
            Ok(connection) => connection,
            Err(status) => {
                self.counts.refused.fetch_add(1, Ordering::Relaxed);
                return json(status, format!("{{\"message\":\"{}\"}}", status.canonical_reason().unwrap_or("refused")));
            }
        };
        self.counts.connects.fetch_add(1, Ordering::Relaxed);
        let Some(accept) = parts.headers.get(header::SEC_WEBSOCKET_KEY).map(|key| derive_accept_key(key.as_bytes()))
        else {
            return plain(StatusCode::BAD_REQUEST, "no key");
        };
        let (sockets, serving) = (self.planes.sockets.clone(), Arc::clone(&self.serving));
        self.tasks.spawn(async move {
            match upgrade.await {
                Ok(upgraded) => sockets::serve(upgraded, connection, sockets, serving).await,
                Err(error) => tracing::info!(%error, "a socket did not open"),
            }
        });
        let mut answer = Response::new(Full::default());
        *answer.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        let headers = answer.headers_mut();
        headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
        headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        if let Ok(accept) = HeaderValue::from_str(&accept) {
            headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
        }
        answer
    }

    async fn let_in(&self, parts: &Parts, peer: SocketAddr) -> Result<Connection, StatusCode> {
        let header =
            |name| parts.headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok()).unwrap_or_default();
        let mut connection = Connection {
            id: connection_id(),
            connected_at: now_millis(),
            source_ip: peer.ip().to_string(),
            user_agent: header(header::USER_AGENT).chars().take(200).collect(),
            domain: header(header::HOST).to_owned(),
            authorizer: Map::new(),
        };
        tracing::debug!(trace = trace(&parts.headers), "a socket opens");
        let policy = call(&self.authorize, &connection.connect(parts, true)).await?;
        let allowed = policy.pointer("/policyDocument/Statement/0/Effect").and_then(Value::as_str) == Some("Allow");
        if !allowed {
            return Err(StatusCode::FORBIDDEN);
        }
        let mut context = policy.get("context").and_then(Value::as_object).cloned().unwrap_or_default();
        if Value::Object(context.clone()).to_string().len() > CONTEXT_BYTES {
            return Err(StatusCode::INTERNAL_SERVER_ERROR);
        }
        context.insert("principalId".into(), policy.get("principalId").cloned().unwrap_or_default());
        connection.authorizer = context;
        let connected = call(&self.connect, &connection.connect(parts, false)).await?;
        match connected.get("statusCode").and_then(Value::as_u64) {
            Some(200..=299) => Ok(connection),
            Some(status) => Err(u16::try_from(status)
                .ok()
                .and_then(|s| StatusCode::from_u16(s).ok())
                .unwrap_or(StatusCode::BAD_GATEWAY)),
            None => Err(StatusCode::BAD_GATEWAY),
        }
    }

    fn metrics(&self) -> String {
        use std::fmt::Write;
        let mut text = String::new();
        let gauges = [
            ("deskwire_connections", self.planes.sockets.count() as u64),
            ("deskwire_connects_total", self.counts.connects.load(Ordering::Relaxed)),
            ("deskwire_connects_refused_total", self.counts.refused.load(Ordering::Relaxed)),
            ("deskwire_http_requests_total", self.counts.requests.load(Ordering::Relaxed)),
        ];
        for (name, value) in gauges {
            let _ = writeln!(text, "{name} {value}");
        }
        for (operation, units) in self.planes.engine.stats() {
            let _ = writeln!(text, "deskwire_dynamodb_requests_total{{operation=\"{operation}\"}} {}", units.requests);
            let _ = writeln!(text, "deskwire_dynamodb_units_total{{operation=\"{operation}\"}} {}", units.units);
        }
        for (action, count) in self.planes.queues.stats() {
            let _ = writeln!(text, "deskwire_sqs_requests_total{{action=\"{action}\"}} {count}");
        }
        text
    }
}

async fn call(function: &Arc<dyn Function>, event: &Value) -> Result<Value, StatusCode> {
    let answer = tokio::time::timeout(INTEGRATION, function.invoke(Bytes::from(event.to_string()))).await;
    match answer {
        Ok(Ok(answer)) => serde_json::from_slice(&answer).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR),
        Ok(Err(FunctionError(error))) => {
            tracing::error!(error, "a socket could not be let in");
            Err(StatusCode::INTERNAL_SERVER_ERROR)
        }
        Err(_) => Err(StatusCode::GATEWAY_TIMEOUT),
    }
}

fn plain(status: StatusCode, text: &str) -> Answer {
    let mut answer = Response::new(Full::from(text.to_owned()));
    *answer.status_mut() = status;
    answer
}

fn json(status: StatusCode, text: String) -> Answer {
    let mut answer = Response::new(Full::from(text));
    *answer.status_mut() = status;
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    answer
}

/// A function's answer in payload format 2.0, as HTTP.
fn http_answer(answer: &Bytes, head: bool) -> Answer {
    let bad = || json(StatusCode::INTERNAL_SERVER_ERROR, "{\"message\":\"Internal Server Error\"}".into());
    let Ok(value) = serde_json::from_slice::<Value>(answer) else { return bad() };
    let Some(status) = value.get("statusCode").and_then(Value::as_u64).and_then(|s| u16::try_from(s).ok()) else {
        return bad();
    };
    let text = value.get("body").and_then(Value::as_str).unwrap_or_default();
    let body = if value.get("isBase64Encoded").and_then(Value::as_bool) == Some(true) {
        STANDARD.decode(text).unwrap_or_default()
    } else {
        text.as_bytes().to_vec()
    };
    let mut response = Response::new(Full::from(if head { vec![] } else { body }));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let insert = |headers: &mut HeaderMap, name: &str, value: &str| {
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
            headers.append(name, value);
        }
    };
    for (name, value) in value.get("headers").and_then(Value::as_object).into_iter().flatten() {
        insert(response.headers_mut(), name, value.as_str().unwrap_or_default());
    }
    for cookie in value.get("cookies").and_then(Value::as_array).into_iter().flatten() {
        insert(response.headers_mut(), "set-cookie", cookie.as_str().unwrap_or_default());
    }
    response.headers_mut().remove(header::CONTENT_LENGTH);
    response
}
