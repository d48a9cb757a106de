//! Deskwire's own tokens: HS256 with keys that rotate by `kid`. Three types, told apart by JOSE `typ` (RFC 8725 §3.11),
//! so that none can be taken for another.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{LEEWAY_SECONDS, TOKEN_BYTES};

/// Seconds that a ticket lives: long enough to open a socket, too short to be worth stealing from a log.
pub const TICKET_SECONDS: i64 = 60;
/// Seconds that an access token lives: a socket's longest life is two hours (API Gateway), and so is its token's half.
pub const ACCESS_SECONDS: i64 = 3_600;
/// Seconds that an anonymous visitor is remembered: a year, renewed at every visit.
pub const VISITOR_SECONDS: i64 = 365 * 86_400;

/// Seconds from an agent's sign-on until they have to sign on again: a long day's shift. What the company takes away
/// meanwhile (a role, the account) is taken at once; see `POST /v1/agents/{agent}/revoke`.
pub const AGENT_SECONDS: i64 = 14 * 3_600;

/// Bytes that a secret must have: as many as HMAC-SHA256 gives (RFC 7518 §3.2).
const SECRET_BYTES: usize = 32;

const ISSUER: &str = "deskwire";

/// What a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenType {
    /// Calls the API (RFC 9068).
    Access,
    /// Opens one socket.
    Ticket,
    /// Brings a visitor back as the same person.
    Visitor,
    /// Renews an agent's access.
    Agent,
}

impl TokenType {
    /// The JOSE `typ`.
    pub fn typ(self) -> &'static str {
        match self {
            Self::Access => "at+jwt",
            Self::Ticket => "ticket+jwt",
            Self::Visitor => "visitor+jwt",
            Self::Agent => "agent+jwt",
        }
    }

    /// Seconds that it lives.
    pub fn seconds(self) -> i64 {
        match self {
            Self::Access => ACCESS_SECONDS,
            Self::Ticket => TICKET_SECONDS,
            Self::Visitor => VISITOR_SECONDS,
            Self::Agent => AGENT_SECONDS,
        }
    }
}

/// Who a token is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A visitor.
    Visitor,
    /// An agent.
    Agent,
}

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Always `deskwire`.
    pub iss: String,
    /// The account: whom it is for.
    pub aud: String,
    /// `con_…` or `agt_…`.
    pub sub: String,
    /// Which of the two.
    pub kind: Kind,
    /// Their name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// An agent's role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// When it was made, seconds since 1970.
    pub iat: i64,
    /// When it runs out.
    pub exp: i64,
    /// Its own id.
    pub jti: String,
    /// The person's generation of tokens, for a caller that makes all older ones void by counting on.
    #[serde(default, rename = "gen", skip_serializing_if = "is_zero")]
    pub generation: u64,
    /// Address of a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar: Option<String>,
    /// An agent's teams.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub teams: Vec<String>,
    /// What else goes with every request of this person: few and small, a token has [`TOKEN_BYTES`].
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, Value>,
    /// In a ticket: when the access token behind it runs out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_exp: Option<i64>,
    /// Anything else, kept for newer versions.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

impl Claims {
    /// Claims about somebody, without times: [`SigningKeys::mint`] sets those.
    pub fn about(account: &str, kind: Kind, sub: &str) -> Self {
        Self {
            iss: ISSUER.to_owned(),
            aud: account.to_owned(),
            sub: sub.to_owned(),
            kind,
            name: None,
            role: None,
            iat: 0,
            exp: 0,
            jti: String::new(),
            generation: 0,
            avatar: None,
            teams: vec![],
            attributes: BTreeMap::new(),
            session_exp: None,
            more: Map::new(),
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// Why a token is not accepted. Two reasons only: what else is wrong with a token is of use to a forger alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not a token of this type, or not signed by us.
    #[error("this is not a valid token")]
    Invalid,
    /// It has run out.
    #[error("the token has run out")]
    Expired,
}

impl TokenError {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Invalid => "token_invalid",
            Self::Expired => "token_expired",
        }
    }
}

/// Keys that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct KeysError(String);

#[derive(Serialize, Deserialize)]
struct KeyFile {
    active: String,
    keys: Vec<KeyLine>,
}

#[derive(Serialize, Deserialize)]
struct KeyLine {
    kid: String,
    secret: String,
}

/// The keys that sign Deskwire's tokens: the active one signs, all verify. Take a key out to make its tokens void.
pub struct SigningKeys {
    active: String,
    secrets: BTreeMap<String, Vec<u8>>,
}

impl std::fmt::Debug for SigningKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKeys").field("active", &self.active).finish_non_exhaustive()
    }
}

impl SigningKeys {
    /// Keys from `{"active": "<kid>", "keys": [{"kid", "secret": "<base64url>"}]}`.
    ///
    /// # Errors
    /// What is wrong with them, never what they are.
    pub fn from_json(json: &str) -> Result<Self, KeysError> {
        let file: KeyFile = serde_json::from_str(json).map_err(|_| KeysError("not the JSON of signing keys".into()))?;
        let mut secrets = BTreeMap::new();
        for line in file.keys {
            let secret = URL_SAFE_NO_PAD.decode(&line.secret).ok().filter(|secret| secret.len() >= SECRET_BYTES);
            let secret =
                secret.ok_or_else(|| KeysError(format!("key {} needs {SECRET_BYTES} bytes, base64url", line.kid)))?;
            if line.kid.is_empty() || secrets.insert(line.kid, secret).is_some() {
                return Err(KeysError("each key needs a kid of its own".into()));
            }
        }
        if !secrets.contains_key(&file.active) {
            return Err(KeysError("the active key is not among the keys".into()));
        }
        Ok(Self { active: file.active, secrets })
    }

    /// The JSON of one new key, from random bytes.
    pub fn generate(kid: &str, random: [u8; SECRET_BYTES]) -> String {
        let line = KeyLine { kid: kid.to_owned(), secret: URL_SAFE_NO_PAD.encode(random) };
        let file = KeyFile { active: kid.to_owned(), keys: vec![line] };
        serde_json::to_string(&file).unwrap_or_default()
    }

    /// Makes a token; times and `jti` of the claims are set here. A ticket never outlives what it stands for.
    ///
    /// # Errors
    /// [`TokenError::Invalid`] where it cannot be signed, or would be too long to be accepted.
    pub fn mint(&self, token: TokenType, claims: &Claims, now: i64, jti: String) -> Result<String, TokenError> {
        let mut claims = claims.clone();
        claims.iat = now;
        claims.exp = claims.session_exp.map_or(i64::MAX, |end| end).min(now + token.seconds());
        claims.jti = jti;
        let header = Header {
            typ: Some(token.typ().to_owned()),
            kid: Some(self.active.clone()),
            ..Header::new(Algorithm::HS256)
        };
        let secret = self.secrets.get(&self.active).ok_or(TokenError::Invalid)?;
        let token = encode(&header, &claims, &EncodingKey::from_secret(secret)).map_err(|_| TokenError::Invalid)?;
        if token.len() <= TOKEN_BYTES { Ok(token) } else { Err(TokenError::Invalid) }
    }

    /// What a token says, if it is one of ours, of this type, still good, and for this account (`aud`).
    ///
    /// # Errors
    /// [`TokenError`].
    pub fn verify_for(&self, account: &str, token: TokenType, text: &str, now: i64) -> Result<Claims, TokenError> {
        let claims = self.verify(token, text, now)?;
        if claims.aud == account { Ok(claims) } else { Err(TokenError::Invalid) }
    }

    /// What a token says, if it is one of ours, of this type, and still good. For which account it is says its `aud`:
    /// whoever knows the account beforehand asks [`Self::verify_for`].
    ///
    /// # Errors
    /// [`TokenError`].
    pub fn verify(&self, token: TokenType, text: &str, now: i64) -> Result<Claims, TokenError> {
        if text.len() > TOKEN_BYTES {
            return Err(TokenError::Invalid);
        }
        let header = decode_header(text).map_err(|_| TokenError::Invalid)?;
        if header.typ.as_deref() != Some(token.typ()) || header.crit.is_some() {
            return Err(TokenError::Invalid);
        }
        let secret = header.kid.and_then(|kid| self.secrets.get(&kid)).ok_or(TokenError::Invalid)?;
        let mut validation = Validation::new(Algorithm::HS256);
        validation.validate_exp = false;
        validation.validate_aud = false;
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp"]);
        validation.set_issuer(&[ISSUER]);
        let data =
            decode::<Claims>(text, &DecodingKey::from_secret(secret), &validation).map_err(|_| TokenError::Invalid)?;
        let claims = data.claims;
        if claims.iat > now + LEEWAY_SECONDS || claims.aud.is_empty() || claims.sub.is_empty() {
            return Err(TokenError::Invalid);
        }
        if claims.exp <= now - LEEWAY_SECONDS {
            return Err(TokenError::Expired);
        }
        Ok(claims)
    }
}
