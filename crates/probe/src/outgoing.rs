use std::collections::HashSet;

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{
    Connection, Failure, Id, Message, Output,
    connection::{Pending, Role, Wire},
    exchange::Exchange,
    listen::{Listener, OldStream},
    mirror::{PROTOCOL_VERSION, declared_version, mirror},
    session::Session,
};

/// Requests that wait for an answer.
pub const PENDING_MAX: usize = 1000;

/// Bytes of requests that wait for an answer.
const PENDING_BYTES_MAX: usize = 64 * 1024 * 1024;

const ACCEPTED: HeaderValue = HeaderValue::from_static("application/json, text/event-stream");
const JSON: HeaderValue = HeaderValue::from_static("application/json");

#[derive(Deserialize)]
struct Cancelled<'a> {
    #[serde(borrow, rename = "requestId")]
    id: &'a RawValue,
}

impl Connection {
    /// Sends a message of the client. Call it only where [`Connection::is_ready`] says so.
    ///
    /// Whatever becomes of it is brought by [`Connection::output`].
    pub fn send(&mut self, message: Message) {
        let requests: Vec<Id> = message.requests().map(|(id, _)| id.clone()).collect();
        if let Some(failure) = self.refusal(&message, &requests) {
            self.fail_unsent(&requests, failure);
            return;
        }
        let version = declared_version(&message);
        let is_modern = version.is_some() || self.is_modern_notice(&requests);
        self.declared = version.or(self.declared.take());
        if let Some(id) = cancelled(&message) {
            self.cancel(id, message, is_modern);
            return;
        }
        let is_initialize = message
            .request()
            .is_some_and(|(_, method)| method == "initialize");
        match &mut self.wire {
            Wire::OldClosed if is_initialize || matches!(self.session, Session::Absent) => {
                self.open_old_stream(message);
            }
            Wire::OldClosed => self.refuse_without_session(&requests),
            Wire::Undecided(_) | Wire::Http
                if matches!(self.session, Session::Lost) && !is_initialize && !is_modern =>
            {
                self.refuse_without_session(&requests);
            }
            Wire::Undecided(first) => {
                *first = is_initialize.then(|| message.clone());
                self.post(message, is_modern);
            }
            // While the stream of the old transport is being opened, no message is taken.
            Wire::Http | Wire::OldOpening(_) | Wire::OldOpen(_) => self.post(message, is_modern),
        }
    }

    /// Returns why requests of the client cannot wait for an answer.
    fn refusal(&self, message: &Message, requests: &[Id]) -> Option<Failure> {
        if requests.is_empty() {
            return None;
        }
        let distinct: HashSet<&Id> = requests.iter().collect();
        let is_used = requests.iter().any(|id| self.pending.contains_key(id));
        if is_used || distinct.len() < requests.len() {
            return Some(Failure::IdInUse);
        }
        let bytes: usize = self.pending.values().map(|pending| pending.bytes).sum();
        let is_full = self.pending.len() + requests.len() > PENDING_MAX
            || bytes + message.text().len() > PENDING_BYTES_MAX;
        is_full.then_some(Failure::TooMany)
    }

    /// A notification names no revision: it belongs to the last request, unless there is a session.
    fn is_modern_notice(&self, requests: &[Id]) -> bool {
        requests.is_empty() && self.declared.is_some() && matches!(self.session, Session::Absent)
    }

    /// Answers with an error. Another request with the same id goes on waiting.
    fn fail_unsent(&mut self, requests: &[Id], failure: Failure) {
        let waiting: Vec<(Id, Pending)> = requests
            .iter()
            .filter_map(|id| self.pending.remove_entry(id))
            .collect();
        self.fail(requests, &failure);
        self.pending.extend(waiting);
        self.outputs.push_back(Output::Failure(failure));
    }

    fn refuse_without_session(&mut self, requests: &[Id]) {
        let origin = self.origin();
        if !requests.is_empty() {
            self.fail_unsent(requests, Failure::SessionEnded { origin });
        }
    }

    /// Takes note that the client does not want an answer any more.
    ///
    /// Without a handshake, closing the request's stream says so, and nothing else is sent. With one, the
    /// server is told, and the stream is closed after that: some servers would keep it open for ever.
    fn cancel(&mut self, id: Id, message: Message, is_modern: bool) {
        let number = self.pending.get(&id).map(|pending| pending.number);
        let live = number.and_then(|number| self.live.get(&number));
        if live.map_or(is_modern, |live| live.is_modern) {
            self.forget(&id);
        } else if matches!(self.wire, Wire::OldClosed) || matches!(self.session, Session::Lost) {
            // Whatever waited has been answered with an error.
        } else {
            self.post_as(message, Role::Cancel(id), false);
        }
    }

    /// Stops waiting for an answer; the exchange ends with the last request that it carries.
    pub(crate) fn forget(&mut self, id: &Id) {
        let Some(pending) = self.pending.remove(id) else {
            return;
        };
        let number = pending.number;
        if !self.pending.values().any(|other| other.number == number) {
            self.end(number);
        }
    }

    pub(crate) fn post(&mut self, message: Message, is_modern: bool) {
        let role = match (message.request(), message.notification()) {
            (Some((_, "initialize")), _) => Role::Initialize,
            (_, Some("notifications/initialized")) => Role::Initialized,
            _ if message.requests().next().is_some() => Role::Requests,
            _ => Role::Notice,
        };
        self.post_as(message, role, is_modern);
    }

    fn post_as(&mut self, message: Message, role: Role, is_modern: bool) {
        if role == Role::Initialize {
            // A new session begins without the old one's id.
            self.session = Session::Absent;
            self.begun = None;
        }
        let headers = self.headers(&message, is_modern);
        let line = self.line.clone();
        let requests: Vec<(Id, String)> = message
            .requests()
            .map(|(id, method)| (id.clone(), method.to_owned()))
            .collect();
        let (url, awaited) = match &self.wire {
            // The answers come on the stream.
            Wire::OldOpen(endpoint) => (endpoint.clone(), HashSet::new()),
            Wire::Undecided(_) | Wire::Http | Wire::OldClosed | Wire::OldOpening(_) => (
                line.http.target.url.clone(),
                requests.iter().map(|(id, _)| id.clone()).collect(),
            ),
        };
        let is_notice = requests.is_empty();
        let has_order = is_notice || role == Role::Initialize;
        let bytes = message.text().len() / requests.len().max(1);
        let number = self.begin(role, is_modern, |outlet| {
            let exchange = Exchange {
                limit: is_notice.then_some(line.timing.notice),
                line,
                outlet,
                url,
                headers,
                text: message.into_text(),
                awaited,
                is_resumable: !is_modern,
            };
            exchange.run()
        });
        for (id, method) in requests {
            let pending = Pending {
                number,
                method,
                bytes,
            };
            self.pending.insert(id, pending);
        }
        if has_order {
            self.gate = Some(number);
        }
    }

    fn headers(&self, message: &Message, is_modern: bool) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if is_modern {
            if let Some(version) = &self.declared {
                headers.insert(PROTOCOL_VERSION, version.clone());
            }
            mirror(message, &mut headers);
            self.annotations.mirror(message, &mut headers);
        } else {
            self.session.add_to(&mut headers);
        }
        headers.insert(ACCEPT, ACCEPTED);
        headers.insert(CONTENT_TYPE, JSON);
        headers
    }

    /// Listens to what the server sends unasked, as long as the session lasts.
    pub(crate) fn listen(&mut self) {
        let mut headers = HeaderMap::new();
        self.session.add_to(&mut headers);
        let line = self.line.clone();
        self.begin(Role::Listener, false, |outlet| {
            let url = line.http.target.url.clone();
            let listener = Listener {
                line,
                outlet,
                url,
                headers,
            };
            listener.run()
        });
    }

    /// Opens the stream of the old transport. The message waits for the address that it goes to.
    pub(crate) fn open_old_stream(&mut self, message: Message) {
        let line = self.line.clone();
        let number = self.begin(Role::OldStream, false, |outlet| {
            let url = line.http.target.url.clone();
            let headers = HeaderMap::new();
            let stream = OldStream {
                line,
                outlet,
                url,
                headers,
            };
            stream.run()
        });
        self.gate = Some(number);
        self.wire = Wire::OldOpening(message);
    }
}

fn cancelled(message: &Message) -> Option<Id> {
    if message.notification() != Some("notifications/cancelled") {
        return None;
    }
    Id::read(message.params::<Cancelled>()?.id)
}
