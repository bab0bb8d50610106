//! From schemas to shapes.

use anyhow::{Context, Result, bail};
use serde_norway::Value;

use super::contract::{Contract, entries, items, reference, referenced_schema, text};
use super::names::type_name;
use super::shape::{Field, Kind, Presence, Shape};
use super::union::enveloped;

/// Reads every named schema and the query of every operation.
pub(crate) fn shapes(contract: &Contract) -> Result<Vec<Shape>> {
    let mut reader = Reader { contract, shapes: Vec::new() };
    let enveloped = enveloped(contract)?;
    for (name, schema) in contract.schemas()? {
        if !enveloped.contains(&name) {
            reader.named(name, schema).with_context(|| format!("schema {name}"))?;
        }
    }
    for (path, item) in contract.paths()? {
        reader.queries(item).with_context(|| format!("path {path}"))?;
    }
    for (index, shape) in reader.shapes.iter().enumerate() {
        if reader.shapes[..index].iter().any(|earlier| earlier.name == shape.name) {
            bail!("two shapes would both be called {}", shape.name);
        }
    }
    Ok(reader.shapes)
}

/// What was read so far.
pub(super) struct Reader<'a> {
    pub(super) contract: &'a Contract,
    pub(super) shapes: Vec<Shape>,
}

impl<'a> Reader<'a> {
    fn named(&mut self, name: &str, schema: &'a Value) -> Result<()> {
        let doc = text(schema, "description").unwrap_or_default().to_owned();
        let at = self.shapes.len();
        let kind = if is_id(name, schema) {
            Kind::Id
        } else if let Some(tag) = schema.get("discriminator") {
            let tag = text(tag, "propertyName").context("a discriminator without propertyName")?;
            match text(schema, "x-envelope") {
                Some(base) => self.envelope(name, tag, base, schema)?,
                None => self.union(tag, schema)?,
            }
        } else if let Some(words) = words(schema)? {
            Kind::Words(words)
        } else if is_object(schema) {
            // A union's member that is nothing but its tag becomes a variant without content.
            if self.tag_only(name, schema)? {
                return Ok(());
            }
            let tag = self.tag_of(name)?;
            self.object(name, schema, tag)?
        } else {
            let (rust, nullable) = self.rust_type(name, schema)?;
            Kind::Alias(if nullable { format!("Option<{rust}>") } else { rust })
        };
        // What was lifted out of this shape stands below it.
        self.shapes.insert(at, Shape { name: name.to_owned(), doc, kind });
        Ok(())
    }

    fn queries(&mut self, item: &'a Value) -> Result<()> {
        for (method, operation) in entries(item)? {
            let Some(id) = text(operation, "operationId") else {
                continue;
            };
            let shared = items(item.get("parameters")).iter();
            let mut fields = Vec::new();
            let name = format!("{}Query", type_name(id));
            for parameter in shared.chain(items(operation.get("parameters"))) {
                let parameter = self.contract.resolve(parameter)?;
                if text(parameter, "in") != Some("query") {
                    continue;
                }
                let wire = text(parameter, "name").context("a parameter without name")?;
                let schema = parameter.get("schema").context("a parameter without schema")?;
                let required = parameter.get("required").and_then(Value::as_bool) == Some(true);
                let mut field = self.field(&name, wire, schema, required)?;
                if let Some(doc) = text(parameter, "description") {
                    doc.clone_into(&mut field.doc);
                }
                fields.push(field);
            }
            if !fields.is_empty() {
                let doc = format!("The query of `{}` (`{id}`).", method.to_uppercase());
                self.shapes.push(Shape { name, doc, kind: Kind::Object { fields, closed: false } });
            }
        }
        Ok(())
    }

    pub(super) fn object(
        &mut self,
        name: &str,
        schema: &'a Value,
        tag: Option<&str>,
    ) -> Result<Kind> {
        let (mut fields, mut closed) = (Vec::new(), false);
        for (part, is_required) in self.parts(schema)? {
            closed |= part.get("additionalProperties").and_then(Value::as_bool) == Some(false);
            let Some(properties) = part.get("properties") else {
                continue;
            };
            for (wire, property) in entries(properties)? {
                if tag == Some(wire) {
                    continue;
                }
                let field = self.field(name, wire, property, is_required(wire))?;
                // The later part of an allOf refines the earlier one.
                match fields.iter().position(|known: &Field| known.wire == wire) {
                    Some(place) => fields[place] = field,
                    None => fields.push(field),
                }
            }
        }
        Ok(Kind::Object { fields, closed })
    }

    fn field(
        &mut self,
        owner: &str,
        wire: &str,
        schema: &'a Value,
        required: bool,
    ) -> Result<Field> {
        let lifted = format!("{owner}{}", type_name(wire));
        let (rust, nullable) =
            self.rust_type(&lifted, schema).with_context(|| format!("property {wire}"))?;
        let presence = match (required, nullable) {
            (true, false) => Presence::Always,
            (true, true) => Presence::Nullable,
            (false, false) => Presence::Optional,
            (false, true) => Presence::OptionalNullable,
        };
        let doc = text(schema, "description").unwrap_or_default().to_owned();
        Ok(Field { wire: wire.to_owned(), doc, rust, presence })
    }

    /// The Rust type of a schema and whether it may be null. A shape without a name of its own is
    /// lifted out under the name given.
    pub(super) fn rust_type(&mut self, lifted: &str, schema: &'a Value) -> Result<(String, bool)> {
        if let Some(target) = reference(schema) {
            let name = referenced_schema(schema)
                .with_context(|| format!("`{target}` is not a named schema"))?;
            self.contract.schema(name)?;
            return Ok((name.to_owned(), false));
        }
        for key in ["oneOf", "anyOf", "allOf"] {
            let members = items(schema.get(key));
            let real: Vec<_> = members.iter().filter(|member| !is_null(member)).collect();
            if let [only] = real.as_slice() {
                let (rust, nullable) = self.rust_type(lifted, only)?;
                return Ok((rust, nullable || real.len() < members.len()));
            }
        }
        let (kind, nullable) = primitive(schema)?;
        if words(schema)?.is_some() || schema.get("discriminator").is_some() || is_object(schema) {
            self.named(lifted, schema)?;
            return Ok((lifted.to_owned(), nullable));
        }
        let rust = match kind {
            Some("string") => "String".to_owned(),
            Some("boolean") => "bool".to_owned(),
            Some("number") => "f64".to_owned(),
            Some("integer") => match text(schema, "format") {
                None | Some("int64") => "i64".to_owned(),
                Some("int32") => "i32".to_owned(),
                Some(other) => bail!("integer format {other}"),
            },
            Some("array") => {
                let of = schema.get("items").context("an array without items")?;
                let (item, nullable) = self.rust_type(&format!("{lifted}Item"), of)?;
                if nullable { format!("Vec<Option<{item}>>") } else { format!("Vec<{item}>") }
            }
            Some("object") => match schema.get("additionalProperties") {
                Some(of) if of.is_mapping() => {
                    let (item, _) = self.rust_type(&format!("{lifted}Value"), of)?;
                    format!("std::collections::BTreeMap<String, {item}>")
                }
                _ => "serde_json::Map<String, serde_json::Value>".to_owned(),
            },
            None if is_anything(schema) => "serde_json::Value".to_owned(),
            other => bail!("a schema that has no Rust shape (type {other:?})"),
        };
        Ok((rust, nullable))
    }

    /// The pieces of an object (itself, or the members of its allOf), each with the question
    /// whether a property of it is required anywhere.
    pub(super) fn parts(
        &self,
        schema: &'a Value,
    ) -> Result<Vec<(&'a Value, impl Fn(&str) -> bool + use<'a>)>> {
        let mut parts = Vec::new();
        self.collect(schema, &mut parts)?;
        let required: Vec<&'a str> = parts
            .iter()
            .flat_map(|part| items(part.get("required")))
            .filter_map(Value::as_str)
            .collect();
        Ok(parts
            .into_iter()
            .map(|part| {
                let required = required.clone();
                (part, move |wire: &str| required.contains(&wire))
            })
            .collect())
    }

    fn collect(&self, schema: &'a Value, parts: &mut Vec<&'a Value>) -> Result<()> {
        let schema = self.contract.resolve(schema)?;
        for member in items(schema.get("allOf")) {
            self.collect(member, parts)?;
        }
        parts.push(schema);
        Ok(())
    }
}

/// Whether this is the schema of an id, which is hand-written in Rust.
fn is_id(name: &str, schema: &Value) -> bool {
    name.ends_with("Id")
        && text(schema, "type") == Some("string")
        && text(schema, "pattern").is_some_and(|pattern| pattern.contains("_["))
}

/// The texts of an enum.
fn words(schema: &Value) -> Result<Option<Vec<String>>> {
    if primitive(schema)?.0 != Some("string") || schema.get("enum").is_none() {
        return Ok(None);
    }
    let words = items(schema.get("enum")).iter().filter_map(Value::as_str);
    Ok(Some(words.map(ToOwned::to_owned).collect()))
}

fn is_object(schema: &Value) -> bool {
    schema.get("properties").is_some() || items(schema.get("allOf")).len() > 1
}

fn is_null(schema: &Value) -> bool {
    text(schema, "type") == Some("null")
}

fn is_anything(schema: &Value) -> bool {
    ["oneOf", "anyOf", "allOf", "const"].iter().all(|key| schema.get(key).is_none())
}

/// The `type` of a schema and whether `null` stands beside it. A constant text is a text.
fn primitive(schema: &Value) -> Result<(Option<&str>, bool)> {
    match schema.get("type") {
        None if text(schema, "const").is_some() => Ok((Some("string"), false)),
        None => Ok((None, false)),
        Some(Value::String(kind)) => Ok((Some(kind), false)),
        Some(Value::Sequence(kinds)) => {
            let real: Vec<_> =
                kinds.iter().filter_map(Value::as_str).filter(|kind| *kind != "null").collect();
            let [only] = real.as_slice() else { bail!("a schema of several types") };
            Ok((Some(*only), real.len() < kinds.len()))
        }
        Some(other) => bail!("a type that is {other:?}"),
    }
}
