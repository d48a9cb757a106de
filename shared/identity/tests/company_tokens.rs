//! A company's tokens, with real keys of every algorithm, and what attackers do to them (RFC 8725 §2).
#![allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]

mod support;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use deskwire_identity::{
    IssuerConfig, Keys, SignOnError, SubjectKind, Types,
    sign_on::{sign, verify_identifier},
};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use support::{ISSUER, Network, Pair, URI, claims, issuer, with};

const ALL: [Algorithm; 5] = [Algorithm::RS256, Algorithm::PS256, Algorithm::ES256, Algorithm::ES384, Algorithm::EdDSA];
const SECRET: &str = "a secret of thirty-two bytes, or more";

fn hs256() -> IssuerConfig {
    IssuerConfig { keys: Keys::Hs256 { secret: SECRET.into() }, ..issuer(&[Algorithm::ES256]) }
}

#[test]
fn every_algorithm_works_with_its_own_keys_and_with_no_others() {
    let pairs: Vec<_> = ALL.iter().map(|alg| Pair::new(*alg, &format!("{alg:?}"))).collect();
    let network = Network::with(&pairs.iter().collect::<Vec<_>>());
    let issuers = [issuer(&ALL)];
    for pair in &pairs {
        assert_eq!(network.judge(&pair.sign(&claims()), &issuers, 0), "王小明", "{:?}", pair.alg);
        for other in pairs.iter().filter(|other| other.alg != pair.alg) {
            let header = Header { kid: Some(other.kid.clone()), ..pair.header() };
            let code = network.judge(&pair.sign_as(&header, &claims()), &issuers, 0);
            assert!(["algorithm_not_allowed", "token_signature_invalid"].contains(&code.as_str()), "{code}");
            let only_other = [issuer(&[other.alg])];
            assert_eq!(network.judge(&pair.sign(&claims()), &only_other, 0), "algorithm_not_allowed");
        }
    }
    assert_eq!(network.judge(&sign(SECRET, &claims()).unwrap(), &[hs256()], 0), "王小明");
    assert_eq!(network.fetches(), 1, "one fetch for all of it");
}

#[test]
fn a_public_key_is_no_secret_and_none_is_no_algorithm() {
    let pair = Pair::new(Algorithm::RS256, "k1");
    let (network, issuers) = (Network::with(&[&pair]), [issuer(&ALL)]);
    let header = Header { kid: Some("k1".into()), ..Header::new(Algorithm::HS256) };
    for secret in [pair.public_pem().to_owned(), pair.jwk().to_string(), pair.jwk()["n"].to_string(), String::new()] {
        let token = encode(&header, &claims(), &EncodingKey::from_secret(secret.as_bytes())).unwrap();
        assert_eq!(network.judge(&token, &issuers, 0), "algorithm_not_allowed");
    }
    let [_, body, signature] =
        pair.sign(&claims()).split('.').map(str::to_owned).collect::<Vec<_>>().try_into().unwrap();
    for alg in ["none", "None", "nOnE", "", "HS256", "RS512", "ES512"] {
        let header = URL_SAFE_NO_PAD.encode(json!({"alg": alg, "kid": "k1"}).to_string());
        for signature in ["", &signature] {
            let code = network.judge(&format!("{header}.{body}.{signature}"), &issuers, 0);
            assert_eq!(code, "algorithm_not_allowed", "{alg}");
        }
    }
    assert_eq!(network.judge(&pair.sign(&claims()), &[hs256()], 0), "algorithm_not_allowed");
    assert_eq!(
        network.judge(&sign("another secret of thirty-two bytes", &claims()).unwrap(), &[hs256()], 0),
        "token_signature_invalid"
    );
}

#[test]
fn a_key_names_the_algorithm_that_it_is_for() {
    let pair = Pair::new(Algorithm::RS256, "k1");
    let network = Network::with(&[&pair]);
    let header = Header { alg: Algorithm::PS256, ..pair.header() };
    assert_eq!(network.judge(&pair.sign_as(&header, &claims()), &[issuer(&ALL)], 0), "algorithm_not_allowed");
}

#[test]
fn keys_that_a_token_brings_along_are_never_used() {
    let (honest, forger) = (Pair::new(Algorithm::ES256, "k1"), Pair::new(Algorithm::ES256, "k1"));
    let (network, issuers) = (Network::with(&[&honest]), [issuer(&ALL)]);
    network
        .answers
        .lock()
        .unwrap()
        .insert("https://evil.example/jwks".into(), json!({"keys": [forger.jwk()]}).to_string().into());
    let brings = |pair: &Pair| Header {
        jku: Some("https://evil.example/jwks".into()),
        x5u: Some("https://evil.example/chain.pem".into()),
        x5c: Some(vec!["MIIB".into()]),
        jwk: Some(serde_json::from_value(forger.jwk()).unwrap()),
        ..pair.header()
    };
    assert_eq!(network.judge(&forger.sign_as(&brings(&forger), &claims()), &issuers, 0), "token_signature_invalid");
    assert_eq!(network.judge(&honest.sign_as(&brings(&honest), &claims()), &issuers, 0), "王小明", "judged by our key");
    assert_eq!(network.fetches(), 1, "only the configured address");
    let crit = Header { crit: Some(vec!["exp".into()]), ..honest.header() };
    assert_eq!(network.judge(&honest.sign_as(&crit, &claims()), &issuers, 0), "token_malformed");
}

#[test]
fn claims_must_be_there_and_fit() {
    let pair = Pair::new(Algorithm::EdDSA, "k1");
    let (network, issuers) = (Network::with(&[&pair]), [issuer(&ALL)]);
    for (name, value, outcome) in [
        ("aud", json!(["other", "chat"]), "王小明"),
        ("exp", json!(500.5), "王小明"),
        ("exp", json!(91), "王小明"),
        ("exp", json!(90), "token_expired"),
        ("exp", json!(-1), "token_expired"),
        ("exp", json!("1000"), "token_expired"),
        ("exp", Value::Null, "token_expired"),
        ("nbf", json!(110), "王小明"),
        ("nbf", json!(111), "token_not_yet_valid"),
        ("iat", json!(111), "token_not_yet_valid"),
        ("iat", json!("soon"), "token_not_yet_valid"),
        ("iat", Value::Null, "王小明"),
        ("iss", json!("https://id.example/"), "issuer_unknown"),
        ("iss", json!([ISSUER]), "issuer_unknown"),
        ("iss", Value::Null, "issuer_unknown"),
        ("aud", json!("deskwire2"), "audience_mismatch"),
        ("aud", json!(["other"]), "audience_mismatch"),
        ("aud", json!([]), "audience_mismatch"),
        ("aud", json!({"deskwire": 1}), "audience_mismatch"),
        ("aud", Value::Null, "audience_mismatch"),
        ("sub", Value::Null, "claim_missing"),
    ] {
        assert_eq!(network.judge(&pair.sign(&with(name, value.clone())), &issuers, 100), outcome, "{name} {value}");
    }
}

#[test]
fn the_type_is_checked_where_the_issuer_demands_one() {
    let pair = Pair::new(Algorithm::ES256, "k1");
    let network = Network::with(&[&pair]);
    let strict = [IssuerConfig { typ: Some(Types::AnyOf(vec!["at+jwt".into()])), ..issuer(&ALL) }];
    for (typ, outcome) in [
        (Some("at+jwt"), "王小明"),
        (Some("application/at+jwt"), "王小明"),
        (Some("JWT"), "token_type_not_allowed"),
        (None, "token_type_not_allowed"),
    ] {
        let header = Header { typ: typ.map(str::to_owned), ..pair.header() };
        assert_eq!(network.judge(&pair.sign_as(&header, &claims()), &strict, 0), outcome, "{typ:?}");
        assert_eq!(network.judge(&pair.sign_as(&header, &claims()), &[issuer(&ALL)], 0), "王小明");
    }
}

#[test]
fn one_issuer_may_serve_visitors_and_agents_by_audience() {
    let pair = Pair::new(Algorithm::ES256, "k1");
    let (network, staff) = (Network::with(&[&pair]), issuer(&ALL));
    let shop = IssuerConfig { audiences: vec!["shop".into()], subject: SubjectKind::Visitor, ..staff.clone() };
    let issuers = [shop, staff];
    for (audience, subject) in [("shop", SubjectKind::Visitor), ("chat", SubjectKind::Agent)] {
        let token = pair.sign(&with("aud", json!(audience)));
        assert_eq!(network.judge(&token, &issuers, 0), "王小明");
        assert_eq!(deskwire_identity::sign_on::issuer_of(&token, &issuers).unwrap().0.subject, subject);
    }
    assert_eq!(network.judge(&pair.sign(&with("aud", json!("bank"))), &issuers, 0), "audience_mismatch");
}

#[test]
fn keys_rotate_and_outages_pass() {
    let (old, new) = (Pair::new(Algorithm::ES256, "old"), Pair::new(Algorithm::ES256, "new"));
    let (network, issuers) = (Network::default(), [issuer(&ALL)]);
    let long = |pair: &Pair| pair.sign(&with("exp", json!(1_000_000)));
    assert_eq!(network.judge(&long(&old), &issuers, 0), "keys_unreachable");
    assert_eq!(network.judge(&long(&old), &issuers, 29), "keys_unreachable", "not asked again so soon");
    network.publish(&[&old]);
    assert_eq!(network.judge(&long(&old), &issuers, 30), "王小明");
    assert_eq!(network.judge(&long(&new), &issuers, 31), "key_not_found", "not published yet, and no flood");
    network.publish(&[&old, &new]);
    assert_eq!(network.judge(&long(&new), &issuers, 60), "王小明", "an unknown kid is looked for");
    assert_eq!(network.fetches(), 3);
    network.go_down();
    assert_eq!(network.judge(&long(&new), &issuers, 20_000), "王小明", "old keys serve while the server is down");
    assert_eq!(network.judge(&long(&new), &issuers, 50_000), "keys_unreachable", "but not for ever");
    network.publish(&[&new]);
    assert_eq!(network.judge(&long(&new), &issuers, 50_100), "王小明");
    assert_eq!(network.judge(&long(&old), &issuers, 50_100), "key_not_found", "taken out");
    assert_eq!(
        network.judge(&old.sign_as(&Header { kid: None, ..old.header() }, &claims()), &issuers, 50_100),
        "token_signature_invalid"
    );
}

#[test]
fn unknown_kids_cause_one_fetch_per_cool_down() {
    let pair = Pair::new(Algorithm::ES256, "k1");
    let (network, issuers) = (Network::with(&[&pair]), [issuer(&ALL)]);
    for now in 0..60 {
        for kid in ["", "../../k1", "' OR 1=1 --", "k1\0", "K1"] {
            let header = Header { kid: Some(kid.into()), ..pair.header() };
            assert_eq!(network.judge(&pair.sign_as(&header, &claims()), &issuers, now), "key_not_found");
        }
    }
    assert_eq!(network.fetches(), 2, "at 0 and at 30");
}

#[test]
fn keys_may_stand_in_the_configuration() {
    let pair = Pair::new(Algorithm::PS256, "k1");
    let set = json!({"keys": [pair.jwk()]}).to_string();
    let uri = format!("data:application/json;base64,{}", base64::engine::general_purpose::STANDARD.encode(set));
    let inline = IssuerConfig { keys: Keys::Jwks { uri, algorithms: vec![Algorithm::PS256] }, ..issuer(&ALL) };
    inline.validate().unwrap();
    let network = Network::default();
    assert_eq!(network.judge(&pair.sign(&claims()), &[inline], 0), "王小明");
    assert_eq!(network.fetches(), 0);
}

#[test]
fn older_sites_sign_the_identifier() {
    // echo -n 'user-42' | openssl dgst -sha256 -hmac 'a secret of thirty-two bytes, or more'
    let hex = "682a39b74f52cd432e530b44ff2113f1d8f20d953a51c19bbb20561d44e3dcd1";
    assert!(verify_identifier(SECRET, "user-42", hex));
    assert!(verify_identifier(SECRET, "user-42", &hex.to_uppercase()));
    for (secret, identifier, hex) in [
        (SECRET, "user-43", hex),
        ("another", "user-42", hex),
        (SECRET, "user-42", &hex[..62]),
        (SECRET, "user-42", ""),
        (SECRET, "user-42", "客服"),
    ] {
        assert!(!verify_identifier(secret, identifier, hex));
    }
}

#[test]
fn every_refusal_has_a_code_and_says_what_to_do() {
    use SignOnError::{
        Algorithm, Audience, ClaimMissing, Expired, KeyNotFound, KeysUnreachable, Malformed, NotYet, Signature, Type,
        UnknownIssuer,
    };
    let all = [
        Malformed,
        UnknownIssuer,
        Algorithm,
        Signature,
        Audience,
        Expired,
        NotYet,
        Type,
        ClaimMissing,
        KeyNotFound,
        KeysUnreachable,
    ];
    let codes: std::collections::BTreeSet<_> = all.iter().map(|error| error.code()).collect();
    assert_eq!(codes.len(), all.len());
    for error in all {
        assert_eq!(error.to_string(), error.code(), "what an app shows today");
        assert!(error.message().ends_with('.'));
    }
    assert!(!format!("{:?}", hs256()).contains(SECRET) && !format!("{:?}", issuer(&ALL)).contains(URI));
}
