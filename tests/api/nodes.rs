//! Several servers, one after the other or at the same time, on one database: nothing is kept in memory that a restart
//! or a second node would miss.

use serde_json::json;
use shared::auth::AuthResponse;
use shared::paths;
use shared::tasks::Task;
use tests::{Ask, Binary, Database, TestApp};

#[tokio::test]
async fn sessions_and_tasks_survive_a_restart() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let task: Task = ada
        .create(&json!({"title": "Milk 🛒", "description": "a\r\n\tb"}))
        .await
        .expect(201)
        .json();
    let database = app.database();
    app.stop();

    let app = TestApp::spawn_on(&database, &[]).await;
    let ada = ada.at(&app.url);
    ada.me().await.expect(200);
    assert_eq!(ada.list().await, std::slice::from_ref(&task));
    assert_eq!(ada.read(task.id).await.expect(200).json::<Task>(), task);
    app.refresh_with(&ada.cookie).await.expect(200);
    app.login(&ada).await;
}

#[tokio::test]
async fn starting_again_on_the_same_database_migrates_nothing_twice() {
    let database = Database::empty();
    for round in 0..3 {
        let node = Binary::start(&database, &[]);
        let ada = if round == 0 {
            node.register("ada").await
        } else {
            let answer = node
                .try_login("ada@example.org", tests::person::PASSWORD)
                .await
                .expect(200);
            let auth: AuthResponse = answer.json();
            let listed = node
                .get(&paths::tasks(&auth.user.id))
                .bearer_auth(auth.access_token.reveal());
            assert_eq!(listed.ask().await.expect(200).value().as_array().unwrap().len(), round);
            let request = node
                .post(&paths::tasks(&auth.user.id))
                .bearer_auth(auth.access_token.reveal());
            request.json(&json!({"title": "Milk"})).ask().await.expect(201);
            continue;
        };
        ada.add("Milk").await;
    }
}

mod postgres_only {
    use super::*;

    #[tokio::test]
    #[ignore = "only on PostgreSQL"]
    async fn nodes_that_start_together_on_an_empty_database_all_come_up() {
        let database = Database::empty();
        let nodes: Vec<_> = std::thread::scope(|scope| {
            let starting: Vec<_> = (0..4).map(|_| scope.spawn(|| Binary::start(&database, &[]))).collect();
            starting.into_iter().map(|node| node.join().unwrap()).collect()
        });
        let ada = nodes[0].register("ada").await;
        for node in &nodes {
            ada.at(&node.url).add("Milk").await;
        }
        for node in &nodes {
            assert_eq!(ada.at(&node.url).list().await.len(), nodes.len());
        }
    }
}

mod sqlite_only {
    use super::*;

    #[tokio::test]
    #[ignore = "only on SQLite"]
    async fn two_servers_that_start_together_on_one_file_do_not_harm_it() {
        let database = Database::empty();
        let nodes: Vec<_> = std::thread::scope(|scope| {
            let start = || Binary::run(&mut Binary::command(&database, &[]));
            let starting: Vec<_> = (0..2).map(|_| scope.spawn(start)).collect();
            starting
                .into_iter()
                .filter_map(|node| node.join().unwrap().ok())
                .collect()
        });
        // One server per file is all that is promised; the second may refuse to start.
        assert!(!nodes.is_empty());
        let ada = nodes[0].register("ada").await;
        ada.add("Milk").await;
        drop(nodes);
        let node = Binary::start(&database, &[]);
        assert_eq!(ada.at(&node.url).list().await.len(), 1);
    }
}
