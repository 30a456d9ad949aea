//! The end of a session: wherever it comes from, it leads to the sign-in page, and nothing that was typed is lost.

use crate::page::until_server;
use crate::stage::{Screen, Stage, play};
use crate::target::{button, choice, field, heading, link, row, testid, text};
use fantoccini::key::Key;
use shared::paths;
use tests::{Ask, Person, assert_unauthorized};

/// What is said when a session has ended elsewhere.
pub(crate) const EXPIRED: &str = "Your session has ended. Sign in to carry on where you were.";

#[tokio::test]
async fn a_session_that_has_ended_elsewhere_leads_to_sign_in_and_back_with_the_draft() {
    play(Screen::Phone, async |stage: &Stage| {
        stage.forgive("status of 401");
        let ada = stage.app.register("ada").await;
        ada.add("Buy milk").await;
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.fill(field("New task"), "half a thought").await;
        sign_out_everywhere(&ada).await;
        page.click(choice("Done: Buy milk")).await;
        page.arrives_at("/sign-in?next=%2Ftasks").await;
        page.sees(text(EXPIRED)).await;
        page.sign_in(&ada.email, &ada.password).await;
        page.arrives_at("/tasks").await;
        page.holds(field("New task"), "half a thought").await;
        page.lists(&["Buy milk"]).await;
    })
    .await;
}

#[tokio::test]
async fn a_task_that_is_sent_after_the_sessions_end_is_given_back() {
    play(Screen::Desktop, async |stage: &Stage| {
        stage.forgive("status of 401");
        let ada = stage.app.register("ada").await;
        let page = stage.browser().await;
        page.enter(&ada).await;
        sign_out_everywhere(&ada).await;
        page.fill(field("New task"), "Buy milk").await;
        page.press(Key::Enter).await;
        page.sees(text(EXPIRED)).await;
        page.sign_in(&ada.email, &ada.password).await;
        page.arrives_at("/tasks").await;
        page.holds(field("New task"), "Buy milk").await;
        page.click(button("Add")).await;
        page.has_saved("Buy milk").await;
    })
    .await;
}

#[tokio::test]
async fn an_edit_that_is_saved_after_the_sessions_end_is_open_again_afterwards() {
    play(Screen::Desktop, async |stage: &Stage| {
        stage.forgive("status of 401");
        let ada = stage.app.register("ada").await;
        let task = ada.add("Buy milk").await;
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.click(text("Buy milk")).await;
        page.fill(field("Title"), "Buy oat milk").await;
        sign_out_everywhere(&ada).await;
        page.press(Key::Enter).await;
        page.sees(text(EXPIRED)).await;
        page.sign_in(&ada.email, &ada.password).await;
        page.holds(field("Title"), "Buy oat milk").await;
        page.click(field("Title")).await;
        page.press(Key::Enter).await;
        page.lists(&["Buy oat milk"]).await;
        let again = stage.app.login(&ada).await;
        until_server(async || {
            let now = &again.list().await[0];
            now.id == task.id && now.title == "Buy oat milk"
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn one_comes_back_to_the_page_where_the_session_ended() {
    play(Screen::Desktop, async |stage: &Stage| {
        stage.forgive("status of 401");
        let ada = stage.app.register("ada").await;
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.click(testid("account-menu")).await;
        page.click(link("Account")).await;
        page.fill(field("Current password"), &ada.password).await;
        page.fill(field("New password"), "another good password").await;
        sign_out_everywhere(&ada).await;
        page.click(button("Change password")).await;
        page.arrives_at("/sign-in?next=%2Faccount").await;
        page.sees(text(EXPIRED)).await;
        page.sign_in(&ada.email, &ada.password).await;
        page.arrives_at("/account").await;
        page.sees(heading("Account")).await;
    })
    .await;
}

#[tokio::test]
async fn somebody_elses_drafts_are_not_shown() {
    play(Screen::Desktop, async |stage: &Stage| {
        stage.forgive("status of 401");
        let ada = stage.app.register("ada").await;
        let eve = stage.app.register("eve").await;
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.fill(field("New task"), "a secret thought").await;
        sign_out_everywhere(&ada).await;
        page.press(Key::Enter).await;
        page.sees(text(EXPIRED)).await;
        page.sign_in(&eve.email, &eve.password).await;
        page.sees(heading("A clear list")).await;
        page.holds(field("New task"), "").await;
        assert!(!page.shows(text("a secret thought")).await);
        let kept = "return JSON.stringify({...sessionStorage, ...localStorage})";
        let kept: String = page.eval(kept, serde_json::json!([])).await;
        assert!(!kept.contains("a secret thought"), "{kept}");
    })
    .await;
}

#[tokio::test]
async fn after_signing_out_every_token_of_the_session_is_refused() {
    play(Screen::Desktop, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        let page = stage.browser().await;
        page.spy().await;
        page.enter(&ada).await;
        page.add("Buy milk").await;
        let here = ada.with_token(page.token().await);
        here.me().await.expect(200);
        page.sign_out().await;
        assert_unauthorized(&here.me().await);
        assert_unauthorized(&here.get(&here.tasks()).ask().await);
        page.open("/tasks").await;
        page.arrives_at("/sign-in?next=%2Ftasks").await;
        ada.me().await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn no_token_is_ever_stored_where_a_script_can_read_it() {
    play(Screen::Desktop, async |stage: &Stage| {
        let page = stage.browser().await;
        page.spy().await;
        page.sign_up("ada@example.org").await;
        page.add("Buy milk").await;
        let script = "return document.cookie + JSON.stringify({...sessionStorage, ...localStorage})";
        let stored: String = page.eval(script, serde_json::json!([])).await;
        assert!(!stored.contains("eyJ") && !stored.contains("session="), "{stored}");
        assert!(!stored.contains(&page.token().await));
    })
    .await;
}

#[tokio::test]
async fn signing_out_in_one_tab_signs_out_the_others() {
    play(Screen::Desktop, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        ada.add("Buy milk").await;
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.lists(&["Buy milk"]).await;
        let first = page.tab().await;
        page.open_tab().await;
        page.open("/account").await;
        page.click(testid("account-sign-out")).await;
        page.sees(text("You have signed out.")).await;
        page.turn_to(&first).await;
        page.sees(text("You have signed out in another tab.")).await;
        page.arrives_at("/sign-in?next=%2Ftasks").await;
        assert!(!page.shows(text("Buy milk")).await);
    })
    .await;
}

#[tokio::test]
async fn the_way_back_after_signing_out_does_not_lead_to_the_list() {
    play(Screen::Phone, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        ada.add("A private thought").await;
        let page = stage.browser().await;
        page.spy().await;
        page.enter(&ada).await;
        page.sees(row("A private thought")).await;
        page.click(testid("account-menu")).await;
        page.click(link("Account")).await;
        page.sees(heading("Account")).await;
        page.sign_out().await;
        page.forget().await;
        page.back().await;
        page.sees(heading("Sign in")).await;
        assert!(!page.has_seen("task-row").await && !page.shows(text("A private thought")).await);
    })
    .await;
}

#[tokio::test]
async fn a_page_from_the_back_forward_cache_shows_nothing_of_a_session_that_is_over() {
    play(Screen::Desktop, async |stage: &Stage| {
        stage.forgive("status of 401");
        let ada = stage.app.register("ada").await;
        ada.add("A private thought").await;
        let page = stage.browser().await;
        page.inject(WATCH_CACHE).await;
        page.enter(&ada).await;
        page.sees(row("A private thought")).await;
        // Away to another document: this one is frozen as it is.
        page.open(paths::DOCS).await;
        sign_out_everywhere(&ada).await;
        page.back().await;
        page.arrives_at("/sign-in?next=%2Ftasks").await;
        page.sees(heading("Sign in")).await;
        let shown: Vec<String> = page.eval("return window.shown ?? []", serde_json::json!([])).await;
        assert_eq!(shown, [""], "what could be read when the page came out of the cache");
        assert!(!page.shows(text("A private thought")).await);
    })
    .await;
}

#[tokio::test]
async fn a_page_from_the_back_forward_cache_goes_on_where_it_was_while_the_session_lasts() {
    play(Screen::Desktop, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        ada.add("A private thought").await;
        let page = stage.browser().await;
        page.inject(WATCH_CACHE).await;
        page.enter(&ada).await;
        page.sees(row("A private thought")).await;
        page.open(paths::DOCS).await;
        page.back().await;
        page.arrives_at("/tasks").await;
        page.sees(row("A private thought")).await;
        let shown: Vec<String> = page.eval("return window.shown ?? []", serde_json::json!([])).await;
        assert_eq!(shown, [""], "it comes out of the cache, and waits for the server");
    })
    .await;
}

#[tokio::test]
async fn a_tab_follows_when_somebody_else_signs_in_in_another_one() {
    play(Screen::Desktop, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        let eve = stage.app.register("eve").await;
        ada.add("Ada’s own").await;
        eve.add("Eve’s own").await;
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.lists(&["Ada’s own"]).await;
        let first = page.tab().await;
        page.open_tab().await;
        page.open("/tasks").await;
        page.sign_out().await;
        page.sign_in(&eve.email, &eve.password).await;
        page.open("/tasks").await;
        page.lists(&["Eve’s own"]).await;
        page.turn_to(&first).await;
        page.lists(&["Eve’s own"]).await;
    })
    .await;
}

/// Notes what can be read on the page at the moment at which it comes out of the back/forward cache, before the app
/// itself hears of that.
const WATCH_CACHE: &str = "addEventListener('pageshow', (event) => {
    if (event.persisted) (window.shown ??= []).push(document.body.checkVisibility() ? document.body.innerText.trim() : '');
}, {capture: true})";

/// Ends every session of somebody, as another device would.
pub(crate) async fn sign_out_everywhere(person: &Person) {
    person.post(paths::LOGOUT_EVERYWHERE).ask().await.expect(200);
}
