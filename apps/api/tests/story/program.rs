//! The program itself, as an operator runs it: a process of its own with an environment of its own.

use std::process::{Output, Stdio};
use std::time::Duration;

use clickclack_trial::Database;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

/// How long a program may take to say something, or to end.
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
        command.env_clear().args(arguments).stdin(Stdio::null()).kill_on_drop(true);
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
        let ended = timeout(PATIENCE, self.0.output()).await.expect("it ends in time");
        let Output { status, stdout, stderr } = ended.unwrap();
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
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Running { child, lines }
    }
}

/// A program that runs. It ends with its story.
pub(crate) struct Running {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Running {
    /// Waits for a line with this in it.
    pub(crate) async fn says(&mut self, part: &str) -> String {
        let search = async {
            while let Some(line) = self.lines.next_line().await.unwrap() {
                if line.contains(part) {
                    return line;
                }
            }
            panic!("it ended without saying {part:?}");
        };
        timeout(PATIENCE, search).await.expect("it says so in time")
    }

    /// Asks it to stop, as a service manager does, and waits for its end: whether it was a good
    /// one, and what else it said.
    pub(crate) async fn stops(mut self) -> (bool, Vec<String>) {
        let id = self.child.id().expect("it runs").to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status().await.unwrap();
        assert!(asked.success());
        let ending = async {
            let mut rest = Vec::new();
            while let Some(line) = self.lines.next_line().await.unwrap() {
                rest.push(line);
            }
            (self.child.wait().await.unwrap().success(), rest)
        };
        timeout(PATIENCE, ending).await.expect("it ends in time")
    }
}
