//! When scenes play: on working days before the present, or some hours ago.

use clickclack_protocol::time::Millis;

pub(crate) const SECOND: Millis = 1_000;
pub(crate) const MINUTE: Millis = 60 * SECOND;
pub(crate) const HOUR: Millis = 60 * MINUTE;
pub(crate) const DAY: Millis = 24 * HOUR;

/// How long before the present the earliest scene of today may begin.
pub(crate) const TODAY: Millis = 6 * HOUR;
/// Until when scenes of other days are over, from midnight.
#[cfg(test)]
pub(crate) const EVENING: Millis = 18 * HOUR;

/// When a scene begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Beginning {
    /// So many working days before today, so long after midnight (UTC).
    Day {
        /// At least 1.
        ago: i64,
        /// Milliseconds after midnight.
        at: Millis,
    },
    /// So long before the present.
    Ago(Millis),
}

impl Beginning {
    /// The time of it, as seen from the present.
    pub(crate) fn time(self, now: Millis) -> Millis {
        match self {
            Self::Ago(span) => now - span,
            Self::Day { ago, at } => {
                // Yesterday is the day before the first scene of today, so that days never overlap.
                let mut day = (now - TODAY).div_euclid(DAY);
                for _ in 0..ago {
                    day -= 1;
                    while is_weekend(day) {
                        day -= 1;
                    }
                }
                day * DAY + at
            }
        }
    }
}

/// Whether a day, counted from 1970-01-01, which was a Thursday, is a Saturday or a Sunday.
fn is_weekend(day: i64) -> bool {
    matches!((day + 4).rem_euclid(7), 0 | 6)
}

#[cfg(test)]
mod tests {
    use clickclack_protocol::time::{from_wire, to_wire};

    use super::*;

    fn time(now: &str, beginning: Beginning) -> String {
        to_wire(beginning.time(from_wire(now).unwrap()))
    }

    #[test]
    fn nobody_works_at_the_weekend() {
        let scene = |ago| Beginning::Day { ago, at: 9 * HOUR };
        let monday = "2026-11-23T10:00:00.000Z";
        assert_eq!(time(monday, scene(1)), "2026-11-20T09:00:00.000Z");
        assert_eq!(time(monday, scene(5)), "2026-11-16T09:00:00.000Z");
        assert_eq!(time(monday, scene(6)), "2026-11-13T09:00:00.000Z");
        let sunday = "2026-11-22T10:00:00.000Z";
        assert_eq!(time(sunday, scene(1)), "2026-11-20T09:00:00.000Z");
    }

    #[test]
    fn yesterday_ends_before_today_begins_at_every_hour() {
        for hour in 0..48 {
            let now = from_wire("2026-11-24T00:00:00.000Z").unwrap() + hour * HOUR;
            let evening = Beginning::Day { ago: 1, at: EVENING }.time(now);
            assert!(evening <= Beginning::Ago(TODAY).time(now), "{}", to_wire(now));
        }
    }
}
