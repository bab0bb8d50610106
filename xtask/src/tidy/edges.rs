//! Which crate may depend on which: an allow-list, read from left to right as in a house's plan.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use super::Findings;
use crate::process;

/// A crate and the crates of this workspace that it may depend on.
const ALLOWED: &[(&str, &[&str])] = &[
    ("clickclack-protocol", &[]),
    (TRIAL, &["clickclack-protocol"]),
    ("clickclack-store", &["clickclack-protocol"]),
    ("clickclack-chat", &["clickclack-protocol", "clickclack-store"]),
    ("clickclack-seed", &["clickclack-protocol", "clickclack-store", "clickclack-chat"]),
    ("clickclack-realtime", &["clickclack-protocol", "clickclack-store", "clickclack-chat"]),
    ("clickclack-relay", &["clickclack-protocol"]),
    ("clickclack-client", &["clickclack-protocol"]),
    ("clickclack-peer", &["clickclack-protocol", "clickclack-client"]),
    ("clickclack-bots", &["clickclack-protocol", "clickclack-client", "clickclack-peer"]),
    (
        "clickclack",
        &[
            "clickclack-protocol",
            "clickclack-store",
            "clickclack-chat",
            "clickclack-seed",
            "clickclack-realtime",
            "clickclack-relay",
            "clickclack-client",
            "clickclack-bots",
        ],
    ),
    (
        "clickclack-bench",
        &["clickclack-protocol", "clickclack-store", "clickclack-chat", "clickclack-client"],
    ),
    ("xtask", &[]),
];

/// Databases and a clock for tests; every crate's tests may use it, and no product.
const TRIAL: &str = "clickclack-trial";

/// What tests alone may depend on besides: a crate and its extra neighbours. The domain's tests
/// hold its events against what a client makes of them.
const ALLOWED_IN_TESTS: &[(&str, &[&str])] =
    &[("clickclack-chat", &["clickclack-client"]), ("clickclack", &["clickclack-peer"])];

/// Reads every crate's dependencies as cargo understands them.
pub(crate) fn check(root: &Path, findings: &mut Findings) -> Result<()> {
    let mut metadata = process::cargo(root);
    metadata.args(["metadata", "--no-deps", "--format-version", "1"]);
    let metadata: Value = serde_json::from_str(&process::output(&mut metadata)?)?;
    check_metadata(&metadata, findings)
}

fn check_metadata(metadata: &Value, findings: &mut Findings) -> Result<()> {
    let packages = metadata["packages"].as_array().context("cargo metadata names no packages")?;
    for package in packages {
        let name = package["name"].as_str().context("a package without name")?;
        let Some(allowed) = row(ALLOWED, name) else {
            findings.fail(format!("crate {name} has no row in xtask/src/tidy/edges.rs"));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let other = dependency["name"].as_str().context("a dependency without name")?;
            // Only a crate of this workspace is named by a path.
            if !dependency["path"].is_string() || other == name {
                continue;
            }
            let for_tests = dependency["kind"].as_str() == Some("dev");
            let more = row(ALLOWED_IN_TESTS, name).unwrap_or_default();
            let tests_may = for_tests && (other == TRIAL || more.contains(&other));
            if !allowed.contains(&other) && !tests_may {
                findings.fail(format!("crate {name} must not depend on {other} (house: imports)"));
            }
        }
    }
    Ok(())
}

fn row(table: &[(&str, &'static [&'static str])], name: &str) -> Option<&'static [&'static str]> {
    table.iter().find(|(owner, _)| *owner == name).map(|(_, row)| *row)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failures(name: &str, dependency: &str, kind: &str) -> Vec<String> {
        let metadata = serde_json::json!({ "packages": [{
            "name": name,
            "dependencies": [
                { "name": "serde", "path": null, "kind": null },
                { "name": dependency, "path": "/somewhere", "kind": kind },
            ],
        }] });
        let mut findings = Findings::default();
        check_metadata(&metadata, &mut findings).unwrap();
        findings.failures
    }

    #[test]
    fn data_moves_one_way() {
        assert!(failures("clickclack-chat", "clickclack-store", "normal").is_empty());
        assert_eq!(failures("clickclack-store", "clickclack-chat", "normal").len(), 1);
        assert_eq!(failures("clickclack-peer", "clickclack", "normal").len(), 1);
    }

    #[test]
    fn tests_may_reach_further_where_the_list_says_so() {
        assert!(failures("clickclack", "clickclack-peer", "dev").is_empty());
        assert_eq!(failures("clickclack", "clickclack-peer", "normal").len(), 1);
        assert_eq!(failures("clickclack-store", "clickclack-client", "dev").len(), 1);
        assert!(failures("clickclack-store", "clickclack-trial", "dev").is_empty());
        assert_eq!(failures("clickclack-store", "clickclack-trial", "normal").len(), 1);
    }

    #[test]
    fn a_new_crate_needs_a_row() {
        assert!(failures("clickclack-cake", "clickclack-store", "normal")[0].contains("no row"));
    }

    #[test]
    fn the_list_has_no_way_back() {
        for (place, (name, allowed)) in ALLOWED.iter().enumerate() {
            for other in *allowed {
                let before = ALLOWED[..place].iter().any(|(earlier, _)| earlier == other);
                assert!(before, "{name} depends on {other}, which stands below it");
            }
        }
    }
}
