//! What is read from each format, what is refused, and where.

use countersign_confedit::{Document, Kind, Node, ParseFailure, Syntax};
use proptest::prelude::*;

/// Returns the value at a path of keys and indices.
fn at<'a>(document: &'a Document<'_>, path: &[&str]) -> &'a Node {
    path.iter().fold(document.root(), |node, step| {
        node.get(step)
            .or_else(|| node.elements().get(step.parse::<usize>().ok()?))
            .unwrap_or_else(|| panic!("no {step} in {node:?}"))
    })
}

fn read(text: &str, syntax: Syntax) -> Document<'_> {
    Document::parse(text, syntax).unwrap_or_else(|failure| panic!("{failure:?}\n{text}"))
}

fn refused(text: &str, syntax: Syntax) -> ParseFailure {
    Document::parse(text, syntax).expect_err("must be refused")
}

#[test]
fn reads_the_same_tree_from_every_format() {
    let json = r#"{"servers": {"a": {"command": "npx", "args": ["-y", "x"], "on": true}}}"#;
    let toml = "[servers.a]\ncommand = \"npx\"\nargs = [\"-y\", \"x\"]\non = true\n";
    let yaml = "servers:\n  a:\n    command: npx\n    args: [\"-y\", x]\n    on: true\n";
    for (text, syntax) in [
        (json, Syntax::JSON),
        (toml, Syntax::Toml),
        (yaml, Syntax::Yaml),
    ] {
        let document = read(text, syntax);
        assert_eq!(
            at(&document, &["servers", "a", "command"]).as_str(),
            Some("npx")
        );
        assert_eq!(
            at(&document, &["servers", "a", "args", "1"]).as_str(),
            Some("x")
        );
        assert_eq!(at(&document, &["servers", "a", "on"]).as_bool(), Some(true));
    }
}

#[test]
fn spans_cover_the_value_as_written() {
    let cases = [
        (r#"{"a": {"b": "x\ny"}}"#, Syntax::JSON, r#""x\ny""#),
        ("[a]\nb = 'x'\n", Syntax::Toml, "'x'"),
        ("ä: 1\na:\n  b: \"x\"\n", Syntax::Yaml, "\"x\""),
        ("\u{feff}a:\n  b: 'x' # c\n", Syntax::Yaml, "'x'"),
        ("a:\n  b: 'it''s' # c\n", Syntax::Yaml, "'it''s'"),
        ("a: {b: \"\\\"x\" , c: 1}\n", Syntax::Yaml, "\"\\\"x\""),
        ("a:\n  b: x y  # c\nd: 1\n", Syntax::Yaml, "x y"),
    ];
    for (text, syntax, expect) in cases {
        let document = read(text, syntax);
        let span = at(&document, &["a", "b"]).span.clone();
        assert_eq!(&text[span], expect);
    }
}

#[test]
fn each_tolerance_is_its_own() {
    let comment = "{\n // c\n \"a\": 1}";
    let comma = "{\"a\": [1,],}";
    let loose = "{a: 'x', b: 0x1F}";
    assert!(Document::parse(comment, Syntax::JSON).is_err());
    assert!(Document::parse(comma, Syntax::JSON).is_err());
    assert!(Document::parse(loose, Syntax::JSONC).is_err());
    assert!(read(comment, Syntax::JSONC).root().get("a").is_some());
    assert!(read(comma, Syntax::JSONC).root().get("a").is_some());
    assert_eq!(
        read(loose, Syntax::JSON5)
            .root()
            .get("a")
            .and_then(Node::as_str),
        Some("x")
    );
    assert!(Document::parse("{\"a\": 1 \"b\": 2}", Syntax::JSON5).is_err());
}

#[test]
fn names_the_place_of_a_syntax_error() {
    let check = |text: &str, syntax, expect: (u32, u32)| match refused(text, syntax) {
        ParseFailure::Syntax { position, message } => {
            assert_eq!(position, expect, "{message}: {text:?}");
            assert!(!message.is_empty());
        }
        other => panic!("{other:?}"),
    };
    check("{\n  \"a\": 1\n  \"b\": 2\n}", Syntax::JSON, (2, 9));
    check("{ this is not json }", Syntax::JSON, (1, 3));
    check("{\"a\": 1} x", Syntax::JSON, (1, 10));
    check("a = 1\nb = = 2\n", Syntax::Toml, (2, 5));
    check("a: 1\n  b: 2\n", Syntax::Yaml, (2, 4));
}

#[test]
fn refuses_characters_that_no_client_takes() {
    let check = |text: &str, syntaxes: &[Syntax], expect: Option<(u32, u32)>| {
        for syntax in syntaxes {
            let found = match Document::parse(text, *syntax) {
                Ok(_) => None,
                Err(ParseFailure::Syntax { position, .. }) => Some(position),
                Err(other) => panic!("{other:?}"),
            };
            assert_eq!(found, expect, "{syntax:?}: {text:?}");
        }
    };
    let plain = [Syntax::JSON, Syntax::JSONC];
    let all = [Syntax::JSON, Syntax::JSONC, Syntax::JSON5];
    check("{\"a\": \"b\nc\"}", &all, Some((1, 9)));
    check("{\"a\": \"b\r\nc\"}", &all, Some((1, 9)));
    check("{\"a\": \"\tb\"}", &plain, Some((1, 8)));
    check("{\"a\": \"\u{1}\"}", &plain, Some((1, 8)));
    check("{\"\tb\": 1}", &plain, Some((1, 3)));
    check("{\"a\":\u{A0}1}", &plain, Some((1, 6)));
    check("{\u{3000}}", &plain, Some((1, 2)));
    check("{}\u{2028}", &plain, Some((1, 3)));
    check("{}\u{C}", &plain, Some((1, 3)));
    // What stands escaped, in a comment, or as ordinary text is fine.
    check("{\"a\": \"\\t\\n\\\"\u{A0}\u{7F}//\"}\t\r\n", &all, None);
    let tolerant = [Syntax::JSONC, Syntax::JSON5];
    check("// \u{A0}\"\n{} /* \u{A0}\"*/", &tolerant, None);
    check("{\"a\":\u{A0}'\tb'}", &[Syntax::JSON5], None);
    check("{a: 'b\\\nc'}", &[Syntax::JSON5], None);
}

#[test]
fn last_of_two_keys_counts_and_both_are_told() {
    let document = read("{\"a\": {\"k\": 1, \"x\": 0, \"k\": 2}}", Syntax::JSON);
    let a = at(&document, &["a"]);
    assert_eq!(a.get("k").and_then(Node::as_text), Some("2"));
    let effective: Vec<_> = a
        .effective_members()
        .iter()
        .map(|m| m.key.as_str())
        .collect();
    assert_eq!(effective, ["k", "x"]);
    let [duplicate] = document.duplicates() else {
        panic!("{:?}", document.duplicates());
    };
    assert_eq!(
        (duplicate.path.as_slice(), duplicate.key.as_str()),
        (&["a".to_owned()][..], "k")
    );
    assert!(duplicate.first.start < duplicate.last.start);
    assert!(
        Document::parse("a = 1\na = 2\n", Syntax::Toml).is_err(),
        "TOML refuses it"
    );
    assert_eq!(read("a: 1\na: 2\n", Syntax::Yaml).duplicates().len(), 1);
}

#[test]
fn renamed_keys_stay_different_and_duplicates_stay_duplicates() {
    let text = r#"{"s1": 1, "s2": 2, "s1": 3, "x": [{"s3": 4}], "hidden (2)": 5}"#;
    let mut document = read(text, Syntax::JSON);
    let rename = |key: &str| key.starts_with('s').then(|| "hidden".to_owned());
    document.rename_keys(&rename);
    let keys: Vec<&str> = document
        .root()
        .members()
        .iter()
        .map(|member| member.key.as_str())
        .collect();
    assert_eq!(keys, ["hidden", "hidden (3)", "hidden", "x", "hidden (2)"]);
    assert_eq!(document.duplicates().len(), 1);
    assert_eq!(document.duplicates()[0].key, "hidden");
    let inner = &document.root().get("x").expect("stands there").elements()[0];
    assert_eq!(inner.get("hidden").and_then(Node::as_text), Some("4"));
    let span = document.root().members()[1].key_span.clone();
    assert_eq!(&text[span], "\"s2\"", "places are the text's");
}

#[test]
fn empty_and_comment_only_texts_are_null() {
    for (text, syntax) in [
        ("", Syntax::JSON),
        ("  \n", Syntax::JSONC),
        ("// nothing\n", Syntax::JSONC),
        ("", Syntax::Yaml),
        ("# nothing\n", Syntax::Yaml),
    ] {
        assert!(read(text, syntax).root().is_null(), "{text:?}");
    }
    assert!(read("# nothing\n", Syntax::Toml).root().is_map());
}

#[test]
fn yaml_scalars_follow_the_core_schema() {
    let text = "a: yes\nb: 'true'\nc: 1_000\nd: 0x1f\ne: ~\nf: !!str 12\ng: 1.5e3\nh: 2026-01-01\n";
    let document = read(text, Syntax::Yaml);
    let kind = |key: &str| at(&document, &[key]).kind.clone();
    assert!(matches!(kind("a"), Kind::Text(_)));
    assert!(matches!(kind("b"), Kind::Text(_)));
    assert!(matches!(kind("c"), Kind::Text(_)));
    assert!(matches!(kind("d"), Kind::Number(_)));
    assert!(matches!(kind("e"), Kind::Null));
    assert!(matches!(kind("f"), Kind::Text(_)));
    assert!(matches!(kind("g"), Kind::Number(_)));
    assert!(matches!(kind("h"), Kind::Text(_)));
}

#[test]
fn yaml_anchors_and_merges_are_followed() {
    let text = "base: &b\n  command: npx\n  args: [a]\none:\n  <<: *b\n  command: uvx\ntwo: *b\n";
    let document = read(text, Syntax::Yaml);
    assert_eq!(at(&document, &["one", "command"]).as_str(), Some("uvx"));
    assert_eq!(at(&document, &["one", "args", "0"]).as_str(), Some("a"));
    assert_eq!(at(&document, &["two", "command"]).as_str(), Some("npx"));
}

#[test]
fn aliases_that_multiply_are_refused() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..10 {
        let uses = vec![format!("*a{}", level - 1); 10].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{uses}]\n"));
    }
    assert!(matches!(
        refused(&text, Syntax::Yaml),
        ParseFailure::TooMany { .. }
    ));
}

#[test]
fn deep_nesting_is_refused_without_a_crash() {
    for depth in [200, 100_000] {
        let lists = "[".repeat(depth) + &"]".repeat(depth);
        assert!(matches!(
            refused(&lists, Syntax::JSONC),
            ParseFailure::TooDeep { .. }
        ));
        let maps = "{\"a\":".repeat(depth) + "1" + &"}".repeat(depth);
        assert!(matches!(
            refused(&maps, Syntax::JSON),
            ParseFailure::TooDeep { .. }
        ));
        assert!(Document::parse(&lists, Syntax::Yaml).is_err());
        assert!(Document::parse(&format!("a = {lists}"), Syntax::Toml).is_err());
    }
}

#[test]
fn debug_output_holds_no_values() {
    let document = read("{\"token\": \"ghp_abcdef\", \"n\": 4242}", Syntax::JSON);
    let shown = format!("{:?}", document.root());
    assert!(shown.contains("token"));
    assert!(
        !shown.contains("ghp_") && !shown.contains("4242"),
        "{shown}"
    );
}

fn syntax() -> impl Strategy<Value = Syntax> {
    prop_oneof![
        Just(Syntax::JSON),
        Just(Syntax::JSONC),
        Just(Syntax::JSON5),
        Just(Syntax::Toml),
        Just(Syntax::Yaml),
    ]
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,200}", syntax in syntax()) {
        if let Ok(document) = Document::parse(&text, syntax) {
            spans_hold(document.root(), &text);
        }
    }

    #[test]
    fn text_made_of_syntax_is_read_or_refused(
        text in "[\\[\\]{}:,\"'#/*&!<>|=\\-\\.\\\\ \n\ta-c0-9\u{feff}é]{0,120}",
        syntax in syntax(),
    ) {
        if let Ok(document) = Document::parse(&text, syntax) {
            spans_hold(document.root(), &text);
        }
    }

    #[test]
    fn strings_survive_json(value in "\\PC{0,40}") {
        let quoted = format!("{value:?}");
        if let Ok(document) = Document::parse(&quoted, Syntax::JSON)
            && !quoted.contains("\\u{")
            && !quoted.contains("\\'")
        {
            prop_assert_eq!(document.root().as_str(), Some(value.as_str()));
        }
    }
}

fn spans_hold(node: &Node, text: &str) {
    assert!(node.span.start <= node.span.end && node.span.end <= text.len());
    assert!(text.is_char_boundary(node.span.start) && text.is_char_boundary(node.span.end));
    for member in node.members() {
        assert!(text.get(member.key_span.clone()).is_some());
        spans_hold(&member.value, text);
    }
    for element in node.elements() {
        spans_hold(element, text);
    }
}
