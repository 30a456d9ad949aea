//! Standard output: what a command was asked for, and nothing else.

use std::fmt::Display;
use std::io::{self, Write as _};

/// Prints a line of what was asked for.
pub(super) fn say(line: impl Display) -> io::Result<()> {
    writeln!(io::stdout(), "{line}")
}
