//! Embeds the migrations: lists `infra/migrations/{sqlite,postgres}` and writes two sorted tables.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo names the package"))
        .join("../../infra/migrations");
    let (sqlite, postgres) = (names(&root.join("sqlite")), names(&root.join("postgres")));
    assert_eq!(sqlite, postgres, "both engines need the same migrations, by name");
    let mut code = String::new();
    for (table, folder, names) in [("SQLITE", "sqlite", sqlite), ("POSTGRES", "postgres", postgres)]
    {
        writeln!(code, "pub(super) const {table}: &[Migration] = &[").expect("a string grows");
        for name in names {
            let path = root.join(folder).join(format!("{name}.sql"));
            let path = path.canonicalize().expect("a listed file exists");
            let path = path.to_str().expect("the checkout's path is UTF-8");
            writeln!(code, "    Migration {{ name: {name:?}, sql: include_str!({path:?}) }},")
                .expect("a string grows");
        }
        writeln!(code, "];").expect("a string grows");
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo gives a folder"));
    fs::write(out.join("migrations.rs"), code).expect("the output folder is writable");
}

fn names(folder: &Path) -> Vec<String> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let entries = fs::read_dir(folder).expect("the migrations lie in infra/migrations");
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("a folder can be read to its end").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "sql"))
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
        .collect();
    names.sort();
    names
}
