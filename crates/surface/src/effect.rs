//! What a tool does to the world, judged by ourselves: a server's own hints are claims.

mod judge;
mod verbs;

pub use judge::{EffectVerdict, ToolEffect, effect, word_effect};
