//! A team's list: what it approves, what it refuses, and where it may come from.

use countersign_tests::{
    Home,
    http::{Address, Answer},
};

use crate::{pinned, server, servers, status};

/// A list with one stanza about the package of [`pinned`], and what else the stanza says.
fn list(version: &str, more: &str) -> String {
    format!(
        "format = 1\nname = \"platform-team\"\n\n[[approve]]\nserver = \"pkg:npm/notes-mcp\"\nversion = \"{version}\"\n\
         command = [\"npx\", \"-y\", \"notes-mcp@{version}\"]\nenv = [\"NOTES_FOLDER\"]\nreviewer = \"Lead\"\n\
         reviewed = 2026-10-12\n{more}"
    )
}

/// Puts a list beside the home and sets it.
fn set(home: &Home, text: &str) -> String {
    let path = home.write_beside("team/allowlist.toml", text);
    let path = path.to_string_lossy().into_owned();
    home.countersign(&["settings", "add-list", "file", &path])
        .fine();
    path
}

#[test]
fn approves_what_the_list_approves_and_says_that_it_is_not_signed() {
    let home = pinned();
    set(&home, &list("1.0.0", "expires = 2999-01-01\n"));
    let report = home.report();
    let trust = &server(&report, "notes")["trust"];
    assert_eq!(trust["status"], "approved");
    assert_eq!(trust["glyph"], "◐");
    home.countersign(&["--no-running"])
        .fine()
        .says("Team's lists platform-team")
        .says("1 approved, 0 denied, not signed");
    home.countersign(&["show", "notes"])
        .fine()
        .says("not signed");
}

#[test]
fn tells_what_the_list_says_of_another_version() {
    let cases = [
        ("0.9.0", "expires = 2999-01-01\n", "changed"),
        ("1.0.0", "expires = 2026-10-30\n", "expired"),
    ];
    for (version, more, expect) in cases {
        let home = pinned();
        set(&home, &list(version, more));
        assert_eq!(status(&home), expect);
        home.countersign(&["--no-running"])
            .fine()
            .says("Needs you 1 ◑ notes");
        // A person's own approval does not lift what the team's list calls so.
        home.countersign(&["approve", "notes"]).fine();
        assert_eq!(status(&home), expect);
    }
}

#[test]
fn tells_that_an_entry_floats_past_the_listed_version() {
    let home = Home::new().with(
        ".cursor/mcp.json",
        &servers(r#""notes": {"command": "npx", "args": ["-y", "notes-mcp"]}"#),
    );
    // The command allows it; the version does not.
    set(
        &home,
        &list("1.0.0", "")
            .replace("notes-mcp@1.0.0", "notes-mcp")
            .replace("\"NOTES_FOLDER\"", ""),
    );
    assert_eq!(status(&home), "floating");
}

#[test]
fn refuses_what_the_list_denies_whatever_a_person_says() {
    let home = pinned();
    let denial = "\n[[deny]]\nserver = \"pkg:npm/notes-mcp\"\nreason = \"sends notes away\"\nreviewer = \"Lead\"\nreviewed = 2026-10-12\n";
    set(&home, &list("1.0.0", denial));
    home.countersign(&["approve", "notes"]).fine();
    assert_eq!(status(&home), "denied");
    home.countersign(&["--no-running"])
        .fine()
        .says("Needs you 1 ✕ notes")
        .says("sends notes away");
}

#[test]
fn takes_a_list_for_one_scan_but_never_from_a_folder_that_is_scanned() {
    let home = pinned();
    let outside = home
        .write_beside("team/allowlist.toml", &list("1.0.0", ""))
        .to_string_lossy()
        .into_owned();
    let ran = home
        .countersign(&["scan", "--list", &outside, "--json", "--no-running"])
        .fine();
    assert_eq!(server(&ran.json(), "notes")["trust"]["status"], "approved");
    assert_eq!(status(&home), "unreviewed");
    let inside = home
        .write("work/shop/allowlist.toml", &list("1.0.0", ""))
        .to_string_lossy()
        .into_owned();
    let shop = home.path().join("work/shop").to_string_lossy().into_owned();
    home.write("work/shop/.mcp.json", "{}");
    home.countersign(&["scan", &shop, "--list", &inside])
        .exits(3)
        .complains("it lies inside");
}

#[test]
fn uses_no_part_of_a_list_that_is_not_valid() {
    let home = pinned();
    let path = set(&home, &list("1.0.0", "expires = \"soon\"\n"));
    assert_eq!(status(&home), "unreviewed");
    home.countersign(&["--no-running"])
        .fine()
        .says("Team's lists not read");
    home.countersign(&["allowlist", "check", &path])
        .exits(1)
        .complains("is not a valid list")
        .complains("`expires` is not a date like 2027-01-31 at line ");
    home.countersign(&["allowlist", "check", &format!("{path}.gone")])
        .exits(3)
        .complains("no such file");
}

#[test]
fn checks_a_list_as_its_own_ci_does() {
    let home = Home::new();
    let path = home.write_beside("allowlist.toml", &list("1.0.0", "expires = 2999-01-01\n"));
    let path = path.to_string_lossy();
    home.countersign(&["allowlist", "check", &path])
        .fine()
        .says("valid platform-team 1 approved, 0 denied");
    home.write_beside("allowlist.toml", "format = 2\nname = \"t\"\n");
    home.countersign(&["allowlist", "check", &path]).exits(1);
    home.write_beside("allowlist.toml", "format = 1\nname = \n");
    home.countersign(&["allowlist", "check", &path])
        .exits(1)
        .complains("at line 2, column 8");
}

#[test]
fn adds_a_stanza_and_leaves_the_rest_as_it_is() {
    let home = Home::new().with(
        ".cursor/mcp.json",
        &servers(
            r#""pg": {"command": "npx", "args": ["-y", "pg-mcp@1.0.0", "--token", "ghp_7Qm2Xv9Lr4Tz8Nc1Kb6Wy3Hd5Jf0Gs2Pa9Ee"], "env": {"B": "1", "A": "2"}}"#,
        ),
    );
    let before =
        "# Ours.\nformat = 1\r\nname   =  \"odd\" # spacing\n\n\n[defaults]\npersonal = \"never\"";
    let path = home.write_beside("allowlist.toml", before);
    let file = path.to_string_lossy();
    home.countersign(&[
        "allowlist",
        "add",
        "pg",
        "--file",
        &file,
        "--reviewer",
        "Lead",
        "--reason",
        "read it",
        "--expires",
        "2999-01-01",
    ])
    .fine()
    .says("pg added to");
    let after = std::fs::read_to_string(&path).expect("the list is there");
    assert!(after.starts_with(before), "{after}");
    for part in [
        "{ hole = \"secret\" }",
        "env = [\"A\", \"B\"]",
        "reviewer = \"Lead\"",
        "reason = \"read it\"",
        "expires = 2999-01-01",
    ] {
        assert!(after.contains(part), "{part}: {after}");
    }
    assert!(!after.contains("ghp_"), "{after}");
    home.countersign(&["allowlist", "check", &file])
        .fine()
        .says("odd 1 approved");
    set(&home, &after);
    assert_eq!(status(&home), "approved");
}

#[test]
fn makes_a_list_that_is_not_there() {
    let home = pinned();
    let path = home.beside("new.toml").to_string_lossy().into_owned();
    home.countersign(&["allowlist", "add", "notes"])
        .fine()
        .says("[[approve]] server = \"pkg:npm/notes-mcp\"");
    home.countersign(&[
        "allowlist",
        "add",
        "notes",
        "--file",
        &path,
        "--name",
        "mine",
    ])
    .fine();
    home.countersign(&["allowlist", "check", &path])
        .fine()
        .says("valid mine 1 approved");
}

#[test]
fn fetches_a_list_and_asks_only_for_what_changed() {
    let home = pinned();
    let address = Address::answering(Answer::list(list("1.0.0", ""), "v1"));
    home.countersign(&["settings", "add-list", "url", address.url()])
        .fine();
    assert_eq!(status(&home), "approved");
    assert_eq!(address.requests().len(), 1);
    // The copy is fresh: nobody is asked again.
    assert_eq!(status(&home), "approved");
    assert_eq!(address.requests().len(), 1);
    home.countersign(&["allowlist", "refresh"]).fine();
    let requests = address.requests();
    assert_eq!(requests.len(), 2);
    assert!(
        requests[1].contains("if-none-match: \"v1\""),
        "{}",
        requests[1]
    );
    assert_eq!(status(&home), "approved");
    address.answer(Answer::list(list("2.0.0", ""), "v2"));
    home.countersign(&["allowlist", "refresh"]).fine();
    assert_eq!(status(&home), "changed");
}

#[test]
fn keeps_the_last_good_copy_and_says_what_failed() {
    let home = pinned();
    let address = Address::answering(Answer::list(list("1.0.0", ""), "v1"));
    home.countersign(&["settings", "add-list", "url", address.url()])
        .fine();
    assert_eq!(status(&home), "approved");
    let oversize = "#".repeat(5 * 1024 * 1024);
    let failures = [
        (
            Answer::failure("500 Internal Server Error"),
            "the last refresh failed",
        ),
        (Answer::failure("200 OK"), "what was fetched is no list"),
        (Answer::list(oversize, "big"), "the last refresh failed"),
    ];
    for (answer, problem) in failures {
        address.answer(answer);
        home.countersign(&["allowlist", "refresh"]).fine();
        let report = home.report();
        let shown = report["lists"][0]["problem"].as_str().unwrap_or_default();
        assert!(shown.contains(problem), "{problem}: {shown}");
        assert_eq!(server(&report, "notes")["trust"]["status"], "approved");
    }
    home.countersign(&["--no-running"])
        .fine()
        .says("the last refresh failed");
    address.answer(Answer::list(list("1.0.0", ""), "v1"));
    home.countersign(&["allowlist", "refresh"]).fine();
    assert!(home.report()["lists"][0]["problem"].is_null());
}

#[test]
fn takes_no_address_that_is_not_safe() {
    let home = Home::new();
    for address in [
        "http://example.com/a.toml",
        "https://u:pw1234567@example.com/a.toml",
        "ftp://example.com",
        "example",
    ] {
        home.countersign(&["settings", "add-list", "url", address])
            .exits(3)
            .complains("is not an HTTPS address without user and password")
            .never_says("pw1234567");
    }
    home.countersign(&["settings", "add-list", "file", "absent.toml"])
        .exits(3)
        .complains("there is no such file");
    home.countersign(&["settings", "remove-list", "url", "https://example.com"])
        .exits(3)
        .complains("it is not set");
}

#[test]
fn an_address_is_shown_without_its_token_and_can_be_removed_so() {
    let home = Home::new();
    let address = |token: &str| format!("https://127.0.0.1:9/list.toml?token={token}");
    let shown = "https://127.0.0.1:9/list.toml?token=<hidden:9>";
    let remove = |at: &str| home.countersign(&["settings", "remove-list", "url", at]);
    for token in ["first-one", "other-one"] {
        home.countersign(&["settings", "add-list", "url", &address(token)])
            .fine()
            .says(shown)
            .never_says(token);
    }
    let both = home.countersign(&["settings", "--json"]);
    both.fine().never_says("first-one").never_says("other-one");
    // Both are shown alike: which one is meant cannot be told.
    remove(shown).exits(3).complains("it is not set");
    remove(&address("third-one"))
        .exits(3)
        .complains("it is not set")
        .never_says("third-one");
    remove(&address("first-one")).fine();
    remove(shown).fine().never_says("list.toml");
}
