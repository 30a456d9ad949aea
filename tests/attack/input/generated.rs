//! Inputs that nobody has thought of: many of them, made by chance from a seed. None of them makes the server fail.

use crate::case::Case;
use crate::isolation::recipes::{Operation, operations};
use crate::wire;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Map, Value, json};
use shared::error::PROBLEM_JSON;
use shared::paths;
use std::fmt::Debug;
use tests::person::PASSWORD;
use tests::{Answer, Ask, Person, TestApp};
use uuid::Uuid;

/// How many inputs a case tries.
const ROUNDS: usize = 150;

/// The seed of all of them, unless the environment has another one (a number).
const SEED: u64 = 3;

const SEED_VARIABLE: &str = "TASKWARD_ATTACK_SEED";

pub(super) fn cases() -> Vec<Case> {
    let mut cases = crate::case::cases![
        any_path_is_answered,
        any_query_is_answered,
        any_header_is_answered,
        any_bytes_are_answered_or_dropped,
        any_cursor_is_answered,
        any_token_is_refused,
        any_cookie_is_refused,
        any_pair_of_credentials_is_answered,
    ];
    for operation in operations().into_iter().filter(|operation| operation.has_body) {
        let name = format!("generated::body_of_{}", operation.id);
        let other = operation.clone();
        cases.push(Case::new("attack::input", name, move || {
            any_body(operation, any_json())
        }));
        let name = format!("generated::altered_body_of_{}", other.id);
        cases.push(Case::new("attack::input", name, move || {
            let recipe = other.recipe().body.expect("it has a body");
            any_body(other, altered(recipe))
        }));
    }
    cases
}

/// Values by chance, and how they came about.
struct Chance {
    runner: TestRunner,
    seed: u64,
}

impl Chance {
    fn new() -> Self {
        let seed = std::env::var(SEED_VARIABLE).map_or(SEED, |seed| seed.parse().expect("a number"));
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let random = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        Self {
            runner: TestRunner::new_with_rng(Config::default(), random),
            seed,
        }
    }

    fn draw<S: Strategy>(&mut self, strategy: &S) -> S::Value {
        strategy.new_tree(&mut self.runner).expect("a value").current()
    }

    /// The server has answered, and not by a failure of its own.
    #[track_caller]
    fn assert_answered(&self, input: &impl Debug, answer: &Answer) {
        let seed = self.seed;
        assert!(answer.status < 500, "{SEED_VARIABLE}={seed}, {input:?}: {answer:?}");
        if answer.status >= 400 {
            assert_eq!(
                answer.header("content-type"),
                PROBLEM_JSON,
                "{SEED_VARIABLE}={seed}, {input:?}: {answer:?}"
            );
        }
    }

    #[track_caller]
    fn assert_harmless(&self, input: &impl Debug, answers: &wire::Answers) {
        let seed = self.seed;
        let good = answers.statuses.iter().all(|status| *status < 500);
        assert!(good, "{SEED_VARIABLE}={seed}, {input:?}: {answers:?}");
    }
}

/// Names that mean something to the server, among others.
fn any_name() -> impl Strategy<Value = String> {
    let known = [
        "title",
        "description",
        "completed",
        "email",
        "password",
        "name",
        "current_password",
        "new_password",
        "id",
        "user_id",
    ];
    prop_oneof![3 => prop::sample::select(known.to_vec()).prop_map(str::to_owned), 1 => any::<String>()]
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "\\PC{0,40}",
        "[\\x00-\\x7f]{0,20}",
        "[a-z]{1,8}@[a-z]{1,8}\\.[a-z]{2,3}",
        Just(PASSWORD.to_owned()),
        Just("x".repeat(300)),
        Just("👩".repeat(201)),
        Just("1970-01-01T00:00:00Z".to_owned()),
    ]
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any_text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            btree_map(any_name(), inner, 0..8)
                .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// A good body with a member replaced, added or taken away.
fn altered(good: Value) -> impl Strategy<Value = Value> {
    (any_name(), any_json(), 0..4_u8).prop_map(move |(name, value, how)| {
        let mut body = good.clone();
        let members = body.as_object_mut().expect("an object");
        if how == 0 {
            members.remove(&name);
        } else {
            members.insert(name, value);
        }
        body
    })
}

async fn any_body(operation: Operation, bodies: impl Strategy<Value = Value>) {
    let app = TestApp::spawn().await;
    let mut chance = Chance::new();
    let mut person: Option<(Person, Uuid)> = None;
    for round in 0..ROUNDS {
        let (ada, task) = if let Some(person) = person.take() {
            person
        } else {
            let ada = app.register(&format!("ada{round}")).await;
            let task = ada.add("Milk").await.id;
            (ada, task)
        };
        let body = chance.draw(&bodies);
        let path = operation
            .path
            .replace("{user_id}", &ada.id)
            .replace("{id}", &task.to_string());
        let answer = ada.request(operation.method.clone(), &path).json(&body).ask().await;
        chance.assert_answered(&body, &answer);
        // Whoever has deleted the account or changed the password by chance is somebody new in the next round.
        if ada.me().await.status == 200 {
            person = Some((ada, task));
        }
    }
    app.get(paths::READY).ask().await.expect(200);
}

async fn any_path_is_answered() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let mut chance = Chance::new();
    let piece = prop_oneof![
        Just("api".to_owned()),
        Just("auth".to_owned()),
        Just("tasks".to_owned()),
        Just("complete".to_owned()),
        Just("docs".to_owned()),
        Just(ada.id.clone()),
        Just("..".to_owned()),
        Just(String::new()),
        "(%[0-9a-f]{2}){1,4}",
        "[!-~&&[^?#]]{1,12}",
        "%[0-9a-zA-Z%]{0,3}",
    ];
    let paths = vec(piece, 1..7);
    for _ in 0..ROUNDS {
        let path = format!("/{}", chance.draw(&paths).join("/"));
        for method in ["GET", "PUT"] {
            let request = format!(
                "{method} {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nConnection: close\r\n\r\n",
                ada.token
            );
            let answers = wire::exchange(app.address, request.as_bytes()).await;
            chance.assert_harmless(&path, &answers);
            assert_eq!(answers.statuses.len(), 1, "{path}: {answers:?}");
        }
    }
}

async fn any_query_is_answered() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    ada.add("Milk").await;
    let mut chance = Chance::new();
    let name = prop_oneof![Just("limit".to_owned()), Just("cursor".to_owned()), any_text()];
    let value = prop_oneof![any_text(), any::<i64>().prop_map(|number| number.to_string())];
    let queries = vec((name, value), 0..5);
    for _ in 0..ROUNDS {
        let query = chance.draw(&queries);
        let answer = ada.get(&ada.tasks()).query(&query).ask().await;
        if answer.status == 414 {
            continue;
        }
        chance.assert_answered(&query, &answer);
        assert!(matches!(answer.status, 200 | 400), "{query:?}: {answer:?}");
    }
}

async fn any_header_is_answered() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let task = ada.add("Milk").await;
    let mut chance = Chance::new();
    let names = [
        "accept",
        "accept-encoding",
        "accept-language",
        "authorization",
        "content-encoding",
        "content-type",
        "cookie",
        "expect",
        "forwarded",
        "host",
        "if-match",
        "if-modified-since",
        "if-none-match",
        "origin",
        "range",
        "referer",
        "sec-fetch-site",
        "te",
        "traceparent",
        "upgrade",
        "user-agent",
        "x-forwarded-for",
        "x-request-id",
    ];
    let value = vec(
        prop_oneof![4 => 0x20..0x7f_u8, 1 => 0x80..=0xff_u8, 1 => Just(b'"'), 1 => Just(b',')],
        0..60,
    );
    let headers = vec((prop::sample::select(names.to_vec()), value), 1..6);
    for _ in 0..ROUNDS {
        let headers = chance.draw(&headers);
        for line in [
            format!("GET {}", ada.tasks()),
            format!("DELETE {}", ada.task(task.id)),
            format!("POST {}", paths::REFRESH),
            "GET /".to_owned(),
        ] {
            let mut request = format!("{line} HTTP/1.1\r\nConnection: close\r\n").into_bytes();
            if !headers.iter().any(|(name, _)| *name == "host") {
                request.extend_from_slice(b"host: x\r\n");
            }
            // Not the good token: a task that is gone would be answered otherwise.
            for (name, value) in &headers {
                request.extend_from_slice(&[name.as_bytes(), b": ", value, b"\r\n"].concat());
            }
            request.extend_from_slice(b"\r\n");
            let answers = wire::exchange(app.address, &request).await;
            chance.assert_harmless(&headers, &answers);
            assert!(answers.statuses.len() <= 1, "{headers:?}: {answers:?}");
        }
    }
    assert_eq!(ada.list().await, [task]);
}

async fn any_bytes_are_answered_or_dropped() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let mut chance = Chance::new();
    let good = format!(
        "POST {} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n\
         Content-Length: 16\r\nConnection: close\r\n\r\n{{\"title\":\"Milk\"}}",
        ada.tasks(),
        ada.token
    );
    let noise = vec(any::<u8>(), 0..200);
    let changes = vec((any::<prop::sample::Index>(), any::<u8>()), 1..6);
    for _ in 0..ROUNDS {
        let bytes = chance.draw(&noise);
        let answers = wire::exchange(app.address, &bytes).await;
        chance.assert_harmless(&bytes, &answers);

        let mut bytes = good.clone().into_bytes();
        for (place, byte) in chance.draw(&changes) {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        let answers = wire::exchange(app.address, &bytes).await;
        chance.assert_harmless(&String::from_utf8_lossy(&bytes), &answers);
    }
    ada.me().await.expect(200);
}

async fn any_cursor_is_answered() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    ada.add("Milk").await;
    let mut chance = Chance::new();
    let cursors = prop_oneof![
        vec(any::<u8>(), 24).prop_map(crate::forge::part),
        (any::<i64>(), any::<[u8; 16]>())
            .prop_map(|(micros, id)| crate::forge::part([&micros.to_be_bytes()[..], &id].concat())),
        (0..2_000_000_000_000_000_i64, any::<[u8; 16]>())
            .prop_map(|(micros, id)| crate::forge::part([&micros.to_be_bytes()[..], &id].concat())),
        "[A-Za-z0-9_-]{0,40}",
    ];
    for _ in 0..ROUNDS {
        let cursor = chance.draw(&cursors);
        let answer = ada.get(&format!("{}?limit=2&cursor={cursor}", ada.tasks())).ask().await;
        chance.assert_answered(&cursor, &answer);
        assert!(matches!(answer.status, 200 | 400), "{cursor}: {answer:?}");
    }
}

async fn any_token_is_refused() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let mut chance = Chance::new();
    let [header, payload, _] = crate::forge::parts(&ada.token).map(str::to_owned);
    let part = "[A-Za-z0-9_-]{0,60}";
    let tokens = prop_oneof![
        (part, part, part).prop_map(|(a, b, c)| format!("{a}.{b}.{c}")),
        part.prop_map(move |signature| format!("{header}.{payload}.{signature}")),
        any_json().prop_map(|header| format!("{}.e30.AAAA", crate::forge::part(header.to_string()))),
        (any_json(), any_json()).prop_map(|(header, claims)| crate::forge::sign(
            header.to_string(),
            claims.to_string(),
            tests::token::SECRET
        )),
        any_json().prop_map(|claims| crate::forge::sign(
            r#"{"alg":"HS256","typ":"JWT"}"#,
            claims.to_string(),
            tests::token::SECRET
        )),
        "[!-~]{0,100}",
    ];
    for _ in 0..ROUNDS {
        let token = chance.draw(&tokens);
        if token.len() > 8000 {
            continue;
        }
        let answer = app.me_with(&format!("Bearer {token}")).await;
        chance.assert_answered(&token, &answer);
        assert_eq!(answer.status, 401, "{token}: {answer:?}");
    }
}

async fn any_cookie_is_refused() {
    let app = TestApp::spawn().await;
    let mut chance = Chance::new();
    let cookies = prop_oneof![
        "taskward_session=[!-~]{0,100}",
        "taskward_session=[A-Za-z0-9_-]{0,60}\\.[A-Za-z0-9_-]{0,60}\\.[A-Za-z0-9_-]{0,60}",
        "[ -~]{0,200}",
        "(taskward_session=%[0-9a-f]{2};? ?){1,5}",
    ];
    for _ in 0..ROUNDS {
        let cookie = chance.draw(&cookies);
        let answer = app.refresh_with(&cookie).await;
        chance.assert_answered(&cookie, &answer);
        assert_eq!(answer.status, 401, "{cookie}: {answer:?}");
    }
}

async fn any_pair_of_credentials_is_answered() {
    let app = TestApp::spawn().await;
    let mut chance = Chance::new();
    let email = prop_oneof![
        "\\PC{1,20}@\\PC{1,20}\\.[a-z]{2,4}",
        "[!-~]{1,20}@[a-z0-9.-]{1,30}",
        any_text()
    ];
    let pairs = (email, any_text());
    for _ in 0..ROUNDS {
        let (email, password) = chance.draw(&pairs);
        let body = json!({"email": email, "password": password});
        let made = app.post_json(paths::REGISTER, &body).await;
        chance.assert_answered(&body, &made);
        let signed_in = app.try_login(&email, &password).await;
        chance.assert_answered(&body, &signed_in);
        // Whoever could register can sign in, and nobody else.
        if matches!(made.status, 201) {
            assert_eq!(signed_in.status, 200, "{body}: {signed_in:?}");
        }
    }
}
