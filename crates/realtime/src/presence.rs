//! Who is there: counted by live connections, told only when what is shown changes.

use std::collections::{BTreeSet, HashMap};

use clickclack_protocol::api::{self, PresenceOf};
use clickclack_protocol::ids::{UserId, WorkspaceId};
use clickclack_protocol::time::Millis;

use crate::outgoing::SessionKey;

/// A connection that says nothing for this long counts as idle.
pub const IDLE_AFTER_MS: Millis = 10 * 60_000;
/// How long somebody is shown after the last connection closed, so that a reload does not flicker.
pub const GRACE_MS: Millis = 3_000;
/// In a workspace with more people connected than this, presence is asked for instead of told:
/// when everybody comes back after a restart, telling grows with the square of their number.
pub const TOLD_PEOPLE: usize = 1_000;

/// Everybody's presence in this process.
#[derive(Debug, Default)]
pub struct Presence {
    people: HashMap<UserId, Person>,
    here: HashMap<WorkspaceId, BTreeSet<UserId>>,
    due: BTreeSet<(Millis, UserId)>,
}

#[derive(Debug)]
struct Person {
    connections: Vec<Connection>,
    /// Where the person has been seen since they came.
    workspaces: Vec<WorkspaceId>,
    shown: api::Presence,
    /// When the last connection closed.
    gone_at: Option<Millis>,
    /// The entry in `due`.
    due: Option<Millis>,
}

#[derive(Debug)]
struct Connection {
    key: SessionKey,
    idle: bool,
    active_at: Millis,
}

/// What is shown of a person is another now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The person.
    pub user_id: UserId,
    /// What is shown.
    pub presence: api::Presence,
    /// Where it is to be told.
    pub workspaces: Vec<WorkspaceId>,
}

impl Presence {
    /// A connection opened.
    pub fn connected(&mut self, user_id: UserId, key: SessionKey, now: Millis) -> Option<Change> {
        let person = self.people.entry(user_id).or_insert_with(|| Person {
            connections: Vec::with_capacity(1),
            workspaces: Vec::with_capacity(1),
            shown: api::Presence::Offline,
            gone_at: None,
            due: None,
        });
        person.connections.push(Connection { key, idle: false, active_at: now });
        person.gone_at = None;
        self.reckon(user_id, now)
    }

    /// A connection closed.
    pub fn disconnected(
        &mut self,
        user_id: UserId,
        key: SessionKey,
        now: Millis,
    ) -> Option<Change> {
        let person = self.people.get_mut(&user_id)?;
        person.connections.retain(|connection| connection.key != key);
        if person.connections.is_empty() {
            person.gone_at = Some(now);
        }
        self.reckon(user_id, now)
    }

    /// The person did something on a connection.
    pub fn active(&mut self, user_id: UserId, key: SessionKey, now: Millis) -> Option<Change> {
        let connection = self.connection(user_id, key)?;
        connection.idle = false;
        connection.active_at = now;
        self.reckon(user_id, now)
    }

    /// A client says that nobody is at it.
    pub fn idle(&mut self, user_id: UserId, key: SessionKey, now: Millis) -> Option<Change> {
        self.connection(user_id, key)?.idle = true;
        self.reckon(user_id, now)
    }

    /// The person follows a workspace on some connection, and is shown there from now on.
    pub fn follows(&mut self, user_id: UserId, workspace_id: WorkspaceId) -> Option<Change> {
        let person = self.people.get_mut(&user_id)?;
        if person.workspaces.contains(&workspace_id) {
            return None;
        }
        person.workspaces.push(workspace_id);
        self.here.entry(workspace_id).or_default().insert(user_id);
        Some(Change { user_id, presence: person.shown, workspaces: vec![workspace_id] })
    }

    /// The person is no longer of a workspace. Its people hear of that by an event.
    pub fn removed(&mut self, user_id: UserId, workspace_id: WorkspaceId) {
        if let Some(person) = self.people.get_mut(&user_id) {
            person.workspaces.retain(|known| *known != workspace_id);
        }
        self.not_here(user_id, workspace_id);
    }

    /// Time has passed.
    pub fn tick(&mut self, now: Millis) -> Vec<Change> {
        let mut changes = Vec::new();
        while let Some(&(at, user_id)) = self.due.first().filter(|(at, _)| *at <= now) {
            self.due.remove(&(at, user_id));
            let person = self.people.get_mut(&user_id).expect("who is due is known");
            person.due = None;
            changes.extend(self.reckon(user_id, now));
        }
        changes
    }

    /// What is shown of a person.
    pub fn of(&self, user_id: UserId) -> api::Presence {
        self.people.get(&user_id).map_or(api::Presence::Offline, |person| person.shown)
    }

    /// Everybody who is shown in a workspace, unless they are too many to be told.
    pub fn of_workspace(&self, workspace_id: WorkspaceId) -> Vec<PresenceOf> {
        let Some(here) = self.here.get(&workspace_id).filter(|here| here.len() <= TOLD_PEOPLE)
        else {
            return Vec::new();
        };
        here.iter().map(|&user_id| PresenceOf { user_id, presence: self.of(user_id) }).collect()
    }

    /// People who are shown.
    pub fn people(&self) -> usize {
        self.people.len()
    }

    fn connection(&mut self, user_id: UserId, key: SessionKey) -> Option<&mut Connection> {
        let connections = &mut self.people.get_mut(&user_id)?.connections;
        connections.iter_mut().find(|connection| connection.key == key)
    }

    fn not_here(&mut self, user_id: UserId, workspace_id: WorkspaceId) {
        if let Some(here) = self.here.get_mut(&workspace_id) {
            here.remove(&user_id);
            if here.is_empty() {
                self.here.remove(&workspace_id);
            }
        }
    }

    /// Looks at a person anew: what is shown, and when to look again.
    fn reckon(&mut self, user_id: UserId, now: Millis) -> Option<Change> {
        let person = self.people.get_mut(&user_id)?;
        let (presence, look_again) = person.reckon(now);
        // Activity only moves the moment on, so an earlier look does no harm and costs nothing.
        if let Some(at) = look_again.filter(|at| person.due.is_none_or(|due| *at < due)) {
            if let Some(due) = person.due.replace(at) {
                self.due.remove(&(due, user_id));
            }
            self.due.insert((at, user_id));
        }
        let changed = person.shown != presence;
        person.shown = presence;
        let workspaces = person.workspaces.clone();
        if presence == api::Presence::Offline {
            if let Some(due) = person.due {
                self.due.remove(&(due, user_id));
            }
            self.people.remove(&user_id);
            for workspace_id in &workspaces {
                self.not_here(user_id, *workspace_id);
            }
        }
        changed.then_some(Change { user_id, presence, workspaces })
    }
}

impl Person {
    fn reckon(&self, now: Millis) -> (api::Presence, Option<Millis>) {
        let idle_at = self
            .connections
            .iter()
            .filter(|connection| !connection.idle)
            .map(|connection| connection.active_at + IDLE_AFTER_MS)
            .max();
        match (idle_at.filter(|at| *at > now), self.gone_at) {
            (Some(at), _) => (api::Presence::Online, Some(at)),
            (None, Some(gone_at)) if gone_at + GRACE_MS > now => {
                (self.shown, Some(gone_at + GRACE_MS))
            }
            (None, Some(_)) => (api::Presence::Offline, None),
            (None, None) => (api::Presence::Away, None),
        }
    }
}
