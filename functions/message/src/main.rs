//! The `message` function, on Lambda.

use deskwire_app::{App, lambda::serve};
use lambda_runtime::{Error, LambdaEvent, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let app = App::from_env_to_push().await?;
    let handle = move |event: LambdaEvent<_>| {
        let app = app.clone();
        async move { deskwire_message::handle(&app, event.payload).await }
    };
    serve(env!("CARGO_BIN_NAME"), service_fn(handle)).await
}
