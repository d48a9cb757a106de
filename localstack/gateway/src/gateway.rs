//! The whole: engine, queues, front, mappings and schedule, started and stopped together.

use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use anyhow::Context;
use bytes::Bytes;
use deskwire_app::{App, Config};
use deskwire_queue::QueueName;
use deskwire_sqs::{QueueConfig, QueueService};
use deskwire_store::{FILTER_PREFIXES, definition};
use serde_json::json;
use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    bootstrap_files,
    engine::Engine,
    front::{self, Counts, Front, Rate},
    functions::{self, Function, Functions, Invocations},
    in_process::InProcess,
    limits::{CONNECTION, GRACE, IDLE, NEW_CONNECTIONS_PER_SECOND},
    management::Planes,
    queues, runtime_api, schedule,
    secrets::Secrets,
    sockets::{Serving, Sockets},
    streams,
};

/// The table's name here.
const TABLE: &str = "deskwire";
/// The queue of records that `relay` could not do.
const PARKED: &str = "deskwire-relay-dead";
/// Seconds over which clients spread their new connections after a restart, so that they do not stampede.
const RECONNECT_WITHIN_SECONDS: u32 = 5;

/// Where everything lies.
#[derive(Debug, Clone)]
pub enum Data {
    /// In a folder.
    Disk(PathBuf),
    /// In memory, for tests and to try things out.
    Memory,
}

/// How the functions run.
#[derive(Debug, Clone)]
pub enum Runtime {
    /// Linked in.
    Linked,
    /// As processes, from the folder that `cargo lambda build` made; so many each.
    Processes(PathBuf, usize),
}

/// How the gateway runs.
#[derive(Debug, Clone)]
pub struct GatewayConfig {
    /// Where it listens; port 0 takes a free one.
    pub address: SocketAddr,
    /// Where its data lie.
    pub data: Data,
    /// How the functions run.
    pub runtime: Runtime,
    /// How often `sweep` runs.
    pub schedule: Duration,
    /// After how long without a frame a socket is closed.
    pub idle: Duration,
    /// After how long a socket is closed.
    pub longest: Duration,
    /// New connections per second.
    pub connect_rate: f64,
    /// Address ranges inside which the company's systems may be called.
    pub allow_inside: String,
    /// Whether stream, queues and schedule run; a test of what one frame costs does without.
    pub background: bool,
}

impl GatewayConfig {
    /// As AWS has it, on a local address.
    pub fn new(address: SocketAddr, data: Data) -> Self {
        Self {
            address,
            data,
            runtime: Runtime::Linked,
            schedule: Duration::from_secs(60),
            idle: IDLE,
            longest: CONNECTION,
            connect_rate: NEW_CONNECTIONS_PER_SECOND,
            allow_inside: String::new(),
            background: true,
        }
    }
}

/// A gateway that runs.
pub struct Gateway {
    /// Where it listens.
    pub address: SocketAddr,
    /// The app over its doors, for tools and tests.
    pub app: App,
    /// The installation's secrets.
    pub secrets: Secrets,
    invocations: Invocations,
    engine: Engine,
    queues: QueueService,
    sockets: Sockets,
    stop_front: CancellationToken,
    stop_work: CancellationToken,
    stop_processes: CancellationToken,
    tasks: TaskTracker,
    work: TaskTracker,
}

impl Gateway {
    /// Starts it.
    ///
    /// # Errors
    /// What is in the way: the port, the data folder, a missing file.
    pub async fn start(config: GatewayConfig) -> anyhow::Result<Self> {
        let listener =
            TcpListener::bind(config.address).await.with_context(|| format!("{} cannot be had", config.address))?;
        let address = listener.local_addr()?;
        let base = format!("http://{}:{}", host(address), address.port());
        let (engine, queues, secrets, files) = open(&config.data, &base)?;
        let sockets = Sockets::default();
        let planes = Arc::new(Planes { engine: engine.clone(), queues: queues.clone(), sockets: sockets.clone() });
        prepare(&engine, &queues).await?;
        let settings = settings(&config, &base, &secrets, &queues)?;
        let sdk = App::sdk_for(
            InProcess(Arc::clone(&planes)),
            &base,
            &secrets.aws_access_key_id,
            &secrets.aws_secret_access_key,
        );
        let app = App::new(settings.clone(), &sdk)?;
        let stop_processes = CancellationToken::new();
        let functions = match &config.runtime {
            Runtime::Linked => functions::all_linked(&app),
            Runtime::Processes(folder, count) => {
                processes(folder, *count, (&settings, &base, &secrets), &stop_processes).await?
            }
        };
        let (functions, invocations) = functions::counted(functions);
        let gateway = Self {
            address,
            app,
            invocations,
            secrets,
            engine,
            queues,
            sockets,
            stop_front: CancellationToken::new(),
            stop_work: CancellationToken::new(),
            stop_processes,
            tasks: TaskTracker::new(),
            work: TaskTracker::new(),
        };
        gateway.run_front(listener, &config, &functions, planes)?;
        if config.background {
            gateway.run_work(&config, &functions, files)?;
        }
        Ok(gateway)
    }

    fn run_front(
        &self,
        listener: TcpListener,
        config: &GatewayConfig,
        functions: &Functions,
        planes: Arc<Planes>,
    ) -> anyhow::Result<()> {
        let serving = Serving {
            message: function(functions, "message")?,
            disconnect: function(functions, "disconnect")?,
            idle: config.idle,
            longest: config.longest,
        };
        let rate = Rate { per_second: config.connect_rate, tokens: config.connect_rate.max(1.0), at: Instant::now() };
        let front = Arc::new(Front {
            authorize: function(functions, "authorize")?,
            connect: function(functions, "connect")?,
            api: function(functions, "api")?,
            serving: Arc::new(serving),
            planes,
            keys: self.secrets.aws(),
            new_connections: Mutex::new(rate),
            counts: Counts::default(),
            tasks: self.tasks.clone(),
        });
        self.tasks.spawn(front::serve(listener, front, self.stop_front.clone()));
        Ok(())
    }

    fn run_work(
        &self,
        config: &GatewayConfig,
        functions: &Functions,
        files: Option<(PathBuf, PathBuf)>,
    ) -> anyhow::Result<()> {
        let relay = streams::Mapping {
            engine: self.engine.clone(),
            table: TABLE.into(),
            prefixes: FILTER_PREFIXES,
            function: function(functions, "relay")?,
            parked: (self.queues.clone(), PARKED.into()),
            files,
        };
        self.work.spawn(relay.run(self.stop_work.clone()));
        for queue in QueueName::ALL {
            let function = function(functions, queue.function())?;
            let mapping = queues::Mapping { queues: self.queues.clone(), queue: queue.as_str().into(), function };
            self.work.spawn(mapping.run(self.stop_work.clone()));
        }
        let sweep = function(functions, "sweep")?;
        self.work.spawn(schedule::run(sweep, self.engine.clone(), config.schedule, self.stop_work.clone()));
        Ok(())
    }

    /// What the engine counted, by operation.
    pub fn table_stats(&self) -> std::collections::BTreeMap<String, crate::engine::Units> {
        self.engine.stats()
    }

    /// How often each function was invoked.
    pub fn invocations(&self) -> std::collections::BTreeMap<&'static str, u64> {
        self.invocations.iter().map(|(name, count)| (*name, count.load(std::sync::atomic::Ordering::Relaxed))).collect()
    }

    /// How many frames were posted to sockets.
    pub fn pushes(&self) -> u64 {
        self.sockets.pushes()
    }

    /// What the queues counted, by action.
    pub fn queue_stats(&self) -> std::collections::BTreeMap<String, u64> {
        self.queues.stats()
    }

    /// The queues themselves: a test looks whether a job was parked.
    pub fn queues(&self) -> &QueueService {
        &self.queues
    }

    /// The engine itself, for benchmarks of its own rate.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Stops: no new connections, clients are told to connect again, and what is under way finishes.
    pub async fn stop(self) {
        self.stop_front.cancel();
        let farewell = json!({"type": "reconnect", "within_seconds": RECONNECT_WITHIN_SECONDS}).to_string();
        self.sockets.close_all(&Bytes::from(farewell));
        self.tasks.close();
        if tokio::time::timeout(GRACE, self.tasks.wait()).await.is_err() {
            tracing::warn!("some connections did not end in time");
        }
        self.stop_work.cancel();
        self.work.close();
        if tokio::time::timeout(GRACE, self.work.wait()).await.is_err() {
            tracing::warn!("some work did not end in time; it is done again after the next start");
        }
        self.stop_processes.cancel();
    }
}

/// The host under which local programs reach an address.
fn host(address: SocketAddr) -> String {
    if address.ip().is_unspecified() { "127.0.0.1".into() } else { address.ip().to_string() }
}

type Opened = (Engine, QueueService, Secrets, Option<(PathBuf, PathBuf)>);

fn open(data: &Data, base: &str) -> anyhow::Result<Opened> {
    let config =
        QueueConfig { base_url: base.to_owned(), region: "us-east-1".into(), account_id: "000000000000".into() };
    match data {
        Data::Memory => {
            Ok((Engine::open(None).context("the engine")?, QueueService::memory(config)?, Secrets::generate(), None))
        }
        Data::Disk(folder) => {
            std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
            let secrets = Secrets::load(folder)?;
            let table = folder.join("table.sqlite");
            let engine = Engine::open(Some(&table)).context("the engine")?;
            let queues = QueueService::open(&folder.join("queues.sqlite"), config)?;
            Ok((engine, queues, secrets, Some((folder.join("stream.checkpoint"), table))))
        }
    }
}

/// Makes table and queues where they are not there.
async fn prepare(engine: &Engine, queues: &QueueService) -> anyhow::Result<()> {
    let (table, ttl) = definition(TABLE);
    let made = engine.call("CreateTable", table.to_string().into_bytes()).await;
    anyhow::ensure!(made.status == 200 || made.body.contains("ResourceInUse"), "the table: {}", made.body);
    if made.status == 200 {
        let ttl = json!({"TableName": TABLE, "TimeToLiveSpecification": {"Enabled": true, "AttributeName": ttl}});
        let set = engine.call("UpdateTimeToLive", ttl.to_string().into_bytes()).await;
        anyhow::ensure!(set.status == 200, "the table's TTL: {}", set.body);
    }
    let create = async |name: String, attributes: serde_json::Value| {
        let body = json!({"QueueName": name, "Attributes": attributes}).to_string();
        let reply = queues.call("CreateQueue", body.as_bytes()).await;
        anyhow::ensure!(reply.status == 200, "queue {name}: {}", String::from_utf8_lossy(&reply.body));
        Ok(())
    };
    create(PARKED.into(), json!({})).await?;
    for queue in QueueName::ALL {
        let dead = queue.as_str().replace(".fifo", "-dead.fifo");
        create(dead.clone(), json!({"FifoQueue": "true"})).await?;
        let policy = json!({"deadLetterTargetArn": format!("arn:aws:sqs:us-east-1:000000000000:{dead}"), "maxReceiveCount": QueueName::MAX_RECEIVES});
        let attributes = json!({
            "FifoQueue": "true", "VisibilityTimeout": QueueName::VISIBILITY_SECONDS.to_string(), "RedrivePolicy": policy.to_string(),
        });
        create(queue.as_str().into(), attributes).await?;
    }
    Ok(())
}

fn settings(config: &GatewayConfig, base: &str, secrets: &Secrets, queues: &QueueService) -> anyhow::Result<Config> {
    let attachments = match &config.data {
        Data::Disk(folder) => std::path::absolute(folder)?.join("attachments"),
        Data::Memory => std::env::temp_dir().join(format!("deskwire-{}", hex::encode(rand::random::<[u8; 8]>()))),
    };
    Ok(Config {
        table: TABLE.into(),
        queue_prefix: queues.url("").trim_end_matches('/').to_owned(),
        sockets: base.to_owned(),
        socket_url: format!("{}/ws", base.replace("http://", "ws://")),
        public_url: base.to_owned(),
        signing_keys: secrets.signing_keys.clone(),
        attachments: format!("file://{}", attachments.display()),
        allow_inside: config.allow_inside.clone(),
    })
}

async fn processes(
    folder: &std::path::Path,
    count: usize,
    (settings, base, secrets): (&Config, &str, &Secrets),
    stop: &CancellationToken,
) -> anyhow::Result<Functions> {
    let mut environment: Vec<(String, String)> =
        settings.to_env().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    for (name, value) in [
        ("AWS_ENDPOINT_URL", base),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", &secrets.aws_access_key_id),
        ("AWS_SECRET_ACCESS_KEY", &secrets.aws_secret_access_key),
    ] {
        environment.push((name.to_owned(), value.to_owned()));
    }
    let mut functions = Functions::new();
    for name in functions::NAMES {
        let program = runtime_api::Program {
            name,
            bootstrap: bootstrap_files::find(folder, name)?,
            environment: environment.clone(),
            count,
        };
        functions.insert(name, Arc::new(runtime_api::start(program, stop.clone()).await?) as Arc<dyn Function>);
    }
    Ok(functions)
}

fn function(functions: &Functions, name: &str) -> anyhow::Result<Arc<dyn Function>> {
    functions.get(name).cloned().with_context(|| format!("there is no function {name}"))
}
