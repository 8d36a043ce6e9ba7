use countersign_surface::{Fault, ItemKind};

use super::{Era, Listed, Listing, Note, PAGES_MAX, REQUESTS_MAX};
use crate::Message;

fn take(listing: &mut Listing, text: &str) {
    listing.take(&Message::read(text.as_bytes().to_vec()).expect("it is a message"));
}

/// Answers the last request.
fn answer(listing: &mut Listing, result: &str) {
    let id = listing.progress();
    while listing.outgoing().is_some() {}
    take(
        listing,
        &format!(r#"{{"jsonrpc":"2.0","id":{id},"result":{result}}}"#),
    );
}

fn refuse(listing: &mut Listing, code: i64) {
    let id = listing.progress();
    while listing.outgoing().is_some() {}
    let error = format!(r#"{{"code":{code},"message":"no"}}"#);
    take(
        listing,
        &format!(r#"{{"jsonrpc":"2.0","id":{id},"error":{error}}}"#),
    );
}

fn finish(listing: Listing) -> Listed {
    assert!(listing.is_done());
    listing.finish().expect("it greeted")
}

const DISCOVERED: &str = r#"{"supportedVersions":["2026-07-28"],"capabilities":{"tools":{}},"ttlMs":9,"instructions":"Be kind.","_meta":{"io.modelcontextprotocol/serverInfo":{"name":"a"}}}"#;
const GREETED: &str = r#"{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"instructions":"Be kind.","serverInfo":{"name":"a"}}"#;

fn stateless() -> Listing {
    let mut listing = Listing::new();
    answer(&mut listing, DISCOVERED);
    listing
}

#[test]
fn both_eras_give_one_digest() {
    let tools = r#"{"tools":[{"name":"b","new":1},{"name":"a"}],"ttlMs":7}"#;
    let mut one = stateless();
    answer(&mut one, tools);
    let one = finish(one);
    assert_eq!(one.greeting.era, Era::Stateless);
    assert_eq!(one.greeting.ttl_ms, Some(7));

    let mut other = Listing::new();
    refuse(&mut other, -32601);
    answer(&mut other, GREETED);
    answer(&mut other, tools);
    let other = finish(other);
    assert_eq!(other.greeting.era, Era::Handshake);
    assert_eq!(one.surface.digest(), other.surface.digest());
    assert_eq!(one.greeting.server_info, other.greeting.server_info);
    assert!(one.surface.is_complete() && other.surface.is_complete());
}

#[test]
fn falls_back_on_any_error_and_on_silence() {
    for code in [-32601, -32602, -32600, -32000, 0, 404, -32022] {
        let mut listing = Listing::new();
        refuse(&mut listing, code);
        let sent = listing.outgoing().expect("it asks again");
        assert!(sent.contains(r#""method":"initialize""#), "{sent}");
    }
    let broken = [
        "{}",
        "[]",
        "1",
        r#"{"supportedVersions":["2025-11-25"],"capabilities":{}}"#,
        r#"{"supportedVersions":["2026-07-28"],"capabilities":{},"capabilities":{}}"#,
    ];
    for result in broken {
        let mut listing = Listing::new();
        answer(&mut listing, result);
        let sent = listing.outgoing().expect("it asks again");
        assert!(sent.contains("initialize"), "{result}");
    }
    let mut listing = Listing::new();
    listing.silent("no answer came in time");
    // The late answer is none.
    take(
        &mut listing,
        &format!(r#"{{"jsonrpc":"2.0","id":1,"result":{DISCOVERED}}}"#),
    );
    answer(&mut listing, GREETED);
    answer(&mut listing, r#"{"tools":[]}"#);
    let listed = finish(listing);
    assert_eq!(listed.greeting.era, Era::Handshake);
    assert!(listed.notes.contains(&Note::StrayAnswer));
    assert!(matches!(&listed.notes[0], Note::FellBack(_)));
}

#[test]
fn asks_for_what_is_declared_page_by_page() {
    let mut listing = Listing::new();
    let all = DISCOVERED.replace(r#""tools":{}"#, r#""tools":{},"prompts":{},"resources":{}"#);
    answer(&mut listing, &all);
    let mut asked = Vec::new();
    while let Some(sent) = listing.outgoing() {
        let sent: serde_json::Value = serde_json::from_str(&sent).expect("it is JSON");
        let parameters = &sent["params"];
        assert!(parameters["_meta"]["io.modelcontextprotocol/protocolVersion"].is_string());
        let method = sent["method"].as_str().expect("it is a request").to_owned();
        let cursor = parameters["cursor"].as_str().unwrap_or("").to_owned();
        let result = match method.as_str() {
            "tools/list" if cursor.is_empty() => r#"{"tools":[{"name":"a"}],"nextCursor":"\"2"}"#,
            "tools/list" => r#"{"tools":[{"name":"b"}]}"#,
            "prompts/list" => r#"{"prompts":[{"name":"p"}]}"#,
            "resources/list" => r#"{"resources":[{"uri":"u"}]}"#,
            _ => r#"{"resourceTemplates":[{"uriTemplate":"t"}]}"#,
        };
        asked.push((method, cursor));
        answer(&mut listing, result);
    }
    let expect = [
        ("tools/list", ""),
        ("tools/list", "\"2"),
        ("prompts/list", ""),
        ("resources/templates/list", ""),
        ("resources/list", ""),
    ];
    assert_eq!(
        asked,
        expect.map(|(one, other)| (one.to_owned(), other.to_owned()))
    );
    let listed = finish(listing);
    assert!(listed.surface.is_complete());
    assert_eq!(listed.surface.items().len(), 6);
}

#[test]
fn a_list_without_an_end_ends() {
    let fault = Fault::TooManyPages {
        kind: ItemKind::Tool,
    };
    let mut listing = stateless();
    for page in 0..PAGES_MAX {
        assert!(!listing.is_done());
        answer(
            &mut listing,
            &format!(r#"{{"tools":[],"nextCursor":"{page}"}}"#),
        );
    }
    assert_eq!(
        finish(listing).surface.faults(),
        std::slice::from_ref(&fault)
    );

    let mut listing = stateless();
    for _ in 0..2 {
        answer(
            &mut listing,
            r#"{"tools":[{"name":"a"}],"nextCursor":"same"}"#,
        );
    }
    assert_eq!(finish(listing).surface.faults(), [fault]);
}

#[test]
fn what_is_not_declared_is_not_missed() {
    let mut listing = Listing::new();
    let none = DISCOVERED.replace(r#""tools":{}"#, "");
    answer(&mut listing, &none);
    refuse(&mut listing, -32601);
    assert!(finish(listing).surface.is_complete());

    // What is declared is, and so is what comes although it is not.
    let mut listing = stateless();
    refuse(&mut listing, -32601);
    let listed = finish(listing);
    assert!(
        matches!(listed.surface.faults(), [Fault::NotListed { kind: ItemKind::Tool, why }] if why.contains("-32601"))
    );
    let mut listing = Listing::new();
    answer(&mut listing, &none);
    answer(&mut listing, r#"{"tools":[{"name":"hidden"}]}"#);
    assert_eq!(finish(listing).surface.tools().count(), 1);
    let mut listing = Listing::new();
    answer(&mut listing, &none);
    listing.ended("it ended first");
    assert!(!finish(listing).surface.is_complete());
}

#[test]
fn nothing_is_given_to_a_server_that_asks() {
    let mut listing = stateless();
    while listing.outgoing().is_some() {}
    for number in 0..REQUESTS_MAX * 2 {
        let method = ["sampling/createMessage", "roots/list", "elicitation/create"][number % 3];
        take(
            &mut listing,
            &format!(r#"{{"jsonrpc":"2.0","id":"x{number}","method":"{method}"}}"#),
        );
    }
    let answers: Vec<String> = std::iter::from_fn(|| listing.outgoing()).collect();
    assert_eq!(answers.len(), REQUESTS_MAX);
    assert!(
        answers
            .iter()
            .all(|answer| answer.contains(r#""error":{"code":-32601"#))
    );
    take(
        &mut listing,
        r#"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#,
    );
    answer(&mut listing, r#"{"tools":[]}"#);
    let notes = finish(listing).notes;
    assert_eq!(
        notes
            .iter()
            .filter(|note| matches!(note, Note::Asked(_)))
            .count(),
        3
    );
    assert!(
        notes
            .iter()
            .any(|note| matches!(note, Note::ListChanged(_)))
    );
}

#[test]
fn a_list_that_readers_read_differently_is_refused() {
    for result in [
        r#"{"tools":[{"name":"a","name":"b"}]}"#,
        r#"{"tools":{}}"#,
        r#"{"resultType":"input_required","tools":[]}"#,
        "null",
    ] {
        let mut listing = stateless();
        answer(&mut listing, result);
        let listed = finish(listing);
        assert_eq!(listed.surface.faults().len(), 1, "{result}");
        assert_eq!(listed.surface.tools().count(), 0);
    }
}

#[test]
fn who_does_not_greet_is_not_listed() {
    let mut listing = Listing::new();
    refuse(&mut listing, -32601);
    refuse(&mut listing, -32600);
    assert!(listing.is_done());
    assert!(
        listing
            .finish()
            .expect_err("it did not greet")
            .contains("-32600")
    );
    let mut listing = Listing::new();
    listing.ended("it ended first");
    assert_eq!(
        listing.finish().expect_err("it did not greet"),
        "it ended first"
    );
}
