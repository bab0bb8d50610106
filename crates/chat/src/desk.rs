//! The desk every door goes to: it finds out which workspace a deed concerns, so that the store
//! can lock that workspace before the deed looks at anything.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use clickclack_protocol::ids::{ChannelId, InviteId, MessageId, UserId, WorkspaceId};
use clickclack_store::{Action, Lookup, Query, Scope, Store, StoreError, params};

use crate::access::AccessError;

/// What an action is about; decides whose log it is ordered in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// The instance: accounts, sessions, settings.
    Instance,
    /// A workspace.
    Workspace(WorkspaceId),
    /// The workspace of a channel.
    Channel(ChannelId),
    /// The workspace of a message.
    Message(MessageId),
    /// The workspace of an invite.
    Invite(InviteId),
    /// The workspace of the invite whose token has this hash; the instance when there is none, so
    /// that the action itself refuses it.
    InviteToken(String),
    /// The instance and every workspace that the account is a member of.
    Everywhere(UserId),
}

/// An action that says what it is about.
pub trait Deed: Action<Error: From<AccessError>> {
    /// What it is about.
    fn target(&self) -> Target;

    /// Whether an error means that the account's workspaces changed between finding the target
    /// and locking it, so that the deed must be tried again.
    fn moved(_error: &Self::Error) -> bool {
        false
    }
}

/// How often a deed is tried whose target moves under it.
const TRIES: usize = 5;
/// Channels whose workspace is remembered. A channel never changes its workspace.
const HOMES: usize = 50_000;

/// Where actions and lookups are handed in. Cheap to clone.
#[derive(Clone)]
pub struct Desk {
    store: Store,
    homes: Arc<RwLock<HashMap<ChannelId, WorkspaceId>>>,
}

impl Desk {
    /// A desk in front of a store.
    pub fn new(store: Store) -> Self {
        Self { store, homes: Arc::default() }
    }

    /// The store behind the desk.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Does a deed: committed and told to everybody when this answers `Ok`.
    pub async fn act<D: Deed + Clone>(&self, deed: D) -> Result<D::Output, D::Error> {
        let mut tries = TRIES;
        loop {
            tries -= 1;
            let scope = self.scope(deed.target()).await?;
            match self.store.write(scope, deed.clone()).await {
                Err(error) if tries > 0 && D::moved(&error) => {}
                done => return done,
            }
        }
    }

    /// Looks something up in one snapshot of the database.
    pub async fn look<L: Lookup>(&self, lookup: L) -> Result<L::Output, L::Error> {
        self.store.read(lookup).await
    }

    async fn scope(&self, target: Target) -> Result<Scope, AccessError> {
        let found = match target {
            Target::Instance => return Ok(Scope::Instance),
            Target::Workspace(id) => return Ok(Scope::Workspace(id)),
            Target::Everywhere(user_id) => {
                return Ok(Scope::InstanceAnd(self.store.read(WorkspacesOf(user_id)).await?));
            }
            Target::Channel(id) => {
                let known =
                    self.homes.read().expect("no holder of the homes panics").get(&id).copied();
                match known {
                    Some(home) => Some(home),
                    None => self.find_home(id).await?,
                }
            }
            Target::Message(_) | Target::Invite(_) => self.store.read(HomeOf(target)).await?,
            Target::InviteToken(_) => {
                let found = self.store.read(HomeOf(target)).await?;
                return Ok(found.map_or(Scope::Instance, Scope::Workspace));
            }
        };
        found.map(Scope::Workspace).ok_or(AccessError::NotFound)
    }

    async fn find_home(&self, id: ChannelId) -> Result<Option<WorkspaceId>, AccessError> {
        let found = self.store.read(HomeOf(Target::Channel(id))).await?;
        if let Some(home) = found {
            let mut homes = self.homes.write().expect("no holder of the homes panics");
            if homes.len() >= HOMES {
                homes.clear();
            }
            homes.insert(id, home);
        }
        Ok(found)
    }
}

/// The workspace that a channel, message or invite belongs to.
struct HomeOf(Target);

impl Lookup for HomeOf {
    type Output = Option<WorkspaceId>;
    type Error = StoreError;

    async fn run(&self, query: &mut Query) -> Result<Self::Output, StoreError> {
        let row = match &self.0 {
            Target::Channel(id) => {
                query.maybe("SELECT workspace_id FROM channels WHERE id = $1", params![id]).await?
            }
            Target::Message(id) => query
                .maybe(
                    "SELECT c.workspace_id FROM messages m JOIN channels c ON c.id = m.channel_id
                         WHERE m.id = $1",
                    params![id],
                )
                .await?,
            Target::Invite(id) => {
                query.maybe("SELECT workspace_id FROM invites WHERE id = $1", params![id]).await?
            }
            Target::InviteToken(hash) => {
                let sql = "SELECT workspace_id FROM invites WHERE token_hash = $1";
                query.maybe(sql, params![hash]).await?
            }
            Target::Instance | Target::Workspace(_) | Target::Everywhere(_) => None,
        };
        row.map(|row| row.get(0)).transpose()
    }
}

/// The workspaces that an account is a member of.
struct WorkspacesOf(UserId);

impl Lookup for WorkspacesOf {
    type Output = Vec<WorkspaceId>;
    type Error = StoreError;

    async fn run(&self, query: &mut Query) -> Result<Self::Output, StoreError> {
        homes_of(query, self.0).await
    }
}

/// The workspaces that an account is a member of, in order of their ids.
pub(crate) async fn homes_of(
    query: &mut Query,
    user_id: UserId,
) -> Result<Vec<WorkspaceId>, StoreError> {
    let rows = query
        .rows(
            "SELECT workspace_id FROM members WHERE user_id = $1 ORDER BY workspace_id",
            params![user_id],
        )
        .await?;
    rows.iter().map(|row| row.get(0)).collect()
}
