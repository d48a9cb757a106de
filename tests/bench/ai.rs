//! How soon an answer of the AI agent from the company's articles is with the visitor, and what one turn takes alone.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use deskwire_domain::{AccountId, ConversationId};
use deskwire_gateway::Data;
use deskwire_tests::{
    Client, World,
    bot::{Bot, FAQ},
};
use futures::future::join_all;
use serde_json::json;

use crate::{Report, load::parts, process::Process, round};

/// Conversations that ask in turn: none is answered while it asks.
const VISITORS: usize = 50;
/// Messages, and how many a second.
const STEADY: (usize, u32) = (1_000, 20);
/// The pauses for more words: none, and the one that an account has unless it says otherwise.
const GATHER_MS: [u64; 2] = [0, 400];
/// Turns that are taken alone.
const ALONE: usize = 1_000;
/// The questions, all answered in the company's own words.
const QUESTIONS: [&str; 6] = [
    "How can I return an item?",
    "如何申请退货？",
    "How long does delivery take?",
    "多久可以发货？",
    "Which payment methods do you accept?",
    "可以开发票吗？",
];

pub(crate) async fn measure(report: &mut Report) -> Result<()> {
    for gather in GATHER_MS {
        answered(report, gather).await?;
    }
    alone(report).await
}

/// Lets the AI agent answer first.
async fn enter(bot: &Bot, gather: u64) {
    bot.ok("PATCH", "/v1/inboxes/inb_web", Some(json!({"bot": true}))).await;
    bot.ok("PUT", "/v1/ai", Some(json!({"gather_ms": gather}))).await;
}

/// Visitor's message → the answer on the visitor's own socket, at a steady rate.
async fn answered(report: &mut Report, gather: u64) -> Result<()> {
    let process = Process::start().await?;
    let bot = Bot { door: process.door.clone(), admin: process.admin.clone() };
    enter(&bot, gather).await;
    bot.knows_the_shop().await;
    let visitors = Arc::new(visitors(&process).await?);
    let mut ticks = tokio::time::interval(Duration::from_secs(1) / STEADY.1);
    let mut asked = vec![];
    for n in 0..STEADY.0 {
        ticks.tick().await;
        let visitors = Arc::clone(&visitors);
        asked.push(tokio::spawn(async move {
            let (client, conversation) = &visitors[n % VISITORS];
            let begun = Instant::now();
            let ack = client.say(conversation, QUESTIONS[n % QUESTIONS.len()]).await;
            client.until(conversation, ack.seq.unwrap_or(0) + 1).await;
            begun.elapsed()
        }));
    }
    let times = join_all(asked).await.into_iter().collect::<Result<Vec<_>, _>>()?;
    let mut exact = 0;
    for (_, conversation) in visitors.iter() {
        let log = bot.log(conversation).await;
        exact += log.iter().filter(|entry| entry["turn"]["outcome"] == "exact").count();
    }
    ensure!(exact == STEADY.0 + VISITORS, "{exact} exact answers to {} questions", STEADY.0 + VISITORS);
    let name = format!("ai: message → local answer delivered, ms, at {}/s over {VISITORS}", STEADY.1);
    report.add(&format!("{name}, gather_ms {gather}: p50, p99, p99.9"), parts(times).to_vec());
    Ok(())
}

/// Visitors who have had an answer.
async fn visitors(process: &Process) -> Result<Vec<(Client, ConversationId)>> {
    let mut visitors = vec![];
    for _ in 0..VISITORS {
        let client = process.door.connect(&process.door.anonymous().await?.access_token).await?;
        let conversation = client.begin(QUESTIONS[0]).await;
        // Opened, asked, answered.
        client.until(&conversation, 3).await;
        visitors.push((client, conversation));
    }
    Ok(visitors)
}

/// The function's time for one turn, from its job to the committed answer; nothing else runs.
async fn alone(report: &mut Report) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let world = World::with(|config| config.background = false, Data::Disk(folder.path().into())).await;
    let (app, account, door) = (&world.gateway.app, AccountId::new("demo"), world.door());
    let bot = Bot { admin: door.agent("anna").await?, door };
    enter(&bot, 0).await;
    bot.ok("POST", "/v1/articles/import", Some(json!({"format": "csv", "name": "faq.csv", "text": FAQ}))).await;
    app.make_index(&account).await?;
    let visitor = world.visitor().await;
    let conversation = visitor.begin(QUESTIONS[0]).await;
    Box::pin(app.take_turn(&account, &conversation)).await?;
    let mut times = vec![];
    for n in 0..ALONE {
        let ack = visitor.say(&conversation, QUESTIONS[n % QUESTIONS.len()]).await;
        let begun = Instant::now();
        Box::pin(app.take_turn(&account, &conversation)).await?;
        times.push(begun.elapsed());
        visitor.until(&conversation, ack.seq.unwrap_or(0) + 1).await;
    }
    world.gateway.stop().await;
    let [p50, p99, p999] = parts(times);
    report.add("ai: function time of one turn, ms, p50, p99, p99.9", vec![p50, p99, p999]);
    let puts = report.number("limit: durable puts/s, engine");
    if puts > 0.0 {
        report.add("ai: function time of one turn ÷ a durable put", round(p50 * puts / 1000.0));
    }
    Ok(())
}
