//! The program itself, as an operator runs it: a process of its own with an environment of its own.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use clickclack_trial::Database;
use serde_json::Value;
use tokio::sync::mpsc;

/// How long a program may take to say something.
const PATIENCE: Duration = Duration::from_secs(30);

/// A command line that has not been run yet.
pub(crate) struct Program(Command);

/// What a program said before it ended.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Program {
    /// `clickclack` with these arguments and nothing in its environment.
    pub(crate) fn new(arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_clickclack"));
        command.env_clear().args(arguments).stdin(Stdio::null());
        Self(command)
    }

    /// The same on a database.
    pub(crate) fn on(database: &Database, arguments: &[&str]) -> Self {
        let mut program = Self::new(arguments);
        program.0.arg("--data").arg(database.folder()).arg("--db").arg(database.url());
        program
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.0.env(name, value);
        self
    }

    /// Runs it to its end.
    pub(crate) async fn runs(mut self) -> Said {
        let ended = tokio::task::spawn_blocking(move || self.0.output().unwrap());
        let Output { status, stdout, stderr } = ended.await.unwrap();
        Said {
            code: status.code().expect("nobody killed it"),
            out: String::from_utf8(stdout).unwrap(),
            err: String::from_utf8(stderr).unwrap(),
        }
    }

    /// Runs it to a good end; what it said as JSON.
    pub(crate) async fn answers(mut self) -> Value {
        self.0.arg("--json");
        serde_json::from_str(&self.succeeds().await).unwrap()
    }

    /// Runs it to a good end; what it said.
    pub(crate) async fn succeeds(self) -> String {
        let said = self.runs().await;
        assert!(said.code == 0 && said.err.is_empty(), "{said:?}");
        said.out
    }

    /// Runs it to a bad end of this kind: one sentence, and nothing that looks like an answer.
    pub(crate) async fn fails(self, code: i32) -> String {
        let said = self.runs().await;
        assert!(said.code == code && said.out.is_empty(), "{said:?}");
        assert!(!said.err.contains("panicked") && !said.err.trim().is_empty(), "{said:?}");
        said.err
    }

    /// Starts it and goes on; its lines can be read as they come.
    pub(crate) fn starts(mut self) -> Running {
        let mut child = self.0.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let stdout = child.stdout.take().unwrap();
        let (line, lines) = mpsc::unbounded_channel();
        std::thread::spawn(move || {
            for said in BufReader::new(stdout).lines().map_while(Result::ok) {
                if line.send(said).is_err() {
                    return;
                }
            }
        });
        Running { child: Some(child), lines }
    }
}

/// A program that runs. It ends with its story.
pub(crate) struct Running {
    child: Option<Child>,
    lines: mpsc::UnboundedReceiver<String>,
}

impl Running {
    /// Waits for a line with this in it.
    pub(crate) async fn says(&mut self, part: &str) -> String {
        let search = async {
            while let Some(line) = self.lines.recv().await {
                if line.contains(part) {
                    return line;
                }
            }
            panic!("it ended without saying {part:?}");
        };
        tokio::time::timeout(PATIENCE, search).await.expect("it says so in time")
    }

    /// Asks it to stop, as a service manager does, and waits for its end; what else it said.
    pub(crate) async fn stops(mut self) -> (bool, Vec<String>) {
        let mut child = self.child.take().expect("it is stopped once");
        let id = child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status().unwrap();
        assert!(asked.success());
        let mut rest = Vec::new();
        while let Some(line) = self.lines.recv().await {
            rest.push(line);
        }
        let ended = tokio::task::spawn_blocking(move || child.wait().unwrap().success());
        (ended.await.unwrap(), rest)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            // It may have ended by itself.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
