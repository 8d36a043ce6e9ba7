use std::collections::VecDeque;

use countersign_probe::MESSAGE_BYTES_MAX;

use crate::streams::Incoming;

/// Messages of the client that wait until the server may be sent one.
const MESSAGES_MAX: usize = 256;

/// Bytes of them, before the last one.
const BYTES_MAX: usize = MESSAGE_BYTES_MAX;

/// What the client said and the server was not told yet, in order. The end of input is noticed behind it.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    queue: VecDeque<Incoming>,
    bytes: usize,
}

impl Waiting {
    pub(crate) fn has_room(&self) -> bool {
        self.queue.len() < MESSAGES_MAX && self.bytes < BYTES_MAX
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    pub(crate) fn push(&mut self, incoming: Incoming) {
        self.bytes += bytes(&incoming);
        self.queue.push_back(incoming);
    }

    pub(crate) fn pop(&mut self) -> Option<Incoming> {
        let incoming = self.queue.pop_front()?;
        self.bytes -= bytes(&incoming);
        Some(incoming)
    }
}

fn bytes(incoming: &Incoming) -> usize {
    incoming.as_ref().map_or(0, |message| message.text().len())
}

#[cfg(test)]
mod tests {
    use countersign_probe::{Message, MessageError};

    use super::{BYTES_MAX, MESSAGES_MAX, Waiting};

    fn message(bytes: usize) -> Message {
        let text = format!(r#"{{"method":"{}"}}"#, "x".repeat(bytes));
        Message::read(text.into_bytes()).unwrap()
    }

    #[test]
    fn takes_so_many_and_so_much() {
        let mut waiting = Waiting::default();
        for _ in 0..MESSAGES_MAX {
            assert!(waiting.has_room());
            waiting.push(Err(MessageError::NotJson));
        }
        assert!(!waiting.has_room());
        while waiting.pop().is_some() {}
        assert!(waiting.has_room() && waiting.is_empty());
        let half = message(BYTES_MAX / 2);
        waiting.push(Ok(half.clone()));
        assert!(waiting.has_room());
        waiting.push(Ok(half));
        assert!(!waiting.has_room());
        waiting.pop();
        assert!(waiting.has_room());
    }
}
