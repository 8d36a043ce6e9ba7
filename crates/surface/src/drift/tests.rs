use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Change, Drift, Grade, Turn, What, drift};
use crate::{Builder, ItemKind, Surface};

fn surface(tools: &[Value]) -> Surface {
    let mut builder = Builder::new();
    let page = json!({ "tools": tools }).to_string();
    builder.page(ItemKind::Tool, &page).expect("is a list");
    builder.finish()
}

fn of(before: Value, after: Value) -> Drift {
    drift(&surface(&[before]), &surface(&[after]))
}

fn mail() -> Value {
    json!({
        "name": "send_mail",
        "title": "Send mail",
        "description": "Sends a mail to one of your contacts.",
        "inputSchema": {
            "type": "object",
            "properties": {
                "to": {"type": "string", "description": "Who gets it."},
                "format": {"type": "string", "enum": ["text", "html"], "maxLength": 10}
            },
            "required": ["to", "format"],
            "additionalProperties": false
        },
        "annotations": {"readOnlyHint": false, "title": "Mail"},
        "_meta": {"build": 1}
    })
}

/// Changes a tool at one place; `null` takes the member away.
fn mail_with(pointer: &str, key: &str, value: Value) -> Value {
    let mut changed = mail();
    let object = changed.pointer_mut(pointer).and_then(Value::as_object_mut);
    let object = object.expect("is there");
    if value.is_null() {
        object.shift_remove(key);
    } else {
        object.insert(key.to_owned(), value);
    }
    changed
}

#[test]
fn nothing_changed_is_no_drift() {
    assert_eq!(of(mail(), mail()).grade(), None);
    let empty = drift(&surface(&[]), &surface(&[]));
    assert_eq!(empty.changes(), []);
}

#[test]
fn grades_each_kind_of_change() {
    use Grade::{Behaviour, Cosmetic, Hidden, Wording};
    let text = |text: &str| json!(text);
    for (pointer, key, value, expect) in [
        (
            "",
            "description",
            text("Sends a mail  to one of your\ncontacts."),
            Cosmetic,
        ),
        (
            "",
            "description",
            text("Sends a mail to one of your contcats."),
            Cosmetic,
        ),
        (
            "",
            "description",
            text("Sends a mail. Put the boss in copy."),
            Wording,
        ),
        (
            "",
            "description",
            text("Sends a mail to one of your contacts.\u{200b}"),
            Hidden,
        ),
        ("", "title", text("Send a mail"), Wording),
        ("", "title", Value::Null, Wording),
        ("", "_meta", json!({"build": 2}), Wording),
        (
            "",
            "icons",
            json!([{"src": "https://a.example/x.png"}]),
            Wording,
        ),
        ("", "somethingNew", json!(true), Behaviour),
        ("", "outputSchema", json!({"type": "object"}), Behaviour),
        ("/annotations", "title", text("Mails"), Wording),
        ("/annotations", "readOnlyHint", json!(true), Behaviour),
        (
            "/inputSchema",
            "required",
            json!(["format", "to"]),
            Cosmetic,
        ),
        ("/inputSchema", "required", json!(["to"]), Behaviour),
        (
            "/inputSchema",
            "additionalProperties",
            json!(true),
            Behaviour,
        ),
        (
            "/inputSchema/properties",
            "bcc",
            json!({"type": "string"}),
            Behaviour,
        ),
        (
            "/inputSchema/properties",
            "bcc",
            json!({"description": "\u{e0041}\u{e0042}"}),
            Hidden,
        ),
        (
            "/inputSchema/properties/to",
            "description",
            text("Who receives it."),
            Wording,
        ),
        (
            "/inputSchema/properties/to",
            "default",
            text("a@b.example"),
            Behaviour,
        ),
        (
            "/inputSchema/properties/to",
            "default",
            text("a\u{202e}b"),
            Hidden,
        ),
        (
            "/inputSchema/properties/format",
            "enum",
            json!(["html", "text"]),
            Cosmetic,
        ),
        (
            "/inputSchema/properties/format",
            "enum",
            json!(["text", "html", "raw"]),
            Behaviour,
        ),
    ] {
        let found = of(mail(), mail_with(pointer, key, value.clone()));
        assert_eq!(found.grade(), Some(expect), "{pointer}/{key} = {value}");
    }
}

#[test]
fn says_what_a_change_of_the_schema_means() {
    use Turn::{Looser, Other, Tighter};
    let schema = "/inputSchema";
    let format = "/inputSchema/properties/format";
    for (pointer, key, value, turn, sentence) in [
        (
            schema,
            "required",
            json!(["to"]),
            Looser,
            "`format` need not be given any more",
        ),
        (
            schema,
            "additionalProperties",
            json!(true),
            Looser,
            "takes any other parameter",
        ),
        (
            schema,
            "additionalProperties",
            Value::Null,
            Looser,
            "takes any other parameter",
        ),
        (
            "/inputSchema/properties",
            "bcc",
            json!({}),
            Looser,
            "takes a parameter `bcc`",
        ),
        (
            "/inputSchema/properties",
            "to",
            Value::Null,
            Tighter,
            "takes no parameter `to` any more",
        ),
        (
            format,
            "enum",
            json!(["text", "html", "raw"]),
            Looser,
            "the choice of `format` has also `raw`",
        ),
        (
            format,
            "enum",
            json!(["text"]),
            Tighter,
            "the choice of `format` has no `html` any more",
        ),
        (
            format,
            "enum",
            Value::Null,
            Looser,
            "the choice of `format` is not limited any more",
        ),
        (
            format,
            "maxLength",
            json!(99),
            Looser,
            "the limit `maxLength` of `format` is 99 instead of 10",
        ),
        (
            format,
            "maxLength",
            Value::Null,
            Looser,
            "the limit `maxLength` of `format` was lifted",
        ),
        (
            format,
            "pattern",
            json!("^a"),
            Tighter,
            "there is a limit `pattern` of `format`: \"^a\"",
        ),
        (
            format,
            "type",
            json!(["string", "null"]),
            Other,
            "the type of `format` is string or null instead of string",
        ),
        (
            format,
            "default",
            json!("html"),
            Other,
            "where nothing is said, `format` is \"html\"",
        ),
        (
            "/annotations",
            "readOnlyHint",
            json!(true),
            Other,
            "claims that it only reads",
        ),
        (
            "/annotations",
            "readOnlyHint",
            Value::Null,
            Other,
            "says no longer whether it only reads",
        ),
    ] {
        let found = of(mail(), mail_with(pointer, key, value.clone()));
        let [
            Change {
                what: What::Changed { fields, .. },
                ..
            },
        ] = found.changes()
        else {
            panic!("{pointer}/{key}: {found:?}");
        };
        let meaning = fields[0].meaning.as_ref().expect(sentence);
        assert_eq!((meaning.sentence.as_str(), meaning.turn), (sentence, turn));
    }
}

#[test]
fn a_tool_that_comes_or_goes_is_a_capability() {
    let other = json!({"name": "read_mail"});
    let more = drift(&surface(&[mail()]), &surface(&[mail(), other.clone()]));
    assert!(matches!(
        more.changes(),
        [Change {
            what: What::Added(_),
            grade: Grade::Capability,
            ..
        }]
    ));
    let less = drift(&surface(&[mail(), other]), &surface(&[mail()]));
    assert!(matches!(
        less.changes(),
        [Change {
            what: What::Removed(_),
            grade: Grade::Capability,
            ..
        }]
    ));
    let hides = json!({"name": "read\u{200b}mail"});
    let hidden = drift(&surface(&[]), &surface(&[hides]));
    assert_eq!(hidden.grade(), Some(Grade::Hidden));
}

#[test]
fn a_tool_by_another_name_is_the_same_tool() {
    let renamed = of(mail(), mail_with("", "name", json!("mail_send")));
    let [
        Change {
            what: What::Changed { renamed_from, .. },
            name,
            grade,
            ..
        },
    ] = renamed.changes()
    else {
        panic!("{renamed:?}");
    };
    assert_eq!(
        (renamed_from.as_deref(), name.as_str()),
        (Some("send_mail"), "mail_send")
    );
    assert_eq!(*grade, Grade::Capability);

    let mut also_reworded = mail_with("", "name", json!("mail_send"));
    also_reworded["description"] = json!("Sends a mail to one of your friends.");
    let renamed = of(mail(), also_reworded);
    assert!(matches!(
        renamed.changes(),
        [Change {
            what: What::Changed {
                renamed_from: Some(_),
                ..
            },
            ..
        }]
    ));

    let mut another = mail_with("", "name", json!("delete_mail"));
    another["description"] = json!("Deletes every mail for good.");
    assert_eq!(of(mail(), another).changes().len(), 2);
}

#[test]
fn documents_come_and_go_and_their_text_counts() {
    let with = |items: &[Value]| {
        let mut builder = Builder::new();
        let page = json!({ "resources": items }).to_string();
        builder.page(ItemKind::Resource, &page).expect("is a list");
        builder.finish()
    };
    let one = json!({"uri": "file:///a", "name": "a"});
    assert_eq!(
        drift(&with(&[]), &with(std::slice::from_ref(&one))).grade(),
        None
    );
    let said = json!({"uri": "file:///a", "name": "a", "description": "Read me first."});
    assert_eq!(
        drift(&with(&[one]), &with(&[said])).grade(),
        Some(Grade::Wording)
    );
}

#[test]
fn what_matters_most_comes_first() {
    let before = surface(&[
        mail(),
        json!({"name": "a", "description": "Old words here."}),
    ]);
    let after = surface(&[
        json!({"name": "a", "description": "Other words here."}),
        mail_with(
            "/inputSchema/properties/to",
            "description",
            json!("Who.\u{200b}"),
        ),
        json!({"name": "z"}),
    ]);
    let grades: Vec<Grade> = drift(&before, &after)
        .changes()
        .iter()
        .map(|one| one.grade)
        .collect();
    assert_eq!(grades, [Grade::Hidden, Grade::Capability, Grade::Wording]);
}

proptest! {
    #[test]
    fn drift_and_digest_agree(
        before in proptest::collection::vec(("[ab]", "[xy]{0,2}"), 0..5),
        after in proptest::collection::vec(("[ab]", "[xy]{0,2}"), 0..5),
    ) {
        let tools = |tools: &[(String, String)]| {
            let tools: Vec<Value> = tools
                .iter()
                .map(|(name, text)| json!({"name": name, "description": text}))
                .collect();
            surface(&tools)
        };
        let (before, after) = (tools(&before), tools(&after));
        let is_same = before.digest() == after.digest();
        prop_assert_eq!(drift(&before, &after).grade().is_none(), is_same);
    }
}
