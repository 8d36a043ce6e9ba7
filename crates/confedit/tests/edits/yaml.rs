//! What edits of YAML leave of the layout.

use countersign_confedit::{Edit, EditFailure, Reason, Syntax, Value};

use crate::check::{check, insert, part, path, prepend, refused, remove, replace};

const GUARD: [&str; 4] = ["--entry", "7", "--", "npx"];

#[test]
fn puts_a_command_behind_the_guard_in_every_layout() {
    let edits = [
        replace("/s/x/command", "/g"),
        prepend("/s/x/args", &GUARD),
        replace("/s/x/env/K", "countersign:1"),
    ];
    let cases = [
        (
            "# top\ns:\n  x:\n    command: npx # run\n    args:\n      - -y\n      - 'p'\n    env:\n      K: 'v' # key\n",
            "# top\ns:\n  x:\n    command: /g # run\n    args:\n      - --entry\n      - \"7\"\n      - \"--\"\n      - npx\n      - -y\n      - 'p'\n    env:\n      K: 'countersign:1' # key\n",
        ),
        (
            "s:\r\n  x:\r\n    command: \"npx\"\r\n    args:\r\n    - -y\r\n    env: {K: v, L: w}",
            "s:\r\n  x:\r\n    command: \"/g\"\r\n    args:\r\n    - --entry\r\n    - \"7\"\r\n    - \"--\"\r\n    - npx\r\n    - -y\r\n    env: {K: countersign:1, L: w}",
        ),
        (
            "\u{feff}{\"s\": {\"x\": {\"command\": \"npx\", \"args\": [], \"env\": {\"K\": 5}}}}\n",
            "\u{feff}{\"s\": {\"x\": {\"command\": /g, \"args\": [--entry, \"7\", \"--\", npx], \"env\": {\"K\": countersign:1}}}}\n",
        ),
    ];
    for (before, after) in cases {
        let after = after.replace("\"command\": /g", "\"command\": \"/g\"");
        check(Syntax::Yaml, before, &edits, &after);
    }
    check(
        Syntax::Yaml,
        "- name: x\n  cmd: npx\n  args:\n    - |\n      a\n      b\n  envs:\n    K: >-\n      long\n      one\n\n- name: y\n",
        &[
            replace("/0/cmd", "/g"),
            prepend("/0/args", &["7"]),
            replace("/0/envs/K", "countersign:1"),
        ],
        "- name: x\n  cmd: /g\n  args:\n    - \"7\"\n    - |\n      a\n      b\n  envs:\n    K: countersign:1\n\n- name: y\n",
    );
}

#[test]
fn turns_a_remote_entry_into_a_command() {
    let edits = [
        remove("/s/x", "headers"),
        remove("/s/x", "url"),
        replace("/s/x/type", "stdio"),
        insert("/s/x", Some("url"), "command", Value::text("/g")),
        insert(
            "/s/x",
            Some("command"),
            "args",
            Value::list(["--", "https://u"]),
        ),
    ];
    let cases = [
        (
            "s:\n  x:\n    type: http\n    url: https://u # here\n    # who\n    headers:\n      A: b # mine\n\n  y: 1\n",
            "s:\n  x:\n    type: stdio\n    command: /g\n    args:\n      - \"--\"\n      - https://u # here\n    # who\n\n  y: 1\n",
        ),
        (
            "l: [1]\ns:\n  x:\n    url: u\n    type: http\n    headers: {A: b}",
            "l: [1]\ns:\n  x:\n    command: /g\n    args: [\"--\", https://u]\n    type: stdio",
        ),
        (
            "s: {x: {type: http, url: u, headers: {A: b}}}\n",
            "s: {x: {type: stdio, command: /g, args: [\"--\", https://u]}}\n",
        ),
        (
            "s:\n  x:\n    headers:\n      A: b\n    url: u\n    type: http\n",
            "s:\n  x:\n    command: /g\n    args:\n      - \"--\"\n      - https://u\n    type: stdio\n",
        ),
    ];
    for (before, after) in cases {
        check(Syntax::Yaml, before, &edits, after);
    }
}

#[test]
fn removes_rows_and_what_belongs_to_them() {
    let gone = [remove("", "b")];
    let cases = [
        ("a: 1\nb: 2 # b\nc: 3\n", "a: 1\nc: 3\n"),
        (
            "a: 1\n# up\nb: |\n  x\n\n  y\n# down\n",
            "a: 1\n# up\n# down\n",
        ),
        ("b:\n  - 1\n  - 2\n\na: 1\n", "\na: 1\n"),
        ("a: 1\nb: 2", "a: 1"),
        (
            "--- # doc\nb: 2\n...\n---\nc: 1\n",
            "--- # doc\n{}\n...\n---\nc: 1\n",
        ),
        ("{a: 1, b: 2}", "{a: 1}"),
    ];
    for (before, after) in cases {
        check(Syntax::Yaml, before, &gone, after);
    }
    let gone = [remove("/0", "b")];
    let cases = [
        ("- b: 1 # b\n  # c\n  c: 2\n", "- # c\n  c: 2\n"),
        ("- b: 1\n  c: 2\n- d: 3\n", "- c: 2\n- d: 3\n"),
        ("- b: 1\n- d: 3\n", "- {}\n- d: 3\n"),
        ("-   a: 1\n    b: 1", "-   a: 1"),
    ];
    for (before, after) in cases {
        check(Syntax::Yaml, before, &gone, after);
    }
    check(
        Syntax::Yaml,
        "m:\n  a: 1\n  b: 2\nn: 1\n",
        &[remove("/m", "a"), remove("/m", "b")],
        "m: {}\nn: 1\n",
    );
    check(
        Syntax::Yaml,
        "a: 1\nb: 2\n# c\nc: 3",
        &[remove("", "b"), remove("", "c")],
        "a: 1\n# c",
    );
}

#[test]
fn inserts_beside_rows() {
    let first = [insert("", None, "m", Value::map([("k", "yes"), ("é", "")]))];
    let cases = [
        ("a: 1\n", "m:\n  k: \"yes\"\n  \"é\": \"\"\na: 1\n"),
        (
            "# top\na:\n    b: 1",
            "# top\nm:\n    k: \"yes\"\n    \"é\": \"\"\na:\n    b: 1",
        ),
        ("{}", "{m: {k: \"yes\", \"é\": \"\"}}"),
    ];
    for (before, after) in cases {
        check(Syntax::Yaml, before, &first, after);
    }
    check(
        Syntax::Yaml,
        "- a: 1 # one\n  # two\n- x\n",
        &[
            insert("/0", Some("a"), "b", Value::Null),
            insert("/0", None, "c", Value::list(["- d"])),
        ],
        "- c:\n    - \"- d\"\n  a: 1 # one\n  b: null\n  # two\n- x\n",
    );
}

#[test]
fn shortens_lists_that_have_lines() {
    let short = |count| Edit::Shorten {
        at: path("/a"),
        count,
    };
    let before = "a:\n  - 1 # one\n  # two\n  - - 2\n    - 3\n  - 4\nb: 1\n";
    check(
        Syntax::Yaml,
        before,
        &[short(1)],
        "a:\n  # two\n  - - 2\n    - 3\n  - 4\nb: 1\n",
    );
    check(Syntax::Yaml, before, &[short(3)], "a: []\nb: 1\n");
    check(
        Syntax::Yaml,
        before,
        &[short(2), prepend("/a", &["x", "z"])],
        "a:\n  - x\n  - z # one\n  # two\n  - 4\nb: 1\n",
    );
    check(Syntax::Yaml, "a: [1, 2]", &[short(1)], "a: [2]");
}

#[test]
fn replaces_parts_and_keeps_the_style() {
    let cases = [
        ("a: \"x \\u00e9 KEY\"", "a: \"x \\u00e9 'q'\""),
        ("a: 'x é KEY' # c", "a: 'x é ''q''' # c"),
        ("a: x é KEY", "a: \"x é 'q'\""),
    ];
    for (before, after) in cases {
        check(Syntax::Yaml, before, &[part("/a", 5..8, "'q'")], after);
    }
    check(
        Syntax::Yaml,
        "a: |\n    one\n    two KEY\n\nb: 1\n",
        &[part("/a", 8..11, "q: \\")],
        "a: |\n    one\n    two q: \\\n\nb: 1\n",
    );
    check(
        Syntax::Yaml,
        "a:\nb: 1\n",
        &[replace("/a", "x")],
        "a: x\nb: 1\n",
    );
    check(
        Syntax::Yaml,
        "a:\n  b:\n  -\n  c: 1\n",
        &[replace("/a/b", "x")],
        "a:\n  b: x\n  c: 1\n",
    );
    check(
        Syntax::Yaml,
        "a:\n  - 1\n  - 2\nb: 1\n",
        &[replace("/a", "x"), replace("/b", "y z")],
        "a: x\nb: y z\n",
    );
}

#[test]
fn text_that_other_parsers_take_for_something_else_gets_quotes() {
    let texts = [
        "",
        "~",
        "null",
        "True",
        "no",
        "Y",
        "1",
        "1.5",
        "0o7",
        "1_000",
        "12:30",
        "2020-01-01",
        ".inf",
        "- a",
        "--",
        "---",
        "a: b",
        "a #b",
        "a:",
        " a",
        "a ",
        "#a",
        "&a",
        "*a",
        "!a",
        "%a",
        "@a",
        "`a",
        "|",
        ">",
        "?",
        "{a",
        "[a",
        "a\nb",
        "a\tb",
        "'a",
        "\"a",
        "=",
        "<<",
        "\u{85}",
    ];
    for text in texts {
        let edited = countersign_confedit::edit("a: x\n", Syntax::Yaml, &[replace("/a", text)]);
        let edited = edited.expect("is edited").text.to_string();
        assert!(edited.starts_with("a: \""), "{text:?}: {edited}");
    }
    for text in [
        "npx",
        "-y",
        "--entry",
        "/usr/bin/x",
        "https://a.b/c?",
        "a b",
    ] {
        let edited = countersign_confedit::edit("a: x\n", Syntax::Yaml, &[replace("/a", text)]);
        let edited = edited.expect("is edited").text.to_string();
        let is_plain = edited == format!("a: {text}\n");
        assert!(is_plain || text.contains('?'), "{text:?}: {edited}");
    }
}

#[test]
fn refuses_what_is_shared_or_has_no_safe_place() {
    let reason = |before: &str, edit| match refused(Syntax::Yaml, before, &[edit]) {
        EditFailure::Refused { reason, .. } => reason,
        other => panic!("{other}"),
    };
    let shared = "d: &d\n  k: v\ns:\n  x: *d\n  y:\n    <<: *d\n    e: f\n  z: !!str 5\n";
    assert_eq!(reason(shared, replace("/d/k", "t")), Reason::Anchor);
    assert_eq!(reason(shared, replace("/s/x/k", "t")), Reason::Anchor);
    assert_eq!(reason(shared, replace("/s/x", "t")), Reason::Anchor);
    assert_eq!(reason(shared, remove("", "d")), Reason::Anchor);
    assert_eq!(reason(shared, remove("", "s")), Reason::Anchor);
    assert_eq!(reason(shared, replace("/s/y/k", "t")), Reason::Merge);
    assert_eq!(reason(shared, remove("/s/y", "e")), Reason::Merge);
    let add = |at: &str| insert(at, None, "n", Value::Null);
    assert_eq!(reason(shared, add("/s/y")), Reason::Merge);
    assert_eq!(reason(shared, replace("/s/z", "t")), Reason::Tag);
    assert_eq!(reason("? a\n: b\n", remove("", "a")), Reason::Layout);
    assert_eq!(
        reason("a:\n  # c\n  - 1\n", replace("/a", "t")),
        Reason::Layout
    );
    assert_eq!(
        reason("a:\n  - # c\n    b\n", prepend("/a", &["t"])),
        Reason::Layout
    );
    assert_eq!(reason("a: 1\rb: 2\r", replace("/a", "t")), Reason::Layout);
    check(
        Syntax::Yaml,
        shared,
        &[replace("/s/y/e", "t")],
        &shared.replace("e: f", "e: t"),
    );
}
