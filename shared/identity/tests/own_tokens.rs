//! Deskwire's own tokens: three types that are never taken for one another, keys that rotate, forgeries.
#![allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use deskwire_identity::{
    Claims, Kind, LEEWAY_SECONDS, SigningKeys, TOKEN_BYTES, TokenError, TokenType, tokens::TICKET_SECONDS,
};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use proptest::prelude::*;
use serde_json::json;

const TYPES: [TokenType; 3] = [TokenType::Access, TokenType::Ticket, TokenType::Visitor];

fn keys() -> SigningKeys {
    SigningKeys::from_json(&SigningKeys::generate("k1", [7; 32])).unwrap()
}

fn claims() -> Claims {
    Claims::about("acc_a", Kind::Agent, "agt_1")
}

/// Keys from kids and the byte that their secrets are made of.
fn rotated(active: &str, all: &[(&str, u8)]) -> SigningKeys {
    let line = |(kid, byte): &(&str, u8)| json!({"kid": kid, "secret": URL_SAFE_NO_PAD.encode([*byte; 32])});
    let keys: Vec<_> = all.iter().map(line).collect();
    SigningKeys::from_json(&json!({"active": active, "keys": keys}).to_string()).unwrap()
}

#[test]
fn no_type_is_taken_for_another_and_all_run_out() {
    let keys = keys();
    for made in TYPES {
        let token = keys.mint(made, &claims(), 1_000, "j".into()).unwrap();
        for asked in TYPES {
            assert_eq!(keys.verify(asked, &token, 1_000).is_ok(), made == asked);
        }
        let end = 1_000 + made.seconds() + LEEWAY_SECONDS;
        assert!(keys.verify(made, &token, end - 1).is_ok());
        assert_eq!(keys.verify(made, &token, end), Err(TokenError::Expired));
        assert_eq!(keys.verify(made, &token, 0), Err(TokenError::Invalid), "made in the future");
    }
}

#[test]
fn a_ticket_lives_a_minute_and_not_longer_than_what_it_stands_for() {
    let keys = keys();
    let ticket = |session| {
        let claims = Claims { session_exp: Some(session), ..claims() };
        keys.verify(TokenType::Ticket, &keys.mint(TokenType::Ticket, &claims, 0, "j".into()).unwrap(), 0).unwrap()
    };
    assert_eq!(ticket(3_600).exp, TICKET_SECONDS);
    assert_eq!((ticket(20).exp, ticket(20).session_exp), (20, Some(20)));
}

#[test]
fn everything_that_is_said_comes_back_and_nothing_that_is_not() {
    let keys = keys();
    let full = Claims {
        name: Some("王小明".into()),
        role: Some("admin".into()),
        avatar: Some("https://shop.example/a.png".into()),
        teams: vec!["tea_1".into()],
        attributes: [("level".to_owned(), json!("vip"))].into(),
        generation: 3,
        ..claims()
    };
    let token = keys.mint(TokenType::Access, &full, 5, "tok_1".into()).unwrap();
    let back = keys.verify_for("acc_a", TokenType::Access, &token, 5).unwrap();
    assert_eq!(back, Claims { iat: 5, exp: 5 + TokenType::Access.seconds(), jti: "tok_1".into(), ..full });
    assert_eq!(keys.verify_for("acc_b", TokenType::Access, &token, 5), Err(TokenError::Invalid));

    let token = keys.mint(TokenType::Access, &claims(), 5, "tok_1".into()).unwrap();
    let body = String::from_utf8(URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap()).unwrap();
    let short = r#"{"iss":"deskwire","aud":"acc_a","sub":"agt_1","kind":"agent","iat":5,"exp":3605,"jti":"tok_1"}"#;
    assert_eq!(body, short, "what is empty costs no bytes");
    let huge = Claims { name: Some("x".repeat(TOKEN_BYTES)), ..claims() };
    assert_eq!(keys.mint(TokenType::Access, &huge, 0, "j".into()), Err(TokenError::Invalid));
}

#[test]
fn keys_rotate_by_kid() {
    let (old, both, new) =
        (rotated("k1", &[("k1", 1)]), rotated("k2", &[("k1", 1), ("k2", 2)]), rotated("k2", &[("k2", 2)]));
    let early = old.mint(TokenType::Access, &claims(), 0, "j".into()).unwrap();
    let late = both.mint(TokenType::Access, &claims(), 0, "j".into()).unwrap();
    let good = |keys: &SigningKeys, token: &str| keys.verify(TokenType::Access, token, 0).is_ok();
    assert!(good(&both, &early) && good(&both, &late), "an old kid is valid until it is taken out");
    assert!(good(&new, &late) && !good(&new, &early), "and then no more");
    assert!(!good(&old, &late));
    assert!(
        !good(&rotated("k1", &[("k1", 2), ("k2", 1)]), &early),
        "the right secret under another kid is another key"
    );
}

#[test]
fn keys_that_cannot_be_used_are_refused_and_never_shown() {
    let good = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc";
    for json in [
        "nonsense".to_owned(),
        r#"{"active":"k1","keys":[]}"#.to_owned(),
        format!(r#"{{"active":"k2","keys":[{{"kid":"k1","secret":"{good}"}}]}}"#),
        format!(r#"{{"active":"","keys":[{{"kid":"","secret":"{good}"}}]}}"#),
        format!(r#"{{"active":"k1","keys":[{{"kid":"k1","secret":"{good}"}},{{"kid":"k1","secret":"{good}"}}]}}"#),
        r#"{"active":"k1","keys":[{"kid":"k1","secret":"dG9vIHNob3J0"}]}"#.to_owned(),
        format!(r#"{{"active":"k1","keys":[{{"kid":"k1","secret":"{good}+/"}}]}}"#),
    ] {
        let error = SigningKeys::from_json(&json).unwrap_err().to_string();
        assert!(!error.contains("BwcH") && !error.contains("dG9v"), "{error}");
    }
    assert!(!format!("{:?}", keys()).contains("Bwc") && !format!("{:?}", keys()).contains('7'));
}

#[test]
fn foreign_and_forged_tokens_are_refused() {
    let (keys, secret) = (keys(), EncodingKey::from_secret(&[7; 32]));
    let forged = |header: &Header, claims: &Claims| encode(header, claims, &secret).unwrap();
    let good = Header { typ: Some("at+jwt".into()), kid: Some("k1".into()), ..Header::new(Algorithm::HS256) };
    let fresh = Claims { exp: 100, ..claims() };
    assert!(keys.verify(TokenType::Access, &forged(&good, &fresh), 0).is_ok());
    for (header, claims) in [
        (Header { kid: None, ..good.clone() }, fresh.clone()),
        (Header { kid: Some("k9".into()), ..good.clone() }, fresh.clone()),
        (Header { kid: Some("../k1".into()), ..good.clone() }, fresh.clone()),
        (Header { kid: Some(String::new()), ..good.clone() }, fresh.clone()),
        (Header { alg: Algorithm::HS512, ..good.clone() }, fresh.clone()),
        (Header { alg: Algorithm::HS384, ..good.clone() }, fresh.clone()),
        (Header { typ: None, ..good.clone() }, fresh.clone()),
        (Header { typ: Some("JWT".into()), ..good.clone() }, fresh.clone()),
        (Header { typ: Some("AT+JWT ".into()), ..good.clone() }, fresh.clone()),
        (Header { crit: Some(vec!["exp".into()]), ..good.clone() }, fresh.clone()),
        (good.clone(), Claims { iss: "other".into(), ..fresh.clone() }),
        (good.clone(), Claims { aud: String::new(), ..fresh.clone() }),
        (good, Claims { sub: String::new(), ..fresh.clone() }),
    ] {
        let token = forged(&header, &claims);
        assert_eq!(keys.verify(TokenType::Access, &token, 0), Err(TokenError::Invalid), "{header:?}");
    }
    let none = format!(
        "{}.{}.",
        URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"at+jwt","kid":"k1"}"#),
        URL_SAFE_NO_PAD.encode(serde_json::to_string(&fresh).unwrap())
    );
    assert_eq!(keys.verify(TokenType::Access, &none, 0), Err(TokenError::Invalid));
    assert_eq!(TokenError::Expired.code(), "token_expired");
}

proptest! {
    #[test]
    fn no_changed_byte_goes_unseen(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let keys = keys();
        let mut token = keys.mint(TokenType::Access, &claims(), 0, "j".into()).unwrap().into_bytes();
        let at = at.index(token.len());
        prop_assume!(token[at] != byte);
        token[at] = byte;
        let token = String::from_utf8_lossy(&token);
        prop_assert_eq!(keys.verify(TokenType::Access, &token, 0), Err(TokenError::Invalid));
    }

    #[test]
    fn no_text_is_a_token(text in ".{0,200}") {
        prop_assert_eq!(keys().verify(TokenType::Access, &text, 0), Err(TokenError::Invalid));
    }
}
