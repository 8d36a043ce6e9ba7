//! Rules over the machine.

pub(crate) mod decision_elsewhere;
pub(crate) mod unexplained_process;
