//! The way in, and why one stands before it again.

/// What the form for signing in says first.
pub const WELCOME_BACK: &str = "Welcome back. Your tasks are where you left them.";

/// The button while somebody is being signed in.
pub const SIGNING_IN: &str = "Signing in…";

/// Before the link to the form for a new account.
pub const NEW_HERE: &str = "New here? ";

/// What the form for a new account says first.
pub const ALL_IT_TAKES: &str = "All it takes is an email address and a password.";

/// What the password of a new account needs.
pub const PASSWORD_HINT: &str = "At least 8 characters. A few words you can remember make a good one.";

/// The button while an account is being made.
pub const CREATING_ACCOUNT: &str = "Creating your account…";

/// Before the link to the form for signing in.
pub const HAVE_ACCOUNT: &str = "Already have an account? ";

/// The person signed out.
pub const SIGNED_OUT: &str = "You have signed out.";

/// The person signed out in another tab.
pub const SIGNED_OUT_ELSEWHERE: &str = "You have signed out in another tab.";

/// The person ended every session.
pub const SIGNED_OUT_EVERYWHERE: &str = "You have signed out on every device.";

/// The session came to its end while it was in use.
pub const EXPIRED: &str = "Your session has ended. Sign in to carry on where you were.";

/// The account is no more.
pub const ACCOUNT_DELETED: &str = "Your account and all its tasks have been deleted.";
