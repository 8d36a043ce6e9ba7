//! What a guarded entry looks like: the original command behind the guard. [`Bridged`] is an address
//! behind the bridge.

use countersign_model::{Bridged, Entry, GuardId, Identity, Server, Start};

/// What stands before the entry's id.
const ENTRY: &str = "--entry";

/// What stands before the variables' names.
const NAMES: &str = "--env";

/// What stands before the original.
const SEPARATOR: &str = "--";

/// A command behind the guard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Guarded {
    /// The entry's id.
    pub(super) id: GuardId,
    /// The variables that the entry declares.
    pub(super) names: Vec<String>,
    /// Tokens before the original command, without the guard itself.
    pub(super) prefix: usize,
}

/// Returns the arguments that put a command behind the guard, without the command itself.
pub(super) fn guard_arguments(id: GuardId, names: &[String]) -> Vec<String> {
    let mut arguments = vec![ENTRY.to_owned(), id.to_string()];
    if !names.is_empty() {
        arguments.push(NAMES.to_owned());
        arguments.push(names.join(","));
    }
    arguments.push(SEPARATOR.to_owned());
    arguments
}

/// Reads the guard's own arguments; `None` where they are not what [`guard_arguments`] makes.
pub(super) fn guarded(arguments: &[&str]) -> Option<Guarded> {
    let (id, rest) = entry(arguments)?;
    let (names, prefix) = match rest {
        [NAMES, names, SEPARATOR, _, ..] => (names.split(',').map(str::to_owned).collect(), 5),
        [SEPARATOR, _, ..] => (Vec::new(), 3),
        _ => return None,
    };
    Some(Guarded { id, names, prefix })
}

/// Returns the names of the headers that an entry sends through the bridge.
pub(crate) fn bridged_headers<'entry>(
    entry: &'entry Entry,
    server: &Server,
) -> impl Iterator<Item = &'entry str> {
    let is_bridged = matches!(server.identity, Identity::Remote { .. }) && server.bridge.is_none();
    let command = match &entry.start {
        Start::Command(command) if is_bridged => Some(command),
        _ => None,
    };
    let tokens = command.map_or(&[][..], |command| &command.arguments);
    tokens.windows(2).filter_map(|pair| {
        let why = "the name of a header is no secret";
        let (flag, header) = (pair[0].expose(why), pair[1].expose(why));
        (flag == Bridged::HEADER).then(|| header.split(':').next().unwrap_or_default().trim())
    })
}

fn entry<'arguments, 'text>(
    arguments: &'arguments [&'text str],
) -> Option<(GuardId, &'arguments [&'text str])> {
    match arguments {
        [ENTRY, id, rest @ ..] => Some((GuardId::parse(id)?, rest)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use countersign_model::GuardId;

    use super::{Bridged, Guarded, guard_arguments, guarded};

    fn texts(arguments: &[String]) -> Vec<&str> {
        arguments.iter().map(String::as_str).collect()
    }

    #[test]
    fn reads_what_it_makes() {
        let id = GuardId::from_bytes([7; 16]);
        for names in [vec![], vec!["A".to_owned(), "B".to_owned()]] {
            let mut arguments = guard_arguments(id, &names);
            let prefix = arguments.len();
            arguments.extend(["npx".to_owned(), "--entry".to_owned()]);
            let expect = Guarded { id, names, prefix };
            assert_eq!(guarded(&texts(&arguments)), Some(expect));
        }
    }

    #[test]
    fn anything_else_is_not_guarded() {
        for arguments in [
            vec![],
            vec!["--entry"],
            vec!["--entry", "7", "--", "npx"],
            vec!["--entry", "07070707070707070707070707070707", "--"],
            vec!["--", "npx"],
        ] {
            assert_eq!(guarded(&arguments), None, "{arguments:?}");
            assert_eq!(Bridged::read(&arguments), None, "{arguments:?}");
        }
    }
}
