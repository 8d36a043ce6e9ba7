use serde::Deserialize;

use crate::{
    Connection, Failure, Id, LeftOut, Message, Output, Part,
    connection::{Role, Wire},
    exchange::{Ending, Event},
    message::error_response_with,
    session::Session,
};

/// Codes of errors that only servers of revisions without a handshake answer with.
///
/// Source: the specification's `2026-07-28/basic/index`, "Error Codes".
const MODERN_CODES: std::ops::RangeInclusive<i64> = -32022..=-32020;

/// The error of a message that is one as JSON-RPC has them.
#[derive(Deserialize)]
struct RpcError {
    code: i64,
    #[serde(rename = "message")]
    _message: String,
}

impl Connection {
    /// Takes what an exchange has brought.
    pub(crate) fn take(&mut self, number: u64, event: Event) {
        let Some(live) = self.live.get(&number) else {
            return;
        };
        match event {
            Event::Session(id) => {
                if live.role == Role::Initialize {
                    self.begun = Some(id);
                }
            }
            Event::Message(message) => {
                let is_modern = live.is_modern;
                self.receive(message, is_modern);
            }
            Event::NoMessage(error) => {
                let left_out = LeftOut::NoMessage(error);
                self.outputs.push_back(Output::LeftOut(left_out));
            }
            Event::Endpoint(url) => {
                self.gate = None;
                if let Wire::OldOpening(held) =
                    std::mem::replace(&mut self.wire, Wire::OldOpen(url))
                {
                    self.post(held, false);
                }
            }
            Event::Ended(outcome) => {
                let role = live.role.clone();
                self.end(number);
                match outcome {
                    Ok(()) => self.ended(number, role),
                    Err(ending) => self.failed(number, role, *ending),
                }
            }
        }
    }

    /// Hands a message to the client, if it answers what the client asked or asks for no answer itself.
    fn receive(&mut self, message: Message, is_modern: bool) {
        let mut answered = Vec::new();
        for part in message.parts() {
            let left_out = match part {
                Part::Response { id: Some(id) } if self.pending.contains_key(id) => {
                    answered.push(id.clone());
                    None
                }
                Part::Response { .. } => Some(LeftOut::Response),
                Part::Request { .. } => is_modern.then_some(LeftOut::Request),
                Part::Notification { .. } => None,
            };
            if let Some(left_out) = left_out {
                self.outputs.push_back(Output::LeftOut(left_out));
                return;
            }
        }
        let mut message = message;
        for id in answered {
            let Some(pending) = self.pending.remove(&id) else {
                continue;
            };
            match pending.method.as_str() {
                "initialize" => self.begin_session(&message, pending.number),
                "tools/list" if is_modern && !self.takes_all => {
                    let (rest, names) = self.annotations.learn(message);
                    message = rest;
                    let names = names.into_iter().map(LeftOut::Tool).map(Output::LeftOut);
                    self.outputs.extend(names);
                }
                _ => {}
            }
        }
        self.outputs.push_back(Output::Message(message.into_text()));
    }

    fn begin_session(&mut self, answer: &Message, number: u64) {
        self.session = Session::begun(answer, self.begun.take());
        self.gate = self.gate.filter(|gate| *gate != number);
        if let Wire::Undecided(_) = self.wire {
            self.wire = Wire::Http;
        }
    }

    fn ended(&mut self, number: u64, role: Role) {
        match role {
            // The old transport answers on its stream.
            Role::Initialize if matches!(self.wire, Wire::OldOpen(_)) => {
                self.gate = (!self.ids_of(number).is_empty()).then_some(number);
            }
            Role::Requests if matches!(self.wire, Wire::OldOpen(_)) => {}
            Role::Requests | Role::Initialize => {
                let origin = self.origin();
                if !self.ids_of(number).is_empty() {
                    self.fail_all_of(number, Failure::NoAnswer { origin });
                }
            }
            Role::Initialized => {
                let has_stream = matches!(self.wire, Wire::OldOpen(_));
                let is_listening = self.live.values().any(|live| live.role == Role::Listener);
                let is_open = matches!(self.session, Session::Open { .. });
                if is_open && !has_stream && !is_listening {
                    self.listen();
                }
            }
            Role::Cancel(id) => self.forget(&id),
            Role::Notice | Role::Listener => {}
            // It ends with a failure only.
            Role::OldStream => {}
        }
    }

    fn failed(&mut self, number: u64, role: Role, ending: Ending) {
        let Ending { failure, error } = ending;
        match role {
            Role::OldStream => {
                self.lose_old_stream(failure);
                return;
            }
            Role::Initialize if self.falls_back(&failure, error.as_ref()) => return,
            Role::Cancel(id) => self.forget(&id),
            Role::Requests | Role::Initialize => {
                if let Some(error) = error.filter(|_| !is_session_end(&failure)) {
                    self.answer_with(number, &error);
                }
            }
            Role::Initialized | Role::Notice | Role::Listener => {}
        }
        if is_session_end(&failure) {
            self.lose_session(&failure);
        }
        self.fail_all_of(number, failure);
    }

    /// Begins anew with the old transport, where the server refuses `initialize` as old ones do.
    fn falls_back(&mut self, failure: &Failure, error: Option<&Message>) -> bool {
        let Wire::Undecided(first) = &mut self.wire else {
            return false;
        };
        let is_refusal = matches!(
            failure,
            Failure::Status {
                status: 400 | 404 | 405,
                ..
            }
        );
        let code = error.and_then(rpc_error).map(|error| error.code);
        let is_modern = code.is_some_and(|code| MODERN_CODES.contains(&code));
        let Some(first) = first.take().filter(|_| is_refusal && !is_modern) else {
            return false;
        };
        for (id, _) in first.requests() {
            self.pending.remove(id);
        }
        self.open_old_stream(first);
        true
    }

    /// Answers the requests of an exchange with the error that the server gave without their ids.
    fn answer_with(&mut self, number: u64, error: &Message) {
        if rpc_error(error).is_none() {
            return;
        }
        let Some(error) = error.envelope().and_then(|envelope| envelope.error) else {
            return;
        };
        for id in self.ids_of(number) {
            self.pending.remove(&id);
            let answer = error_response_with(&id, error);
            self.outputs.push_back(Output::Message(answer));
        }
    }

    fn fail_all_of(&mut self, number: u64, failure: Failure) {
        let ids = self.ids_of(number);
        self.fail(&ids, &failure);
        self.outputs.push_back(Output::Failure(failure));
    }

    fn ids_of(&self, number: u64) -> Vec<Id> {
        let pending = self.pending.iter();
        let own = pending.filter(|(_, pending)| pending.number == number);
        own.map(|(id, _)| id.clone()).collect()
    }

    /// Ends everything that belongs to a session which the server does not know.
    fn lose_session(&mut self, failure: &Failure) {
        self.session = Session::Lost;
        let numbers: Vec<u64> = self
            .live
            .iter()
            .filter(|(_, live)| !live.is_modern)
            .map(|(number, _)| *number)
            .collect();
        for number in numbers {
            let ids = self.ids_of(number);
            self.end(number);
            self.fail(&ids, failure);
        }
    }

    /// The stream was the session: what waits gets no answer. One that never opened began none, and it is
    /// not known that the server speaks the old transport.
    fn lose_old_stream(&mut self, failure: Failure) {
        let wire = std::mem::replace(&mut self.wire, Wire::OldClosed);
        self.lose_session(&failure);
        if let Wire::OldOpening(held) = wire {
            let ids: Vec<Id> = held.requests().map(|(id, _)| id.clone()).collect();
            self.fail(&ids, &failure);
            if self.is_any {
                self.wire = Wire::Undecided(None);
                self.session = Session::Absent;
            }
        }
        self.gate = None;
        let rest: Vec<Id> = self.pending.keys().cloned().collect();
        self.fail(&rest, &failure);
        self.outputs.push_back(Output::Failure(failure));
    }
}

const fn is_session_end(failure: &Failure) -> bool {
    matches!(failure, Failure::SessionEnded { .. })
}

fn rpc_error(message: &Message) -> Option<RpcError> {
    serde_json::from_str(message.envelope()?.error?.get()).ok()
}
