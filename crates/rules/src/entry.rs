//! Rules over entries.

pub(crate) mod auto_approve_everything;
pub(crate) mod inline_program;
pub(crate) mod plain_http;
pub(crate) mod plaintext_credential;
pub(crate) mod unpinned_package;
