//! A world to test in: a gateway with the demo account.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use anyhow::{Context, Result, ensure};
use deskwire_app::bootstrap::{SubjectKind, company_token};
use deskwire_gateway::{Data, Gateway, GatewayConfig, gateway::Runtime};
use deskwire_protocol::http::{Ticket, TokenResponse};
use serde_json::{Value, json};

use crate::Client;

/// The demo account's one team.
pub const TEAM: &str = "tea_support";

/// A gateway in this process.
pub struct World {
    /// It.
    pub gateway: Gateway,
    http: reqwest::Client,
}

/// The address of a gateway, in this process or another, and how to get in.
#[derive(Clone)]
pub struct Door {
    /// `http://127.0.0.1:…`
    pub base: String,
    /// The demo company's secret.
    pub secret: String,
    /// The client for HTTP.
    pub http: reqwest::Client,
}

impl World {
    /// A world in memory.
    pub async fn memory() -> Self {
        Self::with(|_| {}, Data::Memory).await
    }

    /// A world on disk.
    pub async fn disk(folder: PathBuf) -> Self {
        Self::with(|_| {}, Data::Disk(folder)).await
    }

    /// A world with settings of its own. With `DESKWIRE_TEST_PROCESSES=<folder>` the functions run as the processes
    /// that `cargo lambda build` made, and every story is told again through the Runtime API; with
    /// `DESKWIRE_TEST_DYNAMODB=<address>` the table is at an engine that others made.
    pub async fn with(change: impl FnOnce(&mut GatewayConfig), data: Data) -> Self {
        deskwire_app::telemetry::init();
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut config = GatewayConfig::new(address, data);
        config.schedule = Duration::from_secs(1);
        config.limits.connect_rate = 1e6;
        config.allow_inside = "127.0.0.0/8".into();
        if let Some(folder) = std::env::var_os("DESKWIRE_TEST_PROCESSES") {
            config.runtime = Runtime::Processes(folder.into(), 2);
        }
        if let Ok(url) = std::env::var("DESKWIRE_TEST_DYNAMODB") {
            config.table = format!("deskwire-{:016x}", rand::random::<u64>());
            config.engine = Some(url);
        }
        change(&mut config);
        let gateway = Gateway::start(config).await.expect("the gateway starts");
        gateway.begin_account(&gateway.secrets.demo()).await.expect("the demo account");
        Self { gateway, http: reqwest::Client::new() }
    }

    /// How to get in.
    pub fn door(&self) -> Door {
        Door {
            base: format!("http://{}", self.gateway.address),
            secret: self.gateway.secrets.demo_sign_on.clone(),
            http: self.http.clone(),
        }
    }

    /// An anonymous visitor on a socket.
    pub async fn visitor(&self) -> Client {
        let door = self.door();
        let token = door.anonymous().await.expect("a token");
        door.connect(&token.access_token).await.expect("a socket")
    }

    /// The agent Anna (administrator) or Ben, online, with room for many.
    pub async fn agent(&self, name: &str) -> Client {
        let door = self.door();
        let token = door.agent(name).await.expect("a token");
        let client = door.connect(&token).await.expect("a socket");
        client.ok(json!({"action": "presence", "status": "online", "capacity": 200})).await;
        client
    }

    /// So many new agents of the demo team, online.
    pub async fn hire(&self, count: usize) -> Vec<Client> {
        let door = self.door();
        let admin = door.agent("anna").await.expect("a token");
        let mut agents = Vec::with_capacity(count);
        for number in 0..count {
            let name = format!("agent-{number}");
            let body = json!({"name": name, "external_id": name, "teams": [TEAM], "role": "agent"});
            let (status, _) = door.call("POST", "/v1/agents", Some(&admin), Some(body)).await.expect("an answer");
            assert!(status == 201 || status == 409, "{status}: hired before a restart, or now");
            agents.push(self.agent(&name).await);
        }
        agents
    }
}

impl Door {
    /// Calls the HTTP API: status and JSON.
    pub async fn call(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        body: Option<Value>,
    ) -> Result<(u16, Value)> {
        let mut call = self.http.request(method.parse()?, format!("{}{path}", self.base));
        if let Some(token) = token {
            call = call.bearer_auth(token);
        }
        if let Some(body) = body {
            call = call.json(&body);
        }
        let answer = call.send().await?;
        let status = answer.status().as_u16();
        let bytes = answer.bytes().await?;
        Ok((status, if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).context("JSON")? }))
    }

    /// Calls the HTTP API, which must answer with success.
    pub async fn ok(&self, method: &str, path: &str, token: &str, body: Option<Value>) -> Value {
        let (status, answer) = self.call(method, path, Some(token), body).await.expect("an answer");
        assert!(status < 300, "{method} {path}: {status} {answer}");
        answer
    }

    /// An anonymous visitor's token.
    pub async fn anonymous(&self) -> Result<TokenResponse> {
        self.token(json!({"account": "acc_demo", "grant_type": "urn:deskwire:grant-type:anonymous"})).await
    }

    /// Asks for a token.
    pub async fn token(&self, body: Value) -> Result<TokenResponse> {
        let (status, answer) = self.call("POST", "/v1/token", None, Some(body)).await?;
        ensure!(status == 200, "{status}: {answer}");
        Ok(serde_json::from_value(answer)?)
    }

    /// Exchanges a company's token.
    pub async fn exchange(&self, token: &str) -> Result<TokenResponse> {
        let grant = "urn:ietf:params:oauth:grant-type:token-exchange";
        self.token(json!({"account": "acc_demo", "grant_type": grant, "subject_token": token})).await
    }

    /// A signed-in agent's access token.
    pub async fn agent(&self, name: &str) -> Result<String> {
        let role = if name == "anna" { "admin" } else { "agent" };
        let token = company_token(&self.secret, SubjectKind::Agent, &json!({"sub": name, "roles": [role]}))?;
        Ok(self.exchange(&token).await?.access_token)
    }

    /// A socket.
    pub async fn connect(&self, token: &str) -> Result<Client> {
        let (status, answer) = self.call("POST", "/v1/tickets", Some(token), None).await?;
        ensure!(status == 201, "{status}: {answer}");
        let ticket: Ticket = serde_json::from_value(answer)?;
        // Behind a proxy the address in the ticket is the public one; here it is where we are.
        let url = format!("{}/ws?ticket={}", self.base.replace("http://", "ws://"), ticket.ticket);
        Client::open(&url).await
    }
}
