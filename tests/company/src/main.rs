//! `company`: the demo company as a program.

use std::{net::SocketAddr, process::ExitCode};

use anyhow::Context;
use clap::Parser;
use deskwire_company::{Company, Settings};
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::oneshot,
};

/// Not an argument, which everybody on the machine could read.
const SECRET: &str = "DESKWIRE_SIGN_ON_SECRET";

#[derive(Parser)]
#[command(name = "company", about = "A demo shop that joins Deskwire through its public API.")]
#[command(after_help = "The secret of the company's sign-on comes from the environment: DESKWIRE_SIGN_ON_SECRET.")]
struct Arguments {
    /// Where Deskwire is.
    #[arg(long, default_value = "http://127.0.0.1:8787", value_name = "URL")]
    deskwire: String,
    /// The company's account at Deskwire.
    #[arg(long, default_value = "acc_demo")]
    account: String,
    /// Where the shop listens.
    #[arg(long, default_value = "127.0.0.1:8788", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// Stop when standard input ends: whoever started the shop is gone.
    #[arg(long)]
    until_stdin_closes: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let sign_on_secret = std::env::var(SECRET)
        .with_context(|| format!("Set {SECRET} to the secret with which the company's sign-on signs"))?;
    let Arguments { deskwire, account, listen: address, until_stdin_closes } = arguments;
    // Before anything is served, so that no signal in between is lost.
    let mut terminate = signal(SignalKind::terminate())?;
    let mut end = std::pin::pin!(end(&mut terminate, until_stdin_closes));
    let company = Company::start(Settings { deskwire, account, sign_on_secret, address }).await?;
    say(&format!("The demo shop is open on {}", company.url()));
    let joined = tokio::select! {
        joined = company.join() => joined.map(|()| true),
        () = &mut end => Ok(false),
    };
    if let Ok(true) = joined {
        say("  It has joined Deskwire: press its buttons, and see what agents and visitors get.");
        end.await;
    }
    company.stop().await;
    joined.map(|_| ())
}

/// Waits for a reason to stop.
async fn end(terminate: &mut Signal, until_stdin_closes: bool) {
    let closed = async {
        if !until_stdin_closes || stdin_closes().await.is_err() {
            std::future::pending().await
        }
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
        () = closed => {}
    }
}

/// A thread of its own: Tokio would wait for its read before the program may end.
fn stdin_closes() -> oneshot::Receiver<()> {
    let (closed, closes) = oneshot::channel();
    std::thread::spawn(move || {
        // However it ends, it has ended.
        let _ = std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink());
        let _ = closed.send(());
    });
    closes
}

/// What the person who started it reads.
#[expect(clippy::print_stdout, reason = "this is the program's answer to whoever started it")]
fn say(line: &str) {
    println!("{line}");
}

#[expect(clippy::print_stderr, reason = "this is the program's last word to whoever started it")]
fn complain(line: &str) {
    eprintln!("{line}");
}
