//! A tab of a browser, and what a person does in it. Everything that may take its time is waited for.

use crate::target::{Target, row};
use fantoccini::Client;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::{Element, ElementRef};
use fantoccini::error::{CmdError, ErrorStatus};
use fantoccini::key::Key;
use fantoccini::wd::{WebDriverCompatibleCommand, WindowHandle};
use reqwest::Method;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::fmt::Display;
use std::path::Path;
use std::time::Duration;
use tests::PATIENCE;
use tokio::time::{Instant, MissedTickBehavior, interval};
use url::{ParseError, Url};

const FIND: &str = include_str!("find.js");

/// The member of a script's result that says which element it is (`WebDriver` §12.1).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// How often the page is looked at while something is waited for.
const LOOK: Duration = Duration::from_millis(25);

/// A tab that shows the app, or is about to.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    client: Client,
    /// The origin of the app.
    pub(crate) site: String,
}

impl Page {
    /// The current tab of this session.
    pub(crate) fn new(client: Client, site: &str) -> Self {
        Self {
            client,
            site: site.to_owned(),
        }
    }

    /// The same tab, about to show the app of another server.
    pub(crate) fn at(self, site: &str) -> Self {
        Self {
            site: site.to_owned(),
            ..self
        }
    }

    /// Types an address of the app into the address bar.
    pub(crate) async fn open(&self, path: &str) {
        let url = format!("{}{path}", self.site);
        self.client
            .goto(&url)
            .await
            .unwrap_or_else(|error| panic!("{url}: {error}"));
    }

    /// Reloads the page.
    pub(crate) async fn reload(&self) {
        self.client.refresh().await.expect("a page that can be loaded again");
    }

    /// Goes back in the tab's history.
    pub(crate) async fn back(&self) {
        self.client.back().await.expect("a page to go back to");
    }

    /// Waits until the address bar shows this path, with its query.
    pub(crate) async fn arrives_at(&self, path: &str) {
        let script = "return location.pathname + location.search + location.hash === arguments[0]";
        self.until(format!("the address is {path}"), script, json!([path]))
            .await;
    }

    /// Waits until this can be seen.
    pub(crate) async fn sees(&self, target: Target) {
        self.find(&target).await;
    }

    /// Waits until this can no longer be seen.
    pub(crate) async fn loses(&self, target: Target) {
        let look = async || match self.look(&target).await {
            Ok(None) => Ok(Some(())),
            Ok(Some(_)) => Ok(None),
            Err(error) => Err(error),
        };
        self.wait(format!("there is no {target}"), look).await;
    }

    /// Whether this can be seen right now.
    pub(crate) async fn shows(&self, target: Target) -> bool {
        self.look(&target).await.expect("a page").is_some()
    }

    /// Points at this and clicks.
    pub(crate) async fn click(&self, target: Target) {
        let attempt = async || match self.look(&target).await? {
            Some(element) => {
                // As one scrolls before one clicks: chromedriver itself is content with what lies below the header.
                let scroll = "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})";
                self.run(scroll, json!([element])).await?;
                element.click().await.map(Some)
            }
            None => Ok(None),
        };
        self.wait(format!("{target} can be clicked"), attempt).await;
    }

    /// Points at this and clicks, with a key held down.
    pub(crate) async fn click_with(&self, key: Key, target: Target) {
        let value = char::from(key);
        self.act([KeyAction::Down { value }]).await;
        self.click(target).await;
        self.act([KeyAction::Up { value }]).await;
    }

    /// Clicks into a field, and replaces what is in it.
    pub(crate) async fn fill(&self, target: Target, text: &str) {
        self.click(target).await;
        self.select_all().await;
        self.press(Key::Delete).await;
        self.type_text(text).await;
    }

    /// Chooses a file. The dialog for that is the system's own; this is what comes of it.
    pub(crate) async fn upload(&self, field: Target, file: &Path) {
        let element = self.find(&field).await;
        let path = file.to_str().expect("a path in UTF-8");
        element.send_keys(path).await.expect("a field for files");
    }

    /// Chooses from a menu, by what is written there.
    pub(crate) async fn choose(&self, menu: Target, label: &str) {
        let element = self.find(&menu).await;
        let chosen = element.select_by_label(label).await;
        chosen.unwrap_or_else(|error| panic!("{label} in {menu}: {error}"));
    }

    /// Takes the keyboard off whatever it is on.
    pub(crate) async fn leave_field(&self) {
        let _: Value = self.eval("document.activeElement.blur(); return null", json!([])).await;
    }

    /// Types where the keyboard is.
    pub(crate) async fn type_text(&self, text: &str) {
        let keys = text
            .chars()
            .flat_map(|value| [KeyAction::Down { value }, KeyAction::Up { value }]);
        self.act(keys).await;
    }

    /// Presses a key.
    pub(crate) async fn press(&self, key: Key) {
        let value = char::from(key);
        self.act([KeyAction::Down { value }, KeyAction::Up { value }]).await;
    }

    /// Presses a key while another one is held.
    pub(crate) async fn press_with(&self, held: Key, value: char) {
        let held = char::from(held);
        self.act([
            KeyAction::Down { value: held },
            KeyAction::Down { value },
            KeyAction::Up { value },
            KeyAction::Up { value: held },
        ])
        .await;
    }

    async fn select_all(&self) {
        self.press_with(Key::Control, 'a').await;
    }

    async fn act(&self, keys: impl IntoIterator<Item = KeyAction>) {
        let actions = keys
            .into_iter()
            .fold(KeyActions::new("keyboard".to_owned()), InputSource::then);
        self.client.perform_actions(actions).await.expect("a keyboard");
    }

    /// Waits until nothing moves but what never ends.
    pub(crate) async fn comes_to_rest(&self) {
        let script = "return document.getAnimations().every((each) =>
            each.playState !== 'running' || each.effect.getComputedTiming().iterations === Infinity)";
        self.until("nothing moves", script, json!([])).await;
    }

    /// Where the middle of this is on the screen, once it can be seen.
    pub(crate) async fn middle(&self, target: Target) -> (f64, f64) {
        let element = self.element(target).await;
        let script = "const box = arguments[0].getBoundingClientRect();
            return [box.x + box.width / 2, box.y + box.height / 2]";
        self.eval(script, json!([element])).await
    }

    /// What this says, once it can be seen.
    pub(crate) async fn text(&self, target: Target) -> String {
        let element = self.find(&target).await;
        element.text().await.expect("an element that stays")
    }

    /// What stands in a field.
    pub(crate) async fn value(&self, target: Target) -> String {
        let element = self.find(&target).await;
        let value = element.prop("value").await.expect("an element that stays");
        value.unwrap_or_default()
    }

    /// Waits until this says so, as a whole.
    pub(crate) async fn reads(&self, target: Target, expected: &str) {
        let look = async || match self.look(&target).await? {
            Some(element) => Ok((element.text().await?.trim() == expected).then_some(())),
            None => Ok(None),
        };
        self.wait(format!("{target} reads {expected:?}"), look).await;
    }

    /// Waits until this is what stands in a field.
    pub(crate) async fn holds(&self, target: Target, expected: &str) {
        let look = async || match self.look(&target).await? {
            Some(element) => Ok((element.prop("value").await?.as_deref() == Some(expected)).then_some(())),
            None => Ok(None),
        };
        self.wait(format!("{target} holds {expected:?}"), look).await;
    }

    /// The titles of the tasks that can be seen, from top to bottom.
    pub(crate) async fn titles(&self) -> Vec<String> {
        self.eval(TITLES, json!([])).await
    }

    /// Waits until the list shows these tasks, from top to bottom.
    pub(crate) async fn lists(&self, titles: &[&str]) {
        let script = format!(
            "const titles = (() => {{ {TITLES} }})(); return JSON.stringify(titles) === JSON.stringify(arguments[0])"
        );
        self.until(format!("the list is {titles:?}"), &script, json!([titles]))
            .await;
    }

    /// Waits until the row of a task is as the server has it: what is still on its way is busy.
    pub(crate) async fn has_saved(&self, title: &str) {
        let row = self.element(row(title)).await;
        let script = "return !arguments[0].hasAttribute('aria-busy')";
        self.until(format!("{title:?} is saved"), script, json!([row])).await;
    }

    /// This, as an argument for a script, once it can be seen.
    pub(crate) async fn element(&self, target: Target) -> Value {
        let element = self.find(&target).await;
        serde_json::to_value(&element).expect("an element")
    }

    /// What a script returns.
    pub(crate) async fn eval<T: DeserializeOwned>(&self, script: &str, arguments: Value) -> T {
        let value = self.run(script, arguments).await;
        let value = value.unwrap_or_else(|error| panic!("{script}: {error}"));
        serde_json::from_value(value).unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// Waits until a script returns something that is true.
    pub(crate) async fn until(&self, what: impl Display, script: &str, arguments: Value) {
        let look = async || {
            let value = self.run(script, arguments.clone()).await?;
            let holds = !matches!(&value, Value::Null | Value::Bool(false));
            Ok(holds.then_some(()))
        };
        self.wait(what, look).await;
    }

    /// A command of the Chrome `DevTools` protocol.
    pub(crate) async fn cdp(&self, command: &str, parameters: Value) -> Value {
        let body = json!({"cmd": command, "params": parameters});
        let answer = self.client.issue_cmd(Extension {
            path: "goog/cdp/execute",
            body,
        });
        answer.await.unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    /// What the browser has written to this log since it was last asked.
    pub(crate) async fn log(&self, kind: &str) -> Vec<Value> {
        let body = json!({"type": kind});
        let answer = self.client.issue_cmd(Extension { path: "se/log", body });
        let entries = answer.await.unwrap_or_else(|error| panic!("{kind} log: {error}"));
        serde_json::from_value(entries).expect("a list")
    }

    /// Runs this in every document of this tab, before the document's own scripts.
    pub(crate) async fn inject(&self, script: &str) {
        self.cdp("Page.addScriptToEvaluateOnNewDocument", json!({"source": script}))
            .await;
    }

    /// What can be seen, as a PNG.
    pub(crate) async fn screenshot(&self) -> Result<Vec<u8>, CmdError> {
        self.client.screenshot().await
    }

    /// The document as it is now.
    pub(crate) async fn html(&self) -> Result<String, CmdError> {
        self.client.source().await
    }

    /// This tab.
    pub(crate) async fn tab(&self) -> WindowHandle {
        self.client.window().await.expect("a tab")
    }

    /// Opens another tab, and turns to it.
    pub(crate) async fn open_tab(&self) -> WindowHandle {
        let tab = self.client.new_window(true).await.expect("a tab").handle;
        self.turn_to(&tab).await;
        tab
    }

    /// Turns to another tab.
    pub(crate) async fn turn_to(&self, tab: &WindowHandle) {
        self.client.switch_to_window(tab.clone()).await.expect("a tab");
    }

    /// Closes this tab. Another one must be turned to next.
    pub(crate) async fn close_tab(&self) {
        self.client.close_window().await.expect("a tab");
    }

    /// Ends the session, and the browser with it.
    pub(crate) async fn quit(self) -> Result<(), CmdError> {
        self.client.close().await
    }

    async fn find(&self, target: &Target) -> Element {
        self.wait(format!("there is a {target}"), async || self.look(target).await)
            .await
    }

    async fn look(&self, target: &Target) -> Result<Option<Element>, CmdError> {
        let found = self.run(FIND, json!([target.kind, target.name])).await?;
        let id = found[ELEMENT].as_str();
        Ok(id.map(|id| Element::from_element_id(self.client.clone(), ElementRef::from(id.to_owned()))))
    }

    async fn run(&self, script: &str, arguments: Value) -> Result<Value, CmdError> {
        let Value::Array(arguments) = arguments else {
            panic!("not a list of arguments: {arguments}");
        };
        self.client.execute(script, arguments).await
    }

    /// Tries until there is a result. What the page itself may be in the way of is tried again.
    async fn wait<T>(&self, what: impl Display, attempt: impl AsyncFn() -> Result<Option<T>, CmdError>) -> T {
        let end = Instant::now() + PATIENCE;
        let mut ticks = interval(LOOK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut trouble = None;
        while Instant::now() < end {
            ticks.tick().await;
            match attempt().await {
                Ok(Some(result)) => return result,
                Ok(None) => trouble = None,
                Err(error) if is_passing(&error) => trouble = Some(error),
                Err(error) => panic!("waiting until {what}: {error}"),
            }
        }
        panic!("gave up waiting until {what}: {trouble:?}");
    }
}

/// The page moved on between the look and the deed, or something moves over the element.
fn is_passing(error: &CmdError) -> bool {
    let is_covered = matches!(error, CmdError::Standard(error) if error.error == ErrorStatus::ElementClickIntercepted);
    is_covered
        || error.is_stale_element_reference()
        || error.is_element_not_interactable()
        || error.is_no_such_element()
        || error.is_javascript_error()
}

const TITLES: &str = "return [...document.querySelectorAll('[data-testid=task-title]')]
    .filter((each) => each.checkVisibility()).map((each) => each.textContent.trim());";

/// A command of chromedriver's own.
#[derive(Debug)]
struct Extension {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Extension {
    fn endpoint(&self, base_url: &Url, session_id: Option<&str>) -> Result<Url, ParseError> {
        base_url.join(&format!("session/{}/{}", session_id.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _request_url: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}

/// Waits until this holds at the server.
pub(crate) async fn until_server(holds: impl AsyncFn() -> bool) {
    tests::service::until("it holds at the server", holds).await;
}
