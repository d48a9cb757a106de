//! The steps of a sign-on in their order, for whoever can fetch.

use std::sync::{Mutex, PoisonError};

use jsonwebtoken::jwk::Jwk;

use crate::{
    ExternalIdentity, IssuerConfig, JwksCache, KeyNeed, Keys, SignOnError,
    sign_on::{issuer_of, verify},
};

/// What a key server answered.
#[derive(Debug, Clone)]
pub struct FetchedJwks {
    /// The key set, not looked at yet; no more than [`crate::jwks::JWKS_BYTES`].
    pub body: Vec<u8>,
    /// Seconds of `Cache-Control: max-age`, if it said so.
    pub max_age: Option<i64>,
}

/// A key server did not answer, or not with 200. Why is for the log of whoever fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the keys could not be fetched")]
pub struct FetchError;

/// Fetches key sets, through a guarded client: a customer typed the address.
pub trait KeyProvider {
    /// What the address answers.
    fn fetch(&self, uri: &str) -> impl Future<Output = Result<FetchedJwks, FetchError>> + Send;
}

/// Who a company's token is about, and which issuer vouches for it. Keys are fetched where the cache says so, once.
///
/// # Errors
/// [`SignOnError`].
pub async fn verify_company_token<'a>(
    token: &str,
    issuers: &'a [IssuerConfig],
    (cache, provider): (&Mutex<JwksCache>, &impl KeyProvider),
    now: i64,
) -> Result<(ExternalIdentity, &'a IssuerConfig), SignOnError> {
    let (issuer, kid) = issuer_of(token, issuers)?;
    let key = match &issuer.keys {
        Keys::Hs256 { .. } => None,
        Keys::Jwks { uri, .. } => Some(key(uri, kid.as_deref(), (cache, provider), now).await?),
    };
    Ok((verify(token, issuer, key.as_deref(), now)?, issuer))
}

async fn key(
    uri: &str,
    kid: Option<&str>,
    (cache, provider): (&Mutex<JwksCache>, &impl KeyProvider),
    now: i64,
) -> Result<Box<Jwk>, SignOnError> {
    // A panic elsewhere leaves a cache that is whole: each change is one insert.
    let lock = || cache.lock().unwrap_or_else(PoisonError::into_inner);
    let mut need = lock().find(uri, kid, now);
    if matches!(need, KeyNeed::Fetch) {
        let fetched = provider.fetch(uri).await;
        let mut cache = lock();
        remember(&mut cache, uri, fetched, now);
        need = cache.find(uri, kid, now);
    }
    match need {
        KeyNeed::Use(key) => Ok(key),
        KeyNeed::Fetch | KeyNeed::Unknown if lock().is_down(uri) => Err(SignOnError::KeysUnreachable),
        KeyNeed::Fetch | KeyNeed::Unknown => Err(SignOnError::KeyNotFound),
    }
}

fn remember(cache: &mut JwksCache, uri: &str, fetched: Result<FetchedJwks, FetchError>, now: i64) {
    match fetched {
        Ok(answer) => {
            cache.fetched_for(uri, &answer.body, answer.max_age, now);
        }
        Err(FetchError) => cache.failed(uri, now),
    }
}
