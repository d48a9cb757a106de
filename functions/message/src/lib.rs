//! `$default`: every client frame. The answer, an `ack` or an `error`, is the route's own response.

use deskwire_app::{
    App,
    event::{RouteResponse, SocketEvent},
};
use lambda_runtime::Error;

/// Answers a frame.
///
/// # Errors
/// The event is not from our authorizer, or an answer cannot be written as JSON.
pub async fn handle(app: &App, event: SocketEvent) -> Result<RouteResponse, Error> {
    let caller = event.caller()?;
    // A binary frame holds no JSON of ours: it is refused as any other malformed one.
    let text = if event.is_base64_encoded { "" } else { event.body.as_deref().unwrap_or_default() };
    let answer = Box::pin(app.frame(&caller, text)).await;
    Ok(RouteResponse { status_code: 200, body: Some(serde_json::to_string(&answer)?) })
}
