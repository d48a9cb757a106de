//! What the machine can do at all: a bare WebSocket echo on the same stack, and the engine's own rate of durable puts.

use std::time::{Duration, Instant};

use anyhow::Result;
use deskwire_gateway::engine::Engine;
use futures::{SinkExt, StreamExt, future::join_all};
use serde_json::json;
use tokio::net::TcpListener;
use tokio_tungstenite::{accept_async, connect_async, tungstenite::Message};

use crate::{Report, round};

const TIME: Duration = Duration::from_secs(5);

pub(crate) async fn measure(report: &mut Report) -> Result<()> {
    report.add("limit: cores", std::thread::available_parallelism()?.get());
    report.add("limit: bare WebSocket echo/s, 64 sockets", round(echo().await?));
    let folder = tempfile::tempdir()?;
    report
        .add("limit: durable puts/s, engine", round(puts(&Engine::open(Some(&folder.path().join("t.sqlite")))?).await));
    report.add("limit: puts/s in memory, engine", round(puts(&Engine::open(None)?).await));
    Ok(())
}

async fn echo() -> Result<f64> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let server = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let Ok(mut socket) = accept_async(stream).await else { return };
                while let Some(Ok(message)) = socket.next().await {
                    if message.is_text() && socket.send(message).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    let begun = Instant::now();
    let clients = (0..64).map(|_| async move {
        let (mut socket, _) = connect_async(format!("ws://{address}")).await?;
        let mut count = 0u64;
        while begun.elapsed() < TIME {
            socket.send(Message::text("x".repeat(200))).await?;
            socket.next().await;
            count += 1;
        }
        anyhow::Ok(count)
    });
    let counts = join_all(clients).await.into_iter().collect::<Result<Vec<_>>>()?;
    server.abort();
    Ok(counts.iter().sum::<u64>() as f64 / begun.elapsed().as_secs_f64())
}

/// Conditional puts of an entry's size, 64 under way at once.
async fn puts(engine: &Engine) -> f64 {
    let table = json!({
        "TableName": "bench", "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "PK", "AttributeType": "S"}, {"AttributeName": "SK", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "PK", "KeyType": "HASH"}, {"AttributeName": "SK", "KeyType": "RANGE"}],
        "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"},
    });
    let made = engine.call("CreateTable", table.to_string().into_bytes()).await;
    assert_eq!(made.status, 200, "{}", made.body);
    let begun = Instant::now();
    let workers = (0..64).map(|worker| async move {
        let mut count = 0u64;
        while begun.elapsed() < TIME {
            let item = json!({
                "TableName": "bench", "ConditionExpression": "attribute_not_exists(PK)",
                "Item": {"PK": {"S": format!("p{worker}")}, "SK": {"S": format!("E#{count:010}")}, "doc": {"S": "x".repeat(700)}},
            });
            let answer = engine.call("PutItem", item.to_string().into_bytes()).await;
            assert_eq!(answer.status, 200, "{}", answer.body);
            count += 1;
        }
        count
    });
    join_all(workers).await.iter().sum::<u64>() as f64 / begun.elapsed().as_secs_f64()
}
