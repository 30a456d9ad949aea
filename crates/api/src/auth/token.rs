//! Tokens: issuing them, and the one strict verifier (RFC 8725).

pub mod better_auth;
mod json;
pub mod jwks;
pub mod jws;
pub mod keys;

use crate::config::Config;
use jws::{Signed, UsualHeader};
use keys::{SigningKey, VerifyingKey};
use serde::Serialize;
use serde::de::DeserializeOwned;
use shared::claims::{AccessClaims, SessionClaims};
use shared::text::AccessToken;

/// How far in the future another node's clock may have issued a token (seconds).
const CLOCK_SKEW: f64 = 15.0;

/// The `aud` of session cookies.
pub const SESSION_AUDIENCE: &str = "taskward-session";

/// The `typ` of access tokens (RFC 9068 §2.1).
const ACCESS_TYPE: &str = "at+jwt";

/// The `typ` of session cookies.
const SESSION_TYPE: &str = "session+jwt";

/// The session cookie's value.
pub struct SessionToken(String);

impl SessionToken {
    /// The token itself. Whoever calls this answers for where it goes.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// Issues and verifies both kinds of token.
pub struct Tokens {
    issuer: String,
    audience: String,
    signing: SigningKey,
    verifying: Vec<VerifyingKey>,
    access_header: UsualHeader,
    session_header: UsualHeader,
}

/// A token could not be made.
#[derive(Debug, thiserror::Error)]
#[error("a token cannot be written")]
pub struct SignError(#[from] serde_json::Error);

impl Tokens {
    /// Signs with the raw bytes of `secret`, and accepts what was signed with that or with one of `previous`.
    #[must_use]
    pub fn new<'a>(secret: &'a str, previous: impl IntoIterator<Item = &'a str>, config: &Config) -> Self {
        let verifying = std::iter::once(secret)
            .chain(previous)
            .map(|secret| VerifyingKey::from_secret(secret.as_bytes()));
        Self {
            issuer: config.jwt_issuer.clone(),
            audience: config.jwt_audience.clone(),
            signing: SigningKey::from_secret(secret.as_bytes()),
            verifying: verifying.collect(),
            access_header: UsualHeader::of_type(ACCESS_TYPE),
            session_header: UsualHeader::of_type(SESSION_TYPE),
        }
    }

    /// The `iss` of every token.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The `aud` of access tokens.
    #[must_use]
    pub fn access_audience(&self) -> &str {
        &self.audience
    }

    /// Signs an access token.
    ///
    /// # Errors
    /// If the claims are no JSON; they give no reason to be none.
    pub fn sign_access(&self, claims: &AccessClaims) -> Result<AccessToken, SignError> {
        self.sign(&self.access_header, claims).map(AccessToken::new)
    }

    /// Signs a session cookie.
    ///
    /// # Errors
    /// If the claims are no JSON; they give no reason to be none.
    pub fn sign_session(&self, claims: &SessionClaims) -> Result<SessionToken, SignError> {
        self.sign(&self.session_header, claims).map(SessionToken)
    }

    /// What an access token says, if it is one of ours that is still good at `now` (seconds since 1970).
    #[must_use]
    pub fn verify_access(&self, token: &str, now: i64) -> Option<AccessClaims> {
        let claims: AccessClaims = self.verify(token, ACCESS_TYPE, &self.access_header, now)?;
        let ours = claims.iss == self.issuer && claims.aud == self.audience && claims.sub == claims.user_id;
        (ours && claims.iat < claims.exp).then_some(claims)
    }

    /// What a session cookie says, if it is one of ours that is still good at `now` (seconds since 1970).
    #[must_use]
    pub fn verify_session(&self, token: &str, now: i64) -> Option<SessionClaims> {
        let claims: SessionClaims = self.verify(token, SESSION_TYPE, &self.session_header, now)?;
        let ours = claims.iss == self.issuer && claims.aud == SESSION_AUDIENCE;
        (ours && claims.iat < claims.exp && claims.auth_time <= claims.iat).then_some(claims)
    }

    fn sign<T: Serialize>(&self, header: &UsualHeader, claims: &T) -> Result<String, SignError> {
        let message = header.message(&serde_json::to_vec(claims)?);
        let signature = self.signing.sign(message.as_bytes());
        Ok(format!("{message}.{signature}"))
    }

    /// The signature comes first: nothing is parsed that we have not signed.
    fn verify<T: DeserializeOwned>(&self, token: &str, kind: &str, usual: &UsualHeader, now: i64) -> Option<T> {
        let jws = Signed::open(token, &self.verifying, usual)?;
        // A token that says of what kind it is must be of this kind; one that says only `JWT` is told apart by its `aud`.
        let typ = jws.header("typ").unwrap_or("JWT");
        if !jws.is_usual() && !typ.eq_ignore_ascii_case(kind) && !typ.eq_ignore_ascii_case("JWT") {
            return None;
        }
        if !is_current(json::numbers(jws.payload(), TIMES)?, now) {
            return None;
        }
        serde_json::from_slice(jws.payload()).ok()
    }
}

/// The claims that say when a token is good (RFC 7519 §4.1.4 to §4.1.6).
pub const TIMES: [&str; 3] = ["exp", "nbf", "iat"];

/// Whether the token is good at `now`, by its [`TIMES`], of which each that is no number is NaN. `exp` must be there, and be later;
/// what says that it was made, or is good, from some time on must not say a time that no clock nearly agrees with.
#[must_use]
pub fn is_current([exp, nbf, iat]: [Option<f64>; 3], now: i64) -> bool {
    #[expect(clippy::cast_precision_loss, reason = "exact for the next 285 million years")]
    let now = now as f64;
    let begun = |claim: Option<f64>| claim.is_none_or(|from| from.is_finite() && from <= now + CLOCK_SKEW);
    exp.is_some_and(|exp| exp.is_finite() && exp > now) && begun(nbf) && begun(iat)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use clap::Parser as _;
    use serde_json::{Value, json};
    use uuid::Uuid;

    const NOW: i64 = 1_800_000_000;
    const SECRET: &str = "n3J8sVq0bT5xKc7mWd2fYh4gLp9rZa1E";
    const OLD_SECRET: &str = "Qm7uR2wXz5Cv8Bn1Ld4Hj6Ks9Tf3Gy0A";

    fn tokens(secret: &str, previous: &[&str]) -> Tokens {
        Tokens::new(secret, previous.iter().copied(), &Config::parse_from(["taskward"]))
    }

    fn access() -> AccessClaims {
        AccessClaims {
            sub: "ada".into(),
            user_id: "ada".into(),
            email: "ada@example.org".into(),
            iat: NOW,
            exp: NOW + 60,
            iss: "taskward".into(),
            aud: "taskward-api".into(),
            sid: Uuid::nil(),
            epoch: 0,
        }
    }

    fn session() -> SessionClaims {
        SessionClaims {
            sub: "ada".into(),
            sid: Uuid::nil(),
            epoch: 0,
            auth_time: NOW,
            iat: NOW,
            exp: NOW + 60,
            iss: "taskward".into(),
            aud: SESSION_AUDIENCE.into(),
        }
    }

    #[test]
    fn each_kind_of_token_is_refused_as_the_other() {
        let tokens = tokens(SECRET, &[]);
        let cookie = tokens.sign_session(&session()).unwrap();
        let token = tokens.sign_access(&access()).unwrap();
        assert_eq!(tokens.verify_access(token.reveal(), NOW), Some(access()));
        assert_eq!(tokens.verify_session(cookie.reveal(), NOW), Some(session()));
        assert_eq!(tokens.verify_access(cookie.reveal(), NOW), None);
        assert_eq!(tokens.verify_session(token.reveal(), NOW), None);
    }

    #[test]
    fn tokens_of_our_own_have_the_usual_header_and_others_need_not_have_it() {
        let tokens = tokens(SECRET, &[]);
        let ours = tokens.sign_access(&access()).unwrap();
        let open = |token: &str| Signed::open(token, &tokens.verifying, &tokens.access_header);
        assert!(open(ours.reveal()).unwrap().is_usual());
        let (_, payload) = ours.reveal().split_once('.').unwrap();
        let (payload, _) = payload.split_once('.').unwrap();
        let signed_under = |header: &str| {
            let message = format!("{}.{payload}", URL_SAFE_NO_PAD.encode(header));
            let signature = tokens.signing.sign(message.as_bytes());
            format!("{message}.{signature}")
        };
        for header in [
            r#"{"alg":"HS256"}"#,
            r#"{ "alg": "HS256", "typ": "AT+JWT" }"#,
            r#"{"alg":"HS256","typ":"jwt"}"#,
        ] {
            let token = signed_under(header);
            assert!(!open(&token).unwrap().is_usual(), "{header}");
            assert_eq!(tokens.verify_access(&token, NOW), Some(access()), "{header}");
        }
        for header in [
            r#"{"alg":"HS256","typ":"session+jwt"}"#,
            r#"{"alg":"HS512","typ":"at+jwt"}"#,
            r#"{"alg":"HS256","typ":"at+jwt","crit":["exp"]}"#,
        ] {
            assert_eq!(tokens.verify_access(&signed_under(header), NOW), None, "{header}");
        }
    }

    #[test]
    fn a_claim_that_stands_twice_is_refused() {
        let tokens = tokens(SECRET, &[]);
        let text = serde_json::to_string(&access()).unwrap();
        let accepted = |claims: &str| {
            let message = tokens.access_header.message(claims.as_bytes());
            let signature = tokens.signing.sign(message.as_bytes());
            tokens.verify_access(&format!("{message}.{signature}"), NOW).is_some()
        };
        let with = |more: &str| text.replacen('{', &format!("{{{more},"), 1);
        assert!(accepted(&with(r#""role":{"a":1}"#)));
        for twice in [
            r#""role":1,"role":2"#,
            r#""exp":1800000060"#,
            r#""sub":"ada""#,
            r#""nbf":0,"nbf":0"#,
        ] {
            assert!(!accepted(&with(twice)), "{twice}");
        }
    }

    #[test]
    fn token_is_good_until_the_second_it_expires_in() {
        let tokens = tokens(SECRET, &[]);
        let token = tokens.sign_access(&access()).unwrap();
        assert!(tokens.verify_access(token.reveal(), NOW + 59).is_some());
        assert!(tokens.verify_access(token.reveal(), NOW + 60).is_none());
        assert!(tokens.verify_access(token.reveal(), NOW - 15).is_some());
        assert!(tokens.verify_access(token.reveal(), NOW - 16).is_none());
    }

    #[test]
    fn wrong_claims_are_refused() {
        let tokens = tokens(SECRET, &[]);
        let refused = |change: &dyn Fn(&mut Value)| {
            let mut claims = serde_json::to_value(access()).unwrap();
            change(&mut claims);
            let token = tokens.sign(&tokens.access_header, &claims).unwrap();
            tokens.verify_access(&token, NOW).is_none()
        };
        assert!(!refused(&|_| {}));
        for name in ["sub", "user_id", "email", "iat", "exp", "iss", "aud", "sid", "epoch"] {
            assert!(
                refused(&|claims| drop(claims.as_object_mut().unwrap().remove(name))),
                "{name} is absent"
            );
        }
        for (name, value) in [
            ("sub", json!("bob")),
            ("user_id", json!("bob")),
            ("iss", json!("somebody")),
            ("aud", json!("somewhere")),
            ("aud", json!(["taskward-api"])),
            ("exp", json!("1800000060")),
            ("exp", json!(null)),
            ("exp", json!(NOW)),
            ("iat", json!(NOW + 16)),
            ("iat", json!("now")),
            ("nbf", json!(NOW + 16)),
            ("nbf", json!("now")),
            ("epoch", json!("0")),
        ] {
            assert!(refused(&|claims| claims[name] = value.clone()), "{name} is {value}");
        }
    }

    #[test]
    fn a_previous_secret_is_good_until_it_is_removed() {
        let old = tokens(OLD_SECRET, &[]).sign_access(&access()).unwrap();
        assert!(tokens(SECRET, &[OLD_SECRET]).verify_access(old.reveal(), NOW).is_some());
        assert!(tokens(SECRET, &[]).verify_access(old.reveal(), NOW).is_none());
        let new = tokens(SECRET, &[OLD_SECRET]).sign_access(&access()).unwrap();
        assert!(tokens(SECRET, &[]).verify_access(new.reveal(), NOW).is_some());
    }
}
