//! Secrets that sign, ours of webhooks and the company's of events: one is in force, the one before it for a day more.

use deskwire_domain::{Time, signature};
use deskwire_protocol::http::SignatureScheme;
use serde::{Deserialize, Serialize};

/// Seconds for which a secret that was changed is still good beside the new one.
const OLD_SECRET_SECONDS: i64 = 86_400;

/// The secrets of one endpoint or event source, the newest first.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Keyring(Vec<SigningKey>);

/// A secret, until then if it was changed.
#[derive(Clone, Serialize, Deserialize)]
struct SigningKey {
    secret: String,
    until: Option<Time>,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey").field("until", &self.until).finish_non_exhaustive()
    }
}

impl Keyring {
    /// A new one, and what the other side is shown.
    pub(crate) fn new(scheme: SignatureScheme) -> (Self, String) {
        let (secret, shown) = new_secret(scheme);
        (Self(vec![SigningKey { secret, until: None }]), shown)
    }

    /// What is good now.
    pub(crate) fn at(&self, now: Time) -> Vec<signature::Key> {
        let good = self.0.iter().filter(|key| key.until.is_none_or(|until| until > now));
        good.filter_map(|key| key.secret.parse().ok()).collect()
    }

    /// Changes the secret; answers what the other side is shown.
    pub(crate) fn change(&mut self, now: Time) -> String {
        let private = self.0.first().is_some_and(|key| key.secret.starts_with("whsk_"));
        let (secret, shown) = new_secret(if private { SignatureScheme::V1a } else { SignatureScheme::V1 });
        self.0.retain(|key| key.until.is_none_or(|until| until > now));
        for key in self.0.iter_mut().filter(|key| key.until.is_none()) {
            key.until = Some(now + jiff::SignedDuration::from_secs(OLD_SECRET_SECONDS));
        }
        self.0.insert(0, SigningKey { secret, until: None });
        shown
    }
}

/// A new secret, and what the other side verifies with.
fn new_secret(scheme: SignatureScheme) -> (String, String) {
    let random = rand::random();
    match scheme {
        SignatureScheme::V1 => {
            let secret = signature::symmetric(&random);
            (secret.clone(), secret)
        }
        SignatureScheme::V1a => signature::asymmetric(&random),
    }
}
