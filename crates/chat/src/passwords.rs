//! Passwords, as PHC strings: hashing and verifying them is the door's part, since it takes long.

use clickclack_protocol::ids::{SessionId, UserId};
use clickclack_store::{Action, Lookup, Query, StoreError, Tx, params};

use crate::access::AccessError;
use crate::accounts::{self, AccountError};
use crate::callers;
use crate::desk::{Deed, Target};
use crate::links::{self, IssuedLink};
use crate::sessions;
use crate::text;

/// Sets an account's password.
pub(crate) async fn set(tx: &mut Tx, user_id: UserId, phc: &str) -> Result<(), StoreError> {
    let now = tx.now();
    tx.execute(
        "INSERT INTO identities (provider, subject, user_id, secret, updated_at)
         VALUES ('password', $1, $1, $2, $3)
         ON CONFLICT (provider, subject)
         DO UPDATE SET secret = excluded.secret, updated_at = excluded.updated_at",
        params![user_id, phc, now],
    )
    .await?;
    Ok(())
}

/// The password of an account that may sign in.
pub(crate) async fn current(
    query: &mut Query,
    user_id: UserId,
) -> Result<Option<String>, StoreError> {
    let row = query
        .maybe(
            "SELECT i.secret FROM identities i JOIN users u ON u.id = i.user_id
             WHERE i.provider = 'password' AND i.subject = $1 AND u.deactivated_at IS NULL",
            params![user_id],
        )
        .await?;
    row.map(|row| row.get(0)).transpose()
}

/// The account and password behind an e-mail address; nothing for an unknown address, a
/// deactivated account and one without password, which the door must answer alike and in the same
/// time.
#[derive(Debug, Clone)]
pub struct PasswordOf {
    /// The address, in any case.
    pub email: String,
}

impl Lookup for PasswordOf {
    type Output = Option<(UserId, String)>;
    type Error = AccountError;

    async fn run(&self, query: &mut Query) -> Result<Self::Output, AccountError> {
        let Ok(email) = text::email(&self.email) else {
            return Ok(None);
        };
        let row = query
            .maybe(
                "SELECT u.id, i.secret FROM users u
                 JOIN identities i ON i.user_id = u.id AND i.provider = 'password'
                 WHERE u.email = $1 AND u.deactivated_at IS NULL AND i.secret IS NOT NULL",
                params![email],
            )
            .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some((row.get(0)?, row.get(1)?)))
    }
}

/// One's own present password, for the door to verify before [`ChangePassword`]; `None` when the
/// account has none.
#[derive(Debug, Clone)]
pub struct CurrentPassword {
    /// Who.
    pub actor: UserId,
}

impl Lookup for CurrentPassword {
    type Output = Option<String>;
    type Error = AccountError;

    async fn run(&self, query: &mut Query) -> Result<Option<String>, AccountError> {
        Ok(current(query, self.actor).await?)
    }
}

/// Sets a new password for oneself; every other session and every unused link ends.
#[derive(Debug, Clone)]
pub struct ChangePassword {
    /// Who.
    pub actor: UserId,
    /// The session that stays.
    pub session_id: SessionId,
    /// What [`CurrentPassword`] answered and the door verified; `None` when the account has none.
    pub verified_phc: Option<String>,
    /// The new password.
    pub new_phc: String,
}

impl Deed for ChangePassword {
    fn target(&self) -> Target {
        Target::Instance
    }
}

impl Action for ChangePassword {
    type Output = ();
    type Error = AccountError;

    async fn run(&self, tx: &mut Tx) -> Result<(), AccountError> {
        // Verified outside of the lock: it counts only if it is still the password.
        if current(tx, self.actor).await? != self.verified_phc {
            return Err(AccountError::CredentialsInvalid);
        }
        if !callers::is_alive(tx, self.actor, self.session_id).await? {
            return Err(AccessError::Forbidden.into());
        }
        set(tx, self.actor, &self.new_phc).await?;
        links::end_all(tx, self.actor).await?;
        sessions::end_others(tx, self.actor, Some(self.session_id)).await?;
        Ok(())
    }
}

/// Takes an account's password away at the machine and ends its sessions; the link lets its person
/// in to set a new one.
#[derive(Debug, Clone)]
pub struct ResetPassword {
    /// The account's e-mail address, in any case.
    pub email: String,
}

impl Deed for ResetPassword {
    fn target(&self) -> Target {
        Target::Instance
    }
}

impl Action for ResetPassword {
    type Output = IssuedLink;
    type Error = AccountError;

    async fn run(&self, tx: &mut Tx) -> Result<IssuedLink, AccountError> {
        let account = accounts::find(tx, &self.email)
            .await?
            .filter(|account| !account.deactivated)
            .ok_or(AccessError::NotFound)?;
        tx.execute(
            "DELETE FROM identities WHERE provider = 'password' AND subject = $1",
            params![account.id],
        )
        .await?;
        links::end_all(tx, account.id).await?;
        sessions::end_others(tx, account.id, None).await?;
        Ok(links::issue(tx, account.id).await?)
    }
}
