//! The `ai` function, on Lambda.

use std::sync::Arc;

use deskwire_ai_function::Bedrock;
use deskwire_app::{App, lambda::serve};
use lambda_runtime::Error;

// Two threads: training and segmenting run beside the runtime's own.
#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Error> {
    let app = App::from_env().await?.with_models(Arc::new(Bedrock::default()));
    serve(env!("CARGO_BIN_NAME"), app, deskwire_ai_function::handle).await
}
