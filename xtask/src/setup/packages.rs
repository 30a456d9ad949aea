//! What has to be there of the operating system. Debian and Ubuntu: installed when allowed. Elsewhere: named.

use super::step::{Purpose, Step};
use crate::process;
use crate::tools;
use anyhow::{Context as _, Result, bail};
use std::fs;
use std::process::{Command, Stdio};

/// Something that a package manager provides.
struct Need {
    what: &'static str,
    debian: &'static [&'static str],
    /// On Ubuntu the browser is a snap only.
    snap: Option<&'static str>,
    optional: bool,
}

const WASM_OPT: Need = Need {
    what: "wasm-opt (Binaryen)",
    debian: &["binaryen"],
    snap: None,
    optional: true,
};

const POSTGRES: Need = Need {
    what: "the PostgreSQL server's programs, pgbench among them",
    debian: &["postgresql"],
    snap: None,
    optional: false,
};

const BROWSER: Need = Need {
    what: "Chromium and chromedriver",
    debian: &["chromium", "chromium-driver"],
    snap: Some("chromium"),
    optional: false,
};

/// The attack suite runs a real Better Auth server, and the browser tests an accessibility checker.
const NODE: Need = Need {
    what: "Node.js and npm",
    debian: &["nodejs", "npm"],
    snap: None,
    optional: false,
};

/// The attack suite runs schemathesis, and the bench a server in Python to compare ours with.
const PYTHON: Need = Need {
    what: "Python and its venv",
    debian: &["python3", "python3-venv"],
    snap: None,
    optional: false,
};

/// What stands before and behind several nodes.
const BALANCERS: Need = Need {
    what: "haproxy and pgbouncer",
    debian: &["haproxy", "pgbouncer"],
    snap: None,
    optional: false,
};

const WRK: Need = Need {
    what: "wrk, which sends the requests that are measured",
    debian: &["wrk"],
    snap: None,
    optional: false,
};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum System {
    Debian,
    Ubuntu,
    Other,
}

pub(super) fn missing(purpose: Purpose) -> Vec<Step> {
    let mut needs = Vec::new();
    if purpose != Purpose::Develop && tools::on_path("wasm-opt").is_none() {
        needs.push(&WASM_OPT);
    }
    if matches!(purpose, Purpose::Test | Purpose::Chaos) {
        if tools::postgres().is_none() {
            needs.push(&POSTGRES);
        }
        if ["haproxy", "pgbouncer"]
            .iter()
            .any(|program| tools::service(program).is_none())
        {
            needs.push(&BALANCERS);
        }
    }
    if purpose == Purpose::Test {
        if tools::chrome().is_none() || tools::chromedriver().is_none() {
            needs.push(&BROWSER);
        }
        if tools::on_path("node").is_none() || tools::on_path("npm").is_none() {
            needs.push(&NODE);
        }
        if !has_venv() {
            needs.push(&PYTHON);
        }
    }
    if purpose == Purpose::Bench {
        if tools::on_path("wrk").is_none() {
            needs.push(&WRK);
        }
        if tools::postgres_and_clients().is_none() {
            needs.push(&POSTGRES);
        }
        if !has_venv() {
            needs.push(&PYTHON);
        }
    }
    let system = system(&fs::read_to_string("/etc/os-release").unwrap_or_default());
    needs.into_iter().map(|need| step(need, system)).collect()
}

/// Whether Python can make virtual environments.
fn has_venv() -> bool {
    process::output(Command::new("python3").args(["-c", "import ensurepip"])).is_some()
}

fn step(need: &'static Need, system: System) -> Step {
    Step {
        what: need.what.to_owned(),
        takes: "about a minute",
        by_hand: by_hand(need, system),
        install: Box::new(move || install(need, system)),
        optional: need.optional,
    }
}

fn by_hand(need: &Need, system: System) -> String {
    match (system, need.snap) {
        (System::Ubuntu, Some(snap)) => format!(
            "sudo snap install {snap}\n    (or Google Chrome and its chromedriver: on PATH, or named in CHROME and CHROMEDRIVER)"
        ),
        (System::Debian | System::Ubuntu, _) => format!(
            "sudo apt-get install -y --no-install-recommends {}",
            need.debian.join(" ")
        ),
        (System::Other, _) => format!(
            "with your system's package manager (Debian's packages are: {})",
            need.debian.join(" ")
        ),
    }
}

fn install(need: &Need, system: System) -> Result<()> {
    if system == System::Other {
        bail!("this program can install packages on Debian and Ubuntu only");
    }
    if system == System::Ubuntu
        && let Some(snap) = need.snap
    {
        tools::on_path("snap").context("there is no snap command")?;
        return process::run(as_root("snap")?.args(["install", snap]));
    }
    process::run(as_root("apt-get")?.args(["update", "-qq"]))?;
    process::run(
        as_root("apt-get")?
            .args(["install", "-y", "-qq", "--no-install-recommends"])
            .args(["-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Use-Pty=0"])
            .args(need.debian),
    )
}

/// `program` with the rights to install, without ever asking for a password.
fn as_root(program: &str) -> Result<Command> {
    let mut sudo = Command::new("sudo");
    sudo.arg("-n");
    let mut command = if is_root() {
        Command::new("env")
    } else if allowed(&mut sudo) {
        sudo.arg("env");
        sudo
    } else {
        bail!("only root may install packages, and sudo would ask for a password");
    };
    command.arg("DEBIAN_FRONTEND=noninteractive").arg(program);
    Ok(command)
}

fn allowed(sudo: &mut Command) -> bool {
    let mut probe = Command::new(sudo.get_program());
    probe.args(sudo.get_args()).arg("true");
    probe
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

#[cfg(unix)]
fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

#[cfg(not(unix))]
fn is_root() -> bool {
    false
}

/// Which of the systems `/etc/os-release` describes.
fn system(os_release: &str) -> System {
    let of = |key: &str| {
        os_release
            .lines()
            .filter_map(|line| line.split_once('='))
            .filter(|(name, _)| *name == key)
            .flat_map(|(_, value)| value.trim_matches('"').split_whitespace())
            .collect::<Vec<_>>()
    };
    let (id, like) = (of("ID"), of("ID_LIKE"));
    if id.contains(&"ubuntu") || like.contains(&"ubuntu") {
        System::Ubuntu
    } else if id.contains(&"debian") || like.contains(&"debian") {
        System::Debian
    } else {
        System::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn systems_are_told_apart() {
        assert_eq!(system("ID=debian\nVERSION_ID=\"12\""), System::Debian);
        assert_eq!(system("ID=ubuntu\nID_LIKE=debian"), System::Ubuntu);
        assert_eq!(system("ID=linuxmint\nID_LIKE=\"ubuntu debian\""), System::Ubuntu);
        assert_eq!(system("ID=raspbian\nID_LIKE=debian"), System::Debian);
        assert_eq!(system("ID=fedora"), System::Other);
        assert_eq!(system(""), System::Other);
    }

    #[test]
    fn the_command_to_type_names_the_packages() {
        let command = by_hand(&BROWSER, System::Debian);
        assert!(command.ends_with("--no-install-recommends chromium chromium-driver"));
        assert!(by_hand(&BROWSER, System::Ubuntu).contains("snap install chromium"));
        assert!(by_hand(&POSTGRES, System::Ubuntu).ends_with(" postgresql"));
        assert!(by_hand(&POSTGRES, System::Other).contains("postgresql"));
    }

    #[test]
    fn nothing_is_installed_on_an_unknown_system() {
        assert!(install(&POSTGRES, System::Other).is_err());
    }
}
