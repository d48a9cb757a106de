//! The `event` function, on Lambda.

use deskwire_app::App;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let app = App::from_env().await?;
    run(service_fn(|event: LambdaEvent<_>| deskwire_event::handle(&app, event.payload))).await
}
