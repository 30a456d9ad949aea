//! The OpenAPI 3.1 description of operations.

use crate::http::error::{sentence, status};
use crate::http::extract::MAX_FILE;
use crate::http::operation::{Access, Content, Operation, named};
use serde_json::{Map, Value, json};
use shared::error::{ErrorCode, PROBLEM_JSON, Problem};
use shared::paths;
use std::collections::BTreeMap;

/// The description as JSON.
#[must_use]
pub fn document(operations: &[Operation]) -> Value {
    let mut schemas: BTreeMap<_, _> = named::<Problem>().into_iter().collect();
    let mut paths = Map::new();
    for operation in operations {
        schemas.extend(operation.schemas.iter().cloned());
        let item = paths.entry(operation.path).or_insert_with(|| json!({}));
        if let Some(item) = item.as_object_mut() {
            item.insert(operation.method.as_str().to_ascii_lowercase(), describe(operation));
        }
    }
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Taskward",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "A to-do list that you host yourself. Sign in, then send the access token as \
                `Authorization: Bearer`. Every failure is problem details (RFC 9457) with a machine code.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "bearer": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT" },
                "session": {
                    "type": "apiKey", "in": "cookie", "name": "taskward_session",
                    "description": "HttpOnly; on https its name is __Host-taskward_session",
                },
            },
        },
    });
    // A change of nothing is refused, and utoipa cannot express minProperties.
    if let Some(Value::Object(change)) = document.pointer_mut("/components/schemas/TaskChange") {
        change.insert("minProperties".to_owned(), json!(1));
    }
    document
}

fn describe(operation: &Operation) -> Value {
    let mut value = json!({
        "operationId": operation.id,
        "summary": operation.summary,
        "tags": [tag(operation.path)],
        "security": security(operation.access),
        "parameters": parameters(operation),
        "responses": responses(operation),
    });
    if let (Some(body), Some(object)) = (&operation.body, value.as_object_mut()) {
        let content = json!({ "application/json": { "schema": reference(body) } });
        object.insert(
            "requestBody".to_owned(),
            json!({ "required": true, "content": content }),
        );
    }
    if let ([_, ..], Some(object)) = (operation.file, value.as_object_mut()) {
        let file = || json!({ "schema": { "type": "string", "maxLength": MAX_FILE } });
        let content: Map<_, _> = operation
            .file
            .iter()
            .map(|media_type| ((*media_type).to_owned(), file()))
            .collect();
        object.insert(
            "requestBody".to_owned(),
            json!({ "required": true, "content": content }),
        );
    }
    value
}

fn tag(path: &str) -> &'static str {
    match path {
        path if path.starts_with("/api/auth/") => "auth",
        path if path.contains("/tasks") => "tasks",
        path if path.contains("/lists") => "lists",
        path if path.contains("/trash") => "trash",
        paths::EXPORT | paths::IMPORT => "transfer",
        _ => "operations",
    }
}

fn security(access: Access) -> Value {
    match access {
        Access::Public => json!([]),
        Access::Cookie => json!([{ "session": [] }]),
        Access::CookieOrBearer => json!([{ "bearer": [] }, { "session": [] }]),
        Access::Bearer | Access::Owner => json!([{ "bearer": [] }]),
    }
}

fn parameters(operation: &Operation) -> Value {
    let mut all = Vec::new();
    for parameter in &operation.parameters {
        let mut value = json!({
            "name": parameter.name, "in": parameter.place, "schema": (parameter.schema)(),
            "description": parameter.description,
        });
        if let (Some(value), "path") = (value.as_object_mut(), parameter.place) {
            value.insert("required".to_owned(), json!(true));
        }
        all.push(value);
    }
    all.into()
}

fn responses(operation: &Operation) -> Value {
    let mut content = match &operation.content {
        Content::One(name) => json!({ "application/json": { "schema": reference(name) } }),
        Content::Many(name) => json!({
            "application/json": { "schema": { "type": "array", "items": reference(name) } },
        }),
        Content::Other("application/json") => {
            json!({ "application/json": { "schema": { "type": "object" } } })
        }
        Content::Other(media_type) => json!({ *media_type: { "schema": { "type": "string" } } }),
    };
    if let Some(content) = content.as_object_mut() {
        let other = |media_type: &&str| ((*media_type).to_owned(), json!({ "schema": { "type": "string" } }));
        content.extend(operation.or.iter().map(other));
    }
    let headers: Map<_, _> = operation
        .headers
        .iter()
        .map(|(name, description)| {
            (
                (*name).to_owned(),
                json!({ "description": description, "schema": { "type": "string" } }),
            )
        })
        .collect();
    let mut all = Map::new();
    let success = json!({ "description": operation.summary, "content": content, "headers": headers });
    all.insert(operation.status.to_string(), success);

    let mut failures = BTreeMap::<u16, Vec<ErrorCode>>::new();
    for code in codes(operation) {
        let codes = failures.entry(status(code).as_u16()).or_default();
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    for (status, codes) in failures {
        let lines: Vec<_> = codes
            .iter()
            .map(|code| format!("{}: {}", json!(code), sentence(*code)))
            .collect();
        let content = json!({ PROBLEM_JSON: { "schema": reference("Problem") } });
        all.insert(
            status.to_string(),
            json!({ "description": lines.join("\n\n"), "content": content }),
        );
    }
    all.into()
}

/// How the operation fails: in its own ways, in those of its arguments, and in those of every request.
fn codes(operation: &Operation) -> Vec<ErrorCode> {
    let mut codes = [operation.failures.as_slice(), operation.implied.as_slice()].concat();
    codes.extend([
        ErrorCode::UriTooLong,
        ErrorCode::HeadersTooLarge,
        ErrorCode::InternalError,
    ]);
    if operation.path != paths::HEALTH {
        codes.push(ErrorCode::Unavailable);
    }
    codes
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}
