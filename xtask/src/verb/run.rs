//! `cargo xtask run`: from a clone to a server that one can open.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::{npm, process, project};

/// Where its data is kept.
const FOLDER: &str = ".cache/run";

/// Builds what is not built and serves it with a demo account, on loopback.
///
/// The development profile is the default, since the time from clone to use is what counts here:
/// dependencies are optimised in it too, the tests use the same artefacts, and link-time
/// optimisation of a release doubles the wait. `release` is for measuring.
pub(crate) fn run(root: &Path, release: bool, arguments: &[String]) -> Result<()> {
    npm::page(root)?;
    let binary = build(root, release)?;
    seed(root, &binary, FOLDER, arguments)?;
    println!("ClickClack starts at http://localhost:8080 (Ctrl-C ends it)");
    let mut serve = process::program(binary, root);
    serve.args(["serve", "--dev", "--data", FOLDER]).args(arguments);
    process::run(&mut serve)
}

/// Fills the database with a demo, and says so, if nobody has begun there.
pub(crate) fn seed(root: &Path, binary: &Path, folder: &str, arguments: &[String]) -> Result<()> {
    let mut seed = process::program(binary, root);
    seed.args(["seed", "--if-empty", "--data", folder]).args(arguments);
    process::run(&mut seed)
}

/// Builds the server and says where it is.
pub(crate) fn build(root: &Path, release: bool) -> Result<PathBuf> {
    let mut build = process::cargo(root);
    build.args(["build", "--package", "clickclack"]);
    if release {
        build.arg("--release");
    }
    process::run(&mut build)?;
    let profile = if release { "release" } else { "debug" };
    Ok(project::target(root).join(profile).join("clickclack"))
}
