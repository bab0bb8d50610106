//! The queue between the hubs and one session: bounded, with a verdict that overtakes it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use clickclack_protocol::limits;
use tokio::sync::Notify;

use crate::close::Close;
use crate::outgoing::{Delivery, Outgoing, Outlet};

/// Bytes that may wait for one reader.
const QUEUE_BYTES: usize = 4 * 1024 * 1024;

/// A session's queue. An idle one holds no buffer: a channel of tokio's takes about a kilobyte
/// before the first frame.
#[derive(Debug, Default)]
pub(crate) struct Line {
    inside: Mutex<Inside>,
    bell: Notify,
}

#[derive(Debug, Default)]
struct Inside {
    queue: VecDeque<Outgoing>,
    bytes: usize,
    verdict: Option<Close>,
    tick: bool,
}

impl Line {
    /// The next thing for the session.
    pub(crate) fn pop(&self) -> Option<Outgoing> {
        let mut inside = self.lock();
        let outgoing = inside.queue.pop_front()?;
        inside.bytes -= outgoing.bytes();
        if inside.queue.is_empty() {
            inside.queue = VecDeque::new();
        }
        Some(outgoing)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.lock().queue.is_empty()
    }

    /// Ends the session, whatever still waits.
    pub(crate) fn doom(&self, close: Close) {
        self.lock().doom(close);
        self.bell.notify_one();
    }

    pub(crate) fn verdict(&self) -> Option<Close> {
        self.lock().verdict
    }

    /// Says that the session's time has come.
    pub(crate) fn tick(&self) {
        self.lock().tick = true;
        self.bell.notify_one();
    }

    pub(crate) fn take_tick(&self) -> bool {
        std::mem::take(&mut self.lock().tick)
    }

    /// Waits until something may have come since the session last looked.
    pub(crate) async fn rung(&self) {
        self.bell.notified().await;
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        // Every change is whole before anything can panic.
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inside {
    fn doom(&mut self, close: Close) {
        self.verdict.get_or_insert(close);
        self.queue = VecDeque::new();
        self.bytes = 0;
    }
}

impl Outlet for Arc<Line> {
    fn deliver(&self, outgoing: Outgoing) -> Delivery {
        let mut inside = self.lock();
        if inside.verdict.is_some() {
            return Delivery::Full;
        }
        let waiting = inside.queue.len();
        if matches!(outgoing, Outgoing::Ephemeral { .. })
            && waiting >= limits::SOCKET_QUEUE_FRAMES / 2
        {
            return Delivery::Delivered;
        }
        if waiting >= limits::SOCKET_QUEUE_FRAMES || inside.bytes >= QUEUE_BYTES {
            inside.doom(Close::TOO_SLOW);
            drop(inside);
            self.bell.notify_one();
            return Delivery::Full;
        }
        inside.bytes += outgoing.bytes();
        inside.queue.push_back(outgoing);
        drop(inside);
        self.bell.notify_one();
        Delivery::Delivered
    }
}
