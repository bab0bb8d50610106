//! The project's commands: `cargo xtask <verb>`.

mod debian;
mod generate;
mod npm;
mod postgres;
mod process;
mod project;
mod report;
mod tidy;
mod verb;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use verb::{bench, dev, e2e, lint, run, story, test, web};

#[derive(Parser)]
#[command(
    override_usage = "cargo xtask <COMMAND>",
    disable_help_subcommand = true,
    arg_required_else_help = true
)]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Set up, build and serve a demo at localhost:8080
    Run {
        /// Build as for a release
        #[arg(long)]
        release: bool,
        /// Passed on to `clickclack serve`
        #[arg(last = true)]
        serve: Vec<String>,
    },
    /// Serve with reload: the server and Vite at localhost:5173
    Dev {
        /// Passed on to `clickclack serve`
        #[arg(last = true)]
        serve: Vec<String>,
    },
    /// Test everything, setting up what that needs
    Test,
    /// Tell the server's stories on SQLite and PostgreSQL
    Story {
        /// Part of a story's name
        filter: Option<String>,
    },
    /// Build and check the page and the SDK
    Web,
    /// Tell the browser stories in Chromium
    E2e {
        /// Part of a story's name
        filter: Option<String>,
        /// Keep pictures in this folder
        #[arg(long, value_name = "DIR")]
        screens: Option<PathBuf>,
    },
    /// Write the types of the contract in Rust and TypeScript
    Generate {
        /// Write nothing; fail if something would change
        #[arg(long)]
        check: bool,
    },
    /// Hold the rules of the house: who imports whom, sizes, names
    Tidy,
    /// Check formatting and lints
    Lint {
        /// Write what the formatters and the linter can repair
        #[arg(long)]
        fix: bool,
    },
    /// Measure: `send` and `idle` the server, `web` the page
    Bench {
        /// The measurement and what it takes; `web` takes `--json FILE`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
}

fn main() -> ExitCode {
    match obey(Arguments::parse().verb) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn obey(verb: Verb) -> anyhow::Result<()> {
    let root = project::root()?;
    match verb {
        Verb::Run { release, serve } => run::run(&root, release, &serve),
        Verb::Dev { serve } => dev::dev(&root, &serve),
        Verb::Test => test::test(&root),
        Verb::Story { filter } => story::story(&root, filter.as_deref()),
        Verb::Web => web::web(&root),
        Verb::E2e { filter, screens } => {
            e2e::e2e(&root, filter.as_deref(), screens.as_deref(), None)
        }
        Verb::Generate { check } => generate::generate(&root, check),
        Verb::Tidy => tidy::tidy(&root),
        Verb::Lint { fix } => lint::lint(&root, fix),
        Verb::Bench { arguments } => bench::bench(&root, &arguments),
    }
}
