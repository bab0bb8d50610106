//! Embeds the built page: copies `apps/web/dist`, or one page that says that nothing has been
//! built, and writes a table of the files. From the copy, so that a build of the page that runs at
//! the same time pulls nothing from under the compiler.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use sha2::{Digest, Sha256};

const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
<title>ClickClack</title><h1>The page has not been built</h1>\
<p>This server was compiled without its page. Run <code>cargo xtask web</code> and build it again; \
everything under <code>/api</code> works.</p>";

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo names the folder"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo names the output folder"));
    let (dist, copy) = (root.join("../web/dist"), out.join("page"));
    // Named also when it is not there: a page that is built later must be noticed.
    println!("cargo::rerun-if-changed={}", dist.display());
    if copy.exists() {
        fs::remove_dir_all(&copy)?;
    }
    fs::create_dir_all(&copy)?;
    let mut files = Vec::new();
    if dist.join("index.html").is_file() {
        collect(&dist, &copy, "", &mut files)?;
    } else {
        fs::write(copy.join("index.html"), NOT_BUILT)?;
        files.push("index.html".to_owned());
    }
    files.sort();
    let mut table = String::from("&[\n");
    for file in files.iter().filter(|file| !is_compressed(file)) {
        row(&mut table, &copy, file)?;
    }
    table.push(']');
    fs::write(out.join("page.rs"), table)
}

/// Copies a folder and notes its files by their paths in it.
fn collect(from: &Path, to: &Path, below: &str, files: &mut Vec<String>) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name().into_string().expect("the page's files have plain names");
        let path = format!("{below}{name}");
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &to.join(&name), &format!("{path}/"), files)?;
        } else {
            fs::copy(entry.path(), to.join(&name))?;
            files.push(path);
        }
    }
    Ok(())
}

fn is_compressed(path: &str) -> bool {
    let ending = Path::new(path).extension().and_then(|ending| ending.to_str());
    matches!(ending, Some("br" | "gz"))
}

fn row(table: &mut String, copy: &Path, path: &str) -> io::Result<()> {
    let mut etag = String::new();
    for byte in &Sha256::digest(fs::read(copy.join(path))?)[..12] {
        let _ = write!(etag, "{byte:02x}");
    }
    let include =
        |path: &str| format!("include_bytes!({:?})", copy.join(path).display().to_string());
    let beside = |ending: &str| {
        let compressed = format!("{path}.{ending}");
        if copy.join(&compressed).is_file() {
            format!("Some({})", include(&compressed))
        } else {
            "None".to_owned()
        }
    };
    let (plain, brotli, gzip) = (include(path), beside("br"), beside("gz"));
    let _ = writeln!(
        table,
        "File {{ path: {path:?}, etag: \"\\\"{etag}\\\"\", plain: {plain}, brotli: {brotli}, gzip: {gzip} }},"
    );
    Ok(())
}
