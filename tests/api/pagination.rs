//! `limit`, `cursor` and `Link`: the list in pages.

use shared::error::ErrorCode;
use shared::tasks::Task;
use tests::{Answer, Ask, Person, TestApp, assert_invalid, assert_problem};
use uuid::Uuid;

/// The path and query of the next page; `None` on the last one.
fn next(app: &TestApp, answer: &Answer) -> Option<String> {
    let link = answer.header("link");
    if link.is_empty() {
        return None;
    }
    let (target, parameters) = link.strip_prefix('<').and_then(|rest| rest.split_once('>')).unwrap();
    assert!(parameters.contains("rel=\"next\""), "{answer:?}");
    let base = url::Url::parse(&app.url).unwrap();
    let url = base.join(target).unwrap();
    assert_eq!(url.origin(), base.origin(), "{answer:?}");
    Some(format!("{}?{}", url.path(), url.query().unwrap()))
}

/// Walks the pages from the first to the last. `between` is done after each page.
async fn walk(app: &TestApp, ada: &Person, limit: usize, between: impl AsyncFn(&[Task])) -> Vec<Task> {
    let mut path = format!("{}?limit={limit}", ada.tasks());
    let mut seen = Vec::new();
    for _ in 0..1000 {
        let answer = ada.get(&path).ask().await.expect(200);
        let page: Vec<Task> = answer.json();
        assert!(page.len() <= limit);
        between(&page).await;
        seen.extend(page.iter().cloned());
        match next(app, &answer) {
            Some(next) => {
                assert_eq!(page.len(), limit, "only the last page is short");
                path = next;
            }
            None => return seen,
        }
    }
    panic!("the pages have no end");
}

async fn fill(ada: &Person, count: usize) -> Vec<Task> {
    for index in 0..count {
        ada.add(&format!("Task {index}")).await;
    }
    ada.list().await
}

#[tokio::test]
async fn pages_show_every_task_exactly_once_and_in_order() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let bob = app.register("bob").await;
    bob.add("Secret").await;
    let all = fill(&ada, 250).await;
    assert_eq!(all.len(), 250);
    for limit in [1, 7, 50, 125, 199, 200] {
        assert_eq!(walk(&app, &ada, limit, async |_| {}).await, all, "limit {limit}");
    }
}

#[tokio::test]
async fn pages_are_not_disturbed_by_tasks_that_come_and_go() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let all = fill(&ada, 60).await;
    let seen = walk(&app, &ada, 7, async |page| {
        ada.add("New").await;
        // The very task at which the next page begins may go.
        let last = page.last().unwrap();
        ada.delete(&ada.task(last.id)).ask().await.expect(200);
    })
    .await;
    assert_eq!(seen, all);
}

#[tokio::test]
async fn a_list_that_fits_has_no_next_page() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let empty = ada.get(&format!("{}?limit=5", ada.tasks())).ask().await.expect(200);
    assert_eq!((empty.text().as_str(), empty.header("link")), ("[]", ""));
    fill(&ada, 5).await;
    let exact = ada.get(&format!("{}?limit=5", ada.tasks())).ask().await.expect(200);
    assert_eq!(exact.value().as_array().unwrap().len(), 5);
    assert_eq!(exact.header("link"), "", "{exact:?}");
    let more = ada.get(&format!("{}?limit=4", ada.tasks())).ask().await.expect(200);
    assert!(next(&app, &more).is_some());
}

#[tokio::test]
async fn limit_is_from_1_to_200() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for limit in ["1", "200"] {
        ada.get(&ada.tasks()).query(&[("limit", limit)]).ask().await.expect(200);
    }
    for limit in [
        "0",
        "201",
        "abc",
        "-1",
        "",
        "1.5",
        "1e2",
        " 1",
        "99999999999999999999",
        "0x10",
        "null",
    ] {
        let answer = ada.get(&ada.tasks()).query(&[("limit", limit)]).ask().await;
        assert_invalid(&answer, &["limit"]);
    }
}

#[tokio::test]
async fn cursor_is_what_a_next_link_has_and_nothing_else() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for cursor in ["", "abc", "-1", "'", "%00", "\0", "🛒", "null", "0", &"x".repeat(500)] {
        for limit in [Some("5"), None] {
            let mut request = ada.get(&ada.tasks()).query(&[("cursor", cursor)]);
            if let Some(limit) = limit {
                request = request.query(&[("limit", limit)]);
            }
            let answer = request.ask().await;
            assert_invalid(&answer, &["cursor"]);
        }
    }
    let both = ada
        .get(&ada.tasks())
        .query(&[("limit", "0"), ("cursor", "abc")])
        .ask()
        .await;
    assert_invalid(&both, &["limit", "cursor"]);
}

#[tokio::test]
async fn a_cursor_opens_nobody_elses_list() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let bob = app.register("bob").await;
    fill(&ada, 3).await;
    let bobs = fill(&bob, 3).await;
    let answer = ada.get(&format!("{}?limit=1", ada.tasks())).ask().await.expect(200);
    let theirs = next(&app, &answer).unwrap();
    assert_problem(&bob.get(&theirs).ask().await, 403, ErrorCode::Forbidden);
    let moved = bob.get(&theirs.replace(&ada.id, &bob.id)).ask().await;
    if moved.status == 200 {
        let ids: Vec<Uuid> = bobs.iter().map(|task| task.id).collect();
        assert!(
            moved.json::<Vec<Task>>().iter().all(|task| ids.contains(&task.id)),
            "{moved:?}"
        );
    } else {
        assert_invalid(&moved, &["cursor"]);
    }
}

#[tokio::test]
async fn unknown_parameters_are_ignored() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let task = ada.add("Milk").await;
    let answer = ada
        .get(&ada.tasks())
        .query(&[("sort", "title"), ("user_id", "x")])
        .ask()
        .await
        .expect(200);
    assert_eq!(answer.json::<Vec<Task>>(), [task]);
}
