use std::ffi::OsString;

use countersign_model::GuardId;
use countersign_probe::Transport;

/// Headers that one entry may declare.
const HEADERS_MAX: usize = 100;

/// What a command line asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// To speak with a server.
    Start(Call),
    /// The version.
    Version,
    /// How it is called.
    Help,
}

/// A server that is asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Call {
    /// The entry's id; nothing is trusted because of it.
    pub(crate) entry: GuardId,
    /// How the server is spoken with.
    pub(crate) transport: Transport,
    /// Headers by name, as the entry has them.
    pub(crate) headers: Vec<(String, String)>,
    /// The address, as the entry has it.
    pub(crate) url: String,
}

/// Why a command line was not understood. Nothing of it is repeated: a credential may stand there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CallError {
    /// Nothing separates the bridge's own words from the address.
    #[error("there is no `--` before the address")]
    NoSeparator,
    /// There has to be one.
    #[error("there has to be one address after `--`")]
    NoAddress,
    /// The entry is not named.
    #[error("`--entry` is missing")]
    NoEntry,
    /// The entry's name is no id.
    #[error("`--entry` takes 32 lowercase hexadecimal digits")]
    NotAnId,
    /// A transport that is not spoken.
    #[error("`--transport` takes `http` or `sse`")]
    NotATransport,
    /// A header without a name.
    #[error("`--header` takes a name, a colon and a value")]
    NotAHeader,
    /// More than any entry has.
    #[error("there are more than {HEADERS_MAX} headers")]
    TooManyHeaders,
    /// An option without what it takes.
    #[error("`{0}` takes a value")]
    NoValue(&'static str),
    /// An option given more than once.
    #[error("`{0}` is given more than once")]
    Twice(&'static str),
    /// What is not text.
    #[error("argument {0} is not Unicode")]
    NotText(usize),
    /// Something else.
    #[error("argument {0} is not known; put the address after `--`")]
    Unknown(usize),
}

const ENTRY: &str = "--entry";
const HEADER: &str = "--header";
const TRANSPORT: &str = "--transport";

/// Reads a command line, without the program's own name.
pub(crate) fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Asked, CallError> {
    let mut arguments = (1..).zip(arguments).map(|(number, argument)| {
        let text = argument
            .into_string()
            .map_err(|_| CallError::NotText(number))?;
        Ok((number, text))
    });
    let (mut entry, mut transport, mut headers) = (None, None, Vec::new());
    loop {
        let (number, argument) = arguments.next().ok_or(CallError::NoSeparator)??;
        if number == 1 && argument == "--version" {
            return Ok(Asked::Version);
        }
        if number == 1 && argument == "--help" {
            return Ok(Asked::Help);
        }
        let option = match argument.as_str() {
            "--" => break,
            ENTRY => ENTRY,
            TRANSPORT => TRANSPORT,
            HEADER => HEADER,
            _ => return Err(CallError::Unknown(number)),
        };
        let (_, value) = arguments.next().ok_or(CallError::NoValue(option))??;
        match option {
            ENTRY if entry.is_some() => return Err(CallError::Twice(ENTRY)),
            ENTRY => entry = Some(GuardId::parse(&value).ok_or(CallError::NotAnId)?),
            TRANSPORT if transport.is_some() => return Err(CallError::Twice(TRANSPORT)),
            TRANSPORT => transport = Some(spoken(&value)?),
            _ if headers.len() >= HEADERS_MAX => return Err(CallError::TooManyHeaders),
            _ => headers.push(header(&value)?),
        }
    }
    let (_, url) = arguments.next().ok_or(CallError::NoAddress)??;
    if arguments.next().is_some() {
        return Err(CallError::NoAddress);
    }
    Ok(Asked::Start(Call {
        entry: entry.ok_or(CallError::NoEntry)?,
        transport: transport.unwrap_or(Transport::Any),
        headers,
        url,
    }))
}

fn spoken(word: &str) -> Result<Transport, CallError> {
    match word {
        "http" => Ok(Transport::Http),
        "sse" => Ok(Transport::Sse),
        _ => Err(CallError::NotATransport),
    }
}

/// The name is kept as it is spelled, blanks included: it is what the secret is bound to.
fn header(text: &str) -> Result<(String, String), CallError> {
    let (name, value) = text.split_once(':').ok_or(CallError::NotAHeader)?;
    if name.is_empty() {
        return Err(CallError::NotAHeader);
    }
    Ok((name.to_owned(), value.to_owned()))
}

#[cfg(test)]
mod tests {
    use countersign_model::GuardId;
    use countersign_probe::Transport;

    use super::{Asked, Call, CallError, read};

    const ID: &str = "8f14e45fceea167a5a36dedd4bea2543";

    fn asked(arguments: &[&str]) -> Result<Asked, CallError> {
        read(arguments.iter().map(Into::into))
    }

    #[test]
    fn reads_what_core_writes() {
        let entry = GuardId::parse(ID).expect("is an id");
        let url = "https://mcp.example.com/mcp";
        let call = |transport, headers: &[(&str, &str)]| {
            Asked::Start(Call {
                entry,
                transport,
                headers: headers
                    .iter()
                    .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                    .collect(),
                url: url.to_owned(),
            })
        };
        assert_eq!(
            asked(&["--entry", ID, "--", url]),
            Ok(call(Transport::Any, &[]))
        );
        assert_eq!(
            asked(&[
                "--entry",
                ID,
                "--transport",
                "sse",
                "--header",
                "X-Key: a:b",
                "--header",
                "Y:",
                "--",
                url
            ]),
            Ok(call(Transport::Sse, &[("X-Key", " a:b"), ("Y", "")]))
        );
        assert_eq!(asked(&["--version"]), Ok(Asked::Version));
        assert_eq!(asked(&["--help"]), Ok(Asked::Help));
    }

    #[test]
    fn says_what_it_did_not_understand_and_repeats_nothing() {
        for (arguments, error) in [
            (&[] as &[&str], CallError::NoSeparator),
            (&["--entry", ID], CallError::NoSeparator),
            (&["--entry", ID, "--"], CallError::NoAddress),
            (
                &["--entry", ID, "--", "https://a", "b"],
                CallError::NoAddress,
            ),
            (&["--", "https://a"], CallError::NoEntry),
            (&["--entry", "x", "--", "https://a"], CallError::NotAnId),
            (
                &["--entry", ID, "--entry", ID, "--", "x"],
                CallError::Twice("--entry"),
            ),
            (&["--entry"], CallError::NoValue("--entry")),
            (
                &["--entry", ID, "--transport", "ws", "--", "x"],
                CallError::NotATransport,
            ),
            (
                &["--entry", ID, "--header", "secret", "--", "x"],
                CallError::NotAHeader,
            ),
            (
                &["--entry", ID, "--header", ": secret", "--", "x"],
                CallError::NotAHeader,
            ),
            (
                &["--entry", ID, "--token=secret", "--", "x"],
                CallError::Unknown(3),
            ),
        ] {
            assert_eq!(asked(arguments), Err(error), "{arguments:?}");
            assert!(!error.to_string().contains("secret"));
        }
        let many: Vec<&str> = ["--header", "A: b"].repeat(101);
        assert_eq!(asked(&many), Err(CallError::TooManyHeaders));
    }
}
