//! The doors from outside: one server in this process, the client crate, and nothing else.

mod cookies;
mod elsewhere;
mod house;
mod links;
mod limits;
mod refusals;
mod sockets;
mod walk;
