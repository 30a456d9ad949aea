//! Bodies that are no JSON, another encoding of it, or JSON that a careless reader stumbles over.

use crate::case::Case;
use crate::ground;
use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use serde_json::json;
use shared::error::ErrorCode;
use std::io::Write;
use tests::{Ask, Person, TestApp, assert_problem};

/// What must come of a body.
#[derive(Clone, Copy)]
enum Expected {
    /// 400.
    Malformed,
    /// 415.
    Unsupported,
    /// Either of the two: how it is refused matters less.
    Refused,
    /// 201: the control.
    Accepted,
}

type Body = fn() -> Vec<u8>;

const JSON: &str = r#"{"title":"Milk"}"#;

pub(super) fn cases() -> Vec<Case> {
    use Expected::{Accepted, Malformed, Refused, Unsupported};
    let plain: &[(&str, Expected, Body)] = &[
        ("control", Accepted, || JSON.into()),
        ("empty", Malformed, Vec::new),
        ("white_space", Malformed, || b" \r\n\t".to_vec()),
        ("byte_order_mark", Malformed, || format!("\u{feff}{JSON}").into()),
        ("utf_16_little_endian", Malformed, || {
            JSON.encode_utf16().flat_map(u16::to_le_bytes).collect()
        }),
        ("utf_16_big_endian", Malformed, || {
            JSON.encode_utf16().flat_map(u16::to_be_bytes).collect()
        }),
        ("utf_16_with_its_mark", Malformed, || {
            [0xfeff]
                .into_iter()
                .chain(JSON.encode_utf16())
                .flat_map(u16::to_le_bytes)
                .collect()
        }),
        ("utf_32", Malformed, || {
            JSON.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect()
        }),
        ("latin_1", Malformed, || b"{\"title\":\"caf\xe9\"}".to_vec()),
        ("overlong_utf_8", Malformed, || b"{\"title\":\"\xc0\xaf\"}".to_vec()),
        ("surrogates_in_utf_8", Malformed, || {
            b"{\"title\":\"\xed\xa0\xbd\xed\xb8\x80\"}".to_vec()
        }),
        ("five_bytes_in_utf_8", Malformed, || {
            b"{\"title\":\"\xf8\x88\x80\x80\x80\"}".to_vec()
        }),
        ("cut_off_in_utf_8", Malformed, || b"{\"title\":\"\xc3\x28\"}".to_vec()),
        ("no_byte_of_utf_8", Malformed, || b"{\"title\":\"\xff\"}".to_vec()),
        ("overlong_zero_in_utf_8", Malformed, || {
            b"{\"title\":\"\xc0\x80\"}".to_vec()
        }),
        ("lone_surrogate_escaped", Malformed, || {
            br#"{"title":"\ud800"}"#.to_vec()
        }),
        ("surrogates_in_the_wrong_order", Malformed, || {
            br#"{"title":"\ude00\ud83d"}"#.to_vec()
        }),
        ("zero_bytes_around", Malformed, || format!("\0{JSON}\0").into()),
        ("zero_byte_in_a_string", Malformed, || b"{\"title\":\"a\0b\"}".to_vec()),
        ("zero_byte_escaped", Malformed, || br#"{"title":"a\u0000b"}"#.to_vec()),
        ("two_objects", Malformed, || JSON.repeat(2).into()),
        ("lines_of_objects", Malformed, || format!("{JSON}\n{JSON}\n").into()),
        ("comment", Malformed, || format!("/* */{JSON}").into()),
        ("single_quotes", Malformed, || JSON.replace('"', "'").into()),
        ("comma_at_the_end", Malformed, || JSON.replace('}', ",}").into()),
        ("names_without_quotes", Malformed, || b"{title:\"Milk\"}".to_vec()),
        ("not_a_number", Malformed, || b"{\"title\":\"Milk\",\"x\":NaN}".to_vec()),
        ("infinity", Malformed, || {
            b"{\"title\":\"Milk\",\"x\":-Infinity}".to_vec()
        }),
        ("hexadecimal", Malformed, || b"{\"title\":\"Milk\",\"x\":0x10}".to_vec()),
        ("leading_zero", Malformed, || b"{\"title\":\"Milk\",\"x\":007}".to_vec()),
        ("plus_sign", Malformed, || b"{\"title\":\"Milk\",\"x\":+7}".to_vec()),
        ("line_break_in_a_string", Malformed, || b"{\"title\":\"a\nb\"}".to_vec()),
        ("prefix_against_hijacking", Malformed, || {
            format!(")]}}',\n{JSON}").into()
        }),
        ("lists_ten_thousand_deep", Malformed, || nested("[", "]", 10_000)),
        ("objects_ten_thousand_deep", Malformed, || {
            nested("{\"title\":", "}", 6000)
        }),
        ("lists_that_never_close", Malformed, || "[".repeat(60_000).into()),
        ("objects_that_never_close", Malformed, || {
            "{\"a\":".repeat(10_000).into()
        }),
        ("depth_in_an_unknown_member", Malformed, || {
            let deep = String::from_utf8(nested("[", "]", 10_000)).expect("ASCII");
            format!("{{\"title\":\"Milk\",\"x\":{deep}}}").into()
        }),
        ("xml", Malformed, || {
            b"<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>".to_vec()
        }),
        ("yaml", Malformed, || b"title: &a [*a, *a]\n".to_vec()),
        ("a_form", Malformed, || b"title=Milk".to_vec()),
        ("messagepack", Malformed, || b"\x81\xa5title\xa4Milk".to_vec()),
        ("gzip_not_announced", Malformed, gzip),
    ];
    let mut cases: Vec<_> = plain
        .iter()
        .map(|(name, expected, body)| case(name, *expected, vec![], *body))
        .collect();
    for (name, expected, coding, body) in [
        ("coding_gzip", Unsupported, "gzip", gzip as Body),
        ("coding_x_gzip", Unsupported, "x-gzip", gzip),
        ("coding_deflate", Unsupported, "deflate", deflate),
        ("coding_brotli", Unsupported, "br", gzip),
        ("coding_zstd", Unsupported, "zstd", gzip),
        ("coding_unknown", Unsupported, "nonsense", || JSON.into()),
        ("coding_twice", Unsupported, "gzip, gzip", gzip),
        ("coding_a_bomb", Unsupported, "gzip", bomb),
    ] {
        cases.push(case(name, expected, vec![("content-encoding", coding)], body));
    }
    let utf_16: Body = || JSON.encode_utf16().flat_map(u16::to_le_bytes).collect();
    cases.push(case(
        "charset_utf_16",
        Refused,
        vec![("content-type", "application/json; charset=utf-16")],
        utf_16,
    ));
    cases.push(case(
        "charset_utf_7",
        Refused,
        vec![("content-type", "application/json; charset=utf-7")],
        || b"{+ACI-title+ACI-:+ACI-Milk+ACI-}".to_vec(),
    ));
    cases.extend(crate::case::cases![
        members_that_stand_twice_mean_one_thing,
        numbers_beyond_any_type_are_no_failure,
        members_named_like_inner_workings_are_just_unknown,
        a_hundred_thousand_members_are_no_failure,
    ]);
    cases
}

fn case(name: &str, expected: Expected, fields: Vec<(&'static str, &'static str)>, body: Body) -> Case {
    Case::new("attack::input", format!("body::{name}"), move || async move {
        let app = ground::plain().await;
        let ada = app.somebody().await;
        let mut request = ada.post(&ada.tasks()).body(body());
        if !fields.iter().any(|(name, _)| *name == "content-type") {
            request = request.header("content-type", "application/json");
        }
        for (name, value) in fields {
            request = request.header(name, value);
        }
        let answer = request.ask().await;
        match expected {
            Expected::Malformed => drop(assert_problem(&answer, 400, ErrorCode::InvalidInput)),
            Expected::Unsupported => drop(assert_problem(&answer, 415, ErrorCode::UnsupportedMediaType)),
            Expected::Refused => assert!(matches!(answer.status, 400 | 415), "{answer:?}"),
            Expected::Accepted => assert_eq!(answer.status, 201, "{answer:?}"),
        }
        let made = usize::from(matches!(expected, Expected::Accepted));
        assert_eq!(ada.list().await.len(), made);
    })
}

fn nested(open: &str, close: &str, depth: usize) -> Vec<u8> {
    format!("{}1{}", open.repeat(depth), close.repeat(depth)).into()
}

fn gzip() -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(JSON.as_bytes()).expect("memory");
    encoder.finish().expect("memory")
}

fn deflate() -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(JSON.as_bytes()).expect("memory");
    encoder.finish().expect("memory")
}

/// 16 MiB of spaces before the object, in a few kilobytes.
fn bomb() -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    for _ in 0..16 {
        encoder.write_all(&vec![b' '; 1 << 20]).expect("memory");
    }
    encoder.write_all(JSON.as_bytes()).expect("memory");
    encoder.finish().expect("memory")
}

fn text(person: &Person, body: impl Into<String>) -> reqwest::RequestBuilder {
    let request = person.post(&person.tasks()).header("content-type", "application/json");
    request.body(body.into())
}

async fn members_that_stand_twice_mean_one_thing() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    // What a filter in front reads must be what the server reads (RFC 8259 §4): refused, or the last as all parsers do.
    for (body, last) in [
        (r#"{"title":"first","title":"second"}"#, "second"),
        (r#"{"title":"first","\u0074itle":"second"}"#, "second"),
    ] {
        let answer = text(&ada, body).ask().await;
        match answer.status {
            201 => assert_eq!(answer.value()["title"], last, "{answer:?}"),
            _ => drop(assert_problem(&answer, 400, ErrorCode::InvalidInput)),
        }
    }
    let hidden = text(&ada, r#"{"title":"good","title":7}"#).ask().await;
    assert_problem(&hidden, 400, ErrorCode::InvalidInput);
}

async fn numbers_beyond_any_type_are_no_failure() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for number in [
        "1e400",
        "-1e400",
        "1e-400",
        &"9".repeat(1000),
        "-0",
        "1E+2",
        "0.1",
        &format!("0.{}1", "0".repeat(1000)),
    ] {
        let wrong = text(&ada, format!("{{\"title\":{number}}}")).ask().await;
        assert_problem(&wrong, 400, ErrorCode::InvalidInput);
        // JSON sets no limit to numbers, a parser may: either is fine, a failure of the server is not.
        for member in ["x", "priority"] {
            let body = format!("{{\"title\":\"Milk\",\"{member}\":{number}}}");
            let answer = text(&ada, body).ask().await;
            assert!(matches!(answer.status, 201 | 400), "{number}: {answer:?}");
        }
    }
}

async fn members_named_like_inner_workings_are_just_unknown() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for name in [
        "__proto__",
        "constructor",
        "prototype",
        "$where",
        "$gt",
        "@type",
        "$type",
        "!!python/object",
        "",
        "\0",
    ] {
        let body = json!({"title": "Milk", name: {"polluted": true, "title": "Planted"}});
        let answer = ada.create(&body).await.expect(201);
        assert_eq!(answer.value()["title"], "Milk");
        assert!(!answer.text().contains("polluted"), "{answer:?}");
    }
}

async fn a_hundred_thousand_members_are_no_failure() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    // As many as the largest body holds, and as many as would make a hash table with known keys slow.
    let many: Vec<_> = (0..25_000).map(|index| format!("\"{index:x}\":0")).collect();
    let body = format!("{{\"title\":\"Milk\",{}}}", many.join(","));
    assert!(body.len() < 256 * 1024);
    text(&ada, body).ask().await.expect(201);
    let many = many.join(",");
    let more = format!("{{\"title\":\"Milk\"{}}}", format!(",{many}").repeat(20));
    assert_problem(&text(&ada, more).ask().await, 413, ErrorCode::TooLarge);
}
