//! Secrets that a secret manager keeps, and how they are asked for.

mod answer;
mod asking;
mod run;
mod text;

use std::{ffi::OsString, fmt, io, time::Duration};

use countersign_model::SecretText;

use self::{
    answer::NoValue,
    asking::{Origin, Refusal},
    run::{NotRun, Ran},
};

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
        line: Option<usize>,
    },
    Environment {
        name: String,
    },
    Command {
        program: String,
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
    /// Its program could not be started.
    #[error("start the program of {manager}")]
    Start {
        /// Who was to be asked.
        manager: &'static str,
        /// What the system said.
        #[source]
        source: io::Error,
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
/// The program gets no input and is ended, with all that it started, after `time`; [`ANSWER_TIME`] is
/// the usual one. Exactly one line end is taken off its output.
///
/// # Errors
/// [`ElsewhereError`]. An empty value is an error: nothing is started with one.
///
/// # Security
/// `environment` must be the user's own: what an entry declares must not be in it, or a config could
/// send the program elsewhere.
pub fn resolve(
    elsewhere: &Elsewhere,
    environment: &[(OsString, OsString)],
    time: Duration,
) -> Result<SecretText, ElsewhereError> {
    let manager = elsewhere.name();
    let source = &elsewhere.0;
    let asking = match asking::asking(source) {
        Origin::Variable(name) => return from_variable(name, environment, manager),
        Origin::Program(asking) => asking,
    };
    let program =
        run::find(asking.program, environment).ok_or_else(|| ElsewhereError::NotInstalled {
            manager,
            program: asking.program.to_owned(),
        })?;
    let ran =
        run::run(&program, &asking.arguments, environment, time).map_err(|error| match error {
            NotRun::TimedOut => ElsewhereError::TimedOut { manager, time },
            NotRun::TooLong => ElsewhereError::Unusable {
                manager,
                problem: "it is too long",
            },
            NotRun::Start(source) => ElsewhereError::Start { manager, source },
        })?;
    if !ran.succeeded {
        return Err(refused(source, manager, &ran));
    }
    answer::value(ran.output, &asking.answer).map_err(|error| match error {
        NoValue::Empty => ElsewhereError::Empty { manager },
        NoValue::Unusable(problem) => ElsewhereError::Unusable { manager, problem },
        NoValue::NotFound => ElsewhereError::NotFound {
            manager,
            said: String::new(),
        },
    })
}

fn from_variable(
    name: &str,
    environment: &[(OsString, OsString)],
    manager: &'static str,
) -> Result<SecretText, ElsewhereError> {
    let value = run::variable(environment, name).ok_or_else(|| ElsewhereError::NotFound {
        manager,
        said: format!("{name} is not set"),
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

fn refused(source: &Source, manager: &'static str, ran: &Ran) -> ElsewhereError {
    let said = String::from_utf8_lossy(&ran.said);
    let refusal = asking::refusal(source, ran.code, &said);
    let said = shown(source, ran, &said);
    match refusal {
        Refusal::NotSignedIn => ElsewhereError::NotSignedIn { manager, said },
        Refusal::NotFound => ElsewhereError::NotFound { manager, said },
        Refusal::Other => ElsewhereError::Failed {
            manager,
            code: ran.code,
            said,
        },
    }
}

/// What may be shown of what a program said: nothing where a value may be in it, which is where the
/// program also printed something, or is any program at all.
fn shown(source: &Source, ran: &Ran, said: &str) -> String {
    if !ran.output.is_empty() || matches!(source, Source::Command { .. }) {
        return String::new();
    }
    said.trim().to_owned()
}

#[cfg(all(test, unix))]
mod tests;
