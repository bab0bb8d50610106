//! `cargo xtask test`: everything, from the contract to the browser. CI runs this and nothing else.

use std::path::Path;

use anyhow::Result;

use super::{e2e, lint, web};
use crate::generate::generate;
use crate::postgres::Postgres;
use crate::report::Report;
use crate::{npm, process, tidy};

/// Stops at the first failure: what comes later is built on what came before.
pub(crate) fn test(root: &Path) -> Result<()> {
    let mut report = Report::default();
    let result = steps(root, &mut report);
    report.close(result)
}

fn steps(root: &Path, report: &mut Report) -> Result<()> {
    report.step("tidy", || tidy::tidy(root))?;
    report.step("npm packages", || npm::packages(root))?;
    report.step("generated files", || generate(root, true))?;
    report.step("page", || npm::page(root))?;
    report.step("TypeScript lints", || lint::typescript(root, false))?;
    report.step("TypeScript tests", || web::unit_tests(root))?;
    report.step("Rust lints", || lint::rust(root, false))?;
    let postgres = report.step("private PostgreSQL", Postgres::start)?;
    report.step("Rust tests and stories, on both engines", || workspace(root, &postgres))?;
    report.step("browser stories", || e2e::e2e(root, None, None, Some(&postgres)))
}

fn workspace(root: &Path, postgres: &Postgres) -> Result<()> {
    let mut test = process::cargo(root);
    test.args(["test", "--workspace"]);
    postgres.name_to(&mut test);
    process::run(&mut test)
}
