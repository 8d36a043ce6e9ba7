//! Rules over config files.

pub(crate) mod credential_in_copy;
pub(crate) mod duplicate_key;
pub(crate) mod foreign_link;
pub(crate) mod misshapen_container;
pub(crate) mod near_miss_entry;
pub(crate) mod readable_state;
pub(crate) mod refused_file;
pub(crate) mod unreadable_config;
pub(crate) mod writable_config;
