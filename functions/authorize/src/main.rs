//! The `authorize` function, on Lambda.

use deskwire_app::{App, lambda::serve};
use lambda_runtime::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let app = App::from_env_to_sign().await?;
    serve(env!("CARGO_BIN_NAME"), app, deskwire_authorize::handle).await
}
