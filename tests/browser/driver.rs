//! One chromedriver for all tests of this process: started when the first one asks for a browser, gone with all its
//! browsers however the process ends.

use std::env;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{OnceLock, mpsc};
use std::thread;
use tests::PATIENCE;

/// Runs chromedriver until standard input closes, which it does however the test process ends. A browser ends with its
/// driver, since they talk through a pipe, but may write to its profile until the very last.
const SUPERVISOR: &str = r#"
dir=$1 driver=$2
"$driver" --port=0 </dev/null & driver=$!
cat >/dev/null
kill -KILL "$driver"; wait "$driver"
for pause in 0 1 2; do sleep "$pause"; rm -rf "$dir"; done
"#;

/// A running chromedriver.
#[derive(Debug)]
pub(crate) struct Driver {
    /// Where it listens.
    pub(crate) url: String,
    /// A folder that goes away with it, for the browsers' profiles.
    pub(crate) dir: PathBuf,
    /// As long as this is held, the supervisor's standard input stays open.
    _supervisor: Child,
}

/// The driver of this test process.
pub(crate) fn shared() -> &'static Driver {
    static SHARED: OnceLock<Driver> = OnceLock::new();
    SHARED.get_or_init(Driver::start)
}

/// The browser's program.
pub(crate) fn chrome() -> PathBuf {
    program("CHROME", &["chromium", "google-chrome", "chrome"])
        .expect("Chromium is not installed: apt-get install chromium, or set CHROME")
}

impl Driver {
    #[expect(
        clippy::zombie_processes,
        reason = "the supervisor outlives this process, if only for a moment"
    )]
    fn start() -> Self {
        let program = program("CHROMEDRIVER", &["chromedriver"])
            .expect("chromedriver is not installed: apt-get install chromium-driver, or set CHROMEDRIVER");
        // From here on the supervisor removes the folder.
        let dir = tempfile::Builder::new()
            .prefix("taskward-browser-")
            .tempdir()
            .expect("a folder")
            .keep();
        let path = env::var_os("PATH").unwrap_or_default();
        let mut supervisor = Command::new("/bin/sh")
            .args(["-c", SUPERVISOR, "taskward-browser"])
            .arg(&dir)
            .arg(&program)
            .env_clear()
            .envs([("LANG", "C.UTF-8"), ("TZ", "UTC")])
            .env("PATH", path)
            .env("HOME", &dir)
            .env("TMPDIR", &dir)
            .current_dir(&dir)
            // Ctrl-C is for the tests; the supervisor has its own way to learn of their end.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("/bin/sh");
        let output = supervisor.stdout.take().expect("a pipe");
        let (sender, lines) = mpsc::channel();
        // Reads for as long as the driver writes, or it would block one day.
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        let mut log = String::new();
        while let Ok(line) = lines.recv_timeout(PATIENCE) {
            if let Some(port) = port(&line) {
                return Self {
                    url: format!("http://127.0.0.1:{port}"),
                    dir,
                    _supervisor: supervisor,
                };
            }
            log.push_str(&line);
            log.push('\n');
        }
        panic!("{} does not start:\n{log}", program.display());
    }
}

/// The port in `ChromeDriver was started successfully on port 12345.`
fn port(line: &str) -> Option<u16> {
    let (_, port) = line.split_once("started successfully on port ")?;
    port.trim_end_matches('.').parse().ok()
}

/// The program that the variable names, else the first of these names on the `PATH`, else in `/usr/bin`.
fn program(variable: &str, names: &[&str]) -> Option<PathBuf> {
    if let Some(path) = env::var_os(variable) {
        let path = PathBuf::from(path);
        assert!(path.is_file(), "{variable}: there is no {}", path.display());
        return Some(path);
    }
    let path = env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = env::split_paths(&path).collect();
    folders.push(Path::new("/usr/bin").to_owned());
    let candidates = names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    candidates.into_iter().find(|path| path.is_file())
}
