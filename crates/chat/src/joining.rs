//! Coming in by an invite: what it offers, and accepting it.

use clickclack_protocol::api::{self, InviteRole, Role};
use clickclack_protocol::ids::{InviteId, UserId, WorkspaceId};
use clickclack_protocol::time::{Millis, to_wire};
use clickclack_store::{Action, Lookup, Query, StoreError, Tx, params};

use crate::channel_members;
use crate::desk::{Deed, Target};
use crate::invites::{InviteError, OPERATOR, usable_at};
use crate::members;
use crate::text::stored;
use crate::token;
use crate::workspaces;

/// What an invite offers. In an action it was found under the lock of its workspace.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Offer {
    invite_id: InviteId,
    workspace_id: WorkspaceId,
    role: InviteRole,
    pub(crate) is_usable: bool,
}

/// The offer of an invite's token; none when there is no such invite, also when it came to be
/// after the scope of the action was locked.
pub(crate) async fn find(tx: &mut Tx, token: &str) -> Result<Option<Offer>, StoreError> {
    let usable = usable_at("$1");
    let sql = format!(
        "SELECT i.id, i.workspace_id, i.role, {usable} FROM invites i WHERE i.token_hash = $2"
    );
    let now = tx.now();
    let Some(row) = tx.maybe(&sql, params![now, token::hash(token)]).await? else {
        return Ok(None);
    };
    let offer = Offer {
        invite_id: row.get(0)?,
        workspace_id: row.get(1)?,
        role: stored(&row.get::<String>(2)?)?,
        is_usable: row.get(3)?,
    };
    Ok(tx.seq(offer.workspace_id).map(|_| offer))
}

/// Makes somebody who is not in the workspace a member, at the cost of one use of the invite,
/// which was found usable.
pub(crate) async fn join(tx: &mut Tx, user_id: UserId, offer: &Offer) -> Result<(), StoreError> {
    tx.execute("UPDATE invites SET uses = uses + 1 WHERE id = $1", params![offer.invite_id])
        .await?;
    let role = match offer.role {
        InviteRole::Admin => Role::Admin,
        InviteRole::Member => Role::Member,
        InviteRole::Guest => Role::Guest,
    };
    members::insert(tx, offer.workspace_id, user_id, role).await?;
    // An invite opens what its maker may open: who was taken out of a private channel must not
    // come back by a link that they made before.
    let rows = tx
        .rows(
            "SELECT ic.channel_id FROM invite_channels ic
             JOIN invites i ON i.id = ic.invite_id
             JOIN channels c ON c.id = ic.channel_id
             LEFT JOIN channel_members cm ON cm.channel_id = c.id AND cm.user_id = i.created_by
             WHERE ic.invite_id = $1
               AND (c.kind = 'public' OR cm.user_id IS NOT NULL OR i.created_by = $2)
             ORDER BY ic.channel_id",
            params![offer.invite_id, OPERATOR],
        )
        .await?;
    for row in rows {
        channel_members::join(tx, row.get(0)?, user_id).await?;
    }
    Ok(())
}

/// What an invite link leads to, for who holds it.
#[derive(Debug, Clone)]
pub struct GetInvite {
    /// `cki_…`
    pub token: String,
    /// The present.
    pub now: Millis,
}

impl Lookup for GetInvite {
    type Output = api::InvitePreview;
    type Error = InviteError;

    async fn run(&self, query: &mut Query) -> Result<api::InvitePreview, InviteError> {
        let usable = usable_at("$2");
        let sql = format!(
            "SELECT w.name, i.role, i.expires_at
             FROM invites i JOIN workspaces w ON w.id = i.workspace_id
             WHERE i.token_hash = $1 AND {usable}"
        );
        let row = query
            .maybe(&sql, params![token::hash(&self.token), self.now])
            .await?
            .ok_or(InviteError::Unusable)?;
        Ok(api::InvitePreview {
            workspace_name: row.get(0)?,
            role: stored(&row.get::<String>(1)?)?,
            expires_at: row.get::<Option<Millis>>(2)?.map(to_wire),
        })
    }
}

/// Joins the workspace of an invite. Who is a member already just gets the workspace, and no use
/// of the invite is spent.
#[derive(Debug, Clone)]
pub struct AcceptInvite {
    /// Who.
    pub actor: UserId,
    /// `cki_…`
    pub token: String,
}

impl Deed for AcceptInvite {
    fn target(&self) -> Target {
        Target::InviteToken(token::hash(&self.token))
    }
}

impl Action for AcceptInvite {
    type Output = api::Workspace;
    type Error = InviteError;

    async fn run(&self, tx: &mut Tx) -> Result<api::Workspace, InviteError> {
        let offer = find(tx, &self.token).await?.ok_or(InviteError::Unusable)?;
        // Locked, so that an account cannot be deactivated without this workspace hearing of it.
        let sql = format!(
            "SELECT id FROM users WHERE id = $1 AND deactivated_at IS NULL{}",
            tx.engine().for_update()
        );
        tx.maybe(&sql, params![self.actor]).await?.ok_or(InviteError::Unusable)?;
        let member = members::load(tx, offer.workspace_id, self.actor).await?;
        if member.is_none() {
            if !offer.is_usable {
                return Err(InviteError::Unusable);
            }
            join(tx, self.actor, &offer).await?;
        }
        Ok(workspaces::load(tx, offer.workspace_id).await?)
    }
}
