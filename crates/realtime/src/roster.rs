//! The live sockets of this process, by person and by when each is due for its heartbeat.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use clickclack_protocol::ids::{SessionId, UserId};
use clickclack_protocol::limits;
use clickclack_protocol::time::Millis;

use crate::close::Close;
use crate::line::Line;
use crate::outgoing::SessionKey;
use crate::session::Identity;

/// Who has sockets open.
#[derive(Debug, Default)]
pub(crate) struct Roster {
    by_user: HashMap<UserId, Vec<Entry>>,
    due: BTreeMap<(Millis, SessionKey), Arc<Line>>,
    sockets: usize,
    /// The process is going down: nobody is let in.
    closed: bool,
}

#[derive(Debug)]
struct Entry {
    key: SessionKey,
    session_id: SessionId,
    line: Arc<Line>,
}

impl Roster {
    /// Adds a socket; `None` when the person has too many or the process is going down.
    pub(crate) fn add(&mut self, identity: &Identity, key: SessionKey) -> Option<Arc<Line>> {
        let entries = self.by_user.entry(identity.user_id).or_default();
        if self.closed || entries.len() >= limits::SOCKETS_PER_USER {
            if entries.is_empty() {
                self.by_user.remove(&identity.user_id);
            }
            return None;
        }
        let line = Arc::new(Line::default());
        entries.push(Entry { key, session_id: identity.session_id, line: Arc::clone(&line) });
        self.sockets += 1;
        Some(line)
    }

    /// Takes a socket out.
    pub(crate) fn remove(&mut self, user_id: UserId, key: SessionKey, due: Millis) {
        self.due.remove(&(due, key));
        let Some(entries) = self.by_user.get_mut(&user_id) else { return };
        let before = entries.len();
        entries.retain(|entry| entry.key != key);
        self.sockets -= before - entries.len();
        if entries.is_empty() {
            self.by_user.remove(&user_id);
        }
    }

    /// Rings a socket when its time has come.
    pub(crate) fn schedule(&mut self, at: Millis, key: SessionKey, line: &Arc<Line>) {
        self.due.insert((at, key), Arc::clone(line));
    }

    /// Rings everybody who is due.
    pub(crate) fn tick(&mut self, now: Millis) {
        while let Some(entry) = self.due.first_entry().filter(|entry| entry.key().0 <= now) {
            entry.remove().tick();
        }
    }

    /// The queues of a person's sockets.
    pub(crate) fn lines(&self, user_id: UserId) -> impl Iterator<Item = &Arc<Line>> {
        self.by_user.get(&user_id).into_iter().flatten().map(|entry| &entry.line)
    }

    /// Ends the sockets that a credential opened, or all of a person's.
    pub(crate) fn revoke(&self, user_id: UserId, session_id: Option<SessionId>) {
        for entry in self.by_user.get(&user_id).into_iter().flatten() {
            if session_id.is_none_or(|session_id| session_id == entry.session_id) {
                entry.line.doom(Close::CREDENTIAL_GONE);
            }
        }
    }

    /// Ends every socket and lets nobody in.
    pub(crate) fn close(&mut self) {
        self.closed = true;
        for entry in self.by_user.values().flatten() {
            entry.line.doom(Close::RESTARTING);
        }
    }

    pub(crate) fn sockets(&self) -> usize {
        self.sockets
    }

    pub(crate) fn people(&self) -> usize {
        self.by_user.len()
    }
}
