//! Reading the description.

use jsonschema::Validator;
use serde_json::{Value, json};
use shared::paths;
use std::fmt;
use tests::{Ask, TestApp};

/// The description of the API.
pub(super) struct Document {
    pub(super) value: Value,
}

/// One operation of it.
#[derive(Clone)]
pub(super) struct Operation {
    pub(super) path: String,
    pub(super) method: String,
    pub(super) value: Value,
}

impl fmt::Debug for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method.to_uppercase(), self.path)
    }
}

impl Operation {
    /// The statuses that it has an answer for.
    pub(super) fn statuses(&self) -> Vec<u16> {
        self.value["responses"]
            .as_object()
            .unwrap()
            .keys()
            .map(|status| status.parse().unwrap())
            .collect()
    }

    /// The names of the security schemes of which it needs one.
    pub(super) fn security(&self) -> Vec<String> {
        let alternatives = self.value["security"].as_array().unwrap();
        alternatives
            .iter()
            .flat_map(|each| each.as_object().unwrap().keys().cloned())
            .collect()
    }

    /// The name and place of its parameters.
    pub(super) fn parameters(&self) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let all = self.value["parameters"].as_array().into_iter().flatten();
        all.map(|parameter| (text(&parameter["name"]), text(&parameter["in"])))
            .collect()
    }

    /// Whether it has such a parameter.
    pub(super) fn has(&self, name: &str) -> bool {
        self.parameters()
            .iter()
            .any(|(each, _)| each.eq_ignore_ascii_case(name))
    }
}

impl Document {
    pub(super) fn new(value: Value) -> Self {
        Self { value }
    }

    pub(super) async fn of(app: &TestApp) -> Self {
        Self::new(app.get(paths::OPENAPI).ask().await.expect(200).value())
    }

    pub(super) fn operations(&self) -> Vec<Operation> {
        let mut operations = Vec::new();
        for (path, item) in self.value["paths"].as_object().unwrap() {
            for (method, value) in item.as_object().unwrap() {
                operations.push(Operation {
                    path: path.clone(),
                    method: method.clone(),
                    value: value.clone(),
                });
            }
        }
        operations
    }

    pub(super) fn operation(&self, path: &str, method: &str) -> Operation {
        let value = self.value["paths"][path][method].clone();
        assert!(value.is_object(), "{method} {path} is not described");
        Operation {
            path: path.to_owned(),
            method: method.to_owned(),
            value,
        }
    }

    /// What a reference leads to; anything else is itself.
    pub(super) fn resolve(&self, value: &Value) -> Value {
        match value["$ref"].as_str() {
            Some(reference) => {
                let found = self.value.pointer(reference.strip_prefix('#').unwrap());
                self.resolve(found.unwrap_or_else(|| panic!("{reference} leads nowhere")))
            }
            None => value.clone(),
        }
    }

    /// The schema of the operation's body.
    pub(super) fn body_schema(&self, operation: &Operation) -> Option<Value> {
        let body = self.resolve(operation.value.get("requestBody")?);
        assert_eq!(body["required"], true, "{operation:?}");
        let schema = self.resolve(&body["content"]["application/json"]["schema"]);
        assert!(schema.is_object(), "{operation:?}");
        Some(schema)
    }

    /// Checks values against a schema of the document.
    pub(super) fn validator(&self, schema: &Value) -> Validator {
        let mut root = schema.clone();
        // References are relative to the document.
        root["components"] = self.value["components"].clone();
        jsonschema::draft202012::options()
            .should_validate_formats(true)
            .build(&root)
            .unwrap_or_else(|error| panic!("{error}: {schema}"))
    }

    /// The members of a value that its schema does not mention. A schema by itself would let them pass.
    pub(super) fn undescribed(&self, schema: &Value, value: &Value, at: &str) -> Vec<String> {
        match value {
            Value::Object(members) => {
                let mut found = Vec::new();
                for (name, member) in members {
                    let at = format!("{at}/{name}");
                    match self.member(schema, name) {
                        Some(schema) => found.extend(self.undescribed(&schema, member, &at)),
                        None => found.push(at),
                    }
                }
                found
            }
            Value::Array(items) => {
                let schema = self.resolve(schema);
                let each = items.iter().enumerate();
                each.flat_map(|(index, item)| self.undescribed(&schema["items"], item, &format!("{at}/{index}")))
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    fn member(&self, schema: &Value, name: &str) -> Option<Value> {
        let schema = self.resolve(schema);
        if let Some(member) = schema["properties"].get(name) {
            return Some(member.clone());
        }
        let parts = ["allOf", "oneOf", "anyOf"]
            .iter()
            .filter_map(|keyword| schema[*keyword].as_array());
        parts
            .flatten()
            .find_map(|part| self.member(part, name))
            .or_else(|| match &schema["additionalProperties"] {
                Value::Object(schema) => Some(json!(schema)),
                _ => None,
            })
    }
}
