//! Memory of the gateway for each idle connection.

use anyhow::Result;
use deskwire_protocol::http::Ticket;
use futures::{StreamExt, stream};
use tokio_tungstenite::{connect_async_with_config, tungstenite::protocol::WebSocketConfig};

use crate::{Report, process::Process};

pub(crate) async fn measure(report: &mut Report, connections: usize) -> Result<()> {
    let process = Process::start().await?;
    let token = process.door.anonymous().await?.access_token;
    let open = || async {
        let (_, ticket) = process.door.call("POST", "/v1/tickets", Some(&token), None).await?;
        let ticket: Ticket = serde_json::from_value(ticket)?;
        let mut config = WebSocketConfig::default();
        config.read_buffer_size = 1024;
        let url = format!("{}/ws?ticket={}", process.door.base.replace("http://", "ws://"), ticket.ticket);
        anyhow::Ok(connect_async_with_config(url, Some(config), true).await?.0)
    };
    // The first ones make what all share: threads, caches, the allocator's arenas.
    let warm: Vec<_> = stream::iter((0..500).map(|_| open())).buffer_unordered(32).collect().await;
    let before = process.memory()?;
    let sockets: Vec<_> = stream::iter((0..connections).map(|_| open())).buffer_unordered(32).collect().await;
    let open = sockets.iter().filter(|socket| socket.is_ok()).count();
    let after = process.memory()?;
    report.add("idle connections", open);
    report.add("bytes of memory per idle connection", after.saturating_sub(before) / (open.max(1) as u64));
    drop(warm);
    Ok(())
}
