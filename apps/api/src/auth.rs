//! Who is calling, and whether the call comes from where it may come from.

pub mod caller;
pub mod cookie;
pub mod origin;
pub mod passwords;
pub mod peer;
pub mod rates;
