//! Isolation that shows only over several requests.

use crate::case::{Case, cases, only_on};
use crate::compare;
use futures_util::future::join;
use serde_json::json;
use shared::error::ErrorCode;
use shared::paths;
use shared::tasks::Task;
use std::collections::HashSet;
use tests::{Ask, Backend, Person, TestApp, assert_problem, assert_unauthorized};
use uuid::Uuid;

pub(super) fn cases() -> Vec<Case> {
    let mut cases = cases![
        ids_in_a_body_change_nothing,
        a_bulk_change_with_somebody_elses_task_is_as_one_with_none,
        importing_somebody_elses_ids_touches_nothing_of_theirs,
        versions_of_a_task_are_no_oracle,
        an_id_of_ones_own_task_under_another_owner_is_forbidden,
        lists_never_mix_while_two_people_write,
        deleted_accounts_id_looks_like_one_that_never_was,
        a_new_account_inherits_nothing_of_a_deleted_one,
        a_method_override_is_not_followed,
        a_rewritten_url_is_not_followed,
        head_and_options_tell_no_more_than_get,
        the_location_of_a_task_is_under_its_owner,
    ];
    cases.extend(only_on(Backend::Postgres, cases![lists_never_mix_across_nodes]));
    cases
}

async fn two(app: &TestApp) -> (Person, Person) {
    (app.register("ada").await, app.register("eve").await)
}

async fn ids_in_a_body_change_nothing() {
    let app = TestApp::spawn().await;
    let (ada, eve) = two(&app).await;
    let adas = ada.add("Ada's").await;
    let body = json!({
        "title": "Planted", "id": adas.id, "user_id": ada.id, "owner_id": ada.id, "owner": ada.id, "version": 99,
        "created_at": "1970-01-01T00:00:00Z", "updated_at": "1970-01-01T00:00:00Z",
    });
    let made: Task = eve.create(&body).await.expect(201).json();
    assert_eq!(made.user_id, eve.id);
    assert_ne!(made.id, adas.id);
    assert!(made.created_at >= adas.created_at, "{made:?}");
    let changed: Task = eve.update(made.id, &body).await.expect(200).json();
    assert_eq!((changed.id, changed.user_id), (made.id, eve.id.clone()));
    assert_eq!(changed.created_at, made.created_at);
    assert_eq!(ada.list().await, [adas]);
    assert_eq!(eve.list().await.len(), 1);
}

async fn a_bulk_change_with_somebody_elses_task_is_as_one_with_none() {
    let app = TestApp::spawn().await;
    let (ada, eve) = two(&app).await;
    let (adas, eves) = (ada.add("Ada's").await, eve.add("Eve's").await);
    for change in [
        json!({"priority": 3}),
        json!({"deleted": true}),
        json!({"deleted": false}),
        json!({"list_id": null, "completed": true}),
    ] {
        let with = |id: Uuid| {
            eve.patch(&eve.tasks())
                .json(&json!({"ids": [eves.id, id], "change": change}))
                .ask()
        };
        let absent = compare::whole(&with(Uuid::now_v7()).await);
        assert_eq!(absent.0, 404);
        assert_eq!(compare::whole(&with(adas.id).await), absent, "{change}");
    }
    assert_eq!(ada.list().await, [adas]);
    assert_eq!(eve.list().await, [eves]);
}

async fn importing_somebody_elses_ids_touches_nothing_of_theirs() {
    let app = TestApp::spawn().await;
    let (ada, eve) = two(&app).await;
    let adas = ada.add("Ada's").await;
    let list = ada.add_list("Ada's").await;
    let file = json!({"format": "taskward", "version": 1, "lists": [{"id": list.id, "name": "Planted"}], "tasks": [
        {"id": adas.id, "user_id": ada.id, "title": "Planted", "list_id": list.id},
        {"id": Uuid::now_v7(), "title": "Planted", "parent_id": adas.id},
    ]});
    let report = eve
        .post(&paths::import(&eve.id))
        .json(&file)
        .ask()
        .await
        .expect(200)
        .value();
    // Nor does the report tell that somebody has these ids.
    assert_eq!((&report["created"], &report["already_there"]), (&json!(2), &json!(0)));
    assert_eq!(ada.list().await, [adas]);
    let lists = ada.lists().await;
    assert_eq!(lists, [list]);
    for task in eve.list().await {
        assert_eq!((task.title.as_str(), &task.user_id), ("Planted", &eve.id));
    }
}

async fn versions_of_a_task_are_no_oracle() {
    let app = TestApp::spawn().await;
    let (ada, eve) = two(&app).await;
    let adas = ada.add("Ada's").await;
    let version = ada.read(adas.id).await.expect(200).header("etag").to_owned();
    let mut seen = HashSet::new();
    for id in [adas.id, Uuid::now_v7(), Uuid::nil(), Uuid::max()] {
        for if_match in [version.as_str(), "\"999\"", "*", "nonsense"] {
            let path = eve.task(id);
            let update = eve.put(&path).header("if-match", if_match);
            let update = update.json(&json!({"title": "Planted"}));
            let delete = eve.delete(&path).header("if-match", if_match);
            let toggle = eve.patch(&eve.task_complete(id)).header("if-match", if_match);
            for request in [update, delete, toggle] {
                seen.insert(compare::whole(&request.ask().await));
            }
        }
    }
    assert_eq!(seen.len(), 1, "{seen:#?}");
    assert_eq!(seen.into_iter().next().unwrap().0, 404);
    assert_eq!(ada.list().await, [adas]);
}

async fn an_id_of_ones_own_task_under_another_owner_is_forbidden() {
    let app = TestApp::spawn().await;
    let (ada, eve) = two(&app).await;
    let eves = eve.add("Eve's").await;
    for path in [ada.task(eves.id), paths::task(&Uuid::now_v7().to_string(), eves.id)] {
        assert_problem(&eve.get(&path).ask().await, 403, ErrorCode::Forbidden);
        assert_problem(&eve.delete(&path).ask().await, 403, ErrorCode::Forbidden);
    }
    assert_eq!(eve.list().await, [eves]);
}

/// Both write and read at the same time, and never see anything but what is theirs.
async fn write_together(ada: &Person, eve: &Person) {
    let work = async |person: &Person, name: &str| {
        for round in 0..12 {
            let task = person.add(&format!("{name} {round}")).await;
            if round % 3 == 0 {
                person.update(task.id, &json!({"completed": true})).await.expect(200);
            }
            if round % 4 == 0 {
                person.delete(&person.task(task.id)).ask().await.expect(200);
            }
            for task in person.list().await {
                assert_eq!(task.user_id, person.id);
                assert!(task.title.starts_with(name), "{task:?}");
            }
        }
        assert_eq!(person.list().await.len(), 9);
    };
    join(work(ada, "Ada"), work(eve, "Eve")).await;
}

async fn lists_never_mix_while_two_people_write() {
    let app = TestApp::spawn_with(&["--workers", "2"]).await;
    let (ada, eve) = two(&app).await;
    write_together(&ada, &eve).await;
}

async fn lists_never_mix_across_nodes() {
    let first = TestApp::spawn().await;
    let second = TestApp::spawn_on(&first.database(), &[]).await;
    let (ada, eve) = two(&first).await;
    write_together(&ada, &eve.at(&second.url)).await;
}

async fn delete(person: &Person) {
    let body = json!({"password": person.password});
    person.delete(paths::ME).json(&body).ask().await.expect(200);
}

async fn deleted_accounts_id_looks_like_one_that_never_was() {
    let app = TestApp::spawn().await;
    let (ada, eve) = two(&app).await;
    let adas = ada.add("Ada's").await;
    delete(&ada).await;
    let nobody = Uuid::now_v7().to_string();
    let by_eve = compare::whole(&eve.get(&paths::tasks(&nobody)).ask().await);
    assert_eq!(by_eve.0, 403);
    assert_eq!(compare::whole(&eve.get(&ada.tasks()).ask().await), by_eve);
    assert_eq!(compare::whole(&eve.get(&ada.task(adas.id)).ask().await), by_eve);
    let absent = compare::whole(&eve.read(Uuid::now_v7()).await);
    assert_eq!(compare::whole(&eve.read(adas.id).await), absent);
    for path in [ada.tasks(), ada.task(adas.id), paths::tasks(&nobody)] {
        assert_unauthorized(&ada.get(&path).ask().await);
    }
}

async fn a_new_account_inherits_nothing_of_a_deleted_one() {
    let app = TestApp::spawn().await;
    let old = app.register("ada").await;
    let task = old.add("Of the old account").await;
    delete(&old).await;
    let new = app.register("ada").await;
    assert_eq!(new.list().await, []);
    assert_problem(&new.read(task.id).await, 404, ErrorCode::NotFound);
    assert_problem(&new.get(&old.tasks()).ask().await, 403, ErrorCode::Forbidden);
}

async fn a_method_override_is_not_followed() {
    let app = TestApp::spawn().await;
    let (ada, _) = two(&app).await;
    let task = ada.add("Milk").await;
    for name in [
        "X-HTTP-Method-Override",
        "X-HTTP-Method",
        "X-Method-Override",
        "_method",
    ] {
        let answer = ada.get(&ada.task(task.id)).header(name, "DELETE").ask().await;
        answer.expect(200);
        let query = format!("{}?_method=DELETE&{name}=DELETE", ada.task(task.id));
        ada.get(&query).ask().await.expect(200);
    }
    assert_eq!(ada.list().await, [task]);
}

async fn a_rewritten_url_is_not_followed() {
    let app = TestApp::spawn().await;
    let (ada, eve) = two(&app).await;
    ada.add("Ada's secret").await;
    for name in [
        "X-Original-URL",
        "X-Rewrite-URL",
        "X-Forwarded-Uri",
        "X-Forwarded-Path",
        "X-Forwarded-Prefix",
    ] {
        for request in [app.get(paths::HEALTH), eve.get(&eve.tasks())] {
            let answer = request.header(name, ada.tasks()).ask().await.expect(200);
            assert!(!answer.text().contains("secret"), "{answer:?}");
        }
    }
}

async fn head_and_options_tell_no_more_than_get() {
    let app = TestApp::spawn().await;
    let (ada, eve) = two(&app).await;
    let adas = ada.add("Ada's").await;
    for (path, get) in [(ada.task(adas.id), 403), (eve.task(adas.id), 404), (ada.tasks(), 403)] {
        eve.get(&path).ask().await.expect(get);
        let head = eve.request(reqwest::Method::HEAD, &path).ask().await.expect(get);
        assert!(head.body.is_empty(), "{head:?}");
        let nobodys = path.replace(&ada.id, &Uuid::now_v7().to_string());
        let options = eve.request(reqwest::Method::OPTIONS, &path).ask().await;
        let elsewhere = eve.request(reqwest::Method::OPTIONS, &nobodys).ask().await;
        assert_eq!(compare::whole(&options), compare::whole(&elsewhere));
    }
}

async fn the_location_of_a_task_is_under_its_owner() {
    let app = TestApp::spawn().await;
    let (ada, eve) = two(&app).await;
    let answer = ada
        .post(&ada.tasks())
        .header("x-forwarded-host", "evil.example")
        .header("forwarded", "host=evil.example;proto=https")
        .json(&json!({"title": "Milk"}))
        .ask()
        .await
        .expect(201);
    let location = answer.header("location");
    let task: Task = answer.json();
    assert_eq!(location, ada.task(task.id));
    assert_problem(&eve.get(location).ask().await, 403, ErrorCode::Forbidden);
}
