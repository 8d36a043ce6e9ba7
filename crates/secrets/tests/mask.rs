//! What is recognised, and what of it can be seen.

use countersign_model::{Confidence, Nature};
use countersign_secrets::{Place, address, arguments, classify, shown_text};
use proptest::prelude::*;

const RANDOM: &str = "Xq7Zp2Lk9Vb4Nm6Tr8Ws1Yd3";

fn shown(tokens: &[&str]) -> Vec<String> {
    let tokens: Vec<String> = tokens.iter().map(|token| (*token).to_owned()).collect();
    arguments(&tokens)
        .iter()
        .map(|argument| argument.shown().to_owned())
        .collect()
}

#[test]
fn ordinary_command_lines_stay_as_they_are() {
    let lines: [&[&str]; 6] = [
        &[
            "npx",
            "-y",
            "@modelcontextprotocol/server-filesystem@2026.8.31",
            "/home/dev/src",
        ],
        &[
            "uvx",
            "--from",
            "git+https://github.com/owner/repo@main",
            "server",
        ],
        &[
            "docker",
            "run",
            "-i",
            "--rm",
            "-e",
            "GITHUB_TOKEN",
            "ghcr.io/github/github-mcp-server",
        ],
        &[
            "node",
            "C:\\MCP\\server\\build\\index.js",
            "--port",
            "3000",
            "--max-tokens",
            "4096",
        ],
        &[
            "npx",
            "mcp-remote",
            "https://mcp.example.com/sse",
            "--header",
            "Authorization: Bearer ${TOKEN}",
        ],
        &[
            "docker",
            "run",
            "mcp/time@sha256:9c46a918633fb474bf8035e3ee90ebac6bcf2b18ccb00679ac4c179cba0ebfcf",
        ],
    ];
    for line in lines {
        assert_eq!(shown(line), line);
    }
}

#[test]
fn credentials_in_arguments_are_hidden_in_place() {
    assert_eq!(
        shown(&["x", "--token", RANDOM]),
        ["x", "--token", "<hidden:24>"]
    );
    assert_eq!(
        shown(&["x", "--token=hunter2"]),
        ["x", "--token=<hidden:7>"]
    );
    assert_eq!(
        shown(&["x", "--api-key", "abc"]),
        ["x", "--api-key", "abc"],
        "a placeholder"
    );
    assert_eq!(
        shown(&["x", "--api-key", "s3cr3t"]),
        ["x", "--api-key", "<hidden:6>"]
    );
    assert_eq!(
        shown(&["docker", "run", "-e", "PGPASSWORD=hunter22", "img"])[3],
        "PGPASSWORD=<hidden:8>"
    );
    assert_eq!(
        shown(&["x", "--header", "Authorization: Bearer kq7vmx2p"])[2],
        "Authorization: <hidden:15>"
    );
    assert_eq!(
        shown(&[
            "x",
            "postgresql://app:hunter22@db.example.com:5432/app?sslmode=require"
        ])[1],
        "postgresql://<hidden:12>@db.example.com:5432/app?sslmode=<hidden:7>"
    );
    assert_eq!(shown(&["x", RANDOM]), ["x", "<hidden:24>"]);
    assert_eq!(
        shown(&[
            "x",
            &format!("https://mcp.example.com/{RANDOM}{RANDOM}/mcp?key=1")
        ])[1],
        "https://mcp.example.com/<hidden:48>/mcp?key=<hidden:1>"
    );
}

#[test]
fn credentials_inside_json_arguments_are_hidden() {
    let json = format!("{{\"apiKey\":\"{RANDOM}\",\"region\":\"us-east-1\"}}");
    assert_eq!(
        shown(&["x", "--config", &json])[2],
        "{\"apiKey\":\"<hidden:24>\",\"region\":\"us-east-1\"}"
    );
    let escaped = format!("\"{{\\\"apiKey\\\":\\\"{RANDOM}\\\"}}\"");
    assert!(!shown(&["x", "--config", &escaped])[2].contains(RANDOM));
}

#[test]
fn addresses_show_no_values() {
    let cases = [
        ("https://mcp.example.com/mcp", "https://mcp.example.com/mcp"),
        (
            "https://mcp.example.com/mcp?api_key=abc&x",
            "https://mcp.example.com/mcp?api_key=<hidden:3>&x",
        ),
        (
            "https://user:pw@host:8443/x#frag",
            "https://<hidden:7>@host:8443/x#<hidden:4>",
        ),
        ("https://h/?k=${KEY}", "https://h/?k=${KEY}"),
        (
            "https://h/7079e4aa-bfc6-806a-272e-486582af4a78/sse",
            "https://h/<hidden:36>/sse",
        ),
        ("not an address", "not an address"),
    ];
    for (text, expect) in cases {
        assert_eq!(address(text).shown(), expect);
    }
}

#[test]
fn a_name_that_is_a_credential_is_hidden() {
    let token = format!("ghp_{}", "a1B2c3D4e".repeat(4));
    let check = |name: &str, expect: &str| {
        let name = name.replace("<it>", &token);
        assert_eq!(shown_text(&name), expect);
    };
    check("<it>", "<hidden:40>");
    check("X-<it>", "X-<hidden:40>");
    check("my <it> and <it>", "my <hidden:40> and <hidden:40>");
    check(
        "redis://:hunter22@cache:6379",
        "redis://:<hidden:8>@cache:6379",
    );
    check(
        "GITHUB_PERSONAL_ACCESS_TOKENS",
        "GITHUB_PERSONAL_ACCESS_TOKENS",
    );
    check(
        "@modelcontextprotocol/server-github",
        "@modelcontextprotocol/server-github",
    );
    let line = format!("{token}=1");
    assert_eq!(shown(&["x", "-e", &line]), ["x", "-e", "<hidden:40>=1"]);
    let line = format!("{token}: ${{A}}");
    assert_eq!(shown(&["x", "-H", &line]), ["x", "-H", "<hidden:40>: ${A}"]);
}

#[test]
fn names_and_shapes_decide_together() {
    let check = |place, value: &str, expect: Option<Confidence>| {
        let nature = classify(place, value);
        let found = match &nature {
            Nature::Credential(found) => Some(found.confidence),
            _ => None,
        };
        assert_eq!(found, expect, "{place:?} {nature:?}");
    };
    check(Place::Variable("API_KEY"), RANDOM, Some(Confidence::High));
    check(
        Place::Variable("GIT_SHA"),
        "07e9a74617a4b9fa7899f580020e154461ab8f1d",
        None,
    );
    check(
        Place::Variable("API_KEY"),
        "07e9a74617a4b9fa7899f580020e154461ab8f1d",
        Some(Confidence::High),
    );
    check(
        Place::Variable("PROJECT_ID"),
        "7079e4aa-bfc6-806a-272e-486582af4a78",
        None,
    );
    check(
        Place::Variable("EXA_API_KEY"),
        "7079e4aa-bfc6-806a-272e-486582af4a78",
        Some(Confidence::Medium),
    );
    check(
        Place::Variable("DB_PASSWORD"),
        "Summer0108#dh",
        Some(Confidence::High),
    );
    check(Place::Variable("AUTH_TYPE"), "oauth", None);
    check(Place::Variable("AUTH"), "application-default", None);
    check(
        Place::Variable("DATABASE_URL"),
        "postgresql://a:b0rkb0rk@h/d",
        Some(Confidence::High),
    );
    check(
        Place::Variable("DATABASE_URL"),
        "postgresql://localhost/d",
        None,
    );
    check(
        Place::Header("Authorization"),
        "Basic dXNlcjpodW50ZXIyMg==",
        Some(Confidence::High),
    );
    check(Place::Header("Accept"), "application/json", None);
    check(
        Place::Variable("KEY"),
        "-----BEGIN RSA PRIVATE KEY-----\nMIIE",
        Some(Confidence::High),
    );
}

proptest! {
    #[test]
    fn any_text_can_be_judged(tokens in proptest::collection::vec("\\PC{0,60}", 0..6)) {
        let judged = arguments(&tokens);
        prop_assert_eq!(judged.len(), tokens.len());
        for token in &tokens {
            for place in [Place::Variable("API_KEY"), Place::Header("Authorization"), Place::Positional] {
                if let Nature::Credential(found) = classify(place, token) {
                    prop_assert!(token.get(found.span).is_some());
                }
            }
            let _ = address(token);
        }
    }

    #[test]
    fn text_made_of_marks_can_be_judged(token in "[${}()%:/@?&=#\"'\\\\ a-zA-Z0-9é-]{0,80}") {
        let _ = arguments(&["--header".to_owned(), token.clone(), "-e".to_owned(), token.clone()]);
        let _ = address(&token);
    }

    #[test]
    fn a_random_value_is_never_shown(
        value in "[A-Za-z0-9]{8}[A-Z][a-z][0-9][A-Z][a-z][0-9][A-Z][a-z][0-9][A-Z][a-z][0-9][A-Za-z0-9]{12}",
        flag in prop_oneof![Just("--token"), Just("--api-key"), Just("-e"), Just("--header"), Just("--dsn"), Just("--verbose")],
        form in 0..6,
    ) {
        let text = match form {
            0 => value.clone(),
            1 => format!("X-Key: {value}"),
            2 => format!("NAME={value}"),
            3 => format!("https://host/mcp?key={value}"),
            4 => format!("postgres://user:{value}@host/db"),
            _ => format!("{{\"secret\":\"{value}\"}}"),
        };
        for line in [vec![flag.to_owned(), text.clone()], vec![format!("{flag}={text}")], vec![text]] {
            for argument in arguments(&line) {
                prop_assert!(!argument.shown().contains(&value), "{}", argument.shown());
            }
        }
    }
}
