//! Carrying messages between the client's streams and the server.

use std::{
    io::{self, BufReader, Write},
    thread,
    time::Duration,
};

use countersign_guard::{
    lines::{self, Line},
    say, shown,
};
use countersign_probe::{
    Connection, MESSAGE_BYTES_MAX, Message, MessageError, Output, error_response,
};
use tokio::{sync::mpsc, time};

use crate::run::NAME;

/// How long answers are waited for once the client has closed its end: it may only have had one question.
const LAST_ANSWERS: Duration = Duration::from_secs(10);

/// Messages of the client that are read ahead.
const AHEAD: usize = 1;

/// JSON-RPC's codes for what is no message.
const PARSE_ERROR: i64 = -32700;
const INVALID_REQUEST: i64 = -32600;

/// Carries messages until the client has closed its end, or is gone.
///
/// # Errors
/// Where the client's output cannot be written, and the client is not simply gone.
pub(crate) async fn carry(mut connection: Connection) -> io::Result<()> {
    let mut input = input();
    let mut is_open = true;
    while is_open {
        tell(&mut connection)?;
        tokio::select! {
            biased;
            () = connection.step() => {}
            line = input.recv(), if connection.is_ready() => match line {
                Some(Ok(message)) => connection.send(message),
                Some(Err(error)) => not_understood(error)?,
                None => is_open = false,
            },
        }
    }
    let answered = async {
        while !(connection.is_idle() && connection.is_ready()) {
            connection.step().await;
            tell(&mut connection)?;
        }
        io::Result::Ok(())
    };
    // Who closes its end and waits for no answer ends this program sooner.
    if let Ok(outcome) = time::timeout(LAST_ANSWERS, answered).await {
        outcome?;
    }
    tell(&mut connection)?;
    for output in connection.close().await {
        tell_one(&output)?;
    }
    Ok(())
}

/// Reads the client's messages on a thread of their own: a pipe that somebody else shares cannot be made
/// non-blocking.
fn input() -> mpsc::Receiver<Result<Message, MessageError>> {
    let (sender, receiver) = mpsc::channel(AHEAD);
    thread::spawn(move || {
        let mut client = BufReader::new(io::stdin());
        let mut line = Vec::new();
        loop {
            let message = match lines::next(&mut client, &mut line, MESSAGE_BYTES_MAX) {
                Ok(Line::Whole) if line.trim_ascii().is_empty() => continue,
                Ok(Line::Whole) => Message::read(std::mem::take(&mut line)),
                Ok(Line::TooLong) => Err(MessageError::TooLarge),
                Ok(Line::End) | Err(_) => return,
            };
            if sender.blocking_send(message).is_err() {
                return;
            }
        }
    });
    receiver
}

/// Tells everything that the connection has brought.
fn tell(connection: &mut Connection) -> io::Result<()> {
    while let Some(output) = connection.output() {
        tell_one(&output)?;
    }
    Ok(())
}

fn tell_one(output: &Output) -> io::Result<()> {
    match output {
        Output::Message(text) => write(text),
        Output::Failure(failure) => {
            let mut said = format!("failed to {}", shown(&failure.to_string()));
            if let Some(hint) = failure.hint() {
                said.push_str(&format!("; {hint}"));
            }
            say(NAME, &said);
            Ok(())
        }
        Output::LeftOut(left) => {
            say(NAME, &shown(&left.to_string()));
            Ok(())
        }
    }
}

/// Answers what is no message: nobody knows whose request it was.
fn not_understood(error: MessageError) -> io::Result<()> {
    let code = match error {
        MessageError::NotText | MessageError::NotJson => PARSE_ERROR,
        MessageError::NotRpc | MessageError::TooLarge => INVALID_REQUEST,
    };
    let said = format!("{NAME} failed to {error}");
    say(NAME, &format!("failed to {error}"));
    write(&error_response(None, code, &said))
}

fn write(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.write_all(b"\n")?;
    out.flush()
}
