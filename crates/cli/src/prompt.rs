//! Asking the user, and taking secrets in without showing them.

use std::io::{self, BufRead, IsTerminal, Read, Write};

use countersign_model::SecretText;
use zeroize::Zeroizing;

use crate::failure::Failure;

/// Bytes of a secret that are read from standard input.
const SECRET_BYTES_MAX: u64 = 64 * 1024;

/// Takes a secret: asked for without an echo where standard input is a terminal, else read from it to
/// its end, without the last line end.
pub(crate) fn secret(question: &str) -> Result<SecretText, Failure> {
    let text = if io::stdin().is_terminal() {
        Zeroizing::new(rpassword::prompt_password(format!("{question}: "))?)
    } else {
        read_all()?
    };
    if text.is_empty() {
        return Err(Failure::new("failed to take the value: it is empty"));
    }
    Ok(SecretText::new(text.as_str().to_owned()))
}

/// As [`secret`], asked for twice on a terminal.
pub(crate) fn new_secret(question: &str) -> Result<SecretText, Failure> {
    let first = secret(question)?;
    if io::stdin().is_terminal() && secret("Again")? != first {
        return Err(Failure::new("failed to take the value: the two differ"));
    }
    Ok(first)
}

fn read_all() -> Result<Zeroizing<String>, Failure> {
    let mut text = Zeroizing::new(String::new());
    io::stdin()
        .lock()
        .take(SECRET_BYTES_MAX + 1)
        .read_to_string(&mut text)?;
    if text.len() as u64 > SECRET_BYTES_MAX {
        return Err(Failure::new(format!(
            "failed to take the value: it is longer than {SECRET_BYTES_MAX} bytes"
        )));
    }
    let value = text
        .strip_suffix("\r\n")
        .or_else(|| text.strip_suffix('\n'))
        .unwrap_or(&text);
    Ok(Zeroizing::new(value.to_owned()))
}

/// Asks a question that is answered by yes; no without a terminal.
pub(crate) fn agrees(question: &str) -> Result<bool, Failure> {
    if !io::stdin().is_terminal() {
        return Ok(false);
    }
    let mut err = io::stderr().lock();
    write!(err, "{question} [y/N] ")?;
    err.flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
