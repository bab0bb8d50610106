//! Time as it is stored (milliseconds since 1970, UTC) and as it stands on the wire (RFC 3339).

use jiff::{Timestamp, fmt::temporal::DateTimePrinter};

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type Millis = i64;

/// Where the present comes from. Injected everywhere, so that a story can turn the clock by hand.
pub trait Clock: Send + Sync + 'static {
    /// The present.
    fn now(&self) -> Millis;
}

/// Writes a stored time as RFC 3339 in UTC with milliseconds, `2026-11-20T09:46:00.000Z`.
pub fn to_wire(millis: Millis) -> String {
    static PRINTER: DateTimePrinter = DateTimePrinter::new().precision(Some(3));
    let time = Timestamp::from_millisecond(millis).unwrap_or(Timestamp::UNIX_EPOCH);
    let mut text = String::with_capacity(24);
    PRINTER.print_timestamp(&time, &mut text).expect("a string takes what is printed into it");
    text
}

/// Reads an RFC 3339 time.
pub fn from_wire(text: &str) -> Option<Millis> {
    text.parse::<Timestamp>().ok().map(Timestamp::as_millisecond)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milliseconds_are_always_written() {
        assert_eq!(to_wire(1_795_167_960_000), "2026-11-20T09:46:00.000Z");
        assert_eq!(to_wire(1), "1970-01-01T00:00:00.001Z");
        assert_eq!(from_wire("2026-11-20T09:46:00.000Z"), Some(1_795_167_960_000));
        assert_eq!(from_wire("yesterday"), None);
    }
}
