//! Access tokens live for an hour and sessions for a week: nobody notices when one token takes over from another.

use crate::page::{Page, until_server};
use crate::spy::Request;
use crate::stage::{Screen, Stage, play, play_with};
use crate::target::{choice, heading, testid};
use serde_json::{Value, json};
use shared::paths;
use tests::token::Token;
use tests::{Ask, Person};

#[tokio::test]
async fn a_token_that_has_run_out_is_renewed_unseen() {
    play_with(Screen::Desktop, &["--access-token-ttl", "3"], async |stage: &Stage| {
        // On a busy machine a token may run out on its way.
        stage.forgive("status of 401");
        let ada = stage.app.register("ada").await;
        let page = stage.browser().await;
        page.spy().await;
        page.enter(&ada).await;
        let token = page.token().await;
        runs_out(&ada.with_token(token)).await;
        page.forget().await;
        page.add("Buy milk").await;
        assert!(page.renewals().await > 0);
        assert!(!page.has_seen("sign-in-form").await);
        page.arrives_at("/tasks").await;
        assert_eq!(ada_has(stage, &ada).await, ["Buy milk"]);
    })
    .await;
}

#[tokio::test]
async fn requests_that_are_refused_together_share_one_renewal_and_are_repeated() {
    play(Screen::Desktop, async |stage: &Stage| {
        stage.forgive("status of 401");
        let ada = stage.app.register("ada").await;
        for title in ["one", "two", "three"] {
            ada.add(title).await;
        }
        let page = stage.browser().await;
        page.spy().await;
        page.enter(&ada).await;
        page.lists(&["three", "two", "one"]).await;
        let refused = let_the_token_run_out(&page).await;
        page.forget().await;
        let _: Value = page
            .eval(
                "document.querySelectorAll('[data-testid=task-toggle]').forEach((each) => each.click()); return null",
                json!([]),
            )
            .await;
        page.sees(heading("All done")).await;
        page.until(
            "all requests are answered",
            "return spy.requests.length > 0 && spy.requests.every((each) => each.status)",
            json!([]),
        )
        .await;

        let requests = page.requests().await;
        let changes: Vec<&Request> = requests.iter().filter(|request| request.method == "PUT").collect();
        let (first, second): (Vec<&Request>, Vec<&Request>) = changes
            .iter()
            .partition(|request| request.token.as_ref() == Some(&refused));
        assert!(first.len() >= 2, "at least two were refused together: {requests:?}");
        assert!(first.iter().all(|request| request.status == Some(401)), "{requests:?}");
        assert_eq!(second.len(), 3, "{requests:?}");
        assert!(second.iter().all(|request| request.status == Some(200)), "{requests:?}");
        assert_eq!(page.renewals().await, 1, "{requests:?}");
        assert!(!page.has_seen("sign-in-form").await);
        assert!(ada.list().await.iter().all(|task| task.completed));
        assert_eq!(page.text(testid("completed-count")).await, "3");
    })
    .await;
}

#[tokio::test]
async fn a_renewed_token_goes_on_being_used() {
    play(Screen::Phone, async |stage: &Stage| {
        stage.forgive("status of 401");
        let ada = stage.app.register("ada").await;
        ada.add("Buy milk").await;
        let page = stage.browser().await;
        page.spy().await;
        page.enter(&ada).await;
        let refused = let_the_token_run_out(&page).await;
        page.forget().await;
        page.click(choice("Done: Buy milk")).await;
        page.sees(heading("All done")).await;
        page.add("Call Charles").await;
        assert_eq!(page.renewals().await, 1);
        assert_ne!(page.token().await, refused);
    })
    .await;
}

/// From now on the server is sent an expired twin of the page's token, as if an hour had passed. Returns the token.
pub(crate) async fn let_the_token_run_out(page: &Page) -> String {
    let token = page.token().await;
    let claims = Token::read(&token);
    // Tokens of one second are the same to the last byte, and the next one must not be taken for this one.
    let issued = claims.number("iat");
    until_server(async || chrono::Utc::now().timestamp() > issued).await;
    let past = issued - 10;
    let expired = claims.with("iat", past - 10).with("exp", past).sign();
    page.tamper("stale", json!({"token": token, "expired": expired})).await;
    token
}

/// Waits until the server refuses the token.
async fn runs_out(person: &Person) {
    until_server(async || person.get(paths::ME).ask().await.status == 401).await;
}

async fn ada_has(stage: &Stage, ada: &Person) -> Vec<String> {
    let ada = stage.app.login(ada).await;
    ada.list().await.into_iter().map(|task| task.title).collect()
}
