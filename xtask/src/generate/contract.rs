//! The contract as it was written: a YAML tree with the few ways of reading that generation needs.

use anyhow::{Context, Result, bail};
use serde_norway::{Mapping, Value};

/// Where the contract is written.
pub(crate) const PATH: &str = "packages/protocol/openapi.yaml";

/// The whole document.
pub(crate) struct Contract {
    document: Value,
}

impl Contract {
    /// Reads the text of `openapi.yaml`. A key written twice is an error of the parser.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let document = serde_norway::from_str(text).context("the contract is not YAML")?;
        Ok(Self { document })
    }

    /// The named schemas in the order in which they were written.
    pub(crate) fn schemas(&self) -> Result<Vec<(&str, &Value)>> {
        let schemas = self.document.get("components").and_then(|parts| parts.get("schemas"));
        entries(schemas.context("the contract has no components.schemas")?)
    }

    /// The schema of a name.
    pub(crate) fn schema(&self, name: &str) -> Result<&Value> {
        self.at(&format!("#/components/schemas/{name}"))
    }

    /// The paths in the order in which they were written.
    pub(crate) fn paths(&self) -> Result<Vec<(&str, &Value)>> {
        entries(self.document.get("paths").context("the contract has no paths")?)
    }

    /// The security that holds where an operation says nothing.
    pub(crate) fn security(&self) -> Option<&Value> {
        self.document.get("security")
    }

    /// Follows a `$ref` if the value is one.
    pub(crate) fn resolve<'a>(&'a self, value: &'a Value) -> Result<&'a Value> {
        match reference(value) {
            Some(target) => self.resolve(self.at(target)?),
            None => Ok(value),
        }
    }

    fn at(&self, pointer: &str) -> Result<&Value> {
        let Some(path) = pointer.strip_prefix("#/") else {
            bail!("`{pointer}` points out of the contract");
        };
        let mut value = &self.document;
        for step in path.split('/') {
            let step = step.replace("~1", "/").replace("~0", "~");
            value = value.get(&step).with_context(|| format!("`{pointer}` points nowhere"))?;
        }
        Ok(value)
    }
}

/// The target of a `$ref`.
pub(crate) fn reference(value: &Value) -> Option<&str> {
    value.get("$ref").and_then(Value::as_str)
}

/// The schema that a `$ref` names.
pub(crate) fn referenced_schema(value: &Value) -> Option<&str> {
    reference(value)?.strip_prefix("#/components/schemas/")
}

/// A mapping as pairs, in order.
pub(crate) fn entries(value: &Value) -> Result<Vec<(&str, &Value)>> {
    pairs(value.as_mapping().context("a mapping was expected")?)
}

fn pairs(mapping: &Mapping) -> Result<Vec<(&str, &Value)>> {
    mapping
        .iter()
        .map(|(key, value)| Ok((key.as_str().context("a key is not a text")?, value)))
        .collect()
}

/// A list as a slice; empty when it is not there.
pub(crate) fn items(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_sequence).map_or(&[], Vec::as_slice)
}

/// A text below a key.
pub(crate) fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str)
}
