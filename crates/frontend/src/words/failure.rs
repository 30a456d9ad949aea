//! Why a request did not do what it was to do, in a sentence or two that say what to do.

/// The email, the password or both are wrong.
pub const INVALID_CREDENTIALS: &str = "That email and password don’t match.";

/// Somebody has an account with this email.
pub const EMAIL_EXISTS: &str = "There is already an account with this email.";

/// The server is at fault.
pub const SERVER_ERROR: &str = "Something went wrong on the server. Try again in a moment.";

/// No answer.
pub const UNREACHABLE: &str = "Can’t reach the server. Check your connection and try again.";

/// No answer in time.
pub const TIMED_OUT: &str = "The server took too long to answer. Try again.";

/// An answer that means nothing to this version of the app.
pub const UNREADABLE: &str = "The server gave an answer that this page can’t read. Reload the page.";

/// The session was over before the request could be sent.
pub const SESSION_ENDED: &str = "Your session has ended. Sign in again.";

/// Somebody has tried too often, and may again after so many seconds.
pub fn rate_limited(seconds: Option<u32>) -> String {
    format!("Too many tries. Try again {}.", wait(seconds))
}

/// The server has too much to do, for so many seconds.
pub fn busy(seconds: Option<u32>) -> String {
    format!("The server is busy. Try again {}.", wait(seconds))
}

/// The server gave no reason but a status.
pub fn refused(status: u16) -> String {
    format!("The server said no (status {status}).")
}

/// The server's own words, as a sentence.
pub fn with_full_stop(message: &str) -> String {
    if message.ends_with(['.', '!', '?']) {
        message.to_owned()
    } else {
        format!("{message}.")
    }
}

fn wait(seconds: Option<u32>) -> String {
    match seconds {
        None => "in a moment".to_owned(),
        Some(0..=1) => "in a second".to_owned(),
        Some(seconds @ 2..=89) => format!("in {seconds} seconds"),
        Some(seconds @ 90..=5399) => format!("in {} minutes", (seconds + 30) / 60),
        Some(seconds @ 5400..) => format!("in {} hours", (seconds + 1800) / 3600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_is_told_in_units_that_people_count_in() {
        assert_eq!(rate_limited(Some(1)), "Too many tries. Try again in a second.");
        assert_eq!(rate_limited(Some(45)), "Too many tries. Try again in 45 seconds.");
        assert_eq!(rate_limited(Some(90)), "Too many tries. Try again in 2 minutes.");
        assert_eq!(rate_limited(Some(3600)), "Too many tries. Try again in 60 minutes.");
        assert_eq!(busy(Some(7200)), "The server is busy. Try again in 2 hours.");
        assert_eq!(busy(None), "The server is busy. Try again in a moment.");
    }

    #[test]
    fn what_the_server_says_ends_like_a_sentence() {
        assert_eq!(with_full_stop("No"), "No.");
        assert_eq!(with_full_stop("No!"), "No!");
    }
}
