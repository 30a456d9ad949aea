//! Telling an error with all that caused it.

use std::error::Error;

/// An error with its causes: the outermost one alone often says only that there was one.
#[must_use]
pub fn error_chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}
