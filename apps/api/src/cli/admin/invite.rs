//! `clickclack admin invite`: a link into a workspace.

use clap::Subcommand;
use clickclack_chat::invites::CreateInvite;
use clickclack_protocol::api::{CreatedInvite, InviteRole};
use clickclack_protocol::ids::WorkspaceId;

use super::{Failure, Office, failed};
use crate::cli::print;
use crate::links;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make an invite link.
    Create {
        /// The workspace's id, wsp_….
        #[arg(long)]
        workspace: WorkspaceId,
        /// What who accepts becomes: member or admin.
        #[arg(long, value_parser = role)]
        role: Option<InviteRole>,
        /// How many may accept; any number when absent.
        #[arg(long)]
        max_uses: Option<i64>,
        /// How long it is good for; seven days when absent.
        #[arg(long)]
        expires_in_s: Option<i64>,
    },
}

fn role(text: &str) -> Result<InviteRole, &'static str> {
    match text {
        "member" => Ok(InviteRole::Member),
        "admin" => Ok(InviteRole::Admin),
        _ => Err("member or admin; a guest's channels are chosen on the page"),
    }
}

impl Command {
    pub(super) async fn run(self, office: &Office) -> Result<(), Failure> {
        let Self::Create { workspace: workspace_id, role, max_uses, expires_in_s } = self;
        let deed = CreateInvite {
            actor: None,
            workspace_id,
            role,
            max_uses,
            expires_in_s,
            channel_ids: None,
        };
        let made = office.desk.act(deed).await.map_err(failed)?;
        let url = links::invite(&office.base, &made.token);
        if office.json {
            print::json(&CreatedInvite { invite: made.invite, token: made.token, url });
        } else {
            let until =
                made.invite.expires_at.map_or(String::new(), |at| format!(", good until {at}"));
            print::line(format!("Invite link{until}:\n\n    {url}\n"));
        }
        Ok(())
    }
}
