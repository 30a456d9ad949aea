//! The one body of every failure, looked at from every side.

use crate::Answer;
use reqwest::StatusCode;
use serde_json::{Value, json};
use shared::error::{ErrorCode, PROBLEM_JSON, Problem};

/// Checks that the answer is this failure, in the form that the contract gives to all of them.
#[track_caller]
pub fn assert_problem(answer: &Answer, status: u16, code: ErrorCode) -> Problem {
    assert_eq!(answer.status, status, "{answer:?}");
    assert_eq!(answer.header("content-type"), PROBLEM_JSON, "{answer:?}");
    let body = answer.value();
    let problem: Problem =
        serde_json::from_value(body.clone()).unwrap_or_else(|error| panic!("not a problem: {error}: {answer:?}"));
    let title = StatusCode::from_u16(status).unwrap().canonical_reason().unwrap();
    assert_eq!(problem.kind, "about:blank", "{answer:?}");
    assert_eq!(problem.title, title, "{answer:?}");
    assert_eq!(problem.status, status, "{answer:?}");
    assert!(!problem.detail.is_empty(), "{answer:?}");
    assert_eq!(body["success"], json!(false), "{answer:?}");
    assert_eq!(problem.error.code, code, "{answer:?}");
    assert_eq!(problem.error.message, problem.detail, "{answer:?}");
    assert!(!problem.request_id.is_empty(), "{answer:?}");
    assert_eq!(problem.request_id, answer.request_id(), "{answer:?}");
    for field in &problem.error.fields {
        assert!(!field.field.is_empty() && !field.message.is_empty(), "{answer:?}");
        assert!(
            problem.detail.contains(&field.message),
            "the detail names every field: {answer:?}"
        );
    }
    if code == ErrorCode::LimitReached {
        let named = problem.error.fields.iter().map(|field| field.limit.is_some());
        assert_eq!(named.collect::<Vec<_>>(), [true], "the limit is named: {answer:?}");
    } else if status != 400 {
        assert_eq!(
            body["error"].get("fields"),
            None,
            "fields are for bad input and limits: {answer:?}"
        );
    }
    match status {
        401 => {
            challenge(answer);
        }
        405 => assert!(!answer.header("allow").is_empty(), "{answer:?}"),
        429 | 503 => {
            let seconds: u32 = answer.header("retry-after").parse().unwrap_or(0);
            assert!(seconds > 0, "Retry-After in whole seconds: {answer:?}");
        }
        _ => {}
    }
    problem
}

/// Checks that the input was refused because of exactly these members.
#[track_caller]
pub fn assert_invalid(answer: &Answer, fields: &[&str]) -> Problem {
    let problem = assert_problem(answer, 400, ErrorCode::InvalidInput);
    let mut named: Vec<_> = problem.error.fields.iter().map(|each| each.field.as_str()).collect();
    let mut expected = fields.to_vec();
    named.sort_unstable();
    expected.sort_unstable();
    assert_eq!(named, expected, "{answer:?}");
    problem
}

/// Checks that the token that came with the request was refused.
#[track_caller]
pub fn assert_unauthorized(answer: &Answer) {
    assert_problem(answer, 401, ErrorCode::Unauthorized);
    assert!(
        challenge(answer).contains(r#"error="invalid_token""#),
        "RFC 6750 §3.1: a token was sent: {answer:?}"
    );
}

/// Checks that the request was refused because no token came with it.
#[track_caller]
pub fn assert_unauthorized_without_token(answer: &Answer) {
    assert_problem(answer, 401, ErrorCode::Unauthorized);
    assert!(
        !challenge(answer).contains("error="),
        "RFC 6750 §3.1: no token was sent: {answer:?}"
    );
}

/// The body without what differs from request to request.
pub fn without_request_id(answer: &Answer) -> Value {
    let mut body = answer.value();
    body["request_id"] = Value::Null;
    body
}

#[track_caller]
fn challenge(answer: &Answer) -> &str {
    let challenge = answer.header("www-authenticate");
    let realm = challenge
        .strip_prefix(r#"Bearer realm=""#)
        .and_then(|rest| rest.split_once('"'));
    assert!(realm.is_some_and(|(realm, _)| !realm.is_empty()), "{answer:?}");
    challenge
}
