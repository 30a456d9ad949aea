//! `taskward completions` and `taskward man`: what packages install beside the program, made from the command line itself.

use clap::Command;
use clap_complete::Shell;
use clap_mangen::Man;
use std::io::{self, Write as _};

/// Prints the completions for a shell. Written to memory first: the library would panic when nobody reads all of them.
pub(super) fn completions(shell: Shell, mut command: Command) -> io::Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, "taskward", &mut script);
    io::stdout().write_all(&script)
}

/// Prints the manual page, as roff.
pub(super) fn manual_page(command: Command) -> io::Result<()> {
    Man::new(command).render(&mut io::stdout())
}
