//! The gateway as a process of its own, so that its memory and its time are its own.

use std::{process::Stdio, time::Duration};

use anyhow::{Context, Result, ensure};
use deskwire_tests::world::{Door, TEAM};
use serde_json::json;
use tokio::process::{Child, Command};

/// A gateway on disk.
pub(crate) struct Process {
    child: Child,
    /// How to get in.
    pub door: Door,
    /// An administrator's token.
    pub admin: String,
    _folder: tempfile::TempDir,
}

impl Process {
    /// Starts one on a free port. `ulimit` lets it have the connections of the memory measurement.
    pub(crate) async fn start() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let binary = std::env::current_exe()?.with_file_name("deskwire");
        ensure!(binary.is_file(), "build it first: cargo build --profile fast --bin deskwire");
        let line = format!(
            "ulimit -n $(ulimit -Hn); exec {} --data {} --port {port} --connect-rate 1000000 --allow-inside 127.0.0.1/32",
            binary.display(),
            folder.path().display()
        );
        let child = Command::new("sh")
            .arg("-c")
            .arg(line)
            .stdout(Stdio::null())
            .env("RUST_LOG", "error")
            .kill_on_drop(true)
            .spawn()?;
        let base = format!("http://127.0.0.1:{port}");
        let http = reqwest::Client::new();
        while http.get(format!("{base}/healthz")).send().await.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let secret = deskwire_gateway::secrets::Secrets::load(folder.path())?.demo_sign_on;
        let door = Door { base, secret, http };
        let admin = loop {
            if let Ok(token) = door.agent("anna").await {
                break token;
            }
        };
        Ok(Self { child, door, admin, _folder: folder })
    }

    /// Tokens of so many new agents of the demo team.
    pub(crate) async fn hire(&self, count: usize) -> Result<Vec<String>> {
        let mut tokens = vec![];
        for number in 0..count {
            let name = format!("agent-{number}");
            let body = json!({"name": name, "external_id": name, "teams": [TEAM], "role": "agent", "capacity": 200});
            let (status, answer) = self.door.call("POST", "/v1/agents", Some(&self.admin), Some(body)).await?;
            ensure!(status == 201, "{answer}");
            tokens.push(self.door.agent(&name).await?);
        }
        Ok(tokens)
    }

    /// Bytes of memory that it uses now (resident set).
    pub(crate) fn memory(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id().context("its id")?))?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).context("VmRSS")?;
        let kilobytes: u64 = line.split_whitespace().nth(1).context("VmRSS")?.parse()?;
        Ok(kilobytes * 1024)
    }
}
