//! `cargo xtask tidy`: the rules of the house that no compiler knows.

mod edges;
mod names;
mod sizes;
mod text;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::{generate, project};

/// Folders with hand-written source.
const SOURCES: [&str; 6] = ["apps", "bench", "crates", "e2e", "packages", "xtask"];

/// What tidy has to say.
#[derive(Default)]
pub(crate) struct Findings {
    failures: Vec<String>,
    warnings: Vec<String>,
}

impl Findings {
    fn fail(&mut self, sentence: String) {
        self.failures.push(sentence);
    }

    fn warn(&mut self, sentence: String) {
        self.warnings.push(sentence);
    }
}

/// A hand-written file: its path from the root, with `/`, and its text.
pub(crate) struct Source {
    path: String,
    text: String,
}

impl Source {
    /// How the file's name ends, without the dot.
    fn extension(&self) -> &str {
        self.path.rsplit_once('.').map_or("", |(_, extension)| extension)
    }

    /// Whether the whole file is a test. Tests may be long.
    fn is_test(&self) -> bool {
        let parts = || self.path.split('/');
        let name = parts().next_back().unwrap_or_default();
        parts().any(|part| matches!(part, "tests" | "test" | "e2e" | "benches"))
            || name == "tests.rs"
            || name.contains(".test.")
    }
}

/// Checks everything and fails with every finding listed.
pub(crate) fn tidy(root: &Path) -> Result<()> {
    let mut findings = Findings::default();
    edges::check(root, &mut findings)?;
    names::check_top_folders(root, &mut findings)?;
    let sources = sources(root)?;
    for source in &sources {
        names::check(source, &mut findings);
        sizes::check(source, &mut findings);
        text::check(source, &mut findings);
    }
    for warning in &findings.warnings {
        println!("warning: {warning}");
    }
    for failure in &findings.failures {
        println!("untidy: {failure}");
    }
    if !findings.failures.is_empty() {
        bail!("{} things are untidy", findings.failures.len());
    }
    println!("{} files are tidy", sources.len());
    Ok(())
}

fn sources(root: &Path) -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    for folder in SOURCES {
        for file in project::files(&root.join(folder))? {
            let path = file.strip_prefix(root).expect("a file of the root is below it");
            let path = path.to_string_lossy().replace('\\', "/");
            let is_source = [".rs", ".ts", ".js", ".mjs", ".svelte", ".css"]
                .iter()
                .any(|extension| path.ends_with(extension));
            if is_source && !generate::GENERATED.contains(&path.as_str()) {
                let text = fs::read_to_string(&file).with_context(|| path.clone())?;
                sources.push(Source { path, text });
            }
        }
    }
    Ok(sources)
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn failures(
        check: fn(&Source, &mut Findings),
        path: &str,
        text: &str,
    ) -> Vec<String> {
        let mut findings = Findings::default();
        check(&Source { path: path.to_owned(), text: text.to_owned() }, &mut findings);
        findings.failures
    }

    #[test]
    fn tests_are_told_from_sources() {
        let is_test = |path: &str| Source { path: path.to_owned(), text: String::new() }.is_test();
        for path in
            ["apps/api/tests/story/messages.rs", "a/src/tests.rs", "a/b.test.ts", "e2e/x.ts"]
        {
            assert!(is_test(path), "{path}");
        }
        for path in ["apps/api/src/main.rs", "xtask/src/verb/attest.rs"] {
            assert!(!is_test(path), "{path}");
        }
    }
}
