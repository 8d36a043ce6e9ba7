use serde::Deserialize;
use serde_json::value::RawValue;

/// Characters of the server's words that are kept.
const WORDS_MAX: usize = 300;

/// Why there is no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    /// In words, which may be the server's.
    pub(super) why: String,
    /// The server itself answered so.
    pub(super) is_answer: bool,
}

impl Refusal {
    /// Reads the error of an answer.
    pub(super) fn read(error: &RawValue) -> Self {
        #[derive(Deserialize)]
        struct RpcError {
            #[serde(default)]
            code: i64,
            #[serde(default)]
            message: String,
        }
        let read: Option<RpcError> = serde_json::from_str(error.get()).ok();
        let why = read.map_or_else(
            || "it answered with an error".to_owned(),
            |RpcError { code, message }| {
                format!("it answered with error {code}: {}", told(&message))
            },
        );
        Self {
            why,
            is_answer: true,
        }
    }

    /// An answer without a result.
    pub(super) fn empty() -> Self {
        Self::silence("its answer has no result")
    }

    /// No answer that can be used.
    pub(super) fn silence(why: &str) -> Self {
        Self {
            why: told(why),
            is_answer: false,
        }
    }
}

/// What a page says beside its items, which are read elsewhere.
pub(super) struct Page {
    pub(super) ttl_ms: Option<u64>,
}

impl Page {
    pub(super) fn read(result: &RawValue) -> Result<Self, Refusal> {
        #[derive(Deserialize)]
        struct Kept {
            #[serde(default, rename = "ttlMs")]
            ttl_ms: Option<serde_json::Value>,
            #[serde(default, rename = "resultType")]
            kind: Option<serde_json::Value>,
        }
        // What cannot be read like this is refused with its reason by who reads the items.
        let read: Option<Kept> = serde_json::from_str(result.get()).ok();
        let Some(Kept { ttl_ms, kind }) = read else {
            return Ok(Self { ttl_ms: None });
        };
        if kind.is_some_and(|kind| kind == "input_required") {
            return Err(Refusal::silence("it wants to be told something first"));
        }
        let ttl_ms = ttl_ms.and_then(|ttl| ttl.as_u64());
        Ok(Self { ttl_ms })
    }
}

/// Returns the beginning of the server's words.
pub(super) fn told(text: &str) -> String {
    text.chars().take(WORDS_MAX).collect()
}
