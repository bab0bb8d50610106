//! Measures a release build of the server over HTTP and sockets, each figure beside its reference
//! from the same run: on a shared machine only the ratio means something.

mod idle;
mod people;
mod reference;
mod report;
mod send;
mod server;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Measures the server beside its references")]
struct Cli {
    #[command(subcommand)]
    measure: Measure,
    /// The release binary.
    #[arg(long, global = true, default_value = "target/release/clickclack")]
    binary: std::path::PathBuf,
}

#[derive(Subcommand)]
enum Measure {
    /// P1: durable sends a second over HTTP, beside a bare rusqlite loop that writes the same rows.
    Send {
        /// How many send at once.
        #[arg(long, default_value_t = 64)]
        senders: usize,
        /// Rounds of ours and the reference in turn.
        #[arg(long, default_value_t = 5)]
        rounds: usize,
        /// Seconds of each.
        #[arg(long, default_value_t = 3)]
        seconds: u64,
    },
    /// P3: server memory for each idle socket.
    Idle {
        /// How many sockets.
        #[arg(long, default_value_t = 5_000)]
        sockets: usize,
    },
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    match cli.measure {
        Measure::Send { senders, rounds, seconds } => {
            send::run(&cli.binary, senders, rounds, std::time::Duration::from_secs(seconds)).await
        }
        Measure::Idle { sockets } => idle::run(&cli.binary, sockets).await,
    }
}
