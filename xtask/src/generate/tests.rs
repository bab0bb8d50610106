//! What the generator makes of each kind of schema.

use super::contract::Contract;
use super::{operations, read, rust};

fn contract(schemas: &str) -> Contract {
    let text = format!("openapi: 3.1.0\npaths: {{}}\ncomponents:\n  schemas:\n{schemas}");
    Contract::parse(&text).unwrap()
}

/// The generated module without line breaks and indentation, so that a test states what it is about.
fn rust_of(schemas: &str) -> String {
    let shapes = read::shapes(&contract(schemas)).unwrap();
    rust::module(&shapes).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn refusal_of(schemas: &str) -> String {
    let error = read::shapes(&contract(schemas)).err().expect("the contract is refused");
    format!("{error:#}")
}

const TOUCH: &str = "
    Touch:
      type: object
      required: [a, b]
      properties:
        a: { type: integer, format: int64, description: How often. }
        b: { type: [string, 'null'] }
        c: { type: array, items: { type: boolean } }
        d: { type: [string, 'null'] }
        type: { type: object, additionalProperties: { type: number } }
";

#[test]
fn an_object_keeps_order_comments_and_what_may_be_missing() {
    let rust = rust_of(TOUCH);
    let skip = "skip_serializing_if = \"Option::is_none\"";
    assert!(rust.contains("/// How often. pub a: i64, /// `b` pub b: Option<String>,"), "{rust}");
    assert!(
        rust.contains(&format!("#[serde(default, {skip})] pub c: Option<Vec<bool>>,")),
        "{rust}"
    );
    let patch = format!("deserialize_with = \"present\", {skip})] pub d: Option<Option<String>>,");
    assert!(rust.contains(&patch), "{rust}");
    assert!(
        rust.contains("pub r#type: Option<std::collections::BTreeMap<String, f64>>,"),
        "{rust}"
    );
    assert!(rust.contains("fn present<'de, T, D>"), "{rust}");
}

#[test]
fn ids_are_the_hand_written_ones() {
    let rust = rust_of("    UserId: { type: string, pattern: '^usr_[0-9A-Z]{26}$' }\n");
    assert!(rust.contains("pub use crate::ids::{UserId};"), "{rust}");
    assert!(!rust.contains("struct UserId"), "{rust}");
}

#[test]
fn an_enum_knows_its_words() {
    let rust = rust_of("    Role: { type: string, enum: [owner, not_a_member] }\n");
    assert!(rust.contains("#[serde(rename_all = \"snake_case\")] pub enum Role {"), "{rust}");
    assert!(rust.contains("Self::NotAMember => \"not_a_member\","), "{rust}");
    let rust = rust_of("    Kind: { type: string, enum: [message.created] }\n");
    assert!(rust.contains("#[serde(rename = \"message.created\")] MessageCreated,"), "{rust}");
}

const FRAMES: &str = "
    Frame:
      discriminator: { propertyName: type }
      oneOf: [{ $ref: '#/components/schemas/Ping' }, { $ref: '#/components/schemas/Bye' }]
    Ping: { type: object, required: [type, t], properties: { type: { const: ping }, t: { type: integer } } }
    Bye: { type: object, required: [type], properties: { type: { const: bye } } }
";

#[test]
fn a_union_is_told_apart_by_its_tag() {
    let rust = rust_of(FRAMES);
    assert!(rust.contains("#[serde(tag = \"type\")] pub enum Frame {"), "{rust}");
    assert!(rust.contains("#[serde(rename = \"ping\")] Ping(Ping),"), "{rust}");
    assert!(
        rust.contains("#[serde(rename = \"bye\")] Bye, }"),
        "a tag alone has no content: {rust}"
    );
    assert!(rust.contains("pub struct Ping { /// `t` pub t: i64, }"), "{rust}");
}

const EVENTS: &str = "
    Base: { type: object, required: [id], properties: { id: { type: string } } }
    Event:
      x-envelope: Base
      discriminator: { propertyName: type }
      oneOf: [{ $ref: '#/components/schemas/Made' }]
    Made:
      allOf:
        - { $ref: '#/components/schemas/Base' }
        - { type: object, required: [type, payload], properties: { type: { const: thing.made }, payload: { $ref: '#/components/schemas/Thing' } } }
    Thing: { type: object, required: [name], properties: { name: { type: string } } }
";

#[test]
fn an_envelope_is_a_struct_with_a_body() {
    let rust = rust_of(EVENTS);
    let body = "#[serde(tag = \"type\", content = \"payload\")] pub enum EventBody {";
    assert!(rust.contains(body), "{rust}");
    assert!(rust.contains("#[serde(rename = \"thing.made\")] ThingMade(Thing),"), "{rust}");
    assert!(rust.contains("#[serde(flatten)] pub body: EventBody,"), "{rust}");
    assert!(!rust.contains("Made {") && !rust.contains("struct Base"), "{rust}");
}

#[test]
fn what_rust_cannot_say_is_refused() {
    let dangling =
        "    A: { type: object, properties: { b: { $ref: '#/components/schemas/B' } } }\n";
    assert!(refusal_of(dangling).contains("points nowhere"));
    assert!(refusal_of("    A: { type: [string, integer] }\n").contains("several types"));
    assert!(refusal_of("    A: { type: integer, format: int8 }\n").contains("int8"));
}

const PATHS: &str = "
openapi: 3.1.0
security: [{ bearer: [] }]
paths:
  /api/things/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    get:
      operationId: getThing
      x-codes: [not_found]
      parameters: [{ name: limit, in: query, schema: { type: integer } }]
      responses:
        '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } } }
        default: { description: no }
    delete:
      operationId: deleteThing
      security: []
      responses: { '204': { description: gone } }
components:
  schemas:
    Thing: { type: object, properties: { name: { type: string } } }
";

#[test]
fn operations_become_a_table_and_queries_become_structs() {
    let contract = Contract::parse(PATHS).unwrap();
    let table = operations::module(&contract).unwrap();
    assert!(
        table.contains(
            "id: \"getThing\", method: \"GET\", path: \"/api/things/{id}\", \
             security: Security::Session, success: &[(200, Some(\"Thing\"))], \
             codes: &[ProblemCode::NotFound]"
        ),
        "{table}"
    );
    assert!(
        table.contains("security: Security::Public, success: &[(204, None)], codes: &[]"),
        "{table}"
    );
    let rust = rust::module(&read::shapes(&contract).unwrap());
    assert!(rust.contains("pub struct GetThingQuery {"), "{rust}");
    assert!(!rust.contains("pub struct DeleteThingQuery"), "{rust}");
}
