//! How long an answer of a business query takes from each level, and how often a company's system is asked when a
//! thousand ask at once.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::Result;
use axum::{Json, Router, routing::get};
use deskwire_app::{App, Caller};
use deskwire_domain::AccountId;
use deskwire_gateway::Data;
use deskwire_protocol::http::{CacheLevel, QueryAnswer, QueryRequest};
use deskwire_tests::World;
use serde_json::json;

use crate::{Report, round};

/// Answers that are timed from each level.
const TIMED: usize = 1_000;
/// Who ask at once, in so many function environments.
const ASKERS: (usize, usize) = (1_000, 4);

const RULES: &str = "
version: 1
queries:
  order:
    url: \"{{ secret.shop }}/orders/{{ number }}\"
    args: {number: {}}
    cache_seconds: 600
    slots: {status: $.status}
    card: {title: \"Order {{ number }}\", fields: [{name: Status, value: \"{{ status }}\"}]}
";

async fn ask(app: &App, caller: &Caller, number: usize) -> Result<QueryAnswer> {
    let args = json!({"number": number.to_string()}).as_object().cloned().unwrap_or_default();
    let request = QueryRequest { args, ..QueryRequest::default() };
    Ok(app.ask(caller, "order", request).await?)
}

pub(crate) async fn measure(report: &mut Report) -> Result<()> {
    let asked = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&asked);
    let order = move || {
        let count = Arc::clone(&count);
        async move {
            count.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(Duration::from_millis(50)).await;
            Json(json!({"status": "shipped"}))
        }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/orders/{number}", get(order))).await });
    let folder = tempfile::tempdir()?;
    let world = World::with(|config| config.background = false, Data::Disk(folder.path().into())).await;
    let (app, caller) = (&world.gateway.app, Caller::system(AccountId::new("demo")));
    let secret = serde_json::from_value(json!({"value": format!("http://{address}")}))?;
    app.put_secret(&caller, "shop", secret).await?;
    app.put_rules(&caller, RULES.to_owned()).await?;
    ask(app, &caller, 0).await?;
    for (level, name) in [(CacheLevel::Memory, "memory"), (CacheLevel::Table, "the table")] {
        let mut times = vec![];
        for _ in 0..TIMED {
            let environment = if level == CacheLevel::Table { app.as_a_new_environment() } else { app.clone() };
            // It knows the rules already, as any but the very first request finds it.
            environment.list_queries(&caller).await?;
            let begun = Instant::now();
            let answer = ask(&environment, &caller, 0).await?;
            times.push(begun.elapsed());
            anyhow::ensure!(answer.cache == level, "{:?} is not from {name}", answer.cache);
        }
        times.sort();
        let at = |part: usize| round(times[times.len() * part / 100].as_secs_f64() * 1e6);
        report.add(&format!("queries: µs of a hit in {name}, p50, p99"), vec![at(50), at(99)]);
    }
    let before = asked.load(Ordering::Relaxed);
    let environments: Vec<App> = (0..ASKERS.1).map(|_| app.as_a_new_environment()).collect();
    let all = (0..ASKERS.0).map(|n| ask(&environments[n % environments.len()], &caller, 1));
    for answer in futures::future::join_all(all).await {
        answer?;
    }
    let name = format!("queries: calls of the system for {} who ask at once in {} environments", ASKERS.0, ASKERS.1);
    report.add(&name, asked.load(Ordering::Relaxed) - before);
    world.gateway.stop().await;
    Ok(())
}
