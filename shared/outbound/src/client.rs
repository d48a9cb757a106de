//! The client: checks what was typed, and sends.

use std::{
    net::IpAddr,
    sync::{Arc, LazyLock, OnceLock},
    time::Duration,
};

use deskwire_telemetry::Trace;
use http::{HeaderMap, HeaderName, HeaderValue};
use ipnet::IpNet;
use reqwest::{Certificate, Client, redirect};
use url::{Host, Url};

use crate::{
    Connection, Limits, OutboundError, Policy, PolicyError, Request, Response, StreamLimits, Streaming,
    address::may_call,
    dial::Dialler,
    exchange::{check_headers, read},
    resolve::Checked,
};

/// Bytes of an address: what common servers and proxies take for a request line.
const URL_BYTES: usize = 8 * 1024;
/// How long all addresses of a name together may take to connect: a far network needs one second, a dead one for ever.
const CONNECT_TIME: Duration = Duration::from_secs(5);
/// How this client calls itself, so that a company finds it in its logs.
const USER_AGENT: &str = concat!("Deskwire/", env!("CARGO_PKG_VERSION"));

/// The client. Cheap to clone.
#[derive(Clone)]
pub struct GuardedClient {
    /// Made when it is first needed: it reads the system's certificates, which takes longer than all else that a function
    /// begins with, and most invocations call nobody.
    client: Arc<LazyLock<Option<Client>, MakeClient>>,
    dialler: Arc<Dialler>,
    allowed: Arc<[IpNet]>,
    https_only: bool,
}

type MakeClient = Box<dyn FnOnce() -> Option<Client> + Send>;

impl GuardedClient {
    /// A client that does what a policy allows. It reads the system's certificates with the first request: make it once.
    ///
    /// # Errors
    /// [`PolicyError::Certificates`].
    pub fn new(policy: Policy) -> Result<Self, PolicyError> {
        let certificates = |error: reqwest::Error| PolicyError::Certificates(error.to_string());
        let allowed: Arc<[IpNet]> = policy.allow.into();
        let extra_roots_pem = policy.extra_roots_pem.unwrap_or_default();
        let extra = Certificate::from_pem_bundle(extra_roots_pem.as_bytes()).map_err(certificates)?;
        let builder = Client::builder()
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .no_proxy()
            .http1_only()
            // A connection that is kept would be used without a new check.
            .pool_max_idle_per_host(0)
            .connect_timeout(CONNECT_TIME)
            .user_agent(USER_AGENT)
            .tls_certs_merge(extra)
            .dns_resolver(Arc::new(Checked { resolver: Arc::clone(&policy.resolver), allowed: Arc::clone(&allowed) }));
        let make: MakeClient = Box::new(|| {
            let made = builder.build();
            made.inspect_err(|error| tracing::error!(%error, "the system's certificates cannot be used")).ok()
        });
        let client = Arc::new(LazyLock::new(make));
        // What somebody gave is looked at when it is given.
        if !extra_roots_pem.is_empty() && LazyLock::force(&client).is_none() {
            return Err(PolicyError::Certificates("they cannot be used".to_owned()));
        }
        let (resolver, trust) = (policy.resolver, OnceLock::new());
        let dialler = Arc::new(Dialler { resolver, allowed: Arc::clone(&allowed), extra_roots_pem, trust });
        Ok(Self { client, dialler, allowed, https_only: policy.https_only })
    }

    /// A client that may also call these ranges, given with commas between.
    ///
    /// # Errors
    /// [`PolicyError`].
    pub fn from_allow_list(ranges: &str) -> Result<Self, PolicyError> {
        Self::new(Policy::allowing(ranges)?)
    }

    /// Without the system's certificates nobody can be trusted.
    fn client(&self) -> Result<&Client, OutboundError> {
        self.client.as_ref().as_ref().ok_or(OutboundError::TlsFailed)
    }

    /// Sends a request, once. Whatever the status, an answer is an answer.
    ///
    /// # Errors
    /// [`OutboundError`]; after [`OutboundError::TimedOut`] the request may still have had its effect.
    pub async fn send(&self, request: Request, limits: Limits) -> Result<Response, OutboundError> {
        request.check_headers()?;
        let url = self.check(&request.url)?;
        let call = async {
            let Request { method, headers, body, overflow, .. } = request;
            let sending = self.client()?.request(method, url).headers(traced(headers)).body(body).send();
            let answer = sending.await.map_err(|error| OutboundError::of(&error))?;
            read(answer, limits.bytes, overflow).await
        };
        tokio::time::timeout(limits.time, call).await.unwrap_or(Err(OutboundError::TimedOut))
    }

    /// Sends a request, once, and gives the answer as soon as its head is there; the body is read piece by piece.
    ///
    /// # Errors
    /// [`OutboundError`]; after [`OutboundError::TimedOut`] the request may still have had its effect.
    pub async fn stream(&self, request: Request, limits: StreamLimits) -> Result<Streaming, OutboundError> {
        request.check_headers()?;
        let (url, deadlines) = (self.check(&request.url)?, limits.deadlines());
        let Request { method, headers, body, .. } = request;
        let sending = self.client()?.request(method, url).headers(traced(headers)).body(body).send();
        let answer = deadlines.head(sending).await?.map_err(|error| OutboundError::of(&error))?;
        check_headers(answer.headers())?;
        Ok(Streaming::new(answer, limits, deadlines))
    }

    /// A connection of its own, for a protocol that is not HTTP/1.1 (`protocol` is its ALPN name, say `h2`): TLS for an
    /// https address. An http address is dialled only where who runs Deskwire opened the range that it lies in.
    ///
    /// # Errors
    /// [`OutboundError`]; [`OutboundError::InvalidResponse`] where the other side does not speak the protocol.
    pub async fn dial(&self, url: &str, protocol: &[u8], time: Duration) -> Result<Box<dyn Connection>, OutboundError> {
        self.dialler.dial(&self.check(url)?, protocol, time).await
    }

    /// Gets an address.
    ///
    /// # Errors
    /// [`OutboundError`].
    pub async fn get(&self, url: &str, limits: Limits) -> Result<Response, OutboundError> {
        self.send(Request::get(url), limits).await
    }

    /// Whether an address may be tried at all, for whoever configures it; where its name leads is checked each time.
    ///
    /// # Errors
    /// [`OutboundError::InvalidUrl`], [`OutboundError::AddressNotAllowed`].
    pub fn permits(&self, url: &str) -> Result<(), OutboundError> {
        self.check(url).map(drop)
    }

    /// An address that may be tried. A literal in any spelling (`2130706433`, `0x7f.1`, `[::ffff:7f00:1]`) is judged
    /// here, as the parser understood it (WHATWG URL §3.5); a name when it is resolved.
    fn check(&self, text: &str) -> Result<Url, OutboundError> {
        if text.len() > URL_BYTES {
            return Err(OutboundError::InvalidUrl);
        }
        let url = Url::parse(text).map_err(|_| OutboundError::InvalidUrl)?;
        let scheme = url.scheme() == "https" || (url.scheme() == "http" && !self.https_only);
        let plain = scheme && url.username().is_empty() && url.password().is_none() && url.port() != Some(0);
        let literal = match url.host().filter(|_| plain).ok_or(OutboundError::InvalidUrl)? {
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

impl std::fmt::Debug for GuardedClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut client = f.debug_struct("GuardedClient");
        client.field("allowed", &self.allowed).field("https_only", &self.https_only).finish_non_exhaustive()
    }
}

/// A request's headers with the trace that it is made in (W3C Trace Context), unless they say one themselves.
fn traced(mut headers: HeaderMap) -> HeaderMap {
    if let Some(trace) = Trace::current()
        && let Ok(value) = HeaderValue::from_str(&trace.traceparent())
    {
        headers.entry(HeaderName::from_static("traceparent")).or_insert(value);
    }
    headers
}
