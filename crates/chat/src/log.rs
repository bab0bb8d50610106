//! How an action tells what it did: one row of the workspace's log and the live event made of it.

use std::sync::Arc;

use clickclack_protocol::api::{self, EventBody};
use clickclack_protocol::cursor::Cursor;
use clickclack_protocol::ids::{ChannelId, UserId, WorkspaceId};
use clickclack_protocol::time::to_wire;
use clickclack_store::{Committed, LogRow, StoreError, Tx};

use crate::access::Viewer;
use crate::live::{AccessChange, Audience, LiveEvent};

/// An event before it has its place in the log.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub(crate) body: EventBody,
    pub(crate) audience: Audience,
    pub(crate) change: Option<AccessChange>,
    /// The entity that changed, for the replay to find it again.
    pub(crate) subject_id: String,
    /// Whose membership it is about; that person may always see the event.
    pub(crate) user_id: Option<UserId>,
    /// A message's place in its channel.
    pub(crate) message_seq: Option<i64>,
}

impl Draft {
    /// An event about a message.
    pub(crate) fn message(
        body: fn(api::MessagePayload) -> EventBody,
        message: api::Message,
        public: bool,
    ) -> Self {
        Self {
            audience: Audience::Channel { id: message.channel_id, public },
            change: None,
            subject_id: message.id.to_string(),
            user_id: None,
            message_seq: message.seq,
            body: body(api::MessagePayload { message }),
        }
    }

    /// A reply, with its thread as it stands with it.
    pub(crate) fn reply(message: api::Message, thread: api::ThreadSummary, public: bool) -> Self {
        Self {
            audience: Audience::Channel { id: message.channel_id, public },
            change: None,
            subject_id: message.id.to_string(),
            user_id: None,
            message_seq: message.seq,
            body: EventBody::ThreadReplyCreated(api::ThreadReplyPayload { message, thread }),
        }
    }

    /// A thread changed otherwise than by a reply.
    pub(crate) fn thread(thread: api::ThreadSummary, public: bool) -> Self {
        Self {
            audience: Audience::Channel { id: thread.channel_id, public },
            change: None,
            subject_id: thread.root_id.to_string(),
            user_id: None,
            message_seq: None,
            body: EventBody::ThreadStateUpdated(api::ThreadPayload { thread }),
        }
    }

    /// An event about a reaction.
    pub(crate) fn reaction(
        body: fn(api::ReactionPayload) -> EventBody,
        reaction: api::ReactionPayload,
        viewer: &Viewer,
    ) -> Self {
        Self {
            audience: Audience::Channel { id: viewer.channel_id, public: viewer.is_public() },
            change: None,
            subject_id: reaction.message_id.to_string(),
            // Not the reader's own membership: who reacted does not see it by that alone.
            user_id: None,
            message_seq: None,
            body: body(reaction),
        }
    }

    /// An event about a channel itself.
    pub(crate) fn channel(
        body: fn(api::ChannelPayload) -> EventBody,
        channel: api::Channel,
    ) -> Self {
        Self {
            audience: channel_audience(&channel),
            change: None,
            subject_id: channel.id.to_string(),
            user_id: None,
            message_seq: None,
            body: body(api::ChannelPayload { channel }),
        }
    }

    /// Somebody is in a channel now.
    pub(crate) fn channel_member_added(channel: api::Channel, user: api::User) -> Self {
        let user_id = user.id;
        Self {
            audience: channel_audience(&channel),
            change: Some(AccessChange::Joined { channel_id: channel.id, user_id }),
            subject_id: channel.id.to_string(),
            user_id: Some(user_id),
            message_seq: None,
            body: EventBody::ChannelMemberAdded(api::ChannelMemberPayload { channel, user }),
        }
    }

    /// Somebody is no longer in a channel.
    pub(crate) fn channel_member_removed(
        channel_id: ChannelId,
        public: bool,
        user_id: UserId,
    ) -> Self {
        Self {
            audience: Audience::Channel { id: channel_id, public },
            change: Some(AccessChange::Left { channel_id, user_id }),
            subject_id: channel_id.to_string(),
            user_id: Some(user_id),
            message_seq: None,
            body: EventBody::ChannelMemberRemoved(api::ChannelMemberRemovedPayload {
                channel_id,
                user_id,
            }),
        }
    }

    /// An event about a member.
    pub(crate) fn member(
        body: fn(api::MemberPayload) -> EventBody,
        member: api::Member,
        change: Option<AccessChange>,
    ) -> Self {
        Self {
            audience: Audience::Workspace,
            change,
            subject_id: member.user.id.to_string(),
            user_id: Some(member.user.id),
            message_seq: None,
            body: body(api::MemberPayload { member }),
        }
    }

    /// Somebody is no longer a member.
    pub(crate) fn member_removed(user_id: UserId) -> Self {
        Self {
            audience: Audience::Workspace,
            change: Some(AccessChange::Removed { user_id }),
            subject_id: user_id.to_string(),
            user_id: Some(user_id),
            message_seq: None,
            body: EventBody::MemberRemoved(api::MemberRemovedPayload { user_id }),
        }
    }

    /// The workspace itself changed.
    pub(crate) fn workspace_updated(workspace: api::Workspace) -> Self {
        Self {
            audience: Audience::Workspace,
            change: None,
            subject_id: workspace.id.to_string(),
            user_id: None,
            message_seq: None,
            body: EventBody::WorkspaceUpdated(api::WorkspacePayload { workspace }),
        }
    }

    /// The channel that the event happened in.
    pub(crate) fn channel_id(&self) -> Option<ChannelId> {
        match self.audience {
            Audience::Workspace => None,
            Audience::Channel { id, .. } => Some(id),
        }
    }
}

/// Who may see what happens to a channel.
pub(crate) fn channel_audience(channel: &api::Channel) -> Audience {
    Audience::Channel { id: channel.id, public: channel.kind == api::ChannelKind::Public }
}

/// Writes the event with the sequence that the entity took as its version.
pub(crate) async fn emit(
    tx: &mut Tx,
    workspace_id: WorkspaceId,
    seq: i64,
    draft: Draft,
) -> Result<(), StoreError> {
    tx.emit(LogRow {
        workspace_id,
        seq,
        kind: kind(&draft.body),
        channel_id: draft.channel_id(),
        subject_id: Some(draft.subject_id.clone()),
        user_id: draft.user_id,
        facts: facts(&draft),
        live: Arc::new(draft),
    })
    .await?;
    Ok(())
}

/// What dies with the change: the row keeps it.
fn facts(draft: &Draft) -> Option<String> {
    match (&draft.body, draft.change) {
        (_, Some(AccessChange::Guest { is_guest, .. })) => Some(to_json(&GuestFact { is_guest })),
        (EventBody::ReactionAdded(reaction) | EventBody::ReactionRemoved(reaction), _) => {
            let (emoji, user_id) = (reaction.emoji.clone(), reaction.user.id);
            Some(to_json(&ReactionFact { emoji, user_id }))
        }
        _ => None,
    }
}

fn to_json(fact: &impl serde::Serialize) -> String {
    serde_json::to_string(fact).expect("a struct of flags and texts is JSON")
}

/// What the log keeps of a reaction that came or went.
#[derive(serde::Serialize, serde::Deserialize)]
pub(crate) struct ReactionFact {
    pub(crate) emoji: String,
    pub(crate) user_id: UserId,
}

/// What the log keeps of a role change that crossed the border between guests and the rest.
#[derive(serde::Serialize, serde::Deserialize)]
pub(crate) struct GuestFact {
    pub(crate) is_guest: bool,
}

/// Makes the live event of a committed one; `None` for what this crate did not write.
pub fn live(committed: &Committed, epoch: &str) -> Option<LiveEvent> {
    let draft = committed.live.downcast_ref::<Draft>()?;
    Some(LiveEvent {
        workspace_id: committed.workspace_id,
        seq: committed.seq,
        event: api::Event {
            id: committed.event_id,
            cursor: Cursor { epoch: epoch.to_owned(), seq: committed.seq }.to_string(),
            workspace_id: committed.workspace_id,
            channel_id: draft.channel_id(),
            seq: draft.message_seq,
            created_at: to_wire(committed.created_at),
            body: draft.body.clone(),
        },
        audience: draft.audience,
        change: draft.change,
    })
}

/// The type of an event as it stands in the log and on the wire.
fn kind(body: &EventBody) -> &'static str {
    match body {
        EventBody::MessageCreated(_) => "message.created",
        EventBody::MessageUpdated(_) => "message.updated",
        EventBody::MessageDeleted(_) => "message.deleted",
        EventBody::ThreadReplyCreated(_) => "thread.reply_created",
        EventBody::ThreadStateUpdated(_) => "thread.state_updated",
        EventBody::ReactionAdded(_) => "reaction.added",
        EventBody::ReactionRemoved(_) => "reaction.removed",
        EventBody::PinAdded(_) => "pin.added",
        EventBody::PinRemoved(_) => "pin.removed",
        EventBody::ChannelCreated(_) => "channel.created",
        EventBody::ChannelUpdated(_) => "channel.updated",
        EventBody::ChannelArchived(_) => "channel.archived",
        EventBody::ChannelMemberAdded(_) => "channel.member_added",
        EventBody::ChannelMemberRemoved(_) => "channel.member_removed",
        EventBody::MemberJoined(_) => "member.joined",
        EventBody::MemberUpdated(_) => "member.updated",
        EventBody::MemberRemoved(_) => "member.removed",
        EventBody::WorkspaceUpdated(_) => "workspace.updated",
    }
}
