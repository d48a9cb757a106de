//! Functions: JSON in, JSON out, as Lambda calls them; linked in, or processes of their own (`processes.rs`).
//!
//! A function is never cancelled: Lambda runs an invocation to its end even where whoever asked has gone, so
//! `Invoker` gives each a task of its own. A panic in a linked function fails its invocation and nothing else.

use std::{
    collections::BTreeMap,
    fmt::Display,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use futures::future::BoxFuture;
use lambda_runtime::{Context, LambdaEvent};
use serde::{Serialize, de::DeserializeOwned};
use tokio_util::task::TaskTracker;

use crate::{events::now_millis, trace::new_trace};

/// A function that failed. The reason is for the log; no client sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionError(pub String);

/// What Lambda tells a function beside the event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvocationContext {
    /// The invocation's id.
    pub request_id: String,
    /// When it must be done: milliseconds since 1970.
    pub deadline_ms: u64,
    /// The trace that it belongs to, as `X-Amzn-Trace-Id` spells it: `Root=1-…`.
    pub trace_id: String,
}

impl InvocationContext {
    /// A new invocation that may take `limit`.
    pub fn new(limit: Duration, trace_id: String) -> Self {
        let limit = i64::try_from(limit.as_millis()).unwrap_or(i64::MAX);
        let deadline_ms = u64::try_from(now_millis().saturating_add(limit)).unwrap_or_default();
        Self { request_id: ulid::Ulid::generate().to_string(), deadline_ms, trace_id }
    }
}

/// A function.
pub trait Function: Send + Sync {
    /// Invokes it with an event. The future runs to its end; see the module.
    fn invoke(&self, event: Bytes, context: InvocationContext) -> BoxFuture<'static, Result<Bytes, FunctionError>>;
}

impl std::fmt::Debug for dyn Function {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Function")
    }
}

/// Functions by name. Names are data: whatever the configuration maps events to must be here.
pub type Functions = BTreeMap<String, Arc<dyn Function>>;

struct Linked<F>(F);

impl<F> Function for Linked<F>
where
    F: Fn(Bytes, InvocationContext) -> BoxFuture<'static, Result<Bytes, FunctionError>> + Send + Sync,
{
    fn invoke(&self, event: Bytes, context: InvocationContext) -> BoxFuture<'static, Result<Bytes, FunctionError>> {
        (self.0)(event, context)
    }
}

/// A function that is linked in: a handler as `lambda_runtime::service_fn` takes it. The event is read from JSON and
/// the answer written as JSON, exactly as the runtime does.
pub fn linked<T, R, E, F, Fut>(handler: F) -> Arc<dyn Function>
where
    T: DeserializeOwned + Send + 'static,
    R: Serialize,
    E: Display,
    F: Fn(LambdaEvent<T>) -> Fut + Send + Sync + Clone + 'static,
    Fut: Future<Output = Result<R, E>> + Send + 'static,
{
    Arc::new(Linked(move |json: Bytes, context: InvocationContext| -> BoxFuture<'static, _> {
        let handler = handler.clone();
        Box::pin(async move {
            let event = LambdaEvent::new(serde_json::from_slice(&json).map_err(failed)?, lambda_context(context));
            // The event's text is not needed while the handler runs.
            drop(json);
            let answer = handler(event).await.map_err(failed)?;
            serde_json::to_vec(&answer).map(Bytes::from).map_err(failed)
        })
    }))
}

fn failed(error: impl Display) -> FunctionError {
    FunctionError(error.to_string())
}

fn lambda_context(context: InvocationContext) -> Context {
    let mut lambda = Context::default();
    lambda.request_id = context.request_id;
    lambda.deadline = context.deadline_ms;
    lambda.xray_trace_id = Some(context.trace_id);
    lambda
}

/// How often a function ran, and how it ended.
#[derive(Debug, Default)]
pub(crate) struct FunctionCounts {
    pub invocations: AtomicU64,
    pub errors: AtomicU64,
    pub timeouts: AtomicU64,
    pub millis: AtomicU64,
}

/// Why an invocation has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum InvokeError {
    /// The function failed, or panicked. The reason is for the log.
    Failed(String),
    /// It is not done in time; it runs on, and nobody waits for it any more.
    TimedOut,
}

impl Display for InvokeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Failed(reason) => f.write_str(reason),
            Self::TimedOut => f.write_str("it took too long"),
        }
    }
}

/// A function as the gateway calls it: counted, traced, bounded in time, never cancelled.
#[derive(Clone)]
pub(crate) struct Invoker {
    function: Arc<dyn Function>,
    counts: Arc<FunctionCounts>,
    tasks: TaskTracker,
}

impl Invoker {
    pub(crate) fn new(function: Arc<dyn Function>, tasks: TaskTracker) -> Self {
        Self { function, counts: Arc::default(), tasks }
    }

    pub(crate) fn counts(&self) -> &Arc<FunctionCounts> {
        &self.counts
    }

    /// Invokes it, as part of a trace or of a new one.
    pub(crate) async fn invoke(
        &self,
        event: Bytes,
        limit: Duration,
        trace: Option<String>,
    ) -> Result<Bytes, InvokeError> {
        self.counts.invocations.fetch_add(1, Ordering::Relaxed);
        let begun = std::time::Instant::now();
        let context = InvocationContext::new(limit, trace.unwrap_or_else(new_trace));
        let task = self.tasks.spawn(self.function.invoke(event, context));
        let done = match tokio::time::timeout(limit, task).await {
            Ok(Ok(Ok(answer))) => Ok(answer),
            Ok(Ok(Err(FunctionError(reason)))) => Err(InvokeError::Failed(reason)),
            Ok(Err(_)) => Err(InvokeError::Failed("it panicked".into())),
            Err(_) => Err(InvokeError::TimedOut),
        };
        self.counts.millis.fetch_add(u64::try_from(begun.elapsed().as_millis()).unwrap_or_default(), Ordering::Relaxed);
        let failures = match &done {
            Ok(_) => return done,
            Err(InvokeError::Failed(_)) => &self.counts.errors,
            Err(InvokeError::TimedOut) => &self.counts.timeouts,
        };
        failures.fetch_add(1, Ordering::Relaxed);
        done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invoker(function: Arc<dyn Function>) -> Invoker {
        Invoker::new(function, TaskTracker::new())
    }

    #[tokio::test]
    async fn a_panic_fails_the_invocation_only() {
        let function = linked(async |event: LambdaEvent<u32>| match event.payload {
            0 => panic!("on purpose"),
            n => Ok::<_, String>(n + 1),
        });
        let invoker = invoker(function);
        let limit = Duration::from_secs(5);
        let failed = invoker.invoke("0".into(), limit, None).await;
        assert_eq!(failed, Err(InvokeError::Failed("it panicked".into())));
        assert_eq!(invoker.invoke("1".into(), limit, None).await, Ok("2".into()));
        assert!(matches!(invoker.invoke("x".into(), limit, None).await, Err(InvokeError::Failed(_))));
    }

    #[tokio::test]
    async fn what_takes_too_long_runs_on() {
        let (done, mut finished) = tokio::sync::mpsc::channel(1);
        let released = Arc::new(tokio::sync::Notify::new());
        let release = Arc::clone(&released);
        let function = linked(move |event: LambdaEvent<u32>| {
            let (done, released) = (done.clone(), Arc::clone(&released));
            async move {
                released.notified().await;
                done.send(event.context.deadline).await.map_err(|error| error.to_string())
            }
        });
        let invoker = invoker(function);
        let timed_out = invoker.invoke("0".into(), Duration::from_millis(20), None).await;
        assert_eq!(timed_out, Err(InvokeError::TimedOut));
        release.notify_one();
        assert!(finished.recv().await.is_some());
    }
}
