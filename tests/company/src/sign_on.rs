//! The company's own sign-on: it vouches for customers (the shop's session) and for staff (OpenID Connect's authorization
//! code flow with PKCE, RFC 7636, as far as the console needs it). Whoever opens it picks who they are: it is a demo.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use anyhow::Context;
use axum::{
    Form, Json, Router,
    extract::{Query, State},
    http::{
        StatusCode,
        header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_SECURITY_POLICY, LOCATION},
    },
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{Settings, business::said};

/// The `iss` of tokens about customers, and about staff: what the demo account at Deskwire trusts.
pub(crate) const CUSTOMERS: &str = "https://shop.example";
pub(crate) const STAFF: &str = "https://staff.example";
/// The console's id here, and the audience of what it gets.
pub(crate) const CLIENT: &str = "deskwire";
/// Who works here: id, name, role.
pub(crate) const PEOPLE: [(&str, &str, &str); 2] = [("anna", "Anna", "admin"), ("ben", "Ben", "agent")];
/// How long a code is good: a browser needs a second.
const CODE_TIME: Duration = Duration::from_secs(60);
/// Codes that wait at once: more is nobody's browser.
const CODES: usize = 1_000;
/// How long what it signs is good.
const TOKEN_SECONDS: i64 = 300;

/// What the sign-on knows.
pub(crate) struct SignOn {
    settings: Settings,
    codes: Mutex<BTreeMap<String, Waiting>>,
}

/// A code that waits to become a token.
struct Waiting {
    person: &'static str,
    challenge: String,
    redirect_uri: String,
    nonce: Option<String>,
    at: Instant,
}

/// A token of the company's own sign-on.
pub(crate) fn token(secret: &str, issuer: &str, mut claims: Value) -> anyhow::Result<String> {
    let now = Timestamp::now().as_second();
    for (name, value) in
        [("iss", json!(issuer)), ("aud", json!(CLIENT)), ("iat", json!(now)), ("exp", json!(now + TOKEN_SECONDS))]
    {
        claims[name] = value;
    }
    let key = EncodingKey::from_secret(secret.as_bytes());
    jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &key).context("a sign-on token cannot be made")
}

impl SignOn {
    pub(crate) fn new(settings: Settings) -> Self {
        Self { settings, codes: Mutex::default() }
    }

    /// A token for one who works here.
    pub(crate) fn of_staff(&self, id: &str, nonce: Option<&str>) -> Option<anyhow::Result<String>> {
        let (id, name, role) = PEOPLE.iter().find(|(person, ..)| *person == id)?;
        let mut claims = json!({"sub": id, "name": name, "roles": role});
        if let Some(nonce) = nonce {
            claims["nonce"] = nonce.into();
        }
        Some(token(&self.settings.sign_on_secret, STAFF, claims))
    }

    /// Whether a browser may be sent back there: to the console, and nowhere else.
    fn is_the_console(&self, address: &str) -> bool {
        let base = self.settings.deskwire.trim_end_matches('/');
        let by_name = base.replacen("//127.0.0.1", "//localhost", 1);
        [base, by_name.as_str()].iter().any(|base| {
            address.strip_prefix(base).is_some_and(|rest| rest == "/console" || rest.starts_with("/console/"))
        })
    }

    fn new_code(&self, waiting: Waiting) -> Option<String> {
        let mut codes = self.codes.lock().unwrap_or_else(PoisonError::into_inner);
        codes.retain(|_, waiting| waiting.at.elapsed() < CODE_TIME);
        let code = hex::encode(rand::random::<[u8; 16]>());
        (codes.len() < CODES).then(|| {
            codes.insert(code.clone(), waiting);
            code
        })
    }

    /// A code is good once.
    fn take(&self, code: &str) -> Option<Waiting> {
        let taken = self.codes.lock().unwrap_or_else(PoisonError::into_inner).remove(code);
        taken.filter(|waiting| waiting.at.elapsed() < CODE_TIME)
    }
}

/// Its routes.
pub(crate) fn routes(sign_on: Arc<SignOn>) -> Router {
    Router::new()
        .route("/sign-on/authorize", get(authorize))
        .route("/sign-on/token", post(exchange))
        .with_state(sign_on)
}

#[derive(Deserialize)]
struct Authorize {
    response_type: String,
    client_id: String,
    redirect_uri: String,
    state: Option<String>,
    nonce: Option<String>,
    code_challenge: String,
    code_challenge_method: String,
    /// Who the person says they are; absent before they have.
    #[serde(rename = "as")]
    person: Option<String>,
}

async fn authorize(
    State(sign_on): State<Arc<SignOn>>,
    uri: axum::http::Uri,
    Query(asked): Query<Authorize>,
) -> Response {
    if asked.client_id != CLIENT || !sign_on.is_the_console(&asked.redirect_uri) {
        return said(StatusCode::BAD_REQUEST, "Only Deskwire's console signs in here.");
    }
    if asked.response_type != "code" || asked.code_challenge_method != "S256" {
        return said(StatusCode::BAD_REQUEST, "Only the code flow with PKCE (S256) is known here.");
    }
    let person = asked.person.as_deref().and_then(|id| PEOPLE.iter().find(|(person, ..)| *person == id));
    let Some((person, ..)) = person else { return choice(uri.query().unwrap_or_default()) };
    let waiting = Waiting {
        person,
        challenge: asked.code_challenge,
        redirect_uri: asked.redirect_uri.clone(),
        nonce: asked.nonce,
        at: Instant::now(),
    };
    let Some(code) = sign_on.new_code(waiting) else {
        return said(StatusCode::SERVICE_UNAVAILABLE, "Too many people sign in at once. Try again in a minute.");
    };
    let Ok(mut back) = reqwest::Url::parse(&asked.redirect_uri) else {
        return said(StatusCode::BAD_REQUEST, "redirect_uri is no address.");
    };
    back.query_pairs_mut().append_pair("code", &code).append_pair("iss", STAFF);
    if let Some(state) = &asked.state {
        back.query_pairs_mut().append_pair("state", state);
    }
    (StatusCode::SEE_OTHER, [(LOCATION, back.to_string()), (CACHE_CONTROL, "no-store".to_owned())]).into_response()
}

/// The page on which a person says who they are. What the request says is URL-encoded already, and only HTML's own
/// letters could leave the attribute.
fn choice(query: &str) -> Response {
    let query = query.replace('&', "&amp;").replace('"', "%22").replace('<', "%3C").replace('>', "%3E");
    let person = |(id, name, role): &(&str, &str, &str)| {
        format!("<a class=\"person\" href=\"?{query}&amp;as={id}\"><strong>{name}</strong><span>{role}</span></a>")
    };
    let people: String = PEOPLE.iter().map(person).collect();
    let page = include_str!("sign_on.html").replace("<!--people-->", &people);
    let policy = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'";
    ([(CONTENT_SECURITY_POLICY, policy), (CACHE_CONTROL, "no-store")], Html(page)).into_response()
}

#[derive(Deserialize)]
struct Exchange {
    grant_type: String,
    code: String,
    code_verifier: String,
    client_id: String,
    redirect_uri: String,
}

async fn exchange(State(sign_on): State<Arc<SignOn>>, Form(asked): Form<Exchange>) -> Response {
    let waiting = sign_on.take(&asked.code).filter(|waiting| {
        asked.grant_type == "authorization_code"
            && asked.client_id == CLIENT
            && asked.redirect_uri == waiting.redirect_uri
            && URL_SAFE_NO_PAD.encode(Sha256::digest(&asked.code_verifier)) == waiting.challenge
    });
    let made = waiting.and_then(|waiting| sign_on.of_staff(waiting.person, waiting.nonce.as_deref()));
    // The console is of another origin, and what it may know depends on the code alone.
    let headers = [(ACCESS_CONTROL_ALLOW_ORIGIN, "*"), (CACHE_CONTROL, "no-store")];
    match made {
        Some(Ok(token)) => {
            let answer = json!({"access_token": token, "id_token": token, "token_type": "Bearer",
                "expires_in": TOKEN_SECONDS, "scope": "openid"});
            (headers, Json(answer)).into_response()
        }
        Some(Err(error)) => {
            tracing::error!(%error, "a token cannot be made");
            (StatusCode::INTERNAL_SERVER_ERROR, headers, Json(json!({"error": "server_error"}))).into_response()
        }
        None => (StatusCode::BAD_REQUEST, headers, Json(json!({"error": "invalid_grant"}))).into_response(),
    }
}
