//! `cargo xtask bench`: measurements, each beside its own baseline.

use std::path::Path;

use anyhow::{Result, bail};

use crate::{npm, process};

/// Runs one measurement, or all; the arguments go to the bench as they are.
pub(crate) fn bench(root: &Path, arguments: &[String]) -> Result<()> {
    if !root.join("bench/Cargo.toml").is_file() {
        bail!("there is no measurement yet: bench/ does not exist");
    }
    npm::page(root)?;
    let mut bench = process::cargo(root);
    bench.args(["run", "--release", "--package", "clickclack-bench", "--"]).args(arguments);
    process::run(&mut bench)
}
