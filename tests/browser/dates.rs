//! Dates are read and shown as the person's own language and region have them.

use crate::page::Page;
use crate::stage::{Stage, play_on_both};
use crate::target::{field, testid};
use fantoccini::key::Key;
use serde_json::json;

#[tokio::test]
async fn a_region_decides_about_clocks_and_about_what_comes_first_in_a_date() {
    play_on_both(async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        let page = stage.browser().await;
        page.speaks("en-US").await;
        page.enter(&ada).await;
        for (language, date, shown) in [
            ("en-US", "2030-03-04", "Mar 4, 2030 9:00 PM"),
            ("en-GB", "2030-04-03", "3 Apr 2030 21:00"),
            ("de-DE", "2030-04-03", "3 Apr 2030 21:00"),
        ] {
            page.speaks(language).await;
            page.reload().await;
            page.sees(field("New task")).await;
            page.fill(field("New task"), &format!("{language} 3/4/2030 9pm")).await;
            page.press(Key::Enter).await;
            page.has_saved(language).await;
            let task = ada.list().await.into_iter().find(|task| task.title == language);
            let due = task.and_then(|task| task.due).expect("a date");
            assert_eq!(due.date().to_string(), date, "{language}");
            // The newest stands first.
            page.reads(testid("task-due"), shown).await;
        }
    })
    .await;
}

impl Page {
    /// From its next document on, the browser is one of somebody who speaks this language.
    async fn speaks(&self, language: &str) {
        let agent: String = self.eval("return navigator.userAgent", json!([])).await;
        let parameters = json!({"userAgent": agent, "acceptLanguage": language});
        self.cdp("Emulation.setUserAgentOverride", parameters).await;
    }
}
