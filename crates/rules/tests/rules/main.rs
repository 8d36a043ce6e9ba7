//! Rules against fixtures, random configs and their own documentation.

#![expect(
    clippy::disallowed_methods,
    reason = "the crate is pure; its tests read fixtures and write a page"
)]

mod fixture;
mod fixtures;
mod page;
mod random_scenes;
mod surfaces;
