//! Whose tokens an account accepts, and how it is configured.

use std::collections::BTreeMap;

use jsonwebtoken::Algorithm;
use serde::{Deserialize, Serialize};

use crate::{ClaimMapping, jwks};

/// Bytes that a shared secret must have (RFC 7518 §3.2).
pub const SECRET_BYTES: usize = 32;
/// Bytes of a name, an address or a path in a configuration.
const TEXT_BYTES: usize = 2_048;
/// Entries of one list or map in a configuration: more is a mistake, and each costs time at every sign-on.
const ENTRIES: usize = 100;
/// Those that public keys may be used with: what key servers offer, without the ones that RFC 8725 §3.2 advises against.
const PUBLIC: [Algorithm; 5] =
    [Algorithm::RS256, Algorithm::PS256, Algorithm::ES256, Algorithm::ES384, Algorithm::EdDSA];

/// Whom an issuer's tokens are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    /// Visitors.
    Visitor,
    /// Agents.
    Agent,
}

/// How an issuer signs.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Keys {
    /// HMAC-SHA256 with a secret that both know.
    Hs256 {
        /// At least 32 bytes.
        secret: String,
    },
    /// Public keys (RFC 7517).
    Jwks {
        /// Where they are: `https://…`; or the keys themselves, as `data:application/json;base64,…` (RFC 2397), for a
        /// company whose key server cannot be reached from here.
        uri: String,
        /// Those that are accepted, of RS256, PS256, ES256, ES384, EdDSA.
        algorithms: Vec<Algorithm>,
    },
}

impl std::fmt::Debug for Keys {
    /// No secret, and no address, which may hold one.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Hs256 { .. } => f.write_str("Hs256"),
            Self::Jwks { algorithms, .. } => {
                f.debug_struct("Jwks").field("algorithms", algorithms).finish_non_exhaustive()
            }
        }
    }
}

/// The JOSE `typ`s that an issuer's tokens may have: one word, or several in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Types {
    /// This one.
    One(String),
    /// Any of these.
    AnyOf(Vec<String>),
}

impl Types {
    /// Whether a token's `typ` is among them: whatever its case, and with or without `application/` (RFC 7515 §4.1.9).
    pub fn allow(&self, typ: Option<&str>) -> bool {
        typ.is_some_and(|typ| self.all().iter().any(|one| plain(one).eq_ignore_ascii_case(plain(typ))))
    }

    fn all(&self) -> &[String] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::AnyOf(all) => all,
        }
    }
}

fn plain(typ: &str) -> &str {
    const PREFIX: &str = "application/";
    typ.split_at_checked(PREFIX.len())
        .filter(|(start, _)| start.eq_ignore_ascii_case(PREFIX))
        .map_or(typ, |(_, rest)| rest)
}

/// One issuer of tokens that an account accepts. One company may have several with the same `issuer` and different
/// audiences: its shop's for visitors, its staff's for agents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssuerConfig {
    /// The exact `iss`.
    pub issuer: String,
    /// The `aud`s that are meant for us.
    pub audiences: Vec<String>,
    /// Whom its tokens are about.
    pub subject: SubjectKind,
    /// How it signs.
    pub keys: Keys,
    /// The JOSE `typ` that its tokens must have, if it sets one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub typ: Option<Types>,
    /// Which claims say what.
    #[serde(default)]
    pub claims: ClaimMapping,
    /// Its page where agents sign in, where it has one that the console may use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<LoginPage>,
}

/// A page where agents sign in by OpenID Connect's authorization code flow with PKCE (RFC 6749, RFC 7636): the console is
/// a public client there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoginPage {
    /// What is written on the button.
    pub label: String,
    /// Where the browser is sent.
    pub authorization_endpoint: String,
    /// Where the code becomes a token; must allow the console's origin (CORS).
    pub token_endpoint: String,
    /// The console's id there.
    pub client_id: String,
    /// What is asked for.
    #[serde(default = "scope")]
    pub scope: String,
}

fn scope() -> String {
    "openid profile email".to_owned()
}

/// A configuration that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{pointer}: {reason}")]
pub struct ConfigError {
    /// Where (RFC 6901).
    pub pointer: &'static str,
    /// Why.
    pub reason: String,
}

type Checked = Result<(), ConfigError>;

fn require(holds: bool, pointer: &'static str, reason: &str) -> Checked {
    if holds { Ok(()) } else { Err(ConfigError { pointer, reason: reason.to_owned() }) }
}

/// Whether texts are there, each neither empty nor too long, and not too many.
fn are_texts<'a>(texts: impl IntoIterator<Item = &'a String>) -> bool {
    let mut count = 0;
    let fit = texts.into_iter().inspect(|_| count += 1).all(|text| !text.is_empty() && text.len() <= TEXT_BYTES);
    fit && count <= ENTRIES
}

impl IssuerConfig {
    /// Whether this configuration can be used.
    ///
    /// # Errors
    /// Where it cannot, and why; never what a secret is.
    pub fn validate(&self) -> Result<(), ConfigError> {
        require(are_texts([&self.issuer]), "/issuer", "must be neither empty nor over 2,048 bytes")?;
        require(!self.audiences.is_empty() && are_texts(&self.audiences), "/audiences", "name 1 to 100")?;
        if let Some(types) = &self.typ {
            require(!types.all().is_empty() && are_texts(types.all()), "/typ", "name at least one, or leave it out")?;
        }
        if let Some(login) = &self.login {
            require(self.subject == SubjectKind::Agent, "/login", "is for agents")?;
            login.validate()?;
        }
        self.keys.validate()?;
        self.claims.validate()
    }
}

impl LoginPage {
    fn validate(&self) -> Checked {
        let texts = [&self.label, &self.client_id, &self.scope];
        require(are_texts(texts), "/login", "needs label, client_id and scope, each at most 2,048 bytes")?;
        for (address, pointer) in [
            (&self.authorization_endpoint, "/login/authorization_endpoint"),
            (&self.token_endpoint, "/login/token_endpoint"),
        ] {
            let web = address.starts_with("https://") || address.starts_with("http://");
            require(web && address.len() <= TEXT_BYTES, pointer, "must be an http or https address")?;
        }
        Ok(())
    }
}

impl Keys {
    fn validate(&self) -> Checked {
        match self {
            Self::Hs256 { secret } => {
                let fits = (SECRET_BYTES..=TEXT_BYTES).contains(&secret.len());
                require(fits, "/keys/secret", "needs at least 32 bytes, and at most 2,048")
            }
            Self::Jwks { uri, algorithms } => {
                validate_uri(uri)?;
                require(!algorithms.is_empty(), "/keys/algorithms", "name at least one")?;
                let known = algorithms.iter().all(|one| PUBLIC.contains(one));
                require(known, "/keys/algorithms", "RS256, PS256, ES256, ES384 or EdDSA")
            }
        }
    }
}

fn validate_uri(uri: &str) -> Checked {
    if let Some(inline) = jwks::inline(uri) {
        return require(inline.is_some_and(|keys| !keys.is_empty()), "/keys/uri", "holds no public key set (RFC 7517)");
    }
    let web = uri.starts_with("https://") || uri.starts_with("http://");
    require(
        web && uri.len() <= TEXT_BYTES,
        "/keys/uri",
        "must be an http or https address, or data:application/json;base64,…",
    )
}

impl ClaimMapping {
    fn validate(&self) -> Checked {
        require(!self.id.is_empty(), "/claims/id", "must say where the id is")?;
        for (path, pointer) in [
            (&self.id, "/claims/id"),
            (&self.name, "/claims/name"),
            (&self.avatar, "/claims/avatar"),
            (&self.email, "/claims/email"),
            (&self.phone, "/claims/phone"),
            (&self.roles, "/claims/roles"),
            (&self.department, "/claims/department"),
        ] {
            require(path.len() <= TEXT_BYTES, pointer, "must not be over 2,048 bytes")?;
        }
        let map = |map: &BTreeMap<String, String>| are_texts(map.keys()) && are_texts(map.values());
        let reason = "at most 100, none of them empty";
        require(map(&self.role_names), "/claims/role_names", reason)?;
        require(map(&self.departments), "/claims/departments", reason)?;
        require(map(&self.attributes), "/claims/attributes", reason)?;
        let known = self.role_names.values().all(|role| crate::mapping::ROLES.contains(&role.as_str()));
        require(known, "/claims/role_names", "a company's role becomes agent, supervisor or admin")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn config(change: impl FnOnce(&mut Value)) -> Result<(), ConfigError> {
        let mut json = json!({
            "issuer": "https://id.example", "audiences": ["deskwire"], "subject": "agent",
            "keys": {"type": "jwks", "uri": "https://id.example/jwks", "algorithms": ["RS256", "EdDSA"]},
        });
        change(&mut json);
        serde_json::from_value::<IssuerConfig>(json).unwrap().validate()
    }

    #[test]
    fn a_bad_configuration_says_where() {
        assert_eq!(config(|_| {}), Ok(()));
        let (secret, long) = ("x".repeat(31), "x".repeat(2_049));
        let many: Value = (0..101).map(|n| (format!("a{n}"), json!("b"))).collect::<serde_json::Map<_, _>>().into();
        for (pointer, at, value) in [
            ("/issuer", "/issuer", json!("")),
            ("/issuer", "/issuer", json!(long)),
            ("/audiences", "/audiences", json!([])),
            ("/audiences", "/audiences", json!([""])),
            ("/keys/secret", "/keys", json!({"type": "hs256", "secret": secret})),
            ("/keys/uri", "/keys/uri", json!("ftp://id.example/jwks")),
            ("/keys/uri", "/keys/uri", json!("data:application/json;base64,e30")),
            ("/keys/uri", "/keys/uri", json!("data:text/plain,x")),
            ("/keys/algorithms", "/keys/algorithms", json!([])),
            ("/keys/algorithms", "/keys/algorithms", json!(["HS256"])),
            ("/keys/algorithms", "/keys/algorithms", json!(["RS512"])),
            ("/typ", "/typ", json!([])),
            ("/claims/id", "/claims", json!({"id": ""})),
            ("/claims/role_names", "/claims", json!({"role_names": {"客服": "owner"}})),
            ("/claims/attributes", "/claims", json!({"attributes": {"level": ""}})),
            ("/claims/attributes", "/claims", json!({"attributes": many})),
        ] {
            let error = config(|json| match json.pointer_mut(at) {
                Some(found) => *found = value.clone(),
                None => json[at.trim_start_matches('/')] = value.clone(),
            });
            let error = error.expect_err(pointer);
            assert_eq!(error.pointer, pointer, "{value}");
            assert!(!error.to_string().contains(&secret));
        }
    }

    #[test]
    fn types_are_compared_as_media_types() {
        let types: Types = serde_json::from_value(json!(["at+jwt", "application/JWT"])).unwrap();
        for typ in ["at+jwt", "AT+JWT", "application/at+jwt", "jwt", "Application/jwt"] {
            assert!(types.allow(Some(typ)), "{typ}");
        }
        for typ in [None, Some(""), Some("at+jwt2"), Some("ticket+jwt"), Some("客服")] {
            assert!(!types.allow(typ), "{typ:?}");
        }
        assert!(serde_json::from_value::<Types>(json!("JWT")).unwrap().allow(Some("JWT")));
    }

    #[test]
    fn no_secret_is_shown() {
        let keys = Keys::Hs256 { secret: "sesame".repeat(6) };
        assert!(!format!("{keys:?}").contains("sesame"));
        let keys = Keys::Jwks { uri: "https://id.example/?key=sesame".into(), algorithms: vec![Algorithm::ES256] };
        assert!(!format!("{keys:?}").contains("sesame"));
    }
}
