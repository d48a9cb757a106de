//! The client.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use futures::StreamExt;
use ipnet::IpNet;
use reqwest::{
    Client,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect::Policy,
};
use url::{Host, Url};

use crate::address::may_call;

/// Caps of one request.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// From the first packet to the last.
    pub time: Duration,
    /// Bytes of the answer's body.
    pub bytes: usize,
}

/// An answer.
#[derive(Debug)]
pub struct Response {
    /// The status; a redirect is an answer like any other.
    pub status: u16,
    /// Seconds of `Cache-Control: max-age`, if it says so.
    pub max_age: Option<i64>,
    /// The body.
    pub body: Bytes,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutboundError {
    /// Not an http or https address, or one with a user in it.
    #[error("invalid_url")]
    InvalidUrl,
    /// It leads inside.
    #[error("address_not_allowed")]
    AddressNotAllowed,
    /// No connection: unknown name, refused, broken off, or no trust in its certificate.
    #[error("connect_failed")]
    ConnectFailed,
    /// It took too long.
    #[error("timed_out")]
    TimedOut,
    /// The answer is too large.
    #[error("response_too_large")]
    TooLarge,
}

/// An allow-list that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{0} is not an address range such as 10.0.0.0/8")]
pub struct AllowListError(String);

/// The client. Cheap to clone.
#[derive(Debug, Clone)]
pub struct GuardedClient {
    client: Client,
    allowed: Arc<Vec<IpNet>>,
}

impl GuardedClient {
    /// A client that may also call these ranges, given with commas between.
    ///
    /// # Errors
    /// A range that is none.
    pub fn from_allow_list(ranges: &str) -> Result<Self, AllowListError> {
        let words = ranges.split(',').map(str::trim).filter(|word| !word.is_empty());
        let allowed = words.map(|word| word.parse().map_err(|_| AllowListError(word.to_owned())));
        Self::new(allowed.collect::<Result<_, _>>()?, Arc::new(System))
    }

    /// A client with its own resolver.
    ///
    /// # Errors
    /// The TLS library does not start.
    pub fn new(allowed: Vec<IpNet>, names: Arc<dyn Resolve>) -> Result<Self, AllowListError> {
        let allowed = Arc::new(allowed);
        let resolver = Checked { names, allowed: Arc::clone(&allowed) };
        let client = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            // A connection that is kept would be used without a new check.
            .pool_max_idle_per_host(0)
            .dns_resolver(Arc::new(resolver))
            .build()
            .map_err(|error| AllowListError(error.to_string()))?;
        Ok(Self { client, allowed })
    }

    /// Gets an address.
    ///
    /// # Errors
    /// [`OutboundError`].
    pub async fn get(&self, url: &str, limits: Limits) -> Result<Response, OutboundError> {
        let url = self.check(url)?;
        let call = async {
            let answer = self.client.get(url).send().await.map_err(|error| why(&error))?;
            let status = answer.status().as_u16();
            let max_age = answer.headers().get("cache-control").and_then(|value| max_age(value.to_str().ok()?));
            let mut body = Vec::new();
            let mut chunks = answer.bytes_stream();
            while let Some(chunk) = chunks.next().await {
                let chunk = chunk.map_err(|error| why(&error))?;
                if body.len() + chunk.len() > limits.bytes {
                    return Err(OutboundError::TooLarge);
                }
                body.extend_from_slice(&chunk);
            }
            Ok(Response { status, max_age, body: body.into() })
        };
        tokio::time::timeout(limits.time, call).await.unwrap_or(Err(OutboundError::TimedOut))
    }

    /// An address that may be tried: a literal is judged here, a name when it is resolved.
    fn check(&self, text: &str) -> Result<Url, OutboundError> {
        let url = Url::parse(text).map_err(|_| OutboundError::InvalidUrl)?;
        let plain = matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
        let host = url.host().filter(|_| plain).ok_or(OutboundError::InvalidUrl)?;
        let literal = match host {
            Host::Ipv4(v4) => Some(IpAddr::V4(v4)),
            Host::Ipv6(v6) => Some(IpAddr::V6(v6)),
            Host::Domain(_) => None,
        };
        if literal.is_some_and(|address| !may_call(address, &self.allowed)) {
            return Err(OutboundError::AddressNotAllowed);
        }
        Ok(url)
    }
}

fn max_age(header: &str) -> Option<i64> {
    header.split(',').find_map(|part| part.trim().strip_prefix("max-age=")?.parse().ok())
}

fn why(error: &reqwest::Error) -> OutboundError {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(now) = cause {
        if now.is::<NotAllowed>() {
            return OutboundError::AddressNotAllowed;
        }
        cause = now.source();
    }
    if error.is_timeout() { OutboundError::TimedOut } else { OutboundError::ConnectFailed }
}

#[derive(Debug, thiserror::Error)]
#[error("address_not_allowed")]
struct NotAllowed;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Resolves names by another resolver, and lets through what may be called. If any address of a name lies inside, the
/// name is refused: a name that answers both ways is an attack.
struct Checked {
    names: Arc<dyn Resolve>,
    allowed: Arc<Vec<IpNet>>,
}

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let (resolving, allowed) = (self.names.resolve(name), Arc::clone(&self.allowed));
        Box::pin(async move {
            let addresses: Vec<SocketAddr> = resolving.await?.collect();
            if addresses.iter().any(|address| !may_call(address.ip(), &allowed)) {
                return Err(BoxError::from(NotAllowed));
            }
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

/// The system's resolver.
struct System;

impl Resolve for System {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let addresses: Vec<_> =
                tokio::net::lookup_host((name.as_str(), 0)).await.map_err(BoxError::from)?.collect();
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
    };

    use super::*;

    /// Answers a public address the first time and an inside one from then on, as a rebinding attacker does.
    struct Turncoat(AtomicUsize);

    impl Resolve for Turncoat {
        fn resolve(&self, _: Name) -> Resolving {
            let ip = if self.0.fetch_add(1, Ordering::SeqCst) == 0 { [192, 0, 2, 1] } else { [127, 0, 0, 1] };
            Box::pin(async move { Ok(Box::new(std::iter::once(SocketAddr::from((ip, 0)))) as Addrs) })
        }
    }

    const LIMITS: Limits = Limits { time: Duration::from_secs(5), bytes: 100 };

    /// A server that counts its connections and answers each with `answer`.
    async fn server(answer: String) -> (SocketAddr, Arc<AtomicUsize>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, count) = (listener.local_addr().unwrap(), Arc::new(AtomicUsize::new(0)));
        let counted = Arc::clone(&count);
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                let mut head = [0; 1024];
                let _ = socket.read(&mut head).await;
                let _ = socket.write_all(answer.as_bytes()).await;
            }
        });
        (address, count)
    }

    fn ok(body: &str) -> String {
        format!(
            "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\ncache-control: public, max-age=60\r\n\r\n{body}",
            body.len()
        )
    }

    #[tokio::test]
    async fn nothing_inside_is_ever_connected_to() {
        let (address, count) = server(ok("secret")).await;
        let port = address.port();
        let client = GuardedClient::new(vec![], Arc::new(Turncoat(AtomicUsize::new(1)))).unwrap();
        for url in [
            format!("http://127.0.0.1:{port}/"),
            format!("http://2130706433:{port}/"),
            format!("http://0x7f.1:{port}/"),
            format!("http://[::1]:{port}/"),
            format!("http://[::ffff:127.0.0.1]:{port}/"),
            format!("http://localhost:{port}/"),
            format!("http://rebind.example:{port}/"),
            format!("http://0:{port}/"),
        ] {
            assert_eq!(client.get(&url, LIMITS).await.unwrap_err(), OutboundError::AddressNotAllowed, "{url}");
        }
        for url in ["ftp://example.com/", "http://user@example.com/", "file:///etc/passwd", "nonsense"] {
            assert_eq!(client.get(url, LIMITS).await.unwrap_err(), OutboundError::InvalidUrl, "{url}");
        }
        assert_eq!(count.load(Ordering::SeqCst), 0);
    }

    #[tokio::test]
    async fn an_allowed_range_is_reached_and_redirects_are_not_followed() {
        let (inside, hits) = server(ok("keys")).await;
        let (redirect, _) =
            server(format!("HTTP/1.1 302 Found\r\nlocation: http://{inside}/\r\ncontent-length: 0\r\n\r\n")).await;
        let (large, _) = server(ok(&"x".repeat(101))).await;
        let client = GuardedClient::from_allow_list("127.0.0.0/8").unwrap();
        assert_eq!(client.get(&format!("http://{redirect}/"), LIMITS).await.unwrap().status, 302);
        assert_eq!(hits.load(Ordering::SeqCst), 0);
        let answer = client.get(&format!("http://{inside}/"), LIMITS).await.unwrap();
        assert_eq!((answer.max_age, &answer.body[..]), (Some(60), &b"keys"[..]));
        assert_eq!(client.get(&format!("http://{large}/"), LIMITS).await.unwrap_err(), OutboundError::TooLarge);
        assert!(GuardedClient::from_allow_list("10.0.0.0/99").is_err());
    }
}
