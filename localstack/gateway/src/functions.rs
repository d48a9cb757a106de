//! Functions: JSON in, JSON out, as Lambda calls them; linked in, or processes of their own.

use std::{
    collections::BTreeMap,
    fmt::Display,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use deskwire_app::App;
use futures::future::BoxFuture;
use http_body_util::BodyExt;
use lambda_http::{Service, request::LambdaRequest};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::json;

/// A function that failed. The reason is for the log; no client sees it.
#[derive(Debug, Clone)]
pub struct FunctionError(pub String);

/// A function.
pub trait Function: Send + Sync {
    /// Invokes it with an event.
    fn invoke(&self, event: Bytes) -> BoxFuture<'static, Result<Bytes, FunctionError>>;
}

/// Functions by name.
pub type Functions = BTreeMap<&'static str, Arc<dyn Function>>;

/// The names of all functions there are.
pub const NAMES: [&str; 8] = ["authorize", "connect", "disconnect", "message", "api", "relay", "assign", "sweep"];

/// How often each function was invoked.
pub type Invocations = BTreeMap<&'static str, Arc<AtomicU64>>;

struct Counted(Arc<dyn Function>, Arc<AtomicU64>);

impl Function for Counted {
    fn invoke(&self, event: Bytes) -> BoxFuture<'static, Result<Bytes, FunctionError>> {
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0.invoke(event)
    }
}

/// The same functions, counted.
pub fn counted(functions: Functions) -> (Functions, Invocations) {
    let mut counts = Invocations::new();
    let count = |(name, function)| {
        let invocations = Arc::new(AtomicU64::new(0));
        counts.insert(name, Arc::clone(&invocations));
        (name, Arc::new(Counted(function, invocations)) as Arc<dyn Function>)
    };
    let functions = functions.into_iter().map(count).collect();
    (functions, counts)
}

struct Linked<F>(F);

impl<F> Function for Linked<F>
where
    F: Fn(Bytes) -> BoxFuture<'static, Result<Bytes, FunctionError>> + Send + Sync,
{
    fn invoke(&self, event: Bytes) -> BoxFuture<'static, Result<Bytes, FunctionError>> {
        (self.0)(event)
    }
}

fn answer(value: &impl Serialize) -> Result<Bytes, FunctionError> {
    serde_json::to_vec(value).map(Bytes::from).map_err(|error| failed(&error))
}

fn failed(error: &impl Display) -> FunctionError {
    FunctionError(error.to_string())
}

fn event<T: DeserializeOwned>(json: &Bytes) -> Result<T, FunctionError> {
    serde_json::from_slice(json).map_err(|error| failed(&error))
}

/// A function crate's `handle`, linked in.
macro_rules! linked {
    ($app:expr, $function:ident) => {{
        let app = $app.clone();
        Arc::new(Linked(move |json: Bytes| -> BoxFuture<'static, _> {
            let app = app.clone();
            Box::pin(async move {
                let done = $function::handle(&app, event(&json)?).await;
                answer(&done.map_err(|error| failed(&error))?)
            })
        })) as Arc<dyn Function>
    }};
}

/// All functions, linked in: the very code that the `bootstrap` files run.
pub fn all_linked(app: &App) -> Functions {
    Functions::from([
        ("authorize", linked!(app, deskwire_authorize)),
        ("connect", linked!(app, deskwire_connect)),
        ("disconnect", linked!(app, deskwire_disconnect)),
        ("message", linked!(app, deskwire_message)),
        ("relay", linked!(app, deskwire_relay)),
        ("assign", linked!(app, deskwire_assign)),
        ("sweep", linked!(app, deskwire_sweep)),
        ("api", api(app)),
    ])
}

/// The HTTP API: the event becomes a request as `lambda_http` makes it one; its own adapter of answers is not `Send`,
/// so the answer's envelope is made here.
fn api(app: &App) -> Arc<dyn Function> {
    let router = deskwire_api::router(app.clone());
    Arc::new(Linked(move |json: Bytes| -> BoxFuture<'static, _> {
        let mut router = router.clone();
        Box::pin(async move {
            let request: lambda_http::Request = event::<LambdaRequest>(&json)?.into();
            let response = router.call(request).await.map_err(|error| failed(&error))?;
            let (parts, body) = response.into_parts();
            let bytes = body.collect().await.map_err(|error| failed(&error))?.to_bytes();
            let headers: BTreeMap<&str, &str> =
                parts.headers.iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?))).collect();
            let text = std::str::from_utf8(&bytes).ok();
            answer(&json!({
                "statusCode": parts.status.as_u16(),
                "headers": headers,
                "body": text.map_or_else(|| STANDARD.encode(&bytes), str::to_owned),
                "isBase64Encoded": text.is_none(),
            }))
        })
    }))
}
