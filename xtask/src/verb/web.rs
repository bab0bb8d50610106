//! `cargo xtask web`: everything of the TypeScript side that needs no server.

use std::path::Path;

use anyhow::Result;

use super::lint;
use crate::npm;

/// Builds the page, runs the unit tests and the checks.
pub(crate) fn web(root: &Path) -> Result<()> {
    npm::page(root)?;
    unit_tests(root)?;
    lint::typescript(root, false)
}

/// The tests of the SDK and of the page's own logic.
pub(crate) fn unit_tests(root: &Path) -> Result<()> {
    npm::packages(root)?;
    npm::script(root, "test", &["packages/sdk-ts", "apps/web"])
}
