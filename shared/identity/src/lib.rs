//! Tokens: Deskwire's own ([`tokens`]), and those of a company's sign-on ([`sign_on`]), by RFC 8725.
//!
//! Architecture invariant: no clock and no I/O; `now` and fetched keys come in as arguments. Alone in using
//! `jsonwebtoken`. Ids are plain strings here: what they name is the caller's business.

pub mod jwks;
pub mod mapping;
pub mod sign_on;
pub mod tokens;

pub use jwks::{JwksCache, KeyNeed};
pub use mapping::{ClaimMapping, ExternalIdentity};
pub use sign_on::{ConfigError, IssuerConfig, Keys, SignOnError, SubjectKind};
pub use tokens::{Claims, Kind, SigningKeys, TokenError, TokenType};

/// Seconds by which two clocks may differ. Large enough for machines with a running NTP, small enough that a revoked
/// or expired token is not of use for long.
pub const LEEWAY_SECONDS: i64 = 10;

/// Bytes of a token that is looked at: an authorizer's context has 8 KB, and so have most proxies for a header.
pub const TOKEN_BYTES: usize = 8 * 1024;
