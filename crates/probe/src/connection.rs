use std::{
    collections::{HashMap, VecDeque},
    fmt,
    sync::Arc,
};

use reqwest::{
    Method,
    header::{HeaderMap, HeaderValue},
};
use tokio::{
    sync::mpsc,
    task::{AbortHandle, JoinSet},
    time,
};
use url::Url;

use crate::{
    Failure, Id, Message, MessageError, Target, Timing,
    annotation::Annotations,
    error_response,
    exchange::{Event, Line, Outlet},
    http::Http,
    session::Session,
    stream::Turns,
};

/// The code of the errors that answer a request in the server's place.
pub const FAILED: i64 = -32000;

/// Messages of the server that wait to be taken; further ones wait at the server.
const EVENTS_MAX: usize = 2;

/// How a server wants to be spoken with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// Streamable HTTP, and the old transport where the server refuses `initialize` as old ones do.
    Any,
    /// Streamable HTTP, of revisions from 2025-03-26 on.
    Http,
    /// The old transport: a stream, and a second address for messages, as in revision 2024-11-05.
    Sse,
}

/// What a connection brings.
#[derive(Debug)]
pub enum Output {
    /// A message for the client, in one line.
    Message(String),
    /// Something for the user. Requests that it concerns are answered by a message of their own.
    Failure(Failure),
    /// Something of the server's that does not reach the client.
    LeftOut(LeftOut),
}

/// What is not handed to the client, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// A tool whose definition the specification calls invalid, by name.
    Tool(String),
    /// A response that answers no request of the client.
    Response,
    /// A request to the client, in a revision that allows none.
    Request,
    /// Something that is no message.
    NoMessage(MessageError),
}

/// A connection to one server: takes the client's messages and brings the server's.
///
/// Messages are handed on as they are spelled. The connection keeps session and revision, adds the
/// headers that belong to them, and answers requests that the server does not answer with an error.
pub struct Connection {
    pub(crate) line: Line,
    pub(crate) wire: Wire,
    /// Which transport the server speaks has to be found out.
    pub(crate) is_any: bool,
    pub(crate) session: Session,
    /// The id of a session whose answer to `initialize` is still being read.
    pub(crate) begun: Option<HeaderValue>,
    /// The revision that the client named last, in revisions without a handshake.
    pub(crate) declared: Option<HeaderValue>,
    pub(crate) pending: HashMap<Id, Pending>,
    /// Exchanges that are under way, by number. What others bring is not looked at.
    pub(crate) live: HashMap<u64, Live>,
    /// The exchange that has to end before the next message is sent.
    pub(crate) gate: Option<u64>,
    pub(crate) annotations: Annotations,
    /// Tools whose definition the specification calls invalid are handed on as well.
    pub(crate) takes_all: bool,
    pub(crate) outputs: VecDeque<Output>,
    tasks: JoinSet<()>,
    exchanges: u64,
    sender: mpsc::Sender<(u64, Event)>,
    receiver: mpsc::Receiver<(u64, Event)>,
}

/// How the server is spoken with.
#[derive(Debug)]
pub(crate) enum Wire {
    /// Streamable HTTP, as far as is known. An `initialize` that is under way is kept.
    Undecided(Option<Message>),
    /// Streamable HTTP.
    Http,
    /// The old transport, without its stream.
    OldClosed,
    /// The old transport. Its stream is being opened, and a message waits for it.
    OldOpening(Message),
    /// The old transport. Messages go to this address.
    OldOpen(Url),
}

/// A request that waits for its answer.
#[derive(Debug)]
pub(crate) struct Pending {
    /// The exchange that carries it.
    pub(crate) number: u64,
    pub(crate) method: String,
    pub(crate) bytes: usize,
}

/// An exchange that is under way.
#[derive(Debug)]
pub(crate) struct Live {
    pub(crate) role: Role,
    /// It belongs to a revision without a handshake.
    pub(crate) is_modern: bool,
    handle: AbortHandle,
}

/// What an exchange is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Requests, which wait in `pending`.
    Requests,
    /// The beginning of a session.
    Initialize,
    /// The end of the handshake.
    Initialized,
    /// The end of a request that is not wanted any more.
    Cancel(Id),
    /// Any other notification, or an answer to the server.
    Notice,
    /// What the server sends unasked.
    Listener,
    /// All that a server of the old transport sends.
    OldStream,
}

impl Connection {
    /// Prepares a connection. Nothing is sent before the first message.
    ///
    /// # Errors
    /// [`Failure`] where this machine's certificates or proxy settings cannot be used.
    pub fn new(target: Target, transport: Transport, timing: Timing) -> Result<Self, Failure> {
        let (sender, receiver) = mpsc::channel(EVENTS_MAX);
        Ok(Self {
            line: Line {
                http: Arc::new(Http::new(target, &timing)?),
                timing,
                turns: Turns::new(),
            },
            is_any: transport == Transport::Any,
            wire: match transport {
                Transport::Any => Wire::Undecided(None),
                Transport::Http => Wire::Http,
                Transport::Sse => Wire::OldClosed,
            },
            session: Session::default(),
            begun: None,
            declared: None,
            pending: HashMap::new(),
            live: HashMap::new(),
            gate: None,
            annotations: Annotations::default(),
            takes_all: false,
            outputs: VecDeque::new(),
            tasks: JoinSet::new(),
            exchanges: 0,
            sender,
            receiver,
        })
    }

    /// Hands on every tool as the server lists it, for a client that calls none.
    #[must_use]
    pub fn with_all_tools(mut self) -> Self {
        self.takes_all = true;
        self
    }

    /// Returns whether the next message may be sent: the handshake and notifications keep their order.
    pub fn is_ready(&self) -> bool {
        self.gate.is_none()
    }

    /// Returns whether nothing is awaited but what a server sends unasked.
    pub fn is_idle(&self) -> bool {
        let is_waiting = |live: &Live| match live.role {
            Role::Requests | Role::Listener | Role::OldStream => false,
            Role::Initialize | Role::Initialized | Role::Cancel(_) | Role::Notice => true,
        };
        let is_subscription = |pending: &Pending| pending.method == "subscriptions/listen";
        self.outputs.is_empty()
            && self.pending.values().all(is_subscription)
            && !self.live.values().any(is_waiting)
    }

    /// Waits until something has happened: there may be an [`Connection::output`], and what
    /// [`Connection::is_ready`] and [`Connection::is_idle`] say may have changed. It waits for ever where
    /// nothing happens, and nothing is lost where the future is dropped.
    ///
    /// While nobody waits, the server waits with what it sends.
    pub async fn step(&mut self) {
        while self.tasks.try_join_next().is_some() {}
        // The connection itself holds a sender, so the channel never ends.
        if let Some((number, event)) = self.receiver.recv().await {
            self.take(number, event);
        }
    }

    /// Returns the next thing that the connection has brought.
    pub fn output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// Ends everything that is under way, tells the server that the session is over, and returns what is
    /// left for the client: requests without an answer get an error.
    pub async fn close(mut self) -> Vec<Output> {
        self.tasks.shutdown().await;
        let ids: Vec<Id> = self.pending.keys().cloned().collect();
        self.fail(&ids, &Failure::InputEnded);
        let has_session = matches!(self.session, Session::Open { id: Some(_), .. });
        if has_session && matches!(self.wire, Wire::Undecided(_) | Wire::Http) {
            let mut headers = HeaderMap::new();
            self.session.add_to(&mut headers);
            let url = &self.line.http.target.url;
            let goodbye = self.line.http.send(Method::DELETE, url, &headers, None);
            // A server may refuse this, and nobody is left to be told.
            let _ = time::timeout(self.line.timing.goodbye, goodbye).await;
        }
        self.outputs.into()
    }

    /// Begins an exchange, under the number that `task` is given.
    pub(crate) fn begin<F>(
        &mut self,
        role: Role,
        is_modern: bool,
        task: impl FnOnce(Outlet) -> F,
    ) -> u64
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.exchanges += 1;
        let number = self.exchanges;
        let sender = self.sender.clone();
        let handle = self.tasks.spawn(task(Outlet { number, sender }));
        let live = Live {
            role,
            is_modern,
            handle,
        };
        self.live.insert(number, live);
        number
    }

    /// Ends an exchange. What it has brought and nobody has taken is not looked at.
    pub(crate) fn end(&mut self, number: u64) {
        if let Some(live) = self.live.remove(&number) {
            live.handle.abort();
        }
        self.gate = self.gate.filter(|gate| *gate != number);
    }

    /// Answers requests with an error in the server's place.
    pub(crate) fn fail(&mut self, ids: &[Id], failure: &Failure) {
        let message = format!("countersign-bridge failed to {failure}");
        for id in ids {
            self.pending.remove(id);
            let answer = error_response(Some(id), FAILED, &message);
            self.outputs.push_back(Output::Message(answer));
        }
    }

    /// Returns the origin of the server.
    pub(crate) fn origin(&self) -> String {
        self.line.http.target.origin()
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("target", &self.line.http.target)
            .field("pending", &self.pending.len())
            .finish_non_exhaustive()
    }
}

impl fmt::Display for LeftOut {
    /// Writes a sentence without its period. Names are the server's: show them as untrusted.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LeftOut::Tool(name) => write!(
                f,
                "the tool `{name}` is left out, because it asks for headers in a way that the protocol forbids"
            ),
            LeftOut::Response => {
                f.write_str("a response is left out, because it answers no request that waits")
            }
            LeftOut::Request => f.write_str(
                "a request of the server is left out, because this revision of the protocol has none",
            ),
            LeftOut::NoMessage(error) => {
                write!(f, "something of the server's is left out: {error}")
            }
        }
    }
}
