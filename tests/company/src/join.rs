//! How the company connects itself to Deskwire: through the public API, as its own administrator would.

use std::time::Duration;

use anyhow::{Context, bail};
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use standardwebhooks::Webhook;

use crate::{
    Settings, sign_on,
    state::{Door, SOURCE, Shared},
};

/// The rules and queries that the company brings along.
const RULES: &str = include_str!("rules.yaml");
/// What it wants to hear of.
const EVENTS: [&str; 6] =
    ["contact.*", "conversation.*", "message.created", "label.*", "postback.received", "csat.submitted"];
/// The name of its event source.
const NAME: &str = "shop";
/// Attempts to reach a Deskwire that is still starting, and the pause between two: a minute together.
const ATTEMPTS: u32 = 120;
const PAUSE: Duration = Duration::from_millis(500);

/// Connects, or connects again; everything that is there already is used again.
pub(crate) async fn join(settings: &Settings, shared: &Shared, client: &Client) -> anyhow::Result<()> {
    let token = knock(settings, client).await?;
    let desk = Desk { base: settings.deskwire.trim_end_matches('/'), token, client };
    let door = desk.event_source().await?;
    let verifier = desk.endpoint(&format!("{}/hooks/deskwire", shared.url)).await?;
    for (name, value) in [("shop_url", &shared.url), ("shop_token", &shared.token)] {
        desk.call(Method::PUT, &format!("/v1/secrets/{name}"), Some(&json!({"value": value}))).await?;
    }
    let account = desk.call(Method::GET, "/v1/account", None).await?;
    desk.sign_on_page(&account, &settings.sign_on_secret, &shared.url).await?;
    desk.dress_the_widget(&account).await?;
    // Whoever has written rules of their own meanwhile keeps them.
    let there = desk.request(Method::GET, "/v1/rules").send().await.context("Deskwire does not answer")?;
    if there.status() != StatusCode::NOT_FOUND {
        shared.change(|state| (state.door, state.verifier) = (Some(door), Some(verifier)));
        return Ok(());
    }
    let rules = desk.request(Method::PUT, "/v1/rules").header("content-type", "application/yaml").body(RULES);
    answer(rules, "PUT /v1/rules").await?;
    shared.change(|state| (state.door, state.verifier) = (Some(door), Some(verifier)));
    Ok(())
}

/// Signs in as the company's administrator, as soon as Deskwire answers.
async fn knock(settings: &Settings, client: &Client) -> anyhow::Result<String> {
    let url = format!("{}/v1/token", settings.deskwire.trim_end_matches('/'));
    for attempt in 1.. {
        let request = json!({
            "account": settings.account,
            "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
            "subject_token": administrator(&settings.sign_on_secret)?,
        });
        let sent = client.post(&url).json(&request).send().await;
        let absent = match &sent {
            Ok(answer) => answer.status().is_server_error() || answer.status() == StatusCode::TOO_MANY_REQUESTS,
            Err(error) => !error.is_builder(),
        };
        if absent && attempt < ATTEMPTS {
            tokio::time::sleep(PAUSE).await;
            continue;
        }
        let sent = sent.with_context(|| format!("Deskwire does not answer at {}", settings.deskwire))?;
        return text(&read(sent, "POST /v1/token").await?, "access_token");
    }
    bail!("Deskwire does not answer at {}", settings.deskwire)
}

/// A token of the company's own sign-on.
fn administrator(secret: &str) -> anyhow::Result<String> {
    sign_on::token(secret, sign_on::STAFF, json!({"sub": "shop-admin", "roles": "admin"}))
}

/// Deskwire, signed in.
struct Desk<'a> {
    base: &'a str,
    token: String,
    client: &'a Client,
}

impl Desk<'_> {
    /// Where events go: the source of our name with a new secret, or a new source.
    async fn event_source(&self) -> anyhow::Result<Door> {
        let made = match self.find("/v1/event-sources", ("name", NAME)).await? {
            Some(id) => self.call(Method::POST, &format!("/v1/event-sources/{id}/secret"), None).await?,
            None => {
                self.call(Method::POST, "/v1/event-sources", Some(&json!({"name": NAME, "sources": [SOURCE]}))).await?
            }
        };
        Ok(Door { url: text(&made, "url")?, secret: text(&made, "secret")? })
    }

    /// Where the console sends agents to sign in: the company's own page. Whoever has set up a sign-on of their own keeps
    /// it, for nobody can read its secrets and write them back.
    async fn sign_on_page(&self, account: &Value, secret: &str, url: &str) -> anyhow::Result<()> {
        let login = json!({
            "label": "The demo shop", "client_id": sign_on::CLIENT, "scope": "openid profile",
            "authorization_endpoint": format!("{url}/sign-on/authorize"), "token_endpoint": format!("{url}/sign-on/token"),
        });
        let mut issuers = account["sign_on"].as_array().cloned().unwrap_or_default();
        let own = |issuer: &Value| issuer["issuer"] == sign_on::STAFF || issuer["issuer"] == sign_on::CUSTOMERS;
        if !issuers.iter().all(own) || issuers.iter().any(|issuer| issuer["login"] == login) {
            return Ok(());
        }
        for issuer in &mut issuers {
            issuer["keys"]["secret"] = secret.into();
            if issuer["issuer"] == sign_on::STAFF {
                issuer["login"] = login.clone();
            }
        }
        self.call(Method::PATCH, "/v1/account", Some(&json!({"sign_on": issuers}))).await.map(drop)
    }

    /// The widget speaks as the shop does; what somebody has changed stays.
    async fn dress_the_widget(&self, account: &Value) -> anyhow::Result<()> {
        let Some(inbox) = account["default_inbox"].as_str() else { return Ok(()) };
        let path = format!("/v1/inboxes/{inbox}");
        let before = self.call(Method::GET, &path, None).await?;
        if before["widget"]["greeting"].is_object() {
            return Ok(());
        }
        let widget = json!({
            "title": {"en": "The demo shop", "zh": "演示商店"},
            "greeting": {"en": "Hello! Ask us anything about your order, or about tea.", "zh": "您好！订单或茶叶的问题，都可以问我们。"},
            "offline_message": {"en": "Nobody is here right now. Leave us your e-mail address, and we write back.",
                                "zh": "现在没有客服在线。请留下您的邮箱，我们会回复您。"},
            "colour": "#1f6f5c",
            "pre_chat": [{"key": "name", "label": {"en": "Your name", "zh": "您的称呼"}, "kind": "text", "required": true},
                         {"key": "email", "label": {"en": "Your e-mail", "zh": "您的邮箱"}, "kind": "email", "required": false}],
            "offline_form": [{"key": "email", "label": {"en": "Your e-mail", "zh": "您的邮箱"}, "kind": "email", "required": true}],
        });
        self.call(Method::PATCH, &path, Some(&json!({"widget": widget}))).await.map(drop)
    }

    /// What checks Deskwire's webhooks: the endpoint with our address and a new secret, or a new endpoint.
    async fn endpoint(&self, url: &str) -> anyhow::Result<Webhook> {
        let wanted = json!({
            "url": url, "events": EVENTS, "description": "The demo shop", "not_from": [SOURCE],
        });
        let made = match self.find("/v1/webhooks", ("url", url)).await? {
            Some(id) => {
                let mut wanted = wanted;
                // Deskwire switches an endpoint off that was away for days.
                wanted["disabled"] = false.into();
                self.call(Method::PATCH, &format!("/v1/webhooks/{id}"), Some(&wanted)).await?;
                self.call(Method::POST, &format!("/v1/webhooks/{id}/secret"), None).await?
            }
            None => self.call(Method::POST, "/v1/webhooks", Some(&wanted)).await?,
        };
        Webhook::new(&text(&made, "secret")?).context("Deskwire's webhook secret cannot be used")
    }

    /// The id of the one whose field has a value, on whichever page it is.
    async fn find(&self, path: &str, (field, value): (&str, &str)) -> anyhow::Result<Option<String>> {
        let mut next = path.to_owned();
        loop {
            let page = self.call(Method::GET, &next, None).await?;
            let all = page["data"].as_array().map(Vec::as_slice).unwrap_or_default();
            if let Some(found) = all.iter().find(|one| one[field] == value) {
                return text(found, "id").map(Some);
            }
            let Some(cursor) = page["next_cursor"].as_str() else { return Ok(None) };
            let cursor = reqwest::Url::parse_with_params("http://cursor", [("cursor", cursor)])?;
            next = format!("{path}?{}", cursor.query().unwrap_or_default());
        }
    }

    async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> anyhow::Result<Value> {
        let what = format!("{method} {path}");
        let mut request = self.request(method, path);
        if let Some(body) = body {
            request = request.json(body);
        }
        answer(request, &what).await
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base)).bearer_auth(&self.token)
    }
}

async fn answer(request: RequestBuilder, what: &str) -> anyhow::Result<Value> {
    let sent = request.send().await.with_context(|| format!("Deskwire does not answer to {what}"))?;
    read(sent, what).await
}

/// The JSON of an answer, null if it has none; a refusal is an error in a sentence.
async fn read(answer: reqwest::Response, what: &str) -> anyhow::Result<Value> {
    let status = answer.status();
    let body = answer.text().await.with_context(|| format!("Deskwire's answer to {what} broke off"))?;
    let value: Value = serde_json::from_str(&body).unwrap_or_default();
    if status.is_success() {
        return Ok(value);
    }
    let mistakes = value["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mistakes = mistakes.iter().map(|mistake| format!("line {}: {}", mistake["line"], mistake["message"]));
    let words = value["detail"].as_str().or(value["code"].as_str()).unwrap_or_default().to_owned();
    let words: Vec<_> = std::iter::once(words).chain(mistakes).filter(|words| !words.is_empty()).collect();
    bail!("Deskwire refuses {what} with {status}: {}", words.join("; "))
}

fn text(value: &Value, field: &str) -> anyhow::Result<String> {
    value[field].as_str().map(str::to_owned).with_context(|| format!("Deskwire's answer has no {field}"))
}
