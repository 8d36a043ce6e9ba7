//! Keeping what is in this process' memory in this process.

#[cfg_attr(target_os = "linux", path = "harden/linux.rs")]
#[cfg_attr(all(unix, not(target_os = "linux")), path = "harden/unix.rs")]
#[cfg_attr(not(unix), path = "harden/windows.rs")]
mod system;

/// Makes this process one that leaves no picture of its memory behind: no core dump, and on Linux no
/// other process of this user can attach to it or read its memory. To be called first in `main` of a
/// program that holds secrets. What the system does not offer is left out; nothing fails.
pub fn harden_process() {
    system::harden();
}
