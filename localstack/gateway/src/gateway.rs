//! The whole: engine, queues, front, mappings and schedule, started and stopped together.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use anyhow::Context;
use bytes::Bytes;
use deskwire_app::{
    App,
    bootstrap::{Beginning, Begun},
    telemetry::flush,
};
use deskwire_queue::QueueName;
use deskwire_sqs::QueueService;
use deskwire_store::FILTER_PREFIXES;
use serde_json::json;
use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    calls::Calls,
    checkpoint::Checkpoint,
    deployment,
    engine::Engine,
    front::{self, Front, FrontCounts},
    functions::{Functions, Invoker},
    handshake::Rate,
    in_process::InProcessHttp,
    installation::{Data, Opened, host, open, settings},
    limits::{GRACE, INTEGRATION, Limits},
    management::Planes,
    metrics::Metrics,
    queues,
    remote::Remote,
    resources::{self, PARKED},
    schedule,
    secrets::Secrets,
    socket_task::Serving,
    sockets::Sockets,
    streams,
    web::Web,
};

/// Batches of one queue under way at once: a few slow webhook endpoints must not take them all. One that waits costs
/// nothing but a task.
const QUEUE_CONCURRENCY: usize = 64;
/// How often the table's TTL is looked after.
const TTL_PERIOD: Duration = Duration::from_secs(60);
/// Seconds over which clients spread their new connections after a restart, at least.
const RECONNECT_WITHIN_SECONDS: u32 = 5;
/// How much of the rate at which connections are taken they may need: chance makes some seconds fuller than others.
const RECONNECT_SHARE: f64 = 0.5;

/// How the functions run.
#[derive(Debug, Clone)]
pub enum Runtime {
    /// Linked in.
    Linked,
    /// As processes, from the folder that `cargo lambda build` made; so many each.
    Processes(PathBuf, usize),
    /// Elsewhere: only those that a front calls are called from here, all else has triggers there, table and queues are
    /// made there, and who reaches this machine may call its endpoints unsigned, as at the emulators that this is for.
    Elsewhere(Remote),
    /// These, whatever they do: the gateway's own tests bring functions that fail, hang and lie.
    Given(Functions),
}

impl Runtime {
    fn is_elsewhere(&self) -> bool {
        matches!(self, Self::Elsewhere(_))
    }
}

/// How the gateway runs.
#[derive(Debug, Clone)]
pub struct GatewayConfig {
    /// Where it listens; port 0 takes a free one.
    pub address: SocketAddr,
    /// Where its data lie.
    pub data: Data,
    /// The table's name.
    pub table: String,
    /// A DynamoDB engine that others run, by its address, instead of the embedded one.
    pub engine: Option<String>,
    /// How the functions run.
    pub runtime: Runtime,
    /// How often `sweep` runs.
    pub schedule: Duration,
    /// The limits that can be set.
    pub limits: Limits,
    /// Address ranges inside which the company's systems may be called.
    pub allow_inside: String,
    /// The folder of the built browser parts.
    pub web: Option<PathBuf>,
    /// Whether stream, queues and schedule run; a test of what one frame costs does without.
    pub background: bool,
}

impl GatewayConfig {
    /// As AWS has it, on a local address.
    pub fn new(address: SocketAddr, data: Data) -> Self {
        Self {
            address,
            data,
            table: "deskwire".into(),
            engine: None,
            runtime: Runtime::Linked,
            schedule: Duration::from_secs(60),
            limits: Limits::default(),
            allow_inside: String::new(),
            web: None,
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
    metrics: Metrics,
    calls: Option<Arc<Calls>>,
    engine: Engine,
    queues: QueueService,
    sockets: Sockets,
    /// Files that are to be forgotten with the memory.
    throw_away: Option<PathBuf>,
    stop_front: CancellationToken,
    stop_work: CancellationToken,
    stop_processes: CancellationToken,
    /// It has no trigger: whoever holds this makes accounts.
    account: Option<Invoker>,
    tasks: TaskTracker,
    work: TaskTracker,
    connect_rate: f64,
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
        let Opened { engine, queues, secrets, checkpoint, files } = open(&config, &base)?;
        let sockets = Sockets::default();
        let planes = Arc::new(Planes { engine: engine.clone(), queues: queues.clone(), sockets: sockets.clone() });
        if !config.runtime.is_elsewhere() {
            resources::prepare(&engine, &config.table, &queues).await?;
        }
        let throw_away = matches!(config.data, Data::Memory).then(|| files.clone());
        let settings = settings(&config, &base, &secrets, (&queues, &files));
        let sdk = App::sdk_for(
            InProcessHttp(Arc::clone(&planes)),
            &base,
            &secrets.aws_access_key_id,
            &secrets.aws_secret_access_key,
        );
        let app = App::new(settings.clone(), &sdk)?;
        let stop_processes = CancellationToken::new();
        let functions = match &config.runtime {
            Runtime::Linked => deployment::all_linked(&app),
            Runtime::Given(functions) => functions.clone(),
            Runtime::Elsewhere(remote) => remote.functions()?,
            Runtime::Processes(folder, count) => {
                deployment::all_processes(folder, *count, (&settings, &base, &secrets), &stop_processes).await?
            }
        };
        let work = TaskTracker::new();
        let invokers = Invokers::new(functions, &work);
        let gateway = Self {
            address,
            app,
            metrics: invokers.metrics(),
            calls: Calls::from_env()?.map(Arc::new),
            secrets,
            engine,
            queues,
            sockets,
            throw_away,
            stop_front: CancellationToken::new(),
            stop_work: CancellationToken::new(),
            stop_processes,
            account: invokers.get("account").ok(),
            tasks: TaskTracker::new(),
            work,
            connect_rate: config.limits.connect_rate,
        };
        gateway.run_front(listener, &config, &invokers, planes)?;
        if config.background && !config.runtime.is_elsewhere() {
            gateway.run_work(&config, &invokers, checkpoint)?;
        }
        Ok(gateway)
    }

    fn run_front(
        &self,
        listener: TcpListener,
        config: &GatewayConfig,
        invokers: &Invokers,
        planes: Arc<Planes>,
    ) -> anyhow::Result<()> {
        let serving = Serving {
            disconnect: invokers.get("disconnect")?,
            routes: BTreeMap::from([("$default".to_owned(), invokers.get("message")?)]),
            limits: config.limits.clone(),
            sockets: self.sockets.clone(),
        };
        let front = Arc::new(Front {
            authorize: invokers.get("authorize")?,
            connect: invokers.get("connect")?,
            api: invokers.get("api")?,
            serving: Arc::new(serving),
            planes,
            keys: (!config.runtime.is_elsewhere()).then(|| self.secrets.aws()),
            calls: self.calls.clone(),
            new_connections: Rate::new(config.limits.connect_rate),
            counts: Arc::<FrontCounts>::default(),
            metrics: self.metrics.clone(),
            tasks: self.tasks.clone(),
            web: config.web.as_deref().map(Web::new),
        });
        self.tasks.spawn(front::serve(listener, front, self.stop_front.clone()));
        Ok(())
    }

    fn run_work(&self, config: &GatewayConfig, invokers: &Invokers, checkpoint: Checkpoint) -> anyhow::Result<()> {
        let relay = streams::Mapping {
            engine: self.engine.clone(),
            table: config.table.clone(),
            prefixes: FILTER_PREFIXES.iter().map(|prefix| (*prefix).to_owned()).collect(),
            function: invokers.get("relay")?,
            parked: (self.queues.clone(), PARKED.into()),
            checkpoint,
            stop: self.stop_work.clone(),
        };
        self.work.spawn(relay.run());
        for queue in QueueName::ALL {
            let mapping = queues::Mapping {
                queues: self.queues.clone(),
                queue: queue.as_str().into(),
                function: invokers.get(queue.function())?,
                batch: queue.batch(),
                concurrency: QUEUE_CONCURRENCY,
                stop: self.stop_work.clone(),
            };
            self.work.spawn(mapping.run());
        }
        let (sweep, stop) = (invokers.get("sweep")?, self.stop_work.clone());
        self.work.spawn(schedule::run("sweep".into(), sweep, config.schedule, stop.clone()));
        self.work.spawn(schedule::sweep_ttl(self.engine.clone(), TTL_PERIOD, stop));
        Ok(())
    }

    /// Makes an account, by the function that does so in the cloud.
    ///
    /// # Errors
    /// What the function says.
    pub async fn begin_account(&self, beginning: &Beginning) -> anyhow::Result<Begun> {
        let account = self.account.as_ref().context("there is no function account")?;
        let answer = account.invoke(serde_json::to_vec(beginning)?.into(), INTEGRATION, None).await;
        Ok(serde_json::from_slice(&answer.map_err(|error| anyhow::anyhow!("{error}"))?)?)
    }

    /// What the engine counted, by operation.
    pub fn table_stats(&self) -> BTreeMap<String, crate::engine::Units> {
        self.engine.stats()
    }

    /// How often each function was invoked.
    pub fn invocations(&self) -> BTreeMap<String, u64> {
        self.metrics.invocations()
    }

    /// How many frames were posted to sockets.
    pub fn pushes(&self) -> u64 {
        self.sockets.counts.posted.load(Ordering::Relaxed)
    }

    /// What the queues counted, by action.
    pub fn queue_stats(&self) -> BTreeMap<String, u64> {
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

    /// Seconds over which those who are connected now come back without being refused.
    fn reconnect_within(&self) -> u32 {
        let seconds = self.sockets.count() as f64 / (self.connect_rate * RECONNECT_SHARE);
        (seconds.ceil() as u32).max(RECONNECT_WITHIN_SECONDS)
    }

    /// Stops: no new connections, clients are told to connect again, and what is under way finishes.
    pub async fn stop(self) {
        self.stop_front.cancel();
        let farewell = json!({"type": "reconnect", "within_seconds": self.reconnect_within()}).to_string();
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
        self.engine.close().await;
        flush().await;
        if let Some(files) = &self.throw_away {
            // It is there only if something was uploaded.
            let _ = std::fs::remove_dir_all(files);
        }
    }
}

/// The functions as everything here calls them, by name.
struct Invokers(BTreeMap<String, Invoker>);

impl Invokers {
    fn new(functions: Functions, tasks: &TaskTracker) -> Self {
        let invoker = |(name, function)| (name, Invoker::new(function, tasks.clone()));
        Self(functions.into_iter().map(invoker).collect())
    }

    fn get(&self, name: &str) -> anyhow::Result<Invoker> {
        self.0.get(name).cloned().with_context(|| format!("there is no function {name}"))
    }

    fn metrics(&self) -> Metrics {
        Metrics(self.0.iter().map(|(name, invoker)| (name.clone(), Arc::clone(invoker.counts()))).collect())
    }
}
