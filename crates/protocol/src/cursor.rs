//! A position in a workspace's event log: `<epoch>-<sequence>`.

use std::fmt;
use std::str::FromStr;

/// A reader's position. Two cursors compare only within one epoch: the epoch changes when a
/// database is restored, and with it every sequence number may mean another event.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Cursor {
    /// Name of this database's life, lower-case letters and digits.
    pub epoch: String,
    /// Sequence number of the last event applied; 0 is before the first.
    pub seq: i64,
}

/// A text that is not a cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor")]
pub struct InvalidCursor;

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.epoch, self.seq)
    }
}

impl FromStr for Cursor {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, InvalidCursor> {
        let (epoch, seq) = text.split_once('-').ok_or(InvalidCursor)?;
        let plain = |text: &str| !text.is_empty() && text.len() <= 32;
        let letters = epoch.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        let digits = seq.bytes().all(|b| b.is_ascii_digit());
        if !(plain(epoch) && plain(seq) && letters && digits) {
            return Err(InvalidCursor);
        }
        let seq = seq.parse().map_err(|_| InvalidCursor)?;
        Ok(Self { epoch: epoch.to_owned(), seq })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_the_wire() {
        let cursor: Cursor = "k3f9-120".parse().unwrap();
        assert_eq!(cursor.to_string(), "k3f9-120");
    }

    #[test]
    fn nonsense_is_no_cursor() {
        for text in ["", "-", "a-", "-1", "a--1", "a-99999999999999999999", "A-1", "a-+1", "a-1\0"]
        {
            assert!(text.parse::<Cursor>().is_err(), "{text:?}");
        }
    }
}
