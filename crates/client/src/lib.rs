//! A typed client of the HTTP operations and the socket, light enough to drive thousands of
//! sockets from one process. What came back can also be had raw, for whoever checks it against the
//! contract.

mod answer;
mod call;
mod calls;
mod client;
mod reactions;
mod socket;
pub mod view;

pub use answer::{Answer, ClientError};
pub use call::Call;
pub use client::{Client, Exchange, Witness};
pub use socket::{Heard, Socket};
