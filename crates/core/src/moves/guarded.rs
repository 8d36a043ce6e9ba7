//! What a guarded entry looks like: the original command behind the guard, or an address behind the
//! bridge.

use countersign_model::{Entry, GuardId, Identity, Server, Start};

/// What stands before the entry's id.
const ENTRY: &str = "--entry";

/// What stands before the variables' names.
const NAMES: &str = "--env";

/// What stands before a header.
pub(super) const HEADER: &str = "--header";

/// What stands before the transport, where it is not streamable HTTP.
const TRANSPORT: &str = "--transport";

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

/// An address behind the bridge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bridged {
    /// The entry's id.
    pub id: GuardId,
    /// Whether the older transport with server-sent events is spoken.
    pub is_sse: bool,
    /// Headers: `Name: value`.
    pub headers: Vec<String>,
    /// The address.
    pub url: String,
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

/// Returns the arguments that put an address behind the bridge.
pub(super) fn bridge_arguments(bridged: &Bridged) -> Vec<String> {
    let mut arguments = vec![ENTRY.to_owned(), bridged.id.to_string()];
    if bridged.is_sse {
        arguments.push(TRANSPORT.to_owned());
        arguments.push("sse".to_owned());
    }
    for header in &bridged.headers {
        arguments.push(HEADER.to_owned());
        arguments.push(header.clone());
    }
    arguments.push(SEPARATOR.to_owned());
    arguments.push(bridged.url.clone());
    arguments
}

/// Reads the bridge's arguments; `None` where they are not what [`bridge_arguments`] makes.
pub(super) fn bridged(arguments: &[&str]) -> Option<Bridged> {
    let (id, mut rest) = entry(arguments)?;
    let mut is_sse = false;
    if let [TRANSPORT, "sse", more @ ..] = rest {
        is_sse = true;
        rest = more;
    }
    let mut headers = Vec::new();
    while let [HEADER, header, more @ ..] = rest {
        headers.push((*header).to_owned());
        rest = more;
    }
    let [SEPARATOR, url] = rest else {
        return None;
    };
    Some(Bridged {
        id,
        is_sse,
        headers,
        url: (*url).to_owned(),
    })
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
        (flag == HEADER).then(|| header.split(':').next().unwrap_or_default().trim())
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

    use super::{Bridged, Guarded, bridge_arguments, bridged, guard_arguments, guarded};

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
        let bridge = Bridged {
            id,
            is_sse: true,
            headers: vec!["A: b".to_owned(), "--: c".to_owned()],
            url: "https://mcp.example.com/sse".to_owned(),
        };
        let arguments = bridge_arguments(&bridge);
        assert_eq!(bridged(&texts(&arguments)), Some(bridge));
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
            assert_eq!(bridged(&arguments), None, "{arguments:?}");
        }
    }
}
