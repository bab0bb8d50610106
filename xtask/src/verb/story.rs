//! `cargo xtask story`: the stories through the server's public door, each on both engines.

use std::path::Path;

use anyhow::Result;

use crate::postgres::Postgres;
use crate::{npm, process};

/// Runs the stories whose names contain the filter; each is told on SQLite and on PostgreSQL.
pub(crate) fn story(root: &Path, filter: Option<&str>) -> Result<()> {
    npm::page(root)?;
    let postgres = Postgres::start()?;
    let mut test = process::cargo(root);
    test.args(["test", "--package", "clickclack", "--test", "story", "--"]).args(filter);
    postgres.name_to(&mut test);
    process::run(&mut test)
}
