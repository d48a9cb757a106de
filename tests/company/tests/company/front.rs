//! The shop as its customers see it, and the company's own sign-on.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use reqwest::{Client, redirect::Policy};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::stage::{SIGN_ON, Stage};

const VERIFIER: &str = "a verifier of forty-three characters or more, as the standard has it";

fn claims(token: &str) -> Value {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_audience(&["deskwire"]);
    jsonwebtoken::decode::<Value>(token, &DecodingKey::from_secret(SIGN_ON.as_bytes()), &validation).unwrap().claims
}

fn browser() -> Client {
    Client::builder().no_proxy().redirect(Policy::none()).build().unwrap()
}

/// Where a redirect leads.
fn location(answer: &reqwest::Response) -> reqwest::Url {
    answer.headers()["location"].to_str().unwrap().parse().unwrap()
}

fn authorize(stage: &Stage, changes: &[(&str, &str)]) -> reqwest::Url {
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
    let redirect = format!("{}/console/", stage.deskwire.url());
    let mut query = vec![
        ("response_type", "code"),
        ("client_id", "deskwire"),
        ("redirect_uri", redirect.as_str()),
        ("state", "s-1"),
        ("nonce", "n-1"),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
    ];
    query.retain(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    query.extend(changes);
    reqwest::Url::parse_with_params(&format!("{}/sign-on/authorize", stage.company.url()), &query).unwrap()
}

async fn exchange(stage: &Stage, code: &str, verifier: &str) -> (u16, Value) {
    let redirect = format!("{}/console/", stage.deskwire.url());
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("code_verifier", verifier),
        ("client_id", "deskwire"),
        ("redirect_uri", redirect.as_str()),
    ];
    let form = reqwest::Url::parse_with_params("http://form", &form).unwrap().query().unwrap().to_owned();
    let post = browser().post(format!("{}/sign-on/token", stage.company.url())).body(form);
    let answer = post.header("content-type", "application/x-www-form-urlencoded").send().await.unwrap();
    assert_eq!(answer.headers()["access-control-allow-origin"], "*");
    (answer.status().as_u16(), answer.json().await.unwrap())
}

#[tokio::test]
async fn an_agent_signs_in_at_the_company_and_comes_back_with_a_code_that_is_good_once() {
    let stage = Stage::joined().await;
    let page = browser().get(authorize(&stage, &[])).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("as=anna") && page.contains("as=ben"), "{page}");
    let back = browser().get(authorize(&stage, &[("as", "ben")])).send().await.unwrap();
    assert_eq!(back.status(), 303);
    let back = location(&back);
    assert!(back.as_str().starts_with(&format!("{}/console/?", stage.deskwire.url())), "{back}");
    let said = |name: &str| back.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
    assert_eq!((said("state"), said("iss")), ("s-1".to_owned(), "https://staff.example".to_owned()));
    let (status, tokens) = exchange(&stage, &said("code"), VERIFIER).await;
    assert_eq!(status, 200);
    let claims = claims(tokens["id_token"].as_str().unwrap());
    assert_eq!((&claims["sub"], &claims["roles"], &claims["nonce"]), (&json!("ben"), &json!("agent"), &json!("n-1")));
    assert_eq!(exchange(&stage, &said("code"), VERIFIER).await.0, 400, "a code is good once");
}

#[tokio::test]
async fn nobody_else_gets_a_code_or_a_token_for_one() {
    let stage = Stage::joined().await;
    let evil = format!("{}.evil.example/console/", stage.deskwire.url());
    let beside = format!("{}/consoles", stage.deskwire.url());
    for change in [
        ("redirect_uri", "https://evil.example/console/"),
        ("redirect_uri", evil.as_str()),
        ("redirect_uri", beside.as_str()),
        ("client_id", "other"),
        ("code_challenge_method", "plain"),
        ("response_type", "token"),
    ] {
        let answer = browser().get(authorize(&stage, &[change, ("as", "anna")])).send().await.unwrap();
        assert_eq!(answer.status(), 400, "{change:?}");
    }
    let back = browser().get(authorize(&stage, &[("as", "anna")])).send().await.unwrap();
    let code = location(&back).query_pairs().find(|(key, _)| key == "code").unwrap().1.into_owned();
    assert_eq!(exchange(&stage, &code, "another verifier").await.0, 400);
    // What a page is asked with stays in its attribute.
    let page = browser().get(authorize(&stage, &[("state", "\"><script>")])).send().await.unwrap();
    assert!(!page.text().await.unwrap().contains("<script>"));
}

#[tokio::test]
async fn the_shop_vouches_for_its_customers_and_its_page_allows_deskwire_and_nobody_else() {
    let stage = Stage::joined().await;
    let page = stage.client.get(stage.company.url()).send().await.unwrap();
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains(&format!("script-src 'self' {};", stage.deskwire.url())), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    let page = page.text().await.unwrap();
    assert!(page.contains(&format!("<script src=\"{}/widget.js\" data-account=\"acc_demo\"", stage.deskwire.url())));
    let session = stage.post("/session/cust-1001").json(&json!({})).send().await.unwrap();
    let token: Value = session.json().await.unwrap();
    let claims = claims(token["token"].as_str().unwrap());
    assert_eq!((&claims["sub"], &claims["iss"]), (&json!("cust-1001"), &json!("https://shop.example")));
    assert_eq!(stage.post("/session/nobody").json(&json!({})).send().await.unwrap().status(), 404);
    let foreign = stage.post("/session/cust-1001").header("origin", "https://evil.example").json(&json!({}));
    assert_eq!(foreign.send().await.unwrap().status(), 403);
}

#[tokio::test]
async fn one_click_leads_into_the_console() {
    let stage = Stage::joined().await;
    let answer = browser().get(format!("{}/console/anna", stage.company.url())).send().await.unwrap();
    let there = location(&answer);
    assert!(there.as_str().starts_with(&format!("{}/console/?account=acc_demo#subject_token=", stage.deskwire.url())));
    let token = there.fragment().unwrap().strip_prefix("subject_token=").unwrap();
    assert_eq!(claims(token)["roles"], "admin");
    assert_eq!(browser().get(format!("{}/console/eve", stage.company.url())).send().await.unwrap().status(), 404);
}
