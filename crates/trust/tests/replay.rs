//! Runs the seeds of the fuzz targets through the functions that the fuzz targets call.

#[path = "../../../tests/fuzz/targets/allowlist.rs"]
mod allowlist;
#[path = "../../../tests/fuzz/targets/identity.rs"]
mod identity;

use std::{fs, path::Path};

use proptest::prelude::*;

#[test]
fn every_command_line_of_the_seeds_is_identified_wherever_it_breaks_off() {
    for seed in seeds("identity") {
        for end in (0..=seed.len()).filter(|at| seed.is_char_boundary(*at)) {
            identity::identity(&seed[..end]);
        }
    }
}

#[test]
fn every_list_of_the_seeds_is_read_or_refused_and_comes_back_as_written() {
    for seed in seeds("allowlist") {
        for end in (0..=seed.len()).filter(|at| seed.is_char_boundary(*at)) {
            allowlist::allowlist(&seed[..end]);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_command_line_is_identified(tokens in prop::collection::vec(tokens(), 0..10)) {
        identity::identity(&tokens.join("\n"));
    }
}

/// Tokens that readers of command lines look at, and tokens of no kind.
fn tokens() -> impl Strategy<Value = String> {
    let known = [
        "npx",
        "-y",
        "uvx",
        "--from",
        "docker",
        "run",
        "-e",
        "--rm",
        "-v",
        "sh",
        "-c",
        "env",
        "cmd",
        "/c",
        "node",
        "python",
        "-m",
        "--",
        "bunx",
        "pnpm",
        "dlx",
        "deno",
        "mcp-remote",
        "@a/b@1.2.3",
        "a==1",
        "git+https://x/y@z",
        "https://x/mcp",
        "./server.js",
        "C:\\a\\b.exe",
        "${HOME}/x",
        "A=b",
        "ghcr.io/a/b:1",
        "powershell",
        "-Command",
        "uv",
        "--directory",
        "sudo",
        "timeout",
        "10s",
    ];
    prop_oneof![
        prop::sample::select(known.to_vec()).prop_map(str::to_owned),
        "[-@:/=.$\\\\a-z0-9 '\"]{0,12}",
        "\\PC{0,12}",
    ]
}

#[expect(
    clippy::disallowed_methods,
    reason = "the crate sees no files; its test reads the seeds"
)]
fn seeds(folder: &str) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fuzz/seeds");
    fs::read_dir(root.join(folder))
        .expect("the target has seeds")
        .map(|file| fs::read_to_string(file.expect("is readable").path()).expect("seeds are text"))
        .collect()
}
