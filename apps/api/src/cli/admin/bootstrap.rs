//! `clickclack admin bootstrap`: the first administrator without a browser.

use clap::Args;
use clickclack_chat::setup;
use serde::Serialize;

use super::{Failure, Office, failed};
use crate::cli::print;
use crate::links;

#[derive(Debug, Args)]
pub(crate) struct Bootstrap {
    /// The administrator's name.
    #[arg(long)]
    name: String,
    /// The administrator's e-mail address.
    #[arg(long)]
    email: String,
    /// Name of the first workspace.
    #[arg(long)]
    workspace: Option<String>,
}

#[derive(Serialize)]
struct Done {
    account: clickclack_protocol::api::Account,
    workspace: clickclack_protocol::api::Workspace,
    url: String,
    expires_at: String,
}

impl Bootstrap {
    pub(super) async fn run(self, office: &Office) -> Result<(), Failure> {
        let deed =
            setup::Bootstrap { name: self.name, email: self.email, workspace_name: self.workspace };
        let setup::Bootstrapped { workspace, link } =
            office.desk.act(deed).await.map_err(failed)?;
        if office.json {
            let url = links::magic(&office.base, &link.token);
            let (account, expires_at) = (link.account, link.expires_at);
            print::json(&Done { account, workspace, url, expires_at });
        } else {
            let (name, place, id) = (link.account.name.clone(), workspace.name, workspace.id);
            let sentence =
                format!("{name} is the administrator; the first workspace is {place} ({id}).");
            office.show_link(&sentence, link);
        }
        Ok(())
    }
}
