//! Text that would be a program somewhere: it is kept as it is, and is never one here.

use crate::case::{Case, cases};
use crate::ground;
use serde_json::json;
use shared::tasks::Task;
use tests::{Ask, TestApp, assert_invalid};

const PAYLOADS: [(&str, &str); 34] = [
    ("sql_drop", "'; DROP TABLE tasks; --"),
    ("sql_or", "' OR '1'='1"),
    ("sql_union", "x' UNION SELECT password_hash FROM users --"),
    ("sql_stacked", "1; UPDATE users SET epoch = 0"),
    ("sql_postgres_dollar", "$$; SELECT pg_sleep(5); $$"),
    ("sql_parameters", "$1 ?1 :id @id"),
    ("sql_wildcards", "%_[a-z]"),
    ("sql_backslash_quote", "\\'; --"),
    ("html_script", "<script>alert(document.cookie)</script>"),
    ("html_image", "\"><img src=x onerror=alert(1)>"),
    ("html_entities", "&lt;b&gt; &amp; &#x3c;"),
    ("html_closing", "</textarea></script></title>"),
    ("svg", "<svg/onload=alert(1)>"),
    ("javascript_url", "javascript:alert(1)"),
    ("template_braces", "{{7*7}} ${7*7} <%= 7*7 %> #{7*7}"),
    ("template_lookup", "${jndi:ldap://127.0.0.1:1389/a}"),
    ("format_strings", "%s %d %n {} {0} {name}"),
    ("shell", "$(touch /tmp/x); `id` | cat > /tmp/x &"),
    ("path", "../../../../etc/passwd"),
    ("url", "http://127.0.0.1:8080/api/auth/logout"),
    ("csv_formula", "=HYPERLINK(\"http://evil.example\")"),
    ("json_inside", "\",\"completed\":true,\"x\":\""),
    ("json_escapes", "\\u0000 \\n \\\" \\\\"),
    ("line_separators", "a\u{2028}b\u{2029}c"),
    ("right_to_left", "\u{202e}txt.exe\u{202c}"),
    ("zero_width", "a\u{200b}b\u{200d}c\u{feff}d"),
    ("combining", "Z\u{351}\u{36b}\u{343}a\u{306}\u{300}l"),
    ("not_normalised", "e\u{301} \u{e9} \u{fb01} \u{212b}"),
    ("emoji", "👩‍👩‍👧‍👦🏳️‍🌈🇩🇪"),
    ("highest_code_points", "\u{10ffff}\u{fffd}\u{ffff}\u{fffe}"),
    ("private_use", "\u{e000}\u{f8ff}"),
    ("quotes", "\"'`´‘’“”«»"),
    (
        "xml_entity",
        "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]>&b;",
    ),
    ("log_forging", "x level=ERROR msg=\"owned\" \u{85}"),
];

pub(super) fn cases() -> Vec<Case> {
    let mut all = cases![
        control_characters_are_refused,
        descriptions_keep_their_line_breaks,
        versions_that_are_no_versions_match_nothing,
        ids_that_are_no_ids_are_refused,
        cursors_that_are_no_cursors_are_refused,
    ];
    for (name, payload) in PAYLOADS {
        all.push(Case::new(
            "attack::input",
            format!("text::{name}_comes_back_as_it_is"),
            move || round_trips(payload),
        ));
    }
    all
}

async fn round_trips(payload: &'static str) {
    let app = ground::plain().await;
    let ada = app.somebody().await;
    let eve = app.somebody().await;
    // A title takes no control characters, of which U+0085 is one.
    let title = payload.replace('\u{85}', "");
    let body = json!({"title": title, "description": payload.replace('\u{85}', "\n")});
    let answer = ada.create(&body).await.expect(201);
    // JSON that a browser would never take for a page.
    assert_eq!(answer.header("content-type"), "application/json");
    let made: Task = answer.json();
    let read: Task = ada.read(made.id).await.expect(200).json();
    assert_eq!(read.title, title.trim());
    assert_eq!(Some(read.description.as_deref().unwrap()), body["description"].as_str());
    let changed: Task = ada.update(made.id, &json!({"title": title})).await.expect(200).json();
    assert_eq!(changed.title, read.title);
    assert_eq!(ada.list().await, [changed]);
    // Nothing else has happened.
    assert_eq!(eve.list().await, []);
    app.login(&ada).await;
    app.login(&eve).await;
    // And as a name, which every answer about the person shows.
    let register = json!({"email": ground::unknown_email(), "password": "correct horse battery", "name": title});
    let answer = app.post_json(shared::paths::REGISTER, &register).await;
    if title.trim().chars().count() <= 100 {
        assert_eq!(answer.expect(201).value()["user"]["name"], title.trim());
    }
}

async fn control_characters_are_refused() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for code in (0_u32..0x20).chain(0x7f..0xa0) {
        let character = char::from_u32(code).unwrap();
        let text = format!("a{character}b");
        assert_invalid(&ada.create(&json!({"title": text})).await, &["title"]);
        let answer = ada.create(&json!({"title": "Milk", "description": text})).await;
        match character {
            '\n' | '\r' | '\t' => drop(answer.expect(201)),
            _ => drop(assert_invalid(&answer, &["description"])),
        }
    }
}

async fn descriptions_keep_their_line_breaks() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for text in ["a\nb", "a\r\nb\rc", "\n\n\n", "\t", " "] {
        let answer = ada.create(&json!({"title": "Milk", "description": text})).await;
        assert_eq!(answer.expect(201).value()["description"], text);
    }
}

async fn versions_that_are_no_versions_match_nothing() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let task = ada.add("Milk").await;
    for version in [
        "nonsense",
        "\"",
        "\"\"",
        "1",
        "\"9999999999999999999999\"",
        "\"-1\"",
        "\"1' OR '1'='1\"",
        ",,,",
        "\"a\", \"b\"",
    ] {
        let request = ada.delete(&ada.task(task.id)).header("if-match", version);
        assert_eq!(request.ask().await.status, 412, "{version}");
    }
    let bytes = reqwest::header::HeaderValue::from_bytes(b"\"\xff\"").unwrap();
    let answer = ada.delete(&ada.task(task.id)).header("if-match", bytes).ask().await;
    assert_eq!(answer.status, 412, "{answer:?}");
    assert_eq!(ada.list().await, [task]);
}

async fn ids_that_are_no_ids_are_refused() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for id in [
        "1",
        "nonsense",
        "-1",
        "%27",
        "0",
        "null",
        "undefined",
        "%F0%9F%98%80",
        "..%2f",
        "%00",
        "99999999999999999999",
        "{id}",
    ] {
        let path = format!("{}/{id}", ada.tasks());
        for request in [
            ada.get(&path),
            ada.delete(&path),
            ada.put(&path).json(&json!({"title": "x"})),
        ] {
            let answer = request.ask().await;
            assert!(matches!(answer.status, 400 | 404), "{id}: {answer:?}");
        }
    }
}

async fn cursors_that_are_no_cursors_are_refused() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    ada.add("Milk").await;
    let far = crate::forge::part([&i64::MAX.to_be_bytes()[..], &[0xff; 16]].concat());
    let early = crate::forge::part([&i64::MIN.to_be_bytes()[..], &[0; 16]].concat());
    let long = crate::forge::part([0; 1000]);
    for cursor in [
        "x",
        "",
        "%00",
        "AAAA",
        "====",
        "'",
        &far,
        &early,
        &long,
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA%3D",
    ] {
        let answer = ada.get(&format!("{}?limit=1&cursor={cursor}", ada.tasks())).ask().await;
        assert_invalid(&answer, &["cursor"]);
    }
}
