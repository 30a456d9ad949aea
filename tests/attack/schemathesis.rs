//! Schemathesis reads the API's description and tries whatever that allows, and much that it does not.

use crate::case::{Case, cases};
use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tests::{Person, TestApp};
use tokio::process::Command;
use tokio::time::timeout;

/// Pinned, with all that it needs, in `schemathesis.txt`.
const VERSION: &str = "4.32.5";

/// More than enough on a busy machine.
const RUN_AT_MOST: Duration = Duration::from_mins(4);

/// The package index may be far away.
const INSTALL_AT_MOST: Duration = Duration::from_mins(10);

const MISSING: &str = "schemathesis needs Python 3.10 or newer with venv: install python3-venv (`cargo xtask test` does so \
    on Debian and Ubuntu)";

pub(crate) fn cases() -> Vec<Case> {
    cases![schemathesis_finds_nothing]
}

async fn schemathesis_finds_nothing() {
    let program = install().await;
    let app = TestApp::spawn().await;
    // What schemathesis cannot know: which passwords are common, which cursors are real.
    let checks = ["--exclude-checks", "positive_data_acceptance"];
    let ending = ["logout", "logout_everywhere", "refresh"];
    let ada = app.register("ada").await;
    let others: Vec<_> = ending[..2]
        .iter()
        .flat_map(|id| ["--exclude-operation-id", id])
        .collect();
    run(&program, &app, &ada, &[&checks[..], &others].concat()).await;

    // With the session's cookie in each request, none can be made without it: that would be reported as well.
    let eve = app.register("eve").await;
    let checks = [
        "--exclude-checks",
        "positive_data_acceptance,negative_data_rejection,ignored_auth",
    ];
    let cookie = format!("Cookie:{}", eve.cookie);
    let these: Vec<_> = ending.iter().flat_map(|id| ["--include-operation-id", id]).collect();
    run(
        &program,
        &app,
        &eve,
        &[&checks[..], &these, &["--header", &cookie]].concat(),
    )
    .await;
    app.login(&ada).await;
}

/// All checks but those that are excluded, on the routes of this person.
async fn run(program: &Path, app: &TestApp, person: &Person, arguments: &[&str]) {
    let folder = tempfile::tempdir().expect("a folder");
    let config = folder.path().join("schemathesis.toml");
    fs::write(&config, format!("[parameters]\n\"path.user_id\" = \"{}\"\n", person.id)).expect("a file");
    let mut command = Command::new(program);
    command
        .arg("--config-file")
        .arg(&config)
        .arg("run")
        .arg(format!("{}/api/openapi.json", app.url))
        .arg("--header")
        .arg(format!("Authorization:Bearer {}", person.token))
        .args([
            "--checks",
            "all",
            "--max-examples",
            "20",
            "--workers",
            "1",
            "--seed",
            "1",
        ])
        .args(["--request-timeout", "20", "--continue-on-failure", "--no-color"])
        .args(arguments)
        .current_dir(folder.path());
    let (good, output) = finish(command, RUN_AT_MOST).await;
    assert!(good, "{output}");
    assert!(output.contains(" generated"), "it has tried something: {output}");
}

/// Where schemathesis is, installed into the cache folder that clones share if it is not there yet.
async fn install() -> PathBuf {
    let cache = cache().expect("a home folder, or TASKWARD_CACHE");
    let folder = cache.join("tools").join(format!("schemathesis-{VERSION}"));
    let (program, complete) = (folder.join("bin/schemathesis"), folder.join("complete"));
    fs::create_dir_all(&folder).expect("the cache folder");
    // Others may have the same idea at the same time.
    let lock = File::create(folder.join("lock")).expect("a file");
    lock.lock().expect("a lock");
    if complete.is_file() {
        return program;
    }
    println!("installing schemathesis {VERSION} into {}", folder.display());
    let mut venv = Command::new("python3");
    venv.args(["-m", "venv"]).arg(&folder);
    let (good, output) = finish(venv, INSTALL_AT_MOST).await;
    assert!(good, "{MISSING}: {output}");
    let mut pip = Command::new(folder.join("bin/python"));
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
        "--only-binary=:all:",
    ]);
    pip.arg("--requirement")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("attack/schemathesis.txt"));
    let (good, output) = finish(pip, INSTALL_AT_MOST).await;
    assert!(good, "schemathesis cannot be installed: {output}");
    fs::write(&complete, VERSION).expect("a file");
    program
}

/// The project's own cache, where xtask keeps its tools, too.
fn cache() -> Option<PathBuf> {
    let from = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    from("TASKWARD_CACHE")
        .or_else(|| Some(from("XDG_CACHE_HOME")?.join("taskward")))
        .or_else(|| Some(from("HOME")?.join(".cache/taskward")))
}

/// Runs a command to its end. Gives whether it was happy, and what it said.
async fn finish(mut command: Command, at_most: Duration) -> (bool, String) {
    command.stdin(Stdio::null()).kill_on_drop(true);
    let output = timeout(at_most, command.output()).await;
    let output = output.unwrap_or_else(|_| panic!("{command:?} takes longer than {at_most:?}"));
    match output {
        Ok(output) => {
            let said = [output.stdout, output.stderr].concat();
            (output.status.success(), String::from_utf8_lossy(&said).into_owned())
        }
        Err(error) => (false, format!("{command:?}: {error}")),
    }
}
