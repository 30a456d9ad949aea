//! Passwords that an attacker tries first: the common and leaked ones, and the person's own email.

use fst::Set;
use std::sync::LazyLock;

/// In lower case. See `data/README.md`.
static COMMON: LazyLock<Option<Set<&'static [u8]>>> =
    LazyLock::new(|| Set::new(include_bytes!(concat!(env!("OUT_DIR"), "/common_passwords.fst")).as_slice()).ok());

/// Whether `password` is on the list, or is the email or its part before the `@`, in whatever case.
#[must_use]
pub fn is_common(password: &str, email: &str) -> bool {
    let password = password.trim().to_lowercase();
    let local = email.split_once('@').map_or(email, |(local, _)| local);
    password == email || password == local || COMMON.as_ref().is_some_and(|set| set.contains(&password))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_passwords_are_found_in_any_case() {
        for common in [
            "password",
            "Password1",
            "QWERTYUIOP",
            "12345678",
            "iloveyou",
            "football1",
        ] {
            assert!(is_common(common, "ada@example.org"), "{common}");
        }
        assert!(!is_common("correct horse battery", "ada@example.org"));
    }

    #[test]
    fn the_email_is_no_password() {
        assert!(is_common("Ada.Lovelace@example.org", "ada.lovelace@example.org"));
        assert!(is_common("ada.lovelace", "ada.lovelace@example.org"));
        assert!(!is_common("ada.lovelace!", "ada.lovelace@example.org"));
    }

    #[test]
    fn the_list_is_there() {
        assert!(COMMON.as_ref().unwrap().len() > 50_000);
    }
}
