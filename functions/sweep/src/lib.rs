//! `sweep`, each minute: what is due is done.

use deskwire_app::App;
use lambda_runtime::Error;
use serde_json::{Value, json};

/// Does all that is due; the event says nothing that matters.
///
/// # Errors
/// The table fails; the next minute tries again.
pub async fn handle(app: &App, _event: Value) -> Result<Value, Error> {
    let done = Box::pin(app.sweep()).await?;
    Ok(json!({"done": done}))
}
