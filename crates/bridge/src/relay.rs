use std::time::Duration;

use countersign_probe::{Connection, MessageError, Output, error_response};
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, sleep_until, timeout},
};

use crate::{
    ending::Ending,
    notices::{NAME, Notices},
    streams::Incoming,
    waiting::Waiting,
};

/// How long requests may go on once the client has closed its end.
const GRACE: Duration = Duration::from_secs(10);

/// How long the client may take to read what is left for it at the end.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// JSON-RPC's code of what is not JSON.
const PARSE_ERROR: i64 = -32700;

/// JSON-RPC's code of what is JSON and no message.
const INVALID_REQUEST: i64 = -32600;

/// The client's streams, each behind its thread.
pub(crate) struct Client {
    pub(crate) input: mpsc::Receiver<Incoming>,
    pub(crate) output: mpsc::Sender<String>,
    /// Ends when everything is written, or nobody reads it.
    pub(crate) written: oneshot::Receiver<()>,
}

/// Carries messages until the client closes its end or the system asks to end; returns the exit code.
pub(crate) async fn relay(mut connection: Connection, client: Client, ending: &mut Ending) -> i32 {
    let Client {
        mut input,
        output,
        written,
    } = client;
    let mut desk = Desk::default();
    let mut until: Option<Instant> = None;
    let code = loop {
        desk.advance(&mut connection);
        if until.is_some() && desk.is_idle() && connection.is_idle() {
            break 0;
        }
        tokio::select! {
            code = ending.asked() => break code,
            permit = output.reserve(), if desk.line.is_some() => {
                // A client that does not read any longer is gone.
                let (Ok(permit), Some(line)) = (permit, desk.line.take()) else {
                    break 0;
                };
                permit.send(line);
            }
            incoming = input.recv(), if until.is_none() && desk.waiting.has_room() => match incoming {
                Some(incoming) => desk.waiting.push(incoming),
                None => until = Some(Instant::now() + GRACE),
            },
            () = connection.step(), if desk.line.is_none() => {}
            () = sleep_until(until.unwrap_or_else(Instant::now)), if until.is_some() => break 0,
        }
    };
    let rest = connection.close().await;
    // A client that does not read to the end gets no more.
    let _ = timeout(LAST_WORDS, desk.hand_over(rest, output, written)).await;
    code
}

/// What is under way between the client and the connection.
#[derive(Default)]
struct Desk {
    /// The next line for the client.
    line: Option<String>,
    waiting: Waiting,
    notices: Notices,
}

impl Desk {
    fn is_idle(&self) -> bool {
        self.line.is_none() && self.waiting.is_empty()
    }

    /// Sends what may be sent and looks at what came, as long as the client has read what is for it.
    fn advance(&mut self, connection: &mut Connection) {
        while self.line.is_none() {
            if let Some(output) = connection.output() {
                self.line = self.told(output);
            } else if !connection.is_ready() {
                return;
            } else if let Some(incoming) = self.waiting.pop() {
                match incoming {
                    Ok(message) => connection.send(message),
                    Err(error) => self.line = Some(self.refused(error)),
                }
            } else {
                return;
            }
        }
    }

    /// Returns a line for the client; anything else is for the user.
    fn told(&mut self, output: Output) -> Option<String> {
        match output {
            Output::Message(line) => return Some(line),
            Output::Failure(failure) => self.notices.failure(&failure),
            Output::LeftOut(left_out) => self.notices.left_out(&left_out),
        }
        None
    }

    fn refused(&mut self, error: MessageError) -> String {
        self.notices.no_message(error);
        let code = match error {
            MessageError::NotText | MessageError::NotJson => PARSE_ERROR,
            MessageError::NotRpc | MessageError::TooLarge => INVALID_REQUEST,
        };
        let message = format!("{NAME} failed to {error}");
        error_response(None, code, &message)
    }

    async fn hand_over(
        &mut self,
        rest: Vec<Output>,
        output: mpsc::Sender<String>,
        written: oneshot::Receiver<()>,
    ) {
        let first = self.line.take();
        let rest = rest.into_iter().filter_map(|one| self.told(one));
        for line in first.into_iter().chain(rest) {
            if output.send(line).await.is_err() {
                break;
            }
        }
        drop(output);
        let _ = written.await;
    }
}
