//! `Idempotency-Key`: a POST with the same key and the same body is done once; the first answer comes again.

use deskwire_domain::{AccountId, Code, Refusal};
use deskwire_store::{Begun, Stored};
use sha2::{Digest, Sha256};

use crate::{App, AppError};

/// Characters of a key.
pub const KEY_CHARS: usize = 255;

/// Bytes of an answer that is kept; a larger one is not kept, and its request may then be done again.
const ANSWER_BYTES: usize = 256 * 1024;

/// A request with a key.
#[derive(Debug, Clone)]
pub struct Keyed {
    account: AccountId,
    name: String,
    request: String,
}

/// What to do with it.
#[derive(Debug)]
pub enum Begin {
    /// Do it, then [`App::end_keyed`].
    Do(Keyed),
    /// It was done: this is the answer, status and body.
    Answer(u16, String),
}

impl App {
    /// Begins a request with a key, which is the caller's own: nobody meets another's.
    ///
    /// # Errors
    /// [`Code::IdempotencyKeyReused`], [`Code::IdempotencyInProgress`].
    pub async fn begin_keyed(
        &self,
        account: &AccountId,
        (caller, key): (&str, &str),
        (path, body): (&str, &[u8]),
    ) -> Result<Begin, AppError> {
        if key.is_empty() || key.len() > KEY_CHARS {
            return Err(
                Refusal::with(Code::InvalidField, format!("Idempotency-Key: 1 to {KEY_CHARS} characters")).into()
            );
        }
        let name = digest(&[caller.as_bytes(), key.as_bytes()]);
        let request = digest(&[path.as_bytes(), body]);
        match self.store.begin_request(account, &name, &request, self.now()).await? {
            Begun::New => Ok(Begin::Do(Keyed { account: account.clone(), name, request })),
            Begun::Known(stored) if stored.request != request => Err(Code::IdempotencyKeyReused.into()),
            Begun::Known(Stored { status: Some(status), body, .. }) => Ok(Begin::Answer(status, body)),
            Begun::Known(_) => Err(Code::IdempotencyInProgress.into()),
        }
    }

    /// Keeps the answer. A failure on our side is not kept: the request may be sent again.
    ///
    /// # Errors
    /// A failure.
    pub async fn end_keyed(&self, keyed: &Keyed, status: u16, body: &str) -> Result<(), AppError> {
        if status >= 500 || status == 429 || body.len() > ANSWER_BYTES {
            return Ok(self.store.forget_request(&keyed.account, &keyed.name).await?);
        }
        let stored = Stored { request: keyed.request.clone(), status: Some(status), body: body.to_owned() };
        Ok(self.store.end_request(&keyed.account, &keyed.name, &stored, self.now()).await?)
    }
}

/// SHA-256 over parts, each with its length, in hex.
fn digest(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    hex::encode(hash.finalize())
}
