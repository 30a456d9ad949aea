//! Tokens, read and forged by hand: an implementation apart from the one that is tested.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::{Sha256, Sha384};

/// The secret that every test server signs with.
pub const SECRET: &str = "a secret of the tests, which is long enough";

/// What a token says, whoever signed it.
#[derive(Clone, Debug)]
pub struct Token {
    /// The JOSE header.
    pub header: Value,
    /// The claims.
    pub claims: Value,
}

impl Token {
    /// Takes a token apart.
    pub fn read(encoded: &str) -> Self {
        let parts: Vec<_> = encoded.split('.').collect();
        assert_eq!(parts.len(), 3, "a signed JWT");
        let part = |index: usize| {
            let bytes = BASE64.decode(parts[index]).expect("base64url without padding");
            serde_json::from_slice(&bytes).expect("JSON")
        };
        Self {
            header: part(0),
            claims: part(1),
        }
    }

    /// The same token with another claim. `Value::Null` takes the claim away.
    #[must_use]
    pub fn with(mut self, claim: &str, value: impl Into<Value>) -> Self {
        set(&mut self.claims, claim, value.into());
        self
    }

    /// The same token with another header member. `Value::Null` takes the member away.
    #[must_use]
    pub fn with_header(mut self, member: &str, value: impl Into<Value>) -> Self {
        set(&mut self.header, member, value.into());
        self
    }

    /// A claim that is a number.
    pub fn number(&self, claim: &str) -> i64 {
        self.claims[claim]
            .as_i64()
            .unwrap_or_else(|| panic!("{claim}: {self:?}"))
    }

    /// A claim that is text.
    pub fn text(&self, claim: &str) -> &str {
        self.claims[claim]
            .as_str()
            .unwrap_or_else(|| panic!("{claim}: {self:?}"))
    }

    /// Signed as the server signs: HMAC with SHA-256 and the tests' secret, whatever the header says.
    pub fn sign(&self) -> String {
        self.sign_with(SECRET)
    }

    /// Signed with this secret (HMAC with SHA-256).
    pub fn sign_with(&self, secret: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any length");
        mac.update(self.unsigned().as_bytes());
        format!("{}.{}", self.unsigned(), BASE64.encode(mac.finalize().into_bytes()))
    }

    /// Signed properly with the right secret, but by an algorithm that the server does not use: HS384.
    pub fn sign_hs384(&self) -> String {
        let token = self.clone().with_header("alg", "HS384");
        let mut mac = Hmac::<Sha384>::new_from_slice(SECRET.as_bytes()).expect("any length");
        mac.update(token.unsigned().as_bytes());
        format!("{}.{}", token.unsigned(), BASE64.encode(mac.finalize().into_bytes()))
    }

    /// Not signed at all, and says so (RFC 7519 §6.1).
    pub fn unsecured(&self, alg: &str) -> String {
        format!("{}.", self.clone().with_header("alg", alg).unsigned())
    }

    fn unsigned(&self) -> String {
        let part = |value: &Value| BASE64.encode(value.to_string());
        format!("{}.{}", part(&self.header), part(&self.claims))
    }
}

fn set(object: &mut Value, member: &str, value: Value) {
    if value == json!(null) {
        object.as_object_mut().expect("an object").remove(member);
    } else {
        object[member] = value;
    }
}
