//! Whether one message costs the same however long its conversation is, and however many conversations there are.

use std::time::Instant;

use anyhow::Result;
use deskwire_gateway::Data;
use deskwire_tests::World;
use serde_json::json;

use crate::{Report, round};

/// Messages that are timed at each size.
const TIMED: usize = 200;

pub(crate) async fn measure(report: &mut Report, largest: usize) -> Result<()> {
    let sizes: Vec<usize> = [10, 1_000, largest].into_iter().filter(|size| *size <= largest).collect();
    let folder = tempfile::tempdir()?;
    let world = World::with(|config| config.background = false, Data::Disk(folder.path().into())).await;
    let visitor = world.visitor().await;
    let conversation = visitor.begin("hi").await;
    for size in &sizes {
        fill(&world, &conversation, u64::try_from(*size)?).await?;
        let time = timed(&visitor, &conversation).await;
        report.add(&format!("growth: ms of a message behind {size} entries, median"), time);
    }
    let visitor = world.visitor().await;
    let conversation = visitor.begin("hi").await;
    let mut there = 2;
    for size in &sizes {
        for _ in there..*size {
            let other = deskwire_domain::ConversationId::new(ulid::Ulid::generate());
            fill(&world, &other, 1).await?;
        }
        there = there.max(*size);
        let time = timed(&visitor, &conversation).await;
        report.add(&format!("growth: ms of a message among {size} conversations, median"), time);
    }
    world.gateway.stop().await;
    Ok(())
}

/// Writes entries until the log has `size` of them.
async fn fill(world: &World, conversation: &deskwire_domain::ConversationId, size: u64) -> Result<()> {
    let (store, account) = (world.gateway.app.store(), deskwire_domain::AccountId::new("demo"));
    let head = store.head(&account, conversation).await?;
    let template = match &head {
        Some(entry) => entry.clone(),
        None => serde_json::from_value(json!({
            "conversation": conversation, "seq": 0, "at": "2026-01-01T00:00:00Z", "by": {"kind": "system"},
            "type": "message", "content": {"kind": "text", "text": "x"}, "client_id": "x",
            "state": {"status": "queued", "contact": "con_x", "inbox": "inb_web", "team": "tea_support", "priority": 0,
                      "since": "2026-01-01T00:00:00Z", "waiting_since": "2026-01-01T00:00:00Z"},
        }))?,
    };
    for seq in template.seq + 1..=size {
        let entry = deskwire_protocol::Entry { seq, ..template.clone() };
        store
            .commit(&deskwire_store::Commit {
                account: &account,
                entries: &[entry],
                occupancy: Default::default(),
                opening: None,
            })
            .await?;
    }
    Ok(())
}

async fn timed(visitor: &deskwire_tests::Client, conversation: &deskwire_domain::ConversationId) -> f64 {
    let mut after = 0;
    let mut times = vec![];
    while times.len() < TIMED {
        let frame = json!({"action": "send", "conversation": conversation, "after": after, "client_id": ulid::Ulid::generate().to_string(), "content": {"kind": "text", "text": "好"}});
        let begun = Instant::now();
        match visitor.ask(frame).await {
            Ok(Ok(ack)) => {
                times.push(begun.elapsed());
                after = ack.head.unwrap_or(after);
            }
            // Too far behind, the first time: a look at the head tells where to go on from.
            Ok(Err(error)) if error.code.as_str() == "sync_required" => {
                let hello = visitor.ok(json!({"action": "hello"})).await.welcome;
                after = hello.and_then(|w| w.conversations.into_iter().next()).map_or(0, |c| c.head);
            }
            // One connection may send 20 a second.
            _ => tokio::time::sleep(std::time::Duration::from_millis(100)).await,
        }
    }
    times.sort();
    round(times[times.len() / 2].as_secs_f64() * 1000.0)
}
