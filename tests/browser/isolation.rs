//! Two people at two browsers: neither ever sees, nor reaches, what belongs to the other.

use crate::stage::{Screen, Stage, play};
use crate::target::{heading, text};
use serde_json::json;
use shared::paths;
use tests::person::PASSWORD;

#[tokio::test]
async fn nobody_sees_or_reaches_what_belongs_to_somebody_else() {
    play(Screen::Desktop, async |stage: &Stage| {
        // Eve tries, on purpose.
        stage.forgive("status of 403");
        stage.forgive("status of 404");
        let first = stage.browser().await;
        first.sign_up("ada@example.org").await;
        first.add("Ada’s secret").await;
        let ada = stage.app.login_with("ada@example.org", PASSWORD).await;
        let secret = ada.list().await[0].clone();

        let second = stage.browser().await;
        second.spy().await;
        second.sign_up("eve@example.org").await;
        second.sees(heading("A clear list")).await;
        second.add("Eve’s own").await;
        second.lists(&["Eve’s own"]).await;
        assert!(!second.shows(text("Ada’s secret")).await);

        let eve = stage.app.login_with("eve@example.org", PASSWORD).await;
        let token = second.token().await;
        for (method, path, status) in [
            ("GET", ada.tasks(), 403),
            ("POST", ada.tasks(), 403),
            ("GET", ada.task(secret.id), 403),
            ("DELETE", ada.task(secret.id), 403),
            ("PATCH", ada.task_complete(secret.id), 403),
            ("GET", eve.task(secret.id), 404),
            ("PUT", eve.task(secret.id), 404),
            ("DELETE", eve.task(secret.id), 404),
            ("PATCH", eve.task_complete(secret.id), 404),
            ("GET", paths::tasks("ada@example.org"), 403),
        ] {
            let answer: Vec<serde_json::Value> = second.eval(TRY, json!([method, path, token])).await;
            assert_eq!(answer[0], status, "{method} {path}");
            assert!(!answer[1].to_string().contains("secret"), "{method} {path}: {answer:?}");
        }

        assert_eq!(ada.list().await, [secret]);
        first.reload().await;
        first.lists(&["Ada’s secret"]).await;
        second.reload().await;
        second.lists(&["Eve’s own"]).await;
    })
    .await;
}

/// What a page's script gets when it asks on its own, with the page's token.
const TRY: &str = "
    const [method, path, token] = arguments;
    const body = method === 'PUT' || method === 'POST' ? JSON.stringify({title: 'Eve was here'}) : undefined;
    const headers = {Authorization: `Bearer ${token}`, 'Content-Type': 'application/json'};
    return fetch(path, {method, headers, body}).then(async (answer) => [answer.status, await answer.text()])";
