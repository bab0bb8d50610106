//! Names that say nothing, and how many folders stand at the top.

use std::fs;
use std::path::Path;

use anyhow::Result;

use super::{Findings, Source};

/// Words behind which anything could be.
const BANNED: [&str; 8] =
    ["utils", "util", "helpers", "helper", "common", "manager", "misc", "core"];
/// Most folders at the top, hidden and generated ones apart.
const TOP_FOLDERS: usize = 9;

/// Refuses a path with a part that says nothing.
pub(crate) fn check(source: &Source, findings: &mut Findings) {
    for part in source.path.split(['/', '.', '-', '_']) {
        let word = part.to_ascii_lowercase();
        if BANNED.contains(&word.as_str()) {
            findings.fail(format!("{}: `{part}` says nothing; name what it owns", source.path));
        }
    }
}

/// Refuses a tenth folder at the top.
pub(crate) fn check_top_folders(root: &Path, findings: &mut Findings) -> Result<()> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(root)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let generated = matches!(name.as_str(), "target" | "node_modules" | "dist");
        if entry.file_type()?.is_dir() && !name.starts_with('.') && !generated {
            folders.push(name);
        }
    }
    folders.sort();
    check_number(&folders, findings);
    Ok(())
}

fn check_number(folders: &[String], findings: &mut Findings) {
    if folders.len() > TOP_FOLDERS {
        let list = folders.join(", ");
        findings
            .fail(format!("{} folders at the top ({list}); at most {TOP_FOLDERS}", folders.len()));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::failures;
    use super::*;

    #[test]
    fn a_name_says_what_it_owns() {
        let names = |path| failures(check, path, "").len();
        assert_eq!(names("crates/chat/src/utils.rs"), 1);
        assert_eq!(names("crates/core/src/lib.rs"), 1);
        assert_eq!(names("apps/web/src/live/session-manager.ts"), 1);
        assert_eq!(names("apps/api/src/http/messages.rs"), 0);
        assert_eq!(names("crates/chat/src/score.rs"), 0, "only whole words");
    }

    #[test]
    fn a_tenth_folder_is_one_too_many() {
        let number = |count: usize| {
            let folders: Vec<_> = (0..count).map(|number| format!("f{number}")).collect();
            let mut findings = Findings::default();
            check_number(&folders, &mut findings);
            findings.failures.len()
        };
        assert_eq!((number(9), number(10)), (0, 1));
    }
}
