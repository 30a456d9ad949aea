//! The secret that tokens are signed with: refusing a bad one, and making a good one.

use crate::config::{Config, Secret};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Bytes at least: the output of HMAC-SHA256 (RFC 7518 §3.2).
pub const MIN_LENGTH: usize = 32;

/// Parts of the secrets that documentation and tutorials show.
const PLACEHOLDERS: [&str; 12] = [
    "better-auth-secret-1234567890",
    "change-me",
    "change-this",
    "change_me",
    "change_this",
    "changeme",
    "changethis",
    "placeholder",
    "replace-me",
    "replace_me",
    "your-256-bit-secret",
    "your-secret",
];

/// Why the server does not start with this secret, or without one.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// None is set, and there is no place beside the database to keep one.
    #[error(
        "JWT_SECRET must be set with PostgreSQL, to the same value on every node. Make one with: openssl rand -base64 48"
    )]
    Missing,
    /// Fewer than [`MIN_LENGTH`] bytes.
    #[error("{0} has {1} bytes, and must have at least 32. Make a good one with: openssl rand -base64 48")]
    TooShort(&'static str, usize),
    /// One that everybody knows.
    #[error("{0} is a well-known placeholder or a repetition. Make a good one with: openssl rand -base64 48")]
    Placeholder(&'static str),
    /// Ours is the other issuer's too.
    #[error(
        "JWT_SECRET and BETTER_AUTH_SECRET must differ: Better Auth takes any token with an email in it that is signed \
         with its secret for a proof that the email is verified, and our access tokens would be such proofs. Make \
         another JWT_SECRET with: openssl rand -base64 48"
    )]
    Shared,
    /// The generated one cannot be kept.
    #[error("the generated secret cannot be kept in {}", .0.display())]
    File(PathBuf, #[source] io::Error),
}

/// Refuses a secret that can be guessed. `name` is the setting's, for the error.
///
/// # Errors
/// If it is too short, or a well-known placeholder.
pub fn check(name: &'static str, secret: &str) -> Result<(), SecretError> {
    if secret.len() < MIN_LENGTH {
        return Err(SecretError::TooShort(name, secret.len()));
    }
    let lower = secret.to_ascii_lowercase().replace(' ', "-");
    let mut bytes = secret.as_bytes().to_vec();
    bytes.sort_unstable();
    bytes.dedup();
    if bytes.len() < 5 || PLACEHOLDERS.iter().any(|known| lower.contains(known)) {
        return Err(SecretError::Placeholder(name));
    }
    Ok(())
}

/// Refuses secrets of the configuration that can be guessed, and `secret`, which ours are signed with, where another issuer
/// has it too.
///
/// # Errors
/// If there is one.
pub fn check_all(secret: &str, config: &Config) -> Result<(), SecretError> {
    check("JWT_SECRET", secret)?;
    let previous = || config.jwt_secret_previous.iter().map(Secret::reveal);
    previous().try_for_each(|secret| check("JWT_SECRET_PREVIOUS", secret))?;
    for (name, foreign) in config.better_auth_secrets() {
        check(name, foreign)?;
        if foreign == secret || previous().any(|secret| secret == foreign) {
            return Err(SecretError::Shared);
        }
    }
    Ok(())
}

/// The secret kept in `file`, made at the first call, readable by its owner only.
///
/// # Errors
/// If it can be neither read nor made, or is a bad one.
pub fn load_or_create(file: &Path) -> Result<String, SecretError> {
    if let Some(secret) = load(file)? {
        return Ok(secret);
    }
    create(file).map_err(|error| SecretError::File(file.to_owned(), error))?;
    load(file)?.ok_or_else(|| SecretError::File(file.to_owned(), io::ErrorKind::NotFound.into()))
}

/// The secret kept in `file`, if it has been made.
///
/// # Errors
/// If it cannot be read, or is a bad one.
pub fn load(file: &Path) -> Result<Option<String>, SecretError> {
    let secret = match fs::read_to_string(file) {
        Ok(secret) => secret.trim().to_owned(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(SecretError::File(file.to_owned(), error)),
    };
    check("the secret beside the database", &secret)?;
    Ok(Some(secret))
}

/// Puts a new secret in place whole or not at all; one that another process has put there first stays.
fn create(file: &Path) -> io::Result<()> {
    let mut random = [0_u8; 48];
    getrandom::fill(&mut random).map_err(io::Error::other)?;
    let folder = match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    // Made with mode 0600.
    let mut draft = tempfile::NamedTempFile::new_in(folder)?;
    writeln!(draft, "{}", STANDARD.encode(random))?;
    draft.as_file().sync_all()?;
    match draft.persist_noclobber(file) {
        Ok(_) => fs::File::open(folder)?.sync_all(),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error.error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_well_known_secrets_are_refused() {
        assert!(matches!(
            check("S", &"x1y2z".repeat(6)),
            Err(SecretError::TooShort("S", 30))
        ));
        for bad in [
            "changeme-changeme-changeme-changeme",
            "please CHANGE THIS secret before production",
            "your-secret-key-here-at-least-32-chars",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        ] {
            assert!(matches!(check("S", bad), Err(SecretError::Placeholder("S"))), "{bad}");
        }
        assert!(check("S", "n3J8sVq0bT5xKc7mWd2fYh4gLp9rZa1E").is_ok());
    }

    #[test]
    fn generated_secret_is_kept_and_private() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("jwt_secret");
        let first = load_or_create(&file).unwrap();
        assert_eq!(load_or_create(&file).unwrap(), first);
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert_ne!(load_or_create(&folder.path().join("another")).unwrap(), first);
    }
}
