//! `deskwire`: everything on one machine.

mod nlu;

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    time::Duration,
};

use clap::{Parser, Subcommand};
use deskwire_app::{
    bootstrap::{SubjectKind, company_token},
    tokens::EXCHANGE,
};
use deskwire_gateway::{
    Data, Gateway, GatewayConfig, Limits,
    company::{ALLOW_INSIDE, Company},
    cost,
    gateway::Runtime,
    remote::Remote,
};

#[derive(Parser)]
#[command(name = "deskwire", version, about = "Customer service that a company owns, on one machine.")]
struct Arguments {
    #[command(subcommand)]
    command: Option<Tool>,
    /// The port.
    #[arg(long, global = true, default_value_t = 8787)]
    port: u16,
    /// The address to listen on; anything but this machine's own is for you to guard (TLS, firewall).
    #[arg(long, global = true, default_value = "127.0.0.1")]
    host: IpAddr,
    /// Where the data lie.
    #[arg(long, global = true, default_value = ".deskwire")]
    data: PathBuf,
    /// Keep everything in memory, and forget it at the end.
    #[arg(long)]
    memory: bool,
    /// Do not make the demo account.
    #[arg(long)]
    no_demo: bool,
    /// Run the functions as processes, from the folder that `cargo lambda build` made.
    #[arg(long, value_name = "DIR")]
    processes: Option<PathBuf>,
    /// Processes of each function.
    #[arg(long, default_value_t = 2)]
    process_count: usize,
    /// Seconds between two runs of `sweep`.
    #[arg(long, default_value_t = 60)]
    schedule_seconds: u64,
    /// Seconds without a frame after which a socket is closed (API Gateway: 600).
    #[arg(long, default_value_t = 600)]
    idle_seconds: u64,
    /// Seconds after which a socket is closed (API Gateway: 7200).
    #[arg(long, default_value_t = 7200)]
    max_connection_seconds: u64,
    /// New sockets per second (API Gateway: 500).
    #[arg(long, default_value_t = 500.0)]
    connect_rate: f64,
    /// Address ranges inside which your own systems may be called, such as 10.0.0.0/8, with commas.
    #[arg(long, default_value = "")]
    allow_inside: String,
    /// The folder of the built browser parts: console, widget and API page.
    #[arg(long, global = true, value_name = "DIR")]
    web: Option<PathBuf>,
    /// Also start the demo company, a shop with a page of its own: its program.
    #[arg(long, value_name = "FILE", conflicts_with = "no_demo")]
    company: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Tool {
    /// Trains, asks and measures the local engine that understands what visitors write.
    Nlu {
        #[command(subcommand)]
        command: nlu::Command,
    },
    /// Prints what a month on AWS costs, by kind of work and by service, beside the floor and a small machine.
    Cost(cost::Arguments),
    /// Only the front: sockets and the HTTP API, before functions that an emulator of AWS runs. Also offers the table's
    /// engine, unsigned, so listen on this machine only.
    Front {
        /// Lambda's address, such as http://127.0.0.1:4566.
        #[arg(long, value_name = "URL")]
        lambda_endpoint: String,
        /// What the functions are called there: a pattern with {name}, or NAME=ARN for one.
        #[arg(long, value_name = "NAME", default_value = "deskwire-{name}")]
        function: Vec<String>,
        /// Listen on another address than this machine's own, where something else keeps strangers away: a container's
        /// network.
        #[arg(long)]
        unguarded: bool,
    },
    /// Prints the keys of a data folder's AWS-compatible endpoints, as shell exports.
    AwsKeys,
    /// Prints a token as the demo company's sign-on gives it, to be exchanged at `POST /v1/token`.
    SignOn {
        /// The company's own id of the person: `anna`, `ben`, or anybody new.
        id: String,
        /// For an agent: agent, supervisor or admin. A visitor has none.
        #[arg(long)]
        role: Option<String>,
        /// What else the token says, as JSON: `{"name": "王小明", "level": "vip"}`.
        #[arg(long, default_value = "{}")]
        claims: String,
    },
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    deskwire_app::telemetry::init();
    let arguments = Arguments::parse();
    match &arguments.command {
        Some(Tool::Nlu { command }) => nlu::run(command),
        Some(Tool::Cost(asked)) => cost::run(asked).map(|bill| say(&bill)),
        Some(Tool::AwsKeys) => aws_keys(&arguments),
        Some(Tool::SignOn { id, role, claims }) => sign_on(&arguments, id, role.as_deref(), claims),
        Some(Tool::Front { .. }) | None => {
            say_how_it_is_built();
            run(arguments).await
        }
    }
}

/// A gateway that was built with the functions' profile works, until something panics.
fn say_how_it_is_built() {
    if cfg!(panic = "abort") {
        tracing::warn!("this is built as functions are, and one panic ends everybody's connection: use --profile fast");
    }
}

async fn run(arguments: Arguments) -> anyhow::Result<()> {
    if let Some(Tool::Front { unguarded: false, .. }) = arguments.command {
        anyhow::ensure!(
            arguments.host.is_loopback(),
            "a front serves tables and sockets unsigned: let it listen on 127.0.0.1, or say --unguarded"
        );
    }
    let data = if arguments.memory { Data::Memory } else { Data::Disk(arguments.data.clone()) };
    let config = GatewayConfig {
        runtime: runtime(&arguments),
        schedule: Duration::from_secs(arguments.schedule_seconds.max(1)),
        limits: Limits {
            idle: Duration::from_secs(arguments.idle_seconds),
            longest: Duration::from_secs(arguments.max_connection_seconds),
            connect_rate: arguments.connect_rate,
            ..Limits::default()
        },
        allow_inside: allow_inside(&arguments),
        web: arguments.web.clone(),
        ..GatewayConfig::new(SocketAddr::new(arguments.host, arguments.port), data)
    };
    // Before the first byte is served, so that no signal in between is lost.
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    let gateway = Gateway::start(config).await?;
    let elsewhere = matches!(arguments.command, Some(Tool::Front { .. }));
    if elsewhere {
        say(&format!("The front listens on http://{}", gateway.address));
    } else if !arguments.no_demo {
        gateway.begin_account(&gateway.secrets.demo()).await?;
    }
    if !elsewhere {
        welcome(&gateway, &arguments);
    }
    let start = |program: &PathBuf| Company::start(program, gateway.address, &gateway.secrets.demo_sign_on);
    let company = arguments.company.as_ref().map(start).transpose()?;
    if arguments.memory && !arguments.no_demo && !elsewhere {
        agents_tokens(&gateway).await?;
    }
    tokio::select! { _ = terminate.recv() => {}, _ = tokio::signal::ctrl_c() => {} }
    say("Stopping: clients are told to connect again, and what is under way finishes.");
    if let Some(company) = company {
        company.stop().await;
    }
    gateway.stop().await;
    Ok(())
}

fn runtime(arguments: &Arguments) -> Runtime {
    match (&arguments.command, &arguments.processes) {
        (Some(Tool::Front { lambda_endpoint, function, .. }), _) => {
            Runtime::Elsewhere(Remote { endpoint: lambda_endpoint.clone(), names: function.clone() })
        }
        (_, Some(folder)) => Runtime::Processes(folder.clone(), arguments.process_count),
        _ => Runtime::Linked,
    }
}

/// Where the company's systems may be: also the demo company's, which is on this machine.
fn allow_inside(arguments: &Arguments) -> String {
    let own = Some(arguments.allow_inside.as_str()).filter(|own| !own.is_empty());
    let demo = arguments.company.as_ref().map(|_| ALLOW_INSIDE);
    own.into_iter().chain(demo).collect::<Vec<_>>().join(",")
}

fn welcome(gateway: &Gateway, arguments: &Arguments) {
    let address = gateway.address;
    say(&format!("Deskwire runs on http://{address}"));
    if let Some(company) = arguments.company.as_ref().map(|_| Company::address(address)) {
        say(&format!("  Shop       http://{company}/  (a demo: chat as one of its customers)"));
    }
    if arguments.web.is_some() {
        say(&format!("  Console    http://{address}/console/"));
        say(&format!("  API        http://{address}/docs/"));
    } else {
        say(&format!("  API        http://{address}/openapi.json"));
    }
    say(&format!("  WebSocket  ws://{address}/ws  (http://{address}/asyncapi.json)"));
    if arguments.no_demo {
        return;
    }
    let data = arguments.data.display();
    say("  A visitor's token:");
    say(&format!(
        "    curl -s http://{address}/v1/token -d account=acc_demo -d grant_type=urn:deskwire:grant-type:anonymous"
    ));
    if !arguments.memory {
        say("  A token of an agent (anna, an administrator, or ben):");
        say(&format!("    localstack/token anna --role admin --port {} --data {data}", address.port()));
    }
}

/// In memory the secrets are nowhere for `localstack/token` to find, so the agents' tokens are printed.
async fn agents_tokens(gateway: &Gateway) -> anyhow::Result<()> {
    say("  Tokens of its agents, for an hour:");
    for (name, role) in [("anna", "admin"), ("ben", "agent")] {
        let claims = serde_json::json!({"sub": name, "roles": role});
        let company = company_token(&gateway.secrets.demo_sign_on, SubjectKind::Agent, &claims)?;
        let request = serde_json::from_value(serde_json::json!({
            "account": "acc_demo", "grant_type": EXCHANGE, "subject_token": company,
        }))?;
        let token = gateway.app.token(&request).await.map_err(|error| anyhow::anyhow!("{error}"))?;
        say(&format!("    {name}: {}", token.access_token));
    }
    Ok(())
}

/// What the person who started it reads; logs go to standard error.
#[expect(clippy::print_stdout, reason = "this is the program's answer to whoever started it")]
pub(crate) fn say(line: &str) {
    println!("{line}");
}

fn aws_keys(arguments: &Arguments) -> anyhow::Result<()> {
    let secrets = deskwire_gateway::secrets::Secrets::load(&arguments.data)?;
    say(&format!("export AWS_ACCESS_KEY_ID={}", secrets.aws_access_key_id));
    say(&format!("export AWS_SECRET_ACCESS_KEY={}", secrets.aws_secret_access_key));
    say("export AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1");
    say(&format!("export AWS_ENDPOINT_URL=http://{}:{}", arguments.host, arguments.port));
    Ok(())
}

fn sign_on(arguments: &Arguments, id: &str, role: Option<&str>, claims: &str) -> anyhow::Result<()> {
    let secrets = deskwire_gateway::secrets::Secrets::load(&arguments.data)?;
    let mut claims: serde_json::Value = serde_json::from_str(claims)?;
    anyhow::ensure!(claims.is_object(), "--claims must be a JSON object");
    claims["sub"] = id.into();
    if let Some(role) = role {
        claims["roles"] = role.into();
    }
    let subject = if role.is_some() { SubjectKind::Agent } else { SubjectKind::Visitor };
    say(&company_token(&secrets.demo_sign_on, subject, &claims)?);
    Ok(())
}
