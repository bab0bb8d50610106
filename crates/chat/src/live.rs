//! What leaves a committed action for the people who are connected: the event, who may see it,
//! and what it changes about who may see the next one.

use clickclack_protocol::api;
use clickclack_protocol::ids::{ChannelId, SessionId, UserId, WorkspaceId};

/// A committed event of a workspace's log, complete for the wire.
#[derive(Debug, Clone)]
pub struct LiveEvent {
    /// The workspace's log.
    pub workspace_id: WorkspaceId,
    /// Place in that log.
    pub seq: i64,
    /// The event as it stands on the wire; nothing in it depends on the reader.
    pub event: api::Event,
    /// Who may see it.
    pub audience: Audience,
    /// What it changes about somebody's access, applied after delivery of a loss and before
    /// delivery of a gain.
    pub change: Option<AccessChange>,
}

/// Who may see an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Every member of the workspace.
    Workspace,
    /// Everybody who sees the channel: for a public one all members but guests who are not in it,
    /// for a private one only those in it.
    Channel {
        /// The channel.
        id: ChannelId,
        /// Whether it is public.
        public: bool,
    },
}

/// A change of one person's access. The person always hears the event that brings it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessChange {
    /// The person is in the channel now.
    Joined {
        /// The channel.
        channel_id: ChannelId,
        /// The person.
        user_id: UserId,
    },
    /// The person is no longer in the channel.
    Left {
        /// The channel.
        channel_id: ChannelId,
        /// The person.
        user_id: UserId,
    },
    /// The person became a guest, or is one no longer: what they see changes wholesale.
    Guest {
        /// The person.
        user_id: UserId,
        /// Whether the person is a guest now.
        is_guest: bool,
    },
    /// The person is no longer a member of the workspace.
    Removed {
        /// The person.
        user_id: UserId,
    },
}

/// What one person may see of a workspace, read in one snapshot of the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visibility {
    /// Guests see only channels that they are in.
    pub is_guest: bool,
    /// The channels the person is in, public and private.
    pub joined: std::collections::HashSet<ChannelId>,
}

impl Visibility {
    /// Whether an event with this audience may be seen.
    pub fn sees(&self, audience: Audience) -> bool {
        match audience {
            Audience::Workspace => true,
            Audience::Channel { id, public } => {
                (public && !self.is_guest) || self.joined.contains(&id)
            }
        }
    }
}

/// A part of what a member keeps for themselves in a workspace, as it is now.
#[derive(Debug, Clone)]
pub enum Personal {
    /// How far they have read a channel.
    Read(api::ReadState),
    /// How they follow a thread.
    Follow(api::ThreadFollow),
    /// Whether they saved a message.
    Saved(api::SavedMark),
    /// An unsent text.
    Draft(api::Draft),
    /// How they arrange the sidebar.
    Sidebar(api::Sidebar),
    /// How they want a channel.
    Channel(api::ChannelPreferences),
}

/// What is told after a commit without standing in a log.
#[derive(Debug, Clone)]
pub enum Notice {
    /// A person's own state changed: for their own sessions only.
    Personal {
        /// The workspace in which they keep it.
        workspace_id: WorkspaceId,
        /// The person.
        user_id: UserId,
        /// What changed.
        state: Personal,
    },
    /// A session ended, or all of an account's (`session_id: None`).
    Revoked {
        /// The account.
        user_id: UserId,
        /// The session; all when absent.
        session_id: Option<SessionId>,
    },
    /// A job was written that is due at once.
    JobWaiting,
}
