//! The compact serialisation of a signed token (RFC 7515 §3.1), read strictly: what can be written in one way only is
//! accepted in that way only.

use super::json;
use super::keys::{Algorithm, VerifyingKey};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

/// Longer tokens are refused unread (bytes).
pub const MAX_LENGTH: usize = 8 * 1024;

/// Header members that would change how the rest is to be read. A verifier that does not do what they say must refuse
/// the token (RFC 7515 §4.1.11), and this one does none of it: critical extensions, unencoded payloads (RFC 7797),
/// compression (RFC 7516 §4.1.3).
const FORBIDDEN: [&str; 3] = ["crit", "b64", "zip"];

/// A token taken apart. Nothing of it is to be believed before its signature has been verified.
///
/// Keys that the header names or brings along (`jku`, `jwk`, `x5u`, `x5c`) are never looked at.
pub struct Jws<'a> {
    algorithm: Algorithm,
    header: Map<String, Value>,
    message: &'a str,
    signature: &'a str,
    payload: Vec<u8>,
}

/// What a token says whose signature has been verified.
pub struct Signed {
    /// `None`: it is the usual one.
    header: Option<Map<String, Value>>,
    payload: Vec<u8>,
}

/// The header of the tokens that somebody makes, which need not be read anew in each of them: encoded, with the dot that comes
/// after it.
pub struct UsualHeader(String);

impl UsualHeader {
    /// The header of tokens of this `typ`, signed by [`Algorithm::Hs256`].
    #[must_use]
    pub fn of_type(typ: &str) -> Self {
        let header = format!(r#"{{"typ":"{typ}","alg":"HS256"}}"#);
        Self(URL_SAFE_NO_PAD.encode(header) + ".")
    }

    /// What comes before the signature in a token of this payload.
    #[must_use]
    pub fn message(&self, payload: &[u8]) -> String {
        let mut message = self.0.clone();
        URL_SAFE_NO_PAD.encode_string(payload, &mut message);
        message
    }

    /// What comes after it in a token that has it.
    fn strip<'a>(&self, message: &'a str) -> Option<&'a str> {
        message.strip_prefix(self.0.as_str())
    }
}

impl Signed {
    /// Takes a token apart that one of `keys` has signed, which are for the algorithm of the `usual` header. The signature
    /// comes first: of a token that somebody else has made, nothing is read.
    #[must_use]
    pub fn open(token: &str, keys: &[VerifyingKey], usual: &UsualHeader) -> Option<Self> {
        let (message, signature) = token.rsplit_once('.')?;
        if token.len() > MAX_LENGTH {
            return None;
        }
        let key = keys.iter().find(|key| key.verifies(message.as_bytes(), signature))?;
        if let Some(payload) = usual.strip(message) {
            return Some(Self {
                header: None,
                payload: decode(payload)?,
            });
        }
        let jws = Jws::open(token).filter(|jws| jws.algorithm == key.algorithm())?;
        Some(Self {
            header: Some(jws.header),
            payload: jws.payload,
        })
    }

    /// Whether it has the usual header.
    #[must_use]
    pub fn is_usual(&self) -> bool {
        self.header.is_none()
    }

    /// A member of the header that is text, if that is not the usual one.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.header.as_ref()?.get(name)?.as_str()
    }

    /// What was signed.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }
}

/// The engine takes neither padding, nor white space, nor bits that are left over; a dot is no letter of it.
fn decode(part: &str) -> Option<Vec<u8>> {
    (!part.is_empty()).then(|| URL_SAFE_NO_PAD.decode(part).ok())?
}

impl<'a> Jws<'a> {
    /// Takes a token apart: three parts in canonical base64url, and a header with no member twice.
    #[must_use]
    pub fn open(token: &'a str) -> Option<Self> {
        if token.len() > MAX_LENGTH {
            return None;
        }
        let (message, signature) = token.rsplit_once('.')?;
        let (header, payload) = message.split_once('.')?;
        let header = json::object(&decode(header)?)?;
        let payload = decode(payload)?;
        decode(signature)?;
        if FORBIDDEN.iter().any(|name| header.contains_key(*name)) {
            return None;
        }
        if header.get("typ").is_some_and(|typ| !typ.is_string()) {
            return None;
        }
        Some(Self {
            algorithm: Algorithm::from_name(header.get("alg")?.as_str()?)?,
            header,
            message,
            signature,
            payload,
        })
    }

    /// By which algorithm the token says that it is signed.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// A member of the header that is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.header.get(name)?.as_str()
    }

    /// The payload, if one of `keys` has signed it, by the algorithm that the token says.
    #[must_use]
    pub fn payload_signed_by<'k>(&self, keys: impl IntoIterator<Item = &'k VerifyingKey>) -> Option<&[u8]> {
        let signed = |key: &VerifyingKey| {
            key.algorithm() == self.algorithm && key.verifies(self.message.as_bytes(), self.signature)
        };
        keys.into_iter().any(signed).then_some(&self.payload)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::token::keys::SigningKey;
    use proptest::prelude::*;

    const SECRET: &[u8] = b"an example key of thirty-two byte";

    fn verify(token: &str, secret: &[u8]) -> Option<Vec<u8>> {
        let key = VerifyingKey::from_secret(secret);
        Jws::open(token)?.payload_signed_by([&key]).map(<[u8]>::to_vec)
    }

    fn sign(header: &str, payload: &str) -> String {
        let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
        format!("{message}.{}", SigningKey::from_secret(SECRET).sign(message.as_bytes()))
    }

    /// Project Wycheproof's vectors of HS256.
    #[test]
    fn wycheproof_vectors_of_hs256_hold() {
        // Marked valid, though their encoding has a character that is no letter of the alphabet (RFC 4648 §3.3).
        const NOT_CANONICAL: [u64; 2] = [372, 373];
        // Marked invalid for their padding, which the file has lost: they are 357, which is valid, to the letter.
        const SAME_AS_357: [u64; 2] = [367, 370];
        let vectors: Value = serde_json::from_str(include_str!("wycheproof_hs256.json")).unwrap();
        let mut count = 0;
        for group in vectors["testGroups"].as_array().unwrap() {
            let secret = URL_SAFE_NO_PAD.decode(group["private"]["k"].as_str().unwrap()).unwrap();
            for test in group["tests"].as_array().unwrap() {
                let id = test["tcId"].as_u64().unwrap();
                let valid = test["result"] == "valid" && !NOT_CANONICAL.contains(&id) || SAME_AS_357.contains(&id);
                let accepted = verify(test["jws"].as_str().unwrap(), &secret).is_some();
                assert_eq!(accepted, valid, "{id}: {}", test["comment"]);
                count += 1;
            }
        }
        assert_eq!(count, 38);
    }

    #[test]
    fn headers_that_change_the_rules_are_refused() {
        assert!(verify(&sign(r#"{"alg":"HS256"}"#, "{}"), SECRET).is_some());
        for header in [
            r#"{"alg":"none"}"#,
            r#"{"alg":"hs256"}"#,
            r#"{"alg":"HS512"}"#,
            r#"{"alg":"EdDSA"}"#,
            r#"{"alg":["HS256"]}"#,
            "{}",
            "[]",
            r#"{"alg":"HS256","crit":["exp"]}"#,
            r#"{"alg":"HS256","crit":[]}"#,
            r#"{"alg":"HS256","b64":false}"#,
            r#"{"alg":"HS256","zip":"DEF"}"#,
            r#"{"alg":"HS256","typ":null}"#,
            r#"{"alg":"HS256","typ":["JWT"]}"#,
            r#"{"alg":"none","alg":"HS256"}"#,
            r#"{"alg":"HS256","kid":"1","kid":"2"}"#,
        ] {
            assert!(verify(&sign(header, "{}"), SECRET).is_none(), "{header}");
        }
    }

    #[test]
    fn longer_tokens_are_refused() {
        let token = sign(r#"{"alg":"HS256"}"#, &" ".repeat(MAX_LENGTH));
        assert!(verify(&token, SECRET).is_none());
    }

    proptest! {
        #[test]
        fn no_text_whatever_is_accepted_or_panics(token in "[A-Za-z0-9_.=-]{0,200}|\\PC{0,80}") {
            prop_assert!(verify(&token, SECRET).is_none());
        }

        #[test]
        fn any_change_of_a_character_is_noticed(place in any::<prop::sample::Index>(), with in "[ -~]") {
            let token = sign(r#"{"alg":"HS256"}"#, r#"{"sub":"ada"}"#);
            let place = place.index(token.len());
            let mut changed = token.clone();
            changed.replace_range(place..=place, &with);
            prop_assert_eq!(verify(&changed, SECRET).is_some(), changed == token);
        }
    }
}
