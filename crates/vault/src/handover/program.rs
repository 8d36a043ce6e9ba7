//! Handing an item to the program that writes it.

use std::{
    io::{self, Read, Write},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use countersign_model::SecretId;
use zeroize::Zeroizing;

use super::{
    ID_DIGITS, KEEP, Taken,
    answer::{ANSWER_BYTES_MAX, parsed},
};
use crate::VaultError;

/// Time that the program is given: it writes and reads, and each may take the keyring two seconds.
const PROGRAM_TIME: Duration = Duration::from_secs(10);

/// How often is looked whether it ended.
const TICK: Duration = Duration::from_millis(5);

/// Hands an item to a program and waits for its answer; no bytes remove the item. The value goes over a
/// pipe and nowhere else.
///
/// # Errors
/// [`VaultError::NoWriter`] where the program is not there, else what it answered.
pub(crate) fn hand_over(program: &Path, id: SecretId, bytes: &[u8]) -> Result<(), VaultError> {
    if !program.is_absolute() || !program.is_file() {
        return Err(VaultError::NoWriter {
            path: program.to_owned(),
        });
    }
    let mut child = Command::new(program)
        .arg(KEEP)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| VaultError::Writer(format!("it cannot be started: {error}")))?;
    let answered = converse(&mut child, id, bytes);
    // It may have ended by itself.
    let _ = child.kill();
    let _ = child.wait();
    let expected = match bytes.is_empty() {
        true => Taken::Removed,
        false => Taken::Kept,
    };
    match answered? {
        taken if taken == expected => Ok(()),
        _ => Err(VaultError::Writer("it did something else".to_owned())),
    }
}

/// Writes beside, so that a program that does not read is given up as well.
fn converse(child: &mut Child, id: SecretId, bytes: &[u8]) -> Result<Taken, VaultError> {
    let begun = Instant::now();
    let mut input = child.stdin.take().expect("it is piped");
    let output = child.stdout.take().expect("it is piped");
    let head = head(id, bytes);
    let bytes = Zeroizing::new(bytes.to_vec());
    thread::spawn(move || {
        // A program that ends before says so itself.
        let _ = input
            .write_all(&head)
            .and_then(|()| input.write_all(&bytes));
    });
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut answer = Vec::new();
        let most = u64::try_from(ANSWER_BYTES_MAX).unwrap_or(u64::MAX);
        let read = output.take(most).read_to_end(&mut answer);
        // Whoever waited may be gone.
        let _ = sender.send(read.map(|_| answer));
    });
    let failed = |error: io::Error| VaultError::Writer(format!("its answer is lost: {error}"));
    let answer = receiver
        .recv_timeout(PROGRAM_TIME)
        .map_err(|_| VaultError::NoAnswer)?
        .map_err(failed)?;
    let taken = parsed(&answer, id)?;
    let status = loop {
        match child.try_wait().map_err(failed)? {
            Some(status) => break status,
            None if begun.elapsed() >= PROGRAM_TIME => return Err(VaultError::NoAnswer),
            None => thread::sleep(TICK),
        }
    };
    match status.success() {
        true => Ok(taken),
        false => Err(VaultError::Writer("it failed after its answer".to_owned())),
    }
}

/// What stands before an item.
pub(super) fn head(id: SecretId, bytes: &[u8]) -> [u8; ID_DIGITS + 4] {
    let length = u32::try_from(bytes.len()).expect("an item is shorter than its bound");
    let mut head = [0; ID_DIGITS + 4];
    head[..ID_DIGITS].copy_from_slice(id.hex().as_bytes());
    head[ID_DIGITS..].copy_from_slice(&length.to_be_bytes());
    head
}

#[cfg(all(test, unix))]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt, path::Path};

    use countersign_model::SecretId;

    use super::hand_over;
    use crate::VaultError;

    const ID: SecretId = SecretId::from_bytes([7; 16]);

    fn check(script: &str, bytes: &[u8]) -> Result<(), VaultError> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("program");
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("is written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).expect("is ours");
        hand_over(&path, ID, bytes)
    }

    #[test]
    fn a_program_is_believed_only_where_all_of_it_fits() {
        check("cat > /dev/null; echo kept", b"x").expect("is kept");
        check("cat > /dev/null; echo removed", b"").expect("is removed");
        for script in [
            "echo removed",
            "echo kept; exit 1",
            "exit 0",
            "yes | head -c 100000",
            "echo nonsense",
        ] {
            let refused = check(script, b"x").expect_err(script);
            assert!(matches!(refused, VaultError::Writer(_)), "{script}");
        }
    }

    #[test]
    fn a_program_that_does_not_read_a_long_item_is_no_obstacle() {
        let refused = check("echo locked; exit 122", &[b'x'; 200_000]).expect_err("is locked");
        assert!(matches!(refused, VaultError::Locked));
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        for path in ["/nowhere/guard", "relative"] {
            let refused = hand_over(Path::new(path), ID, b"x").expect_err(path);
            assert!(
                matches!(refused, VaultError::NoWriter { path: named } if named == Path::new(path))
            );
        }
    }
}
