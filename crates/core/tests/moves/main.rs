//! Moving credentials into the vault, and back.

mod crash;
mod leave;
mod plan;
mod scene;
mod there_and_back;
mod undo;
mod yaml;
