//! A company: real keys, made when the test runs, and its key server with a fake network.
#![allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]

use std::{
    collections::HashMap,
    pin::pin,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, Waker},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use deskwire_identity::{FetchError, FetchedJwks, IssuerConfig, JwksCache, KeyProvider};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode, jwk::Jwk};
use rcgen::KeyPair;
use serde_json::{Value, json};

pub const ISSUER: &str = "https://id.example";
pub const URI: &str = "https://id.example/jwks";

/// A key pair of a company.
pub struct Pair {
    pub alg: Algorithm,
    pub kid: String,
    signing: EncodingKey,
    public: String,
    raw: Vec<u8>,
}

impl Pair {
    pub fn new(alg: Algorithm, kid: &str) -> Self {
        let kind = match alg {
            Algorithm::ES256 => &rcgen::PKCS_ECDSA_P256_SHA256,
            Algorithm::ES384 => &rcgen::PKCS_ECDSA_P384_SHA384,
            Algorithm::EdDSA => &rcgen::PKCS_ED25519,
            _ => &rcgen::PKCS_RSA_SHA256,
        };
        let pair = KeyPair::generate_for(kind).unwrap();
        let pem = pair.serialize_pem();
        let signing = match alg {
            Algorithm::ES256 | Algorithm::ES384 => EncodingKey::from_ec_pem(pem.as_bytes()),
            Algorithm::EdDSA => Ok(EncodingKey::from_ed_der(&pair.serialize_der())),
            _ => EncodingKey::from_rsa_pem(pem.as_bytes()),
        };
        Self {
            alg,
            kid: kid.to_owned(),
            signing: signing.unwrap(),
            public: pair.public_key_pem(),
            raw: pair.public_key_raw().to_vec(),
        }
    }

    pub fn public_pem(&self) -> &str {
        &self.public
    }

    /// The public key as its server shows it.
    pub fn jwk(&self) -> Value {
        let mut jwk = if self.alg == Algorithm::EdDSA {
            // The library makes none from a key file that holds the public half too (RFC 8410 §7), as these do.
            json!({"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "x": URL_SAFE_NO_PAD.encode(&self.raw)})
        } else {
            serde_json::to_value(Jwk::from_encoding_key(&self.signing, self.alg).unwrap()).unwrap()
        };
        jwk["kid"] = self.kid.as_str().into();
        jwk
    }

    pub fn header(&self) -> Header {
        Header { kid: Some(self.kid.clone()), ..Header::new(self.alg) }
    }

    pub fn sign(&self, claims: &Value) -> String {
        self.sign_as(&self.header(), claims)
    }

    pub fn sign_as(&self, header: &Header, claims: &Value) -> String {
        encode(header, claims, &self.signing).unwrap()
    }
}

/// A sign-on with published keys.
pub fn issuer(algorithms: &[Algorithm]) -> IssuerConfig {
    let keys = json!({"type": "jwks", "uri": URI, "algorithms": algorithms});
    let config = json!({"issuer": ISSUER, "audiences": ["deskwire", "chat"], "subject": "agent", "keys": keys});
    let config: IssuerConfig = serde_json::from_value(config).unwrap();
    config.validate().unwrap();
    config
}

/// Claims that are good from 0 to 1,000.
pub fn claims() -> Value {
    json!({"iss": ISSUER, "aud": "deskwire", "sub": "王小明", "iat": 0, "exp": 1_000})
}

/// Changes one claim; `null` takes it away.
pub fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    match value {
        Value::Null => {
            claims.as_object_mut().unwrap().remove(name);
        }
        value => claims[name] = value,
    }
    claims
}

/// The network: what each address answers now, and how often anybody asked.
#[derive(Default)]
pub struct Network {
    pub answers: Mutex<HashMap<String, Vec<u8>>>,
    pub fetches: AtomicUsize,
    pub cache: Mutex<JwksCache>,
}

impl Network {
    pub fn with(keys: &[&Pair]) -> Self {
        let network = Self::default();
        network.publish(keys);
        network
    }

    pub fn publish(&self, keys: &[&Pair]) {
        let set = json!({"keys": keys.iter().map(|pair| pair.jwk()).collect::<Vec<_>>()});
        self.answers.lock().unwrap().insert(URI.to_owned(), set.to_string().into_bytes());
    }

    pub fn go_down(&self) {
        self.answers.lock().unwrap().clear();
    }

    pub fn fetches(&self) -> usize {
        self.fetches.load(Ordering::SeqCst)
    }

    /// The code of what becomes of a token, or the id of the person.
    pub fn judge(&self, token: &str, issuers: &[IssuerConfig], now: i64) -> String {
        let judging = deskwire_identity::verify_company_token(token, issuers, (&self.cache, self), now);
        match pin!(judging).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(Ok((identity, _))) => identity.id,
            Poll::Ready(Err(error)) => error.code().to_owned(),
            Poll::Pending => unreachable!("the network of this test answers at once"),
        }
    }
}

impl KeyProvider for Network {
    async fn fetch(&self, uri: &str) -> Result<FetchedJwks, FetchError> {
        self.fetches.fetch_add(1, Ordering::SeqCst);
        let body = self.answers.lock().unwrap().get(uri).cloned().ok_or(FetchError)?;
        Ok(FetchedJwks { body, max_age: Some(600) })
    }
}
