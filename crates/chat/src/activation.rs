//! Ending an account at once, and letting it come back.

use clickclack_protocol::api;
use clickclack_protocol::ids::UserId;
use clickclack_store::{Action, Tx, params};

use crate::access::{self, AccessError};
use crate::accounts::{self, AccountError};
use crate::desk::{Deed, Target};
use crate::links;
use crate::sessions;

/// Deactivates an account: its sessions, sockets and links end at once, and invites that it made
/// cannot be used while it is deactivated.
#[derive(Debug, Clone)]
pub struct DeactivateUser {
    /// The administrator; `None` is the operator at the machine.
    pub actor: Option<UserId>,
    /// Whose account.
    pub user_id: UserId,
}

impl Deed for DeactivateUser {
    fn target(&self) -> Target {
        Target::Everywhere(self.user_id)
    }

    fn moved(error: &AccountError) -> bool {
        *error == AccountError::Moved
    }
}

impl Action for DeactivateUser {
    type Output = api::Account;
    type Error = AccountError;

    async fn run(&self, tx: &mut Tx) -> Result<api::Account, AccountError> {
        let before = subject(tx, self.actor, self.user_id).await?;
        if before.deactivated {
            return Ok(before);
        }
        if before.is_administrator && !has_other_administrator(tx, self.user_id).await? {
            return Err(AccountError::LastAdministrator);
        }
        tx.execute(
            "UPDATE users SET deactivated_at = $1 WHERE id = $2",
            params![tx.now(), self.user_id],
        )
        .await?;
        sessions::end_all(tx, self.user_id).await?;
        links::end_all(tx, self.user_id).await?;
        accounts::announce(tx, self.user_id).await?;
        Ok(accounts::load(tx, self.user_id).await?)
    }
}

/// Lets a deactivated account sign in again.
#[derive(Debug, Clone)]
pub struct ReactivateUser {
    /// The administrator; `None` is the operator at the machine.
    pub actor: Option<UserId>,
    /// Whose account.
    pub user_id: UserId,
}

impl Deed for ReactivateUser {
    fn target(&self) -> Target {
        Target::Everywhere(self.user_id)
    }

    fn moved(error: &AccountError) -> bool {
        *error == AccountError::Moved
    }
}

impl Action for ReactivateUser {
    type Output = api::Account;
    type Error = AccountError;

    async fn run(&self, tx: &mut Tx) -> Result<api::Account, AccountError> {
        let before = subject(tx, self.actor, self.user_id).await?;
        if !before.deactivated {
            return Ok(before);
        }
        tx.execute("UPDATE users SET deactivated_at = NULL WHERE id = $1", params![self.user_id])
            .await?;
        accounts::announce(tx, self.user_id).await?;
        Ok(accounts::load(tx, self.user_id).await?)
    }
}

/// The account that an administrator or the operator acts on. Its row is locked: who joins a
/// workspace waits for it, so none is overlooked when the change is announced.
async fn subject(
    tx: &mut Tx,
    actor: Option<UserId>,
    user_id: UserId,
) -> Result<api::Account, AccountError> {
    if let Some(actor) = actor {
        access::to_administer(tx, actor).await?;
    }
    let sql = format!("SELECT id FROM users WHERE id = $1{}", tx.engine().for_update());
    tx.maybe(&sql, params![user_id]).await?.ok_or(AccessError::NotFound)?;
    Ok(accounts::load(tx, user_id).await?)
}

/// The instance is locked, so of two administrators who deactivate each other one stays.
async fn has_other_administrator(tx: &mut Tx, user_id: UserId) -> Result<bool, AccountError> {
    let row = tx
        .one(
            "SELECT EXISTS (SELECT 1 FROM users
             WHERE is_administrator = 1 AND deactivated_at IS NULL AND id <> $1)",
            params![user_id],
        )
        .await?;
    Ok(row.get(0)?)
}
