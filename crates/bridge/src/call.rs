use std::ffi::OsString;

use countersign_model::{Bridged, GuardId};
use countersign_probe::Transport;

/// Headers of one entry, at most.
const HEADERS_MAX: usize = 100;

/// What a command line asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// To reach a server.
    Start(Call),
    /// The version.
    Version,
    /// How it is called.
    Help,
}

/// A server that is asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Call {
    /// The entry, as it is written.
    pub(crate) bridged: Bridged,
    /// How the server wants to be spoken with.
    pub(crate) transport: Transport,
}

/// Why a command line was not understood. What stands in it is not repeated: it may be a secret.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CallError {
    /// Nothing separates the bridge's own words from the address.
    #[error("there is no `--` before the address")]
    NoSeparator,
    /// Nothing comes after the separator.
    #[error("there is no address after `--`")]
    NoAddress,
    /// The entry is not named.
    #[error("`--entry` is missing")]
    NoEntry,
    /// The entry's name is no id.
    #[error("`--entry` takes 32 lowercase hexadecimal digits")]
    NotAnId,
    /// No transport of that name.
    #[error("`--transport` takes `http` or `sse`")]
    NotATransport,
    /// A header without a colon, or without a name.
    #[error("argument {0}: `--header` takes `Name: value`")]
    NotAHeader(usize),
    /// More than anybody needs.
    #[error("more than {HEADERS_MAX} headers are given")]
    TooMany,
    /// An option without what it takes.
    #[error("`{0}` takes a value")]
    NoValue(&'static str),
    /// An option given more than once.
    #[error("`{0}` is given more than once")]
    Twice(&'static str),
    /// An argument that is no text.
    #[error("argument {0} is not Unicode")]
    NotText(usize),
    /// Something else.
    #[error("argument {0} is not known; put the address alone after `--`")]
    Unknown(usize),
}

/// Reads a command line, without the program's own name.
pub(crate) fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Asked, CallError> {
    let texts = (1..).zip(arguments).map(|(number, argument)| {
        let text = argument.into_string();
        text.map(|text| (number, text))
            .map_err(|_| CallError::NotText(number))
    });
    let mut texts = texts.collect::<Result<Vec<_>, _>>()?.into_iter();
    let (mut entry, mut transport, mut headers) = (None, None, Vec::new());
    loop {
        let (number, text) = texts.next().ok_or(CallError::NoSeparator)?;
        if text == Bridged::SEPARATOR {
            break;
        }
        if number == 1 && text == "--version" {
            return Ok(Asked::Version);
        }
        if number == 1 && text == "--help" {
            return Ok(Asked::Help);
        }
        let (name, inline) = match text.split_once('=') {
            Some((name, value)) => (name, Some((number, value.to_owned()))),
            None => (text.as_str(), None),
        };
        let name = [Bridged::ENTRY, Bridged::TRANSPORT, Bridged::HEADER]
            .into_iter()
            .find(|known| *known == name)
            .ok_or(CallError::Unknown(number))?;
        let value = inline.or_else(|| texts.next().filter(|(_, text)| text != Bridged::SEPARATOR));
        let (number, value) = value.ok_or(CallError::NoValue(name))?;
        match name {
            Bridged::ENTRY => once(&mut entry, name, value)?,
            Bridged::TRANSPORT => once(&mut transport, name, value)?,
            _ => headers.push(header(number, value)?),
        }
    }
    let (_, url) = texts.next().ok_or(CallError::NoAddress)?;
    if let Some((number, _)) = texts.next() {
        return Err(CallError::Unknown(number));
    }
    if headers.len() > HEADERS_MAX {
        return Err(CallError::TooMany);
    }
    let transport = spoken(transport.as_deref())?;
    Ok(Asked::Start(Call {
        bridged: Bridged {
            id: GuardId::parse(&entry.ok_or(CallError::NoEntry)?).ok_or(CallError::NotAnId)?,
            is_sse: transport == Transport::Sse,
            headers,
            url,
        },
        transport,
    }))
}

fn once(slot: &mut Option<String>, name: &'static str, value: String) -> Result<(), CallError> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(CallError::Twice(name)),
    }
}

fn header(number: usize, value: String) -> Result<String, CallError> {
    match value.split_once(':') {
        Some((name, _)) if !name.is_empty() => Ok(value),
        _ => Err(CallError::NotAHeader(number)),
    }
}

fn spoken(transport: Option<&str>) -> Result<Transport, CallError> {
    match transport {
        None => Ok(Transport::Any),
        Some("http") => Ok(Transport::Http),
        Some(Bridged::SSE) => Ok(Transport::Sse),
        Some(_) => Err(CallError::NotATransport),
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use countersign_model::{Bridged, GuardId};
    use countersign_probe::Transport;

    use super::{Asked, Call, CallError, HEADERS_MAX, read};

    const ID: &str = "0123456789abcdef0123456789abcdef";

    const URL: &str = "https://mcp.example.com/mcp";

    /// Words of a line; `_` stands for a blank inside of one.
    fn arguments(line: &str) -> Vec<OsString> {
        let words = line.replace("ID", ID).replace("URL", URL);
        words
            .split(' ')
            .filter(|word| !word.is_empty())
            .map(|word| word.replace('_', " ").into())
            .collect()
    }

    fn check(line: &str, transport: Transport, headers: &[&str]) {
        let expect = Call {
            bridged: Bridged {
                id: GuardId::parse(ID).unwrap(),
                is_sse: transport == Transport::Sse,
                headers: headers.iter().map(|&header| header.to_owned()).collect(),
                url: URL.to_owned(),
            },
            transport,
        };
        assert_eq!(read(arguments(line)), Ok(Asked::Start(expect)), "{line}");
    }

    fn check_error(line: &str, expect: CallError) {
        assert_eq!(read(arguments(line)), Err(expect), "{line}");
    }

    #[test]
    fn reads_a_call() {
        check("--entry ID -- URL", Transport::Any, &[]);
        check("--entry ID --transport http -- URL", Transport::Http, &[]);
        check(
            "--header X-A:_1 --transport=sse --header=x-b:2=3 --entry=ID -- URL",
            Transport::Sse,
            &["X-A: 1", "x-b:2=3"],
        );
    }

    #[test]
    fn reads_what_an_entry_is_written_with_and_is_bound_to_the_same() {
        for (is_sse, headers) in [
            (false, vec![]),
            (true, vec!["Authorization: Bearer x", "X-Key:y", "x: --"]),
        ] {
            let written = Bridged {
                id: GuardId::from_bytes([7; 16]),
                is_sse,
                headers: headers.into_iter().map(str::to_owned).collect(),
                url: URL.to_owned(),
            };
            let arguments = written.arguments().into_iter().map(OsString::from);
            let Ok(Asked::Start(call)) = read(arguments) else {
                unreachable!("it is a call");
            };
            assert_eq!(call.bridged.binding(), written.binding());
            assert_eq!(call.bridged, written);
        }
    }

    #[test]
    fn says_what_is_wrong() {
        check_error("", CallError::NoSeparator);
        check_error("--entry ID URL", CallError::Unknown(3));
        check_error("--entry ID", CallError::NoSeparator);
        check_error("--entry ID --", CallError::NoAddress);
        check_error("-- URL", CallError::NoEntry);
        check_error("--entry -- URL", CallError::NoValue("--entry"));
        check_error("--header", CallError::NoValue("--header"));
        check_error("--entry 0123 -- URL", CallError::NotAnId);
        check_error("--entry ID --entry ID -- URL", CallError::Twice("--entry"));
        check_error(
            "--entry ID --transport stdio -- URL",
            CallError::NotATransport,
        );
        check_error("--entry ID --header x -- URL", CallError::NotAHeader(4));
        check_error("--entry ID --header=:x -- URL", CallError::NotAHeader(3));
        check_error("--entry ID -- URL more", CallError::Unknown(5));
        check_error("--entry ID --env A -- URL", CallError::Unknown(3));
        let many = "--header a:b ".repeat(HEADERS_MAX + 1);
        check_error(&format!("--entry ID {many} -- URL"), CallError::TooMany);
    }

    #[test]
    fn tells_its_version_and_how_it_is_called() {
        assert_eq!(read(arguments("--version")), Ok(Asked::Version));
        assert_eq!(read(arguments("--help")), Ok(Asked::Help));
    }

    #[cfg(unix)]
    #[test]
    fn what_is_not_text_is_refused() {
        use std::os::unix::ffi::OsStringExt;
        let mut line = arguments("--entry ID --");
        line.push(OsString::from_vec(vec![0xff]));
        assert_eq!(read(line), Err(CallError::NotText(4)));
    }
}
