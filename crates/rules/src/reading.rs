//! Untrusted prose as a model takes it: folded, cut into words and sentences, each word with what it
//! can mean.

mod encoded;
mod fold;
mod grammar;
mod marks;
mod tokens;
mod words;

pub(crate) use encoded::encoded;
pub(crate) use fold::Folded;
pub(crate) use grammar::{follows, pair};
pub(crate) use marks::{MarkKind, marks};
pub(crate) use tokens::{Reading, Sentence, Token};
pub(crate) use words::class;
