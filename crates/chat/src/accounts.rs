//! Accounts: what oneself, the others and the administrator see of them, and changing one's own.

use clickclack_protocol::api;
use clickclack_protocol::ids::UserId;
use clickclack_protocol::time::to_wire;
use clickclack_store::{Action, Lookup, Query, Row, StoreError, Tx, params};

use crate::access::{self, AccessError};
use crate::desk::{Deed, Target, homes_of};
use crate::links::{self, IssuedLink};
use crate::members;
use crate::page::Page;
use crate::text::{self, Invalid, stored};

/// Why an account was not made, shown or changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    /// Not seen, or not one's to do.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// A field is not as it must be.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The sign-up policy lets nobody in this way.
    #[error("signing up is not open here")]
    SignupClosed,
    /// The invite does not exist, has ended or is used up.
    #[error("the invite cannot be used")]
    InviteInvalid,
    /// Another account has the e-mail address.
    #[error("the e-mail address is taken")]
    EmailTaken,
    /// The present password is another one, or needed and missing.
    #[error("the present password is not right")]
    CredentialsInvalid,
    /// Somebody must be able to administer the instance.
    #[error("this is the last administrator")]
    LastAdministrator,
    /// The account's workspaces changed before they were locked: to be tried again.
    #[error("the account's workspaces changed meanwhile")]
    Moved,
}

/// The index that keeps e-mail addresses apart.
pub(crate) const EMAIL_KEY: &str = "users_email";

impl From<StoreError> for AccountError {
    fn from(error: StoreError) -> Self {
        if error.violates(EMAIL_KEY) { Self::EmailTaken } else { Self::Access(error.into()) }
    }
}

/// The columns of `users u` that [`from_row`] reads.
pub(crate) const COLUMNS: &str = "u.id, u.name, u.kind, u.deactivated_at IS NOT NULL, u.email, \
     u.is_administrator, u.created_at, \
     (u.is_administrator = 1 OR EXISTS (SELECT 1 FROM instance WHERE workspace_creation = 'everyone'))";

/// An account out of [`COLUMNS`].
pub(crate) fn from_row(row: &Row) -> Result<api::Account, StoreError> {
    Ok(api::Account {
        id: row.get(0)?,
        name: row.get(1)?,
        kind: stored(&row.get::<String>(2)?)?,
        deactivated: row.get(3)?,
        email: row.get(4)?,
        is_administrator: row.get(5)?,
        created_at: to_wire(row.get(6)?),
        may_create_workspaces: row.get(7)?,
    })
}

/// The account as it is now.
pub(crate) async fn load(query: &mut Query, id: UserId) -> Result<api::Account, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM users u WHERE u.id = $1");
    from_row(&query.one(&sql, params![id]).await?)
}

/// The account with an e-mail address; none for a text that is no address.
pub(crate) async fn find(
    query: &mut Query,
    email: &str,
) -> Result<Option<api::Account>, StoreError> {
    let Ok(email) = text::email(email) else {
        return Ok(None);
    };
    let sql = format!("SELECT {COLUMNS} FROM users u WHERE u.email = $1");
    query.maybe(&sql, params![email]).await?.as_ref().map(from_row).transpose()
}

/// Makes a person's account. Name and address have passed [`text::person_name`] and
/// [`text::email`]; a taken address violates [`EMAIL_KEY`].
pub(crate) async fn insert(
    tx: &mut Tx,
    name: &str,
    email: &str,
    is_administrator: bool,
) -> Result<UserId, StoreError> {
    let id: UserId = tx.new_id();
    let now = tx.now();
    tx.execute(
        "INSERT INTO users (id, kind, name, name_folded, email, is_administrator, created_at)
         VALUES ($1, 'human', $2, $3, $4, $5, $6)",
        params![id, name, name.to_lowercase(), email, is_administrator, now],
    )
    .await?;
    Ok(id)
}

/// Makes a bot's account. The name has passed [`text::person_name`].
pub(crate) async fn insert_bot(tx: &mut Tx, name: &str) -> Result<UserId, StoreError> {
    let id: UserId = tx.new_id();
    let now = tx.now();
    tx.execute(
        "INSERT INTO users (id, kind, name, name_folded, created_at) VALUES ($1, 'bot', $2, $3, $4)",
        params![id, name, name.to_lowercase(), now],
    )
    .await?;
    Ok(id)
}

/// Tells all workspaces of an account that it changed. The action's target is
/// [`Target::Everywhere`]; a workspace joined since then means [`AccountError::Moved`].
pub(crate) async fn announce(tx: &mut Tx, user_id: UserId) -> Result<(), AccountError> {
    let homes = homes_of(tx, user_id).await?;
    if homes.iter().any(|home| tx.seq(*home).is_none()) {
        return Err(AccountError::Moved);
    }
    for home in homes {
        members::announce(tx, home, user_id, None).await?;
    }
    Ok(())
}

/// The account that is calling.
#[derive(Debug, Clone)]
pub struct GetMe {
    /// Who.
    pub actor: UserId,
}

impl Lookup for GetMe {
    type Output = api::Account;
    type Error = AccountError;

    async fn run(&self, query: &mut Query) -> Result<api::Account, AccountError> {
        Ok(load(query, self.actor).await?)
    }
}

/// Changes one's own account.
#[derive(Debug, Clone)]
pub struct UpdateMe {
    /// Who.
    pub actor: UserId,
    /// The new name, if it changes.
    pub name: Option<String>,
}

impl Deed for UpdateMe {
    fn target(&self) -> Target {
        Target::Everywhere(self.actor)
    }

    fn moved(error: &AccountError) -> bool {
        *error == AccountError::Moved
    }
}

impl Action for UpdateMe {
    type Output = api::Account;
    type Error = AccountError;

    async fn run(&self, tx: &mut Tx) -> Result<api::Account, AccountError> {
        let before = load(tx, self.actor).await?;
        if before.deactivated {
            return Err(AccessError::Forbidden.into());
        }
        let name = match &self.name {
            Some(text) => text::person_name(text)?,
            None => before.name.clone(),
        };
        if name == before.name {
            return Ok(before);
        }
        // This locks the row, so that nobody who joins somewhere now is overlooked by `announce`.
        tx.execute(
            "UPDATE users SET name = $1, name_folded = $2 WHERE id = $3",
            params![&name, name.to_lowercase(), self.actor],
        )
        .await?;
        announce(tx, self.actor).await?;
        Ok(load(tx, self.actor).await?)
    }
}

/// A person with whom one shares a workspace, or oneself.
#[derive(Debug, Clone)]
pub struct GetUser {
    /// Who looks.
    pub actor: UserId,
    /// At whom.
    pub user_id: UserId,
}

impl Lookup for GetUser {
    type Output = api::User;
    type Error = AccountError;

    async fn run(&self, query: &mut Query) -> Result<api::User, AccountError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM users u
             WHERE u.id = $1 AND (u.id = $2 OR EXISTS (
               SELECT 1 FROM members theirs
               JOIN members own ON own.workspace_id = theirs.workspace_id
               WHERE theirs.user_id = u.id AND own.user_id = $2))"
        );
        let row = query
            .maybe(&sql, params![self.user_id, self.actor])
            .await?
            .ok_or(AccessError::NotFound)?;
        let account = from_row(&row)?;
        Ok(api::User {
            id: account.id,
            name: account.name,
            kind: account.kind,
            deactivated: account.deactivated,
        })
    }
}

/// All accounts of the instance, oldest first.
#[derive(Debug, Clone)]
pub struct ListUsers {
    /// The administrator.
    pub actor: UserId,
    /// Which page.
    pub page: Page,
}

impl Lookup for ListUsers {
    type Output = api::AccountPage;
    type Error = AccountError;

    async fn run(&self, query: &mut Query) -> Result<api::AccountPage, AccountError> {
        access::to_administer(query, self.actor).await?;
        let sql = format!("SELECT {COLUMNS} FROM users u WHERE u.id > $1 ORDER BY u.id LIMIT $2");
        let rows = query.rows(&sql, params![&self.page.after, self.page.rows()]).await?;
        let mut items = rows.iter().map(from_row).collect::<Result<Vec<_>, _>>()?;
        let next_cursor = self.page.cut(&mut items, |account| account.id.to_string());
        Ok(api::AccountPage { items, next_cursor })
    }
}

/// The account with an e-mail address, for the operator at the machine.
#[derive(Debug, Clone)]
pub struct FindByEmail {
    /// The address, in any case.
    pub email: String,
}

impl Lookup for FindByEmail {
    type Output = Option<api::Account>;
    type Error = AccountError;

    async fn run(&self, query: &mut Query) -> Result<Option<api::Account>, AccountError> {
        Ok(find(query, &self.email).await?)
    }
}

/// Makes an account at the machine, whatever the sign-up policy says. It has no password yet: the
/// link lets its person in to set one.
#[derive(Debug, Clone)]
pub struct CreateUser {
    /// The person's name.
    pub name: String,
    /// The person's e-mail address.
    pub email: String,
}

impl Deed for CreateUser {
    fn target(&self) -> Target {
        Target::Instance
    }
}

impl Action for CreateUser {
    type Output = IssuedLink;
    type Error = AccountError;

    async fn run(&self, tx: &mut Tx) -> Result<IssuedLink, AccountError> {
        let (name, email) = (text::person_name(&self.name)?, text::email(&self.email)?);
        let user_id = insert(tx, &name, &email, false).await?;
        Ok(links::issue(tx, user_id).await?)
    }
}
