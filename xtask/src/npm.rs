//! The TypeScript side: packages installed and the page built, each only when its input changed.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{process, project};

/// Where the built page is.
pub(crate) const PAGE: &str = "apps/web/dist";

const LOCK: &str = "package-lock.json";
/// What the page is made of.
const SOURCES: [&str; 5] =
    ["package.json", LOCK, "tsconfig.base.json", "apps/web", "packages/sdk-ts"];

/// Installs what `package-lock.json` names, unless that is what is installed.
pub(crate) fn packages(root: &Path) -> Result<()> {
    let wanted = fs::read_to_string(root.join(LOCK)).context(LOCK)?;
    // npm's own note of what it installed.
    let installed = fs::read_to_string(root.join("node_modules/.package-lock.json"));
    if installed.is_ok_and(|installed| is_installed(&wanted, &installed).unwrap_or(false)) {
        return Ok(());
    }
    process::run(npm(root)?.arg("ci"))
}

/// Whether everything wanted is installed in its version, and nothing else. Packages for other
/// machines are optional.
fn is_installed(wanted: &str, installed: &str) -> Result<bool> {
    let packages = |text: &str| -> Result<BTreeMap<String, Value>> {
        let mut lock: Value = serde_json::from_str(text)?;
        let packages: BTreeMap<String, Value> = serde_json::from_value(lock["packages"].take())?;
        let external = |name: &str| name.contains("node_modules/");
        Ok(packages.into_iter().filter(|(name, _)| external(name)).collect())
    };
    let (wanted, installed) = (packages(wanted)?, packages(installed)?);
    let same = |one: &Value, other: &Value| {
        ["version", "integrity", "link"].iter().all(|key| one[*key] == other[*key])
    };
    let nothing_else = installed
        .iter()
        .all(|(name, package)| wanted.get(name).is_some_and(|other| same(package, other)));
    let everything = wanted.iter().all(|(name, package)| {
        let optional = ["optional", "devOptional"].iter().any(|key| package[*key] == true);
        optional || installed.contains_key(name)
    });
    Ok(nothing_else && everything)
}

/// Builds the page, unless it is the one that its sources make.
pub(crate) fn page(root: &Path) -> Result<()> {
    packages(root)?;
    let present = root.join(PAGE).join("index.html").is_file();
    when_changed(root, "page", &SOURCES, present, || {
        process::run(npm(root)?.args(["run", "build", "--workspace", "apps/web"]))
    })
}

/// A script of `package.json` in the workspaces that have it.
pub(crate) fn script(root: &Path, name: &str, workspaces: &[&str]) -> Result<()> {
    let mut command = npm(root)?;
    command.args(["run", name, "--if-present"]);
    for workspace in workspaces {
        command.args(["--workspace", workspace]);
    }
    process::run(&mut command)
}

/// A tool among the installed packages.
pub(crate) fn tool(root: &Path, name: &str) -> Command {
    process::program(root.join("node_modules/.bin").join(name), root)
}

/// npm in the root folder.
pub(crate) fn npm(root: &Path) -> Result<Command> {
    if process::find("npm", &[]).is_none() {
        bail!("npm is missing: install Node.js 20.19 or newer (https://nodejs.org)");
    }
    Ok(process::program("npm", root))
}

/// Does something unless it was done for the same inputs before and its result is still present.
fn when_changed(
    root: &Path,
    name: &str,
    inputs: &[&str],
    present: bool,
    work: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let stamp = root.join(".cache/stamps").join(name);
    let now = project::fingerprint(root, inputs)?;
    if present && fs::read_to_string(&stamp).is_ok_and(|before| before == now) {
        return Ok(());
    }
    work()?;
    let folder = stamp.parent().expect("a stamp stands in a folder");
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    // Work may change its inputs (a generated file): what counts is how they are afterwards.
    fs::write(&stamp, project::fingerprint(root, inputs)?)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn packages_are_installed_when_npm_says_so() {
        let lock = |packages: &str| format!("{{ \"packages\": {{ {packages} }} }}");
        let (a, other_a) =
            (r#""node_modules/a": { "version": "1" }"#, r#""node_modules/a": { "version": "2" }"#);
        let optional = r#""node_modules/b": { "version": "1", "optional": true }"#;
        let wanted = lock(&format!("\"\": {{}}, {a}, {optional}"));
        let is = |installed: &str| is_installed(&wanted, &lock(installed)).unwrap();
        assert!(is(a));
        assert!(is(&format!("{a}, {optional}")));
        assert!(!is(""), "a is missing");
        assert!(!is(other_a), "another version");
        assert!(!is(&format!(r#"{a}, "node_modules/c": {{ "version": "1" }}"#)), "c is not wanted");
    }

    #[test]
    fn work_is_done_once_for_the_same_inputs() {
        let root = std::env::temp_dir().join(format!("clickclack-stamp-{}", std::process::id()));
        fs::create_dir_all(&root).unwrap();
        let done = Cell::new(0);
        let work = |present| {
            when_changed(&root, "test", &["input"], present, || {
                done.set(done.get() + 1);
                Ok(())
            })
            .unwrap();
            done.get()
        };
        assert_eq!(work(true), 1);
        assert_eq!(work(true), 1);
        assert_eq!(work(false), 2, "the result is gone");
        fs::write(root.join("input"), "changed").unwrap();
        assert_eq!(work(true), 3);
        fs::remove_dir_all(&root).unwrap();
    }
}
