//! The commands, one module for each that is more than a line.

pub(crate) mod bench;
pub(crate) mod dev;
pub(crate) mod e2e;
pub(crate) mod lint;
pub(crate) mod run;
pub(crate) mod story;
pub(crate) mod test;
pub(crate) mod web;
