//! The generated description: valid, complete, and true of the running server. What is asked of the server here is read
//! out of the document, so an operation that is added to it is tested as soon as it says how to succeed (`valid_body`).

mod document;
mod request;

use document::{Document, Operation};
use request::{Attempt, valid_body};
use serde_json::{Value, json};
use shared::error::{ErrorCode, PROBLEM_JSON, Problem};
use shared::paths;
use shared::rule::RuleViolation;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use tests::{Answer, Ask, TestApp, assert_problem};

/// The routes of the contract: path, method, status of success.
const CONTRACT: [(&str, &str, u16); 31] = [
    (paths::REGISTER, "post", 201),
    (paths::LOGIN, "post", 200),
    (paths::REFRESH, "post", 200),
    (paths::LOGOUT, "post", 200),
    (paths::LOGOUT_EVERYWHERE, "post", 200),
    (paths::ME, "get", 200),
    (paths::ME, "delete", 200),
    (paths::PASSWORD, "post", 200),
    (paths::TASKS, "get", 200),
    (paths::TASKS, "post", 201),
    (paths::TASK, "get", 200),
    (paths::TASK, "put", 200),
    (paths::TASK, "delete", 200),
    (paths::TASK_COMPLETE, "patch", 200),
    (paths::TASKS, "patch", 200),
    (paths::LISTS, "get", 200),
    (paths::LISTS, "post", 201),
    (paths::LIST, "get", 200),
    (paths::LIST, "put", 200),
    (paths::LIST, "delete", 200),
    (paths::LIST_RESTORE, "post", 200),
    (paths::TRASH, "get", 200),
    (paths::TRASH, "delete", 200),
    (paths::TRASHED, "delete", 200),
    (paths::TRASH_RESTORE, "post", 200),
    (paths::EXPORT, "get", 200),
    (paths::IMPORT, "post", 200),
    (paths::HEALTH, "get", 200),
    (paths::READY, "get", 200),
    (paths::OPENAPI, "get", 200),
    (paths::DOCS, "get", 200),
];

/// The failures of the contract's tables that an operation can be brought to here: path, method, statuses.
const FAILURES: [(&str, &str, &[u16]); 27] = [
    (paths::REGISTER, "post", &[400, 409, 503]),
    (paths::LOGIN, "post", &[400, 401, 503]),
    (paths::REFRESH, "post", &[401, 403]),
    (paths::LOGOUT, "post", &[401, 403]),
    (paths::LOGOUT_EVERYWHERE, "post", &[401]),
    (paths::ME, "get", &[401]),
    (paths::PASSWORD, "post", &[400, 401]),
    (paths::ME, "delete", &[400, 401]),
    (paths::TASKS, "get", &[400, 401, 403]),
    (paths::TASKS, "post", &[400, 401, 403]),
    (paths::TASK, "get", &[400, 401, 403, 404]),
    (paths::TASK, "put", &[400, 401, 403, 404, 412]),
    (paths::TASK, "delete", &[400, 401, 403, 404, 412]),
    (paths::TASK_COMPLETE, "patch", &[400, 401, 403, 404, 412]),
    (paths::TASKS, "patch", &[400, 401, 403, 404]),
    (paths::LISTS, "get", &[401, 403]),
    (paths::LISTS, "post", &[400, 401, 403]),
    (paths::LIST, "get", &[400, 401, 403, 404]),
    (paths::LIST, "put", &[400, 401, 403, 404, 412]),
    (paths::LIST, "delete", &[400, 401, 403, 404, 412]),
    (paths::LIST_RESTORE, "post", &[400, 401, 403, 404]),
    (paths::TRASH, "get", &[400, 401, 403]),
    (paths::TRASH, "delete", &[401, 403]),
    (paths::TRASHED, "delete", &[400, 401, 403, 404]),
    (paths::TRASH_RESTORE, "post", &[400, 401, 403, 404]),
    (paths::EXPORT, "get", &[400, 401, 403]),
    (paths::IMPORT, "post", &[400, 401, 403, 413, 415]),
];

#[tokio::test]
async fn the_description_is_valid_openapi_3_1() {
    let app = TestApp::spawn().await;
    let answer = app.get(paths::OPENAPI).ask().await.expect(200);
    assert_eq!(answer.header("content-type"), "application/json");
    let document = answer.value();
    // The schema that the OpenAPI Initiative publishes for 3.1.
    let schema: Value = serde_json::from_str(include_str!("openapi/schema-3.1.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<_> = validator
        .iter_errors(&document)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
    // And it can tell: a document that breaks the rules is refused.
    let mut broken = document.clone();
    broken["paths"][paths::LOGIN]["post"]["responses"]["200"]
        .as_object_mut()
        .unwrap()
        .remove("description");
    assert!(!validator.is_valid(&broken));

    let document = Document::new(document);
    let operations = document.operations();
    let ids: HashSet<_> = operations
        .iter()
        .map(|operation| operation.value["operationId"].as_str().unwrap())
        .collect();
    assert_eq!(ids.len(), operations.len(), "operationId is unique");
    for (name, schema) in document.value["components"]["schemas"].as_object().unwrap() {
        // A reference that leads nowhere, or a schema that is none, shows here.
        document.validator(schema);
        assert!(
            document.value.to_string().contains(&format!("schemas/{name}\"")),
            "{name} is used"
        );
    }
}

#[tokio::test]
async fn every_rule_that_a_member_can_break_is_described_by_its_code() {
    let app = TestApp::spawn().await;
    let document = Document::of(&app).await;
    let described = document.value["components"]["schemas"]["FieldError"]["properties"]["code"]["enum"].clone();
    let codes: Vec<_> = RuleViolation::codes().collect();
    assert_eq!(described, json!(codes));
}

#[tokio::test]
async fn the_description_lists_the_routes_of_the_contract_and_no_others() {
    let app = TestApp::spawn().await;
    let document = Document::of(&app).await;
    let described: BTreeSet<_> = document
        .operations()
        .iter()
        .flat_map(|operation| {
            let successes = operation.statuses().into_iter().filter(|status| *status < 400);
            successes
                .map(|status| (operation.path.clone(), operation.method.clone(), status))
                .collect::<Vec<_>>()
        })
        .collect();
    let contract: BTreeSet<_> = CONTRACT
        .iter()
        .map(|(path, method, status)| ((*path).to_owned(), (*method).to_owned(), *status))
        .collect();
    assert_eq!(described, contract);
    for (path, method, statuses) in FAILURES {
        let documented = document.operation(path, method).statuses();
        for status in statuses {
            assert!(documented.contains(status), "{method} {path}: {status}");
        }
    }
}

#[tokio::test]
async fn every_operation_succeeds_as_described() {
    let app = TestApp::spawn().await;
    let document = Document::of(&app).await;
    for operation in document.operations() {
        let attempt = Attempt::prepare(&app, &operation).await;
        let answer = attempt.request().ask().await;
        assert!(answer.status < 300, "{answer:?}");
        assert_described(&document, &operation, &answer);
        for (name, _) in operation.value["responses"][answer.status.to_string()]["headers"]
            .as_object()
            .into_iter()
            .flatten()
        {
            assert!(answer.headers.contains_key(name), "{name}: {answer:?}");
        }
    }
}

#[tokio::test]
async fn every_operation_fails_as_described() {
    let app = TestApp::spawn().await;
    let document = Document::of(&app).await;
    let mut brought_about = BTreeMap::<u16, usize>::new();
    for operation in document.operations() {
        for status in operation.statuses().into_iter().filter(|status| *status >= 400) {
            let Some(request) = Attempt::prepare(&app, &operation).await.failing(&app, status).await else {
                assert!(
                    matches!(status, 429 | 500 | 503),
                    "no way to bring {status} about: {operation:?}"
                );
                continue;
            };
            let answer = request.ask().await;
            assert_eq!(answer.status, status, "{operation:?}: {answer:?}");
            assert_described(&document, &operation, &answer);
            let problem: Problem = serde_json::from_slice(&answer.body).unwrap();
            assert_problem(&answer, status, problem.error.code);
            *brought_about.entry(status).or_default() += 1;
        }
    }
    for status in [400, 401, 403, 404, 409, 412, 413, 414, 415, 431] {
        assert!(brought_about.contains_key(&status), "{status} is nowhere described");
    }
}

#[tokio::test]
async fn every_operation_that_needs_a_credential_says_so() {
    let app = TestApp::spawn().await;
    let document = Document::of(&app).await;
    for operation in document.operations() {
        let attempt = Attempt::prepare(&app, &operation).await;
        let answer = attempt.without_credentials().ask().await;
        if operation.security().is_empty() {
            assert!(answer.status < 300, "{answer:?}");
        } else {
            assert_problem(&answer, 401, ErrorCode::Unauthorized);
        }
        assert_described(&document, &operation, &answer);
        // Each of the alternatives is enough by itself.
        for scheme in operation.security() {
            let attempt = Attempt::prepare(&app, &operation).await;
            let answer = attempt.with_only(&scheme).ask().await;
            assert!(answer.status < 300, "{scheme}: {answer:?}");
        }
    }
}

#[tokio::test]
async fn bodies_are_taken_and_refused_as_their_schemas_say() {
    let app = TestApp::spawn().await;
    let document = Document::of(&app).await;
    let mut tried = 0;
    for operation in document.operations() {
        let Some(schema) = document.body_schema(&operation) else {
            assert_eq!(valid_body(&operation), None, "{operation:?} takes a body");
            continue;
        };
        // A file is read for what can be understood of it.
        if schema["type"] == "string" {
            continue;
        }
        let validator = document.validator(&schema);
        let required: Vec<_> = schema["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let members = schema["properties"].as_object().unwrap();
        for name in &required {
            assert!(members.contains_key(*name), "{name}");
        }
        for (name, member) in members {
            let member = document.resolve(member);
            let mut variations = vec![None];
            variations.extend(values_around(&member).into_iter().map(Some));
            for variation in variations {
                let mut attempt = Attempt::prepare(&app, &operation).await;
                let body = attempt.body.as_mut().unwrap();
                match variation {
                    Some(value) => body[name] = value,
                    None => {
                        body.as_object_mut().unwrap().remove(name);
                    }
                }
                let described = validator.is_valid(body);
                let shown = body.to_string();
                let answer = attempt.request().ask().await;
                assert_described(&document, &operation, &answer);
                if described {
                    // A wrong password is well-formed.
                    assert!(answer.status < 300 || answer.status == 401, "{shown}: {answer:?}");
                } else {
                    let problem = assert_problem(&answer, 400, ErrorCode::InvalidInput);
                    let named: Vec<_> = problem.error.fields.iter().map(|field| field.field.as_str()).collect();
                    assert_eq!(named, [name], "{shown}: {answer:?}");
                }
                tried += 1;
            }
        }
    }
    assert!(tried > 100, "{tried}");
}

/// Values on both sides of every limit that the schema sets.
fn values_around(schema: &Value) -> Vec<Value> {
    let mut values = vec![
        json!(null),
        json!(7),
        json!(1.5),
        json!(true),
        json!([]),
        json!({}),
        json!([""]),
    ];
    if schema["type"].to_string().contains("string") {
        values.push(json!(""));
        // An address is more than so many characters.
        let is_text = schema["format"] != "email";
        for (limit, outside) in [("minLength", -1), ("maxLength", 1)] {
            let Some(limit) = schema[limit].as_i64() else { continue };
            for length in [limit, limit + outside] {
                let count = usize::try_from(length).unwrap();
                // Nothing that a list of common passwords has.
                let text: String = "q7Zk!w9Xe2Lm".chars().cycle().take(count).collect();
                if is_text || length > limit {
                    values.push(json!(text));
                }
                if is_text {
                    values.push(json!("🛒".repeat(count)));
                }
            }
        }
    }
    values
}

/// The answer is one that the document has for this operation: its status, its media type, and every part of its body.
#[track_caller]
fn assert_described(document: &Document, operation: &Operation, answer: &Answer) {
    let response = document.resolve(&operation.value["responses"][answer.status.to_string()]);
    assert!(
        response.is_object(),
        "{} is not described: {operation:?}: {answer:?}",
        answer.status
    );
    let media_type = answer.header("content-type").split(';').next().unwrap();
    let schema = &response["content"][media_type]["schema"];
    assert!(
        schema.is_object(),
        "{media_type} is not described: {operation:?}: {answer:?}"
    );
    if answer.status >= 400 {
        assert_eq!(media_type, PROBLEM_JSON);
    }
    if media_type.ends_with("json") {
        let body = answer.value();
        let validator = document.validator(schema);
        let errors: Vec<_> = validator
            .iter_errors(&body)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{errors:#?}: {answer:?}");
        let undescribed = document.undescribed(schema, &body, "");
        assert!(
            undescribed.is_empty() || operation.path == paths::OPENAPI,
            "{undescribed:?}: {operation:?}"
        );
    }
}

#[tokio::test]
async fn the_docs_page_works_without_the_internet() {
    let app = TestApp::spawn().await;
    let answer = app.get(paths::DOCS).ask().await.expect(200);
    assert!(answer.header("content-type").starts_with("text/html"), "{answer:?}");
    let page = answer.text();
    let policy = answer.header("content-security-policy").to_owned();
    assert!(
        policy.contains("default-src 'none'") && policy.contains("connect-src 'self'"),
        "{policy}"
    );
    assert!(
        !policy.contains("http") && !policy.contains("'unsafe-eval'") && !policy.contains('*'),
        "{policy}"
    );

    let base = url::Url::parse(&app.url).unwrap().join(paths::DOCS).unwrap();
    let mut files = Vec::new();
    for attribute in ["src=\"", "href=\""] {
        for rest in page.split(attribute).skip(1) {
            let target = rest.split('"').next().unwrap();
            let url = base.join(target).unwrap();
            if url.scheme() == "data" {
                continue;
            }
            assert_eq!(url.origin(), base.origin(), "{target}");
            let file = app.get(url.path()).ask().await.expect(200);
            assert!(
                !file.header("content-type").starts_with("text/html"),
                "{target}: {:?}",
                file.headers
            );
            files.push((url.path().to_owned(), file));
        }
    }
    assert!(files.iter().any(|(path, _)| path.ends_with(".js")), "{page}");
    assert!(files.iter().any(|(path, _)| path.ends_with(".css")), "{page}");
    // The page's own scripts are files: the policy lets no others run.
    for script in page.split("<script").skip(1) {
        let (attributes, rest) = script.split_once('>').unwrap();
        let inline = rest.split_once("</script>").unwrap().0.trim();
        assert!(attributes.contains("src=") && inline.is_empty(), "{inline}");
    }
    // And it shows this description.
    let shows = files.iter().any(|(_, file)| file.text().contains(paths::OPENAPI)) || page.contains(paths::OPENAPI);
    assert!(shows, "{page}");
    for (path, file) in files.iter().filter(|(path, _)| path.ends_with(".css")) {
        for import in ["@import", "url(http", "url(//", "url(\"http"] {
            assert!(!file.text().contains(import), "{path}: {import}");
        }
    }
}
