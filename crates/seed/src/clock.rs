//! The clock of a performance.

use std::sync::atomic::{AtomicI64, Ordering};

use clickclack_protocol::time::{Clock, Millis};

/// A clock that is set from scene to scene.
#[derive(Debug)]
pub struct StageClock(AtomicI64);

impl StageClock {
    /// A clock that shows this time.
    pub fn new(now: Millis) -> Self {
        Self(AtomicI64::new(now))
    }

    /// Sets the clock.
    pub(crate) fn set(&self, now: Millis) {
        self.0.store(now, Ordering::SeqCst);
    }
}

impl Clock for StageClock {
    fn now(&self) -> Millis {
        self.0.load(Ordering::SeqCst)
    }
}
