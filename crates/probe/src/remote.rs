//! Asks a server over HTTP.

use tokio::time::{Instant, timeout_at};

use crate::{
    Connection, Failure, Listing, Message, Note, Output, Patience, ProbeError, Probed, Target,
    Transport, listing::Listed,
};

/// Asks a server over HTTP for all that it offers, over either transport. It is asked for lists alone: no
/// tool is called.
///
/// # Errors
/// [`ProbeError`], where the server did not even greet. What is missing after that is a fault of the
/// surface.
pub async fn ask_remote(
    target: Target,
    transport: Transport,
    patience: &Patience,
) -> Result<Probed, ProbeError> {
    let connection = Connection::new(target, transport, patience.http)?.with_all_tools();
    let mut asking = Asking {
        connection,
        // The old transport begins with its handshake.
        listing: match transport {
            Transport::Any | Transport::Http => Listing::new(),
            Transport::Sse => Listing::with_handshake(),
        },
        failure: None,
    };
    let until = Instant::now() + patience.total;
    asking.run(patience, until).await;
    asking.listing.ended("no answer came in time");
    let Asking {
        connection,
        listing,
        failure,
    } = asking;
    connection.close().await;
    match (listing.finish(), failure) {
        (Ok(listed), _) => Ok(probed(listed)),
        (Err(_), Some(failure)) => Err(failure.into()),
        (Err(why), None) => Err(ProbeError::NoGreeting { why, said: None }),
    }
}

fn probed(listed: Listed) -> Probed {
    let Listed {
        surface,
        greeting,
        notes,
    } = listed;
    Probed {
        surface,
        greeting,
        notes,
        enforced: None,
    }
}

struct Asking {
    connection: Connection,
    listing: Listing,
    /// Why the last request failed, where that was not the server's own answer.
    failure: Option<Failure>,
}

impl Asking {
    async fn run(&mut self, patience: &Patience, until: Instant) {
        let mut progress = u64::MAX;
        let mut limit = until;
        while !self.listing.is_done() && Instant::now() < until {
            if self.listing.progress() != progress {
                progress = self.listing.progress();
                let wait = if self.listing.is_discovering() {
                    patience.discover
                } else {
                    patience.answer
                };
                limit = until.min(Instant::now() + wait);
            }
            self.send();
            self.take();
            if self.listing.progress() != progress || self.listing.is_done() {
                continue;
            }
            if timeout_at(limit, self.connection.step()).await.is_err() {
                self.listing.silent("no answer came in time");
            }
            self.take();
        }
    }

    /// Sends what may be sent.
    fn send(&mut self) {
        while self.connection.is_ready() {
            let Some(text) = self.listing.outgoing() else {
                return;
            };
            match Message::read(text.into_bytes()) {
                Ok(message) => self.connection.send(message),
                // Only an answer that repeats an id of the server's could be none, and that was read.
                Err(_) => return,
            }
        }
    }

    fn take(&mut self) {
        let mut outputs = Vec::new();
        while let Some(output) = self.connection.output() {
            outputs.push(output);
        }
        // A failure comes after the answer that it stands for.
        for output in &outputs {
            if let Output::Failure(failure) = output {
                self.failure = Some(failure.clone());
            }
        }
        for output in outputs {
            match output {
                Output::Message(text) => {
                    if let Ok(message) = Message::read(text.into_bytes()) {
                        self.listing.take(&message);
                    }
                }
                Output::LeftOut(left_out) => self.listing.note(Note::LeftOut(left_out.to_string())),
                Output::Failure(_) => {}
            }
        }
    }
}
