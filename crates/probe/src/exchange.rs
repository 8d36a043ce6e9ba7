use std::{collections::HashSet, sync::Arc, time::Duration};

use reqwest::{
    Method, Response, StatusCode,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use tokio::{sync::mpsc, time};
use url::Url;

use crate::{
    Failure, Id, MESSAGE_BYTES_MAX, Message, MessageError, Part, Timing,
    http::Http,
    sse::{Decoder, EventKind},
    stream::{BodyKind, ERROR_BYTES_MAX, Events, Turns, body, body_kind},
};

pub(crate) const SESSION_ID: HeaderName = HeaderName::from_static("mcp-session-id");
pub(crate) const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// Attempts in a row to open a stream again that bring nothing.
pub(crate) const RESUMES_MAX: u32 = 10;

/// Bytes of a session's id.
const SESSION_BYTES_MAX: usize = 1024;

/// What an exchange with the server brings. Each comes with the exchange's number.
#[derive(Debug)]
pub(crate) enum Event {
    /// The server began a session.
    Session(HeaderValue),
    /// A message.
    Message(Message),
    /// Something that is no message.
    NoMessage(MessageError),
    /// An old server named the address that messages go to.
    Endpoint(Url),
    /// Nothing more comes.
    Ended(Result<(), Box<Ending>>),
}

/// How an exchange failed.
#[derive(Debug)]
pub(crate) struct Ending {
    pub(crate) failure: Failure,
    /// The error that the server put into the answer, without the id of a request.
    pub(crate) error: Option<Message>,
}

impl From<Failure> for Box<Ending> {
    fn from(failure: Failure) -> Self {
        Box::new(Ending {
            failure,
            error: None,
        })
    }
}

/// Where what an exchange brings goes to. It waits while nobody takes it, and the server with it.
#[derive(Clone, Debug)]
pub(crate) struct Outlet {
    pub(crate) number: u64,
    pub(crate) sender: mpsc::Sender<(u64, Event)>,
}

impl Outlet {
    pub(crate) async fn put(&self, event: Event) {
        // Without a receiver the connection is closed, and this task is about to be ended.
        let _ = self.sender.send((self.number, event)).await;
    }
}

/// What every exchange needs.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) http: Arc<Http>,
    pub(crate) timing: Timing,
    pub(crate) turns: Turns,
}

/// One message to the server, and what answers it.
#[derive(Debug)]
pub(crate) struct Exchange {
    pub(crate) line: Line,
    pub(crate) outlet: Outlet,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    /// The requests in the message that are not answered.
    pub(crate) awaited: HashSet<Id>,
    /// The stream that answers may be opened again after its last event.
    pub(crate) is_resumable: bool,
    /// How long the server may take to begin with its answer.
    pub(crate) limit: Option<Duration>,
}

impl Exchange {
    /// Sends the message and puts out what comes, to the end.
    pub(crate) async fn run(mut self) {
        let outcome = self.speak().await;
        self.outlet.put(Event::Ended(outcome)).await;
    }

    async fn speak(&mut self) -> Result<(), Box<Ending>> {
        let text = std::mem::take(&mut self.text);
        let http = Arc::clone(&self.line.http);
        let sending = http.send(Method::POST, &self.url, &self.headers, Some(text));
        let answer = match self.limit {
            None => sending.await?,
            Some(limit) => {
                let origin = http.target.origin();
                let limited = time::timeout(limit, sending).await;
                limited.map_err(|_| Failure::TimedOut { origin })??
            }
        };
        if !answer.status().is_success() {
            return self.refused(answer).await;
        }
        if let Some(id) = session_id(answer.headers()) {
            self.outlet.put(Event::Session(id)).await;
        }
        if self.awaited.is_empty() {
            return Ok(());
        }
        match body_kind(&answer) {
            BodyKind::Json => self.read_json(answer).await,
            BodyKind::Events => self.read_events(answer).await,
            BodyKind::Other if answer.content_length() == Some(0) => Err(self.no_answer().into()),
            BodyKind::Other => Err(self.not_mcp().into()),
        }
    }

    /// Hands on an error of the protocol; everything else becomes a failure.
    async fn refused(&mut self, answer: Response) -> Result<(), Box<Ending>> {
        let status = answer.status();
        let message = match body_kind(&answer) {
            BodyKind::Json => {
                let read = body(&self.line.http, answer, ERROR_BYTES_MAX, &self.line.turns).await;
                read.ok().and_then(|(bytes, _)| Message::read(bytes).ok())
            }
            BodyKind::Events | BodyKind::Other => None,
        };
        let is_lost = status == StatusCode::NOT_FOUND && self.headers.contains_key(SESSION_ID);
        let failure = if is_lost {
            Failure::SessionEnded {
                origin: self.line.http.target.origin(),
            }
        } else {
            Failure::Status {
                origin: self.line.http.target.origin(),
                status: status.as_u16(),
            }
        };
        match message {
            Some(message) if self.answers(&message) => {
                self.outlet.put(Event::Message(message)).await;
                Ok(())
            }
            error => Err(Box::new(Ending { failure, error })),
        }
    }

    async fn read_json(&mut self, answer: Response) -> Result<(), Box<Ending>> {
        let Line { http, turns, .. } = &self.line;
        let (bytes, _turn) = body(http, answer, MESSAGE_BYTES_MAX, turns).await?;
        let message = Message::read(bytes).map_err(|_| self.not_mcp())?;
        self.outlet.put(Event::Message(message)).await;
        Ok(())
    }

    /// Reads the stream that answers. Where it breaks off it is opened again after its last event.
    async fn read_events(&mut self, answer: Response) -> Result<(), Box<Ending>> {
        let mut decoder = Decoder::default();
        let mut outcome = self.read_stream(answer, &mut decoder).await;
        let mut attempts = 0;
        let mut ids = 0;
        while !self.awaited.is_empty() {
            let failure = outcome.err().unwrap_or_else(|| self.no_answer());
            attempts = if decoder.ids > ids { 1 } else { attempts + 1 };
            ids = decoder.ids;
            let last = decoder.last_id.clone().filter(|_| self.is_resumable);
            let Some(last) = last.filter(|_| attempts <= RESUMES_MAX && is_passing(&failure))
            else {
                return Err(failure.into());
            };
            time::sleep(pause(&self.line.timing, &decoder, attempts)).await;
            outcome = self.resume(last, &mut decoder).await;
        }
        Ok(())
    }

    async fn resume(&mut self, last: HeaderValue, decoder: &mut Decoder) -> Result<(), Failure> {
        decoder.restart();
        let mut headers = self.headers.clone();
        headers.insert(LAST_EVENT_ID, last);
        let http = Arc::clone(&self.line.http);
        let answer = open_stream(&http, &self.url, headers).await?;
        self.read_stream(answer, decoder).await
    }

    /// Reads one answer to its end, or until every request is answered and little more comes.
    async fn read_stream(
        &mut self,
        answer: Response,
        decoder: &mut Decoder,
    ) -> Result<(), Failure> {
        let line = self.line.clone();
        let mut events = Events::new(&line.http, answer, &line.turns);
        loop {
            let next = events.next(decoder);
            let event = if self.awaited.is_empty() {
                match time::timeout(line.timing.linger, next).await {
                    Ok(Ok(event)) => event,
                    Ok(Err(_)) | Err(_) => None,
                }
            } else {
                next.await?
            };
            let Some(event) = event else {
                return Ok(());
            };
            if event.kind == EventKind::Message && !event.data.is_empty() {
                let event = match Message::read(event.data) {
                    Ok(message) => {
                        self.answers(&message);
                        Event::Message(message)
                    }
                    Err(error) => Event::NoMessage(error),
                };
                self.outlet.put(event).await;
            }
        }
    }

    /// Notes which requests a message answers. Returns whether it answers one.
    fn answers(&mut self, message: &Message) -> bool {
        let mut answers_one = false;
        for part in message.parts() {
            if let Part::Response { id: Some(id) } = part {
                answers_one |= self.awaited.remove(id);
            }
        }
        answers_one
    }

    fn no_answer(&self) -> Failure {
        Failure::NoAnswer {
            origin: self.line.http.target.origin(),
        }
    }

    fn not_mcp(&self) -> Failure {
        Failure::NotMcp {
            origin: self.line.http.target.origin(),
        }
    }
}

/// Opens a stream of events with a GET.
pub(crate) async fn open_stream(
    http: &Http,
    url: &Url,
    mut headers: HeaderMap,
) -> Result<Response, Failure> {
    headers.remove(reqwest::header::CONTENT_TYPE);
    headers.insert(
        reqwest::header::ACCEPT,
        HeaderValue::from_static("text/event-stream"),
    );
    let origin = http.target.origin();
    let has_session = headers.contains_key(SESSION_ID);
    let answer = http.send(Method::GET, url, &headers, None).await?;
    match answer.status() {
        StatusCode::NOT_FOUND if has_session => Err(Failure::SessionEnded { origin }),
        status if !status.is_success() => Err(Failure::Status {
            origin,
            status: status.as_u16(),
        }),
        _ if body_kind(&answer) != BodyKind::Events => Err(Failure::NotMcp { origin }),
        _ => Ok(answer),
    }
}

/// Returns whether a stream that failed so may come back.
pub(crate) const fn is_passing(failure: &Failure) -> bool {
    matches!(
        failure,
        Failure::Unreachable { .. }
            | Failure::Broken { .. }
            | Failure::TimedOut { .. }
            | Failure::NoAnswer { .. }
    )
}

/// Returns how long to wait before a stream is opened for the `attempts`th time in a row.
pub(crate) fn pause(timing: &Timing, decoder: &Decoder, attempts: u32) -> Duration {
    let asked = decoder.retry_ms.map(Duration::from_millis);
    let first = asked.unwrap_or(timing.retry).max(timing.retry_min);
    let doubled = first.saturating_mul(2_u32.saturating_pow(attempts.saturating_sub(1)));
    // What the server asks for is the least that is waited.
    doubled.min(timing.retry_max.max(first)).min(PAUSE_MAX)
}

/// The longest pause, whatever the server asks for.
const PAUSE_MAX: Duration = Duration::from_secs(60 * 60);

/// Returns the id of a session, if it is one that can be sent back.
fn session_id(headers: &HeaderMap) -> Option<HeaderValue> {
    let id = headers.get(SESSION_ID)?;
    let is_visible = id.as_bytes().iter().all(u8::is_ascii_graphic);
    let is_id = !id.is_empty() && id.len() <= SESSION_BYTES_MAX && is_visible;
    is_id.then(|| {
        let mut id = id.clone();
        id.set_sensitive(true);
        id
    })
}
