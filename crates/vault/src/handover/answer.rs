//! What is answered to who handed an item over: one line.

use countersign_model::SecretId;

use super::TakeInError;
use crate::{NoKeyring, VaultError};

/// Bytes of an answer that are read.
pub(super) const ANSWER_BYTES_MAX: usize = 1024;

/// What was done with an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It is in the keyring, and was read back.
    Kept,
    /// It is not there any more, or never was.
    Removed,
}

/// Returns what is answered: one line, with nothing of the value in it.
pub fn answer(outcome: &Result<Taken, TakeInError>) -> String {
    let error = match outcome {
        Ok(Taken::Kept) => return "kept\n".to_owned(),
        Ok(Taken::Removed) => return "removed\n".to_owned(),
        Err(error) => error,
    };
    let said: String = error.to_string();
    let said = said.replace(|c: char| c.is_control(), " ");
    format!("{} {said}\n", word(error))
}

fn word(error: &TakeInError) -> &'static str {
    let error = match error {
        TakeInError::Record(_) => return "record",
        TakeInError::Vault(error) => error,
    };
    match error {
        VaultError::NoKeyring(NoKeyring::NotOffered) => "not-offered",
        VaultError::NoKeyring(NoKeyring::NeverMade) => "never-made",
        VaultError::NoKeyring(NoKeyring::SessionOnly) => "session-only",
        VaultError::NoKeyring(NoKeyring::Forgetful) => "forgetful",
        VaultError::Locked => "locked",
        VaultError::NoAnswer => "no-answer",
        VaultError::Denied => "denied",
        VaultError::NoRoom(_) => "no-room",
        VaultError::NotKept(_) => "not-kept",
        VaultError::Damaged { .. } => "damaged",
        _ => "failed",
    }
}

/// Reads an answer.
pub(super) fn parsed(answer: &[u8], id: SecretId) -> Result<Taken, VaultError> {
    let text = String::from_utf8_lossy(answer);
    let line = text.lines().next().unwrap_or_default();
    let (word, said) = line.split_once(' ').unwrap_or((line, ""));
    Err(match word {
        "kept" => return Ok(Taken::Kept),
        "removed" => return Ok(Taken::Removed),
        "not-offered" => VaultError::NoKeyring(NoKeyring::NotOffered),
        "never-made" => VaultError::NoKeyring(NoKeyring::NeverMade),
        "session-only" => VaultError::NoKeyring(NoKeyring::SessionOnly),
        "forgetful" => VaultError::NoKeyring(NoKeyring::Forgetful),
        "locked" => VaultError::Locked,
        "no-answer" => VaultError::NoAnswer,
        "denied" => VaultError::Denied,
        "no-room" => VaultError::NoRoom(said.to_owned()),
        "not-kept" => VaultError::NotKept(id),
        _ if said.is_empty() => VaultError::Writer("it gave no answer".to_owned()),
        _ => VaultError::Writer(format!("it failed to {said}")),
    })
}

#[cfg(test)]
mod tests {
    use countersign_model::SecretId;

    use super::{Taken, answer, parsed};
    use crate::{NoKeyring, VaultError, handover::TakeInError};

    const ID: SecretId = SecretId::from_bytes([7; 16]);

    fn there_and_back(error: VaultError) -> VaultError {
        let said = answer(&Err(TakeInError::Vault(error)));
        assert_eq!(said.lines().count(), 1);
        parsed(said.as_bytes(), ID).expect_err("it failed")
    }

    #[test]
    fn a_failure_is_the_same_on_the_other_side() {
        for error in [VaultError::Locked, VaultError::Denied, VaultError::NoAnswer] {
            let text = error.to_string();
            assert_eq!(there_and_back(error).to_string(), text);
        }
        for why in [
            NoKeyring::NotOffered,
            NoKeyring::NeverMade,
            NoKeyring::SessionOnly,
            NoKeyring::Forgetful,
        ] {
            let back = there_and_back(VaultError::NoKeyring(why));
            assert!(matches!(back, VaultError::NoKeyring(found) if found == why));
        }
        let back = there_and_back(VaultError::NotKept(ID));
        assert!(matches!(back, VaultError::NotKept(ID)));
        let back = there_and_back(VaultError::Refused("two\nlines".to_owned()));
        assert_eq!(
            back.to_string(),
            "write to the keyring through the guard: it failed to use the keyring: it refused (two lines)"
        );
    }

    #[test]
    fn what_is_no_answer_is_a_failure() {
        for said in ["", "\n", "keptx", "\u{fffd}", "removed-not"] {
            let error = parsed(said.as_bytes(), ID).expect_err(said);
            assert!(matches!(error, VaultError::Writer(_)), "{said}");
        }
        assert_eq!(parsed(b"kept", ID).expect("is kept"), Taken::Kept);
    }
}
