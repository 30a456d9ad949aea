//! Bytes that leave it open where one request ends and the next begins (RFC 9112 §11.2). Somebody else's request must
//! never come out of them: there is one answer, which is a refusal, and the connection is closed.

use crate::case::Case;
use crate::ground;
use crate::wire;
use tests::TestApp;
use tests::{Ask, Person};

/// What follows each ambiguous request. If it is ever answered, by 404, the server has taken it for a request.
const SMUGGLED: &str = "GET /api/smuggled HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

/// What comes of it.
#[derive(Clone, Copy, Debug)]
enum Expected {
    /// A refusal, and nothing after it.
    Refused,
    /// A refusal or nothing at all.
    Dropped,
    /// It is read in its one sensible way, and answered once.
    OneAnswer,
    /// They are two requests, and read as two: the control of the counting.
    TwoAnswers,
}

/// A request to a route that reads its body; `{head}` stands for what is special.
fn post(head: &str, body: &str) -> String {
    format!("POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{head}\r\n{body}{SMUGGLED}")
}

fn get(head: &str) -> String {
    format!("GET /health HTTP/1.1\r\nHost: x\r\n{head}\r\n{SMUGGLED}")
}

pub(super) fn cases() -> Vec<Case> {
    use Expected::{Dropped, OneAnswer, Refused, TwoAnswers};
    let chunked = "Transfer-Encoding: chunked\r\n";
    let shapes = vec![
        ("control_pipelined", TwoAnswers, get("")),
        ("control_length", TwoAnswers, post("Content-Length: 2\r\n", "{}")),
        ("control_chunked", TwoAnswers, post(chunked, "2\r\n{}\r\n0\r\n\r\n")),
        // Two lengths of one body.
        ("length_and_chunked", Refused, post("Content-Length: 12\r\nTransfer-Encoding: chunked\r\n", "2\r\n{}\r\n0\r\n\r\n")),
        ("chunked_and_length", Refused, post("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "2\r\n{}\r\n0\r\n\r\n")),
        ("length_zero_and_chunked", Refused, post("Content-Length: 0\r\nTransfer-Encoding: chunked\r\n", "2\r\n{}\r\n0\r\n\r\n")),
        ("two_lengths", Refused, post("Content-Length: 2\r\nContent-Length: 3\r\n", "{} ")),
        ("two_lengths_one_zero", Refused, post("Content-Length: 0\r\nContent-Length: 2\r\n", "{}")),
        ("two_lengths_in_a_list", Refused, post("Content-Length: 2, 3\r\n", "{} ")),
        ("one_length_in_a_list", Refused, post("Content-Length: 2, 2\r\n", "{}")),
        // No length at all.
        ("length_with_a_plus", Refused, post("Content-Length: +2\r\n", "{}")),
        ("length_negative", Refused, post("Content-Length: -2\r\n", "{}")),
        ("length_in_hexadecimal", Refused, post("Content-Length: 0x2\r\n", "{}")),
        ("length_with_a_space", Refused, post("Content-Length: 1 0\r\n", "{}")),
        ("length_with_a_point", Refused, post("Content-Length: 2.0\r\n", "{}")),
        ("length_with_an_exponent", Refused, post("Content-Length: 2e0\r\n", "{}")),
        ("length_empty", Refused, post("Content-Length: \r\n", "{}")),
        ("length_beyond_64_bits", Refused, post("Content-Length: 18446744073709551618\r\n", "{}")),
        ("length_in_other_digits", Refused, post("Content-Length: \u{662}\r\n", "{}")),
        ("length_with_a_zero_byte", Refused, post("Content-Length: 2\0\r\n", "{}")),
        // Codings that only one of two readers takes for chunked.
        ("coding_xchunked", Refused, post("Transfer-Encoding: xchunked\r\n", "2\r\n{}\r\n0\r\n\r\n")),
        ("coding_identity", Refused, post("Transfer-Encoding: identity\r\nContent-Length: 2\r\n", "{}")),
        ("coding_chunked_then_identity", Refused, post("Transfer-Encoding: chunked, identity\r\n", "2\r\n{}\r\n0\r\n\r\n")),
        ("coding_chunked_twice", Refused, post("Transfer-Encoding: chunked, chunked\r\n", "2\r\n{}\r\n0\r\n\r\n")),
        ("coding_in_two_headers", Refused, post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", "2\r\n{}\r\n0\r\n\r\n")),
        ("coding_gzip_then_chunked", Refused, post("Transfer-Encoding: gzip, chunked\r\n", "2\r\n{}\r\n0\r\n\r\n")),
        ("coding_quoted", Refused, post("Transfer-Encoding: \"chunked\"\r\n", "2\r\n{}\r\n0\r\n\r\n")),
        ("coding_with_a_parameter", Refused, post("Transfer-Encoding: chunked;a=b\r\n", "2\r\n{}\r\n0\r\n\r\n")),
        ("coding_behind_a_vertical_tab", Refused, post("Transfer-Encoding: \x0bchunked\r\n", "2\r\n{}\r\n0\r\n\r\n")),
        ("coding_behind_a_space_before_the_colon", Refused, post("Transfer-Encoding : chunked\r\n", "2\r\n{}\r\n0\r\n\r\n")),
        ("coding_folded", Refused, post("Transfer-Encoding:\r\n chunked\r\n", "2\r\n{}\r\n0\r\n\r\n")),
        ("coding_behind_a_folded_header", Refused, post("X: y\r\n Transfer-Encoding: chunked\r\n", "")),
        ("coding_empty", Refused, post("Transfer-Encoding: \r\nContent-Length: 2\r\n", "{}")),
        ("coding_named_with_an_underscore", TwoAnswers, post("Transfer_Encoding: chunked\r\nContent-Length: 2\r\n", "{}")),
        ("coding_on_http_1_0", Refused, format!(
            "POST /api/auth/login HTTP/1.0\r\nHost: x\r\nContent-Type: application/json\r\n{chunked}Connection: keep-alive\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n{SMUGGLED}"
        )),
        // Chunks.
        ("chunk_size_too_large", Dropped, post(chunked, "FFFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n")),
        ("chunk_size_that_wraps", Dropped, post(chunked, "10000000000000002\r\n{}\r\n0\r\n\r\n")),
        ("chunk_size_negative", Dropped, post(chunked, "-2\r\n{}\r\n0\r\n\r\n")),
        ("chunk_size_with_0x", Dropped, post(chunked, "0x2\r\n{}\r\n0\r\n\r\n")),
        ("chunk_size_empty", Dropped, post(chunked, "\r\n{}\r\n0\r\n\r\n")),
        ("chunk_size_no_number", Dropped, post(chunked, "zz\r\n{}\r\n0\r\n\r\n")),
        ("chunk_longer_than_its_size", Dropped, post(chunked, "2\r\n{} \r\n0\r\n\r\n")),
        ("chunk_line_without_carriage_return", Dropped, post(chunked, "2\n{}\r\n0\r\n\r\n")),
        ("chunk_end_without_carriage_return", Dropped, post(chunked, "2\r\n{}\n0\r\n\r\n")),
        ("chunk_extension_with_a_line_feed", Dropped, post(chunked, "2;a\n=b\r\n{}\r\n0\r\n\r\n")),
        // Lines.
        ("header_folded", Refused, get("X: y\r\n z\r\n")),
        ("header_without_a_colon", Refused, get("X\r\n")),
        ("header_without_a_name", Refused, get(": x\r\n")),
        ("header_with_a_space_in_front", Refused, get(" X: y\r\n")),
        ("header_with_a_zero_byte", Refused, get("X: y\0\r\n")),
        ("header_with_a_carriage_return", Refused, get("X: y\rTransfer-Encoding: chunked\r\n")),
        ("header_name_with_brackets", Refused, get("X[]: y\r\n")),
        ("header_name_beyond_ascii", Refused, get("X\u{e9}: y\r\n")),
        ("two_hosts", Refused, get("Host: y\r\n")),
        ("no_host", Refused, format!("GET /health HTTP/1.1\r\n\r\n{SMUGGLED}")),
        ("request_line_with_a_tab", Refused, format!("GET\t/health\tHTTP/1.1\r\nHost: x\r\n\r\n{SMUGGLED}")),
        ("request_line_with_a_space_too_many", Refused, format!("GET /health x HTTP/1.1\r\nHost: x\r\n\r\n{SMUGGLED}")),
        ("request_line_with_a_carriage_return", Refused, format!("GET /health\rHTTP/1.1\r\nHost: x\r\n\r\n{SMUGGLED}")),
        ("request_line_without_a_version", Dropped, format!("GET /health\r\nHost: x\r\n\r\n{SMUGGLED}")),
        ("request_line_of_another_version", Refused, format!("GET /health HTTP/1.9\r\nHost: x\r\n\r\n{SMUGGLED}")),
        ("request_line_of_http_2", Refused, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned()),
        ("request_line_without_a_target", Refused, format!("GET  HTTP/1.1\r\nHost: x\r\n\r\n{SMUGGLED}")),
                ("tunnel", Refused, format!("CONNECT 127.0.0.1:80 HTTP/1.1\r\nHost: x\r\n\r\n{SMUGGLED}")),
        ("nothing_but_line_breaks", Dropped, "\r\n".repeat(1000)),
        ("nothing_but_zero_bytes", Dropped, "\0".repeat(1000)),
        ("tls", Dropped, "\x16\x03\x01\x02\0\x01\0\x01\u{fc}\x03\x03".to_owned()),
        // Cut off in the middle.
        ("head_cut_off", Dropped, "GET /health HTTP/1.1\r\nHost: x\r\nX-".to_owned()),
        ("body_cut_off", Dropped, "POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{}".to_owned()),
        ("chunk_cut_off", Dropped, "POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n50\r\n{}".to_owned()),
        // What a client may ask for, and gets once.
        ("expect_continue", OneAnswer, "POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}".to_owned()),
        ("upgrade_to_http_2", OneAnswer, "GET /health HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n".to_owned()),
    ];
    let mut cases: Vec<_> = shapes
        .into_iter()
        .map(|(name, expected, bytes)| {
            Case::new("attack::input", format!("framing::{name}"), move || {
                meets(expected, bytes)
            })
        })
        .collect();
    cases.extend(crate::case::cases![
        lines_that_end_without_carriage_return_are_one_request_at_most,
        credentials_behind_the_body_are_not_read,
        a_body_that_nobody_reads_is_not_the_next_request,
        a_connection_reset_in_the_middle_of_an_upload_leaves_nothing_behind,
    ]);
    cases
}

async fn meets(expected: Expected, bytes: String) {
    let app = ground::plain().await;
    let ada = app.somebody().await;
    let answers = wire::exchange(app.address, bytes.as_bytes()).await;
    let good = match (expected, answers.statuses.as_slice()) {
        (Expected::Dropped, []) => true,
        (Expected::Refused | Expected::Dropped, [status]) => (400..500).contains(status),
        (Expected::OneAnswer, [status]) => (200..500).contains(status),
        (Expected::TwoAnswers, [first, second]) => (200..500).contains(first) && *second == 404,
        _ => false,
    };
    assert!(good, "{expected:?} of {bytes:?}, but {answers:?}");
    ada.me().await.expect(200);
}

async fn lines_that_end_without_carriage_return_are_one_request_at_most() {
    let app = TestApp::spawn().await;
    // RFC 9112 §2.2 lets a server read them; it must not read more out of them than one request.
    for bytes in [
        "GET /health HTTP/1.1\nHost: x\nConnection: close\n\n",
        "GET /health HTTP/1.1\r\nHost: x\nConnection: close\r\n\r\n",
        "GET /health HTTP/1.1\r\nHost: x\r\nX: y\nGET /api/smuggled HTTP/1.1\r\nConnection: close\r\n\r\n",
    ] {
        let answers = wire::exchange(app.address, bytes.as_bytes()).await;
        assert!(answers.statuses.len() <= 1, "{bytes:?}: {answers:?}");
        assert!(
            answers.statuses.iter().all(|status| *status < 500 && *status != 404),
            "{bytes:?}: {answers:?}"
        );
    }
}

async fn credentials_behind_the_body_are_not_read() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let request = format!(
        "POST {} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\
         Trailer: Authorization\r\nConnection: close\r\n\r\n10\r\n{{\"title\":\"Milk\"}}\r\n0\r\nAuthorization: Bearer {}\r\n\r\n",
        ada.tasks(),
        ada.token
    );
    let answers = wire::exchange(app.address, request.as_bytes()).await;
    assert!(matches!(answers.statuses.as_slice(), [400 | 401]), "{answers:?}");
    assert_eq!(ada.list().await, []);
}

async fn a_body_that_nobody_reads_is_not_the_next_request() {
    let app = TestApp::spawn().await;
    // Routes that answer before they have read the body: what is in it stays a body.
    for path in ["/health", "/api/nothing", "/api/auth/me", "/"] {
        for method in ["GET", "POST", "DELETE", "OPTIONS"] {
            let request = format!(
                "{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{SMUGGLED}",
                SMUGGLED.len()
            );
            let answers = wire::exchange(app.address, request.as_bytes()).await;
            assert_eq!(answers.statuses.len(), 1, "{method} {path}: {answers:?}");
            let chunk = format!("{:x}\r\n{SMUGGLED}\r\n0\r\n\r\n", SMUGGLED.len());
            let request = format!("{method} {path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{chunk}");
            let answers = wire::exchange(app.address, request.as_bytes()).await;
            assert_eq!(answers.statuses.len(), 1, "{method} {path}: {answers:?}");
        }
    }
}

async fn a_connection_reset_in_the_middle_of_an_upload_leaves_nothing_behind() {
    let app = TestApp::spawn_with(&["--database-pool-size", "1"]).await;
    let ada: Person = app.register("ada").await;
    for _ in 0..10 {
        let head = format!(
            "POST {} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n\
             Content-Length: 1000\r\n\r\n{{\"title\":",
            ada.tasks(),
            ada.token
        );
        let stream = std::net::TcpStream::connect(app.address).expect("a connection");
        std::io::Write::write_all(&mut &stream, head.as_bytes()).expect("a socket that takes it");
        drop(stream);
    }
    // The only connection to the database is free.
    ada.add("Milk").await;
    app.get("/ready").ask().await.expect(200);
    assert_eq!(ada.list().await.len(), 1);
}
