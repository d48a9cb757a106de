//! Caps on time and size, what is sent, and what each failure is called.
#![allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]

mod support;

use std::time::Duration;

use deskwire_outbound::{Limits, OutboundError, Overflow, Request};
use support::{LIMITS, client, ok, server};

#[tokio::test]
async fn what_is_asked_arrives_and_what_is_answered_comes_back() {
    let (address, seen) = server("127.0.0.1:0", ok("keys")).await;
    let (client, _) = client("127.0.0.0/8", &[&["127.0.0.1"]]);
    let headers = [("webhook-id".parse().unwrap(), "msg_1".parse().unwrap())].into_iter().collect();
    let request = Request::post(format!("http://Shop.example:{}/hook?a=1", address.port()), headers, "{}");
    let answer = client.send(request, LIMITS).await.unwrap();
    assert_eq!((answer.status, answer.max_age, &answer.body[..], answer.cut), (200, Some(60), &b"keys"[..], false));
    assert_eq!(answer.remote, Some(address));
    let head = seen.last().to_lowercase();
    assert!(head.starts_with("post /hook?a=1 http/1.1\r\n"), "{head}");
    for line in
        [format!("host: shop.example:{}", address.port()), "webhook-id: msg_1".into(), "content-length: 2".into()]
    {
        assert!(head.contains(&format!("{line}\r\n")), "{line} in {head}");
    }
    assert!(head.contains("user-agent: deskwire/"));
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_or_cut_however_it_is_sent() {
    let chunks = format!("32\r\n{}\r\n", "x".repeat(0x32)).repeat(3);
    let chunked = format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{chunks}");
    for answer in [ok(&"x".repeat(101)), format!("HTTP/1.1 200 OK\r\n\r\n{}", "x".repeat(5_000)), chunked] {
        let (address, _) = server("127.0.0.1:0", answer).await;
        let (client, _) = client("127.0.0.0/8", &[]);
        let get = Request::get(format!("http://{address}/"));
        assert_eq!(client.send(get.clone(), LIMITS).await.unwrap_err(), OutboundError::TooLarge);
        let head = client.send(Request { overflow: Overflow::Cut, ..get }, LIMITS).await.unwrap();
        assert_eq!((head.body.len(), head.cut), (100, true));
    }
    let (address, _) = server("127.0.0.1:0", ok(&"x".repeat(100))).await;
    let answer = client("127.0.0.0/8", &[]).0.get(&format!("http://{address}/"), LIMITS).await.unwrap();
    assert_eq!((answer.body.len(), answer.cut), (100, false), "the limit itself fits");
}

#[tokio::test]
async fn headers_are_capped() {
    let (client, _) = client("127.0.0.0/8", &[]);
    let large = format!("HTTP/1.1 200 OK\r\nx-large: {}\r\ncontent-length: 0\r\n\r\n", "x".repeat(20_000));
    let (address, _) = server("127.0.0.1:0", large).await;
    assert_eq!(client.get(&format!("http://{address}/"), LIMITS).await.unwrap_err(), OutboundError::TooLarge);
    let many = format!("HTTP/1.1 200 OK\r\n{}content-length: 0\r\n\r\n", "a: b\r\n".repeat(200));
    let (address, _) = server("127.0.0.1:0", many).await;
    assert_eq!(client.get(&format!("http://{address}/"), LIMITS).await.unwrap_err(), OutboundError::TooLarge);
}

#[tokio::test]
async fn time_is_capped_wherever_it_is_spent() {
    let (client, _) = client("127.0.0.0/8", &[]);
    let limits = Limits { time: Duration::from_millis(200), bytes: 100 };
    for answer in ["", "HTTP/1.1 200 OK\r\ncontent-le", "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf"] {
        let (address, _) = server("127.0.0.1:0", answer).await;
        let began = std::time::Instant::now();
        let error = client.get(&format!("http://{address}/"), limits).await.unwrap_err();
        assert_eq!(error, OutboundError::TimedOut, "{answer}");
        assert!(began.elapsed() < Duration::from_secs(2));
    }
}

#[tokio::test]
async fn each_failure_has_its_own_code() {
    let (nobody, _) = client("127.0.0.0/8", &[]);
    assert_eq!(nobody.get("http://gone.example/", LIMITS).await.unwrap_err(), OutboundError::DnsFailed);
    let (empty, _) = client("127.0.0.0/8", &[&[]]);
    assert_eq!(empty.get("http://empty.example/", LIMITS).await.unwrap_err(), OutboundError::DnsFailed);
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    assert_eq!(nobody.get(&format!("http://{free}/"), LIMITS).await.unwrap_err(), OutboundError::ConnectFailed);
    let (address, _) = server("127.0.0.1:0", "SSH-2.0-OpenSSH_9.6\r\n").await;
    assert_eq!(nobody.get(&format!("http://{address}/"), LIMITS).await.unwrap_err(), OutboundError::InvalidResponse);
    let error = nobody.get(&format!("https://{address}/"), LIMITS).await.unwrap_err();
    assert_eq!(error, OutboundError::TlsFailed, "no TLS there");
    assert_eq!((error.code(), error.to_string().as_str()), ("tls_failed", "tls_failed"));
}
