//! How each function runs on Lambda: its handler, seen by [`deskwire_telemetry`].

use std::{
    fmt::Debug,
    pin::Pin,
    task::{Context, Poll},
};

use deskwire_telemetry::{flush, invocation};
use lambda_runtime::{Diagnostic, Error, LambdaEvent, LambdaInvocation, Runtime, Service, service_fn};
use serde::{Serialize, de::DeserializeOwned};
use tower::Layer;

use crate::App;

/// Serves a function's invocations until Lambda ends it: each event is given to `handle`, with the app.
///
/// # Errors
/// The Runtime API cannot be reached.
pub async fn serve<T, R, F>(function: &'static str, app: App, handle: F) -> Result<(), Error>
where
    T: DeserializeOwned + 'static,
    R: Serialize + 'static,
    F: AsyncFn(&App, T) -> Result<R, Error> + Copy + 'static,
{
    let each = move |event: LambdaEvent<T>| {
        let app = app.clone();
        async move { handle(&app, event.payload).await }
    };
    serve_service(function, service_fn(each)).await
}

/// The same, for a handler that is a service already.
///
/// # Errors
/// The Runtime API cannot be reached.
pub async fn serve_service<H, T, R>(function: &'static str, handler: H) -> Result<(), Error>
where
    H: Service<LambdaEvent<T>, Response = R> + 'static,
    H::Future: 'static,
    H::Error: Into<Diagnostic> + Debug,
    T: DeserializeOwned + 'static,
    R: Serialize + 'static,
{
    Runtime::new(handler).layer(Seen(function)).run().await
}

/// Gives each invocation its span and trace, and behind its answer, before Lambda may freeze the process, sends what was
/// seen: nobody waits for that.
struct Seen(&'static str);

impl<S> Layer<S> for Seen {
    type Service = SeenService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        SeenService { function: self.0, inner }
    }
}

struct SeenService<S> {
    function: &'static str,
    inner: S,
}

impl<S> Service<LambdaInvocation> for SeenService<S>
where
    S: Service<LambdaInvocation, Response = (), Error = Error>,
    S::Future: 'static,
{
    type Response = ();
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<(), Error>>>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, event: LambdaInvocation) -> Self::Future {
        let (function, trace) = (self.function, event.context.xray_trace_id.clone());
        let invoked = self.inner.call(event);
        Box::pin(async move {
            let done = invocation(function, trace.as_deref(), invoked).await;
            flush().await;
            done
        })
    }
}
