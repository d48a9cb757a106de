//! Answers that are read while they are written: nothing is kept back, and every cap holds.
#![allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]

mod support;

use std::time::{Duration, Instant};

use deskwire_outbound::{OutboundError, Request, StreamLimits};
use support::{client, ok, pieces, server};

const LIMITS: StreamLimits = StreamLimits {
    first: Duration::from_secs(5),
    idle: Duration::from_secs(5),
    total: Duration::from_secs(10),
    bytes: 100,
};
const SHORT: Duration = Duration::from_millis(150);
const HEAD: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";

async fn get(address: std::net::SocketAddr, limits: StreamLimits) -> (Vec<String>, Result<(), OutboundError>) {
    let (client, _) = client("127.0.0.0/8", &[]);
    let mut streaming = match client.stream(Request::get(format!("http://{address}/")), limits).await {
        Ok(streaming) => streaming,
        Err(error) => return (vec![], Err(error)),
    };
    let mut read = vec![];
    loop {
        match streaming.chunk().await {
            Ok(Some(chunk)) => read.push(String::from_utf8(chunk.to_vec()).unwrap()),
            Ok(None) => return (read, Ok(())),
            Err(error) => return (read, Err(error)),
        }
    }
}

#[tokio::test]
async fn a_piece_is_given_when_it_comes() {
    // The server writes the second piece only when it is told that the first has been read.
    let (address, next) = pieces(vec![format!("{HEAD}3\r\none\r\n"), "3\r\ntwo\r\n0\r\n\r\n".into()]).await;
    let (client, _) = client("127.0.0.0/8", &[]);
    next.send(()).unwrap();
    let mut streaming = client.stream(Request::get(format!("http://{address}/")), LIMITS).await.unwrap();
    assert_eq!(streaming.status, 200);
    assert_eq!(streaming.headers["transfer-encoding"], "chunked");
    assert_eq!(&streaming.chunk().await.unwrap().unwrap()[..], b"one");
    next.send(()).unwrap();
    assert_eq!(&streaming.chunk().await.unwrap().unwrap()[..], b"two");
    assert_eq!(streaming.chunk().await.unwrap(), None);
}

#[tokio::test]
async fn time_is_capped_before_the_first_byte_between_two_and_in_all() {
    for (answer, first) in [(String::new(), true), (HEAD.to_owned(), true), (format!("{HEAD}3\r\none\r\n"), false)] {
        let (address, _) = server("127.0.0.1:0", answer.clone()).await;
        let limits =
            if first { StreamLimits { first: SHORT, ..LIMITS } } else { StreamLimits { idle: SHORT, ..LIMITS } };
        let began = Instant::now();
        let (read, end) = get(address, limits).await;
        assert_eq!((read.len(), end), (usize::from(!first), Err(OutboundError::TimedOut)), "{answer:?}");
        assert!(began.elapsed() < Duration::from_secs(3), "{answer:?}");
    }
    // One byte after another, without end: no pause is too long, and the whole is.
    let (address, next) =
        pieces([HEAD.to_owned()].into_iter().chain(vec!["1\r\nx\r\n".to_owned(); 50]).collect()).await;
    (0..51).for_each(|_| next.send(()).unwrap());
    let (_, end) = get(address, StreamLimits { total: SHORT, idle: Duration::from_secs(60), ..LIMITS }).await;
    assert_eq!(end, Err(OutboundError::TimedOut));
}

#[tokio::test]
async fn size_is_capped_and_a_broken_connection_is_an_error() {
    let (address, _) = server("127.0.0.1:0", ok(&"x".repeat(100))).await;
    let (read, end) = get(address, LIMITS).await;
    assert_eq!((read.concat().len(), end), (100, Ok(())), "the limit itself fits");
    let endless = format!("{HEAD}{}", "32\r\nxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n".repeat(10));
    let (address, _) = server("127.0.0.1:0", endless).await;
    let (read, end) = get(address, LIMITS).await;
    assert_eq!(end, Err(OutboundError::TooLarge));
    assert!(read.concat().len() <= 100);
    let (address, next) = pieces(vec![format!("{HEAD}3\r\none\r\n")]).await;
    next.send(()).unwrap();
    drop(next);
    assert_eq!(get(address, LIMITS).await, (vec!["one".to_owned()], Err(OutboundError::ConnectFailed)));
}

#[tokio::test]
async fn the_checks_are_those_of_any_request() {
    let moved = "HTTP/1.1 307 Moved\r\nlocation: http://127.0.0.1/\r\ncontent-length: 0\r\n\r\n";
    let (address, seen) = server("127.0.0.1:0", moved).await;
    let (closed, _) = client("", &[&["127.0.0.1"]]);
    for host in ["127.0.0.1", "localhost", "2130706433"] {
        let url = format!("http://{host}:{}/", address.port());
        let refused = closed.stream(Request::get(url), LIMITS).await.unwrap_err();
        assert_eq!(refused, OutboundError::AddressNotAllowed, "{host}");
    }
    assert_eq!(seen.connections(), 0);
    let (open, _) = client("127.0.0.0/8", &[]);
    assert_eq!(open.stream(Request::get(format!("http://{address}/")), LIMITS).await.unwrap().status, 307);
    let headers = [("host".parse().unwrap(), "x".parse().unwrap())].into_iter().collect();
    let refused = open.stream(Request::post(format!("http://{address}/"), headers, ""), LIMITS).await.unwrap_err();
    assert_eq!(refused, OutboundError::InvalidRequest);
    let large = format!("HTTP/1.1 200 OK\r\nx-large: {}\r\ncontent-length: 0\r\n\r\n", "x".repeat(20_000));
    let (address, _) = server("127.0.0.1:0", large).await;
    let refused = open.stream(Request::get(format!("http://{address}/")), LIMITS).await.unwrap_err();
    assert_eq!(refused, OutboundError::TooLarge);
}
