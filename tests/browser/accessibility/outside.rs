//! What those see who are not signed in.

use crate::session_end::{EXPIRED, sign_out_everywhere};
use crate::stage::{Stage, play_on_both};
use crate::target::{button, choice, field, heading, row, testid, text};
use fantoccini::key::Key;

#[tokio::test]
async fn axe_finds_nothing_on_the_forms() {
    play_on_both(async |stage: &Stage| {
        stage.forgive("status of 401");
        stage.forgive("status of 409");
        let ada = stage.app.register("ada").await;
        let page = stage.browser().await;
        page.open("/nowhere").await;
        page.sees(heading("Page not found")).await;
        page.passes("not found").await;
        page.open("/sign-up").await;
        page.sees(heading("Create your account")).await;
        page.passes("sign up").await;
        page.click(button("Create account")).await;
        page.sees(text("Enter your email address.")).await;
        page.passes("sign up with errors").await;
        page.fill(field("Email"), &ada.email).await;
        page.fill(field("Password"), &ada.password).await;
        page.click(button("Show password")).await;
        page.press(Key::Tab).await;
        page.click(button("Create account")).await;
        page.sees(testid("email-error")).await;
        page.passes("sign up with a taken email, and the password to be seen")
            .await;
        page.open("/sign-in").await;
        page.sees(heading("Sign in")).await;
        page.passes("sign in").await;
        page.fill(field("Email"), &ada.email).await;
        page.fill(field("Password"), "not the password").await;
        page.press(Key::Enter).await;
        page.sees(text("That email and password don’t match.")).await;
        page.passes("sign in refused").await;
        for theme in ["dark", "light", "system"] {
            page.click(testid(format!("theme-{theme}"))).await;
            page.passes_as_it_is(&format!("the theme {theme} is chosen")).await;
        }
    })
    .await;
}

#[tokio::test]
async fn axe_finds_nothing_where_a_session_ends() {
    play_on_both(async |stage: &Stage| {
        stage.forgive("status of 401");
        let ada = stage.app.register("ada").await;
        ada.add("Buy milk").await;
        let page = stage.browser().await;
        page.spy().await;
        page.enter(&ada).await;
        page.sees(row("Buy milk")).await;
        sign_out_everywhere(&ada).await;
        page.click(choice("Done: Buy milk")).await;
        page.sees(text(EXPIRED)).await;
        page.passes("a session that has ended").await;
        page.sign_in(&ada.email, &ada.password).await;
        page.sign_out().await;
        page.sees(text("You have signed out.")).await;
        page.passes("signed out").await;
        page.inject("spy.broken = 'POST /refresh'").await;
        page.reload().await;
        page.sees(heading("Can’t reach Taskward")).await;
        page.passes("a server that cannot be reached").await;
        page.inject("spy.held = 'POST /refresh'; spy.broken = null").await;
        page.open("/tasks").await;
        page.sees(testid("restoring")).await;
        page.passes("somebody is recognised").await;
    })
    .await;
}
