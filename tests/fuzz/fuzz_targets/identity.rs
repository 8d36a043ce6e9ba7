#![no_main]

#[path = "../targets/identity.rs"]
mod identity;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| identity::identity(text));
