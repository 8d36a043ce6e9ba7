#![no_main]

#[path = "../targets/readers.rs"]
mod readers;

use countersign_clients::Format;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    readers::read_as(Format::Jsonc, text);
    readers::read_by_all(text);
});
