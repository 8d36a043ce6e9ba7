//! What user stories are told with: the real window on a display of its own.

#[cfg(target_os = "linux")]
pub mod window;
