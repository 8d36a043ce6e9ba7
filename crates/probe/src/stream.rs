use std::sync::Arc;

use reqwest::{Response, header::CONTENT_TYPE};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{
    Failure, MESSAGE_BYTES_MAX,
    http::Http,
    sse::{Decoder, Event},
};

/// Bytes of a message that any answer may keep while it is incomplete; longer ones take turns.
const SMALL_BYTES: usize = 64 * 1024;

/// Answers that may keep a long message at a time. With the bytes of each this bounds what a server can
/// make the bridge hold, however many requests wait.
const LARGE_MAX: usize = 4;

/// Bytes of the body of an error that are looked at.
pub(crate) const ERROR_BYTES_MAX: usize = 64 * 1024;

/// The turns of long messages.
#[derive(Clone, Debug)]
pub(crate) struct Turns(Arc<Semaphore>);

impl Turns {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Semaphore::new(LARGE_MAX)))
    }

    async fn take(&self) -> Option<OwnedSemaphorePermit> {
        // The semaphore is never closed.
        Arc::clone(&self.0).acquire_owned().await.ok()
    }
}

/// Whether an answer is one JSON value, a stream of events, or neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyKind {
    Json,
    Events,
    Other,
}

pub(crate) fn body_kind(answer: &Response) -> BodyKind {
    let kind = answer.headers().get(CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if kind.eq_ignore_ascii_case("application/json") {
        BodyKind::Json
    } else if kind.eq_ignore_ascii_case("text/event-stream") {
        BodyKind::Events
    } else {
        BodyKind::Other
    }
}

/// Reads a whole body of at most `bytes_max` bytes. The turn is kept as long as the body is.
pub(crate) async fn body(
    http: &Http,
    mut answer: Response,
    bytes_max: usize,
    turns: &Turns,
) -> Result<(Vec<u8>, Option<OwnedSemaphorePermit>), Failure> {
    let mut bytes = Vec::new();
    let mut turn = None;
    while let Some(chunk) = answer.chunk().await.map_err(|error| http.failure(&error))? {
        if bytes.len() + chunk.len() > bytes_max {
            let origin = http.target.origin();
            return Err(Failure::TooLarge { origin });
        }
        if turn.is_none() && bytes.len() + chunk.len() > SMALL_BYTES {
            turn = turns.take().await;
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok((bytes, turn))
}

/// The events of an answer, one after the other.
pub(crate) struct Events<'a> {
    http: &'a Http,
    answer: Response,
    /// What has come in, and how much of it is taken.
    chunk: Vec<u8>,
    taken: usize,
    turns: &'a Turns,
    turn: Option<OwnedSemaphorePermit>,
}

impl<'a> Events<'a> {
    pub(crate) fn new(http: &'a Http, answer: Response, turns: &'a Turns) -> Self {
        Self {
            http,
            answer,
            chunk: Vec::new(),
            taken: 0,
            turns,
            turn: None,
        }
    }

    /// Returns the next event; `None` where the answer has ended. `decoder` keeps what a resumed
    /// stream begins after.
    pub(crate) async fn next(&mut self, decoder: &mut Decoder) -> Result<Option<Event>, Failure> {
        self.turn = None;
        loop {
            let (event, taken) = decoder.take(&self.chunk[self.taken..]).map_err(|_| {
                let origin = self.http.target.origin();
                Failure::TooLarge { origin }
            })?;
            self.taken += taken;
            if event.is_some() {
                return Ok(event);
            }
            if self.turn.is_none() && decoder.waiting() > SMALL_BYTES {
                self.turn = self.turns.take().await;
            }
            let chunk = self.answer.chunk().await;
            match chunk.map_err(|error| self.http.failure(&error))? {
                Some(chunk) => (self.chunk, self.taken) = (chunk.into(), 0),
                None => return Ok(None),
            }
        }
    }
}

const _: () = assert!(ERROR_BYTES_MAX <= MESSAGE_BYTES_MAX);
