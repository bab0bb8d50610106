//! Who hears what, live. [`hub`], [`session`], [`presence`] and [`typing`] are machines without
//! I/O, clock or tasks; [`switchboard`] is the loop that owns them and [`connection`] the side of
//! it that a socket's task drives.

pub mod close;
pub mod connection;
mod crowd;
mod fanout;
pub mod frame;
pub mod hub;
mod line;
pub mod outgoing;
mod people;
pub mod presence;
pub mod rate;
pub mod reader;
mod ring;
mod roster;
pub mod session;
pub mod switchboard;
pub mod typing;

pub use close::{Close, CloseCode};
pub use connection::{Connection, Step};
pub use frame::Frame;
pub use reader::{Loaded, LogReader, SeenChannel, SubscriptionSnapshot, Unavailable};
pub use switchboard::{ChannelPlace, Counts, Identity, Settings, Switchboard, TooManySockets};
