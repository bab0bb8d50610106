//! Members of a workspace: the directory, roles, leaving and being removed.

use clickclack_protocol::api::{self, EventBody, Role};
use clickclack_protocol::ids::{UserId, WorkspaceId};
use clickclack_protocol::limits;
use clickclack_protocol::time::to_wire;
use clickclack_store::{Action, Lookup, Query, Row, StoreError, Tx, params};

use crate::access::{self, AccessError, Member};
use crate::channel_members;
use crate::desk::{Deed, Target};
use crate::live::AccessChange;
use crate::log::{self, Draft};
use crate::messages::as_of;
use crate::page::Page;
use crate::personal;
use crate::text::{self, Invalid, stored, to_stored};

/// Why a member was not changed or listed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MemberError {
    /// Not seen, or not one's to do.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// A field is not as it must be.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// A workspace has exactly one owner, who hands it over before leaving or changing role.
    #[error("the owner must hand the workspace over first")]
    OwnerMustTransfer,
}

impl From<StoreError> for MemberError {
    fn from(error: StoreError) -> Self {
        Self::Access(error.into())
    }
}

pub(crate) const COLUMNS: &str = "m.workspace_id, m.user_id, u.name, u.kind, \
     u.deactivated_at IS NOT NULL, m.role, m.joined_at, m.version";
pub(crate) const TABLES: &str = "members m JOIN users u ON u.id = m.user_id";

pub(crate) fn from_row(row: &Row) -> Result<api::Member, StoreError> {
    Ok(api::Member {
        workspace_id: row.get(0)?,
        user: api::User {
            id: row.get(1)?,
            name: row.get(2)?,
            kind: stored(&row.get::<String>(3)?)?,
            deactivated: row.get(4)?,
        },
        role: access::role(row, 5)?,
        joined_at: to_wire(row.get(6)?),
        version: row.get(7)?,
    })
}

/// A member as it is now, deactivated accounts included.
pub(crate) async fn load(
    query: &mut Query,
    workspace_id: WorkspaceId,
    user_id: UserId,
) -> Result<Option<api::Member>, StoreError> {
    let sql =
        format!("SELECT {COLUMNS} FROM {TABLES} WHERE m.workspace_id = $1 AND m.user_id = $2");
    query.maybe(&sql, params![workspace_id, user_id]).await?.as_ref().map(from_row).transpose()
}

/// Makes somebody a member, in `#general` too unless a guest. No rights are checked.
pub async fn insert(
    tx: &mut Tx,
    workspace_id: WorkspaceId,
    user_id: UserId,
    role: Role,
) -> Result<api::Member, StoreError> {
    let seq = tx.next_seq(workspace_id)?;
    let now = tx.now();
    tx.execute(
        // Their own state begins beyond that of any earlier membership, which clients may remember:
        // nobody changes it more than a thousand times a second.
        "INSERT INTO members (workspace_id, user_id, role, joined_at, version, state_version)
         VALUES ($1, $2, $3, $4, $5, $6)",
        params![workspace_id, user_id, to_stored(role), now, seq, now],
    )
    .await?;
    let member = load(tx, workspace_id, user_id).await?.ok_or(StoreError::Internal)?;
    let draft = Draft::member(EventBody::MemberJoined, member.clone(), None);
    log::emit(tx, workspace_id, seq, draft).await?;
    if role != Role::Guest {
        channel_members::join_general(tx, workspace_id, user_id).await?;
    }
    Ok(member)
}

/// Tells everybody in a workspace that a member's account changed.
pub(crate) async fn announce(
    tx: &mut Tx,
    workspace_id: WorkspaceId,
    user_id: UserId,
    change: Option<AccessChange>,
) -> Result<api::Member, StoreError> {
    let seq = tx.next_seq(workspace_id)?;
    tx.execute(
        "UPDATE members SET version = $1 WHERE workspace_id = $2 AND user_id = $3",
        params![seq, workspace_id, user_id],
    )
    .await?;
    let member = load(tx, workspace_id, user_id).await?.ok_or(StoreError::Internal)?;
    let draft = Draft::member(EventBody::MemberUpdated, member.clone(), change);
    log::emit(tx, workspace_id, seq, draft).await?;
    Ok(member)
}

/// Changes a member's role.
#[derive(Debug, Clone)]
pub struct UpdateMember {
    /// Owner or admin.
    pub actor: UserId,
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// Whose role.
    pub user_id: UserId,
    /// The new role; `owner` hands the workspace over.
    pub role: Role,
}

impl Deed for UpdateMember {
    fn target(&self) -> Target {
        Target::Workspace(self.workspace_id)
    }
}

impl Action for UpdateMember {
    type Output = api::Member;
    type Error = MemberError;

    async fn run(&self, tx: &mut Tx) -> Result<api::Member, MemberError> {
        let actor = access::to_enter(tx, self.actor, self.workspace_id).await?;
        let subject =
            load(tx, self.workspace_id, self.user_id).await?.ok_or(AccessError::NotFound)?;
        self.may(&actor, &subject)?;
        if subject.role == self.role {
            return Ok(subject);
        }
        if self.role == Role::Owner {
            self.set(tx, self.actor, Role::Owner, Role::Admin).await?;
        }
        self.set(tx, self.user_id, subject.role, self.role).await
    }
}

impl UpdateMember {
    fn may(&self, actor: &Member, subject: &api::Member) -> Result<(), MemberError> {
        if !actor.moderates() {
            return Err(AccessError::Forbidden.into());
        }
        // A bot's role is what it is: bots are made and ended, not promoted.
        if self.role == Role::Bot || subject.role == Role::Bot {
            return Err(Invalid::new("role", "must not be given to or taken from a bot").into());
        }
        if subject.role == Role::Owner && self.role != Role::Owner {
            let own = subject.user.id == actor.user_id;
            return Err(if own {
                MemberError::OwnerMustTransfer
            } else {
                AccessError::Forbidden.into()
            });
        }
        if self.role == Role::Owner && actor.role != Role::Owner {
            return Err(AccessError::Forbidden.into());
        }
        if self.role == Role::Owner && subject.user.deactivated {
            return Err(Invalid::new("role", "must not be given to a deactivated account").into());
        }
        Ok(())
    }

    async fn set(
        &self,
        tx: &mut Tx,
        user_id: UserId,
        from: Role,
        to: Role,
    ) -> Result<api::Member, MemberError> {
        tx.execute(
            "UPDATE members SET role = $1 WHERE workspace_id = $2 AND user_id = $3",
            params![to_stored(to), self.workspace_id, user_id],
        )
        .await?;
        let crosses = (from == Role::Guest) != (to == Role::Guest);
        let change =
            crosses.then_some(AccessChange::Guest { user_id, is_guest: to == Role::Guest });
        Ok(announce(tx, self.workspace_id, user_id, change).await?)
    }
}

/// Removes a member, or leaves with one's own id.
#[derive(Debug, Clone)]
pub struct RemoveMember {
    /// Owner, admin, or the person.
    pub actor: UserId,
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// Who goes.
    pub user_id: UserId,
}

impl Deed for RemoveMember {
    fn target(&self) -> Target {
        Target::Workspace(self.workspace_id)
    }
}

impl Action for RemoveMember {
    type Output = ();
    type Error = MemberError;

    async fn run(&self, tx: &mut Tx) -> Result<(), MemberError> {
        let actor = access::to_enter(tx, self.actor, self.workspace_id).await?;
        let subject =
            load(tx, self.workspace_id, self.user_id).await?.ok_or(AccessError::NotFound)?;
        let own = self.user_id == self.actor;
        if !own && !actor.moderates() {
            return Err(AccessError::Forbidden.into());
        }
        if subject.role == Role::Owner {
            return Err(if own {
                MemberError::OwnerMustTransfer
            } else {
                AccessError::Forbidden.into()
            });
        }
        tx.execute(
            "DELETE FROM channel_members WHERE user_id = $1
             AND channel_id IN (SELECT id FROM channels WHERE workspace_id = $2)",
            params![self.user_id, self.workspace_id],
        )
        .await?;
        tx.execute(
            "DELETE FROM reads WHERE user_id = $1
             AND channel_id IN (SELECT id FROM channels WHERE workspace_id = $2)",
            params![self.user_id, self.workspace_id],
        )
        .await?;
        personal::forget(tx, (self.workspace_id, self.user_id)).await?;
        tx.execute(
            "DELETE FROM members WHERE workspace_id = $1 AND user_id = $2",
            params![self.workspace_id, self.user_id],
        )
        .await?;
        let seq = tx.next_seq(self.workspace_id)?;
        log::emit(tx, self.workspace_id, seq, Draft::member_removed(self.user_id)).await?;
        Ok(())
    }
}

/// A page of the member directory.
#[derive(Debug, Clone)]
pub struct ListMembers {
    /// Who reads.
    pub actor: UserId,
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// Part of a name; empty for everybody.
    pub q: String,
    /// Which page.
    pub page: Page,
}

impl Lookup for ListMembers {
    type Output = api::MemberPage;
    type Error = MemberError;

    async fn run(&self, query: &mut Query) -> Result<api::MemberPage, MemberError> {
        access::to_enter(query, self.actor, self.workspace_id).await?;
        let part = match self.q.trim() {
            "" => String::new(),
            part => text::line("q", part, limits::NAME_CHARS)?,
        };
        let sql = format!(
            "SELECT {COLUMNS} FROM {TABLES}
             WHERE m.workspace_id = $1 AND m.user_id > $2 AND u.name_folded LIKE $3 ESCAPE '\\'
             ORDER BY m.user_id LIMIT $4"
        );
        let pattern = format!("%{}%", like(&part.to_lowercase()));
        let rows = query
            .rows(&sql, params![self.workspace_id, &self.page.after, pattern, self.page.rows()])
            .await?;
        let mut items = rows.iter().map(from_row).collect::<Result<Vec<_>, _>>()?;
        let next_cursor = self.page.cut(&mut items, |member| member.user.id.to_string());
        Ok(api::MemberPage { items, next_cursor, as_of: as_of(query, self.workspace_id).await? })
    }
}

/// A text in which `%`, `_` and the escape itself stand for themselves.
fn like(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
