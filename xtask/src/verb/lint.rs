//! `cargo xtask lint`: formatting and lints on both sides.

use std::path::Path;

use anyhow::Result;

use crate::{npm, process};

/// Fails at the first tool that has something to say; with `fix` the formatters write.
pub(crate) fn lint(root: &Path, fix: bool) -> Result<()> {
    rust(root, fix)?;
    typescript(root, fix)
}

/// rustfmt and Clippy, warnings being errors.
pub(crate) fn rust(root: &Path, fix: bool) -> Result<()> {
    // The server embeds the page, so it does not compile without one.
    npm::page(root)?;
    let mut fmt = process::cargo(root);
    fmt.args(["fmt", "--all"]);
    if !fix {
        fmt.arg("--check");
    }
    process::run(&mut fmt)?;
    let mut clippy = process::cargo(root);
    clippy.args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]);
    process::run(&mut clippy)
}

/// oxfmt, oxlint, the type checkers and knip.
pub(crate) fn typescript(root: &Path, fix: bool) -> Result<()> {
    npm::packages(root)?;
    process::run(npm::tool(root, "oxfmt").arg(if fix { "--write" } else { "--check" }))?;
    let mut oxlint = npm::tool(root, "oxlint");
    oxlint.args(["--deny-warnings"]);
    if fix {
        oxlint.arg("--fix");
    }
    process::run(&mut oxlint)?;
    npm::script(root, "check", &["packages/sdk-ts", "apps/web", "e2e"])?;
    process::run(&mut npm::tool(root, "knip"))
}
