//! Sweeping out what time has ended: sessions, links, tickets and old revocations.

use clickclack_protocol::time::Millis;
use clickclack_store::{Action, Tx, params};

use crate::access::AccessError;
use crate::desk::{Deed, Target};

/// Rows that one sweep removes at most, so that nobody waits long for it.
pub const SWEEP_ROWS: u64 = 500;
/// How long revocations are kept: every running server has read them long before.
const REVOCATION_LIFE_MS: Millis = 7 * 24 * 3_600_000;

/// Removes what has expired, [`SWEEP_ROWS`] at most; how many rows. Expired rows open nothing
/// anyway: the sweep only keeps the tables small.
#[derive(Debug, Clone)]
pub struct SweepExpired;

impl Deed for SweepExpired {
    fn target(&self) -> Target {
        Target::Instance
    }
}

impl Action for SweepExpired {
    type Output = u64;
    type Error = AccessError;

    async fn run(&self, tx: &mut Tx) -> Result<u64, AccessError> {
        let now = tx.now();
        // Tickets before sessions, which would take theirs along uncounted.
        let tables = [
            ("socket_tickets", "token_hash", "expires_at", now),
            ("magic_links", "token_hash", "expires_at", now),
            ("sessions", "id", "expires_at", now),
            ("revocations", "seq", "created_at", now - REVOCATION_LIFE_MS),
        ];
        let mut swept = 0;
        for (table, key, column, until) in tables {
            let left = i64::try_from(SWEEP_ROWS.saturating_sub(swept)).unwrap_or(0);
            let sql = format!(
                "DELETE FROM {table} WHERE {key} IN
                   (SELECT {key} FROM {table} WHERE {column} <= $1 ORDER BY {column} LIMIT $2)"
            );
            swept += tx.execute(&sql, params![until, left]).await?;
        }
        Ok(swept)
    }
}
