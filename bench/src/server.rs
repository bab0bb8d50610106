//! A server under measurement: a process of its own over a temporary folder.

use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, bail, ensure};
use clickclack_client::Client;
use clickclack_protocol::api;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// A running server that has been set up. It is killed when this is dropped.
pub(crate) struct Server {
    process: Child,
    folder: tempfile::TempDir,
    /// The administrator, signed in.
    pub(crate) administrator: Client,
}

impl Server {
    /// Starts the binary on an empty SQLite database and sets it up.
    pub(crate) async fn start(binary: &Path) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut process = Command::new(binary)
            .args(["serve", "--addr", &format!("127.0.0.1:{port}"), "--log", "warn"])
            .args(["--request-rate", "0", "--credential-rate", "0", "--data"])
            .arg(folder.path())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("{} does not start", binary.display()))?;
        let stdout = process.stdout.take().context("the pipe was asked for")?;
        let token = setup_token(BufReader::new(stdout)).await?;
        let nobody = Client::new(&format!("http://127.0.0.1:{port}"))?;
        let signed_in = nobody.set_up(&set_up(token)).await?;
        let token = signed_in.token.context("the session was asked for as a token")?;
        Ok(Self { process, folder, administrator: nobody.with_token(&token) })
    }

    /// Resident memory of the server's process alone, in KiB.
    pub(crate) fn memory_kib(&self) -> anyhow::Result<u64> {
        let id = self.process.id().context("the server still runs")?;
        let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.split_whitespace().next()).context("Linux says so")?;
        Ok(kib.parse()?)
    }

    /// The folder of its database: the reference writes beside it, to the same disk.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }
}

async fn setup_token(mut stdout: BufReader<tokio::process::ChildStdout>) -> anyhow::Result<String> {
    let mut line = String::new();
    loop {
        line.clear();
        ensure!(stdout.read_line(&mut line).await? > 0, "the server ended before its set-up link");
        if let Some((_, token)) = line.trim_end().split_once("/setup#token=") {
            let token = token.to_owned();
            // Keep reading, so that the server never blocks on a full pipe.
            tokio::spawn(async move {
                let mut rest = String::new();
                while stdout.read_line(&mut rest).await.is_ok_and(|read| read > 0) {
                    rest.clear();
                }
            });
            return Ok(token);
        }
        if line.contains("error") {
            bail!("the server says: {line}");
        }
    }
}

fn set_up(token: String) -> api::SetUp {
    api::SetUp {
        token,
        name: "Ana Ruiz".into(),
        email: "ana@tidepool.example".into(),
        password: crate::people::PASSWORD.into(),
        workspace_name: "Tidepool".into(),
        transport: Some(api::SessionTransport::Token),
    }
}
