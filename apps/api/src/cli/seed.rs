//! `clickclack seed`: a demo workspace with people, channels and a week of talk.

use std::sync::Arc;

use clap::Args;
use clickclack_chat::Desk;
use clickclack_protocol::ids::WorkspaceId;
use clickclack_protocol::time::Clock;
use clickclack_seed::{SeedError, Seeded, StageClock, Wish};
use clickclack_store::{Settings, Store};
use serde::Serialize;

use super::{Failure, print};
use crate::app;
use crate::clock::SystemClock;
use crate::config::Config;

/// Most messages that one run adds.
const MESSAGES: u64 = 10_000_000;

#[derive(Debug, Args)]
pub(super) struct Seed {
    /// Messages to add to the play, or to a demo that is there.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=MESSAGES))]
    messages: Option<u64>,
    /// The channel that gets all of them; by default most go to #general.
    #[arg(long, value_name = "CHANNEL", requires = "messages")]
    into: Option<String>,
    /// The workspace's name.
    #[arg(long, value_name = "NAME")]
    workspace: Option<String>,
    /// Do nothing, and say nothing, when the database is in use.
    #[arg(long, conflicts_with = "messages")]
    if_empty: bool,
}

#[derive(Serialize)]
struct Done {
    workspace_id: WorkspaceId,
    workspace_name: String,
    is_new: bool,
    messages: u64,
}

pub(super) async fn run(config: &Config, command: Seed, json: bool) -> Result<(), Failure> {
    let Seed { messages, into, workspace, if_empty } = command;
    app::make_folder(&config.data).map_err(|error| Failure::new(error.to_string()))?;
    // The play goes on for a week while it is performed; the store goes by its clock.
    let clock = Arc::new(StageClock::new(SystemClock.now()));
    let settings = Settings {
        readers: 1,
        writers: 1,
        // A demo that a power cut took along is seeded anew.
        durable: false,
        ..Settings::new(config.db.clone(), Arc::clone(&clock) as Arc<dyn Clock>)
    };
    let store = Store::open(settings).await.map_err(|error| Failure::new(error.to_string()))?;
    let wish = Wish { workspace_name: workspace, messages: messages.unwrap_or(0), into };
    let seeded = clickclack_seed::seed(&Desk::new(store.clone()), &clock, &wish).await;
    store.close().await;
    match seeded {
        Ok(seeded) => show(seeded, json),
        Err(SeedError::InUse) if if_empty => {}
        Err(error) => return Err(Failure::new(sentence(&error))),
    }
    Ok(())
}

fn show(seeded: Seeded, json: bool) {
    let Seeded { workspace, is_new, messages } = seeded;
    let (workspace_id, workspace_name) = (workspace.id, workspace.name);
    if json {
        print::json(&Done { workspace_id, workspace_name, is_new, messages });
    } else if is_new {
        print::line(format!(
            "The demo workspace {workspace_name} is there, with {messages} messages."
        ));
    } else {
        print::line(format!("{workspace_name} has {messages} messages more."));
    }
}

/// What went wrong, for the operator.
fn sentence(error: &SeedError) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}
