//! `clickclack admin`: what an operator does at the machine, directly on the database. A server
//! that runs on it notices within a second.

mod bootstrap;
mod invite;
mod magic_link;
mod session;
mod user;

use std::path::Path;
use std::sync::Arc;

use clap::Subcommand;
use clickclack_chat::Desk;
use clickclack_chat::accounts::FindByEmail;
use clickclack_chat::links::IssuedLink;
use clickclack_protocol::api;
use clickclack_store::{Settings, Store};
use serde::Serialize;

use super::{Failure, print};
use crate::auth::origin::Site;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::{app, links};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Create the administrator and the first workspace, without a browser.
    Bootstrap(bootstrap::Bootstrap),
    /// Accounts.
    #[command(subcommand)]
    User(user::Command),
    /// Invites.
    #[command(subcommand)]
    Invite(invite::Command),
    /// Sign-in links.
    #[command(subcommand, name = "magic-link")]
    MagicLink(magic_link::Command),
    /// Sessions.
    #[command(subcommand)]
    Session(session::Command),
}

/// The operator's place: the database, and how links begin.
struct Office {
    desk: Desk,
    base: String,
    json: bool,
}

pub(super) async fn run(config: &Config, command: Command, json: bool) -> Result<(), Failure> {
    // Only the very first command makes the database; later ones must not change its shape under
    // a server that runs.
    let migrate = matches!(command, Command::Bootstrap(_));
    if let Some(file) = config.db.strip_prefix("sqlite://")
        && !migrate
        && !Path::new(file).exists()
    {
        return Err(Failure::new(format!(
            "There is no database at {file}. Name the server's folder with --data, or its database \
             with --db."
        )));
    }
    app::make_folder(&config.data).map_err(failed)?;
    let store = Store::open(Settings {
        migrate,
        readers: 1,
        writers: 1,
        ..Settings::new(config.db.clone(), Arc::new(SystemClock))
    })
    .await
    .map_err(failed)?;
    let site = Site::new(config.public_url.clone(), config.tls.is_some(), config.addr.port());
    let office = Office { desk: Desk::new(store.clone()), base: site.url(), json };
    let done = match command {
        Command::Bootstrap(command) => command.run(&office).await,
        Command::User(command) => command.run(&office).await,
        Command::Invite(command) => command.run(&office).await,
        Command::MagicLink(command) => command.run(&office).await,
        Command::Session(command) => command.run(&office).await,
    };
    store.close().await;
    done
}

/// An error of the domain as a sentence.
fn failed(error: impl std::error::Error) -> Failure {
    let text = error.to_string();
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string());
    Failure::new(format!(
        "{}{}.",
        first.unwrap_or_default(),
        letters.as_str().trim_end_matches('.')
    ))
}

#[derive(Serialize)]
struct Link {
    account: api::Account,
    url: String,
    expires_at: String,
}

impl Office {
    /// The account of an e-mail address.
    async fn account(&self, email: &str) -> Result<api::Account, Failure> {
        let found =
            self.desk.look(FindByEmail { email: email.to_owned() }).await.map_err(failed)?;
        found.ok_or_else(|| Failure::new(format!("No account has the e-mail address {email}.")))
    }

    /// Hands out a sign-in link.
    fn show_link(&self, sentence: &str, issued: IssuedLink) {
        let IssuedLink { account, token, expires_at } = issued;
        let url = links::magic(&self.base, &token);
        if self.json {
            print::json(&Link { account, url, expires_at });
        } else {
            print::line(sentence);
            print::line(format!("Sign-in link, good once until {expires_at}:\n\n    {url}\n"));
        }
    }
}
