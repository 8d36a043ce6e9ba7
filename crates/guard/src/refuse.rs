//! Answering a client where no server is started or asked.

pub use crate::{answer::all as answer_all, exit::Exit, refusal::Refusal};
