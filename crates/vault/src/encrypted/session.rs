//! Where the key of an unlocked file is kept until the session ends.

#[cfg_attr(target_os = "linux", path = "session/linux.rs")]
#[cfg_attr(not(target_os = "linux"), path = "session/none.rs")]
mod system;

pub(super) use system::{forget, keep, read};
