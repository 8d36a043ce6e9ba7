//! Processes of this machine: which run, how a program is found as a client would find it, what its
//! environment is, and starting it so that nothing of its tree outlives who started it.
//!
//! What can be decided without the machine is a pure function: [`child_environment`], [`resolve`]. What starts
//! and ends processes is [`supervise`], and `sandbox` for programs that nobody trusts yet.
//! Never reads a secret, the database or the network.
//!
//! ```
//! use countersign_launch::child_environment;
//! use countersign_model::Os;
//!
//! let all = [("PATH", "/bin"), ("TOKEN", "x"), ("NODE_OPTIONS", "-r ./x.js")]
//!     .map(|(name, value)| (name.into(), value.into()));
//! let declared = ["TOKEN".to_owned()].into();
//! let child = child_environment(Os::Linux, all, &declared);
//! assert_eq!(child.kept.len(), 2);
//! assert_eq!(child.removed[0].name, "NODE_OPTIONS");
//! ```

#![cfg_attr(
    not(test),
    warn(clippy::panic, clippy::too_many_lines, clippy::unwrap_used)
)]

mod environment;
#[cfg(feature = "inventory")]
mod inventory;
pub mod resolve;
#[cfg(feature = "sandbox")]
pub mod sandbox;
pub mod supervise;

pub use environment::{
    BASE_GROUPS, BaseGroup, ChildEnvironment, Removed, base_names, child_environment, is_loader,
    same_name,
};
#[cfg(feature = "inventory")]
pub use inventory::{Process, ProcessList};
