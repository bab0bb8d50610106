//! Sessions: opened by a sign-in, recognised by their token, ended by their owner, by time, by a
//! change of password or with the account.

use clickclack_protocol::api;
use clickclack_protocol::ids::{SessionId, UserId};
use clickclack_protocol::time::{Millis, to_wire};
use clickclack_store::{Action, Lookup, Query, Row, StoreError, Tx, params};

use crate::access::AccessError;
use crate::accounts;
use crate::desk::{Deed, Target};
use crate::passwords;
use crate::revocations;
use crate::token;

/// How long a session lives: 30 days.
pub const SESSION_LIFE_MS: Millis = 30 * 24 * 3_600_000;
/// Sessions of one person; one more ends the one that was seen longest ago.
pub const SESSIONS_PER_PERSON: i64 = 100;
/// Characters kept of a User-Agent.
const AGENT_CHARS: usize = 300;

/// Why there is no session.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SessionError {
    /// Not one's own, or not there.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The account is deactivated, or its password is another one by now.
    #[error("these credentials do not open a session")]
    CredentialsInvalid,
    /// The token or ticket is unknown, used, expired or revoked.
    #[error("the session has ended")]
    Ended,
}

impl From<StoreError> for SessionError {
    fn from(error: StoreError) -> Self {
        Self::Access(error.into())
    }
}

/// Somebody who is signed in now.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The account.
    pub account: api::Account,
    /// The new session.
    pub session: api::Session,
    /// Its token, shown this once.
    pub token: String,
}

/// The columns of `sessions s` that [`from_row`] reads.
pub(crate) const COLUMNS: &str =
    "s.id, s.agent, s.address, s.created_at, s.last_seen_at, s.expires_at";

/// A session out of [`COLUMNS`]; `current` is the one that asks.
pub(crate) fn from_row(row: &Row, current: Option<SessionId>) -> Result<api::Session, StoreError> {
    let id = row.get(0)?;
    Ok(api::Session {
        id,
        agent: row.get(1)?,
        address: row.get(2)?,
        created_at: to_wire(row.get(3)?),
        last_seen_at: to_wire(row.get(4)?),
        expires_at: to_wire(row.get(5)?),
        current: current == Some(id),
    })
}

/// Opens a session for an account that is active. In a workspace's scope only for an account made
/// by the same action: ending one's oldest session is ordered by the instance.
pub(crate) async fn open(
    tx: &mut Tx,
    user_id: UserId,
    agent: &str,
    address: &str,
) -> Result<SignedIn, StoreError> {
    make_room(tx, user_id).await?;
    let id: SessionId = tx.new_id();
    let token = token::new("cks", tx.secret());
    let now = tx.now();
    let agent: String = agent.chars().filter(|c| !c.is_control()).take(AGENT_CHARS).collect();
    tx.execute(
        "INSERT INTO sessions
           (id, user_id, token_hash, agent, address, created_at, last_seen_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $6, $7)",
        params![id, user_id, token::hash(&token), agent, address, now, now + SESSION_LIFE_MS],
    )
    .await?;
    let sql = format!("SELECT {COLUMNS} FROM sessions s WHERE s.id = $1");
    let session = from_row(&tx.one(&sql, params![id]).await?, Some(id))?;
    Ok(SignedIn { account: accounts::load(tx, user_id).await?, session, token })
}

async fn make_room(tx: &mut Tx, user_id: UserId) -> Result<(), StoreError> {
    let rows = tx
        .rows(
            "SELECT id FROM sessions WHERE user_id = $1
             ORDER BY last_seen_at DESC, id DESC LIMIT 1 OFFSET $2",
            params![user_id, SESSIONS_PER_PERSON - 1],
        )
        .await?;
    match rows.first() {
        Some(row) => end(tx, user_id, row.get(0)?).await.map(drop),
        None => Ok(()),
    }
}

/// Ends one session; whether there was one.
pub(crate) async fn end(tx: &mut Tx, user_id: UserId, id: SessionId) -> Result<bool, StoreError> {
    let gone = tx
        .execute("DELETE FROM sessions WHERE id = $1 AND user_id = $2", params![id, user_id])
        .await?;
    if gone > 0 {
        revocations::record(tx, user_id, Some(id)).await?;
    }
    Ok(gone > 0)
}

/// Ends the sessions of an account but for one.
pub(crate) async fn end_others(
    tx: &mut Tx,
    user_id: UserId,
    kept: Option<SessionId>,
) -> Result<(), StoreError> {
    let rows =
        tx.rows("SELECT id FROM sessions WHERE user_id = $1 ORDER BY id", params![user_id]).await?;
    for row in rows {
        let id = row.get(0)?;
        if kept != Some(id) {
            end(tx, user_id, id).await?;
        }
    }
    Ok(())
}

/// Ends every session of an account, and every connection that it has.
pub(crate) async fn end_all(tx: &mut Tx, user_id: UserId) -> Result<(), StoreError> {
    tx.execute("DELETE FROM sessions WHERE user_id = $1", params![user_id]).await?;
    revocations::record(tx, user_id, None).await
}

/// Opens a session for somebody whose credentials the door has verified.
#[derive(Debug, Clone)]
pub struct OpenSession {
    /// Whose.
    pub user_id: UserId,
    /// The password that was verified: if it is another one by now, nothing opens. `None` when the
    /// account proved itself otherwise.
    pub verified_phc: Option<String>,
    /// The User-Agent that signs in.
    pub agent: String,
    /// The network address that signs in.
    pub address: String,
}

impl Deed for OpenSession {
    fn target(&self) -> Target {
        Target::Instance
    }
}

impl Action for OpenSession {
    type Output = SignedIn;
    type Error = SessionError;

    async fn run(&self, tx: &mut Tx) -> Result<SignedIn, SessionError> {
        let active = tx
            .maybe(
                "SELECT id FROM users WHERE id = $1 AND deactivated_at IS NULL",
                params![self.user_id],
            )
            .await?;
        let stands = match &self.verified_phc {
            None => true,
            Some(phc) => passwords::current(tx, self.user_id).await?.as_ref() == Some(phc),
        };
        if active.is_none() || !stands {
            return Err(SessionError::CredentialsInvalid);
        }
        Ok(open(tx, self.user_id, &self.agent, &self.address).await?)
    }
}

/// One's own sessions, newest first.
#[derive(Debug, Clone)]
pub struct ListSessions {
    /// Who.
    pub actor: UserId,
    /// The session that asks.
    pub session_id: SessionId,
    /// The present: what has expired is not listed.
    pub now: Millis,
}

impl Lookup for ListSessions {
    type Output = api::SessionList;
    type Error = SessionError;

    async fn run(&self, query: &mut Query) -> Result<api::SessionList, SessionError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM sessions s
             WHERE s.user_id = $1 AND s.expires_at > $2 ORDER BY s.id DESC"
        );
        let rows = query.rows(&sql, params![self.actor, self.now]).await?;
        let items = rows
            .iter()
            .map(|row| from_row(row, Some(self.session_id)))
            .collect::<Result<_, _>>()?;
        Ok(api::SessionList { items })
    }
}

/// Ends one of one's own sessions.
#[derive(Debug, Clone)]
pub struct RevokeSession {
    /// Who.
    pub actor: UserId,
    /// The session.
    pub session_id: SessionId,
}

impl Deed for RevokeSession {
    fn target(&self) -> Target {
        Target::Instance
    }
}

impl Action for RevokeSession {
    type Output = ();
    type Error = SessionError;

    async fn run(&self, tx: &mut Tx) -> Result<(), SessionError> {
        let ended = end(tx, self.actor, self.session_id).await?;
        if ended { Ok(()) } else { Err(AccessError::NotFound.into()) }
    }
}

/// Ends the session that is calling; one that has ended already is fine.
#[derive(Debug, Clone)]
pub struct LogOut {
    /// Who.
    pub actor: UserId,
    /// The session.
    pub session_id: SessionId,
}

impl Deed for LogOut {
    fn target(&self) -> Target {
        Target::Instance
    }
}

impl Action for LogOut {
    type Output = ();
    type Error = SessionError;

    async fn run(&self, tx: &mut Tx) -> Result<(), SessionError> {
        end(tx, self.actor, self.session_id).await?;
        Ok(())
    }
}
