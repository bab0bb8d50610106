//! The record of credentials that ended, so that every running server learns of what another
//! process revoked.

use std::sync::Arc;

use clickclack_protocol::ids::{SessionId, UserId};
use clickclack_store::{Lookup, Query, StoreError, Tx, params};

use crate::live::Notice;

/// Revocations that one lookup answers at most.
const ROWS: i64 = 1_000;

/// Records that a session ended, or all of an account's, and tells it after the commit. Only in
/// the instance's scope: there the order of the record is the order of the commits.
pub(crate) async fn record(
    tx: &mut Tx,
    user_id: UserId,
    session_id: Option<SessionId>,
) -> Result<(), StoreError> {
    let at = tx.now();
    tx.execute(
        "INSERT INTO revocations (user_id, session_id, created_at) VALUES ($1, $2, $3)",
        params![user_id, session_id, at],
    )
    .await?;
    tx.notify(Arc::new(Notice::Revoked { user_id, session_id }));
    Ok(())
}

/// A session that ended, or all of an account's (`session_id: None`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revocation {
    /// Place in the record.
    pub seq: i64,
    /// The account.
    pub user_id: UserId,
    /// The session; all when absent.
    pub session_id: Option<SessionId>,
}

/// A stretch of the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevocationPage {
    /// In order.
    pub items: Vec<Revocation>,
    /// Where to go on from.
    pub newest_seq: i64,
}

/// What was revoked after a place in the record; without one only where the record ends, for a
/// server that starts and has no sessions in memory yet.
#[derive(Debug, Clone)]
pub struct Revocations {
    /// `newest_seq` of the answer before.
    pub after_seq: Option<i64>,
}

impl Lookup for Revocations {
    type Output = RevocationPage;
    type Error = StoreError;

    async fn run(&self, query: &mut Query) -> Result<RevocationPage, StoreError> {
        let Some(after_seq) = self.after_seq else {
            let row = query.one("SELECT COALESCE(MAX(seq), 0) FROM revocations", params![]).await?;
            return Ok(RevocationPage { items: Vec::new(), newest_seq: row.get(0)? });
        };
        let rows = query
            .rows(
                "SELECT seq, user_id, session_id FROM revocations
                 WHERE seq > $1 ORDER BY seq LIMIT $2",
                params![after_seq, ROWS],
            )
            .await?;
        let mut items = Vec::with_capacity(rows.len());
        for row in &rows {
            items.push(Revocation {
                seq: row.get(0)?,
                user_id: row.get(1)?,
                session_id: row.get(2)?,
            });
        }
        let newest_seq = items.last().map_or(after_seq, |item| item.seq);
        Ok(RevocationPage { items, newest_seq })
    }
}
