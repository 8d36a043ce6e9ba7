//! A client's messages against servers on loopback that speak every revision, well and badly.

mod client;
mod failures;
mod handshake;
mod hostile;
mod old;
mod redirects;
mod server;
mod stateless;
mod streams;
