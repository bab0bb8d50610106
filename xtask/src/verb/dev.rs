//! `cargo xtask dev`: the server and Vite side by side, each renewed when its sources change.

use std::path::Path;
use std::process::{Child, Command};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::run;
use crate::{npm, process, project};

/// Where the page is opened. Vite passes `/api` on under the name of the server.
const PAGE: &str = "http://localhost:5173";
const SERVER: &str = "http://localhost:8080";
/// Where the server's data is kept.
const FOLDER: &str = ".cache/dev";
/// What the server is made of.
const SOURCES: [&str; 4] = ["Cargo.toml", "apps/api", "crates", "infra/migrations"];
/// How often sources are looked at.
const LOOK: Duration = Duration::from_millis(700);
/// How long a program may take to end when asked.
const PATIENCE: Duration = Duration::from_secs(10);

/// Runs both until Ctrl-C, or until Vite ends.
pub(crate) fn dev(root: &Path, arguments: &[String]) -> Result<()> {
    // The server embeds the page, so there must be one, however old.
    npm::page(root)?;
    let (stop, stopped) = channel();
    ctrlc::set_handler(move || {
        // The receiver is gone when the end is already under way.
        let _ = stop.send(());
    })
    .context("Ctrl-C cannot be heard")?;
    let mut vite = npm::npm(root)?;
    vite.args(["run", "dev", "--workspace", "apps/web"]).env("CLICKCLACK_SERVER", SERVER);
    let mut vite = Running::start("Vite", &mut vite)?;
    let binary = run::build(root, false)?;
    run::seed(root, &binary, FOLDER, arguments)?;
    let mut server = serve(root, &binary, arguments)?;
    println!("open {PAGE}");
    let mut seen = project::fingerprint(root, &SOURCES)?;
    while !is_over(&stopped, LOOK) {
        if vite.child.try_wait()?.is_some() {
            bail!("Vite ended by itself");
        }
        let now = project::fingerprint(root, &SOURCES)?;
        if now == seen {
            continue;
        }
        seen = now;
        // A server that cannot be built leaves the old one running.
        match run::build(root, false) {
            Ok(binary) => {
                server.end(&stopped)?;
                server = serve(root, &binary, arguments)?;
            }
            Err(error) => eprintln!("{error:#}; the server before goes on"),
        }
    }
    server.end(&stopped)?;
    vite.end(&stopped)
}

fn serve(root: &Path, binary: &Path, arguments: &[String]) -> Result<Running> {
    let mut serve = process::program(binary, root);
    serve.args(["serve", "--dev", "--data", FOLDER]).args(arguments);
    Running::start("the server", &mut serve)
}

fn is_over(stopped: &Receiver<()>, wait: Duration) -> bool {
    !matches!(stopped.recv_timeout(wait), Err(RecvTimeoutError::Timeout))
}

/// A program that is ended with this value.
struct Running {
    name: &'static str,
    child: Child,
}

impl Running {
    fn start(name: &'static str, command: &mut Command) -> Result<Self> {
        let child = command.spawn().with_context(|| format!("{name} could not be started"))?;
        Ok(Self { name, child })
    }

    /// Asks the program to end, and insists after a while or at a second Ctrl-C.
    fn end(&mut self, stopped: &Receiver<()>) -> Result<()> {
        if self.child.try_wait()?.is_none() {
            process::output(Command::new("kill").arg(self.child.id().to_string()))?;
        }
        let mut waited = Duration::ZERO;
        let step = Duration::from_millis(50);
        while self.child.try_wait()?.is_none() {
            if waited >= PATIENCE || is_over(stopped, step) {
                eprintln!("{} does not end: killing it", self.name);
                self.child.kill()?;
            }
            waited += step;
        }
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            // Nothing can be done if this fails: the program ended in between.
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}
