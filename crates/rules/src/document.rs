//! Rules over settings, hooks and tasks.

pub(crate) mod session_hook;
