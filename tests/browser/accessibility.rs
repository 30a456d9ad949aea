//! Nobody is shut out: axe finds nothing to complain about on any page, in any state, on a phone and on a desktop, light
//! and dark.

mod account;
mod details;
mod inside;
mod outside;
mod places;
mod work;

use crate::page::Page;
use crate::stage::workspace;
use serde::Deserialize;
use serde_json::{Value, json};
use std::fs;
use std::process::Command;
use std::sync::OnceLock;

/// What axe found.
#[derive(Debug, Deserialize)]
struct Violation {
    id: String,
    help: String,
    nodes: Vec<Value>,
}

impl Page {
    /// axe finds nothing on the page as it is now, be it light or dark.
    async fn passes(&self, state: &str) {
        // What a bar covers can be scrolled to, which axe does not know.
        let height = self.stretch().await;
        for scheme in ["light", "dark"] {
            self.prefer("prefers-color-scheme", scheme).await;
            self.passes_as_it_is(&format!("{state}, {scheme}")).await;
        }
        self.resize(height).await;
    }

    /// axe finds nothing on the page as it is now, in the theme that it has.
    async fn passes_as_it_is(&self, state: &str) {
        // Colours on their way from one to another are nobody's contrast.
        self.comes_to_rest().await;
        if !self.eval::<bool>("return 'axe' in window", json!([])).await {
            let _: Value = self.eval(&format!("{}; return null", axe()), json!([])).await;
        }
        let (width, passed, violations): (u32, usize, Vec<Violation>) = self.eval(RUN, json!([])).await;
        assert!(passed > 10, "{state}: axe has looked at {passed} things only");
        let found: Vec<String> = violations
            .iter()
            .map(|each| format!("{} ({}):\n    {}", each.id, each.help, nodes(&each.nodes)))
            .collect();
        assert!(found.is_empty(), "{state}, {width} wide:\n  {}", found.join("\n  "));
    }
}

/// Of a menu that is open it looks at that alone: a press beside it does nothing but close it.
const RUN: &str = "
    return axe.run(document.querySelector(':popover-open') ?? document, {resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})
        .then(({passes, violations}) => [innerWidth, passes.length, violations.map(({id, help, nodes}) =>
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
