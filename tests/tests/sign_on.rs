//! Stories of sign-on over a company's key server, and of tokens that end while a socket is open.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{Router, extract::State, http::StatusCode, response::IntoResponse, routing::get};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use deskwire_app::bootstrap::{SubjectKind, company_token};
use deskwire_identity::{Claims, Kind, SigningKeys, TokenType};
use deskwire_tests::{World, world::Door};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use rcgen::KeyPair;
use serde_json::{Value, json};

const ISSUER: &str = "https://id.company.example";

/// A key of the company's.
struct Pair {
    kid: &'static str,
    pair: KeyPair,
}

impl Pair {
    fn new(kid: &'static str) -> Self {
        Self { kid, pair: KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap() }
    }

    fn jwk(&self) -> Value {
        let x = URL_SAFE_NO_PAD.encode(self.pair.public_key_raw());
        json!({"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "kid": self.kid, "x": x})
    }

    fn token(&self, claims: &Value) -> String {
        let now = jiff::Timestamp::now().as_second();
        let mut all = json!({"iss": ISSUER, "aud": "deskwire", "iat": now, "exp": now + 300});
        all.as_object_mut().unwrap().extend(claims.as_object().unwrap().clone());
        let header = Header { kid: Some(self.kid.into()), ..Header::new(Algorithm::EdDSA) };
        encode(&header, &all, &EncodingKey::from_ed_der(&self.pair.serialize_der())).unwrap()
    }
}

/// The company's key server: what it shows now, and how often it was asked. Without keys it is out of order.
#[derive(Clone, Default)]
struct KeyServer {
    keys: Arc<Mutex<Vec<Value>>>,
    asked: Arc<AtomicUsize>,
}

impl KeyServer {
    async fn start() -> (Self, SocketAddr) {
        let server = Self::default();
        let router = Router::new().route("/jwks", get(answer)).with_state(server.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        (server, address)
    }

    fn show(&self, keys: &[&Pair]) {
        *self.keys.lock().unwrap() = keys.iter().map(|pair| pair.jwk()).collect();
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

async fn answer(State(server): State<KeyServer>) -> impl IntoResponse {
    server.asked.fetch_add(1, Ordering::SeqCst);
    let keys = server.keys.lock().unwrap().clone();
    let status = if keys.is_empty() { StatusCode::INTERNAL_SERVER_ERROR } else { StatusCode::OK };
    (status, [("cache-control", "max-age=600")], json!({"keys": keys}).to_string())
}

/// The demo company signs on through its key server from now on.
async fn configure(door: &Door, keys: SocketAddr) {
    let admin = door.agent("anna").await.unwrap();
    let issuer = json!({
        "issuer": ISSUER, "audiences": ["deskwire"], "subject": "visitor",
        "keys": {"type": "jwks", "uri": format!("http://{keys}/jwks"), "algorithms": ["EdDSA"]},
        "claims": {"name": "profile.nick", "attributes": {"level": "tier", "orders": "orders"}},
    });
    door.ok("PATCH", "/v1/account", &admin, Some(json!({"sign_on": [issuer]}))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_signs_on_with_its_own_keys_and_rotates_them() {
    let world = World::memory().await;
    let door = world.door();
    let admin = door.agent("anna").await.unwrap();
    let (server, address) = KeyServer::start().await;
    configure(&door, address).await;
    let (old, new, forged) = (Pair::new("2026-10"), Pair::new("2026-11"), Pair::new("2026-11"));
    server.show(&[&old]);
    let claims = json!({"sub": "u-7", "profile": {"nick": "韩梅梅"}, "tier": "gold", "orders": ["A-1"]});

    // Many at once are one fetch.
    let signed = old.token(&claims);
    let tokens = futures::future::try_join_all((0..20).map(|_| door.exchange(&signed))).await.unwrap();
    assert_eq!(server.asked(), 1);
    let contact = door.ok("GET", &format!("/v1/contacts/{}", tokens[0].subject), &admin, None).await;
    assert_eq!(
        (&contact["name"], &contact["attributes"]),
        (&json!("韩梅梅"), &json!({"level": "gold", "orders": ["A-1"]}))
    );

    // A key that is not shown is refused, and soon after the last fetch nobody is asked again.
    let refused = async |token: String| door.exchange(&token).await.unwrap_err().to_string();
    assert!(refused(new.token(&claims)).await.contains("key_not_found"));
    assert_eq!(server.asked(), 1);
    assert!(refused(forged.token(&json!({"sub": "u-7", "aud": "another"}))).await.contains("sign_on_refused"));
    // Whoever names a key server of their own is not heard.
    let now = jiff::Timestamp::now().as_second();
    let header = Header {
        kid: Some("2026-10".into()),
        jku: Some(format!("http://{address}/jwks")),
        ..Header::new(Algorithm::EdDSA)
    };
    let key = EncodingKey::from_ed_der(&forged.pair.serialize_der());
    let body = json!({"iss": ISSUER, "aud": "deskwire", "sub": "u-7", "iat": now, "exp": now + 60});
    assert!(refused(encode(&header, &body, &key).unwrap()).await.contains("token_signature_invalid"));
    assert!(refused(old.token(&json!({"sub": "u-7", "exp": now - 3_600}))).await.contains("token_expired"));

    // Another installation has not asked yet: it sees the rotation at once.
    let second = World::memory().await;
    configure(&second.door(), address).await;
    server.show(&[&old, &new]);
    for pair in [&new, &old] {
        second.door().exchange(&pair.token(&claims)).await.unwrap();
    }
    assert_eq!(server.asked(), 2);
    second.gateway.stop().await;
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_server_that_is_down_is_not_the_visitors_fault() {
    let world = World::memory().await;
    let door = world.door();
    let (server, address) = KeyServer::start().await;
    configure(&door, address).await;
    let token = Pair::new("k").token(&json!({"sub": "u"}));
    let grant = "urn:ietf:params:oauth:grant-type:token-exchange";
    let body = json!({"account": "acc_demo", "grant_type": grant, "subject_token": token});
    let (status, problem) = door.call("POST", "/v1/token", None, Some(body)).await.unwrap();
    assert_eq!((status, &problem["code"]), (503, &json!("sign_on_unavailable")));
    assert_eq!(server.asked(), 1);
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_ends_with_its_token() {
    let world = World::memory().await;
    let door = world.door();
    let anonymous = door.anonymous().await.unwrap();
    // A token of an hour ago, less three seconds.
    let keys = SigningKeys::from_json(&world.gateway.secrets.signing_keys).unwrap();
    let claims = Claims::about("acc_demo", Kind::Visitor, &anonymous.subject);
    let then = jiff::Timestamp::now().as_second() - TokenType::Access.seconds() + 3;
    let token = keys.mint(TokenType::Access, &claims, then, "old".into()).unwrap();
    let (ending, staying) = (door.connect(&token).await.unwrap(), door.connect(&anonymous.access_token).await.unwrap());
    ending.ok(json!({"action": "ping"})).await;
    ending.closed().await;
    assert!(!staying.is_closed());
    staying.ok(json!({"action": "ping"})).await;
    world.gateway.stop().await;
}

#[tokio::test]
async fn an_agents_access_goes_on_until_the_company_has_to_say_again_who_they_are() {
    let world = World::memory().await;
    let door = world.door();
    let company = company_token(&door.secret, SubjectKind::Agent, &json!({"sub": "ben", "roles": "agent"})).unwrap();
    let first = door.exchange(&company).await.unwrap();
    let refresh = first.refresh_token.expect("agents' access can be renewed");
    let again = |token: String| json!({"account": "acc_demo", "grant_type": "refresh_token", "refresh_token": token});
    let next = door.token(again(refresh.clone())).await.unwrap();
    assert_eq!((next.subject.as_str(), next.refresh_token.as_deref()), ("agt_ben", Some(refresh.as_str())));
    assert_eq!(door.call("GET", "/v1/teams", Some(&next.access_token), None).await.unwrap().0, 200);
    let exchanged = json!({"account": "acc_demo", "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token": refresh, "subject_token_type": "urn:ietf:params:oauth:token-type:refresh_token", "scope": "agent"});
    assert_eq!(door.token(exchanged).await.unwrap().subject, "agt_ben");
    // It opens nothing itself.
    assert_eq!(door.call("GET", "/v1/teams", Some(&refresh), None).await.unwrap().0, 401);
    // Who is switched off, or whose tokens are revoked, does not go on.
    let admin = door.agent("anna").await.unwrap();
    door.ok("PATCH", "/v1/agents/agt_ben", &admin, Some(json!({"disabled": true}))).await;
    let (status, problem) = door.call("POST", "/v1/token", None, Some(again(refresh))).await.unwrap();
    assert!(status == 401 || status == 403, "{status}: {problem}");
    world.gateway.stop().await;
}
