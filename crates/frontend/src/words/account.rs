//! The account: signing out, the password, and the end.

/// What signing out everywhere is for.
pub const ABOUT_SESSIONS: &str =
    "Lost a device, or used one that isn’t yours? Sign out everywhere to end every session at once.";

/// Whether to end every session.
pub const SIGN_OUT_EVERYWHERE: &str = "Sign out everywhere?";

/// What ending every session means.
pub const ENDS_EVERY_SESSION: &str =
    "Every device that is signed in to your account, this one included, will have to sign in again.";

/// What a change of the password means.
pub const ABOUT_PASSWORD: &str = "You stay signed in here. Every other device has to sign in again.";

/// What a new password needs.
pub const PASSWORD_HINT: &str = "At least 8 characters.";

/// The password is another one now.
pub const PASSWORD_CHANGED: &str = "Your password has been changed. Other devices have been signed out.";

/// The password to be changed is another one.
pub const WRONG_CURRENT_PASSWORD: &str = "That isn’t your current password.";

/// The password that deleting an account asks for is another one.
pub const WRONG_PASSWORD: &str = "That isn’t your password.";

/// What deleting an account means.
pub const ABOUT_DELETION: &str = "Deletes your account and all of your tasks, at once and for good.";

/// Leads to the question whether to delete the account.
pub const DELETE: &str = "Delete account…";

/// Whether to delete the account.
pub const DELETE_IT: &str = "Delete your account?";

/// What goes with the account.
pub const DELETES_TASKS: &str = "All of your tasks go with it. Nobody can bring them back.";
