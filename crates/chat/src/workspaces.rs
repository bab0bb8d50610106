//! Workspaces: created with `#general`, listed, renamed.

use clickclack_protocol::api::{self, ChannelKind, Role};
use clickclack_protocol::ids::{UserId, WorkspaceId};
use clickclack_protocol::limits;
use clickclack_protocol::time::to_wire;
use clickclack_store::{Action, Lookup, Query, Row, StoreError, Tx, params};

use crate::access::{self, AccessError};
use crate::channels;
use crate::desk::{Deed, Target};
use crate::log::{self, Draft};
use crate::members;
use crate::text::{self, Invalid};

/// Why a workspace was not made or changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WorkspaceError {
    /// Not seen, or not one's to do.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// A field is not as it must be.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// One person may own only so many.
    #[error("one person may own at most {0} workspaces")]
    TooMany(i64),
    /// Somebody changed it since the version that the caller has seen.
    #[error("the workspace has changed meanwhile")]
    Stale,
}

impl From<StoreError> for WorkspaceError {
    fn from(error: StoreError) -> Self {
        Self::Access(error.into())
    }
}

pub(crate) const COLUMNS: &str = "w.id, w.name, w.created_at, w.version";

pub(crate) fn from_row(row: &Row) -> Result<api::Workspace, StoreError> {
    Ok(api::Workspace {
        id: row.get(0)?,
        name: row.get(1)?,
        created_at: to_wire(row.get(2)?),
        version: row.get(3)?,
    })
}

pub(crate) async fn load(query: &mut Query, id: WorkspaceId) -> Result<api::Workspace, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM workspaces w WHERE w.id = $1");
    from_row(&query.one(&sql, params![id]).await?)
}

/// A workspace's name in one line, from the field that it came in.
pub fn name(field: &'static str, text: &str) -> Result<String, Invalid> {
    text::line(field, text, limits::WORKSPACE_NAME_CHARS)
}

/// Makes a workspace with its owner and `#general`. No rights are checked: that is the caller's
/// part. The name has passed [`name`].
pub(crate) async fn insert(
    tx: &mut Tx,
    owner: UserId,
    name: &str,
) -> Result<api::Workspace, StoreError> {
    let id: WorkspaceId = tx.new_id();
    let now = tx.now();
    tx.execute(
        "INSERT INTO workspaces (id, name, created_at) VALUES ($1, $2, $3)",
        params![id, name, now],
    )
    .await?;
    tx.begin_log(id);
    members::insert(tx, id, owner, Role::Owner).await?;
    channels::insert(tx, id, owner, ChannelKind::Public, channels::GENERAL, "").await?;
    load(tx, id).await
}

/// Makes a workspace; the actor becomes its owner.
#[derive(Debug, Clone)]
pub struct CreateWorkspace {
    /// Who.
    pub actor: UserId,
    /// Its name.
    pub name: String,
}

impl Deed for CreateWorkspace {
    fn target(&self) -> Target {
        Target::Instance
    }
}

impl Action for CreateWorkspace {
    type Output = api::Workspace;
    type Error = WorkspaceError;

    async fn run(&self, tx: &mut Tx) -> Result<api::Workspace, WorkspaceError> {
        let name = name("name", &self.name)?;
        let row = tx
            .maybe(
                "SELECT i.workspace_creation = 'everyone' OR u.is_administrator = 1,
                        (SELECT COUNT(*) FROM members m WHERE m.user_id = u.id AND m.role = 'owner')
                 FROM users u CROSS JOIN instance i
                 WHERE u.id = $1 AND u.deactivated_at IS NULL",
                params![self.actor],
            )
            .await?
            .ok_or(AccessError::Forbidden)?;
        if !row.get::<bool>(0)? {
            return Err(AccessError::Forbidden.into());
        }
        if row.get::<i64>(1)? >= limits::WORKSPACES_PER_OWNER {
            return Err(WorkspaceError::TooMany(limits::WORKSPACES_PER_OWNER));
        }
        Ok(insert(tx, self.actor, &name).await?)
    }
}

/// Renames a workspace.
#[derive(Debug, Clone)]
pub struct UpdateWorkspace {
    /// Owner or admin.
    pub actor: UserId,
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// The new name, if it changes.
    pub name: Option<String>,
    /// The version that the caller has seen, to refuse a lost update.
    pub version: Option<i64>,
}

impl Deed for UpdateWorkspace {
    fn target(&self) -> Target {
        Target::Workspace(self.workspace_id)
    }
}

impl Action for UpdateWorkspace {
    type Output = api::Workspace;
    type Error = WorkspaceError;

    async fn run(&self, tx: &mut Tx) -> Result<api::Workspace, WorkspaceError> {
        access::to_moderate(tx, self.actor, self.workspace_id).await?;
        let before = load(tx, self.workspace_id).await?;
        if self.version.is_some_and(|version| version != before.version) {
            return Err(WorkspaceError::Stale);
        }
        let name = match &self.name {
            Some(text) => name("name", text)?,
            None => before.name.clone(),
        };
        if name == before.name {
            return Ok(before);
        }
        let seq = tx.next_seq(self.workspace_id)?;
        tx.execute(
            "UPDATE workspaces SET name = $1, version = $2 WHERE id = $3",
            params![name, seq, self.workspace_id],
        )
        .await?;
        let workspace = load(tx, self.workspace_id).await?;
        log::emit(tx, self.workspace_id, seq, Draft::workspace_updated(workspace.clone())).await?;
        Ok(workspace)
    }
}

/// A workspace one is a member of.
#[derive(Debug, Clone)]
pub struct GetWorkspace {
    /// Who reads.
    pub actor: UserId,
    /// The workspace.
    pub workspace_id: WorkspaceId,
}

impl Lookup for GetWorkspace {
    type Output = api::Workspace;
    type Error = AccessError;

    async fn run(&self, query: &mut Query) -> Result<api::Workspace, AccessError> {
        access::to_enter(query, self.actor, self.workspace_id).await?;
        Ok(load(query, self.workspace_id).await?)
    }
}

/// The workspaces one is a member of, oldest membership first.
#[derive(Debug, Clone)]
pub struct ListWorkspaces {
    /// Who reads.
    pub actor: UserId,
}

impl Lookup for ListWorkspaces {
    type Output = api::WorkspaceList;
    type Error = StoreError;

    async fn run(&self, query: &mut Query) -> Result<api::WorkspaceList, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM workspaces w JOIN members m ON m.workspace_id = w.id
             WHERE m.user_id = $1 ORDER BY m.joined_at, w.id"
        );
        let rows = query.rows(&sql, params![self.actor]).await?;
        Ok(api::WorkspaceList { items: rows.iter().map(from_row).collect::<Result<_, _>>()? })
    }
}
