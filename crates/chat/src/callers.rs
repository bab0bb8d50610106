//! Callers: whose session a token is, as long as it stands.

use clickclack_protocol::ids::{SessionId, UserId};
use clickclack_protocol::time::Millis;
use clickclack_store::{Action, Lookup, Query, StoreError, Tx, params};

use crate::desk::{Deed, Target};
use crate::sessions::SessionError;
use crate::token;

/// How far `last_seen_at` may lag behind: 10 minutes.
pub const TOUCH_INTERVAL_MS: Millis = 10 * 60_000;

/// Who is calling, as a session's token tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    /// The account.
    pub user_id: UserId,
    /// The session.
    pub session_id: SessionId,
    /// Whether the account administers the instance.
    pub is_administrator: bool,
    /// When the session ends by itself.
    pub expires_at: Millis,
    /// When the session was last seen, at most [`TOUCH_INTERVAL_MS`] too old.
    pub last_seen_at: Millis,
}

impl Caller {
    /// Whether it is time for [`Touch`].
    pub fn wants_touch(&self, now: Millis) -> bool {
        now - self.last_seen_at >= TOUCH_INTERVAL_MS
    }
}

/// Whether the session stands and its account is active.
pub(crate) async fn is_alive(
    tx: &mut Tx,
    user_id: UserId,
    id: SessionId,
) -> Result<bool, StoreError> {
    let now = tx.now();
    let caller = caller(tx, "s.id", &id.to_string(), now).await?;
    Ok(caller.is_some_and(|caller| caller.user_id == user_id))
}

/// Who holds the session whose `key` is `value`, if it stands.
pub(crate) async fn caller(
    query: &mut Query,
    key: &'static str,
    value: &str,
    now: Millis,
) -> Result<Option<Caller>, StoreError> {
    let sql = format!(
        "SELECT s.user_id, s.id, u.is_administrator, s.expires_at, s.last_seen_at
         FROM sessions s JOIN users u ON u.id = s.user_id
         WHERE {key} = $1 AND s.expires_at > $2 AND u.deactivated_at IS NULL"
    );
    let Some(row) = query.maybe(&sql, params![value, now]).await? else {
        return Ok(None);
    };
    Ok(Some(Caller {
        user_id: row.get(0)?,
        session_id: row.get(1)?,
        is_administrator: row.get(2)?,
        expires_at: row.get(3)?,
        last_seen_at: row.get(4)?,
    }))
}

/// Who calls with a token; nobody when it is unknown, expired, revoked, or its account deactivated.
#[derive(Debug, Clone)]
pub struct Authenticate {
    /// `cks_…`
    pub token: String,
    /// The present.
    pub now: Millis,
}

impl Lookup for Authenticate {
    type Output = Option<Caller>;
    type Error = SessionError;

    async fn run(&self, query: &mut Query) -> Result<Option<Caller>, SessionError> {
        Ok(caller(query, "s.token_hash", &token::hash(&self.token), self.now).await?)
    }
}

/// Notes that a session was seen; hand it in when [`Caller::wants_touch`] says so.
#[derive(Debug, Clone)]
pub struct Touch {
    /// The session.
    pub session_id: SessionId,
}

impl Deed for Touch {
    fn target(&self) -> Target {
        Target::Instance
    }
}

impl Action for Touch {
    type Output = ();
    type Error = SessionError;

    async fn run(&self, tx: &mut Tx) -> Result<(), SessionError> {
        let now = tx.now();
        tx.execute(
            "UPDATE sessions SET last_seen_at = $1 WHERE id = $2 AND last_seen_at <= $3",
            params![now, self.session_id, now - TOUCH_INTERVAL_MS],
        )
        .await?;
        Ok(())
    }
}
