//! Tokens: Deskwire's own ([`tokens`]), and those of a company's sign-on ([`issuer`], [`sign_on`]), by RFC 8725.
//!
//! Architecture invariant: no clock and no I/O; `now` (seconds since 1970), random bytes and fetched keys come in as
//! arguments. Alone in using `jsonwebtoken`. Ids are plain strings here: what they name is the caller's business. It
//! does not know who may do what, and keeps no list of revoked tokens.

mod compact;
pub mod issuer;
pub mod jwks;
pub mod mapping;
pub mod provider;
pub mod sign_on;
pub mod tokens;

pub use issuer::{ConfigError, IssuerConfig, Keys, SubjectKind, Types};
pub use jwks::{JwksCache, KeyNeed};
pub use mapping::{ClaimMapping, ExternalIdentity};
pub use provider::{FetchError, FetchedJwks, KeyProvider, verify_company_token};
pub use sign_on::SignOnError;
pub use tokens::{Claims, Kind, SigningKeys, TokenError, TokenType};

/// Seconds by which two clocks may differ. Large enough for machines with a running NTP, small enough that a revoked
/// or expired token is not of use for long.
pub const LEEWAY_SECONDS: i64 = 10;

/// Bytes of a token that is looked at: an authorizer's context has 8 KB, and so have most proxies for a header.
pub const TOKEN_BYTES: usize = 8 * 1024;
