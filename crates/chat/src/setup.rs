//! The first run: the instance's first administrator and first workspace, made exactly once.

use clickclack_protocol::api;
use clickclack_protocol::ids::UserId;
use clickclack_store::{Action, Tx, params};
use subtle::ConstantTimeEq;

use crate::accounts;
use crate::desk::{Deed, Target};
use crate::instance::{self, InstanceError};
use crate::links::{self, IssuedLink};
use crate::passwords;
use crate::sessions::{self, SignedIn};
use crate::text;
use crate::token;
use crate::workspaces;

/// Name of the first workspace when none is given.
const FIRST_WORKSPACE: &str = "Home";
/// Name of the demo administrator.
pub const DEMO_NAME: &str = "Ana Ruiz";
/// E-mail address of the demo administrator.
pub const DEMO_EMAIL: &str = "demo@clickclack.example";
/// Name of the demo workspace when none is given.
pub const DEMO_WORKSPACE: &str = "Tidepool";

/// Who administers the instance from now on, and their workspace.
struct First<'a> {
    name: &'a str,
    email: &'a str,
    workspace_name: &'a str,
}

impl First<'_> {
    /// Makes both. The instance is locked and known to have no administrator.
    async fn insert(&self, tx: &mut Tx) -> Result<(UserId, api::Workspace), InstanceError> {
        let (name, email) = (text::person_name(self.name)?, text::email(self.email)?);
        let workspace_name = workspaces::name("workspace_name", self.workspace_name)?;
        let user_id = accounts::insert(tx, &name, &email, true).await?;
        tx.execute("UPDATE instance SET setup_token_hash = NULL", params![]).await?;
        let workspace = workspaces::insert(tx, user_id, &workspace_name).await?;
        Ok((user_id, workspace))
    }
}

/// Makes the demo administrator and their workspace. The instance is locked and known to have no
/// administrator.
pub(crate) async fn insert_demo(
    tx: &mut Tx,
    workspace_name: &str,
) -> Result<(UserId, api::Workspace), InstanceError> {
    First { name: DEMO_NAME, email: DEMO_EMAIL, workspace_name }.insert(tx).await
}

/// Makes the token of a new set-up link; those before it end. `None` once there is an
/// administrator.
#[derive(Debug, Clone)]
pub struct NewSetupToken;

impl Deed for NewSetupToken {
    fn target(&self) -> Target {
        Target::Instance
    }
}

impl Action for NewSetupToken {
    type Output = Option<String>;
    type Error = InstanceError;

    async fn run(&self, tx: &mut Tx) -> Result<Option<String>, InstanceError> {
        if !instance::state(tx).await?.setup_required {
            return Ok(None);
        }
        let token = token::new("ckp", tx.secret());
        tx.execute("UPDATE instance SET setup_token_hash = $1", params![token::hash(&token)])
            .await?;
        Ok(Some(token))
    }
}

/// Makes the administrator and the first workspace with the set-up link's token, and signs in.
#[derive(Debug, Clone)]
pub struct SetUp {
    /// `ckp_…`
    pub token: String,
    /// The administrator's name.
    pub name: String,
    /// The administrator's e-mail address.
    pub email: String,
    /// The password as a PHC string.
    pub password_phc: String,
    /// Name of the first workspace.
    pub workspace_name: String,
    /// The User-Agent that signs in.
    pub agent: String,
    /// The network address that signs in.
    pub address: String,
}

impl Deed for SetUp {
    fn target(&self) -> Target {
        Target::Instance
    }
}

impl Action for SetUp {
    type Output = SignedIn;
    type Error = InstanceError;

    /// The instance is locked: of two who set up at once, the second finds it done.
    async fn run(&self, tx: &mut Tx) -> Result<SignedIn, InstanceError> {
        if !instance::state(tx).await?.setup_required {
            return Err(InstanceError::SetupDone);
        }
        let row = tx.one("SELECT setup_token_hash FROM instance", params![]).await?;
        let wanted = row.get::<Option<String>>(0)?;
        let wanted = wanted.ok_or(InstanceError::SetupTokenInvalid)?;
        let given = token::hash(&self.token);
        if !bool::from(given.as_bytes().ct_eq(wanted.as_bytes())) {
            return Err(InstanceError::SetupTokenInvalid);
        }
        let first =
            First { name: &self.name, email: &self.email, workspace_name: &self.workspace_name };
        let (user_id, _) = first.insert(tx).await?;
        passwords::set(tx, user_id, &self.password_phc).await?;
        Ok(sessions::open(tx, user_id, &self.agent, &self.address).await?)
    }
}

/// Makes the administrator and the first workspace at the machine, without a browser.
#[derive(Debug, Clone)]
pub struct Bootstrap {
    /// The administrator's name.
    pub name: String,
    /// The administrator's e-mail address.
    pub email: String,
    /// Name of the first workspace; `Home` when absent.
    pub workspace_name: Option<String>,
}

/// What [`Bootstrap`] made.
#[derive(Debug, Clone)]
pub struct Bootstrapped {
    /// The first workspace.
    pub workspace: api::Workspace,
    /// The administrator, and the link that lets them in.
    pub link: IssuedLink,
}

impl Deed for Bootstrap {
    fn target(&self) -> Target {
        Target::Instance
    }
}

impl Action for Bootstrap {
    type Output = Bootstrapped;
    type Error = InstanceError;

    async fn run(&self, tx: &mut Tx) -> Result<Bootstrapped, InstanceError> {
        if !instance::state(tx).await?.setup_required {
            return Err(InstanceError::SetupDone);
        }
        let workspace_name = self.workspace_name.as_deref().unwrap_or(FIRST_WORKSPACE);
        let first = First { name: &self.name, email: &self.email, workspace_name };
        let (user_id, workspace) = first.insert(tx).await?;
        Ok(Bootstrapped { workspace, link: links::issue(tx, user_id).await? })
    }
}

/// Finds the account that a developer is signed in as: the oldest active administrator, made with
/// a workspace when there is none yet.
#[derive(Debug, Clone)]
pub struct EnsureDemo;

impl Deed for EnsureDemo {
    fn target(&self) -> Target {
        Target::Instance
    }
}

impl Action for EnsureDemo {
    type Output = UserId;
    type Error = InstanceError;

    async fn run(&self, tx: &mut Tx) -> Result<UserId, InstanceError> {
        let found = tx
            .maybe(
                "SELECT id FROM users WHERE is_administrator = 1 AND deactivated_at IS NULL
                 ORDER BY id LIMIT 1",
                params![],
            )
            .await?;
        match found {
            Some(row) => Ok(row.get(0)?),
            None => Ok(insert_demo(tx, DEMO_WORKSPACE).await?.0),
        }
    }
}
