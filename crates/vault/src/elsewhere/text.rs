//! The text form of a reference to a secret manager.

use std::path::Path;

use super::{Elsewhere, Source};

/// Bytes of a reference.
const TEXT_BYTES_MAX: usize = 4096;

/// Arguments of a command.
const ARGUMENTS_MAX: usize = 64;

/// Why a text is no reference to a secret manager.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ElsewhereSyntax {
    /// It begins with none of the known forms.
    #[error(
        "read the reference: it begins with none of op://, bw://, vault://, aws-sm://, gcp-sm://, azure-kv://, pass://, env: and command:"
    )]
    Unknown,
    /// It is too long.
    #[error("read the reference: it is longer than {TEXT_BYTES_MAX} bytes")]
    TooLong,
    /// It has not the parts of its form.
    #[error("read the reference: write it as {0}")]
    Form(&'static str),
    /// A part has a character that its manager does not take, or that could be taken for an option.
    #[error("read the reference: {0} has a character that does not belong there")]
    Character(&'static str),
}

impl Elsewhere {
    /// Reads a reference:
    ///
    /// | form | is |
    /// |---|---|
    /// | `op://vault/item/field`, `op://vault/item/section/field` | 1Password |
    /// | `bw://item/field` | Bitwarden: `password`, `username`, `notes` or a custom field's name |
    /// | `vault://path#field` | HashiCorp Vault, key-value engine |
    /// | `aws-sm://name`, `aws-sm://name#key` | AWS Secrets Manager, and a key of a JSON secret |
    /// | `gcp-sm://project/name`, `gcp-sm://project/name/version` | Google Secret Manager |
    /// | `azure-kv://vault/name` | Azure Key Vault |
    /// | `pass://path`, `pass://path#1` | pass: all of an entry, or a line of it |
    /// | `env:NAME` | an environment variable |
    /// | `command:["program","argument"]` | the output of a command, started with no shell |
    ///
    /// # Errors
    /// [`ElsewhereSyntax`].
    pub fn parse(text: &str) -> Result<Self, ElsewhereSyntax> {
        if text.len() > TEXT_BYTES_MAX {
            return Err(ElsewhereSyntax::TooLong);
        }
        let source = if text.starts_with("op://") {
            one_password(text)
        } else if let Some(rest) = text.strip_prefix("bw://") {
            bitwarden(rest)
        } else if let Some(rest) = text.strip_prefix("vault://") {
            hashicorp_vault(rest)
        } else if let Some(rest) = text.strip_prefix("aws-sm://") {
            aws_secrets_manager(rest)
        } else if let Some(rest) = text.strip_prefix("gcp-sm://") {
            gcp_secret_manager(rest)
        } else if let Some(rest) = text.strip_prefix("azure-kv://") {
            azure_key_vault(rest)
        } else if let Some(rest) = text.strip_prefix("pass://") {
            pass(rest)
        } else if let Some(rest) = text.strip_prefix("env:") {
            environment(rest)
        } else if let Some(rest) = text.strip_prefix("command:") {
            command(rest)
        } else {
            Err(ElsewhereSyntax::Unknown)
        };
        source.map(Self)
    }

    /// Returns the text that [`Elsewhere::parse`] reads.
    ///
    /// # Panics
    /// Never: a list of texts can be written.
    pub fn text(&self) -> String {
        match &self.0 {
            Source::OnePassword { reference } => reference.clone(),
            Source::Bitwarden { item, field } => format!("bw://{item}/{field}"),
            Source::HashicorpVault { path, field } => format!("vault://{path}#{field}"),
            Source::AwsSecretsManager { name, key: None } => format!("aws-sm://{name}"),
            Source::AwsSecretsManager {
                name,
                key: Some(key),
            } => format!("aws-sm://{name}#{key}"),
            Source::GcpSecretManager {
                project,
                name,
                version,
            } => format!("gcp-sm://{project}/{name}/{version}"),
            Source::AzureKeyVault { vault, name } => format!("azure-kv://{vault}/{name}"),
            Source::Pass { path, line: None } => format!("pass://{path}"),
            Source::Pass {
                path,
                line: Some(line),
            } => format!("pass://{path}#{}", line + 1),
            Source::Environment { name } => format!("env:{name}"),
            Source::Command { program, arguments } => {
                let all: Vec<&String> = std::iter::once(program).chain(arguments).collect();
                let written = serde_json::to_string(&all).expect("a list of texts can be written");
                format!("command:{written}")
            }
        }
    }
}

fn one_password(text: &str) -> Result<Source, ElsewhereSyntax> {
    const FORM: &str = "op://vault/item/field or op://vault/item/section/field";
    let rest = text.strip_prefix("op://").unwrap_or_default();
    let parts: Vec<&str> = rest.split('/').collect();
    let has_parts = matches!(parts.len(), 3 | 4) && parts.iter().all(|part| !part.is_empty());
    if !has_parts {
        return Err(ElsewhereSyntax::Form(FORM));
    }
    readable(text, "the reference")?;
    Ok(Source::OnePassword {
        reference: text.to_owned(),
    })
}

fn bitwarden(rest: &str) -> Result<Source, ElsewhereSyntax> {
    let (item, field) = two(rest, '/', "bw://item/field")?;
    Ok(Source::Bitwarden {
        item: argument(item, "the item")?,
        field: readable(field, "the field")?,
    })
}

fn hashicorp_vault(rest: &str) -> Result<Source, ElsewhereSyntax> {
    let (path, field) = two(rest, '#', "vault://path#field")?;
    Ok(Source::HashicorpVault {
        path: argument(path, "the path")?,
        field: readable(field, "the field")?,
    })
}

fn aws_secrets_manager(rest: &str) -> Result<Source, ElsewhereSyntax> {
    const FORM: &str = "aws-sm://name or aws-sm://name#key";
    let (name, key) = match rest.split_once('#') {
        Some((name, key)) if !key.is_empty() => (name, Some(readable(key, "the key")?)),
        Some(_) => return Err(ElsewhereSyntax::Form(FORM)),
        None => (rest, None),
    };
    if name.is_empty() {
        return Err(ElsewhereSyntax::Form(FORM));
    }
    // Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
    // ("ASCII letters, numbers, and the following characters: /_+=.@-"), checked 2026-11; a colon stands
    // in an ARN, and `!` in the names that other services of AWS give.
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "/_+=.@!-:".contains(c);
    Ok(Source::AwsSecretsManager {
        name: only(name, is_allowed, "the name")?,
        key,
    })
}

fn gcp_secret_manager(rest: &str) -> Result<Source, ElsewhereSyntax> {
    const FORM: &str = "gcp-sm://project/name or gcp-sm://project/name/version";
    let parts: Vec<&str> = rest.split('/').collect();
    let (project, name, version) = match parts[..] {
        [project, name] => (project, name, "latest"),
        [project, name, version] => (project, name, version),
        _ => return Err(ElsewhereSyntax::Form(FORM)),
    };
    if project.is_empty() || name.is_empty() || version.is_empty() {
        return Err(ElsewhereSyntax::Form(FORM));
    }
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
    // A project of an organisation may be `example.com:name`.
    let in_project = |c: char| is_allowed(c) || ".:".contains(c);
    Ok(Source::GcpSecretManager {
        project: only(project, in_project, "the project")?,
        name: only(name, is_allowed, "the name")?,
        version: only(version, is_allowed, "the version")?,
    })
}

fn azure_key_vault(rest: &str) -> Result<Source, ElsewhereSyntax> {
    let (vault, name) = two(rest, '/', "azure-kv://vault/name")?;
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || c == '-';
    Ok(Source::AzureKeyVault {
        vault: only(vault, is_allowed, "the vault")?,
        name: only(name, is_allowed, "the name")?,
    })
}

fn pass(rest: &str) -> Result<Source, ElsewhereSyntax> {
    const FORM: &str = "pass://path or pass://path#line";
    let (path, line) = match rest.rsplit_once('#') {
        Some((path, line)) => {
            let line: u16 = line.parse().map_err(|_| ElsewhereSyntax::Form(FORM))?;
            let index = line.checked_sub(1).ok_or(ElsewhereSyntax::Form(FORM))?;
            (path, Some(usize::from(index)))
        }
        None => (rest, None),
    };
    if path.is_empty() {
        return Err(ElsewhereSyntax::Form(FORM));
    }
    if path.starts_with('/') || path.split('/').any(|part| part == "..") {
        return Err(ElsewhereSyntax::Character("the path"));
    }
    Ok(Source::Pass {
        path: argument(path, "the path")?,
        line,
    })
}

fn environment(rest: &str) -> Result<Source, ElsewhereSyntax> {
    if rest.is_empty() {
        return Err(ElsewhereSyntax::Form("env:NAME"));
    }
    if rest.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(ElsewhereSyntax::Character("the name"));
    }
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || c == '_';
    Ok(Source::Environment {
        name: only(rest, is_allowed, "the name")?,
    })
}

fn command(rest: &str) -> Result<Source, ElsewhereSyntax> {
    const FORM: &str = "command:[\"program\",\"argument\"], with a program's name or whole path";
    let all: Vec<String> = serde_json::from_str(rest).map_err(|_| ElsewhereSyntax::Form(FORM))?;
    let (program, arguments) = all.split_first().ok_or(ElsewhereSyntax::Form(FORM))?;
    let is_bare = !program.is_empty() && !program.contains(['/', '\\']);
    let is_whole = Path::new(program).is_absolute();
    if !(is_bare || is_whole) || arguments.len() > ARGUMENTS_MAX {
        return Err(ElsewhereSyntax::Form(FORM));
    }
    readable(program, "the program")?;
    if arguments.iter().any(|argument| argument.contains('\0')) {
        return Err(ElsewhereSyntax::Character("an argument"));
    }
    Ok(Source::Command {
        program: program.clone(),
        arguments: arguments.to_vec(),
    })
}

/// Splits at the last separator into two parts that are not empty.
fn two<'a>(
    text: &'a str,
    separator: char,
    form: &'static str,
) -> Result<(&'a str, &'a str), ElsewhereSyntax> {
    text.rsplit_once(separator)
        .filter(|(first, second)| !first.is_empty() && !second.is_empty())
        .ok_or(ElsewhereSyntax::Form(form))
}

/// Takes a text that stands as an argument of its own: nothing that a program takes for an option.
fn argument(text: &str, part: &'static str) -> Result<String, ElsewhereSyntax> {
    if text.starts_with('-') {
        return Err(ElsewhereSyntax::Character(part));
    }
    readable(text, part)
}

/// Takes any text that can be read: one that never stands as an argument of its own.
fn readable(text: &str, part: &'static str) -> Result<String, ElsewhereSyntax> {
    if text.contains(char::is_control) {
        return Err(ElsewhereSyntax::Character(part));
    }
    Ok(text.to_owned())
}

/// Takes a text of some characters alone, which is no option either.
fn only(
    text: &str,
    is_allowed: impl Fn(char) -> bool,
    part: &'static str,
) -> Result<String, ElsewhereSyntax> {
    if !text.chars().all(is_allowed) {
        return Err(ElsewhereSyntax::Character(part));
    }
    argument(text, part)
}

#[cfg(test)]
mod tests {
    use super::{Elsewhere, ElsewhereSyntax};

    #[test]
    fn every_form_is_read_and_written_back() {
        for text in [
            "op://dev/github/token",
            "op://dev/github/api keys/token",
            "bw://github/password",
            "bw://99ee88d2-6046-4ea7-92c2-acac464b1412/api key",
            "vault://secret/github#token",
            "aws-sm://prod/github",
            "aws-sm://prod/github#token",
            "aws-sm://arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/github-AbCdEf",
            "gcp-sm://project-1/github/latest",
            "gcp-sm://example.com:project/github/7",
            "azure-kv://team-vault/github-token",
            "pass://work/github",
            "pass://work/github#1",
            "env:GITHUB_TOKEN",
            r#"command:["security","find-generic-password","-w"]"#,
            r#"command:["/usr/local/bin/token"]"#,
        ] {
            let read = Elsewhere::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(read.text(), text);
        }
        let latest = Elsewhere::parse("gcp-sm://p/github").expect("is read");
        assert_eq!(latest.text(), "gcp-sm://p/github/latest");
    }

    #[test]
    fn nothing_in_a_reference_can_become_an_option() {
        for text in [
            "bw://--session/password",
            "vault://-address=https:/evil.example#token",
            "aws-sm://--endpoint-url",
            "gcp-sm://p/-x",
            "gcp-sm://p/x/--impersonate-service-account",
            "azure-kv://-x/name",
            "azure-kv://x/--id",
            "pass://--help",
            "pass://../other",
            "pass:///etc/passwd",
        ] {
            let error = Elsewhere::parse(text).expect_err(text);
            assert!(matches!(error, ElsewhereSyntax::Character(_)), "{text}");
        }
    }

    #[test]
    fn what_is_no_reference_is_told_why() {
        let error = |text: &str| Elsewhere::parse(text).expect_err(text);
        assert_eq!(error("ghp_0123"), ElsewhereSyntax::Unknown);
        assert_eq!(error(""), ElsewhereSyntax::Unknown);
        assert_eq!(
            error(&format!("pass://{}", "x".repeat(5000))),
            ElsewhereSyntax::TooLong
        );
        for text in [
            "op://",
            "op://vault/item",
            "op://a/b/c/d/e",
            "op://a//b",
            "bw://item",
            "bw:///password",
            "vault://path",
            "vault://#field",
            "aws-sm://",
            "aws-sm://name#",
            "gcp-sm://project",
            "gcp-sm://a//b",
            "azure-kv://vault",
            "pass://",
            "pass://a#0",
            "pass://a#x",
            "env:",
            "command:",
            "command:[]",
            "command:rm -rf",
            r#"command:["./script"]"#,
            r#"command:["sub/script"]"#,
            r#"command:[""]"#,
        ] {
            assert!(matches!(error(text), ElsewhereSyntax::Form(_)), "{text}");
        }
        for text in [
            "op://a/b/c\nd",
            "env:A=B",
            "env:1A",
            "env:A\0",
            "aws-sm://a b",
            "command:[\"a\\u0000\"]",
            "command:[\"a\",\"b\\u0000\"]",
        ] {
            let error = error(text);
            assert!(matches!(error, ElsewhereSyntax::Character(_)), "{text}");
        }
    }
}
