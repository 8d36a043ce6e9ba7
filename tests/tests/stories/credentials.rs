//! Credentials beside the configs: in copies, in files of variables, in several places.

use countersign_tests::Home;
use serde_json::Value;

const TOKEN: &str = "ghp_Zk3v9Qm2Lx7Rb1Tn5Yw8Hc4Dg6Jf0PsAaBb";

fn messages(report: &Value, rule: &str) -> Vec<String> {
    report["findings"]
        .as_array()
        .expect("there is a list")
        .iter()
        .filter(|finding| finding["rule"] == rule)
        .map(|finding| {
            finding["message"]
                .as_str()
                .expect("it says something")
                .to_owned()
        })
        .collect()
}

fn server(variables: &str) -> String {
    format!(
        r#"{{"mcpServers": {{"notes": {{"command": "npx", "args": ["-y", "notes-mcp@1.0.0"]{variables}}}}}}}"#
    )
}

#[test]
fn old_copies_of_a_config_are_told() {
    let home = Home::new();
    home.write(
        ".claude.json",
        &server(&format!(r#", "env": {{"NOTES_TOKEN": "{TOKEN}"}}"#)),
    );
    let old = server(r#", "env": {"NOTES_TOKEN": "glpat-a7F3k9Zq2Xb8c1D4e5v6", "MODE": "x"}"#);
    home.write(".claude/backups/.claude.json.backup.1", &old);
    home.write(".claude/backups/.claude.json.backup.2", &server(""));
    // A client's store of tokens is one, whatever it holds; the config's own token in it is a copy.
    home.write(
        ".gemini/mcp-oauth-tokens.json",
        r#"[{"accessToken": "ya29.a7F3k9Zq2Xb8c1D4e5v6a7F3k9Zq2Xb8c1D4"}]"#,
    );
    home.write(
        ".mcporter/credentials.json",
        &format!(r#"{{"notes":"{TOKEN}"}}"#),
    );
    let report = home.report();
    let told = messages(&report, "credential-in-copy");
    assert_eq!(
        told,
        [
            "The file holds a GitLab personal access token in `NOTES_TOKEN`, in line 1.",
            "The file holds a credential, in line 1. As it is, it stands in a config that is in use.",
        ]
    );
}

#[test]
fn files_of_variables_are_looked_into() {
    let home = Home::new();
    home.write(
        ".cursor/mcp.json",
        &server(r#", "envFile": "${userHome}/acme/.env""#),
    );
    home.write(
        "acme/.env",
        &format!(
            "# TOKEN={TOKEN}\nMODE=x\nexport NOTES_TOKEN=\"{TOKEN}\"\nDB_PASSWORD=Tr0ub4dor3x\n"
        ),
    );
    let report = home.report();
    let told = messages(&report, "credential-in-environment-file");
    assert_eq!(
        told,
        ["~/acme/.env holds 2 credentials, the first in line 3."]
    );
    home.write("acme/.env", "NOTES_TOKEN=${NOTES_TOKEN}\n");
    assert!(messages(&home.report(), "credential-in-environment-file").is_empty());
}

#[test]
fn a_credential_that_stands_twice_says_where() {
    let home = Home::new();
    home.write(
        ".claude.json",
        &server(&format!(r#", "env": {{"NOTES_TOKEN": "{TOKEN}"}}"#)),
    );
    home.write(
        ".cursor/mcp.json",
        &format!(r#"{{"mcpServers": {{"other": {{"url": "https://mcp.example.com/mcp", "headers": {{"Authorization": "Bearer {TOKEN}"}}}}}}}}"#),
    );
    let report = home.report();
    let told = messages(&report, "plaintext-credential");
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told.iter().any(|text| text
            .contains("The same one stands in `NOTES_TOKEN` of `notes` in ~/.claude.json.")),
        "{told:?}"
    );
    assert!(
        told.iter().any(|text| text
            .contains("The same one stands in `Authorization` of `other` in ~/.cursor/mcp.json.")),
        "{told:?}"
    );
    let remedies = report["findings"].to_string();
    assert!(
        remedies.contains("https://github.com/settings/tokens"),
        "the issuer's page is named"
    );
}

#[cfg(unix)]
#[test]
fn a_config_that_others_may_read_is_told() {
    use std::{fs, os::unix::fs::PermissionsExt};
    let home = Home::new();
    let config = server(&format!(r#", "env": {{"NOTES_TOKEN": "{TOKEN}"}}"#));
    home.write(".cursor/mcp.json", &config);
    let path = home.path().join(".cursor/mcp.json");
    let set = |path: &std::path::Path, mode: u32| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("is ours");
    };
    set(&path, 0o644);
    let mut opened = Vec::new();
    for folder in path.ancestors().skip(1) {
        let mode = fs::metadata(folder).expect("is there").permissions().mode();
        if mode & 0o001 == 0 {
            opened.push((folder.to_owned(), mode));
            set(folder, mode | 0o001);
        }
    }
    let open = messages(&home.report(), "readable-credential");
    set(&path, 0o600);
    let closed = messages(&home.report(), "readable-credential");
    set(&path, 0o644);
    for (folder, mode) in &opened {
        set(folder, *mode);
    }
    let sealed = messages(&home.report(), "readable-credential");
    assert_eq!(open.len(), 1, "{open:?}");
    assert!(closed.is_empty(), "{closed:?}");
    assert!(sealed.is_empty() || opened.is_empty(), "{sealed:?}");
}

/// Runs the git that is installed, in a home of its own.
fn git(home: &Home, arguments: &[&str]) {
    let status = std::process::Command::new("git")
        .args(["-c", "user.name=dev", "-c", "user.email=dev@example.com"])
        .args(arguments)
        .current_dir(home.path().join("shop"))
        .env("HOME", home.path())
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .expect("git is installed");
    assert!(status.status.success(), "git {arguments:?}");
}

#[test]
fn a_config_that_git_tracks_is_told() {
    let home = Home::new();
    home.write(".claude.json", r#"{"projects": {"{home}/shop": {}}}"#);
    home.write(
        "shop/.mcp.json",
        &server(&format!(r#", "env": {{"NOTES_TOKEN": "{TOKEN}"}}"#)),
    );
    git(&home, &["init", "-q"]);
    let told = |rule: &str| messages(&home.report(), rule).len();
    assert_eq!(
        (told("tracked-credential"), told("plaintext-credential")),
        (0, 1)
    );
    git(&home, &["add", ".mcp.json"]);
    assert_eq!(
        (told("tracked-credential"), told("plaintext-credential")),
        (1, 0)
    );
    home.write("shop/.git/index", "no index");
    let report = home.report();
    assert_eq!(report["is_complete"], false);
    let notes = report["notes"].to_string();
    assert!(
        notes.contains("whether git tracks the configs in ~/shop is not known"),
        "{notes}"
    );
}
