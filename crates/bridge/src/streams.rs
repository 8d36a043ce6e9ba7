//! The client's streams. Reading and writing wait in threads of their own, so that a client that does
//! neither does not keep the bridge from noticing anything else.

use std::{
    io::{self, BufReader, ErrorKind, Read, Write},
    mem, thread,
    time::Duration,
};

use countersign_guard::lines::{self, Line};
use countersign_probe::{MESSAGE_BYTES_MAX, Message, MessageError};
use tokio::sync::{mpsc, oneshot};

/// Lines that wait between a thread and the others.
const LINES_MAX: usize = 1;

/// How long is waited where a stream does not wait by itself, because whoever else has it set it so.
const NAP: Duration = Duration::from_millis(5);

/// A line of the client: a message, or why it is none.
pub(crate) type Incoming = Result<Message, MessageError>;

/// What the client and the bridge speak through.
#[derive(Debug)]
pub struct Streams<R, W> {
    /// The client's messages, one a line.
    pub input: R,
    /// Where messages for the client go, one a line.
    pub output: W,
    /// Whether somebody types the input: nobody waits for answers then where there is no server.
    pub is_terminal: bool,
}

/// Reads messages until the end of input.
pub(crate) fn read(input: impl Read + Send + 'static) -> mpsc::Receiver<Incoming> {
    let (sender, receiver) = mpsc::channel(LINES_MAX);
    thread::spawn(move || {
        let mut input = BufReader::new(Patient(input));
        let mut line = Vec::new();
        loop {
            let incoming = match lines::next(&mut input, &mut line, MESSAGE_BYTES_MAX) {
                Ok(Line::Whole) if line.trim_ascii().is_empty() => continue,
                Ok(Line::Whole) => Message::read(mem::take(&mut line)),
                Ok(Line::TooLong) => Err(MessageError::TooLarge),
                // An input that fails has ended.
                Ok(Line::End) | Err(_) => return,
            };
            if sender.blocking_send(incoming).is_err() {
                return;
            }
        }
    });
    receiver
}

/// Writes lines until there are no more, or nobody reads them. Returns where they are put, and what ends
/// with the last one.
pub(crate) fn write(
    output: impl Write + Send + 'static,
) -> (mpsc::Sender<String>, oneshot::Receiver<()>) {
    let (sender, mut receiver) = mpsc::channel::<String>(LINES_MAX);
    let (done, written) = oneshot::channel();
    thread::spawn(move || {
        let mut output = Patient(output);
        while let Some(mut line) = receiver.blocking_recv() {
            line.push('\n');
            let is_written = output.write_all(line.as_bytes()).is_ok() && output.flush().is_ok();
            if !is_written {
                break;
            }
        }
        // Nobody may wait for it.
        let _ = done.send(());
    });
    (sender, written)
}

/// A stream that waits even where it was set not to.
pub(crate) struct Patient<T>(pub(crate) T);

impl<R: Read> Read for Patient<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        patiently(|| self.0.read(buffer))
    }
}

impl<W: Write> Write for Patient<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        patiently(|| self.0.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        patiently(|| self.0.flush())
    }
}

fn patiently<T>(mut attempt: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    loop {
        match attempt() {
            Err(error) if error.kind() == ErrorKind::WouldBlock => thread::sleep(NAP),
            outcome => return outcome,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Read};

    use countersign_probe::{MESSAGE_BYTES_MAX, MessageError};

    use super::{Incoming, Patient, read};

    fn all(input: impl Read + Send + 'static) -> Vec<Incoming> {
        let mut incoming = read(input);
        std::iter::from_fn(|| incoming.blocking_recv()).collect()
    }

    #[test]
    fn tells_messages_from_what_is_none() {
        let long = vec![b'x'; MESSAGE_BYTES_MAX + 1];
        let text = b"{\"id\":1,\"method\":\"a\"}\r\n\n \nnoise\n\xff\n{}\n";
        let last = b"\n{\"method\":\"last\"}";
        let incoming = all(io::Cursor::new([&text[..], &long, last].concat()));
        let words: Vec<_> = incoming
            .into_iter()
            .map(|one| one.map(|message| message.text().trim().to_owned()))
            .collect();
        assert_eq!(
            words,
            [
                Ok(r#"{"id":1,"method":"a"}"#.to_owned()),
                Err(MessageError::NotJson),
                Err(MessageError::NotText),
                Err(MessageError::NotRpc),
                Err(MessageError::TooLarge),
                Ok(r#"{"method":"last"}"#.to_owned()),
            ]
        );
    }

    #[test]
    fn waits_where_the_stream_does_not() {
        struct Late(u8);
        impl Read for Late {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                self.0 += 1;
                match self.0 {
                    3 => Ok(0),
                    _ => Err(io::ErrorKind::WouldBlock.into()),
                }
            }
        }
        assert_eq!(Patient(Late(0)).read(&mut [0]).unwrap(), 0);
    }
}
