//! `clickclack admin user`: creating and deactivating accounts, resetting passwords.

use clap::Subcommand;
use clickclack_chat::accounts::CreateUser;
use clickclack_chat::activation::DeactivateUser;
use clickclack_chat::passwords::ResetPassword;

use super::{Failure, Office, failed};
use crate::cli::print;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Create an account and a link to sign in with.
    Create {
        /// The person's name.
        #[arg(long)]
        name: String,
        /// The person's e-mail address.
        #[arg(long)]
        email: String,
    },
    /// Deactivate an account; its sessions end at once.
    Deactivate {
        /// The account's e-mail address.
        #[arg(long)]
        email: String,
    },
    /// Take an account's password away, end its sessions, and make a link to set a new one.
    ResetPassword {
        /// The account's e-mail address.
        #[arg(long)]
        email: String,
    },
}

impl Command {
    pub(super) async fn run(self, office: &Office) -> Result<(), Failure> {
        match self {
            Self::Create { name, email } => {
                let link = office.desk.act(CreateUser { name, email }).await.map_err(failed)?;
                let sentence = format!("{} has an account now.", link.account.name);
                office.show_link(&sentence, link);
            }
            Self::Deactivate { email } => {
                let user_id = office.account(&email).await?.id;
                let deed = DeactivateUser { actor: None, user_id };
                let account = office.desk.act(deed).await.map_err(failed)?;
                if office.json {
                    print::json(&account);
                } else {
                    print::line(format!("{} is deactivated; every session ended.", account.name));
                }
            }
            Self::ResetPassword { email } => {
                office.account(&email).await?;
                let link = office.desk.act(ResetPassword { email }).await.map_err(failed)?;
                let sentence =
                    format!("{} has no password and no session any more.", link.account.name);
                office.show_link(&sentence, link);
            }
        }
        Ok(())
    }
}
