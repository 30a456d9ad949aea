//! `q`: the words of a task.

use serde_json::json;
use shared::tasks::Task;
use std::collections::BTreeSet;
use tests::service::until;
use tests::{Ask, Backend, Database, PATIENCE, Person, TestApp, assert_invalid};
use tokio::time::timeout;

async fn found(ada: &Person, q: &str) -> BTreeSet<String> {
    let request = ada.get(&ada.tasks()).query(&[("q", q)]);
    let tasks: Vec<Task> = request.ask().await.expect(200).json();
    tasks.into_iter().map(|task| task.title).collect()
}

async fn add(ada: &Person, title: &str, description: &str) -> Task {
    let body = json!({"title": title, "description": description});
    ada.create(&body).await.expect(201).json()
}

#[tokio::test]
async fn every_word_must_occur_somewhere_in_title_or_description() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    add(&ada, "Buy milk", "Two litres of oat").await;
    add(&ada, "Buy bread", "").await;
    add(&ada, "Buttermilk pancakes", "milky").await;
    for (q, expected) in [
        ("milk", vec!["Buy milk", "Buttermilk pancakes"]),
        ("buy milk", vec!["Buy milk"]),
        ("milk  buy\toat", vec!["Buy milk"]),
        ("litres", vec!["Buy milk"]),
        ("b", vec!["Buttermilk pancakes", "Buy bread", "Buy milk"]),
        ("oa", vec!["Buy milk"]),
        ("milk of", vec!["Buy milk"]),
        ("milkshake", vec![]),
        ("ybread", vec![]),
        ("kTwo", vec![]),
        ("milk\ntwo", vec!["Buy milk"]),
    ] {
        let expected: BTreeSet<_> = expected.into_iter().map(str::to_owned).collect();
        assert_eq!(found(&ada, q).await, expected, "{q:?}");
    }
}

#[tokio::test]
async fn case_does_not_matter_in_any_alphabet() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for (title, queries) in [
        ("MÖRK Choklad", ["mörk", "MÖRK", "chokLAD"]),
        ("Купить МОЛОКО", ["молоко", "КУПИТЬ", "олок"]),
        ("ΓΆΛΑ ΟΔΟΣ", ["γάλα", "οδος", "ΟΔΟΣ"]),
        ("Straße kehren", ["STRASSE", "straße", "strass"]),
        ("İstanbul", ["i̇stanbul", "STANBUL", "İSTANBUL"]),
        ("牛乳を買う", ["牛乳", "を買う", "牛"]),
        ("🛒 groceries", ["🛒", "GROCER", "🛒 groc"]),
    ] {
        let task = add(&ada, title, "").await;
        for q in queries {
            assert!(found(&ada, q).await.contains(title), "{q} in {title}");
        }
        ada.delete(&ada.task(task.id)).ask().await.expect(200);
    }
}

#[tokio::test]
async fn what_query_languages_have_for_themselves_is_literal() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let titles = [
        "100% done",
        "100 percent",
        "snake_case",
        "snakeXcase",
        r"back\slash",
        "quo\"te",
        "it's",
        "a AND b",
        "star*",
        "(x)",
        "NEAR(a b)",
        "-minus",
        "col:on",
        "^caret",
        "semi;colon",
        "--",
        "[a-z]",
        "%_%",
        "{x}",
        "''",
        "\"\"\"\"",
    ];
    for title in titles {
        add(&ada, title, "").await;
    }
    for title in titles {
        let folded = title.to_lowercase();
        let words: Vec<_> = folded.split_whitespace().collect();
        let expected: BTreeSet<_> = titles
            .iter()
            .filter(|other| words.iter().all(|word| other.to_lowercase().contains(word)))
            .map(|title| (*title).to_owned())
            .collect();
        assert!(expected.contains(title));
        assert_eq!(found(&ada, title).await, expected, "{title}");
    }
    for q in [
        "%",
        "_",
        "\\",
        "\"",
        "'",
        "*",
        "%%%",
        "___",
        "\\%",
        "\"\"\"",
        "a*",
        "' OR 1=1 --",
        "\") OR (\"",
        "x' ESCAPE '",
    ] {
        let expected: BTreeSet<_> = titles
            .iter()
            .filter(|title| {
                q.to_lowercase()
                    .split_whitespace()
                    .all(|word| title.to_lowercase().contains(word))
            })
            .map(|title| (*title).to_owned())
            .collect();
        assert_eq!(found(&ada, q).await, expected, "{q}");
    }
}

#[tokio::test]
async fn what_is_found_follows_every_change() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let bob = app.register("bob").await;
    bob.add("Milk of Bob's").await;
    let task = add(&ada, "Milk", "Two litres").await;
    let one = BTreeSet::from(["Milk".to_owned()]);
    assert_eq!(found(&ada, "milk").await, one);
    ada.update(task.id, &json!({"title": "Bread"})).await.expect(200);
    assert!(found(&ada, "milk").await.is_empty());
    assert_eq!(found(&ada, "bread litres").await.len(), 1);
    ada.update(task.id, &json!({"description": null})).await.expect(200);
    assert!(found(&ada, "litres").await.is_empty());
    ada.update(task.id, &json!({"title": "Milk", "description": "Oat"}))
        .await
        .expect(200);
    assert_eq!(found(&ada, "milk oat").await, one);
    ada.update(task.id, &json!({"priority": 2})).await.expect(200);
    assert_eq!(found(&ada, "milk oat").await, one);
    ada.delete(&ada.task(task.id)).ask().await.expect(200);
    assert!(found(&ada, "milk").await.is_empty(), "in the trash");
    assert_eq!(found(&bob, "milk").await.len(), 1);
    // An account that goes takes what it is found by along.
    ada.add("Milk again").await;
    let gone = ada.delete(shared::paths::ME).json(&json!({"password": ada.password}));
    gone.ask().await.expect(200);
    assert_eq!(found(&bob, "milk").await.len(), 1);
    until("its rows are gone", async || app.database().count("tasks") == 1).await;
}

#[tokio::test]
async fn the_longest_question_is_answered() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let title = "x".repeat(200);
    add(&ada, &title, &"y".repeat(1000)).await;
    assert_eq!(found(&ada, &"x".repeat(200)).await.len(), 1);
    assert_eq!(found(&ada, &"x y ".repeat(50)).await.len(), 1);
    assert_eq!(found(&ada, &"%".repeat(200)).await.len(), 0);
    assert_eq!(found(&ada, &"\"".repeat(200)).await.len(), 0);
}

#[tokio::test]
async fn what_a_server_of_the_version_before_wrote_is_found_after_the_upgrade() {
    let database = Database::migrated();
    let app = TestApp::spawn_on(&database, &[]).await;
    let ada = app.register("ada").await;
    add(&ada, "MÖRK", "Choklad").await;
    database.execute("UPDATE tasks SET search = NULL");
    assert!(found(&ada, "mörk").await.is_empty());
    let upgraded = TestApp::spawn_on(&database, &[]).await;
    let ada = ada.at(&upgraded.url);
    let folded = async {
        while found(&ada, "mörk choklad").await.is_empty() {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, folded).await.expect("the task is found");
}

/// Those wrote a mark of the owner in front of it, for an index that there is no more.
#[tokio::test]
async fn what_a_server_of_the_version_before_wrote_is_found_and_in_its_order() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for title in ["Cherry", "Apple", "Banana"] {
        add(&ada, title, "").await;
    }
    let marked = match Backend::current() {
        Backend::Sqlite => "UPDATE tasks SET search = char(128, 159, 133) || search WHERE title = 'Banana'",
        Backend::Postgres => r"UPDATE tasks SET search = U&'\0080\009f\0085' || search WHERE title = 'Banana'",
    };
    app.database().execute(marked);
    assert_eq!(found(&ada, "banana").await.len(), 1);
    let request = ada.get(&ada.tasks()).query(&[("sort", "title")]);
    let tasks: Vec<Task> = request.ask().await.expect(200).json();
    let titles: Vec<_> = tasks.iter().map(|task| task.title.as_str()).collect();
    assert_eq!(titles, ["Apple", "Banana", "Cherry"]);
}

#[tokio::test]
async fn a_search_has_twenty_words_at_most() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let words: Vec<_> = ('a'..='t').map(String::from).collect();
    add(&ada, &words.concat(), "").await;
    assert_eq!(found(&ada, &words.join(" ")).await.len(), 1);
    let request = ada.get(&ada.tasks()).query(&[("q", format!("{} u", words.join(" ")))]);
    assert_invalid(&request.ask().await, &["q"]);
}
