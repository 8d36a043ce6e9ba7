use std::{
    collections::BTreeSet,
    ffi::{OsStr, OsString},
};

use countersign_model::GuardId;
use countersign_vault::KEEP;

/// What a command line asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// To start a server.
    Start(Call),
    /// The version.
    Version,
    /// How it is called.
    Help,
    /// To write an item to the keyring, for Countersign.
    Keep,
}

/// A server that is asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Call {
    /// The entry's id; nothing is trusted because of it.
    pub(crate) entry: GuardId,
    /// The variables that the entry declares.
    pub(crate) declared: BTreeSet<String>,
    /// The program, as the entry names it.
    pub(crate) program: OsString,
    /// Its arguments, as the entry has them.
    pub(crate) arguments: Vec<OsString>,
}

/// Why a command line was not understood.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CallError {
    /// Nothing separates the guard's own words from the server's.
    #[error("there is no `--` before the program")]
    NoSeparator,
    /// Nothing comes after the separator.
    #[error("there is no program after `--`")]
    NoProgram,
    /// The entry is not named.
    #[error("`--entry` is missing")]
    NoEntry,
    /// The entry's name is no id.
    #[error("`--entry` takes 32 lowercase hexadecimal digits")]
    NotAnId,
    /// A name that no variable can have.
    #[error("`--env` takes names of variables, separated by commas")]
    NotNames,
    /// An option without what it takes.
    #[error("`{0}` takes a value")]
    NoValue(&'static str),
    /// An option given more than once.
    #[error("`{0}` is given more than once")]
    Twice(&'static str),
    /// Something else. It is not repeated: it may be what a secret belongs to.
    #[error("argument {0} is not known; put the program after `--`")]
    Unknown(usize),
}

const ENTRY: &str = "--entry";
const ENV: &str = "--env";

/// Reads a command line, without the program's own name. What comes after `--` is taken as it is.
pub(crate) fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Asked, CallError> {
    let mut arguments = (1..).zip(arguments);
    let (mut entry, mut declared) = (None, None);
    loop {
        let Some((number, argument)) = arguments.next() else {
            return Err(CallError::NoSeparator);
        };
        if argument == "--" {
            break;
        }
        if number == 1 && argument == "--version" {
            return Ok(Asked::Version);
        }
        if number == 1 && argument == "--help" {
            return Ok(Asked::Help);
        }
        if number == 1 && argument == KEEP {
            return match arguments.next() {
                None => Ok(Asked::Keep),
                Some((number, _)) => Err(CallError::Unknown(number)),
            };
        }
        let (slot, name) = match option(&argument) {
            Some(ENTRY) => (&mut entry, ENTRY),
            Some(ENV) => (&mut declared, ENV),
            _ => return Err(CallError::Unknown(number)),
        };
        let inline = argument.to_str().and_then(|text| text.split_once('='));
        let value = match inline {
            Some((_, value)) => Some(OsString::from(value)),
            None => arguments.next().map(|(_, value)| value),
        };
        if slot.is_some() {
            return Err(CallError::Twice(name));
        }
        *slot = Some(
            value
                .filter(|value| value != "--")
                .ok_or(CallError::NoValue(name))?,
        );
    }
    let (_, program) = arguments.next().ok_or(CallError::NoProgram)?;
    Ok(Asked::Start(Call {
        entry: id(&entry.ok_or(CallError::NoEntry)?)?,
        declared: names(&declared.unwrap_or_default())?,
        program,
        arguments: arguments.map(|(_, argument)| argument).collect(),
    }))
}

/// The option that an argument names, with or without a value.
fn option(argument: &OsStr) -> Option<&str> {
    let text = argument.to_str()?;
    Some(text.split_once('=').map_or(text, |(name, _)| name))
}

fn id(text: &OsStr) -> Result<GuardId, CallError> {
    text.to_str()
        .and_then(GuardId::parse)
        .ok_or(CallError::NotAnId)
}

fn names(list: &OsStr) -> Result<BTreeSet<String>, CallError> {
    let list = list.to_str().ok_or(CallError::NotNames)?;
    if list.is_empty() {
        return Ok(BTreeSet::new());
    }
    let name = |name: &str| match name.is_empty() || name.contains(['=', '\0']) {
        true => Err(CallError::NotNames),
        false => Ok(name.to_owned()),
    };
    list.split(',').map(name).collect()
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use countersign_model::GuardId;

    use super::{Asked, Call, CallError, read};

    const ID: &str = "0123456789abcdef0123456789abcdef";

    fn arguments(line: &str) -> Vec<OsString> {
        line.replace("ID", ID)
            .split_whitespace()
            .map(Into::into)
            .collect()
    }

    fn check(line: &str, declared: &[&str], program: &str, rest: &[&str]) {
        let expect = Call {
            entry: GuardId::parse(ID).unwrap(),
            declared: declared.iter().map(|&name| name.to_owned()).collect(),
            program: program.into(),
            arguments: rest.iter().map(Into::into).collect(),
        };
        assert_eq!(read(arguments(line)), Ok(Asked::Start(expect)), "{line}");
    }

    fn check_error(line: &str, expect: CallError) {
        assert_eq!(read(arguments(line)), Err(expect), "{line}");
    }

    #[test]
    fn reads_a_call() {
        check("--entry ID -- npx", &[], "npx", &[]);
        check(
            "--entry ID --env A,B -- npx -y x",
            &["A", "B"],
            "npx",
            &["-y", "x"],
        );
        check("--env=A --entry=ID -- npx", &["A"], "npx", &[]);
        check("--env= --entry=ID -- npx", &[], "npx", &[]);
    }

    #[test]
    fn leaves_what_follows_the_separator_alone() {
        check(
            "--entry ID -- x -- --entry --version",
            &[],
            "x",
            &["--", "--entry", "--version"],
        );
        check("--entry ID -- --", &[], "--", &[]);
    }

    #[cfg(unix)]
    #[test]
    fn keeps_arguments_that_are_not_text() {
        use std::os::unix::ffi::OsStringExt;
        let odd = OsString::from_vec(vec![0xff, b'=', 0xfe]);
        let mut line = arguments("--entry ID -- x");
        line.push(odd.clone());
        let Ok(Asked::Start(call)) = read(line) else {
            unreachable!("it is a call");
        };
        assert_eq!(call.arguments, std::slice::from_ref(&odd));
        assert_eq!(read([odd]), Err(CallError::Unknown(1)));
    }

    #[test]
    fn says_what_is_wrong() {
        check_error("", CallError::NoSeparator);
        check_error("--entry ID npx", CallError::Unknown(3));
        check_error("--entry ID", CallError::NoSeparator);
        check_error("--entry ID --", CallError::NoProgram);
        check_error("-- npx", CallError::NoEntry);
        check_error("--entry -- npx", CallError::NoValue("--entry"));
        check_error("--entry", CallError::NoValue("--entry"));
        check_error("--entry 0123 -- npx", CallError::NotAnId);
        check_error("--entry ID --entry ID -- npx", CallError::Twice("--entry"));
        check_error("--entry ID --env A,,B -- npx", CallError::NotNames);
        check_error("--entry ID --env=A=B -- npx", CallError::NotNames);
        check_error("--entry ID --verbose -- npx", CallError::Unknown(3));
    }

    #[test]
    fn tells_its_version_and_how_it_is_called() {
        assert_eq!(read(arguments("--version")), Ok(Asked::Version));
        assert_eq!(read(arguments("--help")), Ok(Asked::Help));
    }

    #[test]
    fn keeps_an_item_where_nothing_else_is_asked_for() {
        assert_eq!(read(arguments("--keep")), Ok(Asked::Keep));
        check_error("--keep hunter2", CallError::Unknown(2));
        check_error("--entry ID --keep -- x", CallError::Unknown(3));
    }
}
