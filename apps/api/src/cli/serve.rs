//! `clickclack serve`: runs the server until it is told to stop.

use std::io::IsTerminal;
use std::sync::Arc;

use clickclack_store::OsRandomness;
use tracing_subscriber::EnvFilter;

use super::{Failure, print};
use crate::VERSION;
use crate::app::{self, Parts, Running};
use crate::clock::SystemClock;
use crate::config::{Config, LogFormat, is_loopback};

pub(super) async fn run(config: Config) -> Result<(), Failure> {
    start_log(&config)?;
    // Every socket is a descriptor; the soft limit of a login shell is 1,024.
    match rlimit::increase_nofile_limit(u64::MAX) {
        Ok(limit) => tracing::debug!(limit, "open files"),
        Err(error) => tracing::warn!(%error, "the limit of open files stays as it is"),
    }
    let parts = Parts {
        config: config.clone(),
        clock: Arc::new(SystemClock),
        randomness: Arc::new(OsRandomness),
        mailer: None,
    };
    let running = app::start(parts).await.map_err(|error| Failure::new(error.to_string()))?;
    greet(&running, &config);
    asked_to_stop().await?;
    tracing::info!("stopping");
    running.shutdown().await;
    Ok(())
}

fn start_log(config: &Config) -> Result<(), Failure> {
    let filter = EnvFilter::try_new(&config.log)
        .map_err(|error| Failure { sentence: format!("setting log: {error}"), code: 2 })?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    match config.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
    Ok(())
}

fn greet(running: &Running, config: &Config) {
    let engine = running.desk().store().engine();
    tracing::info!(version = VERSION, addr = %running.addr(), %engine, "listening");
    if config.public_url.is_none() && !is_loopback(running.addr().ip()) {
        tracing::warn!(
            "only this machine is let in: --public-url says under which name others come"
        );
    }
    print::line(format!("ClickClack {VERSION} on {}", running.url()));
    if let Some(link) = running.setup_link() {
        print::line(format!("\nSet it up, once, with this link:\n\n    {link}\n"));
    }
    if config.dev {
        print::line("People on this machine may sign in as the demo administrator (--dev).");
    }
}

#[cfg(unix)]
async fn asked_to_stop() -> Result<(), Failure> {
    use tokio::signal::unix::{SignalKind, signal};
    let deaf = |error| Failure::new(format!("signals cannot be heard: {error}"));
    let mut terminate = signal(SignalKind::terminate()).map_err(deaf)?;
    tokio::select! {
        heard = tokio::signal::ctrl_c() => heard.map_err(deaf),
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn asked_to_stop() -> Result<(), Failure> {
    let deaf = |error| Failure::new(format!("signals cannot be heard: {error}"));
    tokio::signal::ctrl_c().await.map_err(deaf)
}
