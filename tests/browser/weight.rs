//! What a first visit costs over the wire: at most 300 kB.

use crate::stage::{Screen, Stage, dist, play};
use crate::target::heading;
use serde_json::{Value, json};

/// 300 kB (of 1024 bytes): the files of `xtask/bundler/src/main.rs`, and what else is asked for until the page is there.
const MOST: f64 = 307_200.0;

#[tokio::test]
async fn a_first_visit_costs_at_most_300_kb() {
    assert!(
        dist().join("index.html.br").is_file(),
        "the app in {} is not built for release: `cargo xtask test --only spa` does that",
        dist().display()
    );
    play(Screen::Phone, async |stage: &Stage| {
        let page = stage
            .browser_with(&json!({"goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}))
            .await;
        page.open("/").await;
        page.sees(heading("Sign in")).await;
        let events: Vec<(String, Value)> = page.log("performance").await.iter().filter_map(event).collect();
        let responses: Vec<&Value> = parameters(&events, "Network.responseReceived").collect();
        let mut total = 0.0;
        for finished in parameters(&events, "Network.loadingFinished") {
            let response = responses.iter().find(|each| each["requestId"] == finished["requestId"]);
            let url = response.map_or("", |each| each["response"]["url"].as_str().unwrap_or_default());
            if url.starts_with(&page.site) {
                let size = finished["encodedDataLength"].as_f64().expect("a number");
                eprintln!("{size:>8} {}", url.trim_start_matches(&page.site));
                total += size;
            }
        }
        eprintln!("{total:>8} in all");
        assert!(total > 10_000.0, "the browser says nothing of what it loaded");
        assert!(total <= MOST, "a first visit costs {total} bytes");
        let script = responses
            .iter()
            .find(|each| each["response"]["mimeType"] == "application/wasm");
        let headers = &script.expect("the app itself")["response"]["headers"];
        assert_eq!(headers["content-encoding"], "br", "{headers}");
    })
    .await;
}

/// The method and the parameters of an event in the performance log.
fn event(entry: &Value) -> Option<(String, Value)> {
    let message: Value = serde_json::from_str(entry["message"].as_str()?).ok()?;
    let message = &message["message"];
    Some((message["method"].as_str()?.to_owned(), message["params"].clone()))
}

fn parameters<'a>(events: &'a [(String, Value)], wanted: &'a str) -> impl Iterator<Item = &'a Value> {
    let of_that_kind = events.iter().filter(move |(method, _)| method == wanted);
    of_that_kind.map(|(_, parameters)| parameters)
}
