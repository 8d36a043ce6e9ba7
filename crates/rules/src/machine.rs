//! Rules over the machine.

pub(crate) mod unexplained_process;
