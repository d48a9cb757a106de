//! What a cold start costs: each function from exec to its first request for work, its first answer, its memory and its
//! size, beside a bare function in the same run. It is a harness and no test: clocks of shared machines are no judges,
//! so read the ratios, and the instructions, which are the same each time.

mod local;
mod measure;
mod runtime_api;

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use clap::Parser;
use local::{Local, event};
use measure::{Start, Subject};

#[derive(Parser)]
#[command(about = "Measures cold starts of built functions. See README, \"Figures\", for what builds them")]
struct Arguments {
    /// The folder that cargo lambda build made; the bare function `hello` is in it too.
    #[arg(long, default_value = "target/lambda")]
    functions: PathBuf,
    /// The program that plays AWS.
    #[arg(long, default_value = "target/debug/deskwire")]
    deskwire: PathBuf,
    /// Starts of each function; the median is printed.
    #[arg(long, default_value_t = 15)]
    runs: usize,
    /// Only these functions.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Do not count instructions (valgrind takes about ten seconds a function).
    #[arg(long)]
    no_instructions: bool,
    /// Keep callgrind's files here, for callgrind_annotate.
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
}

/// What a function is measured against.
const BARE: &str = "hello";

/// The figures of one function.
struct Figures {
    name: String,
    to_next: Duration,
    answer: Duration,
    peak_bytes: u64,
    zip_bytes: u64,
    instructions: Option<u64>,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let names = functions(&arguments)?;
    let local = Local::start(&arguments.deskwire).await?;
    let count = !arguments.no_instructions && valgrind();
    let mut all = vec![vec![]; names.len()];
    // Round by round, so that a slow moment of the machine hits all alike.
    for _ in 0..arguments.runs.max(1) {
        for (name, starts) in names.iter().zip(&mut all) {
            starts.push(subject(&arguments.functions, name, &local).await?.start().await?);
        }
    }
    let mut figures = vec![];
    for (name, starts) in names.iter().zip(all) {
        let subject = subject(&arguments.functions, name, &local).await?;
        let instructions = if count { Some(subject.instructions(arguments.keep.as_deref()).await?) } else { None };
        figures.push(summary(name, &starts, subject.zipped()?, instructions));
    }
    print(&figures);
    Ok(())
}

/// The bare one first, then the others by name.
fn functions(arguments: &Arguments) -> Result<Vec<String>> {
    let folder = &arguments.functions;
    let hint = "build the functions and hello first: README, \"Figures\", says how";
    let entries = std::fs::read_dir(folder).with_context(|| format!("{}: {hint}", folder.display()))?;
    let mut names: Vec<String> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.join("bootstrap").is_file())
        .filter_map(|path| Some(path.file_name()?.to_str()?.to_owned()))
        .filter(|name| name != BARE && (arguments.only.is_empty() || arguments.only.contains(name)))
        .collect();
    names.sort();
    ensure!(folder.join(BARE).join("bootstrap").is_file() && !names.is_empty(), "no functions, or no {BARE}: {hint}");
    names.insert(0, BARE.to_owned());
    Ok(names)
}

async fn subject(folder: &Path, name: &str, local: &Local) -> Result<Subject> {
    let ticket = if name == "authorize" { local.ticket().await? } else { String::new() };
    Ok(Subject {
        name: name.to_owned(),
        bootstrap: std::path::absolute(folder.join(name).join("bootstrap"))?,
        environment: local.environment(name),
        event: event(name, &ticket).to_string(),
    })
}

fn valgrind() -> bool {
    let there = std::process::Command::new("valgrind").arg("--version").output().is_ok();
    if !there {
        say("valgrind is not there, so no instructions are counted (Debian: apt-get install valgrind).");
    }
    there
}

fn summary(name: &str, starts: &[Start], zip_bytes: u64, instructions: Option<u64>) -> Figures {
    let median = |of: fn(&Start) -> Duration| {
        let mut all: Vec<Duration> = starts.iter().map(of).collect();
        all.sort();
        all[all.len() / 2]
    };
    Figures {
        name: name.to_owned(),
        to_next: median(|start| start.to_next),
        answer: median(|start| start.answer),
        peak_bytes: starts.iter().map(|start| start.peak_bytes).max().unwrap_or_default(),
        zip_bytes,
        instructions,
    }
}

fn print(figures: &[Figures]) {
    let bare = &figures[0];
    say(
        "| function | exec to /next, ms | × bare | instructions, M | × bare | first answer, ms | peak memory, MB | zip, MB |",
    );
    say("| --- | --- | --- | --- | --- | --- | --- | --- |");
    for one in figures {
        let counted = one.instructions.map_or_else(|| "".into(), |count| format!("{:.1}", count as f64 / 1e6));
        let times =
            one.instructions.zip(bare.instructions).map(|(own, bare)| format!("{:.1}", own as f64 / bare as f64));
        say(&format!(
            "| {} | {:.1} | {:.1} | {counted} | {} | {:.1} | {:.1} | {:.2} |",
            one.name,
            one.to_next.as_secs_f64() * 1e3,
            one.to_next.as_secs_f64() / bare.to_next.as_secs_f64(),
            times.unwrap_or_default(),
            one.answer.as_secs_f64() * 1e3,
            one.peak_bytes as f64 / 1e6,
            one.zip_bytes as f64 / 1e6,
        ));
    }
}

#[expect(clippy::print_stdout, reason = "this is the program's answer")]
fn say(line: &str) {
    println!("{line}");
}
