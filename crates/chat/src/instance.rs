//! The instance: its name and its policies, for everybody at the door and for its administrator.

use clickclack_protocol::api::{self, SignupPolicy, WorkspaceCreation};
use clickclack_protocol::ids::UserId;
use clickclack_protocol::limits;
use clickclack_store::{Action, Engine, Lookup, Query, StoreError, Tx, params};

use crate::access::{self, AccessError};
use crate::accounts::EMAIL_KEY;
use crate::desk::{Deed, Target};
use crate::text::{self, Invalid, stored, to_stored};

/// Why the instance was not set up, shown or changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InstanceError {
    /// Not the administrator.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// A field is not as it must be.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// There is an administrator already.
    #[error("the server is set up already")]
    SetupDone,
    /// Not the token of the newest set-up link.
    #[error("the set-up link is not valid")]
    SetupTokenInvalid,
    /// Another account has the e-mail address.
    #[error("the e-mail address is taken")]
    EmailTaken,
}

impl From<StoreError> for InstanceError {
    fn from(error: StoreError) -> Self {
        if error.violates(EMAIL_KEY) { Self::EmailTaken } else { Self::Access(error.into()) }
    }
}

/// What the door has to know of the instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstanceState {
    /// Its name.
    pub name: String,
    /// Who may create an account.
    pub signup_policy: SignupPolicy,
    /// Who may create workspaces.
    pub workspace_creation: WorkspaceCreation,
    /// No administrator exists yet.
    pub setup_required: bool,
    /// Names this database's life; part of every cursor.
    pub epoch: String,
}

/// The instance as it is now.
pub(crate) async fn state(query: &mut Query) -> Result<InstanceState, StoreError> {
    let row = query
        .one(
            "SELECT name, signup_policy, workspace_creation,
                    NOT EXISTS (SELECT 1 FROM users WHERE is_administrator = 1), epoch
             FROM instance",
            params![],
        )
        .await?;
    Ok(InstanceState {
        name: row.get(0)?,
        signup_policy: stored(&row.get::<String>(1)?)?,
        workspace_creation: stored(&row.get::<String>(2)?)?,
        setup_required: row.get(3)?,
        epoch: row.get(4)?,
    })
}

/// The settings as the administrator sees them.
async fn settings(query: &mut Query) -> Result<api::Instance, StoreError> {
    let state = state(query).await?;
    Ok(api::Instance {
        name: state.name,
        signup_policy: state.signup_policy,
        workspace_creation: state.workspace_creation,
        server_version: env!("CARGO_PKG_VERSION").to_owned(),
        engine: match query.engine() {
            Engine::Sqlite => api::InstanceEngine::Sqlite,
            Engine::Postgres => api::InstanceEngine::Postgres,
        },
    })
}

/// What the instance tells everybody at the door.
#[derive(Debug, Clone)]
pub struct GetAuthProviders;

impl Lookup for GetAuthProviders {
    type Output = InstanceState;
    type Error = InstanceError;

    async fn run(&self, query: &mut Query) -> Result<InstanceState, InstanceError> {
        Ok(state(query).await?)
    }
}

/// The settings of the instance.
#[derive(Debug, Clone)]
pub struct GetInstance {
    /// The administrator.
    pub actor: UserId,
}

impl Lookup for GetInstance {
    type Output = api::Instance;
    type Error = InstanceError;

    async fn run(&self, query: &mut Query) -> Result<api::Instance, InstanceError> {
        access::to_administer(query, self.actor).await?;
        Ok(settings(query).await?)
    }
}

/// Changes the settings that it names.
#[derive(Debug, Clone)]
pub struct UpdateInstance {
    /// The administrator.
    pub actor: UserId,
    /// The new name.
    pub name: Option<String>,
    /// Who may create an account.
    pub signup_policy: Option<SignupPolicy>,
    /// Who may create workspaces.
    pub workspace_creation: Option<WorkspaceCreation>,
}

impl Deed for UpdateInstance {
    fn target(&self) -> Target {
        Target::Instance
    }
}

impl Action for UpdateInstance {
    type Output = api::Instance;
    type Error = InstanceError;

    async fn run(&self, tx: &mut Tx) -> Result<api::Instance, InstanceError> {
        access::to_administer(tx, self.actor).await?;
        let before = state(tx).await?;
        let name = match &self.name {
            Some(text) => text::line("name", text, limits::NAME_CHARS)?,
            None => before.name,
        };
        let signup_policy = self.signup_policy.unwrap_or(before.signup_policy);
        let workspace_creation = self.workspace_creation.unwrap_or(before.workspace_creation);
        tx.execute(
            "UPDATE instance SET name = $1, signup_policy = $2, workspace_creation = $3",
            params![name, to_stored(signup_policy), to_stored(workspace_creation)],
        )
        .await?;
        Ok(settings(tx).await?)
    }
}
