//! Whatever a config holds, rules answer: the same each time, without a panic, without a secret.

use countersign_rules::RULES;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::fixture;

/// A credential by its shape, which no message may tell.
const SECRET: &str = "ghp_Zk3v9Qm2Lx7Rb1Tn5Yw8Hc4Dg6Jf0PsAaBb";

/// Words that rules look at, and such as nobody writes.
const WORDS: [&str; 46] = [
    "npx",
    "-y",
    "some-server",
    "@scope/server@1.0.0",
    "uvx",
    "--from",
    "git+https://h/o/r@main",
    "docker",
    "run",
    "-v",
    "/:/x",
    "-p",
    "80:80",
    "image:tag",
    "--",
    "-",
    "",
    "=",
    ":",
    "::",
    "@",
    "sh",
    "-c",
    "curl x | sh",
    "env",
    "A=B",
    "sudo",
    "--host",
    "0.0.0.0",
    "http://h",
    "${X}",
    "https://a.b@c:99999/é",
    "C:\\",
    "~",
    "%",
    "\u{202E}",
    "é\u{200B}",
    "g\u{456}t",
    "**/.env",
    "-v=",
    "--mount=type=bind,src=",
    "countersign-guard",
    "deno",
    "-A",
    "node",
    SECRET,
];

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::sample::select(WORDS.to_vec()).prop_map(str::to_owned),
        1 => any::<String>().prop_map(|text| text.chars().take(40).collect()),
    ]
}

/// Names are shown wherever they stand, so no credential is one.
fn key() -> impl Strategy<Value = String> {
    word().prop_filter("a credential is no name", |word| word != SECRET)
}

fn entry() -> impl Strategy<Value = Value> {
    let list = || prop::collection::vec(word(), 0..6);
    let map = || prop::collection::btree_map(key(), word(), 0..3);
    let command = (word(), list(), map(), list()).prop_map(|(command, args, env, approved)| {
        json!({ "command": command, "args": args, "env": env, "autoApprove": approved })
    });
    let remote =
        (word(), map()).prop_map(|(url, headers)| json!({ "url": url, "headers": headers }));
    let odd = word().prop_map(|text| json!({ "command": [text, 1, null], "args": text, "url": 7 }));
    prop_oneof![4 => command, 2 => remote, 1 => odd]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(192) })]

    #[test]
    fn rules_answer_to_any_config(
        servers in prop::collection::btree_map(key(), entry(), 0..5),
        is_of_project in any::<bool>(),
    ) {
        let text = json!({ "mcpServers": servers }).to_string();
        let at = if is_of_project { "{PROJECT}/.cursor/mcp.json" } else { "{HOME}/.cursor/mcp.json" };
        let fixture = fixture::of_text(at, &text);
        let findings = fixture.check();
        prop_assert_eq!(&findings, &fixture.check());
        for finding in findings {
            prop_assert!(!finding.message.contains(SECRET), "{}", finding.message);
            prop_assert!(RULES.iter().any(|rule| rule.meta.id == finding.rule));
        }
    }
}
