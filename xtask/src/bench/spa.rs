//! What a browser loads when it opens the app for the first time.

use std::collections::BTreeSet;

/// What the page needs to run, from the page itself.
const KINDS: [&str; 3] = [".css", ".js", ".wasm"];

/// The paths of the page and of the scripts, styles and programs that it names.
pub(super) fn files(page: &str) -> Vec<String> {
    let named: BTreeSet<&str> = page
        .split(['"', '\'', '`', '(', ')'])
        .filter(|text| text.starts_with('/') && KINDS.iter().any(|kind| text.ends_with(kind)))
        .collect();
    std::iter::once("/").chain(named).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_named_once() {
        let page = r#"<link rel="stylesheet" href="/main-1.css"><script type="module" src='/boot-2.js'></script>
            <link rel="modulepreload" href="/app-3.js"><script>import init from '/app-3.js'; init('/app-3_bg.wasm')</script>
            <link rel="icon" href="/icon.svg">"#;
        assert_eq!(
            files(page),
            ["/", "/app-3.js", "/app-3_bg.wasm", "/boot-2.js", "/main-1.css"]
        );
    }
}
