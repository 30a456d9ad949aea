//! Why a request did not do what it was to do.

use crate::words::{failure, fields};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use shared::error::ErrorCode;
use shared::field_error::FieldError;

/// Why a request did not do what it was to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The server answered, and said no.
    Refused {
        /// The HTTP status.
        status: u16,
        /// Why, for programs.
        code: ErrorCode,
        /// Why, for people.
        message: String,
        /// The members of the request that broke a rule.
        fields: Vec<FieldError>,
        /// Seconds after which the server would have the request again.
        retry_after: Option<u32>,
        /// The body of a 412, which says how it is now.
        body: Option<String>,
    },
    /// No answer: no network, or no server at its end.
    Unreachable,
    /// No answer in time. Whether the request was carried out is not known.
    TimedOut,
    /// An answer that means nothing to this version of the app.
    Unreadable,
    /// The client's session was over before the request could be sent.
    SessionEnded,
}

impl Failure {
    /// Why, in a sentence or two that say what to do.
    pub fn sentence(&self) -> String {
        match self {
            Self::Refused {
                code: ErrorCode::InvalidCredentials,
                ..
            } => failure::INVALID_CREDENTIALS.to_owned(),
            Self::Refused {
                code: ErrorCode::EmailExists,
                ..
            } => failure::EMAIL_EXISTS.to_owned(),
            Self::Refused {
                code: ErrorCode::RateLimited,
                retry_after,
                ..
            } => failure::rate_limited(*retry_after),
            Self::Refused {
                status: 503,
                retry_after,
                ..
            } => failure::busy(*retry_after),
            Self::Refused { status: 500.., .. } => failure::SERVER_ERROR.to_owned(),
            Self::Refused { fields, .. } if !fields.is_empty() => {
                let sentences: Vec<_> = fields.iter().map(fields::refused).collect();
                sentences.join(" ")
            }
            Self::Refused { message, .. } if !message.is_empty() => failure::with_full_stop(message),
            Self::Refused { status, .. } => failure::refused(*status),
            Self::Unreachable => failure::UNREACHABLE.to_owned(),
            Self::TimedOut => failure::TIMED_OUT.to_owned(),
            Self::Unreadable => failure::UNREADABLE.to_owned(),
            Self::SessionEnded => failure::SESSION_ENDED.to_owned(),
        }
    }

    /// The members of the request that broke a rule.
    pub fn fields(&self) -> &[FieldError] {
        match self {
            Self::Refused { fields, .. } => fields,
            _ => &[],
        }
    }

    /// How it is now what the request was to change, if somebody else was quicker: for a three-way merge.
    pub fn current<T: DeserializeOwned>(&self) -> Option<T> {
        match self {
            Self::Refused { body: Some(body), .. } => {
                let stale = serde_json::from_str::<Stale<T>>(body).ok()?;
                Some(stale.current)
            }
            _ => None,
        }
    }

    /// The machine-readable reason, if the server gave one.
    pub fn code(&self) -> Option<ErrorCode> {
        match self {
            Self::Refused { code, .. } => Some(*code),
            _ => None,
        }
    }

    /// There is no such thing, or not for this person.
    pub fn is_missing(&self) -> bool {
        self.code() == Some(ErrorCode::NotFound)
    }

    /// The server wants another token. A wrong password has the same status, and must not look like it.
    pub fn is_refused_token(&self) -> bool {
        matches!(
            self,
            Self::Refused {
                status: 401,
                code: ErrorCode::Unauthorized | ErrorCode::Unknown,
                ..
            }
        )
    }

    /// The answer to a renewal means that nobody is signed in, rather than that nobody could tell.
    pub fn is_signed_out(&self) -> bool {
        matches!(self, Self::Refused { status: 401 | 403, .. })
    }

    /// Nothing is wrong but the way to the server.
    pub fn is_unreachable(&self) -> bool {
        matches!(self, Self::Unreachable | Self::TimedOut)
    }
}

/// What the app reads of a refusal because of a stale version.
#[derive(Deserialize)]
struct Stale<T> {
    current: T,
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::rule::RuleViolation;

    fn refused(status: u16, code: ErrorCode, retry_after: Option<u32>) -> Failure {
        Failure::Refused {
            status,
            code,
            message: "No".to_owned(),
            fields: Vec::new(),
            retry_after,
            body: None,
        }
    }

    #[test]
    fn a_wrong_password_is_not_a_refused_token() {
        assert!(!refused(401, ErrorCode::InvalidCredentials, None).is_refused_token());
        assert!(refused(401, ErrorCode::Unauthorized, None).is_refused_token());
        assert!(!refused(403, ErrorCode::Forbidden, None).is_refused_token());
    }

    #[test]
    fn only_an_answer_can_say_that_nobody_is_signed_in() {
        assert!(refused(401, ErrorCode::Unauthorized, None).is_signed_out());
        assert!(!refused(503, ErrorCode::Unavailable, None).is_signed_out());
        assert!(!Failure::Unreachable.is_signed_out());
        assert!(!Failure::TimedOut.is_signed_out());
    }

    #[test]
    fn a_refusal_is_told_in_sentences() {
        let throttled = refused(429, ErrorCode::RateLimited, Some(45));
        assert_eq!(throttled.sentence(), "Too many tries. Try again in 45 seconds.");
        assert_eq!(refused(409, ErrorCode::Unknown, None).sentence(), "No.");
        let failure = Failure::Refused {
            status: 400,
            code: ErrorCode::InvalidInput,
            message: String::new(),
            fields: vec![FieldError::new("title", RuleViolation::Empty)],
            retry_after: None,
            body: None,
        };
        assert_eq!(failure.sentence(), "Write down what there is to do.");
    }
}
