#![no_main]

#[path = "../targets/allowlist.rs"]
mod allowlist;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| allowlist::allowlist(text));
