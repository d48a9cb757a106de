//! Which functions Deskwire has, linked in or as built files: what the template in `infra/` says for the cloud.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use deskwire_app::{App, Config, telemetry::invocation};
use http_body_util::BodyExt;
use lambda_http::{Service, request::LambdaRequest};
use lambda_runtime::{Error, LambdaEvent};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::{
    functions::{Function, Functions, linked},
    processes,
    secrets::Secrets,
};

/// The names of all functions.
pub const NAMES: [&str; 12] = [
    "authorize",
    "connect",
    "disconnect",
    "message",
    "api",
    "relay",
    "assign",
    "webhook",
    "event",
    "ai",
    "sweep",
    "account",
];

/// A function crate's `handle`, linked in.
macro_rules! handle {
    ($app:expr, $function:ident) => {{
        let app = $app.clone();
        let function = linked(move |event: LambdaEvent<_>| {
            let app = app.clone();
            async move {
                let (name, trace) = (name_of(stringify!($function)), event.context.xray_trace_id.as_deref());
                Box::pin(invocation(name, trace, $function::handle(&app, event.payload))).await
            }
        });
        (name_of(stringify!($function)).to_owned(), function)
    }};
}

/// The function's name, from its crate's.
fn name_of(crate_name: &'static str) -> &'static str {
    // `deskwire_ai` is the mind itself.
    crate_name.trim_start_matches("deskwire_").trim_end_matches("_function")
}

/// All functions, linked in: the very code that the `bootstrap` files run.
pub fn all_linked(app: &App) -> Functions {
    let with_models = app.clone().with_models(Arc::new(deskwire_ai_function::Bedrock::default()));
    Functions::from([
        handle!(with_models, deskwire_ai_function),
        handle!(app, deskwire_account),
        handle!(app, deskwire_authorize),
        handle!(app, deskwire_connect),
        handle!(app, deskwire_disconnect),
        handle!(app, deskwire_message),
        handle!(app, deskwire_relay),
        handle!(app, deskwire_assign),
        handle!(app, deskwire_webhook),
        handle!(app, deskwire_event),
        handle!(app, deskwire_sweep),
        ("api".to_owned(), api(app)),
    ])
}

/// The HTTP API: the event becomes a request as `lambda_http` makes it one; its own adapter of answers is not `Send`,
/// so the answer's envelope is made here.
fn api(app: &App) -> Arc<dyn Function> {
    let router = deskwire_api::router(app.clone());
    linked(move |event: LambdaEvent<LambdaRequest>| {
        let router = router.clone();
        async move {
            let trace = event.context.xray_trace_id.as_deref();
            Box::pin(invocation("api", trace, respond(router, event.payload.into()))).await
        }
    })
}

async fn respond(mut router: axum::Router, request: lambda_http::Request) -> Result<Value, Error> {
    let (parts, body) = router.call(request).await?.into_parts();
    let bytes = body.collect().await?.to_bytes();
    let headers: BTreeMap<&str, &str> =
        parts.headers.iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?))).collect();
    let text = std::str::from_utf8(&bytes).ok();
    Ok(json!({
        "statusCode": parts.status.as_u16(),
        "headers": headers,
        "body": text.map_or_else(|| STANDARD.encode(&bytes), str::to_owned),
        "isBase64Encoded": text.is_none(),
    }))
}

/// The `bootstrap` file of a function in a folder that `cargo lambda build` made.
///
/// # Errors
/// It is not there, with the command that makes it.
pub fn bootstrap(folder: &Path, function: &str) -> anyhow::Result<PathBuf> {
    let path = folder.join(function).join("bootstrap");
    anyhow::ensure!(path.is_file(), "{} is not there: run `cargo lambda build` first", path.display());
    Ok(path)
}

/// All functions as processes, so many each; they find this installation by their environment, as on Lambda.
///
/// # Errors
/// A function was not built.
pub(crate) async fn all_processes(
    folder: &Path,
    count: usize,
    (settings, base, secrets): (&Config, &str, &Secrets),
    stop: &CancellationToken,
) -> anyhow::Result<Functions> {
    let mut functions = Functions::new();
    for name in NAMES {
        let mut environment = settings.to_env(name);
        environment.extend([
            ("AWS_ENDPOINT_URL", base.to_owned()),
            ("AWS_REGION", "us-east-1".to_owned()),
            ("AWS_ACCESS_KEY_ID", secrets.aws().id_of(name)),
            ("AWS_SECRET_ACCESS_KEY", secrets.aws_secret_access_key.clone()),
        ]);
        let program = processes::Program { name, bootstrap: bootstrap(folder, name)?, environment, count };
        functions
            .insert(name.to_owned(), Arc::new(processes::start(program, stop.clone()).await?) as Arc<dyn Function>);
    }
    Ok(functions)
}
