//! Taking an edit out of a text that changed since.

use countersign_confedit::{
    Document, Edit, EditFailure, Edited, Found, RevertFailure, Splice, Syntax, Value, edit, revert,
    undo,
};

use crate::check::{insert, path, prepend, remove, replace};

/// An entry that goes behind the guard, and one that goes behind the bridge.
fn wrap() -> Vec<Edit> {
    vec![
        replace("/s/x/command", "/guard"),
        prepend("/s/x/args", &["--entry", "7", "--", "npx"]),
        replace("/s/x/env/K", "countersign:1"),
        insert("/s/r", Some("url"), "command", Value::text("/bridge")),
        insert(
            "/s/r",
            Some("command"),
            "args",
            Value::list(["--", "https://r"]),
        ),
        remove("/s/r", "url"),
        remove("/s/r", "headers"),
        replace("/s/r/type", "stdio"),
    ]
}

const PRETTY: &str = r#"{
	// servers
	"s": {
		"x": {
			"command": "npx",
			"args": ["-y", "p"],
			"env": { "K": "secret" } // keep
		},
		"r": {
			"type": "http",
			"url": "https://r", // where
			"headers": {
				// one
				"A": "Bearer 1",

				"B": "\u0032"
			}
		}
	}
}
"#;

const MINIFIED: &str = r#"{"s":{"x":{"command":"npx","args":["-y","p"],"env":{"K":"secret"}},"r":{"type":"http","url":"https://r","headers":{"A":"Bearer 1","B":"\u0032"}}}}"#;

const TABLES: &str = "# servers\n[s.x]\ncommand = \"npx\" # run\nargs = [\"-y\", 'p']\n\n[s.x.env]\nK = 'secret'\n\n[s.r]\ntype = 'http'\nurl = 'https://r' # where\n\n# who\n[s.r.headers]\nA = 'Bearer 1'\n";

const ROWS: &str = "# servers\ns:\n  x:\n    command: npx # run\n    args:\n    - -y\n    - 'p'\n    env:\n      K: secret\n\n  r:\n    type: http\n    url: https://r # where\n\n    # who\n    headers:\n      A: Bearer 1\n      B: |\n        2\n";

#[track_caller]
fn edited(syntax: Syntax, before: &str, edits: &[Edit]) -> Edited {
    edit(before, syntax, edits).unwrap_or_else(|failure| panic!("{failure}\n{before}"))
}

/// Edits, has somebody else change the text, and compares what is left once the edit is taken out.
#[track_caller]
fn check(
    syntax: Syntax,
    before: &str,
    edits: &[Edit],
    foreign: impl Fn(&str) -> String,
    expect: &str,
) {
    let edited = edited(syntax, before, edits);
    let now = foreign(&edited.text);
    let reverted =
        revert(&now, syntax, &edited.splices).unwrap_or_else(|failure| panic!("{failure}\n{now}"));
    assert_eq!(reverted.text.as_str(), expect, "from\n{now}");
    let again = undo(&reverted.text, &reverted.splices).expect("undo");
    assert_eq!(again.as_str(), now);
}

#[track_caller]
fn refused(syntax: Syntax, splices: &[Splice], now: &str) -> RevertFailure {
    let failure = revert(now, syntax, splices).expect_err("must be refused");
    let shown = format!("{failure} {failure:?}");
    assert!(!shown.contains("secret"), "{shown}");
    failure
}

/// Puts one text for another, which must be there once.
fn with(text: &str, old: &str, new: &str) -> String {
    assert_eq!(text.matches(old).count(), 1, "`{old}` in\n{text}");
    text.replace(old, new)
}

#[test]
fn a_text_as_it_was_left_becomes_what_it_was() {
    for (syntax, before) in [
        (Syntax::JSONC, PRETTY),
        (Syntax::JSON, MINIFIED),
        (Syntax::Toml, TABLES),
        (Syntax::Yaml, ROWS),
    ] {
        check(syntax, before, &wrap(), str::to_owned, before);
    }
}

#[test]
fn what_others_changed_around_it_stays() {
    let foreign = |text: &str| {
        let text = with(text, "// servers", "// my servers\n\t\"n\": [],");
        let text = with(&text, "\"-y\", \"p\"", "\"-y\", \"p\", \"--more\"");
        let text = with(&text, " } // keep", ", \"L\": \"1\" }");
        with(
            &text,
            "\"s\": {",
            "\"s\": {\n\t\t\"new\": { \"command\": \"a\" },",
        )
    };
    let expect = PRETTY
        .replace("// servers", "// my servers\n\t\"n\": [],")
        .replace("\"-y\", \"p\"", "\"-y\", \"p\", \"--more\"")
        .replace(" } // keep", ", \"L\": \"1\" }")
        .replace("\"s\": {", "\"s\": {\n\t\t\"new\": { \"command\": \"a\" },");
    check(Syntax::JSONC, PRETTY, &wrap(), foreign, &expect);
    let foreign = |text: &str| {
        let text = with(text, "# servers", "on = 1 # mine\n# servers");
        with(&text, "[s.r]", "[s.new]\ncommand = 'a'\n\n[s.r]")
    };
    let expect = foreign(TABLES);
    check(Syntax::Toml, TABLES, &wrap(), foreign, &expect);
    let foreign = |text: &str| {
        let text = with(text, "# servers", "# my servers\nn: [1]");
        let text = with(&text, "    - 'p'", "    - 'p'\n    - --more");
        with(&text, "\ns:\n", "\ns:\n  new:\n    command: a\n")
    };
    let expect = foreign(ROWS);
    check(Syntax::Yaml, ROWS, &wrap(), foreign, &expect);
}

#[test]
fn rows_come_back_as_they_were() {
    let cases = [
        ("a:\n  - 1 # one\n  - 2\nb: 1\n", replace("/a", "x")),
        ("a:\nb: 1\n", replace("/a", "x")),
        ("a:\n- 1 # one\nb: 1\n", prepend("/a", &["x"])),
        ("a: [1, 2] # one\nb: 1\n", prepend("/a", &["x"])),
        ("a: |\n  1\n  2\n\nb: 1\n", replace("/a", "x")),
        ("a: {k: 1} # one\nb: 1\n", remove("/a", "k")),
        ("a:\n  k: 1 # one\nb: 1\n", remove("/a", "k")),
    ];
    for (before, edit) in cases {
        let foreign = |text: &str| with(text, "b: 1", "b: 2\nc: 3");
        check(Syntax::Yaml, before, &[edit], foreign, &foreign(before));
    }
}

#[test]
fn rows_that_were_written_anew_keep_their_new_layout() {
    let rewritten = |_: &str| {
        "s:\n    r:\n        args: [--, 'https://r']\n        command: /bridge\n        type: stdio\n    x:\n        args:\n            - --entry\n            - '7'\n            - --\n            - npx\n            - -y\n            - p\n        command: /guard\n        env:\n            K: countersign:1\n"
            .to_owned()
    };
    check(
        Syntax::Yaml,
        ROWS,
        &wrap(),
        rewritten,
        "s:\n    r:\n        type: http\n        url: https://r\n        headers:\n            A: Bearer 1\n            B: \"2\\n\"\n    x:\n        args:\n            - -y\n            - p\n        command: npx\n        env:\n            K: secret\n",
    );
}

#[test]
fn a_rewritten_text_keeps_its_new_layout() {
    let rewritten = |_: &str| {
        r#"{
  "s": {
    "r": {
      "args": [
        "--",
        "https://r"
      ],
      "type": "stdio",
      "command": "/bridge"
    },
    "x": {
      "command": "/guard",
      "env": {
        "K": "countersign:1"
      },
      "args": [
        "--entry",
        "7",
        "--",
        "npx",
        "-y",
        "p"
      ]
    }
  }
}"#
        .to_owned()
    };
    check(
        Syntax::JSONC,
        PRETTY,
        &wrap(),
        rewritten,
        r#"{
  "s": {
    "r": {
      "type": "http",
      "url": "https://r",
      "headers": {
        // one
        "A": "Bearer 1",

        "B": "\u0032"
      }
    },
    "x": {
      "command": "npx",
      "env": {
        "K": "secret"
      },
      "args": [
        "-y",
        "p"
      ]
    }
  }
}"#,
    );
    let minified = |text: &str| {
        let text = text.replace("// servers", "").replace("// keep", "");
        let text = text.replace(" // where", "");
        text.replace(['\n', '\t'], "")
            .replace(": ", ":")
            .replace(", ", ",")
    };
    check(
        Syntax::JSONC,
        PRETTY,
        &wrap(),
        minified,
        r#"{"s":{"x":{"command":"npx","args":["-y","p"],"env":{ "K":"secret" } },"r":{"type":"http","url": "https://r","headers":{"A":"Bearer 1","B":"2"}}}}"#,
    );
    let crlf = |text: &str| text.replace('\n', "\r\n").replace('\t', "    ");
    let expect = crlf(PRETTY).replace(" // where", "");
    let expect = with(
        &expect,
        "\\u0032\"\r\n            }",
        "\\u0032\"\r\n            } // where",
    );
    check(Syntax::JSONC, PRETTY, &wrap(), crlf, &expect);
}

#[test]
fn entries_of_a_list_are_found_at_another_index() {
    let before = r#"{"s": [{"name": "a", "command": "npx", "args": ["-y"]}, {"name": "b"}]}"#;
    let edits = [
        replace("/s/0/command", "/guard"),
        prepend("/s/0/args", &["7", "npx"]),
    ];
    check(
        Syntax::JSON,
        before,
        &edits,
        |text| {
            with(
                text,
                "\"s\": [",
                "\"s\": [{\"name\": \"c\", \"command\": \"/guard\"}, ",
            )
        },
        r#"{"s": [{"name": "c", "command": "/guard"}, {"name": "a", "command": "npx", "args": ["-y"]}, {"name": "b"}]}"#,
    );
    let done = edited(Syntax::JSON, before, &edits);
    let twice = r#"{"s": [{"command": "/guard", "args": ["7", "npx"]}, {"command": "/guard", "args": ["7", "npx"]}]}"#;
    assert_eq!(
        refused(Syntax::JSON, &done.splices, twice),
        RevertFailure::Ambiguous { path: path("/s") }
    );
}

#[test]
fn arguments_are_found_behind_others() {
    check(
        Syntax::JSON,
        r#"{"a": ["--token", "secret", "x"]}"#,
        &[
            prepend("/a", &["g", "--"]),
            replace("/a/1", "countersign:1"),
        ],
        |text| with(text, "\"--token\"", "\"-v\", \"--token\""),
        r#"{"a": ["-v", "--token", "secret", "x"]}"#,
    );
    check(
        Syntax::JSON,
        r#"{"a": ["1", "2", "3"]}"#,
        &[replace("/a/0", "r"), replace("/a/2", "r")],
        |text| with(text, "\"2\"", "\"2\", \"4\""),
        r#"{"a": ["1", "2", "4", "3"]}"#,
    );
}

#[test]
fn what_is_written_twice_is_not_mistaken_for_something_else() {
    let before = r#"{"a": [{"k": "x"}, ["x", "1"], "b"]}"#;
    let done = edited(Syntax::JSON, before, &[replace("/a/1/1", "x")]);
    assert_eq!(
        refused(Syntax::JSON, &done.splices, &done.text),
        RevertFailure::Ambiguous { path: path("/a/1") }
    );
    let done = edited(
        Syntax::JSON,
        r#"{"a": "1", "b": "x"}"#,
        &[replace("/a", "x")],
    );
    assert_eq!(
        refused(Syntax::JSON, &done.splices, r#"{"b": "x"}"#),
        RevertFailure::Missing { path: path("/a") }
    );
}

#[test]
fn an_entry_that_was_renamed_is_found() {
    let foreign = |text: &str| with(text, "\"x\": {", "\"y\": {");
    check(Syntax::JSONC, PRETTY, &wrap(), foreign, &foreign(PRETTY));
    let foreign = |text: &str| text.replace("s.r", "s.q");
    let expect = foreign(TABLES);
    let expect = with(
        &expect,
        " # where\n",
        "\nheaders = { A = \"Bearer 1\" } # where\n",
    );
    let expect = with(&expect, "[s.q.headers]\nA = 'Bearer 1'\n", "");
    check(Syntax::Toml, TABLES, &wrap(), foreign, &expect);
}

#[test]
fn what_was_changed_where_it_was_edited_is_named() {
    let done = edited(Syntax::JSON, MINIFIED, &wrap());
    let splices = &done.splices;
    let named = |old: &str, new: &str| {
        let failure = refused(Syntax::JSON, splices, &with(&done.text, old, new));
        failure.to_string()
    };
    let cases = [
        (
            ("\"/guard\"", "\"secret\""),
            "find in `s/x/command` what was written there: it is another string",
        ),
        (
            ("\"/guard\"", "[\"/guard\"]"),
            "find in `s/x/command` what was written there: it is a list, not a string",
        ),
        (
            ("\"7\"", "\"8\""),
            "find in `s/x/args/1` what was written there: it is another string",
        ),
        (
            (
                "[\"--\",\"https://r\"]",
                "[\"--\",\"https://r\",\"secret\"]",
            ),
            "find in `s/r/args` what was written there: it is 3 long, not 2",
        ),
        (
            ("\"K\":\"countersign:1\"", "\"J\":\"countersign:2\""),
            "find `s/x/env/K`, which was edited",
        ),
        (
            ("\"stdio\"", "\"stdio\",\"url\":\"secret\""),
            "put `s/r/url` back: it is there again",
        ),
        (
            ("\"x\":", "\"r\":{},\"x\":"),
            "tell which `r` counts in `s`: it stands there twice",
        ),
        (("{\"s\"", "{{\"s\""), "read the text"),
    ];
    for ((old, new), expect) in cases {
        assert_eq!(named(old, new), expect, "{new}");
    }
    let failure = refused(Syntax::JSON, splices, "{}");
    assert_eq!(failure, RevertFailure::Missing { path: path("/s") });
    let failure = refused(Syntax::JSON, splices, "");
    assert!(
        matches!(
            &failure,
            RevertFailure::Edit(EditFailure::Parse(_)) | RevertFailure::Missing { .. }
        ),
        "{failure:?}"
    );
}

#[test]
fn members_of_what_was_written_count() {
    let done = edited(
        Syntax::JSON,
        r#"{"a": 1}"#,
        &[insert("", None, "b", Value::map([("c", "d")]))],
    );
    assert_eq!(
        refused(
            Syntax::JSON,
            &done.splices,
            r#"{"a": 1, "b": {"c": "d", "e": "f"}}"#
        ),
        RevertFailure::Differs {
            path: path("/b/e"),
            position: (1, 31),
            found: Found::Added
        }
    );
}

#[test]
fn a_list_that_was_shortened_gets_its_elements_back() {
    let edits = [Edit::Shorten {
        at: path("/a"),
        count: 2,
    }];
    check(
        Syntax::JSON,
        r#"{"a": ["1", "2", "3"]}"#,
        &edits,
        |text| with(text, "\"3\"", "\"3\", \"4\""),
        r#"{"a": ["1", "2", "3", "4"]}"#,
    );
    check(
        Syntax::JSON,
        r#"{"a": ["1", "2", "3"]}"#,
        &edits,
        |_| "{\n  \"a\": [\n    \"3\"\n  ]\n}".to_owned(),
        "{\n  \"a\": [\n    \"1\",\n    \"2\",\n    \"3\"\n  ]\n}",
    );
}

#[test]
fn one_of_two_edits_can_be_taken_out_alone() {
    let first = edited(Syntax::JSONC, PRETTY, &wrap()[..3]);
    let second = edited(Syntax::JSONC, &first.text, &wrap()[3..]);
    let reverted = revert(&second.text, Syntax::JSONC, &first.splices).expect("revert");
    let alone = edited(Syntax::JSONC, PRETTY, &wrap()[3..]);
    assert_eq!(reverted.text, alone.text);
    let last = revert(&reverted.text, Syntax::JSONC, &second.splices).expect("revert");
    assert_eq!(last.text.as_str(), PRETTY);
}

#[test]
fn splices_that_do_not_belong_together_are_not_followed() {
    let mut done = edited(Syntax::JSON, MINIFIED, &wrap());
    let text = done.text.clone();
    for splice in &mut done.splices {
        for change in &mut splice.changes {
            change.new = 0..usize::MAX;
        }
    }
    assert!(matches!(
        refused(Syntax::JSON, &done.splices, &text),
        RevertFailure::Splices { .. }
    ));
    assert!(Document::parse(&text, Syntax::JSON).is_ok());
}
