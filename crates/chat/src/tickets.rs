//! Tickets: a session's way to open one socket where neither cookie nor header can be sent.

use clickclack_protocol::api;
use clickclack_protocol::ids::{SessionId, UserId};
use clickclack_protocol::time::{Millis, to_wire};
use clickclack_store::{Action, Tx, params};

use crate::callers::{self, Caller};
use crate::desk::{Deed, Target};
use crate::sessions::SessionError;
use crate::token;

/// How long a ticket can be used: 30 seconds.
pub const TICKET_LIFE_MS: Millis = 30_000;

/// Makes a ticket of the session that is calling.
#[derive(Debug, Clone)]
pub struct CreateTicket {
    /// Who.
    pub actor: UserId,
    /// The session.
    pub session_id: SessionId,
}

impl Deed for CreateTicket {
    fn target(&self) -> Target {
        Target::Instance
    }
}

impl Action for CreateTicket {
    type Output = api::Ticket;
    type Error = SessionError;

    async fn run(&self, tx: &mut Tx) -> Result<api::Ticket, SessionError> {
        if !callers::is_alive(tx, self.actor, self.session_id).await? {
            return Err(SessionError::Ended);
        }
        let ticket = token::new("ckt", tx.secret());
        let expires_at = tx.now() + TICKET_LIFE_MS;
        tx.execute(
            "INSERT INTO socket_tickets (token_hash, session_id, expires_at) VALUES ($1, $2, $3)",
            params![token::hash(&ticket), self.session_id, expires_at],
        )
        .await?;
        Ok(api::Ticket { ticket, expires_at: to_wire(expires_at) })
    }
}

/// Tears a ticket off: whose session it was made of, once.
#[derive(Debug, Clone)]
pub struct UseTicket {
    /// `ckt_…`
    pub ticket: String,
}

impl Deed for UseTicket {
    fn target(&self) -> Target {
        Target::Instance
    }
}

impl Action for UseTicket {
    type Output = Caller;
    type Error = SessionError;

    async fn run(&self, tx: &mut Tx) -> Result<Caller, SessionError> {
        let now = tx.now();
        let row = tx
            .maybe(
                "DELETE FROM socket_tickets WHERE token_hash = $1 AND expires_at > $2
                 RETURNING session_id",
                params![token::hash(&self.ticket), now],
            )
            .await?
            .ok_or(SessionError::Ended)?;
        let session_id: SessionId = row.get(0)?;
        let caller = callers::caller(tx, "s.id", &session_id.to_string(), now).await?;
        caller.ok_or(SessionError::Ended)
    }
}
