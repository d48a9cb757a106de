//! What the functions start against: `deskwire` on this machine, with the demo account.

use std::{
    path::Path,
    process::Stdio,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    time::timeout,
};

/// The functions that are told the signing keys (shared/app/src/config.rs).
const SIGNERS: [&str; 3] = ["account", "api", "authorize"];
/// How long it may take to start.
const PATIENCE: Duration = Duration::from_secs(60);

/// A `deskwire` that runs.
pub(crate) struct Local {
    base: String,
    secrets: Value,
    http: reqwest::Client,
    // Both end with this.
    _process: Child,
    _data: TempDir,
}

impl Local {
    pub(crate) async fn start(deskwire: &Path) -> Result<Self> {
        let data = tempfile::tempdir()?;
        let mut process = Command::new(deskwire)
            .args(["--port", "0", "--data"])
            .arg(data.path())
            .env("RUST_LOG", "error")
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("{}: build it with cargo build -p deskwire-gateway", deskwire.display()))?;
        let mut lines = BufReader::new(process.stdout.take().context("its output")?).lines();
        let first = timeout(PATIENCE, lines.next_line()).await??.context("it says nothing")?;
        let base = first.split_whitespace().last().context("its address")?.to_owned();
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let secrets = serde_json::from_slice(&std::fs::read(data.path().join("secrets.json"))?)?;
        Ok(Self { base, secrets, http: reqwest::Client::new(), _process: process, _data: data })
    }

    /// The environment of a function, as the template states it.
    pub(crate) fn environment(&self, function: &str) -> Vec<(String, String)> {
        let secret = |name: &str| self.secrets[name].as_str().unwrap_or_default().to_owned();
        let base = &self.base;
        [
            ("DESKWIRE_TABLE", "deskwire".to_owned()),
            ("DESKWIRE_QUEUE_PREFIX", format!("{base}/000000000000")),
            ("DESKWIRE_SOCKETS", base.clone()),
            ("DESKWIRE_SOCKET_URL", format!("{}/ws", base.replace("http", "ws"))),
            ("DESKWIRE_PUBLIC_URL", base.clone()),
            ("DESKWIRE_ATTACHMENTS", "s3://deskwire-attachments".to_owned()),
            ("AWS_ENDPOINT_URL", base.clone()),
            ("AWS_REGION", "us-east-1".to_owned()),
            ("AWS_ACCESS_KEY_ID", secret("aws_access_key_id")),
            ("AWS_SECRET_ACCESS_KEY", secret("aws_secret_access_key")),
        ]
        .into_iter()
        .chain(SIGNERS.contains(&function).then(|| ("DESKWIRE_SIGNING_KEYS", secret("signing_keys"))))
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
    }

    /// A ticket, which one start of `authorize` redeems.
    pub(crate) async fn ticket(&self) -> Result<String> {
        let anonymous = json!({"account": "acc_demo", "grant_type": "urn:deskwire:grant-type:anonymous"});
        let token = self.post("/v1/token", None, &anonymous).await?;
        let token = token["access_token"].as_str().context("a token")?;
        let ticket = self.post("/v1/tickets", Some(token), &json!({})).await?;
        Ok(ticket["ticket"].as_str().context("a ticket")?.to_owned())
    }

    async fn post(&self, path: &str, token: Option<&str>, body: &Value) -> Result<Value> {
        let mut call = self.http.post(format!("{}{path}", self.base)).json(body);
        if let Some(token) = token {
            call = call.bearer_auth(token);
        }
        Ok(call.send().await?.error_for_status()?.json().await?)
    }
}

/// An event for a function, of the shape that its trigger sends, which makes it read the table at least once (all but
/// `relay`, to which the table's stream brings what it needs).
pub(crate) fn event(function: &str, ticket: &str) -> Value {
    let principal = json!({
        "account": "acc_demo", "kind": "visitor", "sub": "con_01JCOLDSTART0000000000000",
        "expires": (SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs() + 3600).to_string(),
    });
    let socket = |body: Option<&str>| {
        json!({
            "requestContext": {"connectionId": "cold=", "authorizer": principal}, "body": body, "isBase64Encoded": false,
        })
    };
    let job = |job: Value| {
        json!({"Records": [{
            "messageId": "1", "receiptHandle": "1", "body": job.to_string(), "attributes": {}, "messageAttributes": {},
            "eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:q", "awsRegion": "us-east-1",
        }]})
    };
    let conversation = "cnv_01JCOLDSTART0000000000000";
    match function {
        "authorize" => json!({
            "type": "REQUEST", "methodArn": "arn:aws:execute-api:us-east-1:0:a/s/$connect",
            "requestContext": {"connectionId": "cold="}, "queryStringParameters": {"ticket": ticket},
        }),
        "connect" | "disconnect" => socket(None),
        "message" => socket(Some(&json!({"action": "sync", "conversation": conversation, "after": 0}).to_string())),
        "api" => json!({
            "version": "2.0", "routeKey": "$default", "rawPath": "/v1/widget", "rawQueryString": "account=acc_demo",
            "headers": {}, "queryStringParameters": {"account": "acc_demo"}, "isBase64Encoded": false,
            "requestContext": {
                "accountId": "0", "apiId": "a", "domainName": "d", "domainPrefix": "d", "requestId": "r",
                "routeKey": "$default", "stage": "$default", "time": "01/Jan/2026:00:00:00 +0000", "timeEpoch": 0,
                "http": {"method": "GET", "path": "/v1/widget", "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "u"},
            },
        }),
        "relay" => json!({"Records": []}),
        "assign" => job(json!({"job": "assign", "v": 1, "account": "acc_demo", "team": "tea_support"})),
        "webhook" => job(
            json!({"job": "deliver", "v": 1, "account": "acc_demo", "endpoint": "end_none", "subject": "s", "delivery": "d"}),
        ),
        "event" => job(json!({"job": "event", "v": 1, "account": "acc_demo", "event": "none", "line": "l"})),
        "ai" => job(json!({"job": "turn", "v": 1, "account": "acc_demo", "conversation": conversation, "seq": 1})),
        "account" => json!({"name": "demo", "admin": {"name": "Anna"}}),
        _ => json!({}),
    }
}
