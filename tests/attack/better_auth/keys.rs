//! Keys that are published: fetched from the one configured address, seldom, and believed for one algorithm only.

use super::common::{FLAGS, SECRET, assert_refused, tasks};
use super::issuer;
use super::published::{Publisher, Reply};
use crate::case::{Case, cases};
use crate::forge;
use crate::trap::Trap;
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use chrono::Utc;
use futures_util::future::join_all;
use rcgen::{KeyPair, PublicKeyData, SigningKey};
use serde_json::{Value, json};
use shared::error::ErrorCode;
use tests::token::Token;
use tests::{Ask, TestApp, assert_problem};

pub(super) fn cases() -> Vec<Case> {
    let mut cases = cases![
        an_attackers_key_under_the_right_name_is_refused,
        an_attackers_key_in_the_token_is_refused,
        an_address_in_the_token_is_never_followed,
        a_published_key_is_no_secret,
        unknown_names_do_not_hammer_the_issuer,
        unknown_names_at_the_same_moment_ask_once,
        an_issuer_that_is_away_harms_nobody_else,
        a_redirect_is_not_followed,
        an_endless_document_is_not_read_to_its_end,
        keys_of_other_kinds_are_not_used,
        a_token_of_another_issuer_is_refused,
        a_token_for_another_audience_is_refused,
        no_name_and_odd_names_are_refused,
        a_token_that_is_for_nobody_in_particular_is_refused,
        several_secrets_are_accepted_and_no_others,
    ];
    for (name, document) in [
        ("empty", String::new()),
        ("no_json", "<html></html>".to_owned()),
        ("a_list", "[]".to_owned()),
        ("no_keys", r#"{"keys":[]}"#.to_owned()),
        ("keys_that_are_none", r#"{"keys":[1,null,"x",{}]}"#.to_owned()),
        ("deep", "[".repeat(30_000)),
    ] {
        cases.push(Case::new(
            module_path!(),
            format!("document_that_is_{name}_opens_nothing"),
            move || useless_document(document),
        ));
    }
    cases
}

/// A key pair as an issuer has it.
struct Pair {
    key: KeyPair,
    kid: &'static str,
}

impl Pair {
    fn new(kid: &'static str) -> Self {
        let key = KeyPair::generate_for(&rcgen::PKCS_ED25519).expect("a key");
        Self { key, kid }
    }

    fn jwk(&self) -> Value {
        json!({"alg": "EdDSA", "crv": "Ed25519", "x": forge::part(self.key.der_bytes()), "kty": "OKP", "kid": self.kid})
    }

    fn document(&self) -> String {
        json!({"keys": [self.jwk()]}).to_string()
    }

    fn sign(&self, header: &Value, claims: &Value) -> String {
        let message = format!(
            "{}.{}",
            forge::part(header.to_string()),
            forge::part(claims.to_string())
        );
        let signature = self.key.sign(message.as_bytes()).expect("a signature");
        format!("{message}.{}", forge::part(signature))
    }

    /// A token as the issuer makes it whose keys `publisher` has.
    fn token(&self, publisher: &Publisher) -> String {
        self.sign(&json!({"alg": "EdDSA", "kid": self.kid}), &claims(&publisher.origin()))
    }
}

const ID: &str = "U4IwuRgRN7ZhLVlWuSJIVvNjdk0S4OX2";

/// What a token of the issuer at this address says.
fn claims(origin: &str) -> Value {
    let now = Utc::now().timestamp();
    json!({"sub": ID, "id": ID, "email": "ada@example.test", "emailVerified": true, "iss": origin, "aud": origin,
        "iat": now, "exp": now + 900})
}

/// A server that believes the keys of `publisher`.
async fn believing(publisher: &Publisher) -> TestApp {
    TestApp::spawn_with(&[&FLAGS[..], &["--better-auth-jwks-url", &publisher.url()]].concat()).await
}

async fn an_attackers_key_under_the_right_name_is_refused() {
    let (issuer, attacker) = (Pair::new("key"), Pair::new("key"));
    let publisher = Publisher::start(Reply::Document(issuer.document()));
    let app = believing(&publisher).await;
    tasks(&app, ID, &issuer.token(&publisher)).await.expect(200);
    assert_refused(&app, ID, &attacker.token(&publisher)).await;
}

async fn an_attackers_key_in_the_token_is_refused() {
    let (issuer, attacker) = (Pair::new("key"), Pair::new("attacker"));
    let publisher = Publisher::start(Reply::Document(issuer.document()));
    let app = believing(&publisher).await;
    for kid in ["key", "attacker"] {
        let header = json!({"alg": "EdDSA", "kid": kid, "jwk": attacker.jwk()});
        assert_refused(&app, ID, &attacker.sign(&header, &claims(&publisher.origin()))).await;
    }
}

async fn an_address_in_the_token_is_never_followed() {
    let (issuer, attacker) = (Pair::new("key"), Pair::new("attacker"));
    let publisher = Publisher::start(Reply::Document(issuer.document()));
    let app = believing(&publisher).await;
    let trap = Trap::set();
    for member in ["jku", "x5u", "kid", "iss"] {
        let mut header = json!({"alg": "EdDSA", "kid": "attacker"});
        header[member] = json!(trap.url());
        assert_refused(&app, ID, &attacker.sign(&header, &claims(&publisher.origin()))).await;
    }
    let mut elsewhere = claims(&publisher.origin());
    elsewhere["iss"] = json!(trap.url());
    let header = json!({"alg": "EdDSA", "kid": "attacker"});
    assert_refused(&app, ID, &attacker.sign(&header, &elsewhere)).await;
    trap.assert_untouched();
}

async fn a_published_key_is_no_secret() {
    // The oldest trick: everybody has the public key, so everybody can make an HMAC with it (RFC 8725 §2.1).
    let issuer = issuer::find().await;
    let member = issuer.sign_up().await;
    let url = format!("{}/api/auth/jwks", issuer.url);
    let app = TestApp::spawn_with(&["--better-auth-jwks-url", &url]).await;
    let good = member.published_token().await;
    tasks(&app, &member.id, &good).await.expect(200);
    let (_, document) = issuer.get("/api/auth/jwks").await;
    let keys: Value = serde_json::from_str(&document).unwrap();
    let kid = Token::read(&good).header["kid"].as_str().unwrap().to_owned();
    let key = keys["keys"]
        .as_array()
        .unwrap()
        .iter()
        .find(|key| key["kid"] == kid.as_str());
    let key = key.expect("the key is published");
    let x = key["x"].as_str().unwrap();
    let raw = BASE64_URL_SAFE_NO_PAD.decode(x).unwrap();
    // RFC 8410 §4: the prefix of an Ed25519 key in SubjectPublicKeyInfo.
    let der = [&b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00"[..], &raw].concat();
    let lines = BASE64_STANDARD.encode(&der);
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{lines}\n-----END PUBLIC KEY-----\n");
    let payload = Token::read(&good).claims.to_string();
    for secret in [
        x.as_bytes(),
        &raw,
        &der,
        lines.as_bytes(),
        pem.as_bytes(),
        pem.trim().as_bytes(),
        document.as_bytes(),
        key.to_string().as_bytes(),
    ] {
        for header in [
            json!({"alg": "HS256", "kid": kid}),
            json!({"alg": "HS256"}),
            json!({"alg": "EdDSA", "kid": kid}),
        ] {
            assert_refused(&app, &member.id, &forge::sign(header.to_string(), &payload, secret)).await;
        }
    }
}

async fn unknown_names_do_not_hammer_the_issuer() {
    let (issuer, attacker) = (Pair::new("key"), Pair::new("attacker"));
    let publisher = Publisher::start(Reply::Document(issuer.document()));
    let app = believing(&publisher).await;
    tasks(&app, ID, &issuer.token(&publisher)).await.expect(200);
    assert_eq!(publisher.asked(), 1);
    for index in 0..50 {
        let header = json!({"alg": "EdDSA", "kid": format!("unknown-{index}")});
        assert_refused(&app, ID, &attacker.sign(&header, &claims(&publisher.origin()))).await;
    }
    assert!(publisher.asked() <= 2, "asked {} times", publisher.asked());
    // Nor does any of them make the good key forgotten.
    tasks(&app, ID, &issuer.token(&publisher)).await.expect(200);
}

async fn unknown_names_at_the_same_moment_ask_once() {
    let (issuer, attacker) = (Pair::new("key"), Pair::new("attacker"));
    let publisher = Publisher::start(Reply::Document(issuer.document()));
    let app = believing(&publisher).await;
    let forged: Vec<_> = (0..20)
        .map(|index| {
            attacker.sign(
                &json!({"alg": "EdDSA", "kid": format!("unknown-{index}")}),
                &claims(&publisher.origin()),
            )
        })
        .collect();
    let answers = join_all(forged.iter().map(|token| tasks(&app, ID, token))).await;
    assert!(answers.iter().all(|answer| answer.status == 401), "{answers:?}");
    assert_eq!(publisher.asked(), 1);
}

async fn an_issuer_that_is_away_harms_nobody_else() {
    let issuer = Pair::new("key");
    let publisher = Publisher::start(Reply::Status("500 Internal Server Error"));
    let app = believing(&publisher).await;
    let ada = app.register("ada").await;
    for _ in 0..3 {
        let answer = tasks(&app, ID, &issuer.token(&publisher)).await;
        assert_problem(&answer, 503, ErrorCode::Unavailable);
        ada.add("Milk").await;
    }
    assert_eq!(publisher.asked(), 1);
    // What is under the secret needs no keys.
    let minimal = forge::sign(r#"{"alg":"HS256"}"#, claims(&publisher.origin()).to_string(), SECRET);
    tasks(&app, ID, &minimal).await.expect(200);
}

async fn a_redirect_is_not_followed() {
    let issuer = Pair::new("key");
    let trap = Trap::set();
    let publisher = Publisher::start(Reply::Redirect(trap.url()));
    let app = believing(&publisher).await;
    let answer = tasks(&app, ID, &issuer.token(&publisher)).await;
    assert!(matches!(answer.status, 401 | 503), "{answer:?}");
    trap.assert_untouched();
}

async fn an_endless_document_is_not_read_to_its_end() {
    let issuer = Pair::new("key");
    let publisher = Publisher::start(Reply::Endless);
    let app = believing(&publisher).await;
    let answer = tasks(&app, ID, &issuer.token(&publisher)).await;
    assert!(matches!(answer.status, 401 | 503), "{answer:?}");
}

async fn useless_document(document: String) {
    let issuer = Pair::new("key");
    let publisher = Publisher::start(Reply::Document(document));
    let app = believing(&publisher).await;
    let answer = tasks(&app, ID, &issuer.token(&publisher)).await;
    assert!(matches!(answer.status, 401 | 503), "{answer:?}");
    app.register("ada").await.add("Milk").await;
}

async fn keys_of_other_kinds_are_not_used() {
    let issuer = Pair::new("key");
    let secret = "a symmetric key that somebody has published";
    let mut for_encryption = issuer.jwk();
    for_encryption["use"] = json!("enc");
    for_encryption["kid"] = json!("encryption");
    let document = json!({"keys": [
        {"kty": "oct", "kid": "symmetric", "alg": "HS256", "k": forge::part(secret)},
        for_encryption,
    ]});
    let publisher = Publisher::start(Reply::Document(document.to_string()));
    let app = believing(&publisher).await;
    let symmetric = json!({"alg": "HS256", "kid": "symmetric"}).to_string();
    assert_refused(
        &app,
        ID,
        &forge::sign(symmetric, claims(&publisher.origin()).to_string(), secret),
    )
    .await;
    let encryption = issuer.sign(
        &json!({"alg": "EdDSA", "kid": "encryption"}),
        &claims(&publisher.origin()),
    );
    assert_refused(&app, ID, &encryption).await;
}

async fn a_token_of_another_issuer_is_refused() {
    let issuer = issuer::find().await;
    let member = issuer.sign_up().await;
    let jwks = format!("{}/api/auth/jwks", issuer.url);
    for flags in [
        // The keys are right, the address that the tokens name is not.
        vec![
            "--better-auth-jwks-url",
            jwks.as_str(),
            "--better-auth-url",
            "https://auth.example.org",
        ],
        vec![
            "--better-auth-secret",
            SECRET,
            "--better-auth-url",
            "https://auth.example.org",
        ],
    ] {
        let app = TestApp::spawn_with(&flags).await;
        for token in [member.published_token().await, member.custom_token().await] {
            assert_refused(&app, &member.id, &token).await;
        }
    }
}

async fn a_token_for_another_audience_is_refused() {
    let issuer = issuer::find().await;
    let member = issuer.sign_up().await;
    let jwks = format!("{}/api/auth/jwks", issuer.url);
    let flags = [
        "--better-auth-jwks-url",
        &jwks,
        "--better-auth-audience",
        "https://tasks.example.org",
    ];
    let app = TestApp::spawn_with(&flags).await;
    assert_refused(&app, &member.id, &member.published_token().await).await;
}

async fn no_name_and_odd_names_are_refused() {
    let issuer = Pair::new("key");
    let publisher = Publisher::start(Reply::Document(issuer.document()));
    let app = believing(&publisher).await;
    tasks(&app, ID, &issuer.token(&publisher)).await.expect(200);
    for header in [
        json!({"alg": "EdDSA"}),
        json!({"alg": "EdDSA", "kid": ""}),
        json!({"alg": "EdDSA", "kid": null}),
        json!({"alg": "EdDSA", "kid": ["key"]}),
        json!({"alg": "EdDSA", "kid": "KEY"}),
        json!({"alg": "EdDSA", "kid": "../key"}),
        json!({"alg": "EdDSA", "kid": "key\0"}),
        json!({"alg": "Ed25519", "kid": "key"}),
        json!({"alg": "eddsa", "kid": "key"}),
        json!({"alg": "none", "kid": "key"}),
    ] {
        assert_refused(&app, ID, &issuer.sign(&header, &claims(&publisher.origin()))).await;
    }
}

async fn a_token_that_is_for_nobody_in_particular_is_refused() {
    // The issuer signs for others with the same keys: its identity tokens, its session cookies.
    let issuer = Pair::new("key");
    let publisher = Publisher::start(Reply::Document(issuer.document()));
    let app = believing(&publisher).await;
    let header = json!({"alg": "EdDSA", "kid": "key"});
    for (name, value) in [
        ("iss", json!(null)),
        ("iss", json!("https://evil.example")),
        ("iss", json!([publisher.origin()])),
        ("aud", json!(null)),
        ("aud", json!("better-auth:session-cache")),
        ("aud", json!("some-oauth-client")),
        ("aud", json!([])),
        ("aud", json!({"a": publisher.origin()})),
    ] {
        let mut claims = claims(&publisher.origin());
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(name);
        } else {
            claims[name] = value;
        }
        assert_refused(&app, ID, &issuer.sign(&header, &claims)).await;
    }
    tasks(&app, ID, &issuer.token(&publisher)).await.expect(200);
}

async fn several_secrets_are_accepted_and_no_others() {
    let (new, old) = (
        "the newer secret of the other issuer 123",
        "the older secret of the other issuer 123",
    );
    let several = format!("2:{new},1:{old}");
    let app = TestApp::spawn_with(&["--better-auth-secrets", &several]).await;
    let token = |secret: &str| forge::sign(r#"{"alg":"HS256"}"#, claims("http://127.0.0.1").to_string(), secret);
    for secret in [new, old] {
        tasks(&app, ID, &token(secret)).await.expect(200);
    }
    for secret in [
        SECRET,
        several.as_str(),
        &format!("2:{new}"),
        &format!("1:{old}"),
        "",
        "2",
        "1",
    ] {
        assert_refused(&app, ID, &token(secret)).await;
    }
    let answer = app.get(shared::paths::READY).ask().await;
    answer.expect(200);
}
