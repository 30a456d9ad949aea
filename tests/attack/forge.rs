//! Forged tokens, made by hand to the last byte.

use base64::Engine;
use base64::alphabet;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// A part of a token: base64url without padding.
pub(crate) fn part(bytes: impl AsRef<[u8]>) -> String {
    BASE64.encode(bytes)
}

/// A token of exactly this header and this payload, signed by HMAC with SHA-256.
pub(crate) fn sign(header: impl AsRef<[u8]>, payload: impl AsRef<[u8]>, secret: impl AsRef<[u8]>) -> String {
    sign_parts(&part(header), &part(payload), secret)
}

/// A token of exactly these parts, signed by HMAC with SHA-256.
pub(crate) fn sign_parts(header: &str, payload: &str, secret: impl AsRef<[u8]>) -> String {
    let message = format!("{header}.{payload}");
    let signature = part(hmac(&message, secret));
    format!("{message}.{signature}")
}

/// The authentication code of a message.
pub(crate) fn hmac(message: &str, secret: impl AsRef<[u8]>) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_ref()).expect("any length");
    mac.update(message.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// The three parts of a token.
pub(crate) fn parts(token: &str) -> [&str; 3] {
    let parts: Vec<_> = token.split('.').collect();
    parts.try_into().expect("three parts")
}

/// Another spelling of the same bytes: the bits that the last letter has to spare are set.
pub(crate) fn spare_bits(part: &str) -> String {
    assert_ne!(part.len() % 4, 0, "no bits to spare");
    let letters = alphabet::URL_SAFE.as_str();
    let last = part
        .chars()
        .last()
        .and_then(|last| letters.find(last))
        .expect("base64url");
    let other = letters.as_bytes()[last + 1];
    format!("{}{}", &part[..part.len() - 1], char::from(other))
}
