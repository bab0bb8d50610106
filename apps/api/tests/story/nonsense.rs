//! Bodies that make no sense, made from the contract for every operation that takes one: each is
//! refused by a stable code that names the field, and nothing changes.

use clickclack_client::{Answer, Call};
use clickclack_protocol::api::{self, ProblemCode};
use clickclack_protocol::limits;
use clickclack_protocol::operations::{OPERATIONS, Operation};
use clickclack_trial::both;
use serde_json::{Map, Value, json};

use crate::contract::{body_of, follow};
use crate::places::Places;
use crate::town::{PASSWORD, Town};

/// A body and how it is refused: by one of these codes, at this field if the code names one.
struct Nonsense {
    what: String,
    body: Vec<u8>,
    field: Option<String>,
    codes: Vec<ProblemCode>,
}

const INVALID: &[ProblemCode] = &[ProblemCode::InvalidRequest];
/// What is too long to be what it should be may be refused as that; this server is set up.
const TOO_LONG: &[ProblemCode] = &[
    ProblemCode::InvalidRequest,
    ProblemCode::SetupDone,
    ProblemCode::MessageTooLong,
    ProblemCode::InviteInvalid,
    ProblemCode::LinkInvalid,
];

impl Nonsense {
    fn raw(code: ProblemCode, body: &[u8]) -> Self {
        let what = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
        Self { what, body: body.to_vec(), field: None, codes: vec![code] }
    }

    fn at(field: &str, value: &Value, codes: &[ProblemCode], good: &Map<String, Value>) -> Self {
        let mut body = good.clone();
        body.insert(field.to_owned(), value.clone());
        let what: String = format!("{field} = {value}").chars().take(80).collect();
        let body = serde_json::to_vec(&body).unwrap();
        Self { what, body, field: Some(field.to_owned()), codes: codes.to_vec() }
    }
}

/// A value that a field can have.
fn good(name: &str, schema: &'static Value, places: &Places) -> Value {
    let schema = follow(schema);
    match schema["type"].as_str().unwrap() {
        "string" if name == "transport" => json!("token"),
        "string" if schema["enum"].is_array() => schema["enum"][0].clone(),
        "string" => json!(match name {
            "email" => "zoe@tidepool.example",
            "password" | "new_password" | "current_password" => PASSWORD,
            "channel_id" => return json!(places.channel_id),
            "emoji" => "🦀",
            _ => "sample-text",
        }),
        "integer" => schema["minimum"].clone(),
        "boolean" => json!(false),
        "array" => json!([good("", &schema["items"], places)]),
        other => panic!("{name} has the type {other}"),
    }
}

fn object(schema: &'static Value, places: &Places) -> Map<String, Value> {
    let required = schema["required"].as_array().into_iter().flatten();
    let required = required.map(|name| name.as_str().unwrap());
    // Without it a session comes as a cookie, and who is no browser is refused for that.
    let transport = schema["properties"].get("transport").map(|_| "transport");
    let names = required.chain(transport);
    names.map(|name| (name.into(), good(name, &schema["properties"][name], places))).collect()
}

/// Everything that is wrong for a value of this schema.
fn wrong(schema: &'static Value) -> Vec<(Value, &'static [ProblemCode])> {
    let schema = follow(schema);
    let mut wrong = vec![(Value::Null, INVALID), (json!({ "a": [1] }), INVALID)];
    match schema["type"].as_str().unwrap() {
        "string" => {
            wrong.extend([json!(7), json!(["x"]), json!("nul\0nul")].map(|v| (v, INVALID)));
            if schema["enum"].is_array() || schema["pattern"].is_string() {
                wrong.push((json!("x"), INVALID));
                wrong.push((json!("dev_00000000000000000000000001"), INVALID));
            }
            if let Some(most) = schema["maxLength"].as_u64() {
                // Two bytes each: limits count characters.
                wrong.push((json!("é".repeat(usize::try_from(most).unwrap() + 1)), TOO_LONG));
            }
            if let Some(least @ 1..) = schema["minLength"].as_u64() {
                wrong.push((json!("x".repeat(usize::try_from(least).unwrap() - 1)), INVALID));
            }
        }
        "integer" => {
            wrong.extend([json!("1"), json!(1.5), json!(1e30), json!(true)].map(|v| (v, INVALID)));
            for (bound, past) in [("minimum", -1), ("maximum", 1)] {
                if let Some(figure) = schema[bound].as_i64() {
                    wrong.push((json!(figure + past), INVALID));
                }
            }
        }
        "boolean" => wrong.extend([json!(1), json!("true")].map(|v| (v, INVALID))),
        "array" => {
            wrong.push((json!("x"), INVALID));
            let most = usize::try_from(schema["maxItems"].as_u64().unwrap()).unwrap();
            let item = follow(&schema["items"])["examples"][0].clone();
            wrong.push((json!(vec![item; most + 1]), INVALID));
        }
        other => panic!("there is a field of type {other}"),
    }
    wrong
}

/// All the nonsense that one operation is sent.
fn nonsense(schema: &'static Value, places: &Places) -> Vec<Nonsense> {
    use ProblemCode::{InvalidRequest, MalformedRequest};
    let mut all: Vec<Nonsense> =
        [&b"{"[..], b"", b"{\"a\":}", b"{} {}", b"{'a':1}", b"{\"a\":\"\xff\"}"]
            .into_iter()
            .chain([&b"\xef\xbb\xbf{}"[..], br#"{"a":"\ud800"}"#])
            .map(|body| Nonsense::raw(MalformedRequest, body))
            .collect();
    all.push(Nonsense::raw(MalformedRequest, "[".repeat(10_000).as_bytes()));
    let no_objects = [&b"[]"[..], b"\"x\"", b"3", b"null", b"true", b"[{}]"];
    all.extend(no_objects.map(|body| Nonsense::raw(InvalidRequest, body)));
    let good = object(schema, places);
    for name in good.keys().filter(|name| *name != "transport") {
        let mut body = good.clone();
        body.remove(name);
        let body = serde_json::to_vec(&body).unwrap();
        let (what, field) = (format!("no {name}"), Some(name.clone()));
        all.push(Nonsense { what, body, field, codes: INVALID.to_vec() });
    }
    for (name, field) in schema["properties"].as_object().unwrap() {
        for (value, codes) in wrong(field) {
            all.push(Nonsense::at(name, &value, codes, &good));
        }
    }
    all
}

/// What is wrong with the answer to a nonsense, if anything is.
fn fault(operation: &Operation, nonsense: &Nonsense, answer: &Answer) -> Option<String> {
    let at = format!("{} with {}: {}", operation.id, nonsense.what, answer.status);
    let Ok(problem) = answer.problem() else { return Some(at) };
    if !nonsense.codes.contains(&problem.code) {
        return Some(format!("{at} {:?}", problem.code));
    }
    let field = nonsense.field.as_ref().filter(|_| problem.code == ProblemCode::InvalidRequest)?;
    let errors = problem.errors.unwrap_or_default();
    let named = errors.first().map_or("", |error| error.field.as_str());
    let is_named = named == field || named.starts_with(&format!("{field}["));
    (!is_named).then(|| format!("{at} {errors:?}"))
}

both! {
    async fn every_field_is_checked_and_nothing_changes(database: &Database) {
        let town = Town::open(database).await;
        let places = Places::of(&town).await;
        let (mut tried, mut faults) = (0, Vec::new());
        for operation in OPERATIONS {
            let Some(schema) = body_of(operation) else { continue };
            let before = places.seen().await;
            for nonsense in nonsense(schema, &places) {
                let call = places.call(operation).body("application/json", nonsense.body.clone());
                let answer = town.ana.client.send(call).await.unwrap();
                faults.extend(fault(operation, &nonsense, &answer));
                tried += 1;
            }
            let after = places.seen().await;
            faults.extend((after != before).then(|| format!("{} changed something", operation.id)));
        }
        assert!(faults.is_empty(), "{faults:#?}");
        assert!(tried > 500, "only {tried} bodies were tried");
        town.close().await;
    }

    async fn a_body_must_be_json_and_not_too_long(database: &Database) {
        let town = Town::open(database).await;
        let places = Places::of(&town).await;
        let before = places.seen().await;
        for operation in OPERATIONS.iter().filter(|operation| body_of(operation).is_some()) {
            let sends = async |call: Call| town.ana.client.send(call).await.unwrap();
            let good = serde_json::to_vec(&object(body_of(operation).unwrap(), &places)).unwrap();
            for kind in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp"] {
                let answer = sends(places.call(operation).body(kind, good.clone())).await;
                let code = answer.problem().unwrap().code;
                assert_eq!(code, ProblemCode::UnsupportedMediaType, "{}", operation.id);
            }
            let answer = sends(places.call(operation)).await;
            assert_eq!(answer.status, 415, "{} without a body", operation.id);
            let long = vec![b' '; limits::BODY_BYTES + 1];
            let answer = sends(places.call(operation).body("application/json", long)).await;
            let problem = answer.problem().unwrap();
            assert_eq!(problem.code, ProblemCode::BodyTooLarge, "{}", operation.id);
            assert_eq!(problem.limit, i64::try_from(limits::BODY_BYTES).ok());
        }
        assert_eq!(places.seen().await, before);
        town.close().await;
    }

    async fn what_the_contract_does_not_name_does_nothing(database: &Database) {
        let town = Town::open(database).await;
        let ben = town.person("Ben").await;
        let call = |id: &str, body: Value| Call::of(id, &[]).json(&body);
        let answer = ben
            .client
            .send(call("updateMe", json!({
                "name": "Benny", "is_administrator": true, "email": "ana@tidepool.example",
                "id": town.ana.id, "role": "owner", "deactivated": true, "x": [{ "y": 1 }],
            })))
            .await
            .unwrap();
        assert_eq!(answer.status, 200);
        let ben_now = ben.client.get_me().await.unwrap();
        assert_eq!(ben_now.name, "Benny");
        assert_eq!(ben_now.email.as_deref(), Some("ben@tidepool.example"));
        assert!(!ben_now.is_administrator && !ben_now.deactivated && ben_now.id == ben.id);
        let channel = [("channel_id", &town.general as &(dyn std::fmt::Display + Sync))];
        let body = json!({
            "nonce": "sample-0001", "body": "hello", "author": town.ana.id, "seq": 77,
            "created_at": "1999-01-01T00:00:00.000Z",
        });
        let answer = ben.client.send(Call::of("sendMessage", &channel).json(&body)).await.unwrap();
        assert_eq!(answer.status, 201);
        let newest = api::ListMessagesQuery::default();
        let page = ben.client.list_messages(town.general, &newest).await.unwrap();
        assert!(page.messages[0].author.id == ben.id && page.messages[0].seq == Some(1));
        town.close().await;
    }
}
