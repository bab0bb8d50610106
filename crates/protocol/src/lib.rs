//! The contract in Rust: generated shapes, ids, cursors, limits and time. No I/O.

pub mod cursor;
pub mod ids;
pub mod limits;
pub mod time;
