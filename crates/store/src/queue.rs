//! A bounded line of work for threads.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::StoreError;

pub(crate) struct Queue<T> {
    line: Mutex<Line<T>>,
    ready: Condvar,
    limit: usize,
}

/// How long a thread waits for the company that it expects. Far below the time of a commit, and
/// enough for those who have just been answered to come back.
const LINGER: Duration = Duration::from_micros(200);

struct Line<T> {
    items: VecDeque<T>,
    /// So many must wait before a thread is woken.
    wanted: usize,
    is_closed: bool,
}

impl<T> Queue<T> {
    pub(crate) fn new(limit: usize) -> Self {
        let line = Line { items: VecDeque::new(), wanted: 1, is_closed: false };
        Self { line: Mutex::new(line), ready: Condvar::new(), limit }
    }

    pub(crate) fn push(&self, item: T) -> Result<(), StoreError> {
        let mut line = self.line();
        if line.is_closed {
            return Err(StoreError::Unavailable);
        }
        if line.items.len() >= self.limit {
            return Err(StoreError::Busy);
        }
        line.items.push_back(item);
        let is_ready = line.items.len() >= line.wanted;
        drop(line);
        if is_ready {
            self.ready.notify_one();
        }
        Ok(())
    }

    /// Waits for work and takes up to `most`; `None` once the queue is closed and empty.
    pub(crate) fn take(&self, most: usize) -> Option<Vec<T>> {
        Self::drain(self.wait(), most)
    }

    /// Like `take`, for the only thread of a queue: lingers for the `answered` who are expected to
    /// come back at once, so that they and those who wait already share one commit instead of
    /// taking turns in two.
    pub(crate) fn take_together(&self, most: usize, answered: usize) -> Option<Vec<T>> {
        let mut line = self.wait();
        if answered > 1 && !line.is_closed {
            let wanted = (line.items.len() + answered).min(most);
            line.wanted = wanted;
            let lacks = |line: &mut Line<T>| line.items.len() < wanted && !line.is_closed;
            let company = self.ready.wait_timeout_while(line, LINGER, lacks);
            line = company.unwrap_or_else(PoisonError::into_inner).0;
            line.wanted = 1;
        }
        Self::drain(line, most)
    }

    fn drain(mut line: MutexGuard<'_, Line<T>>, most: usize) -> Option<Vec<T>> {
        let count = line.items.len().min(most);
        if count == 0 { None } else { Some(line.items.drain(..count).collect()) }
    }

    /// Waits until there is work or an end.
    fn wait(&self) -> MutexGuard<'_, Line<T>> {
        self.ready
            .wait_while(self.line(), |line| line.items.is_empty() && !line.is_closed)
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes no more work; what waits is still done.
    pub(crate) fn close(&self) {
        self.line().is_closed = true;
        self.ready.notify_all();
    }

    /// Takes no more work and drops what waits.
    pub(crate) fn abandon(&self) {
        let mut line = self.line();
        line.is_closed = true;
        let dropped = std::mem::take(&mut line.items);
        drop(line);
        self.ready.notify_all();
        drop(dropped);
    }

    fn line(&self) -> MutexGuard<'_, Line<T>> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_queue_is_bounded_and_ends_empty() {
        let queue = Queue::new(3);
        for n in 0..3 {
            queue.push(n).unwrap();
        }
        assert_eq!(queue.push(3), Err(StoreError::Busy));
        assert_eq!(queue.take(2), Some(vec![0, 1]));
        queue.close();
        assert_eq!(queue.push(4), Err(StoreError::Unavailable));
        assert_eq!(queue.take(2), Some(vec![2]));
        assert_eq!(queue.take(2), None);
    }

    #[test]
    fn those_who_come_back_share_a_batch_with_those_who_wait() {
        let queue = Queue::new(9);
        queue.push(0).unwrap();
        std::thread::scope(|scope| {
            let taken = scope.spawn(|| queue.take_together(3, 8));
            queue.push(1).unwrap();
            queue.push(2).unwrap();
            let mut found = taken.join().unwrap().unwrap();
            // However late this thread was: nothing is lost, doubled or swapped.
            while found.len() < 3 {
                found.extend(queue.take_together(3, 1).unwrap());
            }
            assert_eq!(found, [0, 1, 2]);
        });
        queue.push(3).unwrap();
        assert_eq!(queue.take_together(3, 1), Some(vec![3]), "one alone does not linger");
    }
}
