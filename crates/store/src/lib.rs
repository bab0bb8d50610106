//! One SQL, two engines: runs actions and lookups on SQLite or PostgreSQL, writes the event log
//! and tells what was committed. It knows no chat.

mod action;
mod batch;
mod context;
mod dialect;
mod error;
mod event;
mod ledger;
mod migrations;
mod postgres;
mod query;
mod queue;
mod randomness;
mod sqlite;
mod store;
mod tx;
mod value;

pub use action::{Action, Lookup, Scope};
pub use context::Counts;
pub use dialect::Engine;
pub use error::{OpenError, StoreError};
pub use event::{Committed, LogRow, Outcome, Sink};
pub use query::Query;
pub use randomness::{OsRandomness, Randomness, SeededRandomness};
pub use store::{Settings, Store};
pub use tx::Tx;
pub use value::{FromValue, Row, Value};
