use std::fmt;

use countersign_launch::resolve::ResolveError;
use countersign_model::GuardId;
use countersign_vault::VaultError;

use crate::{
    difference::in_words,
    exit::Exit,
    release::{Reason, ReleaseError},
    say::shown,
    wanted::WantedError,
};

/// Why no server runs, in words that may be shown: nothing of a secret is in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The code with which the guard ends.
    pub exit: Exit,
    /// What happened.
    pub what: String,
    /// What mends it.
    pub advice: String,
}

const SEPARATOR: char = '\0';

impl Refusal {
    /// Returns all of it as one text.
    pub fn message(&self) -> String {
        format!(
            "Countersign did not start this server: {}. {}",
            self.what, self.advice
        )
    }

    /// Returns a form that another process of this program reads.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![self.exit.code()];
        bytes.extend(format!("{}{SEPARATOR}{}", self.what, self.advice).into_bytes());
        bytes
    }

    /// Reads what [`Self::to_bytes`] wrote.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Self {
        let (code, text) = bytes.split_first().unwrap_or((&0, &[]));
        let text = String::from_utf8_lossy(text);
        let (what, advice) = text.split_once(SEPARATOR).unwrap_or((&text, ""));
        Self {
            exit: Exit::from_code(*code).unwrap_or(Exit::Failed),
            what: what.to_owned(),
            advice: advice.to_owned(),
        }
    }

    /// A command line that program `by` cannot follow.
    pub fn usage(by: &str, error: &impl fmt::Display) -> Self {
        Self {
            exit: Exit::Usage,
            what: format!(
                "{by} was not called as it has to be: {}",
                shown(&error.to_string())
            ),
            advice:
                "Correct the entry, or have it written again with `countersign secrets migrate`."
                    .to_owned(),
        }
    }

    /// A call that cannot ask for secrets as it does.
    pub fn wanted(error: &WantedError, entry: GuardId) -> Self {
        Self {
            exit: Exit::Mismatch,
            what: error.to_string(),
            advice: bind_again(entry),
        }
    }

    pub(crate) fn program(error: &ResolveError, program: &str) -> Self {
        let exit = match error {
            ResolveError::NotInPath | ResolveError::NotThere => Exit::NotFound,
            ResolveError::NotRunnable(_) | ResolveError::Unfit(_) => Exit::NotRunnable,
        };
        Self {
            exit,
            what: format!(
                "failed to {} (`{}`)",
                shown(&error.to_string()),
                shown(program)
            ),
            advice: "Install it, or correct the entry.".to_owned(),
        }
    }

    /// A secret that was not released.
    pub fn release(error: &ReleaseError, entry: GuardId) -> Self {
        let (exit, why, advice) = match &error.reason {
            Reason::Vault(error_of_vault) => vault(error_of_vault, error),
            Reason::Mismatch(differences) if differences.is_empty() => (
                Exit::Mismatch,
                "it is bound to nothing".to_owned(),
                bind_again(entry),
            ),
            Reason::Mismatch(differences) => (
                Exit::Mismatch,
                format!(
                    "what is asked for is not what it is bound to: {}",
                    in_words(differences)
                ),
                bind_again(entry),
            ),
            Reason::Elsewhere(error) => (
                Exit::Vault,
                format!("failed to {}", shown(&error.to_string())),
                "See to that secret manager, then start the server again.".to_owned(),
            ),
            Reason::Empty => (Exit::Missing, "it is empty".to_owned(), set(error)),
            Reason::Zero => (
                Exit::Vault,
                "it holds a zero byte, which cannot be handed to a program".to_owned(),
                set(error),
            ),
        };
        Self {
            exit,
            what: format!("the secret for {} was not released: {why}", error.place),
            advice,
        }
    }

    /// A vault that does not open.
    pub fn open(error: &VaultError) -> Self {
        let (exit, advice) = of_store(error);
        Self {
            exit,
            what: format!("failed to {}", shown(&error.to_string())),
            advice,
        }
    }

    /// Something that the system did not do.
    pub fn failed(what: String) -> Self {
        Self {
            exit: Exit::Failed,
            what,
            advice:
                "Start the server again; if that does not help, run `countersign secrets doctor`."
                    .to_owned(),
        }
    }

    pub(crate) fn system(error: &std::io::Error, program: &str) -> Self {
        Self {
            exit: Exit::NotRunnable,
            what: format!("the system did not start `{}`: {error}", shown(program)),
            advice: "Correct the entry, or install the program again.".to_owned(),
        }
    }
}

fn vault(error: &VaultError, of: &ReleaseError) -> (Exit, String, String) {
    let why = format!("failed to {}", shown(&error.to_string()));
    if let VaultError::NoItem(_) = error {
        return (Exit::Missing, why, set(of));
    }
    let (exit, advice) = of_store(error);
    (exit, why, advice)
}

fn of_store(error: &VaultError) -> (Exit, String) {
    match error {
        VaultError::Locked | VaultError::NoAnswer => (
            Exit::Locked,
            "Unlock it with `countersign vault unlock`, then start the server again.".to_owned(),
        ),
        VaultError::Denied => (
            Exit::Locked,
            "Allow Countersign to read it, then start the server again.".to_owned(),
        ),
        _ => (
            Exit::Vault,
            "See what is wrong with `countersign secrets doctor`.".to_owned(),
        ),
    }
}

fn set(error: &ReleaseError) -> String {
    format!(
        "Set it with `countersign secrets set {}`.",
        error.id.reference()
    )
}

fn bind_again(entry: GuardId) -> String {
    format!(
        "Look at the entry, and if it is as you want it, run `countersign secrets bind {entry}`."
    )
}

#[cfg(test)]
mod tests {
    use countersign_launch::resolve::ResolveError;
    use countersign_model::{GuardId, SecretId};
    use countersign_vault::{ElsewhereError, VaultError};

    use super::Refusal;
    use crate::{
        exit::Exit,
        release::{Reason, ReleaseError},
        wanted::Place,
    };

    const ENTRY: GuardId = GuardId::from_bytes([0xee; 16]);

    fn check(reason: Reason, exit: Exit, words: &[&str]) {
        let error = ReleaseError {
            id: SecretId::from_bytes([0xab; 16]),
            place: Place::Variable("TOKEN".to_owned()),
            reason,
        };
        let refusal = Refusal::release(&error, ENTRY);
        let message = refusal.message();
        assert_eq!(refusal.exit, exit, "{message}");
        for word in words.iter().chain(&["`TOKEN`"]) {
            assert!(message.contains(word), "{message}");
        }
        assert_eq!(Refusal::from_bytes(&refusal.to_bytes()), refusal);
    }

    #[test]
    fn every_reason_names_what_mends_it() {
        let set = format!("`countersign secrets set countersign:{}`", "ab".repeat(16));
        let bind = format!("`countersign secrets bind {}`", "ee".repeat(16));
        let id = SecretId::from_bytes([0xab; 16]);
        check(
            Reason::Vault(VaultError::NoItem(id)),
            Exit::Missing,
            &[&set],
        );
        check(Reason::Empty, Exit::Missing, &[&set, "empty"]);
        check(Reason::Zero, Exit::Vault, &[&set, "zero byte"]);
        check(
            Reason::Mismatch(Vec::new()),
            Exit::Mismatch,
            &[&bind, "bound to nothing"],
        );
        for locked in [VaultError::Locked, VaultError::NoAnswer] {
            check(
                Reason::Vault(locked),
                Exit::Locked,
                &["`countersign vault unlock`"],
            );
        }
        check(
            Reason::Vault(VaultError::Denied),
            Exit::Locked,
            &["denied", "Allow"],
        );
        let refused = VaultError::Refused("a\u{1b}b".to_owned());
        check(
            Reason::Vault(refused),
            Exit::Vault,
            &["a⟨U+001B⟩b", "secrets doctor"],
        );
    }

    #[test]
    fn what_a_secret_managers_program_said_is_not_repeated() {
        let error = ElsewhereError::NotSignedIn {
            manager: "1Password",
            said: "hunter2".to_owned(),
        };
        let refusal = Refusal::release(
            &ReleaseError {
                id: SecretId::from_bytes([1; 16]),
                place: Place::Argument(3),
                reason: Reason::Elsewhere(error),
            },
            ENTRY,
        );
        assert_eq!(
            refusal.message(),
            "Countersign did not start this server: the secret for argument 3 was not released: failed \
             to ask 1Password: it is locked or not signed in. See to that secret manager, then start \
             the server again."
        );
    }

    #[test]
    fn a_program_that_is_not_found_is_named() {
        let refusal = Refusal::program(&ResolveError::NotInPath, "npx");
        assert_eq!(refusal.exit, Exit::NotFound);
        assert_eq!(
            refusal.what,
            "failed to find the program: there is none of that name in PATH (`npx`)"
        );
        let refusal = Refusal::program(&ResolveError::NotRunnable("./x".to_owned()), "./x");
        assert_eq!(refusal.exit, Exit::NotRunnable);
    }

    #[test]
    fn what_cannot_be_read_back_is_a_failure() {
        assert_eq!(Refusal::from_bytes(&[]).exit, Exit::Failed);
        assert_eq!(Refusal::from_bytes(b"\xff\xff").exit, Exit::Failed);
    }
}
