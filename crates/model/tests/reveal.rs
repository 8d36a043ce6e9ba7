//! Hidden characters are shown alike in the terminal and in the window: both are held to one file.

use countersign_model::{Piece, reveal};
use serde_json::{Value, json};

#[test]
fn reveals_what_the_window_reveals() {
    let cases = include_str!("../../../ui/src/text/reveal.cases.json");
    let cases: Vec<Value> = serde_json::from_str(cases).expect("the cases are JSON");
    assert!(!cases.is_empty());
    for case in cases {
        let text = case["text"].as_str().expect("each case has a text");
        let pieces: Vec<Value> = reveal(text).into_iter().map(written).collect();
        assert_eq!(Value::Array(pieces), case["pieces"], "{}", case["name"]);
    }
}

fn written(piece: Piece) -> Value {
    match piece {
        Piece::Text(text) => json!({ "text": text }),
        Piece::Mark(character) => json!({ "mark": format!("U+{:04X}", u32::from(character)) }),
        Piece::Blanks(count) => json!({ "blanks": count }),
    }
}
