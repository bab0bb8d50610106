//! `clickclack admin magic-link`: a way in for somebody who is locked out.

use clap::Subcommand;
use clickclack_chat::links::CreateMagicLink;

use super::{Failure, Office, failed};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a sign-in link, good once and for 15 minutes.
    Create {
        /// The account's e-mail address.
        #[arg(long)]
        email: String,
    },
}

impl Command {
    pub(super) async fn run(self, office: &Office) -> Result<(), Failure> {
        let Self::Create { email } = self;
        // Looked up first for a sentence that says what is wrong.
        office.account(&email).await?;
        let link = office.desk.act(CreateMagicLink { email }).await.map_err(failed)?;
        let sentence = format!("For {}.", link.account.name);
        office.show_link(&sentence, link);
        Ok(())
    }
}
