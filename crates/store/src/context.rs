//! What every transaction of a store shares: clock, chance, sink and counters.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, OnceLock};

use clickclack_protocol::time::Clock;

use crate::event::{Outcome, Sink};
use crate::randomness::{Mint, Randomness};

pub(crate) struct Context {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) randomness: Arc<dyn Randomness>,
    pub(crate) mint: Mint,
    pub(crate) sink: OnceLock<Arc<dyn Sink>>,
    pub(crate) counters: Counters,
}

#[derive(Default)]
pub(crate) struct Counters {
    pub(crate) commits: AtomicU64,
    pub(crate) lost_batches: AtomicU64,
    pub(crate) actions: AtomicU64,
    pub(crate) failed_actions: AtomicU64,
}

/// What a store has done since it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Transactions committed; each carried one or more actions.
    pub commits: u64,
    /// Transactions lost whole: disk full, connection gone, commit refused.
    pub lost_batches: u64,
    /// Actions in committed transactions that were kept.
    pub actions: u64,
    /// Actions in committed transactions that were taken back by an error or a panic of their own.
    pub failed_actions: u64,
}

impl Counters {
    pub(crate) fn read(&self) -> Counts {
        Counts {
            commits: self.commits.load(Relaxed),
            lost_batches: self.lost_batches.load(Relaxed),
            actions: self.actions.load(Relaxed),
            failed_actions: self.failed_actions.load(Relaxed),
        }
    }
}

impl Context {
    /// Hands a committed batch to the sink. A sink that panics must not take the writer with it.
    pub(crate) fn publish(&self, outcomes: Vec<Outcome>) {
        let Some(sink) = self.sink.get().filter(|_| !outcomes.is_empty()) else {
            return;
        };
        if catch_unwind(AssertUnwindSafe(|| sink.committed(outcomes))).is_err() {
            tracing::error!("the sink panicked; its readers find the events in the log");
        }
    }
}
