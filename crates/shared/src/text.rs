//! Text that keeps a rule: parsed once, at the door, so that a bad value has no type.

use crate::input::FromJson;
use crate::rule::RuleViolation;
use email_address::{EmailAddress, Options};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use std::fmt;

/// Declares a text type whose only constructor is `parse`, and whose wire form is that text.
macro_rules! text {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The text, owned.
            #[must_use]
            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl FromJson for $name {
            fn from_json(value: Value) -> Result<Self, RuleViolation> {
                Self::parse(&String::from_json(value)?)
            }
        }
    };
}

text! {
    /// An email address: trimmed and in lower case, at most 255 characters (RFC 5321 §4.1.2, without quoted display
    /// names, domain literals and single-label domains).
    Email
}

text! {
    /// What a person wants to be called: trimmed, 1 to 100 characters.
    Name
}

text! {
    /// A task's title: trimmed, 1 to 200 characters, on one line.
    Title
}

text! {
    /// A task's description: at most 10,000 characters, exactly as typed.
    Description
}

impl Email {
    /// Characters (code points) at most.
    pub const MAX: usize = 255;

    /// # Errors
    /// If the text, trimmed, is no email address or too long.
    pub fn parse(text: &str) -> Result<Self, RuleViolation> {
        let text = lower_case(text.trim());
        if text.is_empty() {
            return Err(RuleViolation::Empty);
        }
        at_most(&text, Self::MAX)?;
        let options = Options::default()
            .with_required_tld()
            .without_display_text()
            .without_domain_literal();
        match EmailAddress::parse_with_options(&text, options) {
            // A quoted local part may hold what looks like another address, or like a line of the log.
            Ok(_) if !text.contains(|c: char| c.is_control() || c.is_whitespace() || c == '"') => Ok(Self(text)),
            _ => Err(RuleViolation::NotAnEmail),
        }
    }
}

impl Name {
    /// A name that the server has sent. It was checked when it was written, and is not judged again: a server may be newer
    /// than the app that reads from it.
    #[must_use]
    pub fn from_trusted(text: String) -> Self {
        Self(text)
    }

    /// Characters (code points) at most.
    pub const MAX: usize = 100;

    /// # Errors
    /// If the text, trimmed, is empty, too long or has control characters.
    pub fn parse(text: &str) -> Result<Self, RuleViolation> {
        one_line(text, Self::MAX).map(Self)
    }
}

impl Title {
    /// A title that the server has sent. It was checked when it was written, and is not judged again: a server may be newer
    /// than the app that reads from it.
    #[must_use]
    pub fn from_trusted(text: String) -> Self {
        Self(text)
    }

    /// Characters (code points) at most.
    pub const MAX: usize = 200;

    /// # Errors
    /// If the text, trimmed, is empty, too long or has control characters.
    pub fn parse(text: &str) -> Result<Self, RuleViolation> {
        one_line(text, Self::MAX).map(Self)
    }
}

impl Description {
    /// Characters (code points) at most.
    pub const MAX: usize = 10_000;

    /// # Errors
    /// If the text is too long or has control characters other than line breaks and tabs.
    pub fn parse(text: &str) -> Result<Self, RuleViolation> {
        at_most(text, Self::MAX)?;
        let forbidden = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
        if text.contains(forbidden) {
            return Err(RuleViolation::Control);
        }
        Ok(Self(text.to_owned()))
    }
}

/// A password that somebody chooses: 8 to 128 characters, exactly as typed, without NUL.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// Characters (code points) at least.
    pub const MIN: usize = 8;
    /// Characters (code points) at most.
    pub const MAX: usize = 128;

    /// # Errors
    /// If the text is too short, too long or has a NUL character.
    pub fn parse(text: &str) -> Result<Self, RuleViolation> {
        if text.chars().count() < Self::MIN {
            return Err(RuleViolation::TooShort(Self::MIN));
        }
        PasswordAttempt::parse(text).map(|PasswordAttempt(text)| Self(text))
    }

    /// The password itself. Whoever calls this answers for where it goes.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// A password that somebody claims is theirs. It need not keep today's rules for choosing one.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordAttempt(String);

impl PasswordAttempt {
    /// # Errors
    /// If the text is empty or could not be any password: too long, or with a NUL character.
    pub fn parse(text: &str) -> Result<Self, RuleViolation> {
        if text.is_empty() {
            return Err(RuleViolation::Empty);
        }
        at_most(text, Password::MAX)?;
        if text.contains('\0') {
            return Err(RuleViolation::Control);
        }
        Ok(Self(text.to_owned()))
    }

    /// The password itself. Whoever calls this answers for where it goes.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// An access token in its encoded form.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct AccessToken(String);

impl AccessToken {
    /// Takes an encoded token.
    #[must_use]
    pub fn new(encoded: String) -> Self {
        Self(encoded)
    }

    /// The token itself. Whoever calls this answers for where it goes.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// What must not be printed by accident, nor serialised without saying so at the member.
macro_rules! secret {
    ($($name:ident),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }

        impl Reveal for $name {
            fn reveal(&self) -> &str {
                &self.0
            }
        }
    )*};
}

secret!(Password, PasswordAttempt, AccessToken);

/// A secret that a member of a wire type reveals on purpose.
pub(crate) trait Reveal {
    fn reveal(&self) -> &str;
}

/// For `#[serde(serialize_with)]`: the member's place is the wire, and nowhere else.
pub(crate) fn reveal<S: Serializer>(secret: &impl Reveal, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.reveal())
}

impl FromJson for Password {
    fn from_json(value: Value) -> Result<Self, RuleViolation> {
        Self::parse(&String::from_json(value)?)
    }
}

impl FromJson for PasswordAttempt {
    fn from_json(value: Value) -> Result<Self, RuleViolation> {
        Self::parse(&String::from_json(value)?)
    }
}

/// In the browser only as far as ASCII goes: the tables for all other alphabets would be a twentieth of the download,
/// and the server lowers whatever comes.
pub(crate) fn lower_case(text: &str) -> String {
    if cfg!(target_arch = "wasm32") {
        text.to_ascii_lowercase()
    } else {
        text.to_lowercase()
    }
}

fn one_line(text: &str, max: usize) -> Result<String, RuleViolation> {
    let text = text.trim();
    if text.is_empty() {
        return Err(RuleViolation::Empty);
    }
    at_most(text, max)?;
    if text.contains(char::is_control) {
        return Err(RuleViolation::Control);
    }
    Ok(text.to_owned())
}

fn at_most(text: &str, max: usize) -> Result<(), RuleViolation> {
    // A text of so few bytes cannot have too many characters.
    if text.len() > max && text.chars().count() > max {
        return Err(RuleViolation::TooLong(max));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn title_is_trimmed_and_counted_in_characters() {
        assert_eq!(Title::parse("  milk \n").unwrap().as_str(), "milk");
        assert!(Title::parse(&"é".repeat(200)).is_ok());
        assert_eq!(Title::parse(&"é".repeat(201)), Err(RuleViolation::TooLong(200)));
        assert_eq!(Title::parse(" \t\n"), Err(RuleViolation::Empty));
        assert_eq!(Title::parse("a\nb"), Err(RuleViolation::Control));
        assert_eq!(Title::parse("a\0b"), Err(RuleViolation::Control));
    }

    #[test]
    fn description_keeps_line_breaks_tabs_and_outer_spaces() {
        let text = "  a\r\n\tb  ";
        assert_eq!(Description::parse(text).unwrap().as_str(), text);
        assert_eq!(Description::parse("\u{7}"), Err(RuleViolation::Control));
        assert_eq!(
            Description::parse(&"x".repeat(10_001)),
            Err(RuleViolation::TooLong(10_000))
        );
    }

    #[test]
    fn email_is_trimmed_and_lowered() {
        assert_eq!(Email::parse(" Ada@Example.ORG ").unwrap().as_str(), "ada@example.org");
        for bad in [
            "",
            "ada",
            "@example.org",
            "ada@",
            "ada@localhost",
            "a b@example.org",
            "Ada <ada@example.org>",
            "ada@[127.0.0.1]",
            "ada@exa\0mple.org",
        ] {
            assert!(Email::parse(bad).is_err(), "{bad:?}");
        }
        assert_eq!(
            Email::parse(&format!("a@{}.org", "b.".repeat(130))),
            Err(RuleViolation::TooLong(255))
        );
    }

    #[test]
    fn password_is_taken_exactly_as_typed() {
        assert_eq!(Password::parse(" 234567 ").unwrap().reveal(), " 234567 ");
        assert_eq!(Password::parse("1234567"), Err(RuleViolation::TooShort(8)));
        assert!(Password::parse(&"🔑".repeat(128)).is_ok());
        assert_eq!(Password::parse(&"🔑".repeat(129)), Err(RuleViolation::TooLong(128)));
        assert_eq!(Password::parse("12345678\0"), Err(RuleViolation::Control));
    }

    #[test]
    fn secrets_print_nothing() {
        let printed = format!(
            "{:?} {:?}",
            Password::parse("hunter2hunter2"),
            AccessToken::new("abc.def".into())
        );
        assert!(!printed.contains("hunter") && !printed.contains("abc"), "{printed}");
    }
}
