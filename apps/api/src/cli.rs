//! The command line: one file per command.

mod admin;
mod migrate;
mod print;
mod seed;
mod serve;
mod settings;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::sources::{Flags, Settings};
use crate::config::{Config, ConfigError};

/// Self-hosted team chat in one binary.
#[derive(Debug, Parser)]
#[command(name = "clickclack", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Answer in JSON.
    #[arg(long, global = true)]
    json: bool,
    #[command(flatten)]
    flags: Flags,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server.
    Serve,
    /// Bring the database up to date.
    Migrate,
    /// Fill an empty database with a demo: people, channels and a week of talk.
    Seed(seed::Seed),
    /// Show the settings in force and where each comes from.
    Config,
    /// Look after accounts, invites and sessions, also while a server runs.
    Admin {
        #[command(subcommand)]
        command: admin::Command,
    },
}

/// A command that did not work out, in a sentence.
#[derive(Debug)]
struct Failure {
    sentence: String,
    code: u8,
}

impl Failure {
    fn new(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), code: 1 }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self { sentence: format!("setting {error}"), code: 2 }
    }
}

/// Runs the command line; 0 when it worked, 1 when it did not, 2 when it was not understood.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            print::error(&failure.sentence);
            ExitCode::from(failure.code)
        }
    }
}

fn run(cli: Cli) -> Result<(), Failure> {
    let settings = Settings::resolve(&cli.flags, |name| std::env::var(name).ok())?;
    let config = Config::from_settings(&settings);
    if matches!(cli.command, Command::Config) {
        // Shown also when something in them is wrong: that is when one wants to see them.
        settings::run(&settings, cli.json);
        return Ok(config.map(drop)?);
    }
    let config = config?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(format!("the process cannot start threads: {error}")))?;
    runtime.block_on(async {
        match cli.command {
            Command::Serve => serve::run(config).await,
            Command::Migrate => migrate::run(&config, cli.json).await,
            Command::Seed(command) => seed::run(&config, command, cli.json).await,
            Command::Admin { command } => admin::run(&config, command, cli.json).await,
            Command::Config => unreachable!("the settings were shown above"),
        }
    })
}
