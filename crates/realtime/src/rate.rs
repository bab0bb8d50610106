//! How much a socket may say: a bucket of frames, and a count of the bad ones.

use clickclack_protocol::time::Millis;

/// Frames that may come at once. A client that comes back subscribes to all its workspaces.
pub const FRAMES_BURST: i64 = 200;
/// Frames a second in the long run.
pub const FRAMES_PER_S: i64 = 20;
/// Refused frames within a minute after which the socket is closed.
pub const REFUSED_PER_MINUTE: u32 = 100;

const MINUTE: Millis = 60_000;

/// What one socket has left.
#[derive(Debug)]
pub(crate) struct Allowance {
    /// In thousandths of a frame, so that every millisecond counts.
    left: i64,
    filled_at: Millis,
    refused: u32,
    refused_since: Millis,
}

impl Allowance {
    pub(crate) fn new(now: Millis) -> Self {
        Self { left: FRAMES_BURST * 1_000, filled_at: now, refused: 0, refused_since: now }
    }

    /// Whether one more frame may come.
    pub(crate) fn take(&mut self, now: Millis) -> bool {
        // A clock that is set back gives nothing and takes nothing.
        let passed = (now - self.filled_at).clamp(0, MINUTE);
        self.filled_at = now;
        self.left = (self.left + passed * FRAMES_PER_S).min(FRAMES_BURST * 1_000);
        let may = self.left >= 1_000;
        if may {
            self.left -= 1_000;
        }
        may
    }

    /// Counts a refused frame; whether it was one too many.
    pub(crate) fn refuse(&mut self, now: Millis) -> bool {
        if now - self.refused_since >= MINUTE {
            self.refused = 0;
            self.refused_since = now;
        }
        self.refused += 1;
        self.refused > REFUSED_PER_MINUTE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_followed_by_the_steady_rate() {
        let mut allowance = Allowance::new(0);
        let burst = (0..FRAMES_BURST + 50).filter(|_| allowance.take(0)).count();
        assert_eq!(i64::try_from(burst).unwrap(), FRAMES_BURST);
        let second = (0..1_000).filter(|ms| allowance.take(1 + ms)).count();
        assert_eq!(i64::try_from(second).unwrap(), FRAMES_PER_S);
    }

    #[test]
    fn refusals_are_forgiven_after_a_minute() {
        let mut allowance = Allowance::new(0);
        assert!((0..REFUSED_PER_MINUTE).all(|_| !allowance.refuse(10)));
        assert!(!allowance.refuse(MINUTE), "a new minute");
        assert!((1..REFUSED_PER_MINUTE).all(|_| !allowance.refuse(MINUTE + 1)));
        assert!(allowance.refuse(MINUTE + 1));
    }
}
