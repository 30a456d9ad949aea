//! Keys and signatures: HMAC with SHA-256 (RFC 7518 §3.2) and Ed25519 (RFC 8037 §3.1). The only user of ring.
//!
//! A key knows the one algorithm that it is for, so that no token can have it taken for a key of another (RFC 8725 §2.1).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use ring::signature::{ED25519, ED25519_PUBLIC_KEY_LEN, UnparsedPublicKey};

/// Bytes of the longest signature, and a few for the decoder, which rounds up.
const SIGNATURE_ROOM: usize = 72;

/// An algorithm of JSON Web Signatures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// HMAC with SHA-256.
    Hs256,
    /// Ed25519.
    EdDsa,
}

impl Algorithm {
    /// The algorithm of this `alg`, if it is one of ours.
    #[must_use]
    pub fn from_name(alg: &str) -> Option<Self> {
        match alg {
            "HS256" => Some(Self::Hs256),
            "EdDSA" => Some(Self::EdDsa),
            _ => None,
        }
    }
}

/// A key that signs, by [`Algorithm::Hs256`].
pub struct SigningKey(hmac::Key);

impl SigningKey {
    /// The raw bytes of a secret.
    #[must_use]
    pub fn from_secret(secret: &[u8]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, secret))
    }

    /// A key for this purpose alone, of a secret that has others: what is signed for one of them is nothing for another
    /// (NIST SP 800-57 part 1 §5.2).
    #[must_use]
    pub fn derived(secret: &[u8], purpose: &[u8]) -> Self {
        Self(derive(secret, purpose))
    }

    /// The signature of `message`, in base64url.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> String {
        URL_SAFE_NO_PAD.encode(hmac::sign(&self.0, message))
    }
}

/// A key that verifies what another one has signed, or itself.
pub enum VerifyingKey {
    /// For [`Algorithm::Hs256`].
    Secret(hmac::Key),
    /// For [`Algorithm::EdDsa`].
    Public(UnparsedPublicKey<[u8; ED25519_PUBLIC_KEY_LEN]>),
}

impl VerifyingKey {
    /// The raw bytes of a secret.
    #[must_use]
    pub fn from_secret(secret: &[u8]) -> Self {
        Self::Secret(hmac::Key::new(hmac::HMAC_SHA256, secret))
    }

    /// The key that verifies what [`SigningKey::derived`] signs.
    #[must_use]
    pub fn derived(secret: &[u8], purpose: &[u8]) -> Self {
        Self::Secret(derive(secret, purpose))
    }

    /// A public key of Ed25519, in base64url, as a JSON Web Key has it (RFC 8037 §2).
    #[must_use]
    pub fn from_ed25519(x: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(x).ok()?.try_into().ok()?;
        Some(Self::Public(UnparsedPublicKey::new(&ED25519, bytes)))
    }

    /// The algorithm that the key is for.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        match self {
            Self::Secret(_) => Algorithm::Hs256,
            Self::Public(_) => Algorithm::EdDsa,
        }
    }

    /// Whether `signature`, in canonical base64url, is this key's of `message`. Takes as long whatever is wrong with a code.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &str) -> bool {
        let mut room = [0; SIGNATURE_ROOM];
        let Ok(length) = URL_SAFE_NO_PAD.decode_slice(signature, &mut room) else {
            return false;
        };
        let Some(signature) = room.get(..length) else {
            return false;
        };
        match self {
            Self::Secret(key) => hmac::verify(key, message, signature).is_ok(),
            Self::Public(key) => key.verify(message, signature).is_ok(),
        }
    }
}

fn derive(secret: &[u8], purpose: &[u8]) -> hmac::Key {
    let derived = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), purpose);
    hmac::Key::new(hmac::HMAC_SHA256, derived.as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_derived_key_is_for_its_purpose_alone() {
        let signature = SigningKey::derived(b"secret", b"one").sign(b"message");
        assert!(VerifyingKey::derived(b"secret", b"one").verifies(b"message", &signature));
        for other in [
            VerifyingKey::derived(b"secret", b"another"),
            VerifyingKey::derived(b"another", b"one"),
            VerifyingKey::from_secret(b"secret"),
        ] {
            assert!(!other.verifies(b"message", &signature));
        }
    }

    /// RFC 8037, appendix A.4: a JWS that is signed with the key pair of appendix A.1.
    #[test]
    fn a_published_signature_of_ed25519_is_verified() {
        let key = VerifyingKey::from_ed25519("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").unwrap();
        let message = b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
        let signature = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
        assert!(key.verifies(message, signature));
        assert!(!key.verifies(b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmd", signature));
        assert!(!key.verifies(message, &signature.replacen('h', "i", 1)));
        assert!(!key.verifies(message, &format!("{signature}AAAA")));
    }

    #[test]
    fn a_public_key_of_another_length_is_none() {
        for x in [
            "",
            "AAAA",
            "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURoAAAA",
            "not base64url",
        ] {
            assert!(VerifyingKey::from_ed25519(x).is_none(), "{x}");
        }
    }
}
