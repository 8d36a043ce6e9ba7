//! Answering a client where no server runs.

use std::{
    fmt,
    io::{self, BufRead, Write},
};

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use crate::{
    lines::{self, LINE_BYTES_MAX, Line},
    refusal::Refusal,
};

/// Requests of one batch that are answered, at most.
const BATCH_MAX: usize = 10_000;

/// The code of every answer: JSON-RPC leaves -32000 to -32099 to whoever implements a server, and of
/// these no revision of MCP gives this one a meaning.
const CODE: i32 = -32000;

/// Answers every request with an error until the client closes its end.
///
/// # Errors
/// Where the client's pipes fail.
pub fn all(mut client: impl BufRead, mut out: impl Write, refusal: &Refusal) -> io::Result<()> {
    let error = error(refusal);
    let mut line = Vec::new();
    while lines::next(&mut client, &mut line, LINE_BYTES_MAX)? != Line::End {
        if let Some(answer) = answer(&line, &error) {
            out.write_all(answer.as_bytes())?;
            out.flush()?;
        }
    }
    Ok(())
}

/// Returns the answer to a line, with its end; `None` where the line asks for none.
fn answer(line: &[u8], error: &str) -> Option<String> {
    let one = |id: &RawValue| format!(r#"{{"jsonrpc":"2.0","id":{id},"error":{error}}}"#);
    if line.trim_ascii_start().first() == Some(&b'[') {
        let Batch(ids) = serde_json::from_slice(line).ok()?;
        let answers: Vec<_> = ids.iter().map(|id| one(id)).collect();
        return (!answers.is_empty()).then(|| format!("[{}]\n", answers.join(",")));
    }
    let message: Message<'_> = serde_json::from_slice(line).ok()?;
    message.asks().map(|id| format!("{}\n", one(id)))
}

fn error(refusal: &Refusal) -> String {
    let data = serde_json::json!({ "code": refusal.exit.name(), "exit": refusal.exit.code() });
    let error = serde_json::json!({ "code": CODE, "message": refusal.message(), "data": data });
    error.to_string()
}

/// What of a message says whether it has to be answered. The id is kept as it was written.
#[derive(Deserialize)]
struct Message<'line> {
    #[serde(borrow)]
    id: Option<&'line RawValue>,
    #[serde(borrow)]
    method: Option<&'line RawValue>,
}

impl<'line> Message<'line> {
    /// Returns the id of a request: one that has a method, and a text or a number as its id.
    fn asks(&self) -> Option<&'line RawValue> {
        let starts = |value: &RawValue, with: &[u8]| {
            value
                .get()
                .as_bytes()
                .first()
                .is_some_and(|first| with.contains(first))
        };
        let id = self.id.filter(|id| starts(id, b"\"-0123456789"))?;
        self.method.filter(|method| starts(method, b"\""))?;
        Some(id)
    }
}

/// The ids of the requests of a batch.
struct Batch<'line>(Vec<&'line RawValue>);

impl<'de> Deserialize<'de> for Batch<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Ids)
    }
}

struct Ids;

impl<'de> Visitor<'de> for Ids {
    type Value = Batch<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a batch of messages")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut messages: A) -> Result<Self::Value, A::Error> {
        let mut ids = Vec::new();
        while ids.len() < BATCH_MAX
            && let Some(element) = messages.next_element::<&'de RawValue>()?
        {
            // One that is no message does not spoil the others.
            if let Ok(message) = serde_json::from_str::<Message<'de>>(element.get()) {
                ids.extend(message.asks());
            }
        }
        while messages.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Batch(ids))
    }
}

#[cfg(test)]
mod tests {
    use super::{BATCH_MAX, all, answer};
    use crate::{exit::Exit, refusal::Refusal};

    const ERROR: &str = r#"{"code":-32000}"#;

    fn check(line: &str, expect: &[&str]) {
        let one = |id: &&str| format!(r#"{{"jsonrpc":"2.0","id":{id},"error":{ERROR}}}"#);
        let ids: Vec<_> = expect.iter().map(one).collect();
        let is_batch = line.trim_start().starts_with('[');
        let expect = match ids.as_slice() {
            [] => None,
            [id] if !is_batch => Some(format!("{id}\n")),
            ids => Some(format!("[{}]\n", ids.join(","))),
        };
        assert_eq!(answer(line.as_bytes(), ERROR), expect, "{line}");
    }

    #[test]
    fn answers_requests_of_both_eras_with_their_ids_as_written() {
        check(
            r#"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{}}"#,
            &["0"],
        );
        check(
            r#"{"jsonrpc":"2.0","id":"a\u0062","method":"server/discover"}"#,
            &[r#""a\u0062""#],
        );
        check(
            r#" { "method" : "tools/list" , "id" : 123456789012345678901.50 } "#,
            &["123456789012345678901.50"],
        );
        check("{\"id\":-1,\"method\":\"x\",\"more\":[[{}]]}\r", &["-1"]);
    }

    #[test]
    fn leaves_what_is_no_request_unanswered() {
        for line in [
            "",
            "\r",
            "not json",
            "{",
            "null",
            "7",
            r#""text""#,
            r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
            r#"{"jsonrpc":"2.0","id":null,"method":"x"}"#,
            r#"{"jsonrpc":"2.0","id":{},"method":"x"}"#,
            r#"{"jsonrpc":"2.0","id":true,"method":"x"}"#,
            r#"{"jsonrpc":"2.0","id":1,"method":7}"#,
            r#"{"jsonrpc":"2.0","id":1,"result":{}}"#,
            r#"{"jsonrpc":"2.0","id":1,"id":2,"method":"x"}"#,
            r#"{"id":1,"method":"x"} {"id":2,"method":"x"}"#,
            "[]",
            "[7, null, [{\"id\":1,\"method\":\"x\"}]]",
            r#"[{"method":"x"}]"#,
            r#"[{"id":1,"method":"x"}"#,
        ] {
            check(line, &[]);
        }
        assert_eq!(answer(b"{\"id\":\"\xff\",\"method\":\"x\"}", ERROR), None);
    }

    #[test]
    fn answers_each_request_of_a_batch() {
        check(
            r#"[{"id":1,"method":"x"},{"method":"y"},7,{"id":"2","method":"z"},{"id":3,"id":3,"method":"z"}]"#,
            &["1", r#""2""#],
        );
        check(r#" [{"id":1,"method":"x"}]"#, &["1"]);
    }

    #[test]
    fn a_batch_and_its_depth_are_bounded() {
        let request = r#"{"id":1,"method":"x"}"#;
        let many = vec![request; BATCH_MAX + 5].join(",");
        let answered = answer(format!("[{many}]").as_bytes(), ERROR).unwrap();
        assert_eq!(answered.matches("\"id\"").count(), BATCH_MAX);
        for deep in ["[".repeat(1_000_000), "{\"a\":".repeat(1_000_000)] {
            assert_eq!(answer(deep.as_bytes(), ERROR), None);
        }
    }

    #[test]
    fn says_what_happened_until_the_end_of_input() {
        let refusal = Refusal {
            exit: Exit::Missing,
            what: "the \"secret\" is missing".to_owned(),
            advice: "Set it.".to_owned(),
        };
        let input = b"{\"id\":1,\"method\":\"a\"}\nnoise\n{\"id\":2,\"method\":\"b\"}";
        let mut out = Vec::new();
        all(&input[..], &mut out, &refusal).unwrap();
        let lines: Vec<serde_json::Value> = String::from_utf8(out)
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let ids: Vec<_> = lines.iter().map(|line| line["id"].clone()).collect();
        assert_eq!(ids, [1, 2]);
        assert_eq!(
            lines[0]["error"],
            serde_json::json!({
                "code": -32000,
                "message": "Countersign did not start this server: the \"secret\" is missing. Set it.",
                "data": { "code": "secret-missing", "exit": 121 },
            })
        );
    }
}
