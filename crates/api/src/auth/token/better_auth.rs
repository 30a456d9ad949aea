//! Tokens of a Better Auth server, which shares a secret with us, or publishes its keys.
//!
//! Better Auth signs several things with one secret, and says of none of them what it is. A token is accepted only if it
//! says who it is of: by `sub`, by `user_id`, or by `user.id` and `session.userId`, all of which must agree. That shuts
//! out its mail tokens, which hold an email and nothing else of the kind. An email is never an identity.

use super::json;
use super::jwks::{Jwks, JwksError};
use super::jws::Jws;
use super::keys::{Algorithm, VerifyingKey};
use super::{TIMES, is_current};
use crate::config::Config;
use serde_json::{Map, Value};
use shared::text::{Email, Name};

/// Members that only mail tokens have: what the link in the mail is to do.
const MAIL: [&str; 2] = ["updateTo", "requestType"];

/// The name under which accounts remember where an identity is from.
const ISSUER: &str = "better-auth";

/// The cookie that caches a session, as Better Auth names it.
const COOKIE: &str = "better-auth.session_data";

/// Parts of one cookie at most.
const MAX_CHUNKS: usize = 16;

/// Characters of a subject at most.
const MAX_SUBJECT: usize = 255;

/// Verifies tokens of a Better Auth server.
pub struct BetterAuth {
    secrets: Vec<VerifyingKey>,
    jwks: Option<Jwks>,
    issuer: Option<String>,
    audience: Option<String>,
    cookies: bool,
}

/// Who such a token is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BetterAuthUser {
    /// Who issued the token.
    pub issuer: &'static str,
    /// The id that the issuer knows the person by. Opaque.
    pub subject: String,
    /// The email, as the issuer has it.
    pub email: Email,
    /// Whether the issuer has seen that the person gets the mail sent there.
    pub email_verified: bool,
    /// What to call the person.
    pub name: Option<Name>,
    /// The issuer's id of the session, if the token says it.
    pub session: Option<String>,
    /// When the token was issued, in seconds since 1970.
    pub issued_at: i64,
    /// When the token expires, in seconds since 1970.
    pub expires_at: i64,
}

impl BetterAuth {
    /// As configured; `None` if no other issuer is.
    #[must_use]
    pub fn new(config: &Config) -> Option<Self> {
        let secrets: Vec<_> = config
            .better_auth_secrets()
            .map(|(_, secret)| VerifyingKey::from_secret(secret.as_bytes()))
            .collect();
        let jwks = config.better_auth_jwks_url.clone().map(Jwks::new);
        if secrets.is_empty() && jwks.is_none() {
            return None;
        }
        // Whoever publishes the keys is the issuer, unless the configuration says otherwise.
        let published_by = config
            .better_auth_jwks_url
            .as_ref()
            .map(|url| url.origin().ascii_serialization());
        let issuer = config
            .better_auth_url
            .as_ref()
            .map(|url| url.origin().ascii_serialization())
            .or(published_by);
        let audience = config.better_auth_audience.clone().or_else(|| issuer.clone());
        Some(Self {
            secrets,
            jwks,
            issuer,
            audience,
            cookies: config.better_auth_cookies,
        })
    }

    /// Whom the token is of, if it is one that is good at `now` (seconds since 1970).
    ///
    /// # Errors
    /// If the issuer's keys are needed and have never been had.
    pub async fn verify(&self, token: &str, now: i64) -> Result<Option<BetterAuthUser>, JwksError> {
        let Some(opened) = Jws::open(token) else {
            return Ok(None);
        };
        // Our own kinds of token say what they are; Better Auth's say nothing, or `JWT`.
        if !opened.header("typ").unwrap_or("JWT").eq_ignore_ascii_case("JWT") {
            return Ok(None);
        }
        let payload = match (opened.payload_signed_by(&self.secrets), &self.jwks) {
            (Some(payload), _) => Some(payload),
            (None, Some(jwks)) if opened.algorithm() == Algorithm::EdDsa => match opened.header("kid") {
                Some(kid) => jwks.find(kid).await?.and_then(|key| opened.payload_signed_by([&*key])),
                None => None,
            },
            _ => None,
        };
        Ok(payload
            .and_then(json::object)
            .and_then(|claims| self.read(&claims, opened.algorithm(), now)))
    }

    /// The session that the request's cookies cache, put together from its parts, if cookies are accepted.
    #[must_use]
    pub fn cookie(&self, find: impl Fn(&str) -> Option<String>) -> Option<String> {
        if !self.cookies {
            return None;
        }
        ["__Secure-", ""].iter().find_map(|prefix| {
            let name = format!("{prefix}{COOKIE}");
            find(&name).filter(|whole| !whole.is_empty()).or_else(|| {
                let parts: Vec<_> = (0..MAX_CHUNKS)
                    .map_while(|part| find(&format!("{name}.{part}")))
                    .collect();
                (!parts.is_empty()).then(|| parts.concat())
            })
        })
    }

    /// A key that is published signs for everybody who trusts the issuer: there, the token must say that it is for us.
    fn read(&self, claims: &Map<String, Value>, algorithm: Algorithm, now: i64) -> Option<BetterAuthUser> {
        let times = TIMES.map(|name| claims.get(name).map(|value| value.as_f64().unwrap_or(f64::NAN)));
        if !is_current(times, now) || MAIL.iter().any(|name| claims.contains_key(*name)) {
            return None;
        }
        let expected = |name: &str, expected: &Option<String>| match (claims.get(name), expected) {
            (None, _) => algorithm == Algorithm::Hs256,
            (Some(_), None) => true,
            (Some(Value::String(value)), Some(expected)) => value == expected,
            (Some(Value::Array(values)), Some(expected)) if name == "aud" => {
                values.iter().any(|value| value == expected)
            }
            (Some(_), Some(_)) => false,
        };
        if !expected("iss", &self.issuer) || !expected("aud", &self.audience) {
            return None;
        }

        let user = claims.get("user");
        let session = claims.get("session");
        if user.is_some() != session.is_some() {
            return None;
        }
        let inner =
            |object: Option<&Value>, name: &str| object.map(|object| object.get(name).cloned().unwrap_or_default());
        let ids = [
            claims.get("sub").cloned(),
            claims.get("user_id").cloned(),
            inner(user, "id"),
            inner(session, "userId"),
        ];
        let mut ids = ids.into_iter().flatten();
        let Value::String(subject) = ids.next()? else {
            return None;
        };
        if ids.any(|id| id != subject) || !is_subject(&subject) {
            return None;
        }

        let profile = |name| user.map_or_else(|| claims.get(name), |user| user.get(name));
        let expired = session
            .and_then(|session| session.get("expiresAt"))
            .is_some_and(|end| has_passed(end, now));
        let issued_at = claims.get("iat").and_then(Value::as_i64)?;
        if expired {
            return None;
        }
        let [exp, ..] = times;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the next whole second; the end of time stays that"
        )]
        let expires_at = exp?.ceil() as i64;
        Some(BetterAuthUser {
            issuer: ISSUER,
            email: Email::parse(profile("email")?.as_str()?).ok()?,
            email_verified: profile("emailVerified") == Some(&Value::Bool(true)),
            name: profile("name")
                .and_then(Value::as_str)
                .and_then(|name| Name::parse(name).ok()),
            session: session
                .and_then(|session| session.get("id"))
                .and_then(Value::as_str)
                .map(str::to_owned),
            subject,
            issued_at,
            expires_at,
        })
    }
}

/// Whether it can stand in a URL's path, and in a log.
fn is_subject(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= MAX_SUBJECT
        && text
            .chars()
            .all(|c| c.is_ascii_graphic() && !matches!(c, '/' | '\\' | '?' | '#' | '%'))
        && !matches!(text, "." | "..")
}

/// Better Auth writes a session's end as text (RFC 3339).
fn has_passed(end: &Value, now: i64) -> bool {
    let end = end
        .as_str()
        .and_then(|end| chrono::DateTime::parse_from_rfc3339(end).ok());
    end.is_none_or(|end| end.timestamp() <= now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::token::keys::SigningKey;
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use clap::Parser as _;
    use serde_json::json;

    const NOW: i64 = 1_800_000_000;
    const SECRET: &str = "Zk8vT1qYh5mWc3xRb7nLd9fGj2pSa6E0";
    const OTHER: &str = "Hd4sK9bQw2xVn6mTc8rYj1pLf5gZe3A7";

    fn better_auth(flags: &[&str]) -> BetterAuth {
        let flags = [&["taskward", "--better-auth-secret", SECRET], flags].concat();
        BetterAuth::new(&Config::parse_from(flags)).unwrap()
    }

    fn sign(claims: &Value, secret: &str) -> String {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let message = format!("{}.{}", part(r#"{"alg":"HS256"}"#), part(&claims.to_string()));
        let signature = SigningKey::from_secret(secret.as_bytes()).sign(message.as_bytes());
        format!("{message}.{signature}")
    }

    async fn subject(issuer: &BetterAuth, claims: &Value) -> Option<String> {
        issuer
            .verify(&sign(claims, SECRET), NOW)
            .await
            .unwrap()
            .map(|user| user.subject)
    }

    fn cached_session() -> Value {
        json!({
            "session": {"id": "s1", "userId": "u1", "token": "t", "expiresAt": "2099-01-01T00:00:00.000Z"},
            "user": {"id": "u1", "email": "Ada@Example.org", "emailVerified": true, "name": "Ada"},
            "updatedAt": NOW * 1000, "version": "1", "iat": NOW, "exp": NOW + 300,
        })
    }

    fn minimal() -> Value {
        json!({"sub": "u1", "email": "ada@example.org", "iat": NOW, "exp": NOW + 300})
    }

    #[tokio::test]
    async fn the_three_shapes_are_accepted() {
        let issuer = better_auth(&[]);
        let user = issuer
            .verify(&sign(&cached_session(), SECRET), NOW)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            (user.subject.as_str(), user.email.as_str(), user.email_verified),
            ("u1", "ada@example.org", true)
        );
        assert_eq!(
            (user.name.as_ref().map(Name::as_str), user.session.as_deref()),
            (Some("Ada"), Some("s1"))
        );
        let custom = json!({
            "id": "u1", "email": "ada@example.org", "emailVerified": false, "name": "Ada", "sub": "u1",
            "iss": "http://127.0.0.1:3000", "aud": "http://127.0.0.1:3000", "iat": NOW, "exp": NOW + 300,
        });
        assert_eq!(subject(&issuer, &custom).await.as_deref(), Some("u1"));
        assert_eq!(subject(&issuer, &minimal()).await.as_deref(), Some("u1"));
        let user_id = json!({"user_id": "u1", "email": "ada@example.org", "iat": NOW, "exp": NOW + 300});
        assert_eq!(subject(&issuer, &user_id).await.as_deref(), Some("u1"));
    }

    #[tokio::test]
    async fn mail_tokens_are_refused() {
        let issuer = better_auth(&[]);
        let mail = json!({"email": "ada@example.org", "iat": NOW, "exp": NOW + 300});
        assert_eq!(subject(&issuer, &mail).await, None);
        for (name, value) in [
            ("updateTo", "eve@example.org"),
            ("requestType", "change-email-verification"),
        ] {
            let mut claims = minimal();
            claims[name] = value.into();
            assert_eq!(subject(&issuer, &claims).await, None, "{name}");
        }
    }

    #[tokio::test]
    async fn ids_must_all_agree() {
        let issuer = better_auth(&[]);
        for path in ["/sub", "/user_id", "/user/id", "/session/userId"] {
            let mut claims = cached_session();
            claims["sub"] = "u1".into();
            claims["user_id"] = "u1".into();
            assert_eq!(subject(&issuer, &claims).await.as_deref(), Some("u1"));
            for wrong in [json!("u2"), json!(null), json!(1), json!("")] {
                *claims.pointer_mut(path).unwrap() = wrong.clone();
                assert_eq!(subject(&issuer, &claims).await, None, "{path} is {wrong}");
            }
        }
        for member in ["user", "session"] {
            let mut claims = cached_session();
            claims["sub"] = "u1".into();
            claims.as_object_mut().unwrap().remove(member);
            assert_eq!(subject(&issuer, &claims).await, None, "no {member}");
        }
    }

    #[tokio::test]
    async fn wrong_keys_times_and_sessions_are_refused() {
        let issuer = better_auth(&[]);
        assert_eq!(issuer.verify(&sign(&minimal(), OTHER), NOW).await.unwrap(), None);
        assert_eq!(issuer.verify(&sign(&minimal(), SECRET), NOW + 300).await.unwrap(), None);
        let mut ended = cached_session();
        ended["session"]["expiresAt"] = "2020-01-01T00:00:00.000Z".into();
        assert_eq!(subject(&issuer, &ended).await, None);
        for name in ["exp", "iat", "email"] {
            let mut claims = minimal();
            claims.as_object_mut().unwrap().remove(name);
            assert_eq!(subject(&issuer, &claims).await, None, "no {name}");
        }
        for bad in ["a/b", "..", "a b", "a%2e", "é"] {
            let mut claims = minimal();
            claims["sub"] = bad.into();
            assert_eq!(subject(&issuer, &claims).await, None, "{bad}");
        }
    }

    #[tokio::test]
    async fn issuer_and_audience_must_be_the_configured_ones() {
        let issuer = better_auth(&["--better-auth-url", "https://auth.example.org"]);
        let mut claims = minimal();
        claims["iss"] = "https://auth.example.org".into();
        claims["aud"] = json!(["https://auth.example.org"]);
        assert!(subject(&issuer, &claims).await.is_some());
        for name in ["iss", "aud"] {
            let mut wrong = claims.clone();
            wrong[name] = "https://evil.example.org".into();
            assert_eq!(subject(&issuer, &wrong).await, None, "{name}");
        }
    }

    #[tokio::test]
    async fn several_secrets_are_accepted_with_or_without_their_versions() {
        let issuer = better_auth(&["--better-auth-secrets", &format!("2:{OTHER}")]);
        assert!(issuer.verify(&sign(&minimal(), OTHER), NOW).await.unwrap().is_some());
        assert!(issuer.verify(&sign(&minimal(), SECRET), NOW).await.unwrap().is_some());
    }

    #[test]
    fn cookies_are_put_together_from_their_parts() {
        let whole = |name: &str| (name == "better-auth.session_data").then(|| "abc".to_owned());
        let parts = |name: &str| {
            let part = name.strip_prefix("__Secure-better-auth.session_data.")?;
            ["a", "b", "c"]
                .get(part.parse::<usize>().ok()?)
                .map(|part| (*part).to_owned())
        };
        let accepting = better_auth(&["--better-auth-cookies", "true"]);
        assert_eq!(accepting.cookie(whole).as_deref(), Some("abc"));
        assert_eq!(accepting.cookie(parts).as_deref(), Some("abc"));
        assert_eq!(accepting.cookie(|_| None), None);
        assert_eq!(better_auth(&[]).cookie(whole), None);
    }
}
