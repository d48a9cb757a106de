//! How soon an endpoint hears of what was committed, and how many deliveries go out while one endpoint of twenty does
//! not answer.

use std::time::{Duration, Instant};

use anyhow::Result;
use deskwire_tests::{Client, receiver::Receiver};
use serde_json::{Value, json};

use crate::{Report, load::parts, process::Process, round};

/// Endpoints in the second measurement.
const ENDPOINTS: usize = 20;
/// Conversations that speak in turn: no line of one conversation is what is measured.
const VISITORS: usize = 32;
/// Messages of the first measurement, and how many a second.
const STEADY: (usize, u32) = (1_000, 50);
/// Messages of the second one, all at once.
const BURST: usize = 320;

pub(crate) async fn measure(report: &mut Report) -> Result<()> {
    soon(report).await?;
    let alone = burst(ENDPOINTS - 1, false).await?;
    let beside = burst(ENDPOINTS - 1, true).await?;
    report.add("webhooks: deliveries/s, 19 endpoints", round(alone));
    report.add("webhooks: deliveries/s, 19 endpoints beside one that never answers", round(beside));
    report.add("webhooks: with ÷ without the one that never answers", round(beside / alone));
    Ok(())
}

async fn endpoint(process: &Process, url: &str) -> Result<Value> {
    let body = json!({"url": url, "events": ["message.created"]});
    Ok(process.door.call("POST", "/v1/webhooks", Some(&process.admin), Some(body)).await?.1)
}

async fn visitors(process: &Process) -> Result<Vec<(Client, deskwire_domain::ConversationId)>> {
    let mut visitors = vec![];
    for _ in 0..VISITORS {
        let client = process.door.connect(&process.door.anonymous().await?.access_token).await?;
        let conversation = client.begin("你好").await;
        visitors.push((client, conversation));
    }
    Ok(visitors)
}

/// Commit → the endpoint has the request, at a steady rate.
async fn soon(report: &mut Report) -> Result<()> {
    let process = Process::start().await?;
    let visitors = visitors(&process).await?;
    let receiver = Receiver::start().await;
    endpoint(&process, &receiver.url()).await?;
    let mut ticks = tokio::time::interval(Duration::from_secs(1) / STEADY.1);
    let saying = async {
        for n in 0..STEADY.0 {
            ticks.tick().await;
            let (client, conversation) = &visitors[n % visitors.len()];
            client.say(conversation, &format!("{n}")).await;
        }
    };
    let hearing = async {
        let mut times = vec![];
        while times.len() < STEADY.0 {
            let event = receiver.next().await.event();
            // The commit's own time, in milliseconds, on the same clock.
            let committed: jiff::Timestamp = event["time"].as_str().unwrap_or_default().parse()?;
            let millis = jiff::Timestamp::now().as_millisecond() - committed.as_millisecond();
            times.push(Duration::from_millis(millis.max(0).cast_unsigned()));
        }
        anyhow::Ok(times)
    };
    let ((), times) = tokio::join!(saying, hearing);
    let [p50, p99, p999] = parts(times?);
    let name = format!("webhooks: commit → first byte, ms, at {}/s: p50, p99, p99.9", STEADY.1);
    report.add(&name, vec![p50, p99, p999]);
    Ok(())
}

/// Deliveries a second to so many endpoints, all of a burst counted; beside one that takes connections and is silent.
async fn burst(endpoints: usize, beside: bool) -> Result<f64> {
    let process = Process::start().await?;
    let visitors = visitors(&process).await?;
    let receiver = Receiver::start().await;
    let deaf = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    if beside {
        endpoint(&process, &format!("http://{}/hook", deaf.local_addr()?)).await?;
    }
    for _ in 0..endpoints {
        endpoint(&process, &receiver.url()).await?;
    }
    let begun = Instant::now();
    let saying = async {
        let each = visitors.iter().map(|(client, conversation)| async move {
            for n in 0..BURST / VISITORS {
                client.say(conversation, &format!("{n}")).await;
            }
        });
        futures::future::join_all(each).await;
    };
    let hearing = async {
        for _ in 0..BURST * endpoints {
            receiver.next().await;
        }
    };
    tokio::join!(saying, hearing);
    Ok((BURST * endpoints) as f64 / begun.elapsed().as_secs_f64())
}
