//! Several servers, one after the other or at the same time, on one database: nothing is kept in memory that a restart
//! or a second node would miss.

use serde_json::json;
use shared::auth::AuthResponse;
use shared::paths;
use shared::tasks::Task;
use tests::{Ask, Backend, Binary, Database, TestApp, assert_unauthorized};

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
async fn what_was_revoked_stays_revoked_after_a_restart() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let bob = app.register("bob").await;
    let eve = app.register("eve").await;
    let signed_out = app.login(&ada).await;
    signed_out.post(paths::LOGOUT).ask().await.expect(200);
    bob.post(paths::LOGOUT_EVERYWHERE).ask().await.expect(200);
    let body = json!({"current_password": eve.password, "new_password": "battery horse correct"});
    eve.post(paths::PASSWORD).json(&body).ask().await.expect(200);
    let database = app.database();
    app.stop();

    let app = TestApp::spawn_on(&database, &[]).await;
    for dead in [&signed_out, &bob, &eve] {
        assert_unauthorized(&app.me_with(&format!("Bearer {}", dead.token)).await);
        assert_unauthorized(&app.refresh_with(&dead.cookie).await);
    }
    ada.at(&app.url).me().await.expect(200);
}

#[tokio::test]
async fn a_raised_cost_of_hashing_takes_effect_at_the_next_sign_in() {
    let app = TestApp::spawn_with(&["--bcrypt-cost", "4"]).await;
    let ada = app.register("ada").await;
    let database = app.database();
    app.stop();
    let at_cost = |cost: &str| database.count(&format!("users WHERE password_hash LIKE '%${cost}$%'"));
    assert_eq!((at_cost("04"), at_cost("05")), (1, 0));

    let app = TestApp::spawn_on(&database, &["--bcrypt-cost", "5"]).await;
    app.try_login(&ada.email, "wrong horse battery").await.expect(401);
    assert_eq!((at_cost("04"), at_cost("05")), (1, 0));
    for _ in 0..2 {
        app.login(&ada).await;
        assert_eq!((at_cost("04"), at_cost("05")), (0, 1));
    }
    app.try_login(&ada.email, "wrong horse battery").await.expect(401);
    // It was the same password all along: nobody is signed out.
    ada.at(&app.url).me().await.expect(200);
}

#[tokio::test]
async fn tokens_of_the_previous_secret_are_honoured_while_it_is_named() {
    let secrets = [
        "the first secret that is long enough",
        "the second secret that is long enough",
    ];
    let app = TestApp::spawn_with(&["--jwt-secret", secrets[0]]).await;
    let ada = app.register("ada").await;
    let database = app.database();
    app.stop();

    let flags = ["--jwt-secret", secrets[1], "--jwt-secret-previous", secrets[0]];
    let app = TestApp::spawn_on(&database, &flags).await;
    ada.at(&app.url).me().await.expect(200);
    let renewed = app.refresh_with(&ada.cookie).await.expect(200);
    let auth: AuthResponse = renewed.json();
    app.stop();

    let app = TestApp::spawn_on(&database, &["--jwt-secret", secrets[1]]).await;
    assert_unauthorized(&app.me_with(&format!("Bearer {}", ada.token)).await);
    assert_unauthorized(&app.refresh_with(&ada.cookie).await);
    // What was issued since then is signed with the new one.
    app.me_with(&format!("Bearer {}", auth.access_token.reveal()))
        .await
        .expect(200);
    app.refresh_with(&renewed.session_cookie().pair()).await.expect(200);
}

#[tokio::test]
async fn a_token_is_honoured_by_every_node_and_a_revocation_by_the_next_request() {
    if !Backend::Postgres.is() {
        return;
    }
    let first = TestApp::spawn().await;
    let second = TestApp::spawn_on(&first.database(), &[]).await;
    let ada = first.register("ada").await;
    let there = ada.at(&second.url);
    there.me().await.expect(200);
    let task = there.add("Milk").await;
    assert_eq!(ada.list().await, [task]);
    let auth: AuthResponse = second.refresh_with(&ada.cookie).await.expect(200).json();
    ada.with_token(auth.access_token.reveal()).me().await.expect(200);

    ada.post(paths::LOGOUT).ask().await.expect(200);
    assert_unauthorized(&second.me_with(&format!("Bearer {}", ada.token)).await);
    assert_unauthorized(&second.me_with(&format!("Bearer {}", auth.access_token.reveal())).await);
    assert_unauthorized(&second.refresh_with(&ada.cookie).await);

    for path in [paths::LOGOUT_EVERYWHERE, paths::PASSWORD] {
        let session = second.login(&ada).await;
        first.me_with(&format!("Bearer {}", session.token)).await.expect(200);
        let body = json!({"current_password": ada.password, "new_password": ada.password});
        session.post(path).json(&body).ask().await.expect(200);
        assert_unauthorized(&first.me_with(&format!("Bearer {}", session.token)).await);
        assert_unauthorized(&first.refresh_with(&session.cookie).await);
    }

    let session = second.login(&ada).await;
    let here = session.at(&first.url);
    let request = here.delete(paths::ME).json(&json!({"password": ada.password}));
    request.ask().await.expect(200);
    assert_unauthorized(&second.me_with(&format!("Bearer {}", session.token)).await);
}

#[tokio::test]
async fn nodes_that_start_together_on_an_empty_database_all_come_up() {
    if !Backend::Postgres.is() {
        return;
    }
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

#[tokio::test]
async fn two_servers_that_start_together_on_one_file_do_not_harm_it() {
    if !Backend::Sqlite.is() {
        return;
    }
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
