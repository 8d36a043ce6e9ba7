use reqwest::header::HeaderMap;
use tokio::time;
use url::Url;

use crate::{
    Failure, Message,
    exchange::{Event, LAST_EVENT_ID, Line, Outlet, RESUMES_MAX, is_passing, open_stream, pause},
    sse::{Decoder, EventKind},
    stream::Events,
};

/// Bytes of the address that an old server names.
const ENDPOINT_BYTES_MAX: usize = 8 * 1024;

/// The stream that a server may offer for what it sends unasked, in revisions with a handshake.
#[derive(Debug)]
pub(crate) struct Listener {
    pub(crate) line: Line,
    pub(crate) outlet: Outlet,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
}

impl Listener {
    /// Reads the stream, and opens it again after its last event as long as the server offers it.
    pub(crate) async fn run(self) {
        let mut decoder = Decoder::default();
        let mut attempts = 0;
        let outcome = loop {
            let (outcome, has_brought) = self.read(&mut decoder).await;
            attempts = if has_brought { 1 } else { attempts + 1 };
            match outcome {
                Err(Failure::Status { status: 405, .. }) => break Ok(()),
                Err(failure) if attempts > RESUMES_MAX || !is_worth_another(&failure) => {
                    break Err(failure);
                }
                Ok(()) | Err(_) => {}
            }
            time::sleep(pause(&self.line.timing, &decoder, attempts)).await;
        };
        self.outlet
            .put(Event::Ended(outcome.map_err(Into::into)))
            .await;
    }

    /// Reads one answer to its end. Returns also whether it brought anything.
    async fn read(&self, decoder: &mut Decoder) -> (Result<(), Failure>, bool) {
        decoder.restart();
        let mut headers = self.headers.clone();
        if let Some(last) = decoder.last_id.clone() {
            headers.insert(LAST_EVENT_ID, last);
        }
        let answer = match open_stream(&self.line.http, &self.url, headers).await {
            Ok(answer) => answer,
            Err(failure) => return (Err(failure), false),
        };
        let mut events = Events::new(&self.line.http, answer, &self.line.turns);
        let mut has_brought = false;
        loop {
            match events.next(decoder).await {
                Ok(Some(event)) if event.kind == EventKind::Message && !event.data.is_empty() => {
                    has_brought = true;
                    put(&self.outlet, event.data).await;
                }
                Ok(Some(_)) => {}
                Ok(None) => return (Ok(()), has_brought),
                Err(failure) => return (Err(failure), has_brought),
            }
        }
    }
}

/// Returns whether trying again may help.
const fn is_worth_another(failure: &Failure) -> bool {
    match failure {
        // A server has one such stream for a session, and may not have noticed that the last one broke.
        Failure::Status { status, .. } => *status >= 500 || matches!(*status, 408 | 409 | 429),
        failure => is_passing(failure),
    }
}

/// The stream on which a server of revision 2024-11-05 sends everything. It is the session, too.
#[derive(Debug)]
pub(crate) struct OldStream {
    pub(crate) line: Line,
    pub(crate) outlet: Outlet,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
}

impl OldStream {
    /// Reads the stream to its end.
    pub(crate) async fn run(self) {
        let failure = match self.read().await {
            Ok(()) => Failure::SessionEnded {
                origin: self.line.http.target.origin(),
            },
            Err(failure) => failure,
        };
        self.outlet.put(Event::Ended(Err(failure.into()))).await;
    }

    async fn read(&self) -> Result<(), Failure> {
        let origin = self.line.http.target.origin();
        let mut decoder = Decoder::default();
        let opening = async {
            let http = &self.line.http;
            let answer = open_stream(http, &self.url, self.headers.clone()).await?;
            let mut events = Events::new(http, answer, &self.line.turns);
            while let Some(event) = events.next(&mut decoder).await? {
                if event.kind == EventKind::Endpoint {
                    let endpoint = self.endpoint(&event.data)?;
                    return Ok((events, endpoint));
                }
            }
            let origin = origin.clone();
            Err(Failure::NotMcp { origin })
        };
        let opened = time::timeout(self.line.timing.endpoint, opening).await;
        let (mut events, endpoint) = opened.map_err(|_| Failure::TimedOut { origin })??;
        self.outlet.put(Event::Endpoint(endpoint)).await;
        while let Some(event) = events.next(&mut decoder).await? {
            if event.kind == EventKind::Message && !event.data.is_empty() {
                put(&self.outlet, event.data).await;
            }
        }
        Ok(())
    }

    /// Returns where messages go to: an address of the same origin, since credentials go along.
    fn endpoint(&self, named: &[u8]) -> Result<Url, Failure> {
        let target = &self.line.http.target;
        let origin = target.origin();
        let text = std::str::from_utf8(named).ok();
        let text = text.filter(|text| text.len() <= ENDPOINT_BYTES_MAX);
        let Some(url) = text.and_then(|text| self.url.join(text).ok()) else {
            return Err(Failure::NotMcp { origin });
        };
        if target.is_own(&url) {
            return Ok(url);
        }
        let to = target.shown(&url);
        Err(Failure::EndpointElsewhere { origin, to })
    }
}

async fn put(outlet: &Outlet, bytes: Vec<u8>) {
    let event = Message::read(bytes).map_or_else(Event::NoMessage, Event::Message);
    outlet.put(event).await;
}
