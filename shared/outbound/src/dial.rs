//! A connection to a checked address for what is not HTTP/1.1 (gRPC), with the same check and the same trust.
//!
//! Whoever dials speaks the protocol, and sets its own deadlines for what is said.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::{Arc, OnceLock},
    time::Duration,
};

use ipnet::IpNet;
use rustls::{
    ClientConfig,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use rustls_platform_verifier::Verifier;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::{Instant, timeout_at},
};
use tokio_rustls::TlsConnector;
use url::{Host, Url};

use crate::{
    OutboundError, Resolve,
    address::opened,
    resolve::{ADDRESSES, check},
};

/// Bytes both ways: TCP, or TLS on it.
pub trait Connection: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Connection for T {}

/// What a client dials with.
pub(crate) struct Dialler {
    pub(crate) resolver: Arc<dyn Resolve>,
    pub(crate) allowed: Arc<[IpNet]>,
    pub(crate) extra_roots_pem: String,
    /// Made when it is first needed: it reads the system's certificates, and most clients never dial.
    pub(crate) trust: OnceLock<Arc<ClientConfig>>,
}

impl Dialler {
    /// Connects to an address that may be tried; `protocol` is the ALPN name that the other side must agree to.
    pub(crate) async fn dial(
        &self,
        url: &Url,
        protocol: &[u8],
        time: Duration,
    ) -> Result<Box<dyn Connection>, OutboundError> {
        let (secure, end) = (url.scheme() == "https", Instant::now() + time);
        let dialling = async {
            let addresses = self.addresses(url).await?;
            if !secure && !addresses.iter().all(|address| opened(address.ip(), &self.allowed)) {
                return Err(OutboundError::AddressNotAllowed);
            }
            let socket = connect(&addresses, end).await?;
            // Frames are small, and each is waited for.
            socket.set_nodelay(true).map_err(|_| OutboundError::ConnectFailed)?;
            if secure { self.secure(socket, url, protocol).await } else { Ok(Box::new(socket) as Box<dyn Connection>) }
        };
        timeout_at(end, dialling).await.unwrap_or(Err(OutboundError::TimedOut))
    }

    async fn addresses(&self, url: &Url) -> Result<Vec<SocketAddr>, OutboundError> {
        let port = url.port_or_known_default().ok_or(OutboundError::InvalidUrl)?;
        let found = match url.host().ok_or(OutboundError::InvalidUrl)? {
            Host::Ipv4(v4) => vec![IpAddr::V4(v4)],
            Host::Ipv6(v6) => vec![IpAddr::V6(v6)],
            Host::Domain(name) => self.resolver.resolve(name).await.unwrap_or_default(),
        };
        check(&found, &self.allowed)?;
        Ok(found.into_iter().take(ADDRESSES).map(|address| SocketAddr::new(address, port)).collect())
    }

    async fn secure(
        &self,
        socket: TcpStream,
        url: &Url,
        protocol: &[u8],
    ) -> Result<Box<dyn Connection>, OutboundError> {
        let name = match url.host().ok_or(OutboundError::InvalidUrl)? {
            Host::Domain(name) => ServerName::try_from(name.to_owned()).map_err(|_| OutboundError::InvalidUrl)?,
            Host::Ipv4(v4) => ServerName::from(IpAddr::V4(v4)),
            Host::Ipv6(v6) => ServerName::from(IpAddr::V6(v6)),
        };
        let mut config = ClientConfig::clone(&*self.trust()?);
        config.alpn_protocols = vec![protocol.to_vec()];
        let secured =
            TlsConnector::from(Arc::new(config)).connect(name, socket).await.map_err(|error| of_io(&error))?;
        if secured.get_ref().1.alpn_protocol() != Some(protocol) {
            return Err(OutboundError::InvalidResponse);
        }
        Ok(Box::new(secured))
    }

    fn trust(&self) -> Result<Arc<ClientConfig>, OutboundError> {
        if let Some(made) = self.trust.get() {
            return Ok(Arc::clone(made));
        }
        let made = Arc::new(trust(&self.extra_roots_pem).map_err(|_| OutboundError::TlsFailed)?);
        Ok(Arc::clone(self.trust.get_or_init(|| made)))
    }
}

/// The operating system's roots and these: what the HTTP client trusts.
fn trust(extra_roots_pem: &str) -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let extra = CertificateDer::pem_slice_iter(extra_roots_pem.as_bytes())
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| rustls::Error::General("extra roots".to_owned()))?;
    let verifier = Verifier::new_with_extra_roots(extra, Arc::clone(&provider))?;
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(config.dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth())
}

/// The first address that answers. Each may take its share of the time that is left, so that a dead one does not use
/// up another's.
async fn connect(addresses: &[SocketAddr], end: Instant) -> Result<TcpStream, OutboundError> {
    let mut failure = OutboundError::ConnectFailed;
    for (index, address) in addresses.iter().enumerate() {
        let share = u32::try_from(addresses.len() - index).unwrap_or(u32::MAX);
        let until = Instant::now() + end.saturating_duration_since(Instant::now()) / share;
        match timeout_at(until, TcpStream::connect(address)).await {
            Ok(Ok(socket)) => return Ok(socket),
            Ok(Err(_)) => failure = OutboundError::ConnectFailed,
            Err(_) => failure = OutboundError::TimedOut,
        }
    }
    Err(failure)
}

/// A handshake that failed: no trust, or a connection that broke off.
fn of_io(error: &io::Error) -> OutboundError {
    let untrusted = error.get_ref().is_some_and(|inner| inner.is::<rustls::Error>());
    if untrusted { OutboundError::TlsFailed } else { OutboundError::ConnectFailed }
}
