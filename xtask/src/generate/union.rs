//! Unions: objects of which one is there, told apart by a constant text.

use anyhow::{Context, Result, bail};
use serde_norway::Value;

use super::contract::{Contract, entries, items, referenced_schema, text};
use super::names::type_name;
use super::read::Reader;
use super::shape::{Field, Kind, Presence, Shape, Variant};

/// Where the members of an enveloped union differ.
const PAYLOAD: &str = "payload";

/// The schemas that Rust writes as parts of an envelope only.
pub(super) fn enveloped(contract: &Contract) -> Result<Vec<&str>> {
    let mut names = Vec::new();
    for (_, schema) in contract.schemas()? {
        if let Some(base) = text(schema, "x-envelope") {
            names.push(base);
            names.extend(items(schema.get("oneOf")).iter().filter_map(referenced_schema));
        }
    }
    Ok(names)
}

impl<'a> Reader<'a> {
    pub(super) fn union(&self, tag: &str, schema: &'a Value) -> Result<Kind> {
        let mut variants = Vec::new();
        for member in items(schema.get("oneOf")) {
            let name = referenced_schema(member)
                .context("a member of a discriminated union must be a $ref to a schema")?;
            let target = self.contract.schema(name)?;
            let wire = self
                .tag_value(target, tag)?
                .with_context(|| format!("{name} has no constant `{tag}`"))?;
            let rust = match self.tag_only(name, target)? {
                true => None,
                // One wide member would make all of them wide.
                false if self.carries_envelope(target)? => Some(format!("Box<{name}>")),
                false => Some(name.to_owned()),
            };
            let doc = text(target, "description").unwrap_or_default().to_owned();
            variants.push(Variant { wire: wire.to_owned(), rust, doc });
        }
        if variants.is_empty() {
            bail!("a discriminator without oneOf");
        }
        Ok(Kind::Union { tag: tag.to_owned(), content: None, variants })
    }

    /// A union whose members share the properties of `base` and differ in their payload: an object
    /// with those properties and a `body` that is the union of the payloads.
    pub(super) fn envelope(
        &mut self,
        name: &str,
        tag: &str,
        base: &'a str,
        schema: &'a Value,
    ) -> Result<Kind> {
        let mut variants = Vec::new();
        for member in items(schema.get("oneOf")) {
            let member = self.contract.resolve(member)?;
            let wire = self.tag_value(member, tag)?.context("a member without a constant tag")?;
            let payload = self
                .parts(member)?
                .into_iter()
                .find_map(|(part, _)| part.get("properties")?.get(PAYLOAD))
                .with_context(|| format!("`{wire}` has no {PAYLOAD}"))?;
            let (rust, _) = self.rust_type(&format!("{}Payload", type_name(wire)), payload)?;
            let doc = text(member, "description").unwrap_or_default().to_owned();
            variants.push(Variant { wire: wire.to_owned(), rust: Some(rust), doc });
        }
        let body = format!("{name}Body");
        let doc = format!("What differs from one [`{name}`] to another.");
        let (tag, content) = (tag.to_owned(), Some(PAYLOAD.to_owned()));
        let kind = Kind::Union { tag, content, variants };
        self.shapes.push(Shape { name: body.clone(), doc, kind });
        let Kind::Object { mut fields, closed } =
            self.object(name, self.contract.schema(base)?, None)?
        else {
            bail!("the envelope {base} is not an object");
        };
        fields.push(Field {
            wire: "body".to_owned(),
            doc: "What happened.".to_owned(),
            rust: body,
            presence: Presence::Flattened,
        });
        Ok(Kind::Object { fields, closed })
    }

    /// The constant that an object has in its tag.
    fn tag_value(&self, schema: &'a Value, tag: &str) -> Result<Option<&'a str>> {
        let parts = self.parts(schema)?;
        Ok(parts
            .iter()
            .rev()
            .find_map(|(part, _)| text(part.get("properties")?.get(tag)?, "const")))
    }

    /// The tag under which some union holds this schema.
    pub(super) fn tag_of(&self, name: &str) -> Result<Option<&'a str>> {
        for (_, union) in self.contract.schemas()? {
            let Some(tag) = union.get("discriminator") else {
                continue;
            };
            let members = items(union.get("oneOf"));
            if members.iter().any(|member| referenced_schema(member) == Some(name)) {
                return Ok(text(tag, "propertyName"));
            }
        }
        Ok(None)
    }

    fn carries_envelope(&self, schema: &'a Value) -> Result<bool> {
        for (part, _) in self.parts(schema)? {
            let Some(properties) = part.get("properties") else {
                continue;
            };
            for (_, property) in entries(properties)? {
                if self.contract.resolve(property)?.get("x-envelope").is_some() {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    pub(super) fn tag_only(&self, name: &str, schema: &'a Value) -> Result<bool> {
        let Some(tag) = self.tag_of(name)? else {
            return Ok(false);
        };
        for (part, _) in self.parts(schema)? {
            let Some(properties) = part.get("properties") else {
                continue;
            };
            if entries(properties)?.iter().any(|(wire, _)| *wire != tag) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
