//! A client that notes what a connection brings.

use std::{collections::VecDeque, time::Duration};

use countersign_model::SecretText;
use countersign_probe::{
    Asked, Connection, Failure, LeftOut, Message, Output, Target, Timing, Transport,
};
use tokio::time::timeout;

use crate::server::DEADLINE;

/// The credential of every entry here.
pub(crate) const SECRET: &str = "canary-5d1f6c2e";

/// Times that let a test see what takes minutes.
pub(crate) fn fast() -> Timing {
    Timing {
        retry: Duration::from_millis(5),
        retry_min: Duration::from_millis(5),
        retry_max: Duration::from_millis(20),
        linger: Duration::from_millis(200),
        ..Timing::default()
    }
}

#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) connection: Connection,
    messages: VecDeque<String>,
    pub(crate) failures: Vec<Failure>,
    pub(crate) left_out: Vec<LeftOut>,
}

impl Client {
    pub(crate) fn new(url: &str) -> Self {
        Self::with(url, Transport::Http, fast())
    }

    pub(crate) fn with(url: &str, transport: Transport, timing: Timing) -> Self {
        let bearer = SecretText::new(format!("Bearer {SECRET}"));
        let target = Target::new(Asked {
            written: url,
            address: &SecretText::new(url.to_owned()),
            headers: &[("Authorization".to_owned(), bearer)],
            secrets: vec![SecretText::new(SECRET.to_owned())],
        });
        let target = target.expect("it is on loopback");
        let connection = Connection::new(target, transport, timing);
        Self {
            connection: connection.expect("this machine has certificates"),
            messages: VecDeque::new(),
            failures: Vec::new(),
            left_out: Vec::new(),
        }
    }

    /// Sends a message as soon as it may be sent.
    pub(crate) async fn send(&mut self, text: &str) {
        let message = Message::read(text.as_bytes().to_vec()).expect("it is a message");
        while !self.connection.is_ready() {
            self.step().await;
        }
        self.connection.send(message);
        self.take();
    }

    /// Returns the next message of the server.
    pub(crate) async fn message(&mut self) -> String {
        loop {
            if let Some(message) = self.messages.pop_front() {
                return message;
            }
            self.step().await;
        }
    }

    /// Returns the words of the next message, which is an error.
    pub(crate) async fn error(&mut self) -> String {
        let message = self.message().await;
        let message: serde_json::Value = serde_json::from_str(&message).expect("it is JSON");
        let text = message["error"]["message"].as_str();
        text.unwrap_or_else(|| panic!("no error: {message}"))
            .to_owned()
    }

    pub(crate) async fn ask(&mut self, text: &str) -> String {
        self.send(text).await;
        self.message().await
    }

    /// Goes on until something holds.
    pub(crate) async fn until(&mut self, holds: impl Fn(&Self) -> bool) {
        while !holds(self) {
            self.step().await;
        }
    }

    /// Does the handshake, and waits until the server has taken it.
    pub(crate) async fn initialize(&mut self, version: &str) -> String {
        let answer = self.ask(&initialize(version)).await;
        self.send(INITIALIZED).await;
        self.until(|client| client.connection.is_ready()).await;
        answer
    }

    pub(crate) async fn step(&mut self) {
        self.take();
        let step = timeout(DEADLINE, self.connection.step()).await;
        step.expect("something happens");
        self.take();
    }

    fn take(&mut self) {
        while let Some(output) = self.connection.output() {
            match output {
                Output::Message(text) => self.messages.push_back(text),
                Output::Failure(failure) => self.failures.push(failure),
                Output::LeftOut(left_out) => self.left_out.push(left_out),
            }
        }
    }

    /// Ends the connection; returns what is left for the client.
    pub(crate) async fn close(self) -> Vec<String> {
        let rest = timeout(DEADLINE, self.connection.close()).await;
        let rest = rest.expect("it ends").into_iter();
        let messages = rest.filter_map(|output| match output {
            Output::Message(text) => Some(text),
            Output::Failure(_) | Output::LeftOut(_) => None,
        });
        self.messages.into_iter().chain(messages).collect()
    }
}

pub(crate) const INITIALIZED: &str = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;

pub(crate) fn initialize(version: &str) -> String {
    format!(
        r#"{{"jsonrpc":"2.0","id":"init","method":"initialize","params":{{"protocolVersion":"{version}"}}}}"#
    )
}

pub(crate) fn request(id: u32, method: &str) -> String {
    format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"{method}","params":{{}}}}"#)
}

/// A request of a revision without a handshake.
pub(crate) fn stateless(id: u32, method: &str, params: &str) -> String {
    let meta = r#""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}"#;
    format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"{method}","params":{{{params}{meta}}}}}"#)
}
