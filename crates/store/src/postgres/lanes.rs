//! Group commit on PostgreSQL: the actions that wait for one scope share a transaction.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use clickclack_protocol::ids::WorkspaceId;
use deadpool_postgres::Pool;
use tokio::sync::{Notify, OwnedMutexGuard};

use crate::StoreError;
use crate::action::{Scope, Waiting};
use crate::batch::{self, Done};
use crate::context::Context;
use crate::tx::Tx;

use super::{discard, lease};

/// A batch that takes longer hangs: on the network, or in an action that awaits something foreign.
const LIMIT: Duration = Duration::from_mins(1);

/// Turns are forgotten once there are so many.
const TURNS: usize = 1024;

/// A lane for every scope that somebody waits for, each with a task that works it off.
pub(super) struct Lanes {
    pool: Pool,
    limit: usize,
    context: Arc<Context>,
    state: Mutex<State>,
    turns: Mutex<HashMap<Turn, Weak<tokio::sync::Mutex<()>>>>,
    is_idle: Notify,
}

#[derive(Default)]
struct State {
    lanes: HashMap<Scope, VecDeque<Box<dyn Waiting>>>,
    is_closed: bool,
}

/// What one batch of this process holds at a time, from before BEGIN until the sink has been told:
/// so outcomes are told in the order of their commits, and nobody occupies a connection only to
/// wait for a lock of this process. `None` is the instance.
type Turn = Option<WorkspaceId>;

impl Lanes {
    pub(super) fn new(pool: Pool, limit: usize, context: Arc<Context>) -> Self {
        Self {
            pool,
            limit,
            context,
            state: Mutex::default(),
            turns: Mutex::default(),
            is_idle: Notify::new(),
        }
    }

    pub(super) fn push(this: &Arc<Self>, ticket: Box<dyn Waiting>) -> Result<(), StoreError> {
        let mut state = this.state();
        if state.is_closed {
            return Err(StoreError::Unavailable);
        }
        match state.lanes.entry(ticket.scope().clone()) {
            Entry::Occupied(mut lane) if lane.get().len() < this.limit => {
                lane.get_mut().push_back(ticket);
                Ok(())
            }
            Entry::Occupied(_) => Err(StoreError::Busy),
            Entry::Vacant(lane) => {
                let scope = lane.key().clone();
                lane.insert(VecDeque::from([ticket]));
                tokio::spawn(Arc::clone(this).drive(scope));
                Ok(())
            }
        }
    }

    /// Works off a lane and ends with it.
    async fn drive(self: Arc<Self>, scope: Scope) {
        // However this task ends, nobody may go on waiting in a lane without one.
        let _hangup = Hangup { lanes: &self, scope: &scope };
        while self.is_wanted(&scope) {
            let turns = self.take_turns(&scope).await;
            let mut waiting = self.take(&scope);
            let result = self.attempt(&mut waiting).await;
            batch::settle(&self.context, result, waiting);
            drop(turns);
            // Those who were answered may be back at once: let them share the next commit.
            tokio::task::yield_now().await;
        }
    }

    async fn attempt(&self, waiting: &mut [Box<dyn Waiting>]) -> Result<Done, StoreError> {
        let mut tx = Tx::new(lease(&self.pool).await?, Arc::clone(&self.context));
        let result = match tokio::time::timeout(LIMIT, batch::run(&mut tx, waiting)).await {
            Ok(result) => result,
            Err(_) => Err(StoreError::unavailable("a batch of actions took too long")),
        };
        if result.is_err() {
            discard(tx.query);
        }
        result
    }

    /// Whether anybody waits in a lane; the empty lane goes away, and its task with it.
    fn is_wanted(&self, scope: &Scope) -> bool {
        let mut state = self.state();
        let is_wanted = state.lanes.get(scope).is_some_and(|lane| !lane.is_empty());
        if !is_wanted {
            state.lanes.remove(scope);
        }
        is_wanted
    }

    fn take(&self, scope: &Scope) -> Vec<Box<dyn Waiting>> {
        let mut state = self.state();
        let lane = state.lanes.get_mut(scope).expect("only its own task takes a lane away");
        let count = lane.len().min(batch::BATCH);
        lane.drain(..count).collect()
    }

    /// Waits for the turns of a scope, in the order in which everybody waits for them.
    async fn take_turns(&self, scope: &Scope) -> Vec<OwnedMutexGuard<()>> {
        let instance = scope.covers_instance().then_some(None);
        let workspaces = scope.workspaces().iter().copied().map(Some);
        let mut guards = Vec::new();
        for turn in instance.into_iter().chain(workspaces) {
            guards.push(self.turn(turn).lock_owned().await);
        }
        guards
    }

    fn turn(&self, turn: Turn) -> Arc<tokio::sync::Mutex<()>> {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        if turns.len() >= TURNS {
            turns.retain(|_, lock| lock.strong_count() > 0);
        }
        if let Some(lock) = turns.get(&turn).and_then(Weak::upgrade) {
            return lock;
        }
        let lock = Arc::default();
        turns.insert(turn, Arc::downgrade(&lock));
        lock
    }

    /// Takes no more actions and waits for those that it has.
    pub(super) async fn close(&self) {
        self.state().is_closed = true;
        loop {
            let idle = self.is_idle.notified();
            if self.state().lanes.is_empty() {
                break;
            }
            idle.await;
        }
        self.pool.close();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Hangup<'a> {
    lanes: &'a Lanes,
    scope: &'a Scope,
}

impl Drop for Hangup<'_> {
    fn drop(&mut self) {
        // After a normal end the lane is gone, or already another task's: only a panic leaves it.
        let dropped = std::thread::panicking().then(|| self.lanes.state().lanes.remove(self.scope));
        drop(dropped);
        self.lanes.is_idle.notify_waiters();
    }
}
