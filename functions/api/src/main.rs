//! The `api` function, on Lambda.

use deskwire_app::{App, lambda::serve_service};
use lambda_http::{Adapter, Error};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let app = App::from_env_to_sign().await?;
    serve_service(env!("CARGO_BIN_NAME"), Adapter::from(deskwire_api::router(app))).await
}
