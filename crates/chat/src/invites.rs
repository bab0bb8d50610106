//! Invites: links into a workspace, made and ended by its owner, its admins or the operator.

use clickclack_protocol::api::{self, InviteRole};
use clickclack_protocol::ids::{ChannelId, InviteId, UserId, WorkspaceId};
use clickclack_protocol::limits;
use clickclack_protocol::time::{Millis, to_wire};
use clickclack_store::{Action, Lookup, Query, Row, StoreError, Tx, Value, params};

use crate::access::{self, AccessError};
use crate::desk::{Deed, Target};
use crate::page::Page;
use crate::text::{Invalid, stored, to_stored};
use crate::token;

/// How long an invite can be used when nothing else is asked for: 7 days.
const DEFAULT_LIFE_S: i64 = 7 * 24 * 3600;
/// Shortest life of an invite.
const LIFE_MIN_S: i64 = 60;
/// Channels that one invite can name.
const CHANNELS: usize = 20;
/// What stands in `created_by` when the operator at the machine made an invite.
pub(crate) const OPERATOR: &str = "cli";

/// Why an invite was not made, listed, ended or accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InviteError {
    /// Not seen, or not one's to do.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// A field is not as it must be.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The invite does not exist, has ended or is used up; which of them nobody learns.
    #[error("the invite cannot be used")]
    Unusable,
}

impl From<StoreError> for InviteError {
    fn from(error: StoreError) -> Self {
        Self::Access(error.into())
    }
}

/// The condition under which an invite `i` can be used at the time in a parameter. An invite is as
/// good as who made it: it ends when its maker is removed, deactivated or no longer moderates.
pub(crate) fn usable_at(parameter: &str) -> String {
    format!(
        "i.revoked_at IS NULL
         AND (i.expires_at IS NULL OR i.expires_at > {parameter})
         AND (i.max_uses IS NULL OR i.uses < i.max_uses)
         AND (i.created_by = '{OPERATOR}' OR EXISTS (
           SELECT 1 FROM members maker JOIN users account ON account.id = maker.user_id
           WHERE maker.workspace_id = i.workspace_id AND maker.user_id = i.created_by
             AND maker.role IN ('owner', 'admin') AND account.deactivated_at IS NULL))"
    )
}

const COLUMNS: &str =
    "i.id, i.workspace_id, i.role, i.max_uses, i.uses, i.expires_at, i.created_at";

/// An invite out of [`COLUMNS`], still without its channels.
fn from_row(row: &Row) -> Result<api::Invite, StoreError> {
    Ok(api::Invite {
        id: row.get(0)?,
        workspace_id: row.get(1)?,
        role: stored(&row.get::<String>(2)?)?,
        max_uses: row.get(3)?,
        uses: row.get(4)?,
        expires_at: row.get::<Option<Millis>>(5)?.map(to_wire),
        channel_ids: Vec::new(),
        created_at: to_wire(row.get(6)?),
    })
}

/// Makes an invite.
#[derive(Debug, Clone)]
pub struct CreateInvite {
    /// Owner or admin; `None` is the operator at the machine.
    pub actor: Option<UserId>,
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// What who accepts becomes; a member when absent.
    pub role: Option<InviteRole>,
    /// How many may accept; any number when absent.
    pub max_uses: Option<i64>,
    /// How long it can be used; seven days when absent.
    pub expires_in_s: Option<i64>,
    /// Where a guest may be; needed for guests, and only for them.
    pub channel_ids: Option<Vec<ChannelId>>,
}

/// An invite that was just made.
#[derive(Debug, Clone)]
pub struct MadeInvite {
    /// The invite.
    pub invite: api::Invite,
    /// `cki_…`, shown this once.
    pub token: String,
}

impl Deed for CreateInvite {
    fn target(&self) -> Target {
        Target::Workspace(self.workspace_id)
    }
}

impl Action for CreateInvite {
    type Output = MadeInvite;
    type Error = InviteError;

    async fn run(&self, tx: &mut Tx) -> Result<MadeInvite, InviteError> {
        match self.actor {
            Some(actor) => drop(access::to_moderate(tx, actor, self.workspace_id).await?),
            None if tx.seq(self.workspace_id).is_none() => return Err(AccessError::NotFound.into()),
            None => {}
        }
        let role = self.role.unwrap_or(InviteRole::Member);
        let life_s = self.check_figures()?;
        let channel_ids = self.channels(tx, role).await?;
        let (id, now): (InviteId, Millis) = (tx.new_id(), tx.now());
        let token = token::new("cki", tx.secret());
        let maker = self.actor.map_or_else(|| OPERATOR.to_owned(), |actor| actor.to_string());
        let expires_at = now + life_s * 1000;
        tx.execute(
            "INSERT INTO invites (id, workspace_id, token_hash, role, created_by, max_uses,
                                  expires_at, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            params![
                id,
                self.workspace_id,
                token::hash(&token),
                to_stored(role),
                maker,
                self.max_uses,
                expires_at,
                now
            ],
        )
        .await?;
        for channel_id in &channel_ids {
            tx.execute(
                "INSERT INTO invite_channels (invite_id, channel_id) VALUES ($1, $2)",
                params![id, channel_id],
            )
            .await?;
        }
        let sql = format!("SELECT {COLUMNS} FROM invites i WHERE i.id = $1");
        let invite = from_row(&tx.one(&sql, params![id]).await?)?;
        Ok(MadeInvite { invite: api::Invite { channel_ids, ..invite }, token })
    }
}

impl CreateInvite {
    /// Checks uses and life; the life in seconds.
    fn check_figures(&self) -> Result<i64, Invalid> {
        if self.max_uses.is_some_and(|uses| !(1..=limits::INVITE_USES).contains(&uses)) {
            let max = limits::INVITE_USES;
            return Err(Invalid::new("max_uses", format!("must be 1 to {max}")));
        }
        let life_s = self.expires_in_s.unwrap_or(DEFAULT_LIFE_S);
        if !(LIFE_MIN_S..=limits::INVITE_LIFE_S).contains(&life_s) {
            let (min, max) = (LIFE_MIN_S, limits::INVITE_LIFE_S);
            return Err(Invalid::new("expires_in_s", format!("must be {min} to {max}")));
        }
        Ok(life_s)
    }

    /// The channels of a guest's invite: each once, all seen by who makes it.
    async fn channels(&self, tx: &mut Tx, role: InviteRole) -> Result<Vec<ChannelId>, InviteError> {
        let mut ids = self.channel_ids.clone().unwrap_or_default();
        if ids.len() > CHANNELS {
            let message = format!("must name at most {CHANNELS} channels");
            return Err(Invalid::new("channel_ids", message).into());
        }
        ids.sort_unstable();
        ids.dedup();
        if (role == InviteRole::Guest) == ids.is_empty() {
            let message = "must name a guest's channels, and is for guests only";
            return Err(Invalid::new("channel_ids", message).into());
        }
        for id in &ids {
            if !self.may_open(tx, *id).await? {
                let message = format!("{id} is no channel of this workspace");
                return Err(Invalid::new("channel_ids", message).into());
            }
        }
        Ok(ids)
    }

    /// Whether who makes the invite may let guests into a channel: one of the workspace, and seen.
    async fn may_open(&self, tx: &mut Tx, id: ChannelId) -> Result<bool, StoreError> {
        let Some(actor) = self.actor else {
            let sql = "SELECT id FROM channels WHERE id = $1 AND workspace_id = $2";
            return Ok(tx.maybe(sql, params![id, self.workspace_id]).await?.is_some());
        };
        match access::to_view(tx, actor, id).await {
            Ok(viewer) => Ok(viewer.member.workspace_id == self.workspace_id),
            Err(AccessError::NotFound | AccessError::Forbidden) => Ok(false),
            Err(AccessError::Store(error)) => Err(error),
        }
    }
}

/// The invites of a workspace that can still be used, oldest first.
#[derive(Debug, Clone)]
pub struct ListInvites {
    /// Owner or admin.
    pub actor: UserId,
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// Which page.
    pub page: Page,
    /// The present: what has expired is not listed.
    pub now: Millis,
}

impl Lookup for ListInvites {
    type Output = api::InvitePage;
    type Error = InviteError;

    async fn run(&self, query: &mut Query) -> Result<api::InvitePage, InviteError> {
        access::to_moderate(query, self.actor, self.workspace_id).await?;
        let usable = usable_at("$2");
        let sql = format!(
            "SELECT {COLUMNS} FROM invites i
             WHERE i.workspace_id = $1 AND {usable} AND i.id > $3 ORDER BY i.id LIMIT $4"
        );
        let rows = query
            .rows(&sql, params![self.workspace_id, self.now, &self.page.after, self.page.rows()])
            .await?;
        let mut items = rows.iter().map(from_row).collect::<Result<Vec<_>, _>>()?;
        let next_cursor = self.page.cut(&mut items, |invite| invite.id.to_string());
        add_channels(query, self.actor, &mut items).await?;
        Ok(api::InvitePage { items, next_cursor })
    }
}

/// Fills in where the guests of these invites may be, as far as the reader, who is no guest, sees
/// these channels.
async fn add_channels(
    query: &mut Query,
    actor: UserId,
    invites: &mut [api::Invite],
) -> Result<(), StoreError> {
    let among = query.engine().among("ic.invite_id", "$2");
    let sql = format!(
        "SELECT ic.invite_id, ic.channel_id FROM invite_channels ic
         JOIN channels c ON c.id = ic.channel_id
         LEFT JOIN channel_members cm ON cm.channel_id = c.id AND cm.user_id = $1
         WHERE (c.kind = 'public' OR cm.user_id IS NOT NULL) AND {among}
         ORDER BY ic.channel_id"
    );
    let ids = Value::list(invites.iter().map(|invite| invite.id));
    for row in query.rows(&sql, &[actor.into(), ids]).await? {
        let id: InviteId = row.get(0)?;
        if let Some(invite) = invites.iter_mut().find(|invite| invite.id == id) {
            invite.channel_ids.push(row.get(1)?);
        }
    }
    Ok(())
}

/// Ends an invite; one that has ended already is fine.
#[derive(Debug, Clone)]
pub struct RevokeInvite {
    /// Owner or admin.
    pub actor: UserId,
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// The invite.
    pub invite_id: InviteId,
}

impl Deed for RevokeInvite {
    fn target(&self) -> Target {
        Target::Workspace(self.workspace_id)
    }
}

impl Action for RevokeInvite {
    type Output = ();
    type Error = InviteError;

    async fn run(&self, tx: &mut Tx) -> Result<(), InviteError> {
        access::to_moderate(tx, self.actor, self.workspace_id).await?;
        let found = tx
            .execute(
                "UPDATE invites SET revoked_at = COALESCE(revoked_at, $1)
                 WHERE id = $2 AND workspace_id = $3",
                params![tx.now(), self.invite_id, self.workspace_id],
            )
            .await?;
        if found == 0 { Err(AccessError::NotFound.into()) } else { Ok(()) }
    }
}
