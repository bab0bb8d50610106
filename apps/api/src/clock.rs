//! The machine's clock, the one place where the present comes from.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use clickclack_protocol::time::{Clock, Millis};

/// The machine's clock, which never goes back: limits, heartbeats and expiry would stand still for
/// as long as somebody has set it back.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

static START: LazyLock<Instant> = LazyLock::new(Instant::now);
static AHEAD: Ahead = Ahead(AtomicI64::new(i64::MIN));

/// How far the calendar is ahead of the steady clock; it follows corrections forward only.
struct Ahead(AtomicI64);

impl Ahead {
    fn now(&self, calendar: Millis, steady: Millis) -> Millis {
        let seen = calendar - steady;
        steady + self.0.fetch_max(seen, Ordering::Relaxed).max(seen)
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is where the clock is injected from")]
    fn now(&self) -> Millis {
        let millis = |time: std::time::Duration| {
            Millis::try_from(time.as_millis()).expect("no machine runs for 292 million years")
        };
        let calendar = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        AHEAD.now(millis(calendar), millis(START.elapsed()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_set_back_goes_on_at_its_pace() {
        let ahead = Ahead(AtomicI64::new(i64::MIN));
        assert_eq!(ahead.now(1_000_000, 0), 1_000_000);
        assert_eq!(ahead.now(1_000_050, 50), 1_000_050);
        // An hour back.
        assert_eq!(ahead.now(1_000_100 - 3_600_000, 100), 1_000_100);
        assert_eq!(ahead.now(1_000_200 - 3_600_000, 200), 1_000_200);
        // A correction forward is taken.
        assert_eq!(ahead.now(1_005_300, 300), 1_005_300);
        assert_eq!(ahead.now(1_000_400, 400), 1_005_400);
    }
}
