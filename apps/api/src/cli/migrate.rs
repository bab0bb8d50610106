//! `clickclack migrate`: brings the database up to date without serving it.

use std::sync::Arc;

use clickclack_store::{Settings, Store};
use serde::Serialize;

use super::{Failure, print};
use crate::app;
use crate::clock::SystemClock;
use crate::config::Config;

#[derive(Serialize)]
struct Applied {
    applied: Vec<String>,
}

pub(super) async fn run(config: &Config, json: bool) -> Result<(), Failure> {
    app::make_folder(&config.data).map_err(|error| Failure::new(error.to_string()))?;
    let settings = Settings::new(config.db.clone(), Arc::new(SystemClock));
    let applied =
        Store::migrate(settings).await.map_err(|error| Failure::new(error.to_string()))?;
    if json {
        print::json(&Applied { applied });
    } else if applied.is_empty() {
        print::line("The database is up to date.");
    } else {
        print::line(format!("Applied {}.", applied.join(", ")));
    }
    Ok(())
}
