//! Names to addresses, with the check in between.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::Arc,
};

use ipnet::IpNet;
use reqwest::dns::{Addrs, Name};

use crate::{OutboundError, address::may_call};

/// Addresses of one name that are tried: a name with more is no ordinary one, and each try takes time.
pub(crate) const ADDRESSES: usize = 16;

/// Addresses, some day.
pub type Resolving = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// Turns names into addresses. It need not be trusted: whatever it answers is checked.
pub trait Resolve: Send + Sync {
    /// The addresses of `host`, asked anew for every attempt.
    fn resolve(&self, host: &str) -> Resolving;
}

/// The operating system's resolver (`getaddrinfo`).
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve(&self, host: &str) -> Resolving {
        let host = host.to_owned();
        Box::pin(async move {
            let found = tokio::net::lookup_host((host, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Resolves by another resolver, and lets through what may be called. If any address of a name lies inside, the name
/// is refused: one that answers both ways is an attack, or a mistake that must not depend on the order of answers.
pub(crate) struct Checked {
    pub(crate) resolver: Arc<dyn Resolve>,
    pub(crate) allowed: Arc<[IpNet]>,
}

impl reqwest::dns::Resolve for Checked {
    fn resolve(&self, name: Name) -> reqwest::dns::Resolving {
        let (resolving, allowed) = (self.resolver.resolve(name.as_str()), Arc::clone(&self.allowed));
        Box::pin(async move {
            let found = resolving.await.unwrap_or_default();
            check(&found, &allowed).map_err(BoxError::from)?;
            // Port 0 stands for the address's own.
            let checked = found.into_iter().take(ADDRESSES).map(|address| SocketAddr::new(address, 0));
            Ok(Box::new(checked) as Addrs)
        })
    }
}

pub(crate) fn check(found: &[IpAddr], allowed: &[IpNet]) -> Result<(), OutboundError> {
    match found {
        [] => Err(OutboundError::DnsFailed),
        _ if found.iter().all(|address| may_call(*address, allowed)) => Ok(()),
        _ => Err(OutboundError::AddressNotAllowed),
    }
}
