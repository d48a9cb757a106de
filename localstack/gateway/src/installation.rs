//! What an installation keeps, and where; and what its functions are told of it.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use anyhow::Context;
use deskwire_app::Config;
use deskwire_sqs::{QueueConfig, QueueService};

use crate::{checkpoint::Checkpoint, engine::Engine, gateway::GatewayConfig, secrets::Secrets};

/// Where everything lies.
#[derive(Debug, Clone)]
pub enum Data {
    /// In a folder.
    Disk(PathBuf),
    /// In memory, for tests and to try things out.
    Memory,
}

/// All that is kept, open.
pub(crate) struct Opened {
    pub engine: Engine,
    pub queues: QueueService,
    pub secrets: Secrets,
    pub checkpoint: Checkpoint,
    /// Where attachments lie.
    pub files: PathBuf,
}

/// Opens what is there, or begins it.
pub(crate) fn open(config: &GatewayConfig, base: &str) -> anyhow::Result<Opened> {
    let queues =
        QueueConfig { base_url: base.to_owned(), region: "us-east-1".into(), account_id: "000000000000".into() };
    match &config.data {
        Data::Memory => Ok(Opened {
            engine: engine(config, None)?,
            queues: QueueService::memory(queues)?,
            secrets: Secrets::generate(),
            checkpoint: Checkpoint(None),
            files: std::env::temp_dir().join(format!("deskwire-{}", hex::encode(rand::random::<[u8; 8]>()))),
        }),
        Data::Disk(folder) => {
            std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
            Ok(Opened {
                secrets: Secrets::load(folder)?,
                engine: engine(config, Some(&folder.join("table.sqlite")))?,
                queues: QueueService::open(&folder.join("queues.sqlite"), queues)?,
                checkpoint: Checkpoint(Some(folder.join("stream.checkpoint"))),
                files: std::path::absolute(folder)?.join("attachments"),
            })
        }
    }
}

fn engine(config: &GatewayConfig, file: Option<&Path>) -> anyhow::Result<Engine> {
    match &config.engine {
        Some(url) => Ok(Engine::elsewhere(url.parse().with_context(|| format!("{url} is no address"))?)),
        None => Engine::open(file),
    }
}

/// The host under which local programs reach an address.
pub(crate) fn host(address: SocketAddr) -> String {
    if address.ip().is_unspecified() { "127.0.0.1".into() } else { address.ip().to_string() }
}

/// What the functions are told.
pub(crate) fn settings(
    config: &GatewayConfig,
    base: &str,
    secrets: &Secrets,
    (queues, files): (&QueueService, &Path),
) -> Config {
    Config {
        table: config.table.clone(),
        queue_prefix: queues.url("").trim_end_matches('/').to_owned(),
        sockets: base.to_owned(),
        socket_url: format!("{}/ws", base.replace("http://", "ws://")),
        public_url: base.to_owned(),
        signing_keys: Some(secrets.signing_keys.clone()),
        attachments: format!("file://{}", files.display()),
        allow_inside: config.allow_inside.clone(),
    }
}
