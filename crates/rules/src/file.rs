//! Rules over config files.

pub(crate) mod duplicate_key;
