//! Load: dialogues at a given rate, and as fast as it goes.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use deskwire_domain::ConversationId;
use deskwire_tests::{Client, dialogues};
use futures::{StreamExt, stream};
use serde_json::json;
use tokio::sync::Mutex;

use crate::{Report, process::Process, round};

/// An open conversation, both sides on sockets.
struct Talk {
    visitor: Client,
    agent: Arc<Client>,
    conversation: ConversationId,
}

/// Opens conversations, each with a visitor's socket; agents share their sockets among them.
async fn open(process: &Process, count: usize) -> Result<Vec<Talk>> {
    // 150 conversations an agent keep all within their capacity of 200.
    let tokens = process.hire(count.div_ceil(150)).await?;
    let mut agents = vec![];
    for token in &tokens {
        let client = process.door.connect(token).await?;
        client.ok(json!({"action": "presence", "status": "online", "capacity": 200})).await;
        agents.push((
            client.ok(json!({"action": "hello"})).await.welcome.and_then(|w| w.me.id).context("an id")?,
            Arc::new(client),
        ));
    }
    let opens = (0..count).map(|_| async {
        let token = process.door.anonymous().await?.access_token;
        let visitor = process.door.connect(&token).await?;
        let conversation = visitor.begin("你好").await;
        let assigned = visitor.entry("assigned").await;
        let (_, agent) = agents.iter().find(|(id, _)| assigned["agent"] == *id).context("a known agent")?;
        agent.catch_up(&conversation).await;
        visitor.until(&conversation, 3).await;
        anyhow::Ok(Talk { visitor, agent: Arc::clone(agent), conversation })
    });
    stream::iter(opens.collect::<Vec<_>>()).buffer_unordered(16).collect::<Vec<_>>().await.into_iter().collect()
}

/// Milliseconds at parts of a distribution.
pub(crate) fn parts(mut times: Vec<Duration>) -> [f64; 3] {
    times.sort();
    let at = |part: f64| {
        let index = ((times.len() as f64 - 1.0) * part).round().max(0.0) as usize;
        times.get(index).map_or(0.0, |time| round(time.as_secs_f64() * 1000.0))
    };
    [at(0.5), at(0.99), at(0.999)]
}

/// Messages at a steady rate, over many open conversations: each turn goes to the next conversation.
pub(crate) async fn at_rate(report: &mut Report, rate: u32, conversations: usize, seconds: u64) -> Result<()> {
    let process = Process::start().await?;
    let talks = Arc::new(open(&process, conversations).await?);
    let texts: Vec<String> = dialogues::load(500).into_iter().flat_map(|d| d.messages).map(|turn| turn.text).collect();
    let (acks, deliveries) = (Arc::new(Mutex::new(vec![])), Arc::new(Mutex::new(vec![])));
    let mut ticks = tokio::time::interval(Duration::from_secs(1) / rate);
    let mut sends = vec![];
    for n in 0..usize::try_from(u64::from(rate) * seconds)? {
        ticks.tick().await;
        let (talks, text) = (Arc::clone(&talks), texts[n % texts.len()].clone());
        let (acks, deliveries) = (Arc::clone(&acks), Arc::clone(&deliveries));
        sends.push(tokio::spawn(async move {
            let Talk { visitor, agent, conversation } = &talks[n % talks.len()];
            // Visitors mostly; agents answer every third, within what one connection may send.
            let (from, to): (&Client, &Client) = if n % 3 == 2 { (agent, visitor) } else { (visitor, agent) };
            let begun = Instant::now();
            let ack = from.say(conversation, &text).await;
            acks.lock().await.push(begun.elapsed());
            to.until(conversation, ack.seq.unwrap_or(0)).await;
            deliveries.lock().await.push(begun.elapsed());
        }));
    }
    let mut refused = 0;
    for send in sends {
        refused += usize::from(send.await.is_err());
    }
    let name = format!("{rate}/s over {conversations}");
    let [p50, p99, p999] = parts(acks.lock().await.clone());
    report.add(&format!("{name}: send→ack ms p50, p99, p99.9"), vec![p50, p99, p999]);
    let [p50, p99, p999] = parts(deliveries.lock().await.clone());
    report.add(&format!("{name}: send→delivered ms p50, p99, p99.9"), vec![p50, p99, p999]);
    report.add(&format!("{name}: refused"), refused);
    Ok(())
}

/// As fast as it goes: 64 conversations, each with one message under way at any time.
pub(crate) async fn saturated(report: &mut Report, seconds: u64) -> Result<()> {
    /// Visitors, each on a socket; below 20 messages a second each, so that no rate limit is in the way.
    const VISITORS: usize = 256;
    let process = Process::start().await?;
    let opens = (0..VISITORS).map(|_| async {
        let token = process.door.anonymous().await?.access_token;
        let visitor = process.door.connect(&token).await?;
        let conversation = visitor.begin("你好").await;
        anyhow::Ok((visitor, conversation))
    });
    let visitors: Vec<_> = stream::iter(opens.collect::<Vec<_>>())
        .buffer_unordered(16)
        .collect::<Vec<_>>()
        .await
        .into_iter()
        .collect::<Result<_>>()?;
    let (begun, time) = (Instant::now(), Duration::from_secs(seconds));
    let work = visitors.iter().map(|(visitor, conversation)| async move {
        let mut times = vec![];
        while begun.elapsed() < time {
            let one = Instant::now();
            visitor.say(conversation, "我的订单在哪里？请帮我查一下，谢谢。").await;
            times.push(one.elapsed());
        }
        times
    });
    let times: Vec<Duration> = futures::future::join_all(work).await.concat();
    report.add("saturation: acked messages/s", round(times.len() as f64 / begun.elapsed().as_secs_f64()));
    let [p50, p99, p999] = parts(times);
    report.add("saturation: send→ack ms p50, p99, p99.9", vec![p50, p99, p999]);
    Ok(())
}
