//! A private PostgreSQL for the tests, in a temporary folder, which ends with the command.

use std::env;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::{debian, process};

/// Names the server on which tests may create databases.
const URL: &str = "CLICKCLACK_TEST_POSTGRES";
/// Turns "PostgreSQL was not tested" into a failure.
const REQUIRED: &str = "CLICKCLACK_TEST_REQUIRE_POSTGRES";

/// A server for tests: one's own, named by the environment, or a private one.
pub(crate) struct Postgres {
    url: String,
    _cluster: Option<Cluster>,
}

impl Postgres {
    /// Takes the server that the environment names, else starts a private one.
    pub(crate) fn start() -> Result<Self> {
        if let Ok(url) = env::var(URL) {
            return Ok(Self { url, _cluster: None });
        }
        let cluster = Cluster::start().context("no PostgreSQL for the tests")?;
        Ok(Self { url: cluster.url.clone(), _cluster: Some(cluster) })
    }

    /// Tells a program where the server is and that it must be tested.
    pub(crate) fn name_to(&self, command: &mut Command) {
        command.env(URL, &self.url).env(REQUIRED, "1");
    }
}

/// A cluster and the guard that ends it.
struct Cluster {
    url: String,
    /// Waits for the end of its input, which comes when this value is dropped or this process
    /// dies of whatever cause; then it stops the server and removes the folder.
    guard: Child,
}

/// Stops the server by its process id, at once since nobody needs its data, and removes the folder,
/// which is `$1`.
const GUARD: &str = r#"
trap '' INT TERM HUP
cat >/dev/null
pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null)
if [ -n "$pid" ]; then
  kill -QUIT "$pid" 2>/dev/null
  while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
fi
rm -rf -- "$1"
"#;

impl Cluster {
    fn start() -> Result<Self> {
        if programs().is_none() {
            debian::install_postgres()?;
        }
        let programs =
            programs().context("PostgreSQL was installed, but initdb is not to be found")?;
        let owner = owner()?;
        let folder = env::temp_dir().join(format!("clickclack-postgres-{}", std::process::id()));
        fs::create_dir(&folder).with_context(|| folder.display().to_string())?;
        let guard = Command::new("sh")
            .args(["-c", GUARD, "clickclack-postgres-guard"])
            .arg(&folder)
            .stdin(Stdio::piped())
            // Out of reach of a Ctrl-C in the terminal: it has to outlive that.
            .process_group(0)
            .spawn()
            .context("no shell to guard the cluster")?;
        let mut cluster = Self { url: String::new(), guard };
        cluster.url = create(&programs, &folder, owner)?;
        Ok(cluster)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        if let Err(error) = self.guard.wait() {
            eprintln!("the private PostgreSQL may still run: {error}");
        }
    }
}

/// Makes and starts a cluster and gives its URL.
fn create(programs: &Path, folder: &Path, owner: Option<(u32, u32)>) -> Result<String> {
    let password = fs::read_to_string("/proc/sys/kernel/random/uuid")
        .context("no randomness for a password")?
        .trim()
        .replace('-', "");
    let password_file = folder.join("password");
    fs::write(&password_file, &password)?;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    if let Some((user, group)) = owner {
        chown(folder, Some(user), Some(group))?;
        chown(&password_file, Some(user), Some(group))?;
    }
    let command = |name: &str| {
        let mut command = process::program(programs.join(name), folder);
        if let Some((user, group)) = owner {
            command.uid(user).gid(group);
        }
        command.env_remove("LC_ALL").env("LANG", "C").stdin(Stdio::null());
        command
    };
    let data = folder.join("data");
    let mut initdb = command("initdb");
    initdb.arg("-D").arg(&data).arg(format!("--pwfile={}", password_file.display()));
    initdb.args(["-U", "clickclack", "-A", "scram-sha-256", "-E", "UTF8", "--no-locale"]);
    process::output(initdb.arg("--no-sync"))?;
    // A port that is free now may be taken the moment after.
    for _ in 0..3 {
        let port = free_port()?;
        let options = format!(
            "-p {port} -k '' -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=400"
        );
        let mut pg_ctl = command("pg_ctl");
        pg_ctl.arg("-D").arg(&data).arg("-l").arg(folder.join("log")).args(["-o", &options]);
        pg_ctl.args(["-w", "-t", "60", "start"]).stdout(Stdio::null());
        if process::run(&mut pg_ctl).is_ok() {
            return Ok(format!("postgres://clickclack:{password}@127.0.0.1:{port}/postgres"));
        }
    }
    let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
    bail!("the private PostgreSQL does not start; its log: {log}")
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// The folder of PostgreSQL's programs, the newest version first.
fn programs() -> Option<PathBuf> {
    let mut versions: Vec<_> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .collect();
    versions.sort_by_key(|bin| {
        let version = bin.parent().and_then(Path::file_name);
        version.and_then(|name| name.to_str()?.parse::<u32>().ok()).unwrap_or_default()
    });
    versions.reverse();
    process::find("initdb", &versions)?.parent().map(Path::to_owned)
}

/// Whom the cluster belongs to: PostgreSQL refuses to run as root.
fn owner() -> Result<Option<(u32, u32)>> {
    if !process::is_root() {
        return Ok(None);
    }
    let number = |flag: &str, user: &str| -> Option<u32> {
        let mut id = Command::new("id");
        id.args([flag, user]).stderr(Stdio::null());
        process::output(&mut id).ok()?.trim().parse().ok()
    };
    ["postgres", "nobody"]
        .iter()
        .find_map(|user| Some((number("-u", user)?, number("-g", user)?)))
        .map(Some)
        .context("PostgreSQL cannot run as root, and there is no user `postgres` or `nobody`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_ends_with_its_value_and_leaves_nothing() {
        if programs().is_none() {
            println!("PostgreSQL is not installed: not run");
            return;
        }
        let cluster = Cluster::start().unwrap();
        let address = cluster.url.split('@').nth(1).unwrap().strip_suffix("/postgres").unwrap();
        let address = address.to_owned();
        std::net::TcpStream::connect(&address).unwrap();
        drop(cluster);
        assert!(std::net::TcpStream::connect(&address).is_err());
        let folder = env::temp_dir().join(format!("clickclack-postgres-{}", std::process::id()));
        assert!(!folder.exists());
    }
}
