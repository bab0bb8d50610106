//! Holds every answer that a story sees against the contract: the status, the shape of the body
//! with nothing in it that the contract does not name, and the codes of problems.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock, Mutex};

use clickclack_protocol::api::Problem;
use clickclack_protocol::operations::{OPERATIONS, Operation};
use jsonschema::Validator;
use serde_json::{Map, Value, json};

static CONTRACT: LazyLock<Value> = LazyLock::new(|| {
    let text = include_str!("../../../../packages/protocol/openapi.yaml");
    let mut contract: Value = serde_norway::from_str(text).expect("the contract is YAML");
    let schemas = contract["components"]["schemas"].as_object_mut().expect("it has schemas");
    // Members of an `allOf` stay open, since each sees the whole object: the whole is closed.
    for (_, schema) in schemas.iter_mut().filter(|(name, _)| *name != "EventBase") {
        close(schema);
    }
    contract
});

static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

/// Forbids what the contract does not name.
fn close(schema: &mut Value) {
    let Some(object) = schema.as_object_mut() else { return };
    if object.contains_key("allOf") {
        object.insert("unevaluatedProperties".into(), json!(false));
    } else if object.contains_key("properties") {
        object.insert("additionalProperties".into(), json!(false));
    }
}

fn validator(schema: &str) -> Arc<Validator> {
    let mut known = VALIDATORS.lock().expect("no validation panics while it holds this");
    let made = known.entry(schema.to_owned()).or_insert_with(|| {
        let mut root = Map::new();
        root.insert("$schema".into(), json!("https://json-schema.org/draft/2020-12/schema"));
        root.insert("$ref".into(), json!(format!("#/components/schemas/{schema}")));
        root.insert("components".into(), CONTRACT["components"].clone());
        let built = jsonschema::options().should_validate_formats(true).build(&Value::Object(root));
        Arc::new(built.expect("the contract's schemas are JSON Schema"))
    });
    Arc::clone(made)
}

/// Fails the story unless the value is what the schema says.
pub(crate) fn assert_shape(schema: &str, value: &Value) {
    let validator = validator(schema);
    let errors: Vec<_> = validator
        .iter_errors(value)
        .map(|error| format!("{} at {}", error, error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "not a {schema}: {errors:#?}\n{value:#}");
}

/// The frames that a client can say, each with the names of its fields.
pub(crate) fn client_frames() -> HashMap<String, HashSet<String>> {
    let schemas = &CONTRACT["components"]["schemas"];
    let mapping = schemas["ClientFrame"]["discriminator"]["mapping"].as_object();
    let frames = mapping.expect("frames are told apart by their type").iter();
    let fields = |schema: &Value| {
        let name = schema.as_str().and_then(|path| path.rsplit('/').next()).expect("it is a path");
        let fields = schemas[name]["properties"].as_object().expect("a frame is an object");
        fields.keys().cloned().collect()
    };
    frames.map(|(name, schema)| (name.clone(), fields(schema))).collect()
}

/// What a value of the contract says, with references followed.
pub(crate) fn follow(value: &'static Value) -> &'static Value {
    match value["$ref"].as_str() {
        Some(reference) => follow(CONTRACT.pointer(&reference[1..]).expect("references lead on")),
        None => value,
    }
}

/// The schema of the JSON body that an operation takes, if it takes one.
pub(crate) fn body_of(operation: &Operation) -> Option<&'static Value> {
    let method = operation.method.to_lowercase();
    let body = &CONTRACT["paths"][operation.path][method]["requestBody"];
    let schema = &body["content"]["application/json"]["schema"];
    (!schema.is_null()).then(|| follow(schema))
}

/// The parameters of an operation's path (`path`) or query (`query`).
pub(crate) fn parameters(operation: &Operation, place: &str) -> Vec<&'static Value> {
    let path = &CONTRACT["paths"][operation.path];
    let own = &path[operation.method.to_lowercase()]["parameters"];
    let all = [&path["parameters"], own].into_iter().filter_map(Value::as_array).flatten();
    all.map(follow).filter(|parameter| parameter["in"] == place).collect()
}

/// The operation behind a method and a path, `/api/channels/chn_…/messages`.
pub(crate) fn operation(method: &str, path: &str) -> Option<&'static Operation> {
    let path = path.split('?').next().expect("a split has a first part");
    OPERATIONS.iter().find(|operation| operation.method == method && fits(operation.path, path))
}

fn fits(template: &str, path: &str) -> bool {
    let (mut wanted, mut given) = (template.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(part), Some(text)) if part.starts_with('{') && !text.is_empty() => {}
            (Some(part), Some(text)) if part == text => {}
            _ => return false,
        }
    }
}

/// Fails the story unless the answer is one that the contract allows for this request.
pub(crate) fn assert_answer(method: &str, path: &str, status: u16, kind: &str, body: &[u8]) {
    let at = format!("{method} {path} answered {status}");
    let Some(operation) = operation(method, path) else {
        // Outside of the contract there are only problems (unknown path, wrong method) and the page;
        // and what HTTP has beside every operation, without a body.
        let is_bare = ["HEAD", "OPTIONS"].contains(&method) && body.is_empty();
        let is_api = path == "/api" || path.starts_with("/api/");
        assert!(!is_api || status >= 400 || is_bare, "{at} without an operation");
        return;
    };
    if status >= 400 {
        assert_eq!(kind, "application/problem+json", "{at}: {}", String::from_utf8_lossy(body));
        let value: Value = serde_json::from_slice(body).expect("a problem is JSON");
        assert_shape("Problem", &value);
        let problem: Problem = serde_json::from_value(value).expect("a problem has a known code");
        assert_eq!(i32::from(status), problem.status, "{at}");
        assert!(operation.may_answer(problem.code), "{at} with {:?}", problem.code);
        return;
    }
    let success = operation.success.iter().find(|(wanted, _)| *wanted == status);
    let (_, schema) = success.unwrap_or_else(|| panic!("{at}, which is not in the contract"));
    match schema {
        Some(schema) => {
            assert_eq!(kind, "application/json", "{at}");
            assert_shape(schema, &serde_json::from_slice(body).expect("the body is JSON"));
        }
        None if status == 204 || status == 202 => assert!(body.is_empty(), "{at} with a body"),
        None => {}
    }
}

#[test]
fn a_field_too_many_is_noticed() {
    let health = json!({ "status": "ok", "server_version": "1" });
    assert_shape("Health", &health);
    let more = json!({ "status": "ok", "server_version": "1", "uptime": 3 });
    assert!(std::panic::catch_unwind(|| assert_shape("Health", &more)).is_err());
}
