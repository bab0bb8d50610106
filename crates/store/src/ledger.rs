//! The sequences and outcomes of a batch while it runs, and the rule that logs have no holes.

use std::any::Any;
use std::collections::HashMap;
use std::sync::Arc;

use clickclack_protocol::ids::WorkspaceId;

use crate::event::{Committed, Outcome};
use crate::{Scope, StoreError};

/// What a batch has reserved and told so far. Reserving costs no statement: the column
/// `workspaces.event_seq` is written back once, before commit.
#[derive(Default)]
pub(crate) struct Ledger {
    logs: HashMap<WorkspaceId, Log>,
    outbox: Vec<Outcome>,
    /// The workspaces whose logs the running action may write.
    open: Vec<WorkspaceId>,
    /// What `undo` goes back to: the outbox's length and each changed log before the action.
    told: usize,
    changed: Vec<(WorkspaceId, Option<Log>)>,
}

#[derive(Clone, Copy)]
struct Log {
    /// What the column holds.
    written: i64,
    /// The newest reserved sequence.
    reserved: i64,
    /// The newest sequence whose row is in the log.
    emitted: i64,
}

impl Ledger {
    /// Forgets everything, before a new batch.
    pub(crate) fn clear(&mut self) {
        self.logs.clear();
        self.outbox.clear();
        self.open.clear();
        self.told = 0;
        self.changed.clear();
    }

    pub(crate) fn knows(&self, workspace: WorkspaceId) -> bool {
        self.logs.contains_key(&workspace)
    }

    /// Notes a workspace whose row is locked and whose column says `seq`.
    pub(crate) fn admit(&mut self, workspace: WorkspaceId, seq: i64) {
        self.logs.insert(workspace, Log { written: seq, reserved: seq, emitted: seq });
    }

    /// Starts an action of this scope.
    pub(crate) fn enter(&mut self, scope: &Scope) {
        self.told = self.outbox.len();
        self.changed.clear();
        self.open.clear();
        let logs = &self.logs;
        self.open.extend(scope.workspaces().iter().filter(|id| logs.contains_key(id)));
    }

    /// Opens the log of a workspace whose row this action has just inserted.
    pub(crate) fn begin(&mut self, workspace: WorkspaceId) {
        self.changed.push((workspace, None));
        self.admit(workspace, 0);
        self.open.push(workspace);
    }

    pub(crate) fn seq(&self, workspace: WorkspaceId) -> Option<i64> {
        if self.open.contains(&workspace) {
            Some(self.logs.get(&workspace)?.reserved)
        } else {
            None
        }
    }

    pub(crate) fn reserve(&mut self, workspace: WorkspaceId) -> Result<i64, StoreError> {
        if !self.open.contains(&workspace) {
            return Err(StoreError::internal("an action wrote to a log outside its scope"));
        }
        let log = self.logs.get_mut(&workspace).expect("an open log was admitted");
        if !self.changed.iter().any(|(id, _)| *id == workspace) {
            self.changed.push((workspace, Some(*log)));
        }
        log.reserved += 1;
        Ok(log.reserved)
    }

    /// Whether `seq` is the one that must be emitted next.
    pub(crate) fn is_due(&self, workspace: WorkspaceId, seq: i64) -> bool {
        self.open.contains(&workspace)
            && self
                .logs
                .get(&workspace)
                .is_some_and(|log| seq == log.emitted + 1 && seq <= log.reserved)
    }

    pub(crate) fn emitted(&mut self, event: Committed) {
        let log = self.logs.get_mut(&event.workspace_id).expect("a due event has its log");
        log.emitted = event.seq;
        self.outbox.push(Outcome::Event(event));
    }

    pub(crate) fn notify(&mut self, notice: Arc<dyn Any + Send + Sync>) {
        self.outbox.push(Outcome::Notice(notice));
    }

    /// Whether every sequence that the action reserved is in the log.
    pub(crate) fn is_dense(&self) -> bool {
        self.changed
            .iter()
            .all(|(id, _)| self.logs.get(id).is_some_and(|log| log.emitted == log.reserved))
    }

    /// Takes back what the running action did.
    pub(crate) fn undo(&mut self) {
        self.outbox.truncate(self.told);
        while let Some((workspace, before)) = self.changed.pop() {
            match before {
                Some(log) => self.logs.insert(workspace, log),
                None => self.logs.remove(&workspace),
            };
        }
    }

    /// The columns to write back before commit.
    pub(crate) fn unwritten(&self) -> Vec<(WorkspaceId, i64)> {
        let changed = self.logs.iter().filter(|(_, log)| log.written != log.reserved);
        changed.map(|(id, log)| (*id, log.reserved)).collect()
    }

    /// What a committed batch told.
    pub(crate) fn take_outbox(&mut self) -> Vec<Outcome> {
        std::mem::take(&mut self.outbox)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clickclack_protocol::ids::{EventId, Id};
    use ulid::Ulid;

    fn workspace(n: u128) -> WorkspaceId {
        WorkspaceId::from_ulid(Ulid::from_parts(1, n))
    }

    fn tell(ledger: &mut Ledger, workspace_id: WorkspaceId, seq: i64) {
        assert!(ledger.is_due(workspace_id, seq));
        let event_id = EventId::from_ulid(Ulid::from_parts(1, 1));
        let live = Arc::new(());
        ledger.emitted(Committed { workspace_id, seq, event_id, created_at: 1, kind: "t", live });
    }

    #[test]
    fn an_undone_action_gives_its_sequences_back() {
        let (mut ledger, home) = (Ledger::default(), workspace(1));
        ledger.admit(home, 7);
        ledger.enter(&Scope::Workspace(home));
        assert_eq!(ledger.reserve(home), Ok(8));
        tell(&mut ledger, home, 8);
        ledger.enter(&Scope::Workspace(home));
        assert_eq!(ledger.reserve(home), Ok(9));
        assert_eq!(ledger.reserve(home), Ok(10));
        tell(&mut ledger, home, 9);
        ledger.notify(Arc::new(()));
        ledger.undo();
        assert_eq!(ledger.seq(home), Some(8));
        assert_eq!(ledger.unwritten(), [(home, 8)]);
        assert_eq!(ledger.take_outbox().len(), 1);
    }

    #[test]
    fn a_begun_log_goes_with_its_action() {
        let (mut ledger, new) = (Ledger::default(), workspace(2));
        ledger.enter(&Scope::Instance);
        assert_eq!(ledger.reserve(new), Err(StoreError::Internal));
        ledger.begin(new);
        assert_eq!(ledger.reserve(new), Ok(1));
        ledger.undo();
        assert!(!ledger.knows(new));
    }

    #[test]
    fn sequences_are_emitted_once_and_in_order() {
        let (mut ledger, home, other) = (Ledger::default(), workspace(1), workspace(2));
        ledger.admit(home, 0);
        ledger.admit(other, 0);
        ledger.enter(&Scope::Workspace(home));
        assert!(ledger.is_dense());
        assert!(!ledger.is_due(home, 1), "nothing is reserved yet");
        ledger.reserve(home).unwrap();
        ledger.reserve(home).unwrap();
        assert!(!ledger.is_due(home, 2), "1 comes first");
        tell(&mut ledger, home, 1);
        assert!(!ledger.is_due(home, 1), "once only");
        assert!(!ledger.is_dense());
        tell(&mut ledger, home, 2);
        assert!(ledger.is_dense());
        assert_eq!(ledger.reserve(other), Err(StoreError::Internal), "not of this scope");
        assert_eq!(ledger.seq(other), None);
    }
}
