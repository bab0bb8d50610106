//! The program itself, as an operator runs it: a process that can be killed.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};

/// A running `clickclack serve`.
pub(crate) struct Process {
    child: Child,
    /// Kept open: a server must be able to say more.
    _said: BufReader<ChildStdout>,
    /// Where it answers.
    pub(crate) base: String,
    /// The set-up link's token, on an empty database.
    pub(crate) setup_token: Option<String>,
}

impl Process {
    /// Starts it and waits until it listens. On an empty database it prints a set-up link.
    pub(crate) async fn serve(arguments: &[&str], is_empty: bool) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_clickclack"));
        command.arg("serve").args(["--addr", "127.0.0.1:0", "--log", "warn"]).args(arguments);
        command.args(["--request-rate", "0", "--credential-rate", "0"]);
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let said = BufReader::new(child.stdout.take().expect("it was asked for"));
        let listens = tokio::task::spawn_blocking(move || listens(said, is_empty));
        let (said, base, setup_token) = listens.await.unwrap();
        Self { child, _said: said, base, setup_token }
    }

    /// Kills it with -9, and waits until it is gone.
    pub(crate) fn kill(mut self) {
        self.end();
    }

    fn end(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

fn listens(
    mut said: BufReader<ChildStdout>,
    is_empty: bool,
) -> (BufReader<ChildStdout>, String, Option<String>) {
    let (mut base, mut token) = (None, None);
    while base.is_none() || (is_empty && token.is_none()) {
        let mut line = String::new();
        assert!(said.read_line(&mut line).unwrap() > 0, "the server ended before it listened");
        let line = line.trim();
        if let (true, Some((_, port))) = (line.starts_with("ClickClack"), line.rsplit_once(':')) {
            base = Some(format!("http://127.0.0.1:{port}"));
        }
        token = token.or(line.split_once("#token=").map(|(_, token)| token.to_owned()));
    }
    (said, base.expect("the loop ends with it"), token)
}
