//! What a client may do, decided by who runs Deskwire and by nobody who types an address.

use std::sync::Arc;

use ipnet::IpNet;

use crate::{Resolve, SystemResolver};

/// What a client may do.
#[derive(Clone)]
pub struct Policy {
    /// Ranges that may be called though they are not public: a company's own network.
    pub allow: Vec<IpNet>,
    /// Whether plain http is refused.
    pub https_only: bool,
    /// Certificates (PEM) that are trusted beside the operating system's.
    pub extra_roots_pem: Option<String>,
    /// Who turns names into addresses; every answer is checked.
    pub resolver: Arc<dyn Resolve>,
}

impl Default for Policy {
    /// Public addresses only, over http or https, with the system's resolver and certificates.
    fn default() -> Self {
        Self { allow: vec![], https_only: false, extra_roots_pem: None, resolver: Arc::new(SystemResolver) }
    }
}

impl std::fmt::Debug for Policy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut policy = f.debug_struct("Policy");
        policy.field("allow", &self.allow).field("https_only", &self.https_only).finish_non_exhaustive()
    }
}

impl Policy {
    /// The default policy, with ranges opened: `10.0.0.0/8, fd00::/8`, or nothing.
    ///
    /// # Errors
    /// [`PolicyError::Range`].
    pub fn allowing(ranges: &str) -> Result<Self, PolicyError> {
        let words = ranges.split(',').map(str::trim).filter(|word| !word.is_empty());
        let allow = words.map(|word| word.parse().map_err(|_| PolicyError::Range(word.to_owned())));
        Ok(Self { allow: allow.collect::<Result<_, _>>()?, ..Self::default() })
    }
}

/// A policy that no client can be made of.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// A range that is none.
    #[error("{0} is not an address range such as 10.0.0.0/8")]
    Range(String),
    /// Certificates that are none, or a TLS library that does not start.
    #[error("the certificates cannot be used: {0}")]
    Certificates(String),
}
