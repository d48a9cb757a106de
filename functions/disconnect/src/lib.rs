//! `$disconnect`: forgets the socket. Best effort: leases end by themselves.

use deskwire_app::{
    App,
    event::{RouteResponse, SocketEvent},
};
use lambda_runtime::Error;

/// Forgets a closed socket.
///
/// # Errors
/// The table fails.
pub async fn handle(app: &App, event: SocketEvent) -> Result<RouteResponse, Error> {
    let caller = event.caller()?;
    app.disconnected(&caller).await?;
    Ok(RouteResponse { status_code: 200, body: None })
}
