//! The loop that owns the machines: hubs by workspace, presence, and the sockets of this process.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use clickclack_chat::live::{LiveEvent, Personal};
use clickclack_protocol::api::{self, ServerFrame};
use clickclack_protocol::ids::{ChannelId, MessageId, SessionId, UserId, WorkspaceId};
use clickclack_protocol::time::{Clock, Millis};

use crate::connection::Connection;
use crate::fanout::{Handle, Order};
use crate::frame::Frame;
use crate::outgoing::{Outgoing, Outlet, SessionKey};
use crate::presence::{Change, Presence};
use crate::reader::LogReader;
use crate::roster::Roster;
pub use crate::session::Identity;
use crate::typing::Spot;

/// How often the clock is looked at.
const TICK: Duration = Duration::from_millis(250);

/// What a switchboard needs to know of its process.
#[derive(Clone)]
pub struct Settings {
    /// The database's epoch, for cursors.
    pub epoch: String,
    /// For `hello`.
    pub server_version: String,
    /// The present.
    pub clock: Arc<dyn Clock>,
}

/// A person has as many sockets as one may have, or the process is going down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many sockets")]
pub struct TooManySockets;

/// Where a channel is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChannelPlace {
    /// Its workspace.
    pub workspace_id: WorkspaceId,
    /// The channel.
    pub channel_id: ChannelId,
    /// Whether it is public.
    pub public: bool,
}

/// How much is connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Sockets.
    pub sockets: usize,
    /// People with at least one socket.
    pub people: usize,
    /// Workspaces that somebody follows.
    pub workspaces: usize,
}

/// Everybody who is connected to this process. Cloning shares it.
pub struct Switchboard<R> {
    inner: Arc<Inner<R>>,
}

/// Locks are taken in this order and never held across an await: presence, hubs, roster.
pub(crate) struct Inner<R> {
    pub(crate) reader: Arc<R>,
    pub(crate) epoch: Arc<str>,
    pub(crate) server_version: String,
    clock: Arc<dyn Clock>,
    keys: AtomicU64,
    presence: Mutex<Presence>,
    /// A workspace's task lives as long as a connection holds its handle.
    hubs: Mutex<HashMap<WorkspaceId, Weak<Handle>>>,
    roster: Mutex<Roster>,
}

impl<R> Clone for Switchboard<R> {
    fn clone(&self) -> Self {
        Self { inner: Arc::clone(&self.inner) }
    }
}

impl<R> std::fmt::Debug for Switchboard<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Switchboard").field("epoch", &self.inner.epoch).finish_non_exhaustive()
    }
}

impl<R: LogReader> Switchboard<R> {
    /// Starts a switchboard, inside a tokio runtime.
    pub fn open(settings: Settings, reader: Arc<R>) -> Self {
        let inner = Arc::new(Inner {
            reader,
            epoch: settings.epoch.into(),
            server_version: settings.server_version,
            clock: settings.clock,
            keys: AtomicU64::new(0),
            presence: Mutex::default(),
            hubs: Mutex::default(),
            roster: Mutex::default(),
        });
        tokio::spawn(watch_the_clock(Arc::downgrade(&inner)));
        Self { inner }
    }

    /// Whether somebody follows the workspace; if not, its events need not be made.
    pub fn watches(&self, workspace_id: WorkspaceId) -> bool {
        self.inner.watched(workspace_id).is_some()
    }

    /// Takes committed events, each workspace's in the order of their commit. Never blocks.
    pub fn committed(&self, events: impl IntoIterator<Item = LiveEvent>) {
        for event in events {
            if let Some(hub) = self.inner.watched(event.workspace_id) {
                hub.tell(Order::Committed(Box::new(event)));
            }
        }
    }

    /// Tells a person's own sockets what the person keeps for themselves now.
    pub fn personal(&self, workspace_id: WorkspaceId, user_id: UserId, state: Personal) {
        let roster = self.inner.roster();
        let mut lines = roster.lines(user_id).peekable();
        // Every send moves its author's position, also where nobody listens.
        if lines.peek().is_none() {
            return;
        }
        let frame = Frame::new(&personal_frame(workspace_id, state));
        for line in lines {
            // A queue that is full closes its session anyway.
            let _ = line.deliver(Outgoing::Direct(frame.clone()));
        }
    }

    /// Closes the sockets that a session opened, or all of an account's, at once.
    pub fn revoked(&self, user_id: UserId, session_id: Option<SessionId>) {
        self.inner.roster().revoke(user_id, session_id);
    }

    /// Lets a socket in. Check the credential once more afterwards: what was revoked between the
    /// first check and this call closed no socket.
    pub fn connect(&self, identity: Identity) -> Result<Connection<R>, TooManySockets> {
        let key = SessionKey(self.inner.keys.fetch_add(1, Ordering::Relaxed));
        let line = self.inner.roster().add(&identity, key).ok_or(TooManySockets)?;
        Ok(Connection::open(Arc::clone(&self.inner), identity, key, line))
    }

    /// Says that somebody types in a channel or in one of its threads, for clients without a
    /// socket. The caller has checked that they may see it.
    pub fn typing(
        &self,
        user_id: UserId,
        place: ChannelPlace,
        thread_root_id: Option<MessageId>,
        state: api::TypingState,
    ) {
        if let Some(hub) = self.inner.watched(place.workspace_id) {
            let spot = Spot { channel_id: place.channel_id, thread_root_id, user_id };
            hub.tell(Order::TypingChecked { spot, public: place.public, state });
        }
    }

    /// Everybody in a workspace who is not offline, unless they are too many.
    pub fn presence(&self, workspace_id: WorkspaceId) -> Vec<api::PresenceOf> {
        self.inner.presence().of_workspace(workspace_id)
    }

    /// One person's presence.
    pub fn presence_of(&self, user_id: UserId) -> api::Presence {
        self.inner.presence().of(user_id)
    }

    /// How much is connected.
    pub fn connections(&self) -> Counts {
        let workspaces = self.inner.hubs().values().filter(|hub| hub.strong_count() > 0).count();
        let roster = self.inner.roster();
        Counts { sockets: roster.sockets(), people: roster.people(), workspaces }
    }

    /// Ends every socket, to be opened anew when the server is back, and lets nobody in.
    pub fn close(&self) {
        self.inner.roster().close();
    }
}

impl<R: LogReader> Inner<R> {
    pub(crate) fn now(&self) -> Millis {
        self.clock.now()
    }

    pub(crate) fn presence(&self) -> MutexGuard<'_, Presence> {
        lock(&self.presence)
    }

    pub(crate) fn roster(&self) -> MutexGuard<'_, Roster> {
        lock(&self.roster)
    }

    /// A workspace's task, started if nobody follows it yet. It must be held before the database
    /// is read: what is committed after the reading then reaches the hub.
    pub(crate) fn hub(self: &Arc<Self>, workspace_id: WorkspaceId) -> Arc<Handle> {
        let mut hubs = self.hubs();
        if let Some(hub) = hubs.get(&workspace_id).and_then(Weak::upgrade)
            && hub.is_alive()
        {
            return hub;
        }
        let hub = Arc::new(Handle::start(workspace_id, self));
        hubs.insert(workspace_id, Arc::downgrade(&hub));
        hub
    }

    /// Changes presence and tells what is shown differently. Told under the lock, so that two
    /// changes of one person cannot overtake each other.
    pub(crate) fn change_presence<C>(&self, change: impl FnOnce(&mut Presence) -> C)
    where
        C: IntoIterator<Item = Change>,
    {
        let mut presence = self.presence();
        for Change { user_id, presence, workspaces } in change(&mut presence) {
            let frame =
                Frame::new(&ServerFrame::Presence(api::PresenceFrame { user_id, presence }));
            for workspace_id in workspaces {
                if let Some(hub) = self.watched(workspace_id) {
                    hub.tell(Order::Presence(frame.clone()));
                }
            }
        }
    }

    fn watched(&self, workspace_id: WorkspaceId) -> Option<Arc<Handle>> {
        self.hubs().get(&workspace_id)?.upgrade()
    }

    fn hubs(&self) -> MutexGuard<'_, HashMap<WorkspaceId, Weak<Handle>>> {
        lock(&self.hubs)
    }

    fn tick(&self) {
        let now = self.now();
        self.change_presence(|presence| presence.tick(now));
        self.roster().tick(now);
        self.hubs().retain(|_, hub| {
            let hub = hub.upgrade();
            if let Some(hub) = &hub {
                hub.tick(now);
            }
            hub.is_some()
        });
    }
}

/// Machines take time from the injected clock; only how often it is looked at is the runtime's.
async fn watch_the_clock<R: LogReader>(inner: Weak<Inner<R>>) {
    let mut interval = tokio::time::interval(TICK);
    interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        interval.tick().await;
        let Some(inner) = inner.upgrade() else { break };
        inner.tick();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic elsewhere must not silence everybody; each change under a lock is whole.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn personal_frame(workspace_id: WorkspaceId, state: Personal) -> ServerFrame {
    let preferences = |sidebar, channel| {
        ServerFrame::PreferencesUpdated(api::PreferencesUpdatedFrame {
            workspace_id,
            sidebar,
            channel,
        })
    };
    match state {
        Personal::Read(read) => {
            ServerFrame::ReadUpdated(api::ReadUpdatedFrame { workspace_id, read })
        }
        Personal::Follow(follow) => {
            ServerFrame::FollowUpdated(api::FollowUpdatedFrame { workspace_id, follow })
        }
        Personal::Saved(saved) => {
            ServerFrame::SavedUpdated(api::SavedUpdatedFrame { workspace_id, saved })
        }
        Personal::Draft(draft) => {
            ServerFrame::DraftUpdated(api::DraftUpdatedFrame { workspace_id, draft })
        }
        Personal::Sidebar(sidebar) => preferences(Some(sidebar), None),
        Personal::Channel(channel) => preferences(None, Some(channel)),
    }
}
