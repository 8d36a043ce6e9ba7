//! The only code that calls machines that no entry names: the allowlist at the address that the user set,
//! and the registries that packages and servers come from.
//!
//! HTTPS only, no redirect to another origin, bounded in size and time, nothing sent but the request. What
//! registries answer is kept by the caller, through [`Cache`]; this crate writes no file and reads no clock.
//!
//! ```
//! use countersign_feeds::{Addresses, Calls, Registries};
//!
//! let registries = Registries::new(Addresses::default(), Calls::Off).expect("is made");
//! assert!(format!("{registries:?}").contains("registry.npmjs.org"));
//! ```

#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    warn(clippy::panic, clippy::too_many_lines, clippy::unwrap_used)
)]

mod asked;
mod list;
mod mcp;
mod npm;
mod oci;
mod osv;
mod pypi;
mod read;
mod registry;
mod wait;
mod wire;

pub use list::{FetchError, Fetched, fetch_list, is_allowed};
pub use mcp::ServerFacts;
pub use osv::Advisories;
pub use read::ReadError;
pub use registry::{Addresses, Cache, Calls, Known, Looked, Registries, RegistryError};
