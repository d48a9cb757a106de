//! The program.

use std::{process::Stdio, time::Duration};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, BufReader},
    process::{Child, Command},
    time::timeout,
};

use crate::stage::{Deskwire, SIGN_ON};

const DEADLINE: Duration = Duration::from_secs(30);

fn company(deskwire: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_company"));
    command.args(["--deskwire", deskwire, "--listen", "127.0.0.1:0", "--until-stdin-closes"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command.env_remove("DESKWIRE_SIGN_ON_SECRET");
    command
}

async fn end(mut child: Child) -> (bool, String) {
    let mut error = String::new();
    timeout(DEADLINE, child.stderr.take().unwrap().read_to_string(&mut error)).await.unwrap().unwrap();
    (timeout(DEADLINE, child.wait()).await.unwrap().unwrap().success(), error)
}

#[tokio::test]
async fn it_joins_and_ends_with_whoever_started_it() {
    let deskwire = Deskwire::start().await;
    let mut child = company(&deskwire.url()).env("DESKWIRE_SIGN_ON_SECRET", SIGN_ON).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut line = async || timeout(DEADLINE, lines.next_line()).await.unwrap().unwrap().unwrap();
    assert!(line().await.contains("http://127.0.0.1:"));
    assert!(line().await.contains("joined"));
    drop(child.stdin.take());
    assert_eq!(end(child).await, (true, String::new()));
}

#[tokio::test]
async fn what_is_wrong_is_said_in_a_sentence() {
    let deskwire = Deskwire::start().await;
    let (success, error) = end(company(&deskwire.url()).spawn().unwrap()).await;
    assert!(!success && error.starts_with("Set DESKWIRE_SIGN_ON_SECRET"), "{error}");
    deskwire.refuse("POST /v1/token", 1, axum::http::StatusCode::UNAUTHORIZED);
    let child = company(&deskwire.url()).env("DESKWIRE_SIGN_ON_SECRET", SIGN_ON).spawn().unwrap();
    let (success, error) = end(child).await;
    assert!(!success && error.starts_with("Deskwire refuses POST /v1/token with 401"), "{error}");
}
