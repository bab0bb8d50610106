//! `cargo xtask bench`: measurements, each beside its own baseline or its goal.

use std::path::Path;

use anyhow::Result;

use super::{e2e, run};
use crate::{npm, process};

/// Runs one measurement, or all of the server's; the arguments go to the bench as they are.
///
/// `web` measures the page in Chromium: `cargo xtask bench web [measure…] [--json FILE]`.
pub(crate) fn bench(root: &Path, arguments: &[String]) -> Result<()> {
    npm::page(root)?;
    let server = run::build(root, true)?;
    if let Some((first, rest)) = arguments.split_first()
        && first == "web"
    {
        return web(root, &server, rest);
    }
    let mut bench = process::cargo(root);
    bench.args(["run", "--release", "--package", "clickclack-bench", "--"]).args(arguments);
    process::run(&mut bench)
}

fn web(root: &Path, server: &Path, arguments: &[String]) -> Result<()> {
    let chromium = e2e::chromium()?;
    let mut bench = npm::npm(root)?;
    bench.args(["run", "bench", "--workspace", "e2e", "--"]).args(arguments);
    bench.env("CLICKCLACK_BINARY", server).env("CLICKCLACK_CHROMIUM", chromium);
    process::run(&mut bench)
}
