//! `$connect`: notes the socket. Nothing is posted from here: the socket is not open yet.

use deskwire_app::{
    App,
    event::{RouteResponse, SocketEvent},
};
use lambda_runtime::Error;

/// Notes an opening socket.
///
/// # Errors
/// The table fails; the socket is then refused, and the client tries again.
pub async fn handle(app: &App, event: SocketEvent) -> Result<RouteResponse, Error> {
    let caller = event.caller()?;
    app.connected(&caller).await?;
    Ok(RouteResponse { status_code: 200, body: None })
}
