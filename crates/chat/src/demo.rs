//! The demo workspace: founded in an empty database, with people who have no way to sign in.

use clickclack_protocol::api::{self, Role};
use clickclack_protocol::ids::UserId;
use clickclack_store::{Action, StoreError, Tx, params};

use crate::access::AccessError;
use crate::accounts;
use crate::desk::{Deed, Target};
use crate::instance::InstanceError;
use crate::members;
use crate::setup;
use crate::text::{self, Invalid};

/// Why no demo was founded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DemoError {
    /// The database did not answer.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// A name or an address is not as it must be.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The instance would not be set up.
    #[error(transparent)]
    Instance(#[from] InstanceError),
    /// Somebody has begun here.
    #[error("the database is not empty")]
    NotEmpty,
}

impl From<StoreError> for DemoError {
    fn from(error: StoreError) -> Self {
        Self::Access(error.into())
    }
}

/// Somebody who plays along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoPerson {
    /// The name.
    pub name: String,
    /// The e-mail address; a bot has none.
    pub email: String,
    /// The role in the workspace; the owner is the demo administrator.
    pub role: Role,
}

/// Founds the demo: its administrator ([`setup::EnsureDemo`] finds the same one), its workspace and
/// its people, all at once or not at all.
#[derive(Debug, Clone)]
pub struct FoundDemo {
    /// Name of the workspace.
    pub workspace_name: String,
    /// The others. Guests are in no channel yet.
    pub people: Vec<DemoPerson>,
}

/// What [`FoundDemo`] made.
#[derive(Debug, Clone)]
pub struct Founded {
    /// The workspace.
    pub workspace: api::Workspace,
    /// Its owner, the demo administrator.
    pub owner: UserId,
    /// The others, in the order in which they were named.
    pub people: Vec<UserId>,
}

impl Deed for FoundDemo {
    fn target(&self) -> Target {
        Target::Instance
    }
}

impl Action for FoundDemo {
    type Output = Founded;
    type Error = DemoError;

    /// The instance is locked, so what is empty here stays empty until the commit.
    async fn run(&self, tx: &mut Tx) -> Result<Founded, DemoError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM users) OR EXISTS (SELECT 1 FROM workspaces)";
        if tx.one(sql, params![]).await?.get(0)? {
            return Err(DemoError::NotEmpty);
        }
        let (owner, workspace) = setup::insert_demo(tx, &self.workspace_name).await?;
        let mut people = Vec::with_capacity(self.people.len());
        for person in &self.people {
            let name = text::person_name(&person.name)?;
            let user_id = if person.role == Role::Bot {
                accounts::insert_bot(tx, &name).await?
            } else {
                accounts::insert(tx, &name, &text::email(&person.email)?, false).await?
            };
            members::insert(tx, workspace.id, user_id, person.role).await?;
            people.push(user_id);
        }
        Ok(Founded { workspace, owner, people })
    }
}
