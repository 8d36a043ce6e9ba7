//! Edits of every format and layout.

mod check;
mod json;
mod revert;
mod toml;
