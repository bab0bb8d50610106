//! `cargo xtask generate`: from the contract to Rust and TypeScript.
//!
//! The Rust side is written here and not by a tool. Two were tried on this contract's kinds of
//! schema. `openapi-to-rust` sorts properties by name, turns every tagged union into some hundred
//! lines that go through `serde_json::Value`, adds a builder to each request and wants `chrono`.
//! `typify` reads JSON Schema, so that the contract has to be rewritten first; it ignores the
//! discriminator (`untagged`), gives every id a regular expression and every object a builder.
//! Neither can use the id types of `clickclack_protocol::ids`. What stands here writes what a person
//! would: one derived type for one schema, in the contract's order.

mod contract;
mod names;
mod operations;
mod read;
mod rust;
mod shape;
#[cfg(test)]
mod tests;
mod typescript;
mod union;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::process;
use contract::Contract;

const SHAPES: &str = "crates/protocol/src/generated.rs";
const OPERATIONS: &str = "crates/protocol/src/operations/table.rs";
const TYPESCRIPT: &str = "packages/sdk-ts/src/generated/api.ts";

/// Every file that is generated; nobody edits these, and no rule of style holds for them.
pub(crate) const GENERATED: [&str; 3] = [SHAPES, OPERATIONS, TYPESCRIPT];

/// Writes the generated files, or with `check` fails if one of them is not what it would write.
pub(crate) fn generate(root: &Path, check: bool) -> Result<()> {
    let text = fs::read_to_string(root.join(contract::PATH)).context(contract::PATH)?;
    let contract = Contract::parse(&text)?;
    let shapes = read::shapes(&contract)?;
    let mut stale = Vec::new();
    let mut put = |path: &'static str, content: String| -> Result<()> {
        let file = root.join(path);
        if fs::read_to_string(&file).is_ok_and(|now| now == content) {
            return Ok(());
        }
        if check {
            stale.push(path);
            return Ok(());
        }
        let folder = file.parent().expect("a generated file stands in a folder");
        fs::create_dir_all(folder)?;
        println!("writing {path}");
        fs::write(&file, content).context(path)
    };
    put(SHAPES, formatted(root, &rust::module(&shapes))?)?;
    put(OPERATIONS, formatted(root, &operations::module(&contract)?)?)?;
    put(TYPESCRIPT, typescript::module(root, &text)?)?;
    if !stale.is_empty() {
        bail!("not as the contract says: {}; run `cargo xtask generate`", stale.join(", "));
    }
    Ok(())
}

fn formatted(root: &Path, source: &str) -> Result<String> {
    let mut rustfmt = process::program("rustfmt", root);
    rustfmt.args(["--edition", "2024", "--config-path"]).arg(root.join("rustfmt.toml"));
    process::filter(&mut rustfmt, source)
}
