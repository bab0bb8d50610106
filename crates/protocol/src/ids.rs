//! Ids as they stand on the wire and in the database: `prefix_` and a 26-character ULID.

use std::fmt;
use std::str::FromStr;

use ulid::Ulid;

/// A text that is not an id of the wanted kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id of the form {prefix}_ and a 26-character ULID")]
pub struct InvalidId {
    /// The prefix that was wanted.
    pub prefix: &'static str,
}

/// What all ids share, for code that is generic over them.
pub trait Id: Copy + Eq + Ord + std::hash::Hash + fmt::Display + FromStr<Err = InvalidId> {
    /// The three letters before the underscore.
    const PREFIX: &'static str;

    /// Makes an id out of a ULID.
    fn from_ulid(ulid: Ulid) -> Self;
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal),+ $(,)?) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub struct $name(Ulid);

            impl Id for $name {
                const PREFIX: &'static str = $prefix;
                fn from_ulid(ulid: Ulid) -> Self { Self(ulid) }
            }

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    let mut buffer = [0; ulid::ULID_LEN];
                    write!(f, concat!($prefix, "_{}"), self.0.array_to_str(&mut buffer))
                }
            }

            impl fmt::Debug for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { fmt::Display::fmt(self, f) }
            }

            impl FromStr for $name {
                type Err = InvalidId;
                fn from_str(text: &str) -> Result<Self, InvalidId> {
                    parse_ulid(text, $prefix).map(Self)
                }
            }

            impl serde::Serialize for $name {
                fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    serializer.collect_str(self)
                }
            }

            impl<'de> serde::Deserialize<'de> for $name {
                fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                    text.parse().map_err(serde::de::Error::custom)
                }
            }
        )+

        /// Calls `$callback!` with every id type, so that the store can say once how an id becomes
        /// a column.
        #[macro_export]
        macro_rules! each_id {
            ($callback:ident) => { $( $callback!($crate::ids::$name); )+ };
        }
    };
}

ids! {
    /// An account: a person or a bot.
    UserId = "usr",
    /// A workspace.
    WorkspaceId = "wsp",
    /// A channel, public or private, or a direct message.
    ChannelId = "chn",
    /// A message.
    MessageId = "msg",
    /// An entry of a workspace's event log.
    EventId = "evt",
    /// An invite to a workspace.
    InviteId = "inv",
    /// A signed-in session of a person.
    SessionId = "ses",
    /// One live connection: a browser tab, a bot or a terminal.
    DeviceId = "dev",
}

/// Only the canonical spelling (upper case, no overflow) is an id: two spellings of one id would
/// be two keys in every cache.
fn parse_ulid(text: &str, prefix: &'static str) -> Result<Ulid, InvalidId> {
    let invalid = InvalidId { prefix };
    let rest = text.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('_')).ok_or(invalid)?;
    let ulid = Ulid::from_string(rest).map_err(|_| invalid)?;
    let mut buffer = [0; ulid::ULID_LEN];
    if *ulid.array_to_str(&mut buffer) == *rest { Ok(ulid) } else { Err(invalid) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_the_wire() {
        let id: UserId = "usr_01HZXW3V9Y4Q2J8K7M6N5P4R3S".parse().unwrap();
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(json, "\"usr_01HZXW3V9Y4Q2J8K7M6N5P4R3S\"");
        assert_eq!(serde_json::from_str::<UserId>(&json).unwrap(), id);
    }

    #[test]
    fn nonsense_is_no_id() {
        for text in [
            "",
            "usr_",
            "usr_01HZXW3V9Y4Q2J8K7M6N5P4R3",
            "usr_01hzxw3v9y4q2j8k7m6n5p4r3s",
            "chn_01HZXW3V9Y4Q2J8K7M6N5P4R3S",
            "usr_81HZXW3V9Y4Q2J8K7M6N5P4R3S",
            "usr_01HZXW3V9Y4Q2J8K7M6N5P4R3\u{0}",
        ] {
            assert!(text.parse::<UserId>().is_err(), "{text:?}");
        }
    }
}
