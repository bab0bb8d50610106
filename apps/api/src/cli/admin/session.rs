//! `clickclack admin session`: who is signed in, and ending it.

use clap::Subcommand;
use clickclack_chat::all_sessions::{ListAllSessions, OwnedSession, RevokeSessionAsOperator};
use clickclack_chat::page::Page;
use clickclack_protocol::api::Session;
use clickclack_protocol::ids::{SessionId, UserId};
use clickclack_protocol::limits;
use clickclack_protocol::time::Clock;
use serde::Serialize;

use super::{Failure, Office, failed};
use crate::cli::print;
use crate::clock::SystemClock;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List sessions.
    List {
        /// Only those of the account with this e-mail address.
        #[arg(long)]
        email: Option<String>,
    },
    /// End a session at once.
    Revoke {
        /// The session's id, ses_….
        session: SessionId,
    },
}

#[derive(Serialize)]
struct Listed {
    user_id: UserId,
    name: String,
    email: Option<String>,
    #[serde(flatten)]
    session: Session,
}

#[derive(Serialize)]
struct Revoked {
    session_id: SessionId,
}

impl Command {
    pub(super) async fn run(self, office: &Office) -> Result<(), Failure> {
        match self {
            Self::List { email } => list(office, email).await,
            Self::Revoke { session: session_id } => {
                office.desk.act(RevokeSessionAsOperator { session_id }).await.map_err(failed)?;
                if office.json {
                    print::json(&Revoked { session_id });
                } else {
                    print::line(format!("{session_id} has ended."));
                }
                Ok(())
            }
        }
    }
}

async fn list(office: &Office, email: Option<String>) -> Result<(), Failure> {
    let user_id = match email {
        Some(email) => Some(office.account(&email).await?.id),
        None => None,
    };
    let (mut listed, mut cursor) = (Vec::new(), None);
    loop {
        let page = Page::from_wire(cursor.as_deref(), Some(limits::PAGE_MAX)).map_err(failed)?;
        let wanted = ListAllSessions { user_id, page, now: SystemClock.now() };
        let found = office.desk.look(wanted).await.map_err(failed)?;
        listed.extend(found.items);
        cursor = found.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    if office.json {
        let listed: Vec<Listed> = listed
            .into_iter()
            .map(|OwnedSession { user_id, name, email, session }| Listed {
                user_id,
                name,
                email,
                session,
            })
            .collect();
        print::json(&listed);
        return Ok(());
    }
    let rows: Vec<Vec<String>> = listed
        .into_iter()
        .map(|OwnedSession { name, email, session, .. }| {
            vec![
                session.id.to_string(),
                email.unwrap_or(name),
                session.address,
                session.last_seen_at,
                session.agent,
            ]
        })
        .collect();
    print::table(&["session", "account", "address", "last seen", "program"], &rows);
    Ok(())
}
