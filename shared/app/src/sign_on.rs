//! A company's sign-on: whose token it is, with the company's public keys fetched and remembered.

use std::{sync::Mutex, time::Duration};

use deskwire_domain::{Code, Refusal};
use deskwire_identity::{
    ExternalIdentity, IssuerConfig, JwksCache, KeyNeed, Keys, SignOnError,
    jwks::JWKS_BYTES,
    sign_on::{issuer_of, verify},
};
use deskwire_outbound::{GuardedClient, Limits};

use crate::{App, AppError};

/// How long a company's key server may take: somebody waits for their chat to open.
const KEYS_TIME: Duration = Duration::from_secs(5);

/// The companies' public keys, and the client that fetches them.
pub struct KeyCache {
    keys: Mutex<JwksCache>,
    /// One fetch at a time: a thousand visitors after a rotation must not become a thousand fetches.
    fetching: tokio::sync::Mutex<()>,
    outbound: GuardedClient,
}

impl KeyCache {
    /// An empty one.
    pub fn new(outbound: GuardedClient) -> Self {
        Self { keys: Mutex::default(), fetching: tokio::sync::Mutex::default(), outbound }
    }

    fn find(&self, uri: &str, kid: Option<&str>, now: i64) -> KeyNeed {
        self.keys.lock().unwrap_or_else(std::sync::PoisonError::into_inner).find(uri, kid, now)
    }

    async fn key(&self, uri: &str, kid: Option<&str>, now: i64) -> Result<KeyNeed, SignOnError> {
        let need = self.find(uri, kid, now);
        if !matches!(need, KeyNeed::Fetch) {
            return Ok(need);
        }
        let _one = self.fetching.lock().await;
        let need = self.find(uri, kid, now);
        if !matches!(need, KeyNeed::Fetch) {
            return Ok(need);
        }
        let fetched = self.outbound.get(uri, Limits { time: KEYS_TIME, bytes: JWKS_BYTES }).await;
        let mut keys = self.keys.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match fetched {
            Ok(answer) if answer.status == 200 => {
                keys.fetched(uri, &answer.body, now);
            }
            Ok(answer) => {
                tracing::warn!(status = answer.status, "a company's keys were not given out");
                keys.failed(uri, now);
            }
            Err(error) => {
                tracing::warn!(%error, "a company's keys could not be fetched");
                keys.failed(uri, now);
            }
        }
        match keys.find(uri, kid, now) {
            KeyNeed::Fetch => Err(SignOnError::KeysUnreachable),
            need => Ok(need),
        }
    }
}

impl App {
    /// Who a company's token is about, and what kind of person its issuer vouches for.
    pub(crate) async fn external_identity<'a>(
        &self,
        token: &str,
        issuers: &'a [IssuerConfig],
    ) -> Result<(ExternalIdentity, &'a IssuerConfig), AppError> {
        let now = self.now().as_second();
        let (issuer, kid) = issuer_of(token, issuers).map_err(refused)?;
        let key = match &issuer.keys {
            Keys::Hs256 { .. } => None,
            Keys::Jwks { uri, .. } => match self.company_keys.key(uri, kid.as_deref(), now).await.map_err(refused)? {
                KeyNeed::Use(key) => Some(key),
                KeyNeed::Fetch | KeyNeed::Unknown => return Err(refused(SignOnError::KeyNotFound)),
            },
        };
        Ok((verify(token, issuer, key.as_deref(), now).map_err(refused)?, issuer))
    }
}

fn refused(error: SignOnError) -> AppError {
    Refusal::with(Code::SignOnRefused, error.to_string()).into()
}
