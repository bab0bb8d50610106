//! Stories of the store, each told on SQLite and on PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on fails there")]

mod durability;
mod isolation;
mod order;
mod postgres;
mod reading;
mod rig;
mod schema;
mod sqlite;
