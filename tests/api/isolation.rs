//! What is one person's is nobody else's.

use crate::routes::{self, Route};
use shared::error::ErrorCode;
use tests::problem::without_request_id;
use tests::{Ask, TestApp, assert_problem};
use uuid::Uuid;

#[tokio::test]
async fn no_route_reaches_another_users_tasks() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let bob = app.register("bob").await;
    let secret = bob.add("Secret").await;
    let own = ada.add("Own").await;
    for route in routes::tasks(&bob.id, secret.id) {
        let mut request = ada.request(route.method, &route.path);
        if let Some(body) = &route.body {
            request = request.json(body);
        }
        let answer = request.ask().await;
        assert_problem(&answer, 403, ErrorCode::Forbidden);
        assert!(
            !answer.text().contains("Secret") && !answer.text().contains(&bob.id),
            "{answer:?}"
        );
    }
    let naming_it = |route: &Route| route.path.contains(&secret.id.to_string());
    for route in routes::tasks(&ada.id, secret.id).into_iter().filter(naming_it) {
        let mut request = ada.request(route.method, &route.path);
        if let Some(body) = &route.body {
            request = request.json(body);
        }
        assert_problem(&request.ask().await, 404, ErrorCode::NotFound);
    }
    assert_eq!(bob.list().await, [secret]);
    assert_eq!(ada.list().await, [own]);
}

#[tokio::test]
async fn an_existing_user_cannot_be_told_from_one_that_never_was() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let bob = app.register("bob").await;
    let gone = app.register("gone").await;
    let body = serde_json::json!({"password": gone.password});
    gone.delete(shared::paths::ME).json(&body).ask().await.expect(200);
    let bytes = async |user_id: &str| {
        let answer = ada.get(&shared::paths::tasks(user_id)).ask().await;
        assert_problem(&answer, 403, ErrorCode::Forbidden);
        let mut headers = answer.headers.clone();
        headers.remove("date");
        headers.remove("x-request-id");
        (
            without_request_id(&answer).to_string(),
            answer.text().replace(answer.request_id(), ""),
            headers,
        )
    };
    let existing = bytes(&bob.id).await;
    assert_eq!(bytes(&gone.id).await, existing);
    assert_eq!(bytes(&Uuid::now_v7().to_string()).await, existing);
    assert_eq!(bytes("nobody").await, existing);
    assert_eq!(bytes(&bob.id.to_uppercase()).await, existing);
}

#[tokio::test]
async fn ones_own_id_in_another_spelling_shows_nothing_of_anybody_else() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let task = ada.add("Milk").await;
    for spelling in [
        ada.id.to_uppercase(),
        ada.id.replace('-', ""),
        format!("{{{}}}", ada.id),
        format!("urn:uuid:{}", ada.id),
        format!("%20{}", ada.id),
    ] {
        let answer = ada.get(&format!("/api/{spelling}/tasks")).ask().await;
        match answer.status {
            200 => assert_eq!(answer.json::<Vec<shared::tasks::Task>>(), std::slice::from_ref(&task)),
            _ => {
                assert_problem(&answer, 403, ErrorCode::Forbidden);
            }
        }
    }
}

#[tokio::test]
async fn people_who_work_at_the_same_time_do_not_see_each_other() {
    let app = TestApp::spawn().await;
    let mut people = Vec::new();
    for index in 0..4 {
        people.push(app.register(&format!("person{index}")).await);
    }
    let work = people.iter().enumerate().map(async |(index, person)| {
        for step in 0..15 {
            person.add(&format!("{index}-{step}")).await;
            for task in person.list().await {
                assert_eq!(task.user_id, person.id);
                assert!(task.title.starts_with(&format!("{index}-")));
            }
        }
    });
    futures_util::future::join_all(work).await;
    for person in &people {
        assert_eq!(person.list().await.len(), 15);
    }
}
