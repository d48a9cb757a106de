//! One start of one function: by the clock, or by its instructions.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use tokio::{
    process::{Child, Command},
    time::timeout,
};

use crate::runtime_api::{RuntimeApi, Step};

/// How long a start or an answer may take before it is given up: under valgrind everything takes fifty times as long.
const PATIENCE: Duration = Duration::from_secs(120);

/// A function to be started: its file, its environment, and the event that it gets.
pub(crate) struct Subject {
    pub name: String,
    pub bootstrap: PathBuf,
    pub environment: Vec<(String, String)>,
    pub event: String,
}

/// What one start took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Start {
    pub to_next: Duration,
    pub answer: Duration,
    pub peak_bytes: u64,
}

impl Subject {
    fn command(&self, program: &Path, api: &RuntimeApi) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .envs(self.environment.iter().cloned())
            .env("AWS_LAMBDA_RUNTIME_API", &api.address)
            .env("AWS_LAMBDA_FUNCTION_NAME", &self.name)
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
            .env("_HANDLER", "bootstrap")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command
    }

    /// Starts it, gives it its event, and waits for the answer.
    pub(crate) async fn start(&self) -> Result<Start> {
        let mut api = RuntimeApi::start(self.event.clone()).await?;
        let mut command = self.command(&self.bootstrap, &api);
        let begun = Instant::now();
        let mut child = command.spawn().with_context(|| self.bootstrap.display().to_string())?;
        let ready = self.ready(&mut api, &mut child).await?;
        let answered = match timeout(PATIENCE, api.steps.recv()).await? {
            Some(Step::Answered(at, Ok(_))) => at,
            other => bail!("{}: {other:?}", self.name),
        };
        let peak_bytes = peak(child.id().context("it is gone")?)?;
        child.kill().await?;
        Ok(Start { to_next: ready - begun, answer: answered - ready, peak_bytes })
    }

    async fn ready(&self, api: &mut RuntimeApi, child: &mut Child) -> Result<Instant> {
        tokio::select! {
            step = timeout(PATIENCE, api.steps.recv()) => match step.with_context(|| format!("{} does not ask for work", self.name))? {
                Some(Step::Ready(at)) => Ok(at),
                Some(Step::InitFailed(reason)) => bail!("{} cannot begin: {reason}", self.name),
                other => bail!("{}: {other:?}", self.name),
            },
            status = child.wait() => bail!("{} ended before it asked for work: {}", self.name, status?),
        }
    }

    /// The instructions from exec to the first request for work, as valgrind's callgrind counts them.
    pub(crate) async fn instructions(&self, keep: Option<&Path>) -> Result<u64> {
        let mut api = RuntimeApi::start(self.event.clone()).await?;
        let mut command = self.command(Path::new("valgrind"), &api);
        let out = keep.map_or_else(|| "/dev/null".into(), |folder| folder.join(format!("callgrind.{}", self.name)));
        command.env("PATH", std::env::var("PATH").unwrap_or_default());
        command.arg("--tool=callgrind").arg(format!("--callgrind-out-file={}", out.display())).arg(&self.bootstrap);
        let mut child = command.spawn().context("valgrind")?;
        self.ready(&mut api, &mut child).await?;
        // The default action of SIGTERM ends it, and valgrind says what it counted.
        let pid = child.id().context("it is gone")?.to_string();
        ensure!(Command::new("kill").arg("-TERM").arg(pid).status().await?.success(), "it cannot be ended");
        let said = timeout(PATIENCE, child.wait_with_output()).await??;
        let said = String::from_utf8_lossy(&said.stderr);
        let count = said.lines().find_map(|line| line.split_once("Collected :")).map(|(_, count)| count.trim());
        count.with_context(|| format!("valgrind counted nothing: {said}"))?.parse().context("valgrind's count")
    }

    /// Bytes of its zip: one deflated file and the archive's own 130 bytes or so.
    pub(crate) fn zipped(&self) -> Result<u64> {
        let mut encoder =
            flate2::read::DeflateEncoder::new(std::fs::File::open(&self.bootstrap)?, flate2::Compression::best());
        Ok(std::io::copy(&mut encoder, &mut std::io::sink())?)
    }
}

/// The most memory that a process has had at once.
fn peak(pid: u32) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("VmHWM")?;
    let kilobytes: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kilobytes * 1024)
}
