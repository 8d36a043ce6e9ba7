//! What is asked of a server to hear what it offers, and what its answers mean. No input, no output, no
//! clock: who calls moves messages and says when the patience is over.

mod answer;
mod greeting;

use std::collections::{HashSet, VecDeque};

use countersign_surface::{Builder, Fault, ItemKind, Surface};
use serde_json::value::RawValue;

use crate::{Message, Part, error_response};
use answer::{Page, Refusal, told};
use greeting::{CLIENT, HANDSHAKE, META, discovered, greeted};
pub use greeting::{Era, Greeting};

/// Pages of one list.
pub const PAGES_MAX: usize = 1000;

/// Requests of the server that are answered, with an error each.
pub const REQUESTS_MAX: usize = 100;

/// Bytes of a cursor.
const CURSOR_BYTES_MAX: usize = 64 * 1024;

/// Things that are noted.
const NOTES_MAX: usize = 100;

/// The code by which a method is said not to be there.
const NO_METHOD: i64 = -32601;

/// Something that was seen while a server was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// The server does not know `server/discover`, or not in time, and was asked the older way.
    FellBack(String),
    /// The server said that a list has changed while it was being read. The method is the server's.
    ListChanged(String),
    /// The server asked for something, and got an error. The method is the server's.
    Asked(String),
    /// Lines of its output that are no messages.
    StrayLines(usize),
    /// An answer to nothing that was asked.
    StrayAnswer,
    /// A tool over HTTP, or something else, that the connection left out.
    LeftOut(String),
}

/// Asks a server for all that it offers.
#[derive(Debug)]
pub struct Listing {
    builder: Builder,
    step: Step,
    outgoing: VecDeque<String>,
    last_id: u64,
    greeting: Option<Greeting>,
    kinds: VecDeque<ItemKind>,
    cursors: HashSet<String>,
    pages: usize,
    answered: usize,
    notes: Vec<Note>,
    refusal: Option<String>,
}

/// What is awaited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Discover,
    Initialize,
    List(ItemKind),
    Done,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Listed {
    pub(crate) surface: Surface,
    pub(crate) greeting: Greeting,
    pub(crate) notes: Vec<Note>,
}

impl Listing {
    /// Begins with the question of revision 2026-07-28, and goes back to the handshake where that is not
    /// answered.
    pub fn new() -> Self {
        let mut listing = Self::empty(Step::Discover);
        listing.request("server/discover", &format!("{{{META}}}"));
        listing
    }

    /// Begins with the handshake of earlier revisions.
    pub fn with_handshake() -> Self {
        let mut listing = Self::empty(Step::Initialize);
        listing.initialize();
        listing
    }

    fn empty(step: Step) -> Self {
        Self {
            builder: Builder::new(),
            step,
            outgoing: VecDeque::new(),
            last_id: 0,
            greeting: None,
            kinds: VecDeque::new(),
            cursors: HashSet::new(),
            pages: 0,
            answered: 0,
            notes: Vec::new(),
            refusal: None,
        }
    }

    /// Returns the next message to send, in one line without its break.
    pub fn outgoing(&mut self) -> Option<String> {
        self.outgoing.pop_front()
    }

    /// Returns whether nothing more is to be asked.
    pub fn is_done(&self) -> bool {
        self.step == Step::Done
    }

    /// Returns whether the server has not yet shown that it speaks revision 2026-07-28: patience is
    /// shorter then.
    pub fn is_discovering(&self) -> bool {
        self.step == Step::Discover
    }

    /// Returns how many answers are behind: grows with each.
    pub fn progress(&self) -> u64 {
        self.last_id
    }

    /// Takes a message of the server.
    pub fn take(&mut self, message: &Message) {
        let [part] = message.parts() else {
            self.note(Note::StrayAnswer);
            return;
        };
        match part {
            Part::Notification { method } => {
                if method.ends_with("/list_changed") {
                    self.note(Note::ListChanged(told(method)));
                }
            }
            Part::Request { id, method } => {
                self.note(Note::Asked(told(method)));
                if self.answered < REQUESTS_MAX {
                    self.answered += 1;
                    self.outgoing.push_back(if method == "ping" {
                        format!(r#"{{"jsonrpc":"2.0","id":{},"result":{{}}}}"#, id.json())
                    } else {
                        error_response(
                            Some(id),
                            NO_METHOD,
                            "nothing is given while a server is reviewed",
                        )
                    });
                }
            }
            Part::Response { id } => {
                let is_ours = id
                    .as_ref()
                    .is_some_and(|id| id.json() == self.last_id.to_string());
                match message.envelope() {
                    Some(envelope) if is_ours && self.step != Step::Done => {
                        let outcome = match (envelope.result, envelope.error) {
                            (Some(result), None) => Ok(result),
                            (_, Some(error)) => Err(Refusal::read(error)),
                            (None, None) => Err(Refusal::empty()),
                        };
                        self.answer(outcome);
                    }
                    _ => self.note(Note::StrayAnswer),
                }
            }
        }
    }

    /// Takes that the answer does not come, and why: a lowercase fragment such as "no answer came".
    pub fn silent(&mut self, why: &str) {
        self.answer(Err(Refusal::silence(why)));
    }

    /// Takes that nothing comes any more, and why.
    pub fn ended(&mut self, why: &str) {
        // Each call ends one step, and no step leads back.
        while !self.is_done() {
            if self.is_discovering() {
                self.step = Step::Initialize;
            }
            self.silent(why);
        }
        self.outgoing.clear();
    }

    /// Remembers something that was seen.
    pub fn note(&mut self, note: Note) {
        if self.notes.len() < NOTES_MAX && !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// Returns what came of it, or why the server did not even greet.
    pub(crate) fn finish(self) -> Result<Listed, String> {
        let refusal = self.refusal.unwrap_or_default();
        Ok(Listed {
            greeting: self.greeting.ok_or(refusal)?,
            surface: self.builder.finish(),
            notes: self.notes,
        })
    }

    fn answer(&mut self, outcome: Result<&RawValue, Refusal>) {
        match self.step {
            Step::Discover => {
                let greeting = outcome.and_then(|result| {
                    discovered(result.get()).map_err(|why| Refusal::silence(&why))
                });
                match greeting {
                    Ok((greeting, text)) => self.begin(greeting, text),
                    Err(refusal) => {
                        self.note(Note::FellBack(refusal.why));
                        self.step = Step::Initialize;
                        self.initialize();
                    }
                }
            }
            Step::Initialize => {
                let greeting = outcome
                    .and_then(|result| greeted(result.get()).map_err(|why| Refusal::silence(&why)));
                match greeting {
                    Ok((greeting, text)) => {
                        let ready = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;
                        self.outgoing.push_back(ready.to_owned());
                        self.begin(greeting, text);
                    }
                    Err(refusal) => {
                        self.refusal = Some(refusal.why);
                        self.step = Step::Done;
                    }
                }
            }
            Step::List(kind) => self.listed(kind, outcome),
            Step::Done => {}
        }
    }

    fn begin(&mut self, greeting: Greeting, instructions: Option<String>) {
        if let Some(about) = greeting.server_info.clone() {
            self.builder.about(about);
        }
        self.builder.instructions(&instructions.unwrap_or_default());
        // A server may have tools that it does not declare, and a client may ask for them all the same.
        let is_asked = |kind: &ItemKind| *kind == ItemKind::Tool || greeting.declares(*kind);
        self.kinds = ItemKind::LISTED.into_iter().filter(is_asked).collect();
        self.greeting = Some(greeting);
        self.next_kind();
    }

    fn listed(&mut self, kind: ItemKind, outcome: Result<&RawValue, Refusal>) {
        let page = match outcome.and_then(|result| Page::read(result).map(|page| (page, result))) {
            Ok((page, result)) => {
                self.expires(page.ttl_ms);
                self.builder.page(kind, result.get())
            }
            Err(Refusal { why, is_answer }) => {
                let is_declared = self.greeting.as_ref().is_some_and(|one| one.declares(kind));
                // Who does not declare it may not know the question; who says nothing may have it.
                if is_declared || self.pages > 0 || !is_answer {
                    self.builder.fault(Fault::NotListed { kind, why });
                }
                Ok(None)
            }
        };
        match page {
            Ok(Some(cursor)) => self.next_page(kind, cursor),
            // The builder remembers what it refused.
            Ok(None) | Err(_) => self.next_kind(),
        }
    }

    fn next_page(&mut self, kind: ItemKind, cursor: String) {
        self.pages += 1;
        let is_new = self.cursors.insert(cursor.clone());
        if !is_new || self.pages >= PAGES_MAX || cursor.len() > CURSOR_BYTES_MAX {
            self.builder.fault(Fault::TooManyPages { kind });
            self.next_kind();
            return;
        }
        let cursor = serde_json::Value::from(cursor);
        self.list(kind, &format!(r#""cursor":{cursor}"#));
    }

    fn next_kind(&mut self) {
        self.pages = 0;
        self.cursors.clear();
        match self.kinds.pop_front() {
            Some(kind) => {
                self.step = Step::List(kind);
                self.list(kind, "");
            }
            None => self.step = Step::Done,
        }
    }

    fn list(&mut self, kind: ItemKind, parameter: &str) {
        let is_stateless = self
            .greeting
            .as_ref()
            .is_some_and(|greeting| greeting.era == Era::Stateless);
        let meta = if is_stateless { META } else { "" };
        let comma = if meta.is_empty() || parameter.is_empty() {
            ""
        } else {
            ","
        };
        let parameters = format!("{{{parameter}{comma}{meta}}}");
        if let Some(method) = kind.method() {
            self.request(method, &parameters);
        }
    }

    fn initialize(&mut self) {
        let parameters = format!(
            r#"{{"protocolVersion":"{HANDSHAKE}","capabilities":{{}},"clientInfo":{CLIENT}}}"#
        );
        self.request("initialize", &parameters);
    }

    fn request(&mut self, method: &str, parameters: &str) {
        self.last_id += 1;
        let id = self.last_id;
        self.outgoing.push_back(format!(
            r#"{{"jsonrpc":"2.0","id":{id},"method":"{method}","params":{parameters}}}"#
        ));
    }

    fn expires(&mut self, ttl_ms: Option<u64>) {
        if let (Some(greeting), Some(ttl)) = (&mut self.greeting, ttl_ms) {
            greeting.ttl_ms = Some(greeting.ttl_ms.map_or(ttl, |other| other.min(ttl)));
        }
    }
}

impl Default for Listing {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests;
