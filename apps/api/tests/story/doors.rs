//! The doors themselves, one server in this process: cookies, links, limits, refusals, sockets.

mod cookies;
mod elsewhere;
mod house;
mod limits;
mod links;
mod refusals;
mod sockets;
mod walk;
