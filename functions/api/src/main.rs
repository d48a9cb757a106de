//! The `api` function, on Lambda.

use deskwire_app::App;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let app = App::from_env().await?;
    lambda_http::run(deskwire_api::router(app)).await
}
