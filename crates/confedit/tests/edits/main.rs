//! Edits of every format and layout.

mod check;
mod json;
mod random;
mod revert;
mod toml;
mod yaml;
