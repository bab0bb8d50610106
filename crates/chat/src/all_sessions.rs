//! Everybody's sessions, for the operator at the machine.

use clickclack_protocol::api;
use clickclack_protocol::ids::{SessionId, UserId};
use clickclack_protocol::time::Millis;
use clickclack_store::{Action, Lookup, Query, Tx, params};

use crate::access::AccessError;
use crate::desk::{Deed, Target};
use crate::page::Page;
use crate::sessions::{self, SessionError};

/// A session with whose it is.
#[derive(Debug, Clone)]
pub struct OwnedSession {
    /// The account.
    pub user_id: UserId,
    /// The person's name.
    pub name: String,
    /// The person's e-mail address.
    pub email: Option<String>,
    /// The session.
    pub session: api::Session,
}

/// A page of [`OwnedSession`]s.
#[derive(Debug, Clone)]
pub struct OwnedSessionPage {
    /// Oldest first.
    pub items: Vec<OwnedSession>,
    /// For the next page.
    pub next_cursor: Option<String>,
}

/// The sessions of one account or of all.
#[derive(Debug, Clone)]
pub struct ListAllSessions {
    /// Whose; everybody's when absent.
    pub user_id: Option<UserId>,
    /// Which page.
    pub page: Page,
    /// The present: what has expired is not listed.
    pub now: Millis,
}

impl Lookup for ListAllSessions {
    type Output = OwnedSessionPage;
    type Error = SessionError;

    async fn run(&self, query: &mut Query) -> Result<OwnedSessionPage, SessionError> {
        let columns = sessions::COLUMNS;
        let sql = format!(
            "SELECT {columns}, u.id, u.name, u.email
             FROM sessions s JOIN users u ON u.id = s.user_id
             WHERE s.id > $1 AND s.expires_at > $2
               AND s.user_id = COALESCE(CAST($3 AS TEXT), s.user_id)
             ORDER BY s.id LIMIT $4"
        );
        let rows = query
            .rows(&sql, params![&self.page.after, self.now, self.user_id, self.page.rows()])
            .await?;
        let mut items = Vec::with_capacity(rows.len());
        for row in &rows {
            items.push(OwnedSession {
                session: sessions::from_row(row, None)?,
                user_id: row.get(6)?,
                name: row.get(7)?,
                email: row.get(8)?,
            });
        }
        let next_cursor = self.page.cut(&mut items, |item| item.session.id.to_string());
        Ok(OwnedSessionPage { items, next_cursor })
    }
}

/// Ends anybody's session.
#[derive(Debug, Clone)]
pub struct RevokeSessionAsOperator {
    /// The session.
    pub session_id: SessionId,
}

impl Deed for RevokeSessionAsOperator {
    fn target(&self) -> Target {
        Target::Instance
    }
}

impl Action for RevokeSessionAsOperator {
    type Output = ();
    type Error = SessionError;

    async fn run(&self, tx: &mut Tx) -> Result<(), SessionError> {
        let row = tx
            .maybe("SELECT user_id FROM sessions WHERE id = $1", params![self.session_id])
            .await?
            .ok_or(AccessError::NotFound)?;
        sessions::end(tx, row.get(0)?, self.session_id).await?;
        Ok(())
    }
}
