//! The `clickclack` binary.
fn main() {}
