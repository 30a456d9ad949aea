//! Requests that no honest client sends: they are refused with a 4xx, never with a 5xx, and the server goes on.

use crate::routes;
use reqwest::RequestBuilder;
use shared::error::ErrorCode;
use shared::paths;
use tests::{Answer, Ask, Person, TestApp, assert_problem, raw};
use uuid::Uuid;

fn json(person: &Person, body: impl Into<reqwest::Body>) -> RequestBuilder {
    person
        .post(&person.tasks())
        .header("content-type", "application/json")
        .body(body)
}

#[tokio::test]
async fn bodies_that_are_not_a_json_object_are_bad_input() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for route in routes::with_body(&ada.id, Uuid::now_v7()) {
        for body in [
            "",
            " ",
            "{",
            "}",
            "{]",
            "{\"title\":}",
            "nul",
            "[]",
            "\"title\"",
            "1",
            "null",
            "true",
            "{}{}",
            "{\"title\":\"x\"",
            "{'title':'x'}",
            "{\"title\":\"x\",}",
            "\u{feff}{}",
            "{\"title\":\"\t\"}",
            "{\"title\":NaN}",
            "{\"title\":\"\\ud800\"}",
            "{\"title\":\"\\x\"}",
        ] {
            let request = ada.request(route.method.clone(), &route.path);
            let answer = request
                .header("content-type", "application/json")
                .body(body)
                .ask()
                .await;
            let problem = assert_problem(&answer, 400, ErrorCode::InvalidInput);
            assert!(problem.error.fields.is_empty(), "{body}: {answer:?}");
        }
    }
    assert_eq!(ada.list().await, []);
}

#[tokio::test]
async fn deeply_nested_json_is_refused() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for (open, close) in [("[", "]"), ("{\"title\":", "}")] {
        let body = format!("{}1{}", open.repeat(5000), close.repeat(5000));
        assert_problem(&json(&ada, body).ask().await, 400, ErrorCode::InvalidInput);
        let unclosed = open.repeat(5000);
        assert_problem(&json(&ada, unclosed).ask().await, 400, ErrorCode::InvalidInput);
    }
    let inside = format!(
        "{{\"title\":\"Milk\",\"more\":{}1{}}}",
        "[".repeat(5000),
        "]".repeat(5000)
    );
    assert_problem(&json(&ada, inside).ask().await, 400, ErrorCode::InvalidInput);
}

#[tokio::test]
async fn text_that_is_not_utf8_is_refused() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for bytes in [
        &b"\xff"[..],
        b"\xc3\x28",
        b"\xed\xa0\x80",
        b"\xf8\x88\x80\x80\x80",
        b"\xc0\x80",
    ] {
        let body = [b"{\"title\":\"", bytes, b"\"}"].concat();
        assert_problem(&json(&ada, body).ask().await, 400, ErrorCode::InvalidInput);
    }
    let utf16: Vec<u8> = "{\"title\":\"x\"}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_problem(&json(&ada, utf16).ask().await, 400, ErrorCode::InvalidInput);
}

#[tokio::test]
async fn numbers_beyond_any_type_do_no_harm() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for number in ["1e999", "-1e999", "1e-999", &"9".repeat(400), "-0", "0.1"] {
        let wrong = json(&ada, format!("{{\"title\":{number}}}")).ask().await;
        assert_problem(&wrong, 400, ErrorCode::InvalidInput);
        let ignored = json(&ada, format!("{{\"title\":\"Milk\",\"priority\":{number}}}"))
            .ask()
            .await;
        // JSON sets no limit to numbers, a parser may: either is fine, a failure of the server is not.
        assert!(matches!(ignored.status, 201 | 400), "{ignored:?}");
    }
}

#[tokio::test]
async fn members_that_come_twice_mean_one_thing_to_everybody() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let answer = json(&ada, "{\"title\":\"first\",\"title\":\"second\"}").ask().await;
    // RFC 8259 §4 leaves it open: refused, or the last one counts as in every common parser.
    if answer.status == 201 {
        assert_eq!(answer.value()["title"], "second");
    } else {
        assert_problem(&answer, 400, ErrorCode::InvalidInput);
    }
    // A bad value does not slip in behind a good one.
    let answer = json(&ada, "{\"title\":\"good\",\"title\":7}").ask().await;
    assert_problem(&answer, 400, ErrorCode::InvalidInput);
}

#[tokio::test]
async fn bodies_of_another_type_are_415() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for route in routes::with_body(&ada.id, Uuid::now_v7()) {
        let body = route.body.unwrap().to_string();
        for content_type in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/xml",
            "application/json2",
            "text/json",
            "json",
            "*/*",
            "",
        ] {
            let request = ada.request(route.method.clone(), &route.path);
            let answer = request
                .header("content-type", content_type)
                .body(body.clone())
                .ask()
                .await;
            assert_problem(&answer, 415, ErrorCode::UnsupportedMediaType);
        }
        let without = ada.request(route.method.clone(), &route.path).body(body).ask().await;
        assert_problem(&without, 415, ErrorCode::UnsupportedMediaType);
    }
    assert_eq!(ada.list().await, []);
}

#[tokio::test]
async fn json_may_be_announced_with_a_charset_and_in_any_case() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for content_type in [
        "application/json",
        "application/json; charset=utf-8",
        "application/json;charset=UTF-8",
        "Application/JSON",
    ] {
        let request = ada.post(&ada.tasks()).header("content-type", content_type);
        request.body("{\"title\":\"Milk\"}").ask().await.expect(201);
    }
}

#[tokio::test]
async fn bodies_that_are_too_large_are_413() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for route in routes::with_body(&ada.id, Uuid::now_v7()) {
        let mut body = route.body.unwrap();
        body["filler"] = "x".repeat(1_000_000).into();
        let answer = ada.request(route.method.clone(), &route.path).json(&body).ask().await;
        assert_problem(&answer, 413, ErrorCode::TooLarge);
    }
    assert_eq!(ada.list().await, []);
}

#[tokio::test]
async fn bodies_that_only_claim_to_be_too_large_are_413_at_once() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let fields = [
        &*format!("Authorization: Bearer {}", ada.token),
        "Content-Type: application/json",
        "Content-Length: 4000000000",
    ];
    let request = raw::request(&format!("POST {}", ada.tasks()), &fields, b"{");
    let answer = raw::exchange(app.address, &request).await.expect("an answer");
    assert_problem(&answer, 413, ErrorCode::TooLarge);
}

#[tokio::test]
async fn bodies_without_an_announced_length_have_the_same_limit() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let fields = [
        &*format!("Authorization: Bearer {}", ada.token),
        "Content-Type: application/json",
        "Transfer-Encoding: chunked",
    ];
    let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
    let body = format!("{}0\r\n\r\n", chunk.repeat(16));
    let request = raw::request(&format!("POST {}", ada.tasks()), &fields, body.as_bytes());
    let answer = raw::exchange(app.address, &request).await.expect("an answer");
    assert_problem(&answer, 413, ErrorCode::TooLarge);

    let body = b"8\r\n{\"title\"\r\n8\r\n:\"Milk\"}\r\n0\r\n\r\n";
    let request = raw::request(&format!("POST {}", ada.tasks()), &fields, body);
    let answer = raw::exchange(app.address, &request).await.expect("an answer");
    assert_eq!(answer.status, 201, "{answer:?}");
}

#[tokio::test]
async fn urls_that_are_too_long_are_refused() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let long = format!("{}?cursor={}", ada.tasks(), "x".repeat(60_000));
    let answer = ada.get(&long).ask().await;
    assert_problem(&answer, 414, ErrorCode::UriTooLong);
    // Past what the HTTP parser itself takes, nothing of ours is asked any more.
    let request = raw::request(&format!("GET /{}", "x".repeat(300_000)), &[], b"");
    let answer = raw::exchange(app.address, &request).await.expect("an answer");
    assert!(matches!(answer.status, 414 | 431), "{answer:?}");
    assert_alive(&app, &ada).await;
}

#[tokio::test]
async fn header_fields_that_are_too_large_are_431() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let large = format!("X-Filler: {}", "x".repeat(60_000));
    let answer = raw::exchange(app.address, &raw::request("GET /health", &[&large], b""))
        .await
        .expect("an answer");
    assert_problem(&answer, 431, ErrorCode::HeadersTooLarge);
    // Past what the HTTP parser itself takes, nothing of ours is asked any more.
    let larger = format!("X-Filler: {}", "x".repeat(300_000));
    let answer = raw::exchange(app.address, &raw::request("GET /health", &[&larger], b""))
        .await
        .expect("an answer");
    assert_eq!(answer.status, 431, "{answer:?}");
    let many = vec!["X-Filler: x"; 2000];
    let answer = raw::exchange(app.address, &raw::request("GET /health", &many, b""))
        .await
        .expect("an answer");
    assert!(matches!(answer.status, 400 | 431), "{answer:?}");
    assert_alive(&app, &ada).await;
}

#[tokio::test]
async fn what_is_not_http_is_refused() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for bytes in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..],
        b"hello\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
        b"GET /health HTTP/1.1\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: x\r\nNo colon\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: x\r\nX-\0: x\r\n\r\n",
        b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
        b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\nzz\r\n{}",
        b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: nonsense\r\n\r\n{}",
        b"\0\0\0\0\r\n\r\n",
    ] {
        let answer = hang_up_after(&app, bytes).await;
        if let Some(answer) = answer {
            assert!(
                (400..500).contains(&answer.status),
                "{:?}: {answer:?}",
                String::from_utf8_lossy(bytes)
            );
        }
    }
    assert_alive(&app, &ada).await;
}

/// Sends the bytes and then says that nothing more will come.
async fn hang_up_after(app: &TestApp, bytes: &[u8]) -> Option<Answer> {
    use tokio::io::AsyncWriteExt;
    let mut stream = tokio::net::TcpStream::connect(app.address).await.unwrap();
    let _ = stream.write_all(bytes).await;
    let _ = stream.shutdown().await;
    raw::read(&mut stream).await
}

#[tokio::test]
async fn paths_with_escapes_and_dots_reach_nothing_that_they_should_not() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let bob = app.register("bob").await;
    bob.add("Secret").await;
    let bearer = format!("Authorization: Bearer {}", ada.token);
    for path in [
        format!("/api/{}/../{}/tasks", ada.id, bob.id),
        format!("/api/{}/%2e%2e/{}/tasks", ada.id, bob.id),
        format!("/api/{}%2Ftasks%2F..%2F{}/tasks", ada.id, bob.id),
        format!("//api/{}/tasks", bob.id),
        format!("/api//{}/tasks", bob.id),
        format!("/api/{}//tasks", bob.id),
        format!("/api/{};x/tasks", bob.id),
        format!("/%61pi/{}/tasks", bob.id),
        format!("/API/{}/tasks", bob.id),
        "/../../etc/passwd".to_owned(),
        "/%2e%2e/%2e%2e/etc/passwd".to_owned(),
        "/..%2f..%2fetc%2fpasswd".to_owned(),
        "/assets/..%5c..%5cCargo.toml".to_owned(),
    ] {
        let answer = raw::exchange(app.address, &raw::request(&format!("GET {path}"), &[&bearer], b""))
            .await
            .unwrap();
        assert!(answer.status < 500, "{path}: {answer:?}");
        for secret in ["Secret", "root:", "[workspace]"] {
            assert!(!answer.text().contains(secret), "{path}: {answer:?}");
        }
    }
}

async fn assert_alive(app: &TestApp, ada: &Person) {
    app.get(paths::READY).ask().await.expect(200);
    ada.add("still here").await;
}
