//! What edits of JSON, JSONC and JSON5 leave of the layout.

use countersign_confedit::{Edit, Syntax, Value};

use crate::check::{check, insert, part, prepend, remove, replace};

fn guarded() -> Vec<Edit> {
    vec![
        replace("/s/x/command", "/g"),
        insert(
            "/s/x",
            Some("command"),
            "args",
            Value::list(["--entry", "e", "--", "npx"]),
        ),
        replace("/s/x/env/K", "countersign:1"),
    ]
}

#[test]
fn puts_a_command_behind_the_guard_in_every_layout() {
    check(
        Syntax::JSON,
        r#"{"s":{"x":{"command":"npx","env":{"K":"v"}}}}"#,
        &guarded(),
        r#"{"s":{"x":{"command":"/g","args":["--entry","e","--","npx"],"env":{"K":"countersign:1"}}}}"#,
    );
    check(
        Syntax::JSON,
        "{\r\n\t\"s\": {\r\n\t\t\"x\": { \"command\": \"npx\", \"env\": { \"K\": \"v\" } }\r\n\t}\r\n}",
        &guarded(),
        "{\r\n\t\"s\": {\r\n\t\t\"x\": { \"command\": \"/g\", \"args\": [\"--entry\", \"e\", \"--\", \"npx\"], \"env\": { \"K\": \"countersign:1\" } }\r\n\t}\r\n}",
    );
    check(
        Syntax::JSONC,
        "\u{feff}{\n  // s\n  \"s\": {\n    \"x\": {\n      \"env\": {\"K\": \"v\", /* end */ },\n      \"command\": \"npx\" // run\n      // last\n    },\n  },\n}\n",
        &guarded(),
        "\u{feff}{\n  // s\n  \"s\": {\n    \"x\": {\n      \"env\": {\"K\": \"countersign:1\", /* end */ },\n      \"command\": \"/g\", // run\n      \"args\": [\"--entry\", \"e\", \"--\", \"npx\"]\n      // last\n    },\n  },\n}\n",
    );
    check(
        Syntax::JSON5,
        "{s: {x: {command: 'npx', env: {K: 'v'}}}}",
        &guarded(),
        "{s: {x: {command: '/g', args: ['--entry', 'e', '--', 'npx'], env: {K: 'countersign:1'}}}}",
    );
}

#[test]
fn prepends_to_lists_of_every_layout() {
    let edits = [prepend("/a", &["x", "y"])];
    check(Syntax::JSON, r#"{"a": []}"#, &edits, r#"{"a": ["x", "y"]}"#);
    check(
        Syntax::JSON,
        r#"{"a": [ ]}"#,
        &edits,
        r#"{"a": [ "x", "y" ]}"#,
    );
    check(
        Syntax::JSON,
        r#"{"a":["1","2"]}"#,
        &edits,
        r#"{"a":["x","y","1","2"]}"#,
    );
    check(
        Syntax::JSON,
        r#"{"a": ["1", "2"]}"#,
        &edits,
        r#"{"a": ["x", "y", "1", "2"]}"#,
    );
    check(
        Syntax::JSONC,
        "{\"a\": [ // first\n    \"1\",\n    \"2\"\n  ]}",
        &edits,
        "{\"a\": [ // first\n    \"x\",\n    \"y\",\n    \"1\",\n    \"2\"\n  ]}",
    );
    check(
        Syntax::JSONC,
        "{\n  \"a\": [ // none\n  ]}",
        &edits,
        "{\n  \"a\": [ // none\n    \"x\",\n    \"y\"\n  ]}",
    );
    check(
        Syntax::JSONC,
        "{\"a\": [/* none */]}",
        &edits,
        "{\"a\": [\"x\", \"y\" /* none */]}",
    );
    check(
        Syntax::JSON,
        "{\"a\": [\n  \"1\", \"2\",\n  \"3\", \"4\"\n]}",
        &edits,
        "{\"a\": [\n  \"x\", \"y\", \"1\", \"2\",\n  \"3\", \"4\"\n]}",
    );
}

#[test]
fn turns_a_remote_entry_into_a_command() {
    let edits = [
        remove("", "url"),
        remove("", "headers"),
        replace("/type", "stdio"),
        insert("", Some("url"), "command", Value::text("/g")),
        insert("", Some("command"), "args", Value::list(["u"])),
    ];
    check(
        Syntax::JSON,
        "{\n  \"type\": \"http\",\n  \"url\": \"u\",\n  \"headers\": {\n    \"A\": \"b\"\n  }\n}\n",
        &edits,
        "{\n  \"type\": \"stdio\",\n  \"command\": \"/g\",\n  \"args\": [\"u\"]\n}\n",
    );
    check(
        Syntax::JSON,
        r#"{"headers": {"A": "b"}, "url": "u", "type": "http"}"#,
        &edits,
        r#"{"command": "/g", "args": ["u"], "type": "stdio"}"#,
    );
    check(
        Syntax::JSONC,
        "{ \"headers\": {\"A\": \"b\"}, // h\n  \"type\": \"http\", // t\n  /* u */ \"url\": \"u\", }",
        &edits,
        "{\n  \"type\": \"stdio\", // t\n  /* u */ \"command\": \"/g\", \"args\": [\"u\"], }",
    );
}

#[test]
fn removes_members_with_comma_line_and_comment() {
    let gone = [remove("", "b")];
    let cases = [
        ("{\"a\": 1, \"b\": 2}", "{\"a\": 1}"),
        ("{ \"a\": 1, \"b\": 2 }", "{ \"a\": 1 }"),
        ("{\"b\": 2, \"a\": 1}", "{\"a\": 1}"),
        ("{ \"b\": 2 }", "{ }"),
        ("{\"a\": 1, \"b\": 2, \"c\": 3}", "{\"a\": 1, \"c\": 3}"),
        ("{\n  \"a\": 1,\n  \"b\": 2\n}", "{\n  \"a\": 1\n}"),
        ("{\n  \"b\": 2,\n  \"a\": 1\n}", "{\n  \"a\": 1\n}"),
        (
            "{\n  \"a\": 1, // a\n  \"b\": 2 // b\n}",
            "{\n  \"a\": 1 // a\n}",
        ),
        (
            "{\n  \"a\": 1, // a\n  // up\n  \"b\": 2, // b\n  // down\n}",
            "{\n  \"a\": 1, // a\n  // up\n  // down\n}",
        ),
        (
            "{\r\n  \"a\": 1,\r\n  \"b\": 2,\r\n  \"c\": 3\r\n}",
            "{\r\n  \"a\": 1,\r\n  \"c\": 3\r\n}",
        ),
        (
            "{\n  \"a\": 1, \"b\": 2,\n  \"c\": 3\n}",
            "{\n  \"a\": 1,\n  \"c\": 3\n}",
        ),
        (
            "{\n  \"b\": 2, /* c */ \"c\": 3\n}",
            "{\n  /* c */ \"c\": 3\n}",
        ),
        (
            "{\"a\": 1\n, \"b\": 2\n, \"c\": 3}",
            "{\"a\": 1\n, \"c\": 3}",
        ),
        ("{\"a\": 1\n, \"b\": 2\n}", "{\"a\": 1\n}"),
        ("{\"b\": 1\n, \"a\": 2\n}", "{\n \"a\": 2\n}"),
    ];
    for (before, after) in cases {
        check(Syntax::JSONC, before, &gone, after);
    }
}

#[test]
fn replaces_parts_and_keeps_the_rest_as_spelled() {
    check(
        Syntax::JSON,
        r#"{"a": "caf\u00e9 \ud83d\ude00 KEY\/x"}"#,
        &[part("/a", 11..14, "q\"\n")],
        r#"{"a": "caf\u00e9 \ud83d\ude00 q\"\n\/x"}"#,
    );
    check(
        Syntax::JSON,
        r#"{"a": "1 2 3"}"#,
        &[part("/a", 4..5, "c"), part("/a", 0..1, "a")],
        r#"{"a": "a 2 c"}"#,
    );
    check(
        Syntax::JSON5,
        "{a: 'x\\\ny'}",
        &[part("/a", 0..1, "'")],
        "{a: '\\'y'}",
    );
}

#[test]
fn inserts_before_between_and_into_nothing() {
    let first = [insert("", None, "n", Value::Bool(true))];
    let cases = [
        ("{}", "{\"n\": true}"),
        ("{ \"a\" : 1 }", "{ \"n\" : true, \"a\" : 1 }"),
        (
            "{\n  // a\n  \"a\": 1\n}",
            "{\n  \"n\": true,\n  // a\n  \"a\": 1\n}",
        ),
        ("{\n}", "{\n  \"n\": true\n}"),
    ];
    for (before, after) in cases {
        check(Syntax::JSONC, before, &first, after);
    }
    let edits = [Edit::Insert {
        at: vec!["a/b".to_owned()],
        after: Some("c".to_owned()),
        key: "ü\"".to_owned(),
        value: Value::Null,
    }];
    check(
        Syntax::JSON,
        r#"{"a\/b": {"c": 1}}"#,
        &edits,
        r#"{"a\/b": {"c": 1, "ü\"": null}}"#,
    );
}
