//! The demo company beside the gateway: a program of its own, which knows Deskwire's public API and nothing else.

use std::{net::SocketAddr, path::Path, process::Stdio, time::Duration};

use anyhow::Context;
use tokio::process::{Child, Command};

/// What it may take to close its shop.
const GRACE: Duration = Duration::from_secs(5);
/// The address ranges in which it, and so its webhooks and queries, must be reachable.
pub const ALLOW_INSIDE: &str = "127.0.0.1/32";

/// A company that runs until it is stopped, or until this process is gone.
pub struct Company(Child);

impl Company {
    /// Where its shop is: on the port behind the gateway's.
    pub fn address(gateway: SocketAddr) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], gateway.port().wrapping_add(1)))
    }

    /// Starts the program.
    ///
    /// # Errors
    /// The program is not there.
    pub fn start(program: &Path, gateway: SocketAddr, sign_on_secret: &str) -> anyhow::Result<Self> {
        let listen = Self::address(gateway);
        let child = Command::new(program)
            .args(["--deskwire", &format!("http://127.0.0.1:{}", gateway.port()), "--account", "acc_demo"])
            .args(["--listen", &listen.to_string(), "--until-stdin-closes"])
            .env("DESKWIRE_SIGN_ON_SECRET", sign_on_secret)
            // Its end is ours, however this process ends.
            .stdin(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| {
                format!("the demo company {}: build it with cargo build -p deskwire-company", program.display())
            })?;
        Ok(Self(child))
    }

    /// Closes the shop.
    pub async fn stop(mut self) {
        drop(self.0.stdin.take());
        if tokio::time::timeout(GRACE, self.0.wait()).await.is_err() {
            // It is killed as it is dropped.
            tracing::warn!("the demo company did not close in time");
        }
    }
}
