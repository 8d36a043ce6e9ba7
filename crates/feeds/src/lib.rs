//! The only code that calls other machines. So far: the allowlist at the address that the user set.
//!
//! HTTPS only, no redirect to another origin, bounded in size and time, nothing sent but the request.

#![cfg_attr(
    not(test),
    warn(clippy::panic, clippy::too_many_lines, clippy::unwrap_used)
)]

mod list;

pub use list::{FetchError, Fetched, fetch_list, is_allowed};
