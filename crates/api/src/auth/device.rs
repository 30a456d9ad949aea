//! Device cookies (OWASP, “Slow Down Online Guessing Attacks with Device Cookies”): a device on which an account has been signed
//! in to is known again, so that nobody's guesses elsewhere, nor at the same address, hold its owner up.
//!
//! The cookie opens nothing: whoever has it still needs the password, and has few tries.

use super::session::{cookie, cookie_named};
use super::token::keys::{SigningKey, VerifyingKey};
use crate::config::Config;
use crate::db::types::Digest;
use actix_web::HttpRequest;
use actix_web::cookie::Cookie;
use uuid::Uuid;

/// A device is known for so long after a sign-in on it (seconds): a year.
const KNOWN_FOR: i64 = 365 * 86_400;

/// What the key is for.
const PURPOSE: &[u8] = b"taskward device cookie, version 1";

/// Letters of a nonce: a UUID without hyphens.
const NONCE: usize = 32;

/// A device on which the account that is tried has been signed in to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Device(Digest);

impl Device {
    /// Under what its wrong passwords are counted.
    #[must_use]
    pub fn key(self) -> Digest {
        self.0
    }
}

/// Issues device cookies, and knows them again.
pub struct Devices {
    signing: SigningKey,
    verifying: Vec<VerifyingKey>,
}

impl Devices {
    /// Signs with a key of `secret`'s, and knows what was signed with one of that or of one of `previous`.
    #[must_use]
    pub fn new<'a>(secret: &'a str, previous: impl IntoIterator<Item = &'a str>) -> Self {
        let verifying = std::iter::once(secret)
            .chain(previous)
            .map(|secret| VerifyingKey::derived(secret.as_bytes(), PURPOSE));
        Self {
            signing: SigningKey::derived(secret.as_bytes(), PURPOSE),
            verifying: verifying.collect(),
        }
    }

    /// A cookie that says that somebody has signed in as `email` at `now` (seconds since 1970) on the device that keeps it.
    #[must_use]
    pub fn cookie(&self, email: &str, config: &Config, now: i64) -> Cookie<'static> {
        cookie(config, cookie_name(config), self.issue(email, now), KNOWN_FOR)
    }

    /// The device that such a cookie's `value` is of. `None`: it is none of ours, is of another account, or has expired at `now`.
    #[must_use]
    pub fn recognise(&self, value: &str, email: &str, now: i64) -> Option<Device> {
        let (stamp, signature) = value.rsplit_once('.')?;
        let (exp, nonce) = stamp.split_once('.')?;
        // Of one length and alphabet, so that no part of an email passes for one of the nonce.
        let whole = nonce.len() == NONCE && Uuid::try_parse(nonce).is_ok();
        let message = message(stamp, email);
        let signed = |key: &VerifyingKey| key.verifies(message.as_bytes(), signature);
        if !whole || exp.parse::<i64>().ok()? <= now || !self.verifying.iter().any(signed) {
            return None;
        }
        Some(Device(Digest::of(&["device", nonce])))
    }

    /// The email is part of what is signed, and not of the cookie: who finds one learns nothing from it.
    fn issue(&self, email: &str, now: i64) -> String {
        let stamp = format!("{}.{}", now.saturating_add(KNOWN_FOR), Uuid::now_v7().simple());
        let signature = self.signing.sign(message(&stamp, email).as_bytes());
        format!("{stamp}.{signature}")
    }
}

/// The value of the request's device cookie.
#[must_use]
pub fn cookie_value(request: &HttpRequest, config: &Config) -> Option<String> {
    cookie_named(request, cookie_name(config))
}

fn message(stamp: &str, email: &str) -> String {
    format!("{stamp}.{email}")
}

/// As the session cookie's: see there.
fn cookie_name(config: &Config) -> &'static str {
    if config.is_https() {
        "__Host-taskward_device"
    } else {
        "taskward_device"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_800_000_000;
    const SECRET: &str = "n3J8sVq0bT5xKc7mWd2fYh4gLp9rZa1E";
    const OLD_SECRET: &str = "Qm7uR2wXz5Cv8Bn1Ld4Hj6Ks9Tf3Gy0A";
    const EMAIL: &str = "a.b@example.org";

    #[test]
    fn a_device_is_known_to_its_own_account_for_a_year() {
        let devices = Devices::new(SECRET, []);
        let value = devices.issue(EMAIL, NOW);
        assert!(devices.recognise(&value, EMAIL, NOW + KNOWN_FOR - 1).is_some());
        assert!(devices.recognise(&value, EMAIL, NOW + KNOWN_FOR).is_none());
        assert!(devices.recognise(&value, "eve@example.org", NOW).is_none());
        let another = devices.issue(EMAIL, NOW);
        assert_ne!(
            devices.recognise(&value, EMAIL, NOW),
            devices.recognise(&another, EMAIL, NOW)
        );
    }

    #[test]
    fn an_altered_cookie_is_none() {
        let devices = Devices::new(SECRET, []);
        let value = devices.issue(EMAIL, NOW);
        let (stamp, signature) = value.rsplit_once('.').unwrap();
        let (exp, nonce) = stamp.split_once('.').unwrap();
        for altered in [
            String::new(),
            stamp.to_owned(),
            format!("{stamp}."),
            format!("9{exp}.{nonce}.{signature}"),
            format!("{exp}.{}.{signature}", Uuid::now_v7().simple()),
            format!("{stamp}.{}", signature.to_lowercase()),
        ] {
            assert!(devices.recognise(&altered, EMAIL, NOW).is_none(), "{altered}");
        }
        // The email's first part is not one of the stamp.
        let shifted = format!("{stamp}.a.{signature}");
        assert!(devices.recognise(&shifted, "b@example.org", NOW).is_none());
    }

    #[test]
    fn a_cookie_of_a_previous_secret_is_good_until_that_is_removed() {
        let value = Devices::new(OLD_SECRET, []).issue(EMAIL, NOW);
        assert!(
            Devices::new(SECRET, [OLD_SECRET])
                .recognise(&value, EMAIL, NOW)
                .is_some()
        );
        assert!(Devices::new(SECRET, []).recognise(&value, EMAIL, NOW).is_none());
    }
}
