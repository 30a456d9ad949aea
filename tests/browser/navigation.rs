//! Addresses: where they lead, with and without a session, and what the tab is called there.

use crate::stage::{Screen, Stage, play};
use crate::target::{heading, link, testid};
use serde_json::{Value, json};

#[tokio::test]
async fn a_protected_page_asks_to_sign_in_and_comes_back() {
    play(Screen::Phone, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        let page = stage.browser().await;
        page.spy().await;
        page.open("/today").await;
        page.arrives_at("/sign-in").await;
        assert!(!page.has_seen("new-task-form").await);
        page.open("/account").await;
        page.arrives_at("/sign-in?next=%2Faccount").await;
        assert!(!page.has_seen("profile-email").await);
        page.sign_in(&ada.email, &ada.password).await;
        page.arrives_at("/account").await;
        page.reads(testid("profile-email"), &ada.email).await;
    })
    .await;
}

#[tokio::test]
async fn the_place_to_come_back_to_survives_the_way_over_registration() {
    play(Screen::Phone, async |stage: &Stage| {
        let page = stage.browser().await;
        page.open("/account").await;
        page.click(link("Create an account")).await;
        page.arrives_at("/sign-up?next=%2Faccount").await;
        page.click(link("Sign in")).await;
        page.arrives_at("/sign-in?next=%2Faccount").await;
    })
    .await;
}

#[tokio::test]
async fn a_link_cannot_send_anybody_off_the_site_after_signing_in() {
    const EVIL: [&str; 7] = [
        "//evil.example",
        "https://evil.example/tasks",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/%2F/evil.example",
        "/tasks\t//evil.example",
    ];
    play(Screen::Desktop, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        let page = stage.browser().await;
        for next in EVIL {
            let path: String = page
                .eval(
                    "return '/sign-in?next=' + encodeURIComponent(arguments[0])",
                    json!([next]),
                )
                .await;
            page.open(&path).await;
            if next == EVIL[0] {
                page.sign_in(&ada.email, &ada.password).await;
            }
            // From here on somebody is signed in, and is sent on at once.
            page.arrives_at("/today").await;
            let origin: String = page.eval("return location.origin", json!([])).await;
            assert_eq!(origin, page.site, "{next}");
        }
    })
    .await;
}

#[tokio::test]
async fn whoever_is_signed_in_is_sent_on_from_the_forms() {
    play(Screen::Desktop, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        let page = stage.browser().await;
        page.spy().await;
        page.enter(&ada).await;
        for path in ["/", "/sign-in", "/sign-up"] {
            page.open(path).await;
            page.arrives_at("/today").await;
            page.sees(heading("Today")).await;
            assert!(!page.has_seen("sign-in-form").await && !page.has_seen("sign-up-form").await);
        }
    })
    .await;
}

#[tokio::test]
async fn every_page_has_its_title() {
    play(Screen::Desktop, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        let page = stage.browser().await;
        let is_title = "return document.title === arguments[0]";
        for (path, title) in [
            ("/sign-in", "Sign in · Taskward"),
            ("/sign-up", "Create your account · Taskward"),
            ("/nowhere", "Page not found · Taskward"),
        ] {
            page.open(path).await;
            page.until(format!("{path} is called {title}"), is_title, json!([title]))
                .await;
        }
        page.enter(&ada).await;
        for (path, title) in [
            ("/today", "Today · Taskward"),
            ("/upcoming", "Upcoming · Taskward"),
            ("/inbox", "Inbox · Taskward"),
            ("/tasks", "All tasks · Taskward"),
            ("/tags/home", "@home · Taskward"),
            ("/search", "Search · Taskward"),
            ("/done", "Done · Taskward"),
            ("/trash", "Trash · Taskward"),
            ("/account", "Account · Taskward"),
        ] {
            page.open(path).await;
            page.until(format!("{path} is called {title}"), is_title, json!([title]))
                .await;
        }
    })
    .await;
}

#[tokio::test]
async fn an_unknown_address_says_so_and_leads_back() {
    play(Screen::Phone, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        let page = stage.browser().await;
        for path in ["/nowhere", "/tasks/more", "/sign-in/x"] {
            page.open(path).await;
            page.sees(heading("Page not found")).await;
            page.arrives_at(path).await;
        }
        page.click(link("Go to your tasks")).await;
        page.arrives_at("/sign-in").await;
        page.sign_in(&ada.email, &ada.password).await;
        page.open("/nowhere").await;
        page.click(link("Go to your tasks")).await;
        page.arrives_at("/today").await;
        page.sees(heading("Nothing due today")).await;
    })
    .await;
}

#[tokio::test]
async fn after_several_steps_back_at_once_a_page_is_gone_to_again() {
    play(Screen::Phone, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        let page = stage.browser().await;
        page.enter(&ada).await;
        for (name, path) in [("Inbox", "/inbox"), ("Upcoming", "/upcoming")] {
            page.click(link(name)).await;
            page.arrives_at(path).await;
        }
        let _: Value = page.eval("history.go(-2); return null", json!([])).await;
        page.arrives_at("/tasks").await;
        page.sees(heading("All tasks")).await;
        page.click(link("Upcoming")).await;
        page.sees(heading("Upcoming")).await;
        page.arrives_at("/upcoming").await;
    })
    .await;
}

#[tokio::test]
async fn the_way_back_leads_through_the_pages_that_were_seen() {
    play(Screen::Phone, async |stage: &Stage| {
        let ada = stage.app.register("ada").await;
        let page = stage.browser().await;
        page.enter(&ada).await;
        page.add("Buy milk").await;
        page.click(testid("account-menu")).await;
        page.click(link("Account")).await;
        page.arrives_at("/account").await;
        page.back().await;
        page.arrives_at("/tasks").await;
        page.lists(&["Buy milk"]).await;
    })
    .await;
}
