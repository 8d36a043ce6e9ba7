//! What user stories are told with: the real window on a display of its own.

pub mod showcase;
#[cfg(target_os = "linux")]
pub mod window;
#[cfg(target_os = "linux")]
pub mod window_bench;
