//! What the server finds around it, and how it is found.

use std::{collections::BTreeSet, fs, os::unix::fs::PermissionsExt};

use crate::home::{Home, run};

fn names(text: &str) -> BTreeSet<&str> {
    text.lines()
        .filter_map(|line| line.split_once('='))
        .map(|(name, _)| name)
        .collect()
}

#[test]
fn the_server_gets_the_base_and_what_is_declared() {
    let home = Home::new();
    let mut guard = home.declaring(&["DECLARED", "NODE_OPTIONS", "NOT_THERE"], &["env"]);
    for name in [
        "DECLARED",
        "NODE_OPTIONS",
        "OTHER",
        "LANG",
        "HTTPS_PROXY",
        "NODE_EXTRA_CA_CERTS",
        "LD_LIBRARY_PATH",
        "PYTHONPATH",
    ] {
        guard.env(name, "hunter2");
    }
    let ran = run(&mut guard, b"");
    let expect = [
        "DECLARED",
        "HOME",
        "HTTPS_PROXY",
        "LANG",
        "NODE_EXTRA_CA_CERTS",
        "NODE_OPTIONS",
        "PATH",
    ];
    assert_eq!(names(ran.text()), BTreeSet::from(expect));
    let said: Vec<_> = ran.err.lines().collect();
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains(
        ": COUNTERSIGN_DATA_DIR, OTHER, LD_LIBRARY_PATH (makes programs load other code), \
         PYTHONPATH (makes programs load other code). To pass one on"
    ));
    assert!(!said[0].contains("hunter2"));
}

#[test]
fn programs_are_looked_for_in_the_path_that_the_server_gets() {
    let home = Home::new();
    home.program("first/tool", "#!/bin/sh\necho first\n");
    home.program("second/tool", "#!/bin/sh\necho second\n");
    let check = |path: String, expect: &str| {
        let mut guard = home.in_front_of(&["tool"]);
        guard.env("PATH", path);
        assert_eq!(run(&mut guard, b"").text(), expect);
    };
    let (first, second) = (home.path("first"), home.path("second"));
    check(
        format!("{}:{}", first.display(), second.display()),
        "first\n",
    );
    check(
        format!("{}:{}", second.display(), first.display()),
        "second\n",
    );
    fs::set_permissions(first.join("tool"), fs::Permissions::from_mode(0o600)).unwrap();
    check(
        format!("{}:{}", first.display(), second.display()),
        "second\n",
    );
    check("first:second".to_owned(), "second\n");
}

#[test]
fn a_program_that_is_not_there_is_said() {
    let home = Home::new();
    for (program, code) in [
        ("countersign-no-such-program", 127),
        ("./none", 127),
        ("/", 126),
    ] {
        let ran = run(&mut home.in_front_of(&[program]), b"");
        assert_eq!(ran.code, code, "{}", ran.err);
        assert!(ran.err.contains(program), "{}", ran.err);
    }
}

#[test]
fn a_program_that_the_system_refuses_is_said() {
    let home = Home::new();
    let program = home.program("broken", "#!/no/such/interpreter\n");
    let ran = run(
        &mut home.in_front_of(&[program]),
        br#"{"jsonrpc":"2.0","id":1,"method":"initialize"}"#,
    );
    assert_eq!(ran.code, 126);
    assert!(ran.err.contains("the system did not start"), "{}", ran.err);
    assert!(
        ran.text().contains(r#""code":"program-not-runnable""#),
        "{}",
        ran.text()
    );
}
