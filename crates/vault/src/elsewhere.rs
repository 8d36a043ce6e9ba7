//! Secrets that a secret manager keeps, and how they are asked for.

mod text;

use std::{ffi::OsString, fmt, time::Duration};

use countersign_model::SecretText;

pub use text::ElsewhereSyntax;

/// Time that a secret manager's program is given by default.
pub const ANSWER_TIME: Duration = Duration::from_secs(10);

/// A secret that a secret manager keeps. Only [`Elsewhere::parse`] makes one, so what its program is
/// given is always well-formed.
#[derive(Clone, PartialEq, Eq)]
pub struct Elsewhere(pub(crate) Source);

/// What is asked for, and of whom.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Source {
    OnePassword {
        reference: String,
    },
    Bitwarden {
        item: String,
        field: String,
    },
    HashicorpVault {
        path: String,
        field: String,
    },
    AwsSecretsManager {
        name: String,
        key: Option<String>,
    },
    GcpSecretManager {
        project: String,
        name: String,
        version: String,
    },
    AzureKeyVault {
        vault: String,
        name: String,
    },
    Pass {
        path: String,
    },
    Environment {
        name: String,
    },
    Command {
        arguments: Vec<String>,
    },
}

impl Elsewhere {
    /// Returns who has the secret, in words.
    pub fn name(&self) -> &'static str {
        match &self.0 {
            Source::OnePassword { .. } => "1Password",
            Source::Bitwarden { .. } => "Bitwarden",
            Source::HashicorpVault { .. } => "HashiCorp Vault",
            Source::AwsSecretsManager { .. } => "AWS Secrets Manager",
            Source::GcpSecretManager { .. } => "Google Secret Manager",
            Source::AzureKeyVault { .. } => "Azure Key Vault",
            Source::Pass { .. } => "pass",
            Source::Environment { .. } => "an environment variable",
            Source::Command { .. } => "a command",
        }
    }
}

impl fmt::Debug for Elsewhere {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Elsewhere({})", self.name())
    }
}

/// Why a secret manager gave no secret.
#[derive(Debug, thiserror::Error)]
pub enum ElsewhereError {
    /// Its program is not on the search path.
    #[error("ask {manager}: its program `{program}` is not installed")]
    NotInstalled {
        /// Who was to be asked.
        manager: &'static str,
        /// Its program.
        program: String,
    },
    /// The user is not signed in there, or it is locked.
    #[error("ask {manager}: it is locked or not signed in")]
    NotSignedIn {
        /// Who was asked.
        manager: &'static str,
        /// What its program said; untrusted text.
        said: String,
    },
    /// It has no such secret.
    #[error("find the secret in {manager}")]
    NotFound {
        /// Who was asked.
        manager: &'static str,
        /// What its program said; untrusted text.
        said: String,
    },
    /// It did not answer in time and was ended.
    #[error("ask {manager}: it did not answer in {} s", time.as_secs())]
    TimedOut {
        /// Who was asked.
        manager: &'static str,
        /// The time it was given.
        time: Duration,
    },
    /// Its program failed.
    #[error("ask {manager}: its program failed{}", code.map_or_else(String::new, |code| format!(" with exit code {code}")))]
    Failed {
        /// Who was asked.
        manager: &'static str,
        /// Its exit code, if it ended by itself.
        code: Option<i32>,
        /// What its program said; untrusted text.
        said: String,
    },
    /// It gave an empty value.
    #[error("ask {manager}: the value is empty")]
    Empty {
        /// Who was asked.
        manager: &'static str,
    },
    /// It gave something that cannot be a value: too long, or not text.
    #[error("use what {manager} gave: {problem}")]
    Unusable {
        /// Who was asked.
        manager: &'static str,
        /// Why it cannot be used.
        problem: &'static str,
    },
}

/// Asks a secret manager for a secret, by its own program.
///
/// `environment` is the user's own: what an entry declares must not be in it, or a config could send
/// the program elsewhere. `time` bounds the whole answer; [`ANSWER_TIME`] is the usual one.
///
/// # Errors
/// [`ElsewhereError`].
pub fn resolve(
    elsewhere: &Elsewhere,
    environment: &[(OsString, OsString)],
    time: Duration,
) -> Result<SecretText, ElsewhereError> {
    let manager = elsewhere.name();
    let _ = time;
    match &elsewhere.0 {
        Source::Environment { name } => {
            let found = environment
                .iter()
                .find(|(known, _)| *known == name.as_str());
            let (_, value) = found.ok_or_else(|| ElsewhereError::NotFound {
                manager,
                said: String::new(),
            })?;
            let text = value.to_str().ok_or(ElsewhereError::Unusable {
                manager,
                problem: "it is not text",
            })?;
            if text.is_empty() {
                return Err(ElsewhereError::Empty { manager });
            }
            Ok(SecretText::new(text.to_owned()))
        }
        _ => Err(ElsewhereError::NotInstalled {
            manager,
            program: String::new(),
        }),
    }
}
