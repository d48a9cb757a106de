//! A stand-in for Deskwire that remembers what it was asked, and hands that a story needs.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use deskwire_company::{Company, Settings};
use jiff::Timestamp;
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use standardwebhooks::Webhook;

pub const SIGN_ON: &str = "the sign-on's secret, of thirty-two bytes or more";
const HOOK: &str = "whsec_aG9va3MgYXJlIHNpZ25lZCB3aXRoIHRoaXM=";
const EVENTS: &str = "whsec_ZXZlbnRzIGFyZSBzaWduZWQgd2l0aCB0aGlz";

/// A call that the stand-in got.
#[derive(Debug, Clone)]
pub struct Call {
    pub what: String,
    pub body: Value,
    pub raw: String,
    /// The header `webhook-id`, if the signature beside it is right.
    pub signed: Option<String>,
}

#[derive(Default)]
struct Memory {
    base: String,
    calls: Vec<Call>,
    /// (what, how often, with which status) is refused first.
    refusals: Vec<(String, u32, StatusCode)>,
    url: Option<String>,
    has_source: bool,
    issuers: Option<Vec<Value>>,
    widget: Value,
}

impl Memory {
    /// The account's issuers, as the API shows them: secrets left out.
    fn sign_on(&self) -> Vec<Value> {
        let issuer =
            |issuer: &str, subject: &str| json!({"issuer": issuer, "subject": subject, "keys": {"type": "hs256"}});
        let fresh = || vec![issuer("https://shop.example", "visitor"), issuer("https://staff.example", "agent")];
        let mut issuers = self.issuers.clone().unwrap_or_else(fresh);
        for issuer in &mut issuers {
            issuer["keys"].as_object_mut().unwrap().remove("secret");
        }
        issuers
    }
}

#[derive(Clone, Default)]
pub struct Deskwire(Arc<Mutex<Memory>>);

impl Deskwire {
    pub async fn start() -> Self {
        let deskwire = Self::default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        deskwire.0.lock().unwrap().base = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(deskwire.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        deskwire
    }

    pub fn url(&self) -> String {
        self.0.lock().unwrap().base.clone()
    }

    pub fn refuse(&self, what: &str, times: u32, status: StatusCode) {
        self.0.lock().unwrap().refusals.push((what.to_owned(), times, status));
    }

    pub fn calls(&self, what: &str) -> Vec<Call> {
        self.0.lock().unwrap().calls.iter().filter(|call| call.what == what).cloned().collect()
    }

    pub fn events(&self) -> Vec<Call> {
        self.calls("POST /v1/events")
    }
}

async fn answer(
    State(deskwire): State<Deskwire>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut memory = deskwire.0.lock().unwrap();
    let what = format!("{method} {}", uri.path());
    let signed = Webhook::new(EVENTS).unwrap().verify(&body, &headers).is_ok();
    let signed = signed.then(|| headers["webhook-id"].to_str().unwrap().to_owned());
    let raw = String::from_utf8_lossy(&body).into_owned();
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    memory.calls.push(Call { what: what.clone(), body: body.clone(), raw, signed: signed.clone() });
    if let Some(refusal) = memory.refusals.iter_mut().find(|refusal| refusal.0 == what && refusal.1 > 0) {
        refusal.1 -= 1;
        let mistakes = json!([{"line": 3, "column": 1, "message": "rulez"}]);
        return (refusal.2, json!({"code": "refused", "errors": mistakes}).to_string()).into_response();
    }
    let open = what == "POST /v1/token" || what == "POST /v1/events";
    if !open && headers.get("authorization").is_none_or(|value| value != "Bearer admin") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let source = json!({"id": "evs_1", "name": "shop", "secret": EVENTS,
                        "url": format!("{}/v1/events?account=acc_demo&key=evs_1", memory.base)});
    let endpoint = json!({"id": "whe_1", "url": memory.url, "secret": HOOK});
    let page = |cursor: &str, there: bool, one: &Value| {
        // What is looked for stands on the second page.
        let second = uri.query() == Some(cursor);
        json!({"data": if second && there { vec![one] } else { vec![] }, "next_cursor": (!second).then_some("a b&c")})
    };
    let answer = match what.as_str() {
        "POST /v1/token" => json!({"access_token": "admin", "expires_in": 3600}),
        "GET /v1/event-sources" => page("cursor=a+b%26c", memory.has_source, &source),
        "GET /v1/webhooks" => page("cursor=a+b%26c", memory.url.is_some(), &endpoint),
        "POST /v1/event-sources" => {
            memory.has_source = true;
            source
        }
        "POST /v1/webhooks" => {
            memory.url = body["url"].as_str().map(str::to_owned);
            endpoint
        }
        "POST /v1/event-sources/evs_1/secret" => source,
        "PATCH /v1/webhooks/whe_1" | "POST /v1/webhooks/whe_1/secret" => endpoint,
        "PUT /v1/rules" => json!({"version": 1}),
        "GET /v1/account" => json!({"id": "acc_demo", "default_inbox": "inb_web", "sign_on": memory.sign_on()}),
        "PATCH /v1/account" => {
            memory.issuers = body["sign_on"].as_array().cloned();
            json!({})
        }
        "GET /v1/inboxes/inb_web" => json!({"id": "inb_web", "widget": memory.widget}),
        "PATCH /v1/inboxes/inb_web" => {
            memory.widget = body["widget"].clone();
            json!({})
        }
        "POST /v1/events" if signed.is_some() => json!({"accepted": 1}),
        _ if what.starts_with("PUT /v1/secrets/") => return StatusCode::NO_CONTENT.into_response(),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    answer.to_string().into_response()
}

/// A company beside the stand-in.
pub struct Stage {
    pub deskwire: Deskwire,
    pub company: Company,
    pub client: Client,
}

impl Stage {
    pub async fn new() -> Self {
        let deskwire = Deskwire::start().await;
        let settings = Settings {
            deskwire: deskwire.url(),
            account: "acc_demo".to_owned(),
            sign_on_secret: SIGN_ON.to_owned(),
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
        };
        let company = Company::start(settings).await.unwrap();
        Self { deskwire, company, client: Client::builder().no_proxy().build().unwrap() }
    }

    pub async fn joined() -> Self {
        let stage = Self::new().await;
        stage.company.join().await.unwrap();
        stage
    }

    pub fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(format!("{}{path}", self.company.url()))
    }

    /// A webhook, as it should be.
    pub async fn hook(&self, id: &str, event: &Value) -> u16 {
        self.hook_at(id, event, Timestamp::now().as_second(), &event.to_string()).await
    }

    /// A webhook with a signature of any time, and with any body.
    pub async fn hook_at(&self, id: &str, signed: &Value, at: i64, body: &str) -> u16 {
        let signature = Webhook::new(HOOK).unwrap().sign(id, at, signed.to_string().as_bytes()).unwrap();
        let request = self
            .post("/hooks/deskwire")
            .header("webhook-id", id)
            .header("webhook-timestamp", at)
            .header("webhook-signature", signature)
            .body(body.to_owned());
        request.send().await.unwrap().status().as_u16()
    }

    /// Asks the business API with the token that Deskwire was given.
    pub async fn ask(&self, path: &str) -> (u16, Value) {
        let token = self.deskwire.calls("PUT /v1/secrets/shop_token")[0].body["value"].as_str().unwrap().to_owned();
        let request = self.client.get(format!("{}{path}", self.company.url())).bearer_auth(token);
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    pub fn tags(&self, customer: &str) -> Vec<String> {
        self.company.crm_contact(customer).unwrap().tags
    }
}
