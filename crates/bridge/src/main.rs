//! `countersign-bridge`.
fn main() {}
