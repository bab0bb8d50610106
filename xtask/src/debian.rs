//! Installing what the tests need on a Debian machine that allows it, saying so first.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process;

/// Installs packages, or says in one sentence why that cannot be.
pub(crate) fn install(what: &str, packages: &[&str]) -> Result<()> {
    let names = packages.join(" ");
    if process::find("apt-get", &[]).is_none() || !process::is_root() {
        bail!("{what} is missing and cannot be installed from here: install {names} and try again");
    }
    println!("{what} is missing: installing {names} with apt-get");
    let attempt = || {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command.args(["install", "-y", "--no-install-recommends"]).args(packages);
        process::run(&mut command)
    };
    // The lists of packages may be absent or old.
    if attempt().is_err() {
        process::run(Command::new("apt-get").arg("update"))?;
        attempt()
            .with_context(|| format!("{what} could not be installed: install {names} yourself"))?;
    }
    Ok(())
}

/// Installs PostgreSQL's programs without the system cluster and service that come by default.
pub(crate) fn install_postgres() -> Result<()> {
    let folder = Path::new("/etc/postgresql-common/createcluster.d");
    if process::is_root() && process::find("apt-get", &[]).is_some() {
        println!("no system cluster of PostgreSQL is made ({} says so)", folder.display());
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        fs::write(folder.join("clickclack.conf"), "create_main_cluster = false\n")?;
    }
    install("PostgreSQL", &["postgresql"])
}
