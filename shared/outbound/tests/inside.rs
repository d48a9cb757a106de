//! Nothing inside is ever connected to: literals in all spellings, names that lead inside, and DNS that changes its mind.
#![allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]

mod support;

use std::sync::atomic::Ordering;

use deskwire_outbound::{GuardedClient, OutboundError, Policy, Request};
use support::{LIMITS, client, ok, server};

#[tokio::test]
async fn no_spelling_of_an_inside_address_is_connected_to() {
    let (address, seen) = server("127.0.0.1:0", ok("secret")).await;
    let (client, _) = client("", &[&["127.0.0.1"]]);
    let port = address.port();
    for host in [
        "127.0.0.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "017700000001",
        "127.1",
        "127.0.0.1.",
        "１２７.0.0.1",
        "127。0。0。1",
        "0",
        "0.0.0.0",
        "[::]",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[64:ff9b:1::7f00:1]",
        "[2002:7f00:1::]",
        "localhost",
        "LOCALHOST.",
        "rebind.example",
        "127.0.0.1.nip.io",
        "169.254.169.254",
        "[fd00:ec2::254]",
        "100.64.0.1",
        "[fe80::1]",
    ] {
        for scheme in ["http", "https"] {
            let url = format!("{scheme}://{host}:{port}/latest/meta-data");
            let error = client.get(&url, LIMITS).await.unwrap_err();
            assert_eq!(error, OutboundError::AddressNotAllowed, "{url}");
        }
    }
    assert_eq!(seen.connections(), 0);
}

#[tokio::test]
async fn what_is_no_plain_http_address_is_refused() {
    let (address, seen) = server("127.0.0.1:0", ok("secret")).await;
    let (client, asked) = client("127.0.0.0/8", &[&["127.0.0.1"]]);
    let long = format!("http://{address}/{}", "x".repeat(8 * 1024));
    for url in [
        "",
        "nonsense",
        "//127.0.0.1/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://x/",
        "data:,x",
        "http://user@example.com/",
        "http://user:word@example.com/",
        "http://:word@example.com/",
        "http://[fe80::1%25eth0]/",
        "http://[fe80::1%eth0]/",
        "http://example.com:0/",
        "http://example.com:65536/",
        "http://exa mple.com/",
        "http://",
        "http://256.1.1.1/",
        &long,
    ] {
        assert_eq!(client.get(url, LIMITS).await.unwrap_err(), OutboundError::InvalidUrl, "{url}");
    }
    assert_eq!((seen.connections(), asked.load(Ordering::SeqCst)), (0, 0));
}

#[tokio::test]
async fn a_name_that_changes_its_answer_is_checked_at_every_attempt_and_never_resolved_twice() {
    let (outside, outside_seen) = server("127.0.0.2:0", ok("public")).await;
    let (_, inside_seen) = server(&format!("127.0.0.1:{}", outside.port()), ok("secret")).await;
    // 127.0.0.2 plays the public internet. The second and later answers lead inside.
    let (client, asked) = client("127.0.0.2/32", &[&["127.0.0.2"], &["127.0.0.1"]]);
    let url = format!("http://rebind.example:{}/", outside.port());
    let answer = client.get(&url, LIMITS).await.unwrap();
    assert_eq!(&answer.body[..], b"public");
    assert_eq!(answer.remote, Some(outside));
    assert_eq!(asked.load(Ordering::SeqCst), 1, "what was checked is what was connected to");
    for _ in 0..3 {
        assert_eq!(client.get(&url, LIMITS).await.unwrap_err(), OutboundError::AddressNotAllowed);
    }
    assert_eq!(asked.load(Ordering::SeqCst), 4);
    assert_eq!((outside_seen.connections(), inside_seen.connections()), (1, 0), "no kept connection, none inside");
}

#[tokio::test]
async fn one_inside_address_among_many_refuses_the_name() {
    let (outside, outside_seen) = server("127.0.0.2:0", ok("public")).await;
    let (_, inside_seen) = server(&format!("127.0.0.1:{}", outside.port()), ok("secret")).await;
    let mut many = vec!["127.0.0.2"; 50];
    many.push("127.0.0.1");
    for answer in [vec!["127.0.0.1", "127.0.0.2"], vec!["127.0.0.2", "::ffff:127.0.0.1"], many] {
        let (client, _) = client("127.0.0.2/32", &[&answer]);
        let url = format!("http://both.example:{}/", outside.port());
        assert_eq!(client.get(&url, LIMITS).await.unwrap_err(), OutboundError::AddressNotAllowed);
    }
    assert_eq!((outside_seen.connections(), inside_seen.connections()), (0, 0));
}

#[tokio::test]
async fn a_redirect_inside_is_an_answer_and_is_not_followed() {
    let (inside, inside_seen) = server("127.0.0.1:0", ok("secret")).await;
    let moved = format!("HTTP/1.1 307 Moved\r\nlocation: http://{inside}/\r\ncontent-length: 0\r\n\r\n");
    let (outside, _) = server("127.0.0.2:0", moved).await;
    let (client, _) = client("127.0.0.0/8", &[]);
    let answer = client.get(&format!("http://{outside}/"), LIMITS).await.unwrap();
    assert_eq!(answer.status, 307);
    assert_eq!(answer.headers["location"], format!("http://{inside}/"));
    assert_eq!(inside_seen.connections(), 0);
}

#[tokio::test]
async fn https_only_means_it() {
    let (address, seen) = server("127.0.0.1:0", ok("secret")).await;
    let policy = Policy { https_only: true, ..Policy::allowing("127.0.0.0/8").unwrap() };
    let client = GuardedClient::new(policy).unwrap();
    assert_eq!(client.get(&format!("http://{address}/"), LIMITS).await.unwrap_err(), OutboundError::InvalidUrl);
    assert_eq!(seen.connections(), 0);
}

#[tokio::test]
async fn what_is_dialled_is_checked_and_goes_without_tls_only_where_that_was_opened() {
    let (address, seen) = server("127.0.0.2:0", "").await;
    let (time, port) = (LIMITS.time, address.port());
    let (closed, _) = client("", &[&["127.0.0.2"]]);
    let (other, _) = client("10.0.0.0/8", &[&["127.0.0.2", "1.1.1.1"]]);
    for url in [format!("http://127.0.0.2:{port}"), format!("http://in.example:{port}"), "https://in.example".into()] {
        for client in [&closed, &other] {
            assert_eq!(client.dial(&url, b"h2", time).await.err(), Some(OutboundError::AddressNotAllowed), "{url}");
        }
    }
    let (public, _) = client("127.0.0.0/8", &[&["1.1.1.1"], &["127.0.0.2", "1.1.1.1"]]);
    for url in ["http://1.1.1.1/", "http://out.example/", "http://both.example/"] {
        assert_eq!(public.dial(url, b"h2", time).await.err(), Some(OutboundError::AddressNotAllowed), "{url}");
    }
    let (open, _) = client("127.0.0.0/8", &[&["127.0.0.2"]]);
    for url in ["ftp://127.0.0.2/", "http://user@127.0.0.2/", "http://127.0.0.2:0/", "in.example"] {
        assert_eq!(open.dial(url, b"h2", time).await.err(), Some(OutboundError::InvalidUrl), "{url}");
    }
    assert_eq!(seen.connections(), 0);
    assert!(open.dial(&format!("http://in.example:{port}"), b"h2", time).await.is_ok());
    let (gone, _) = client("127.0.0.0/8", &[]);
    assert_eq!(gone.dial("https://gone.example/", b"h2", time).await.err(), Some(OutboundError::DnsFailed));
}

#[tokio::test]
async fn headers_of_the_connection_are_not_the_callers() {
    let (address, seen) = server("127.0.0.1:0", ok("")).await;
    let (client, _) = client("127.0.0.0/8", &[]);
    for name in ["host", "content-length", "transfer-encoding", "connection", "upgrade", "proxy-connection", "te"] {
        let headers = [(name.parse().unwrap(), "x".parse().unwrap())].into_iter().collect();
        let request = Request::post(format!("http://{address}/"), headers, "");
        assert_eq!(client.send(request, LIMITS).await.unwrap_err(), OutboundError::InvalidRequest, "{name}");
    }
    let headers = [("x-large".parse().unwrap(), "x".repeat(9_000).parse().unwrap())].into_iter().collect();
    let request = Request::post(format!("http://{address}/"), headers, "");
    assert_eq!(client.send(request, LIMITS).await.unwrap_err(), OutboundError::InvalidRequest);
    assert_eq!(seen.connections(), 0);
}

/// The environment of a running process cannot be changed safely, so this test runs itself again in another.
#[tokio::test]
async fn a_proxy_of_the_environment_is_not_used() {
    const NAME: &str = "a_proxy_of_the_environment_is_not_used";
    if std::env::var_os("OUTBOUND_INNER").is_some() {
        let (client, _) = client("127.0.0.2/32", &[&["127.0.0.2"]]);
        let url = std::env::var("OUTBOUND_INNER").unwrap();
        assert_eq!(&client.get(&url, LIMITS).await.unwrap().body[..], b"public");
        return;
    }
    let (outside, _) = server("127.0.0.2:0", ok("public")).await;
    let (proxy, proxy_seen) = server("127.0.0.1:0", ok("proxied")).await;
    let mut inner = tokio::process::Command::new(std::env::current_exe().unwrap());
    inner.args([NAME, "--exact"]).env("OUTBOUND_INNER", format!("http://shop.example:{}/", outside.port()));
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy"] {
        inner.env(name, format!("http://{proxy}"));
    }
    let output = inner.output().await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!(proxy_seen.connections(), 0);
}

#[test]
fn an_allow_list_that_is_none_is_refused() {
    assert!(GuardedClient::from_allow_list("10.0.0.0/99").is_err());
    assert!(GuardedClient::from_allow_list("intranet").is_err());
    assert!(GuardedClient::from_allow_list(" 10.0.0.0/8 , fd00::/8,").is_ok());
    let policy = Policy {
        extra_roots_pem: Some("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----".into()),
        ..Policy::default()
    };
    assert!(GuardedClient::new(policy).is_err());
}
