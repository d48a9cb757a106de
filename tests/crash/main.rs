//! The crash test: a gateway as a process of its own is killed, at random or at a named point, while clients send and
//! resend. What they did and saw is recorded, and the offline checker judges it.
//!
//! ```text
//! crash --kills 12              a short run, with each named point at least once
//! crash --kills 1000            the long run
//! ```

mod bot;
mod company;
mod shop;
mod side;

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use clap::Parser;
use company::{Company, Told};
use deskwire_domain::ConversationId;
use deskwire_gateway::crash_points::POINTS;
use deskwire_tests::{
    Client,
    checker::{Fact, check},
    world::Door,
};
use rand::Rng;
use shop::Shop;
use side::{Side, record, seen};
use tokio::{
    process::{Child, Command},
    time::{Instant, timeout},
};

/// How long readers may take to agree after the last kill.
const CONVERGE: Duration = Duration::from_secs(10);
/// How long a gateway may take to start.
const START: Duration = Duration::from_secs(20);

/// Kills between two lines that say how far it is.
const PROGRESS: u64 = 100;

#[derive(Parser)]
struct Arguments {
    /// How often the gateway is killed.
    #[arg(long, default_value_t = 12)]
    kills: u64,
    /// Conversations that go on all the time, each with a visitor and an agent.
    #[arg(long, default_value_t = 8)]
    conversations: usize,
    /// The port.
    #[arg(long, default_value_t = 18_787)]
    port: u16,
}

/// What is recorded.
#[derive(Default)]
pub(crate) struct History(Mutex<Vec<Fact>>);

impl History {
    pub(crate) fn add(&self, fact: Fact) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(fact);
    }

    fn facts(&self) -> Vec<Fact> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A gateway as a process.
struct Process {
    child: Child,
}

impl Process {
    /// Starts one and waits until it answers. `kill_at` names a point and how often it may be passed.
    async fn start(folder: &Path, port: u16, kill_at: Option<String>) -> Result<Self> {
        let binary = std::env::current_exe()?.with_file_name("deskwire");
        let mut command = Command::new(binary);
        command.arg("--data").arg(folder).args([
            "--port",
            &port.to_string(),
            "--schedule-seconds",
            "1",
            "--connect-rate",
            "100000",
            "--allow-inside",
            "127.0.0.1/32",
        ]);
        command.stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true).env("RUST_LOG", "off");
        if let Some(point) = kill_at {
            command.env("DESKWIRE_KILL_AT", point);
        }
        let mut child = command.spawn().context("target/debug/deskwire: build it first")?;
        let health = format!("http://127.0.0.1:{port}/healthz");
        let begun = Instant::now();
        while reqwest::get(&health).await.is_err() {
            if child.try_wait()?.is_some() {
                // A named point may lie in what a start does; that is a kill like any other.
                return Ok(Self { child });
            }
            ensure!(begun.elapsed() < START, "the gateway does not start");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(Self { child })
    }
}

/// Everything that the clients share.
pub(crate) struct Run {
    pub door: Door,
    pub history: History,
    /// The clients are to finish what is under way.
    pub ending: AtomicBool,
    pub acked: AtomicU64,
}

/// A conversation that has ended, and its two sides with what each has read.
pub(crate) struct Ended {
    pub conversation: ConversationId,
    sides: [(Side, Client); 2],
}

/// A visitor and the agent to whom routing gives them, who write to each other until the run ends.
async fn talk(run: Arc<Run>, number: usize, agent: String) -> Result<Ended> {
    let visitor = Side::visitor(&run, format!("visitor {number}"), None).await;
    let mut client = visitor.connect().await;
    let (conversation, _) = visitor.say(&mut client, None, &format!("{number} begins")).await?;
    let agent = Side::staff(&run, format!("agent of {number}"), agent);
    let mut agents = agent.connect().await;
    let mut turn = 0;
    while !run.ending.load(Ordering::Relaxed) {
        visitor.say(&mut client, Some(&conversation), &format!("{number} visitor {turn}")).await?;
        agent.read_to_the_end(&mut agents, &conversation).await;
        agent.say(&mut agents, Some(&conversation), &format!("{number} agent {turn}")).await?;
        turn += 1;
    }
    Ok(Ended { conversation, sides: [(visitor, client), (agent, agents)] })
}

/// How to get in, and the token of a supervisor who sees everything.
async fn enter(data: &Path, port: u16) -> Result<(Door, String)> {
    let secret = deskwire_gateway::secrets::Secrets::load(data)?.demo_sign_on;
    let door = Door { base: format!("http://127.0.0.1:{port}"), secret, http: reqwest::Client::new() };
    // The demo account is made just after the gateway answers.
    loop {
        if let Ok(token) = door.agent("anna").await {
            return Ok((door, token));
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let folder = tempfile::tempdir()?;
    let data: PathBuf = folder.path().join("data");
    let mut process = Process::start(&data, arguments.port, None).await?;
    let (door, supervisor) = enter(&data, arguments.port).await?;
    let run =
        Arc::new(Run { door, history: History::default(), ending: AtomicBool::new(false), acked: AtomicU64::new(0) });
    let company = Company::join(&run.door, &supervisor).await?;
    let shop = Arc::new(Shop::join(&run, &supervisor).await?);
    let sending = tokio::spawn({
        let (shop, run) = (Arc::clone(&shop), Arc::clone(&run));
        async move { shop.send(run).await }
    });
    let inbox = bot::open(&run, &supervisor).await?;
    let talks =
        (0..arguments.conversations).map(|number| tokio::spawn(talk(Arc::clone(&run), number, supervisor.clone())));
    let asks = (0..bot::VISITORS)
        .map(|number| tokio::spawn(bot::ask(Arc::clone(&run), number, inbox.clone(), supervisor.clone())));
    let talks: Vec<_> = talks.chain(asks).collect();
    for kill in 0..arguments.kills {
        let point =
            usize::try_from(kill).ok().filter(|kill| kill % 2 == 0).map(|kill| POINTS[(kill / 2) % POINTS.len()]);
        strike(&mut process, (&data, arguments.port), point).await?;
        if kill % PROGRESS == PROGRESS - 1 {
            say(&format!("{} kills, {} messages acked", kill + 1, run.acked.load(Ordering::Relaxed)));
        }
    }
    run.ending.store(true, Ordering::Relaxed);
    let mut ended = vec![];
    for talk in talks {
        ended.push(timeout(Duration::from_secs(60), talk).await.context("a talk does not end")???);
    }
    let supervisor = Side::staff(&run, "supervisor".into(), supervisor);
    let converged = converge(&run, &mut ended, &supervisor).await;
    let answers = bot::judge(&run, &supervisor.token, &ended[arguments.conversations..]).await?;
    let events = timeout(Duration::from_secs(60), sending).await.context("the shop does not end")??;
    let wrong = shop.said_once(&run, &supervisor.token, events).await?;
    let told = company.hears_of_everything(&run.door, &supervisor.token, &ended).await?;
    process.child.kill().await?;
    say(&format!("events in: {events} sent, {} not done once and in order {wrong:?}", wrong.len()));
    say(&answers.line());
    report(&run, arguments.kills, converged, &told)?;
    answers.ensure(arguments.kills)?;
    ensure!(wrong.is_empty() && events > arguments.kills, "an event was not done once");
    Ok(())
}

/// Lets everybody read to the end, and somebody who has read nothing yet; answers how long the first took.
async fn converge(run: &Run, ended: &mut [Ended], supervisor: &Side) -> Duration {
    let begun = Instant::now();
    let reading = ended.iter_mut().flat_map(|Ended { conversation, sides }| {
        let conversation = &*conversation;
        sides.iter_mut().map(move |(side, client)| side.read_to_the_end(client, conversation))
    });
    futures::future::join_all(reading).await;
    let converged = begun.elapsed();
    for Ended { conversation, sides } in ended {
        sides.iter().for_each(|side| record(side, conversation));
        let mut fresh = supervisor.connect().await;
        supervisor.read_to_the_end(&mut fresh, conversation).await;
        let entries = seen(&fresh, conversation);
        let conversation = conversation.to_string();
        run.history.add(Fact::Read { reader: "a fresh reader".into(), conversation, entries });
    }
    converged
}

/// Lets the gateway run into a named point, or kills it after a random time; then starts it again.
async fn strike(process: &mut Process, (data, port): (&Path, u16), point: Option<&str>) -> Result<()> {
    if let Some(point) = point {
        process.child.kill().await?;
        let passes = rand::rng().random_range(5..60);
        *process = Process::start(data, port, Some(format!("{point}:{passes}"))).await?;
        // A point that is seldom passed is not waited for.
        if timeout(Duration::from_secs(4), process.child.wait()).await.is_err() {
            process.child.kill().await?;
        }
    } else {
        let millis = rand::rng().random_range(100..900);
        tokio::time::sleep(Duration::from_millis(millis)).await;
        process.child.kill().await?;
    }
    *process = Process::start(data, port, None).await?;
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the run's result")]
fn say(line: &str) {
    println!("{line}");
}

fn report(run: &Run, kills: u64, converged: Duration, told: &Told) -> Result<()> {
    let facts = run.history.facts();
    let wrong = check(&facts);
    let acked = run.acked.load(Ordering::Relaxed);
    say(&format!(
        "crash test: {kills} kills, {acked} messages acked, {} faults, readers agree after {:.1} s",
        wrong.len(),
        converged.as_secs_f64()
    ));
    say(&format!(
        "webhooks: {} events, {} deliveries ({} of them again), {} missing, {} with a bad signature or another body, {} out of order, all there after {:.1} s",
        told.events,
        told.deliveries,
        told.again(),
        told.missing.len(),
        told.wrong,
        told.disordered,
        told.after.as_secs_f64()
    ));
    for event in told.missing.iter().take(20) {
        say(&format!("  not delivered: {event}"));
    }
    for fault in wrong.iter().take(20) {
        say(&format!("  {fault}"));
    }
    ensure!(wrong.is_empty(), "what was acked was not kept as it must be");
    ensure!(
        told.missing.is_empty() && told.wrong + told.disordered == 0,
        "an event did not reach the endpoint as it should"
    );
    ensure!(acked > kills, "too little happened to prove anything");
    ensure!(converged < CONVERGE, "readers took longer than {CONVERGE:?} to agree");
    Ok(())
}
