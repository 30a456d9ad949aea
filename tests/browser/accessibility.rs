//! Nobody is shut out: axe finds nothing to complain about on any page, in any state, light or dark.

use crate::page::Page;
use crate::stage::{Screen, Stage, play, workspace};
use crate::target::{button, choice, field, heading, row, testid, text};
use fantoccini::key::Key;
use serde::Deserialize;
use serde_json::{Value, json};
use std::fs;
use std::process::Command;
use std::sync::OnceLock;

#[tokio::test]
async fn axe_finds_nothing_on_a_desktop_in_the_light() {
    play(Screen::Desktop, async |stage: &Stage| inspect(stage, "light").await).await;
}

#[tokio::test]
async fn axe_finds_nothing_on_a_phone_in_the_dark() {
    play(Screen::Phone, async |stage: &Stage| inspect(stage, "dark").await).await;
}

#[expect(
    clippy::too_many_lines,
    reason = "a way through every page and state, one after the other"
)]
async fn inspect(stage: &Stage, scheme: &str) {
    stage.forgive("status of 401");
    let ada = stage.app.register("ada").await;
    let page = stage.browser().await;
    page.spy().await;
    page.prefer("prefers-color-scheme", scheme).await;

    page.open("/nowhere").await;
    page.sees(heading("Page not found")).await;
    page.passes("not found").await;
    page.open("/sign-up").await;
    page.sees(heading("Create your account")).await;
    page.passes("sign up").await;
    page.click(button("Create account")).await;
    page.sees(text("Enter your email address.")).await;
    page.passes("sign up with errors").await;
    page.open("/sign-in").await;
    page.sees(heading("Sign in")).await;
    page.passes("sign in").await;
    page.fill(field("Email"), &ada.email).await;
    page.fill(field("Password"), "not the password").await;
    page.press(Key::Enter).await;
    page.sees(text("That email and password don’t match.")).await;
    page.passes("sign in refused").await;

    page.sign_in(&ada.email, &ada.password).await;
    page.arrives_at("/today").await;
    page.sees(heading("Nothing due today")).await;
    page.passes("an empty day").await;
    page.open("/tasks").await;
    page.sees(heading("A clear list")).await;
    page.passes("an empty list").await;
    page.fill(field("New task"), "Buy milk every friday p1 @flat").await;
    page.sees(testid("chip")).await;
    page.passes("chips").await;
    page.press(Key::Enter).await;
    page.has_saved("Buy milk").await;
    page.fill(field("New task"), "Call Charles p2 today at 0:01").await;
    page.press(Key::Enter).await;
    page.has_saved("Call Charles").await;
    page.add("Read a book").await;
    page.passes("a list").await;
    page.click(button("Edit Buy milk")).await;
    page.fill(field("Title"), "").await;
    page.press(Key::Enter).await;
    page.sees(text("Write down what there is to do.")).await;
    page.passes("details with an error").await;
    // Else it would be open again after a reload, and on a phone cover the page.
    page.fill(field("Title"), "Buy milk").await;
    page.press(Key::Enter).await;
    page.loses(text("Write down what there is to do.")).await;
    page.click(testid("details-due")).await;
    page.passes("a calendar").await;
    page.press(Key::Escape).await;
    page.click(choice("Done: Read a book")).await;
    page.click(testid("completed-toggle")).await;
    page.sees(row("Read a book")).await;
    page.passes("what is done, and a message").await;
    page.click(button("Notes")).await;
    page.click(testid("select")).await;
    page.click(choice("Select Buy milk")).await;
    page.sees(testid("bulk-bar")).await;
    page.passes("choosing tasks").await;
    page.press(Key::Escape).await;
    page.tamper("broken", json!("PUT /tasks/")).await;
    page.click(choice("Done: Call Charles")).await;
    page.sees(text("Couldn’t change “Call Charles”.")).await;
    page.passes("a failure").await;
    page.tamper("broken", json!(null)).await;
    page.click(testid("account-menu")).await;
    page.sees(testid("account-menu-panel")).await;
    page.passes("the menu").await;
    page.press(Key::Escape).await;
    page.press_with(Key::Control, 'k').await;
    page.sees(testid("palette-results")).await;
    page.passes("the palette").await;
    page.press(Key::Escape).await;
    page.loses(testid("palette-results")).await;
    page.open("/today").await;
    page.sees(row("Call Charles")).await;
    page.passes("today").await;
    let _: Value = page.eval("document.activeElement.blur(); return null", json!([])).await;
    page.type_text("?").await;
    page.sees(heading("Keyboard shortcuts")).await;
    page.passes("the shortcuts").await;
    page.press(Key::Escape).await;
    for (path, name) in [
        ("/upcoming", "Upcoming"),
        ("/inbox", "Inbox"),
        ("/tags/flat", "@flat"),
        ("/search", "Search"),
        ("/done", "Done"),
        ("/trash", "The trash is empty"),
    ] {
        page.open(path).await;
        page.sees(heading(name)).await;
        page.passes(path).await;
    }
    page.open("/search").await;
    page.fill(field("Search tasks"), "milk").await;
    page.sees(row("Buy milk")).await;
    page.passes("what was found").await;

    page.open("/account").await;
    page.sees(heading("Account")).await;
    page.passes("account").await;
    page.click(button("Change password")).await;
    page.sees(text("Enter your current password.")).await;
    page.passes("another password with errors").await;
    page.click(testid("delete-account")).await;
    page.sees(heading("Delete your account?")).await;
    page.passes("a dialog").await;
}

/// What axe found.
#[derive(Debug, Deserialize)]
struct Violation {
    id: String,
    help: String,
    nodes: Vec<Value>,
}

impl Page {
    /// axe finds nothing on the page as it is now.
    async fn passes(&self, state: &str) {
        // Colours on their way from one to another are nobody's contrast.
        self.until(
            "nothing moves",
            "return document.getAnimations().every((each) => each.playState !== 'running')",
            json!([]),
        )
        .await;
        let (passed, violations): (usize, Vec<Violation>) = self.eval(&format!("{}; {RUN}", axe()), json!([])).await;
        assert!(passed > 15, "{state}: axe has looked at {passed} things only");
        let found: Vec<String> = violations
            .iter()
            .map(|each| format!("{} ({}):\n    {}", each.id, each.help, nodes(&each.nodes)))
            .collect();
        assert!(found.is_empty(), "{state}:\n  {}", found.join("\n  "));
    }
}

const RUN: &str = "
    return axe.run(document, {resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})
        .then(({passes, violations}) => [passes.length, violations.map(({id, help, nodes}) =>
            ({id, help, nodes: nodes.map(({html, failureSummary}) => `${html} ${failureSummary}`)}))])";

fn nodes(nodes: &[Value]) -> String {
    let lines: Vec<String> = nodes.iter().map(Value::to_string).collect();
    lines.join("\n    ")
}

/// axe itself, installed when it is needed for the first time.
fn axe() -> &'static str {
    static AXE: OnceLock<String> = OnceLock::new();
    AXE.get_or_init(|| {
        let folder = workspace().join("tests/browser");
        let file = folder.join("node_modules/axe-core/axe.min.js");
        if !file.is_file() {
            let output = Command::new("npm")
                .args(["ci", "--ignore-scripts"])
                .current_dir(&folder)
                .output();
            let output =
                output.expect("npm is not installed: apt-get install npm, or npm ci in tests/browser elsewhere");
            assert!(output.status.success(), "npm ci in {}: {output:?}", folder.display());
        }
        fs::read_to_string(&file).expect("axe")
    })
}
