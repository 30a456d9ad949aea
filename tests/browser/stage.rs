//! What every test stands on: a server of its own, browsers of its own, and somebody who looks at their consoles.

use crate::driver;
use crate::page::Page;
use fantoccini::ClientBuilder;
use futures_util::FutureExt;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};
use std::env;
use std::fs;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread;
use tests::TestApp;
use tokio::sync::{Semaphore, SemaphorePermit};
use uuid::Uuid;

/// As many tests as use browsers at once. Browsers are hungry.
static SEATS: Semaphore = Semaphore::const_new(2);

/// The browser's window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Screen {
    /// As narrow as anybody has it: 320 × 640, with touch.
    Tiny,
    /// 390 × 844, with touch.
    Phone,
    /// 1280 × 800, with a mouse.
    Desktop,
}

/// A test's server and browsers.
#[derive(Debug)]
pub(crate) struct Stage {
    /// The server.
    pub(crate) app: TestApp,
    pub(crate) screen: Screen,
    browsers: Mutex<Vec<Page>>,
    forgiven: Mutex<Vec<String>>,
    _seat: SemaphorePermit<'static>,
}

/// Runs a test.
pub(crate) async fn play(screen: Screen, test: impl AsyncFnOnce(&Stage)) {
    play_with(screen, &[], test).await;
}

/// Runs a test on a phone, and another time on a desktop.
pub(crate) async fn play_on_both(test: impl AsyncFn(&Stage)) {
    for screen in [Screen::Phone, Screen::Desktop] {
        play(screen, &test).await;
    }
}

/// Runs a test on a server with these flags.
pub(crate) async fn play_with(screen: Screen, flags: &[&str], test: impl AsyncFnOnce(&Stage)) {
    require_app();
    let stage = Stage {
        _seat: SEATS.acquire().await.expect("seats that are never closed"),
        app: TestApp::spawn_with(flags).await,
        screen,
        browsers: Mutex::default(),
        forgiven: Mutex::default(),
    };
    let outcome = AssertUnwindSafe(test(&stage)).catch_unwind().await;
    let complaints = stage.close(outcome.is_err()).await;
    if let Err(panic) = outcome {
        resume_unwind(panic);
    }
    assert!(
        complaints.is_empty(),
        "the browser complains:\n{}",
        complaints.join("\n")
    );
}

impl Stage {
    /// Opens a browser that has never been here.
    pub(crate) async fn browser(&self) -> Page {
        self.browser_with(&json!({})).await
    }

    /// Opens a browser with capabilities beyond the usual ones.
    pub(crate) async fn browser_with(&self, more: &Value) -> Page {
        let driver = driver::shared();
        let profile = driver.dir.join(Uuid::new_v4().to_string());
        let mut capabilities = capabilities(self.screen, &profile);
        for (name, value) in more.as_object().cloned().unwrap_or_default() {
            match (capabilities.get_mut(&name), value) {
                (Some(Value::Object(usual)), Value::Object(more)) => usual.extend(more),
                (_, value) => {
                    capabilities.insert(name, value);
                }
            }
        }
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&driver.url)
            .await
            .unwrap_or_else(|error| panic!("no browser: {error}"));
        let page = Page::new(client, &self.app.url);
        self.browsers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(page.clone());
        page
    }

    /// The console may complain about this: the test causes it on purpose.
    pub(crate) fn forgive(&self, part_of_complaint: &str) {
        self.forgiven
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(part_of_complaint.to_owned());
    }

    /// Closes the browsers, and returns what their consoles complain about. After a failure, keeps what they show.
    async fn close(&self, failed: bool) -> Vec<String> {
        let browsers: Vec<Page> = {
            let mut browsers = self.browsers.lock().unwrap_or_else(PoisonError::into_inner);
            browsers.drain(..).collect()
        };
        let forgiven = self.forgiven.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut complaints = Vec::new();
        for (index, page) in browsers.into_iter().enumerate() {
            let log = AssertUnwindSafe(page.log("browser")).catch_unwind().await;
            let log = log.unwrap_or_default();
            let found: Vec<String> = log.iter().filter_map(|entry| complaint(entry, &forgiven)).collect();
            if failed || !found.is_empty() {
                keep(&page, index, &log).await;
            }
            complaints.extend(found);
            // It goes away with its driver at the latest.
            let _ = page.quit().await;
        }
        complaints
    }
}

/// What a browser is asked to be.
fn capabilities(screen: Screen, profile: &Path) -> Map<String, Value> {
    let (width, height) = screen.size();
    let mut arguments: Vec<String> = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        "--disable-features=Translate,OptimizationHints",
        "--force-color-profile=srgb",
        "--hide-scrollbars",
        // Through a pipe, which closes when the driver is gone: then so is the browser.
        "--remote-debugging-pipe",
    ]
    .map(str::to_owned)
    .into();
    arguments.push(format!("--window-size={width},{}", height + 200));
    arguments.push(format!("--user-data-dir={}", profile.display()));
    // Not by the window's size, of which the browser's own bars take a part.
    let has_touch = screen != Screen::Desktop;
    let metrics = json!({"width": width, "height": height, "pixelRatio": 1, "touch": has_touch, "mobile": has_touch});
    let options = json!({
        "binary": driver::chrome(),
        "args": arguments,
        "mobileEmulation": {"deviceMetrics": metrics},
    });
    let capabilities = json!({
        "browserName": "chrome",
        "goog:chromeOptions": options,
        "goog:loggingPrefs": {"browser": "ALL"},
    });
    capabilities.as_object().cloned().expect("an object")
}

impl Screen {
    /// Width and height of what can be seen of a page.
    pub(crate) fn size(self) -> (u32, u32) {
        match self {
            Self::Tiny => (320, 640),
            Self::Phone => (390, 844),
            Self::Desktop => (1280, 800),
        }
    }
}

/// What a console entry complains about, unless that is as it should be.
fn complaint(entry: &Value, forgiven: &[String]) -> Option<String> {
    let level = entry["level"].as_str().unwrap_or_default();
    let message = entry["message"].as_str().unwrap_or_default();
    // Nobody is signed in: the app cannot know before it has asked.
    let is_question = message.contains(shared::paths::REFRESH) && message.contains("status of 401");
    let is_fine =
        is_question || !matches!(level, "SEVERE" | "WARNING") || forgiven.iter().any(|part| message.contains(part));
    (!is_fine).then(|| format!("{level} {message}"))
}

/// Keeps a screenshot, the document and the console of a browser whose test has failed.
async fn keep(page: &Page, index: usize, log: &[Value]) {
    let test = thread::current().name().unwrap_or("test").replace("::", "-");
    let folder = target_dir().join("browser-failures");
    let path = folder.join(format!("{test}-{index}"));
    let result: Result<(), Box<dyn std::error::Error>> = async {
        fs::create_dir_all(&folder)?;
        let lines: Vec<String> = log.iter().map(Value::to_string).collect();
        fs::write(path.with_extension("log"), lines.join("\n"))?;
        fs::write(path.with_extension("png"), page.screenshot().await?)?;
        fs::write(path.with_extension("html"), page.html().await?)?;
        Ok(())
    }
    .await;
    match result {
        Ok(()) => eprintln!("what the browser showed: {}.{{png,html,log}}", path.display()),
        Err(error) => eprintln!("what the browser showed could not be kept: {error}"),
    }
}

/// Cargo's target folder: these tests are in `<target>/<profile>/deps`.
fn target_dir() -> PathBuf {
    let program = env::current_exe().expect("the path of the tests");
    program.ancestors().nth(3).expect("a target folder").to_owned()
}

/// The workspace.
pub(crate) fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace")
}

/// Where the app's files are, from which a debug build of the server takes them.
pub(crate) fn dist() -> PathBuf {
    env::var_os("TASKWARD_DIST").map_or_else(|| workspace().join("dist"), PathBuf::from)
}

fn require_app() {
    let page = dist().join("index.html");
    assert!(
        page.is_file(),
        "there is no app to test: {} is missing. `cargo xtask test --only browser` builds it first",
        page.display()
    );
}
