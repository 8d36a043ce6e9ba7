//! How each secret manager's own program is asked, and what its refusals mean.
//!
//! Arguments are built from parts that [`Elsewhere::parse`](super::Elsewhere::parse) let through: none
//! can be taken for an option. No program is asked to unlock anything: where a manager has a switch for
//! that, it is set.

use super::Source;

/// A program and what it is given.
pub(super) struct Asking<'a> {
    pub(super) program: &'a str,
    pub(super) arguments: Vec<String>,
    pub(super) answer: Answer<'a>,
}

/// Where a value comes from.
pub(super) enum Origin<'a> {
    Variable(&'a str),
    Program(Asking<'a>),
}

/// How the value stands in the output.
pub(super) enum Answer<'a> {
    /// All of it.
    Text,
    /// A line of it, from 0.
    Line(usize),
    /// It is one JSON string.
    Json,
    /// It is one JSON string, which holds a JSON object with the value under a key.
    JsonKey(&'a str),
    /// It is a Bitwarden item.
    BitwardenItem { item: &'a str, field: &'a str },
}

/// Returns where the value comes from.
pub(super) fn asking(source: &Source) -> Origin<'_> {
    let (program, arguments, answer) = match source {
        // Source: https://developer.1password.com/docs/cli/reference/commands/read/ (2026-11)
        Source::OnePassword { reference } => ("op", strings(&["read", reference]), Answer::Text),
        // The whole item, because a name that is part of another's finds the other.
        // Source: https://bitwarden.com/help/cli/#get and, for `--nointeraction`,
        // github.com/bitwarden/clients apps/cli/src/program.ts (2026-11)
        Source::Bitwarden { item, field } => (
            "bw",
            strings(&["get", "item", item, "--nointeraction"]),
            Answer::BitwardenItem { item, field },
        ),
        // Source: https://developer.hashicorp.com/vault/docs/commands/kv/get (2026-11)
        Source::HashicorpVault { path, field } => (
            "vault",
            strings(&["kv", "get", &format!("-field={field}"), path]),
            Answer::Text,
        ),
        Source::AwsSecretsManager { name, key } => (
            "aws",
            aws(name),
            key.as_deref().map_or(Answer::Json, Answer::JsonKey),
        ),
        Source::GcpSecretManager {
            project,
            name,
            version,
        } => ("gcloud", gcloud(project, name, version), Answer::Text),
        Source::AzureKeyVault { vault, name } => ("az", az(vault, name), Answer::Json),
        // Source: https://git.zx2c4.com/password-store/about/ (2026-11)
        Source::Pass { path, line } => (
            "pass",
            strings(&["show", path]),
            line.map_or(Answer::Text, Answer::Line),
        ),
        Source::Command { program, arguments } => {
            (program.as_str(), arguments.clone(), Answer::Text)
        }
        Source::Environment { name } => return Origin::Variable(name),
    };
    Origin::Program(Asking {
        program,
        arguments,
        answer,
    })
}

/// As JSON, so that a value with line ends comes as it is, and none at all is told from one.
/// Source: <https://docs.aws.amazon.com/cli/latest/reference/secretsmanager/get-secret-value.html> (2026-11)
fn aws(name: &str) -> Vec<String> {
    let query = ["--query", "SecretString", "--output", "json"];
    let asked = ["secretsmanager", "get-secret-value", "--secret-id", name];
    strings(&[asked, query].concat())
}

/// Source: <https://cloud.google.com/sdk/gcloud/reference/secrets/versions/access> (2026-11)
fn gcloud(project: &str, name: &str, version: &str) -> Vec<String> {
    let secret = format!("--secret={name}");
    let project = format!("--project={project}");
    let asked = ["secrets", "versions", "access", version];
    strings(&[&asked[..], &[&secret, &project, "--quiet"]].concat())
}

/// As JSON, as for AWS.
/// Source: <https://learn.microsoft.com/cli/azure/keyvault/secret#az-keyvault-secret-show> (2026-11)
fn az(vault: &str, name: &str) -> Vec<String> {
    let asked = ["keyvault", "secret", "show"];
    let of = ["--vault-name", vault, "--name", name];
    let query = ["--query", "value", "--output", "json", "--only-show-errors"];
    strings(&[&asked[..], &of, &query].concat())
}

fn strings(arguments: &[&str]) -> Vec<String> {
    arguments.iter().map(|&text| text.to_owned()).collect()
}

/// What a refusal means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    NotSignedIn,
    NotFound,
    Other,
}

/// Tells what a program that failed meant, by its exit code and by what it said.
pub(super) fn refusal(source: &Source, code: Option<i32>, said: &str) -> Refusal {
    let said = said.to_lowercase();
    let says = |any: &[&str]| any.iter().any(|text| said.contains(text));
    let (locked, absent) = words(source);
    // 253 is for missing credentials alone. Source:
    // https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-returncodes.html (2026-11)
    let has_no_credentials =
        matches!(source, Source::AwsSecretsManager { .. }) && code == Some(253);
    if says(absent) {
        Refusal::NotFound
    } else if has_no_credentials || says(locked) {
        Refusal::NotSignedIn
    } else {
        Refusal::Other
    }
}

/// Returns what programs say when nobody is signed in, and when there is no such secret.
fn words(source: &Source) -> (&'static [&'static str], &'static [&'static str]) {
    match source {
        // Its messages are documented nowhere. Source: github.com/basecamp/kamal/pull/930,
        // github.com/cachix/devenv/issues/2149, github.com/1Password/op-vscode/issues/32,
        // github.com/ghostty-org/ghostty/issues/3521 (2026-11)
        Source::OnePassword { .. } => (
            &[
                "not currently signed in",
                "not signed in",
                "session expired",
                "could not find session token",
                "no accounts configured",
                "authorization prompt dismissed",
                "invalid session token",
            ],
            &[
                "isn't an item",
                "isn't a vault",
                "isn't a field",
                "does not have a field",
                "no item found",
            ],
        ),
        // Source: github.com/bitwarden/clients apps/cli/src/base-program.ts and models/response.ts
        Source::Bitwarden { .. } => (
            &["you are not logged in", "vault is locked"],
            &["not found"],
        ),
        // Source: github.com/hashicorp/vault command/kv_get.go and command/util.go; a token that is
        // missing or wrong is answered by the server with 400 or 403.
        Source::HashicorpVault { .. } => (
            &[
                "permission denied",
                "missing client token",
                "vault is sealed",
            ],
            &["no value found at", "not present in secret"],
        ),
        Source::AwsSecretsManager { .. } => (
            &[
                "unable to locate credentials",
                "token has expired",
                "expiredtoken",
                "unrecognizedclient",
                "invalidclienttokenid",
                "sso session",
                "accessdenied",
            ],
            &["resourcenotfoundexception"],
        ),
        Source::GcpSecretManager { .. } => (
            &[
                "do not currently have an active account",
                "gcloud auth login",
                "reauthentication",
                "permission_denied",
                "unauthenticated",
            ],
            &["not_found"],
        ),
        Source::AzureKeyVault { .. } => (
            &["az login", "aadsts", "(forbidden)", "(unauthorized)"],
            &["secretnotfound", "was not found in this key vault"],
        ),
        // Source: https://git.zx2c4.com/password-store/tree/src/password-store.sh (`cmd_show`); what
        // gpg says when its agent could not ask.
        Source::Pass { .. } => (
            &["decryption failed", "no secret key", "no pinentry"],
            &["is not in the password store"],
        ),
        Source::Environment { .. } | Source::Command { .. } => (&[], &[]),
    }
}
