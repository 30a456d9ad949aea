//! Sizes at the limit and past it.

use crate::case::{Case, cases};
use crate::wire;
use futures_util::future::select_all;
use reqwest::Method;
use serde_json::json;
use shared::error::ErrorCode;
use shared::paths;
use std::time::{Duration, Instant};
use tests::service::until;
use tests::{Ask, Person, TestApp, assert_invalid, assert_problem};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

/// The largest body (bytes).
const BODY: usize = 256 * 1024;

/// The largest file (bytes).
const FILE: usize = 16 * 1024 * 1024;

/// The longest URL (bytes).
const URL: usize = 8 * 1024;

/// All header fields, names and values (bytes).
const HEADERS: usize = 24 * 1024;

pub(super) fn cases() -> Vec<Case> {
    let mut cases = cases![
        body_at_the_limit_is_taken_and_past_it_refused,
        body_past_the_limit_is_refused_before_it_is_sent,
        chunked_body_past_the_limit_is_refused,
        chunked_body_without_an_end_is_refused,
        url_at_the_limit_is_read_and_past_it_refused,
        url_far_past_the_limit_is_refused,
        headers_past_the_limit_are_refused,
        headers_far_past_the_limit_are_refused,
        ten_thousand_headers_are_refused,
        a_method_of_any_length_is_refused,
        unknown_methods_are_refused_by_name,
        fields_at_the_limit_are_taken_and_past_it_refused,
        characters_are_counted_and_not_bytes,
        pages_are_no_larger_than_the_limit,
        one_account_holds_the_memory_of_few_unsent_files,
    ];
    cases.push(Case::idle(
        module_path!(),
        "a_head_that_never_ends_is_cut_off",
        a_head_that_never_ends_is_cut_off,
    ));
    cases.push(Case::idle(
        module_path!(),
        "a_body_that_never_comes_is_given_up",
        a_body_that_never_comes_is_given_up,
    ));
    cases
}

fn filled(title: &str, length: usize) -> String {
    let empty = json!({"title": title, "filler": ""}).to_string();
    json!({"title": title, "filler": "x".repeat(length - empty.len())}).to_string()
}

async fn create(person: &Person, body: String) -> tests::Answer {
    let request = person.post(&person.tasks()).header("content-type", "application/json");
    request.body(body).ask().await
}

async fn body_at_the_limit_is_taken_and_past_it_refused() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let fits = filled("Milk", BODY);
    assert_eq!(fits.len(), BODY);
    create(&ada, fits).await.expect(201);
    let over = create(&ada, filled("Bread", BODY + 1)).await;
    assert_problem(&over, 413, ErrorCode::TooLarge);
    assert_eq!(ada.list().await.len(), 1);
}

async fn body_past_the_limit_is_refused_before_it_is_sent() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let request = format!(
        "POST {} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n\
         Content-Length: 9000000000\r\nConnection: close\r\n\r\n{{",
        ada.tasks(),
        ada.token
    );
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    // The connection stays open on this side: nobody waits for what was promised.
    let answers = wire::read_to_end(&mut stream).await;
    assert_eq!(answers.statuses, [413], "{answers:?}");
    assert!(answers.text.contains(shared::error::PROBLEM_JSON), "{answers:?}");
}

fn chunked(person: &Person) -> String {
    format!(
        "POST {} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n\
         Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n",
        person.tasks(),
        person.token
    )
}

async fn chunked_body_past_the_limit_is_refused() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for (length, status) in [(BODY, 201), (BODY + 1, 413)] {
        let mut request = chunked(&ada).into_bytes();
        for chunk in filled("Milk", length).as_bytes().chunks(1000) {
            let size = format!("{:x}\r\n", chunk.len());
            request.extend_from_slice(&[size.as_bytes(), chunk, b"\r\n"].concat());
        }
        request.extend_from_slice(b"0\r\n\r\n");
        let answers = wire::exchange(app.address, &request).await;
        assert_eq!(answers.statuses, [status], "{answers:?}");
    }
}

async fn chunked_body_without_an_end_is_refused() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let request = chunked(&ada) + &format!("1000\r\n{}\r\n", "x".repeat(4096)).repeat(128);
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    let _ = stream.write_all(request.as_bytes()).await;
    // As soon as there is too much of it, and not when it ends.
    let answers = wire::read_head(&mut stream).await;
    assert_eq!(answers.statuses, [413], "{answers:?}");
}

async fn one_account_holds_the_memory_of_few_unsent_files() {
    let app = TestApp::spawn().await;
    let (ada, bob) = (app.register("ada").await, app.register("bob").await);
    let import = async |person: &Person| {
        let request = person.post(&paths::import(&person.id));
        request.json(&json!({"format": "taskward", "version": 1})).ask().await
    };
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Length: {FILE}\r\n\r\n",
        paths::import(&ada.id),
        ada.token
    );
    let mut streams = Vec::new();
    for _ in 0..3 {
        let mut stream = TcpStream::connect(app.address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        streams.push(stream);
    }
    // Two are waited for, and one, whichever comes last, is refused at once.
    let answers = streams.iter_mut().map(|stream| Box::pin(wire::read_head(stream)));
    let (first, ..) = select_all(answers).await;
    assert_eq!(first.statuses, [429], "{first:?}");
    let refused = import(&ada).await;
    assert_problem(&refused, 429, ErrorCode::RateLimited);
    assert_eq!(refused.header("retry-after"), "1");
    import(&bob).await.expect(200);
    drop(streams);
    until("they are given up", async || import(&ada).await.status == 200).await;
}

async fn url_at_the_limit_is_read_and_past_it_refused() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let path = |length: usize| {
        let start = format!("{}?x=", ada.tasks());
        format!("{start}{}", "x".repeat(length - start.len()))
    };
    ada.get(&path(URL)).ask().await.expect(200);
    let over = ada.get(&path(URL + 1)).ask().await;
    assert_problem(&over, 414, ErrorCode::UriTooLong);
    // For everybody and everywhere, without a look at anything else.
    let start = "/sign-in?x=";
    let page = app.get(&format!("{start}{}", "x".repeat(URL))).ask().await;
    assert_problem(&page, 414, ErrorCode::UriTooLong);
}

async fn url_far_past_the_limit_is_refused() {
    let app = TestApp::spawn().await;
    for length in [20_000, 100_000, 1_000_000] {
        let request = format!(
            "GET /{} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
            "x".repeat(length)
        );
        let answers = wire::exchange(app.address, request.as_bytes()).await;
        assert!(
            matches!(answers.statuses.as_slice(), [400 | 414 | 431]),
            "{length}: {answers:?}"
        );
    }
    app.get(paths::READY).ask().await.expect(200);
}

async fn headers_past_the_limit_are_refused() {
    let app = TestApp::spawn().await;
    let filler = |length: usize| app.get(paths::HEALTH).header("x-filler", "x".repeat(length));
    filler(HEADERS - 1000).ask().await.expect(200);
    let over = filler(HEADERS).ask().await;
    assert_problem(&over, 431, ErrorCode::HeadersTooLarge);
    let mut many = app.get(paths::HEALTH);
    for index in 0..60 {
        many = many.header(format!("x-filler-{index}"), "x".repeat(500));
    }
    assert_problem(&many.ask().await, 431, ErrorCode::HeadersTooLarge);
}

async fn headers_far_past_the_limit_are_refused() {
    let app = TestApp::spawn().await;
    for length in [100_000, 1_000_000] {
        for name in ["X-Filler", "Authorization", "Cookie"] {
            let request = format!(
                "GET /health HTTP/1.1\r\nHost: x\r\n{name}: {}\r\nConnection: close\r\n\r\n",
                "x".repeat(length)
            );
            let answers = wire::exchange(app.address, request.as_bytes()).await;
            assert!(
                matches!(answers.statuses.as_slice(), [400 | 431]),
                "{name} {length}: {answers:?}"
            );
        }
    }
    app.get(paths::READY).ask().await.expect(200);
}

async fn ten_thousand_headers_are_refused() {
    let app = TestApp::spawn().await;
    for count in [200, 10_000] {
        let request = format!("GET /health HTTP/1.1\r\nHost: x\r\n{}\r\n", "X: y\r\n".repeat(count));
        let answers = wire::exchange(app.address, request.as_bytes()).await;
        assert!(
            matches!(answers.statuses.as_slice(), [400 | 431]),
            "{count}: {answers:?}"
        );
    }
    app.get(paths::READY).ask().await.expect(200);
}

async fn a_method_of_any_length_is_refused() {
    let app = TestApp::spawn().await;
    for length in [20, 1000, 100_000] {
        let request = format!(
            "{} /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
            "M".repeat(length)
        );
        let answers = wire::exchange(app.address, request.as_bytes()).await;
        assert!(
            matches!(answers.statuses.as_slice(), [400 | 405 | 414 | 431]),
            "{length}: {answers:?}"
        );
    }
}

async fn unknown_methods_are_refused_by_name() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for method in [
        "TRACE", "TRACK", "PROPFIND", "MKCOL", "LINK", "PURGE", "DEBUG", "get", "GET2",
    ] {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        for path in [
            paths::ME.to_owned(),
            ada.tasks(),
            paths::HEALTH.to_owned(),
            "/".to_owned(),
        ] {
            let answer = ada.request(method.clone(), &path).ask().await;
            assert_problem(&answer, 405, ErrorCode::MethodNotAllowed);
            // TRACE would show a page what its browser keeps from it (RFC 9110 §9.3.8).
            assert!(!answer.text().contains(&ada.token), "{answer:?}");
        }
    }
}

async fn fields_at_the_limit_are_taken_and_past_it_refused() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let title = |length| json!({"title": "x".repeat(length)});
    let description = |length| json!({"title": "Milk", "description": "x".repeat(length)});
    ada.create(&title(200)).await.expect(201);
    assert_invalid(&ada.create(&title(201)).await, &["title"]);
    ada.create(&description(10_000)).await.expect(201);
    assert_invalid(&ada.create(&description(10_001)).await, &["description"]);
    let local = "x".repeat(64);
    let long = format!("{local}@{}.org", "a.".repeat(100));
    let body = json!({"email": long, "password": "correct horse battery"});
    assert_invalid(&app.post_json(paths::REGISTER, &body).await, &["email"]);
    let body = json!({"email": "eve@example.org", "password": "correct horse battery", "name": "x".repeat(101)});
    assert_invalid(&app.post_json(paths::REGISTER, &body).await, &["name"]);
}

async fn characters_are_counted_and_not_bytes() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for character in ["é", "語", "👩", "\u{10ffff}"] {
        let title = character.repeat(200);
        let answer = ada
            .create(&json!({"title": title, "description": character.repeat(10_000)}))
            .await;
        assert_eq!(answer.expect(201).value()["title"], title.as_str());
        let answer = ada.create(&json!({"title": character.repeat(201)})).await;
        assert_invalid(&answer, &["title"]);
    }
}

async fn pages_are_no_larger_than_the_limit() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for limit in [
        "0",
        "201",
        "-1",
        "1e2",
        "٣",
        "0x10",
        "999999999999999999999",
        "",
        "1,2",
        "1%20",
        "null",
        "%00",
    ] {
        let answer = ada.get(&format!("{}?limit={limit}", ada.tasks())).ask().await;
        assert_invalid(&answer, &["limit"]);
    }
    let answer = ada.get(&format!("{}?limit=200", ada.tasks())).ask().await;
    answer.expect(200);
}

async fn a_head_that_never_ends_is_cut_off() {
    let app = TestApp::spawn().await;
    let start = Instant::now();
    let mut streams = Vec::new();
    for bytes in [
        "",
        "G",
        "GET /health HTTP/1.1\r\n",
        "GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: ",
    ] {
        let mut stream = TcpStream::connect(app.address).await.unwrap();
        stream.write_all(bytes.as_bytes()).await.unwrap();
        streams.push(stream);
    }
    for stream in &mut streams {
        let answers = wire::read_to_end(stream).await;
        assert!(answers.statuses.iter().all(|status| *status == 408), "{answers:?}");
    }
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
    app.get(paths::READY).ask().await.expect(200);
}

async fn a_body_that_never_comes_is_given_up() {
    let app = TestApp::spawn().await;
    let start = Instant::now();
    let mut streams = Vec::new();
    for head in ["Content-Length: 100", "Transfer-Encoding: chunked"] {
        let request = format!(
            "POST {} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{head}\r\n\r\n",
            paths::LOGIN
        );
        let mut stream = TcpStream::connect(app.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        streams.push(stream);
    }
    for stream in &mut streams {
        let answers = wire::read_head(stream).await;
        assert!(matches!(answers.statuses.as_slice(), [400 | 408]), "{answers:?}");
    }
    assert!(start.elapsed() < Duration::from_secs(45), "{:?}", start.elapsed());
}
