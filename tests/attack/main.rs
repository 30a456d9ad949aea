//! Attacks on the running server, over HTTP and over bare TCP, by somebody who knows what they are doing.
//!
//! One file per kind of attack; each case is named after what must hold, and runs beside the others, on a server and a
//! database of its own unless its attack changes nothing for anybody else. Many cases are generated: a forged token for each way of forging one, an intruder for each operation
//! of the API's description. SECURITY.md names the cases that prove its promises; the last case here compares the two.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that cannot go on panics, and says why"
)]
#![allow(
    clippy::too_many_lines,
    clippy::unused_async,
    reason = "a list of attacks reads best as one list, and each attack is a future, whether it waits for something or not"
)]

mod better_auth;
mod case;
mod compare;
mod cookies;
mod credentials;
mod forge;
mod ground;
mod headers;
mod hygiene;
mod input;
mod isolation;
mod promises;
mod schemathesis;
mod throttling;
mod tokens;
mod trap;
mod wire;

use libtest_mimic::Arguments;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let cases = [
        tokens::cases(),
        credentials::cases(),
        cookies::cases(),
        isolation::cases(),
        input::cases(),
        headers::cases(),
        throttling::cases(),
        hygiene::cases(),
        better_auth::cases(),
        schemathesis::cases(),
    ];
    let mut cases: Vec<_> = cases.into_iter().flatten().collect();
    let names = cases.iter().map(|case| case.name().to_owned()).collect();
    cases.extend(promises::cases(names));
    let outcome = case::run(arguments, cases);
    ground::leave();
    better_auth::leave();
    outcome
}
