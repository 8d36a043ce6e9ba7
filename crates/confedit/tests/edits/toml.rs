//! What edits of TOML leave of the layout.

use countersign_confedit::{EditFailure, Reason, Syntax, Value};

use crate::check::{check, insert, part, prepend, refused, remove, replace};

const GUARD: [&str; 4] = ["--entry", "e", "--", "npx"];

#[test]
fn puts_a_command_behind_the_guard_in_every_layout() {
    let edits = [
        replace("/s/x/command", "/g"),
        prepend("/s/x/args", &GUARD),
        replace("/s/x/env/K", "countersign:1"),
    ];
    let cases = [
        (
            "# top\n[s.x]\ncommand = \"npx\" # run\nargs = [\"-y\", 'p']\n\n[s.x.env]\nK = 'v'   # key\n",
            "# top\n[s.x]\ncommand = \"/g\" # run\nargs = [\"--entry\", \"e\", \"--\", \"npx\", \"-y\", 'p']\n\n[s.x.env]\nK = 'countersign:1'   # key\n",
        ),
        (
            "[s]\r\nx = { command = 'npx', args = [], env = { K = \"\"\"v\"\"\" } }",
            "[s]\r\nx = { command = '/g', args = [\"--entry\", \"e\", \"--\", \"npx\"], env = { K = \"\"\"countersign:1\"\"\" } }",
        ),
        (
            "\u{feff}s.x.command=\"npx\"\ns.x.args=[\n\t\"-y\", # yes\n]\ns.x.env.K=5\n",
            "\u{feff}s.x.command=\"/g\"\ns.x.args=[\n\t\"--entry\",\n\t\"e\",\n\t\"--\",\n\t\"npx\",\n\t\"-y\", # yes\n]\ns.x.env.K=\"countersign:1\"\n",
        ),
        (
            "[s]\n  [s.x]\n  command = \"npx\"\n  args = [ # none\n  ]\n  env.K = 1979-05-27\n",
            "[s]\n  [s.x]\n  command = \"/g\"\n  args = [ # none\n    \"--entry\",\n    \"e\",\n    \"--\",\n    \"npx\"\n  ]\n  env.K = \"countersign:1\"\n",
        ),
    ];
    for (before, after) in cases {
        check(Syntax::Toml, before, &edits, after);
    }
}

#[test]
fn inserts_arguments_behind_the_command() {
    let edits = [insert(
        "/s/x",
        Some("command"),
        "args",
        Value::list(["a", "b"]),
    )];
    let cases = [
        (
            "[s.x]\ncommand = \"npx\" # run\n# more\n\n[s.x.env]\nK = 1",
            "[s.x]\ncommand = \"npx\" # run\nargs = [\"a\", \"b\"]\n# more\n\n[s.x.env]\nK = 1",
        ),
        (
            "[s.x]\r\n\tcommand='npx'",
            "[s.x]\r\n\tcommand='npx'\r\n\targs=[\"a\", \"b\"]",
        ),
        (
            "[s]\nx.command = 1\n",
            "[s]\nx.command = 1\nx.args = [\"a\", \"b\"]\n",
        ),
        (
            "s.'x'.command = 1\ns.y = 2",
            "s.'x'.command = 1\ns.'x'.args = [\"a\", \"b\"]\ns.y = 2",
        ),
        (
            "s.x = {command = 1}",
            "s.x = {command = 1, args = [\"a\", \"b\"]}",
        ),
        (
            "[s]\nx = {\n  command = 1, # c\n}\n",
            "[s]\nx = {\n  command = 1, # c\n  args = [\"a\", \"b\"],\n}\n",
        ),
    ];
    for (before, after) in cases {
        check(Syntax::Toml, before, &edits, after);
    }
    check(
        Syntax::Toml,
        "[[s]]\nn = 1\n[[s]]\nn = 2\n[s.env]\nK = 1\n",
        &[insert("/s/1", Some("env"), "args", Value::list(["a"]))],
        "[[s]]\nn = 1\n[[s]]\nn = 2\nargs = [\"a\"]\n[s.env]\nK = 1\n",
    );
    check(
        Syntax::Toml,
        "# none\n[s.x]\n[s.x.env]\nK = 1\n",
        &[
            insert(
                "/s/x",
                None,
                "a b",
                Value::map([("c", "d"), ("é", "\u{7f}")]),
            ),
            insert("", None, "on", Value::Bool(true)),
        ],
        "on = true\n# none\n[s.x]\n\"a b\" = { c = \"d\", \"é\" = \"\\u007f\" }\n[s.x.env]\nK = 1\n",
    );
}

#[test]
fn turns_a_remote_entry_into_a_command() {
    let edits = [
        remove("/s/x", "headers"),
        remove("/s/x", "url"),
        insert("/s/x", Some("url"), "command", Value::text("/g")),
        insert("/s/x", Some("command"), "args", Value::list(["u"])),
    ];
    let cases = [
        (
            "[s.x]\nurl = \"u\" # here\non = true\n\n# secret\n[s.x.headers]\nA = \"b\"\n\n[s.y]\nurl = \"v\"\n",
            "[s.x]\ncommand = \"/g\"\nargs = [\"u\"] # here\non = true\n\n# secret\n\n[s.y]\nurl = \"v\"\n",
        ),
        (
            "[s.x]\nurl = \"u\"\n\n[s.x.headers]\nA = \"b\"",
            "[s.x]\ncommand = \"/g\"\nargs = [\"u\"]",
        ),
        (
            "[s]\nx.headers.A = 'b'\nx.headers.B = 'c'\nx.url = 'u'\n",
            "[s]\nx.command = \"/g\"\nx.args = [\"u\"]\n",
        ),
        (
            "[s]\nx = { headers = { A = 'b' }, url = 'u' }\n",
            "[s]\nx = { command = \"/g\", args = [\"u\"] }\n",
        ),
    ];
    for (before, after) in cases {
        check(Syntax::Toml, before, &edits, after);
    }
}

#[test]
fn replaces_parts_and_keeps_quotes() {
    let cases = [
        ("a = \"x \\u00e9 KEY\"", "a = \"x \\u00e9 'q'\""),
        ("a = 'x é KEY'", "a = \"x é 'q'\""),
        ("a = '''x é KEY'''", "a = \"x é 'q'\""),
        ("a = \"\"\"\nx é KEY\"\"\"", "a = \"\"\"x é 'q'\"\"\""),
    ];
    for (before, after) in cases {
        check(Syntax::Toml, before, &[part("/a", 5..8, "'q'")], after);
    }
    check(
        Syntax::Toml,
        "a = 'C:\\x'",
        &[replace("/a", "D:\\y")],
        "a = 'D:\\y'",
    );
}

#[test]
fn refuses_what_has_no_safe_place() {
    let reason = |before: &str, edit| match refused(Syntax::Toml, before, &[edit]) {
        EditFailure::Refused { reason, .. } => reason,
        other => panic!("{other}"),
    };
    let add = |at: &str| insert(at, None, "k", Value::Null);
    assert_eq!(reason("[s.x]\n", add("/s")), Reason::NoLines);
    assert_eq!(reason("[s.x]\n", add("/s/x")), Reason::Unspellable);
    assert_eq!(reason("a = {b.c = 1}\n", add("/a")), Reason::DottedKeys);
    assert_eq!(reason("a = {b.c = 1}\n", add("/a/b")), Reason::DottedKeys);
    assert_eq!(reason("[s.x]\na = 1", remove("/s", "x")), Reason::NoLines);
    assert_eq!(reason("s.x = 1", remove("/s", "x")), Reason::NoLines);
    assert_eq!(
        reason("[s]\nx.a = 1\ny = 1\nx.b = 1", remove("/s", "x")),
        Reason::Spread
    );
    assert_eq!(reason("[s]\nx = 1", replace("/s", "t")), Reason::Table);
    assert_eq!(reason("[[s]]\nx = 1", prepend("/s", &["t"])), Reason::Table);
}
