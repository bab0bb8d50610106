//! Where things are in the checkout, and which files belong to it.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Folders that hold nothing hand-written.
const SKIPPED: [&str; 4] = ["target", "node_modules", "dist", ".svelte-check"];

/// The checkout from within which the command was started.
pub(crate) fn root() -> Result<PathBuf> {
    let here = env::current_dir().context("the current folder is gone")?;
    here.ancestors()
        .find(|folder| folder.join("xtask/Cargo.toml").is_file())
        .map(Path::to_owned)
        .context("this is not a checkout of ClickClack: no xtask/Cargo.toml here or above")
}

/// Where cargo puts what it builds.
pub(crate) fn target(root: &Path) -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |dir| root.join(dir))
}

/// Every file below a folder, sorted, hidden and generated folders left out; none if it is absent.
pub(crate) fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = BTreeSet::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        if !folder.is_dir() {
            continue;
        }
        let list = fs::read_dir(&folder).with_context(|| folder.display().to_string())?;
        for entry in list {
            let entry = entry?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let kind = entry.file_type()?;
            if kind.is_file() {
                files.insert(entry.path());
            } else if kind.is_dir() && !name.starts_with('.') && !SKIPPED.contains(&&*name) {
                waiting.push(entry.path());
            }
        }
    }
    Ok(files.into_iter().collect())
}

/// A figure that changes when one of the files or folders changes in name or content.
pub(crate) fn fingerprint(root: &Path, inputs: &[&str]) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for input in inputs {
        let path = root.join(input);
        let files = if path.is_file() { vec![path] } else { files(&path)? };
        for file in files {
            hasher.write(file.to_string_lossy().as_bytes());
            let content = fs::read(&file).with_context(|| file.display().to_string())?;
            hasher.write_usize(content.len());
            hasher.write(&content);
        }
    }
    Ok(format!("{:016x}", hasher.finish()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fingerprint_of_something_that_is_not_there_is_stable() {
        let root = root().unwrap();
        let absent = fingerprint(&root, &["no/such/folder"]).unwrap();
        assert_eq!(absent, fingerprint(&root, &["no/such/folder"]).unwrap());
        assert_ne!(absent, fingerprint(&root, &["xtask/src"]).unwrap());
    }

    #[test]
    fn generated_folders_are_left_out() {
        let files = files(&root().unwrap().join("xtask")).unwrap();
        assert!(files.iter().any(|file| file.ends_with("src/project.rs")));
        assert!(files.iter().all(|file| !file.to_string_lossy().contains("/target/")));
    }
}
