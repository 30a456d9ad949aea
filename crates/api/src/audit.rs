//! Authentication events, one log line each, for a person or a program to alert on: who, what, from where, and how it
//! ended. The line is inside the request's span, which has its id.

use crate::app::App;
use crate::http::client::Client;
use crate::http::error::ApiError;
use actix_web::HttpResponse;
use std::fmt::Display;

/// What somebody tried.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// To make an account.
    Register,
    /// To sign in.
    Login,
    /// To use something with a token or a cookie. Logged only where it was refused.
    Access,
    /// To renew a session. Logged only where it was.
    Renew,
    /// To sign out of one session.
    Logout,
    /// To sign out of all.
    LogoutEverywhere,
    /// To change the password.
    ChangePassword,
    /// To delete the account.
    DeleteAccount,
    /// Another issuer's person was seen for the first time.
    MakeAccount,
    /// Another issuer's person took over the local account of the same email, whose password is dead from now on.
    JoinAccount,
    /// The operator gave an account a new password.
    ResetPassword,
    /// The operator keeps an account out from now on.
    DisableAccount,
    /// The operator lets an account in again.
    EnableAccount,
}

impl Event {
    /// Its name among the counters.
    fn label(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::Login => "login",
            Self::Access => "access",
            Self::Renew => "renew",
            Self::Logout => "logout",
            Self::LogoutEverywhere => "logout_everywhere",
            Self::ChangePassword => "change_password",
            Self::DeleteAccount => "delete_account",
            Self::MakeAccount => "make_account",
            Self::JoinAccount => "join_account",
            Self::ResetPassword => "reset_password",
            Self::DisableAccount => "disable_account",
            Self::EnableAccount => "enable_account",
        }
    }
}

/// Logs an event that has happened.
pub fn note(event: Event, who: impl Display, client: Client) {
    tracing::info!(target: "audit", ?event, %who, %client, outcome = "success");
}

/// Logs that somebody was refused. `left_out` is how many such lines were left out since the last one, of whichever client.
pub fn refused(event: Event, who: impl Display, client: Client, failure: &ApiError, left_out: usize) {
    let reason = failure.code();
    tracing::warn!(target: "audit", ?event, %who, %client, outcome = "failure", ?reason, left_out);
}

/// Logs what the operator did, or tried to, on the machine itself.
pub fn note_operator(event: Event, who: impl Display, outcome: &'static str) {
    tracing::info!(target: "audit", ?event, %who, client = "operator", outcome);
}

/// Logs and counts how an event ended, and passes the ending on. `who` is an account's id, or the email that was tried.
///
/// # Errors
/// What the event failed with.
pub fn log(
    app: &App,
    event: Event,
    who: impl Display,
    client: Client,
    ending: Result<HttpResponse, ApiError>,
) -> Result<HttpResponse, ApiError> {
    app.metrics().authentication(event.label(), ending.as_ref().err());
    match &ending {
        Ok(_) => note(event, who, client),
        Err(error) => {
            tracing::warn!(target: "audit", ?event, %who, %client, outcome = "failure", reason = ?error.code());
        }
    }
    ending
}
