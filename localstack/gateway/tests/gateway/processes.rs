use std::{net::SocketAddr, os::unix::fs::PermissionsExt, path::Path, time::Duration};

use deskwire_gateway::{Data, Gateway, GatewayConfig, gateway::Runtime};
use futures::{SinkExt, StreamExt};
use serde_json::Value;
use tokio_tungstenite::{connect_async, tungstenite::Message};

/// A function that speaks the Runtime API by itself: echoes, dies, fails or hangs as it is told.
const BOOTSTRAP: &str = r#"#!/usr/bin/env python3
import http.client, json, os, sys, time
name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
def call(method, path, body=None):
    api.request(method, "/2018-06-01/runtime/" + path, body)
    answer = api.getresponse()
    return answer.headers, answer.read()
while True:
    headers, event = call("GET", "invocation/next")
    event = json.loads(event)
    at = "invocation/" + headers["Lambda-Runtime-Aws-Request-Id"]
    asked = event.get("body") or ""
    if name == "authorize":
        answer = {"principalId": "p", "policyDocument": {"Statement": [{"Effect": "Allow"}]}}
    elif asked == "die":
        sys.exit(1)
    elif asked == "fail":
        call("POST", at + "/error", json.dumps({"errorMessage": "on purpose"}))
        continue
    else:
        answer = {"statusCode": 200, "body": f"{os.getpid()} {headers['Lambda-Runtime-Trace-Id']} {asked}"}
    call("POST", at + "/response", json.dumps(answer))
"#;

fn build(folder: &Path) {
    for name in deskwire_gateway::deployment::NAMES {
        let path = folder.join(name).join("bootstrap");
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, BOOTSTRAP).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
}

#[tokio::test]
async fn a_process_that_dies_fails_its_invocation_and_is_started_again() {
    let folder = tempfile::tempdir().unwrap();
    build(folder.path());
    let mut config = GatewayConfig::new(SocketAddr::from(([127, 0, 0, 1], 0)), Data::Memory);
    config.runtime = Runtime::Processes(folder.path().to_owned(), 1);
    config.background = false;
    let gateway = Gateway::start(config).await.unwrap();
    let (mut socket, _) = connect_async(format!("ws://{}/ws", gateway.address)).await.unwrap();
    let mut ask = async |text: &str| {
        socket.send(Message::text(text)).await.unwrap();
        let answer = tokio::time::timeout(Duration::from_secs(30), socket.next()).await.expect("an answer in time");
        answer.unwrap().unwrap().to_text().unwrap().to_owned()
    };
    let process = |answer: &str| answer.split(' ').next().unwrap().parse::<u32>().unwrap();
    let first = ask("hello").await;
    assert!(first.ends_with("hello") && first.contains("Root=1-"), "{first}");
    let failed: Value = serde_json::from_str(&ask("fail").await).unwrap();
    assert_eq!(failed["message"], "Internal server error");
    assert_eq!(process(&ask("again").await), process(&first), "a failure is no death");
    let died: Value = serde_json::from_str(&ask("die").await).unwrap();
    assert_eq!(died["message"], "Internal server error");
    assert_ne!(process(&ask("after").await), process(&first));
    gateway.stop().await;
}

#[tokio::test]
async fn a_function_that_was_not_built_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = GatewayConfig::new(SocketAddr::from(([127, 0, 0, 1], 0)), Data::Memory);
    config.runtime = Runtime::Processes(folder.path().to_owned(), 1);
    let error = Gateway::start(config).await.err().expect("nothing was built").to_string();
    assert!(error.contains("authorize/bootstrap") && error.contains("cargo lambda build"), "{error}");
}
