//! `cargo xtask bench`: measurements, each beside its own baseline.

use std::path::Path;

use anyhow::Result;

use crate::{npm, process};

/// Runs one measurement, or all; the arguments go to the bench as they are.
pub(crate) fn bench(root: &Path, arguments: &[String]) -> Result<()> {
    npm::page(root)?;
    let mut server = process::cargo(root);
    server.args(["build", "--release", "--package", "clickclack"]);
    process::run(&mut server)?;
    let mut bench = process::cargo(root);
    bench.args(["run", "--release", "--package", "clickclack-bench", "--"]).args(arguments);
    process::run(&mut bench)
}
