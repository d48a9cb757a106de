//! A company's sign-on: whose token it is, with the company's public keys fetched and remembered.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use deskwire_domain::{Code, Refusal};
use deskwire_identity::{
    ExternalIdentity, FetchError, FetchedJwks, IssuerConfig, JwksCache, KeyNeed, KeyProvider, Keys, SignOnError,
    jwks::JWKS_BYTES, sign_on::issuer_of, verify_company_token,
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

    /// A turn at fetching, where this token's keys have to be fetched. Who waited finds them fetched.
    async fn turn(&self, token: &str, issuers: &[IssuerConfig], now: i64) -> Option<tokio::sync::MutexGuard<'_, ()>> {
        let (issuer, kid) = issuer_of(token, issuers).ok()?;
        let Keys::Jwks { uri, .. } = &issuer.keys else { return None };
        let need = self.keys.lock().unwrap_or_else(PoisonError::into_inner).find(uri, kid.as_deref(), now);
        match need {
            KeyNeed::Fetch => Some(self.fetching.lock().await),
            KeyNeed::Use(_) | KeyNeed::Unknown => None,
        }
    }
}

impl KeyProvider for KeyCache {
    async fn fetch(&self, uri: &str) -> Result<FetchedJwks, FetchError> {
        match self.outbound.get(uri, Limits { time: KEYS_TIME, bytes: JWKS_BYTES }).await {
            Ok(answer) if answer.status == 200 => {
                Ok(FetchedJwks { body: answer.body.to_vec(), max_age: answer.max_age })
            }
            Ok(answer) => {
                tracing::warn!(status = answer.status, "a company's keys were not given out");
                Err(FetchError)
            }
            Err(error) => {
                tracing::warn!(%error, "a company's keys could not be fetched");
                Err(FetchError)
            }
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
        let (now, keys) = (self.now().as_second(), &self.company_keys);
        let _turn = keys.turn(token, issuers, now).await;
        verify_company_token(token, issuers, (&keys.keys, keys.as_ref()), now).await.map_err(refused)
    }
}

fn refused(error: SignOnError) -> AppError {
    let code = match error {
        SignOnError::KeysUnreachable => Code::SignOnUnavailable,
        _ => Code::SignOnRefused,
    };
    Refusal::with(code, error.to_string()).into()
}
