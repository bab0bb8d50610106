//! The contract in Rust: generated shapes, ids, cursors, limits and time. No I/O.

#[path = "generated.rs"]
pub mod api;
pub mod cursor;
pub mod ids;
pub mod limits;
pub mod operations;
pub mod time;
