//! Why a credential stays where it is, and what serves instead.

use countersign_model::{
    Config, ConfigFault, ConfigState, Entry, FileRole, Scope, Start, TextFormat, Transport,
    WritePolicy,
};
use countersign_secrets::is_reference;

use super::spot::{Spot, SpotKind};

/// What git makes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tracking {
    /// It lies in no repository.
    Outside,
    /// The repository leaves it out.
    Ignored,
    /// It is part of the repository.
    Tracked,
    /// It would become part of the repository with the next `git add`.
    Untracked,
    /// The repository could not be read.
    Unknown,
}

/// Why a credential is not moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// An administrator's file.
    Managed,
    /// A file that its client writes for itself, a database, or program text.
    NotAConfig,
    /// The file could not be read to its end.
    Unread,
    /// A key stands twice in the file.
    DuplicateKeys,
    /// The catalog only repeats what others say about this location.
    AskFirst,
    /// Git tracks the file.
    Tracked,
    /// Git would track the file.
    WouldBeTracked,
    /// What git makes of the file is not known.
    GitUnknown,
    /// The client runs where this machine's vault is not; where, in words.
    Elsewhere(&'static str),
    /// The member is one that only the client itself reads.
    Member,
    /// The client puts a value in here before it starts the server; the place, as it may be shown.
    ClientExpands(String),
    /// Program and arguments are one text.
    OneText,
    /// The bridge does not speak this transport.
    Transport(Transport),
    /// Headers that the client fills from variables.
    HeaderVariables,
    /// A name that cannot be handed on: it holds a comma or an equals sign.
    Name(String),
    /// A command and an address stand beside each other.
    TwoStarts,
    /// There is no place in the text where it could be written safely; why.
    Layout(String),
    /// A policy would keep the changed entry out; which, in words.
    Policy(String),
    /// A program that only has the guard's name.
    Impostor,
}

impl Obstacle {
    /// Returns the stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Obstacle::Managed => "managed",
            Obstacle::NotAConfig => "not-a-config",
            Obstacle::Unread => "unread",
            Obstacle::DuplicateKeys => "duplicate-keys",
            Obstacle::AskFirst => "ask-first",
            Obstacle::Tracked => "tracked",
            Obstacle::WouldBeTracked => "would-be-tracked",
            Obstacle::GitUnknown => "git-unknown",
            Obstacle::Elsewhere(_) => "elsewhere",
            Obstacle::Member => "member",
            Obstacle::ClientExpands(_) => "client-expands",
            Obstacle::OneText => "one-text",
            Obstacle::Transport(_) => "transport",
            Obstacle::HeaderVariables => "header-variables",
            Obstacle::Name(_) => "name",
            Obstacle::TwoStarts => "two-starts",
            Obstacle::Layout(_) => "layout",
            Obstacle::Policy(_) => "policy",
            Obstacle::Impostor => "impostor",
        }
    }

    /// Says why, in a sentence.
    pub fn words(&self) -> String {
        match self {
            Obstacle::Managed => "An administrator set this file; it is not edited.".to_owned(),
            Obstacle::NotAConfig => {
                "The client writes this file for itself; it is not edited.".to_owned()
            }
            Obstacle::Unread => "The file could not be read to its end.".to_owned(),
            Obstacle::DuplicateKeys => {
                "A key stands twice in the file; such a file is never edited.".to_owned()
            }
            Obstacle::AskFirst => "No client itself says that it reads this file.".to_owned(),
            Obstacle::Tracked => {
                "Git tracks this file; a reference to this machine's vault does not belong in it."
                    .to_owned()
            }
            Obstacle::WouldBeTracked => {
                "Git would track this file with the next `git add`.".to_owned()
            }
            Obstacle::GitUnknown => {
                "The repository around this file could not be read, so git may track it.".to_owned()
            }
            Obstacle::Elsewhere(place) => {
                format!("The client runs {place}, where this machine's vault is not.")
            }
            Obstacle::Member => "Only the client itself reads this member.".to_owned(),
            Obstacle::ClientExpands(shown) => format!(
                "The client fills in `{shown}` before it starts the server, so the vault could not \
                 tell whether what it starts is this."
            ),
            Obstacle::OneText => "Program and arguments are one text.".to_owned(),
            Obstacle::Transport(transport) => {
                format!("The bridge does not speak {}.", transport.name())
            }
            Obstacle::HeaderVariables => {
                "The client fills other headers of this server from variables.".to_owned()
            }
            Obstacle::Name(name) => format!("`{name}` is no name that can be handed on."),
            Obstacle::TwoStarts => {
                "The entry has a command and an address, and the client uses one of them."
                    .to_owned()
            }
            Obstacle::Layout(why) => format!("It cannot be written safely here: {why}."),
            Obstacle::Policy(why) => format!("A policy would keep the server out: {why}."),
            Obstacle::Impostor => {
                "The program has the guard's name and is not the installed guard.".to_owned()
            }
        }
    }

    /// Says what serves instead, where something does.
    pub fn instead(&self) -> Option<&'static str> {
        match self {
            Obstacle::Tracked | Obstacle::WouldBeTracked => Some(
                "Write a variable's name there (`${NAME}` in most clients), or move the entry to the \
                 client's user or local scope and move the credential there.",
            ),
            Obstacle::GitUnknown => Some("Repair the repository, or add the file to .gitignore."),
            Obstacle::ClientExpands(_) => {
                Some("Write the value itself in place of the reference, then move the credential.")
            }
            Obstacle::AskFirst => {
                Some("Agree to editing it (`--consent`), and it is moved like the others.")
            }
            Obstacle::DuplicateKeys => Some("Remove the key that does not count."),
            Obstacle::Policy(_) => Some(
                "Use the client's own reference to a variable, which its policy still matches.",
            ),
            Obstacle::OneText => Some("Write the arguments as a list."),
            Obstacle::Impostor => Some("Take the entry back to its own command first."),
            Obstacle::Managed
            | Obstacle::NotAConfig
            | Obstacle::Unread
            | Obstacle::Elsewhere(_)
            | Obstacle::Member
            | Obstacle::Transport(_)
            | Obstacle::HeaderVariables
            | Obstacle::Name(_)
            | Obstacle::TwoStarts
            | Obstacle::Layout(_) => None,
        }
    }
}

/// Returns why nothing in a file is moved; `None` where something may be.
pub(super) fn of_file(config: &Config, tracking: Tracking, consents: bool) -> Option<Obstacle> {
    if config.role != FileRole::Servers || matches!(config.state, ConfigState::Reported) {
        return Some(Obstacle::NotAConfig);
    }
    if config.state != ConfigState::Read {
        return Some(Obstacle::Unread);
    }
    let has_scope = |scope| config.readers.iter().any(|reader| reader.scope == scope);
    if has_scope(Scope::Managed) {
        return Some(Obstacle::Managed);
    }
    if has_scope(Scope::Remote) {
        return Some(Obstacle::Elsewhere("on another host"));
    }
    if let Some(place) = elsewhere(&config.path.to_string_lossy()) {
        return Some(Obstacle::Elsewhere(place));
    }
    if matches!(config.format, TextFormat::Markdown | TextFormat::Other) {
        return Some(Obstacle::NotAConfig);
    }
    let duplicated = |fault: &ConfigFault| matches!(fault, ConfigFault::DuplicateKey(_));
    if config.faults.iter().any(duplicated) {
        return Some(Obstacle::DuplicateKeys);
    }
    match tracking {
        Tracking::Tracked => return Some(Obstacle::Tracked),
        Tracking::Untracked => return Some(Obstacle::WouldBeTracked),
        Tracking::Unknown => return Some(Obstacle::GitUnknown),
        Tracking::Outside | Tracking::Ignored => {}
    }
    match policy(config) {
        WritePolicy::ReportOnly => Some(Obstacle::NotAConfig),
        WritePolicy::AskFirst if !consents => Some(Obstacle::AskFirst),
        WritePolicy::AskFirst | WritePolicy::Editable | WritePolicy::SeeOwner => None,
    }
}

/// Returns what may be done to a file: what its owner's row says, else the most careful of all rows.
fn policy(config: &Config) -> WritePolicy {
    let owners = config
        .readers
        .iter()
        .filter(|reader| reader.write != WritePolicy::SeeOwner);
    let strictness = |policy: &WritePolicy| match policy {
        WritePolicy::Editable => 0,
        WritePolicy::SeeOwner => 1,
        WritePolicy::AskFirst => 2,
        WritePolicy::ReportOnly => 3,
    };
    owners
        .map(|reader| reader.write)
        .max_by_key(strictness)
        .unwrap_or(WritePolicy::AskFirst)
}

/// Returns where the client of a file runs, if that is not this system.
fn elsewhere(path: &str) -> Option<&'static str> {
    let path = path.replace('\\', "/");
    let places = [
        ("/.var/app/", "inside a Flatpak"),
        ("/snap/", "inside a Snap"),
        ("/.devcontainer/", "inside a container"),
        ("//wsl$/", "inside WSL"),
        ("//wsl.localhost/", "inside WSL"),
    ];
    if path.starts_with("/mnt/") && path.as_bytes().get(6) == Some(&b'/') {
        return Some("on Windows");
    }
    places
        .iter()
        .find(|(part, _)| path.contains(part))
        .map(|(_, place)| *place)
}

/// Returns why nothing of an entry is moved, as far as its own text shows.
pub(super) fn of_entry(entry: &Entry, spots: &[Spot]) -> Option<Obstacle> {
    if spots.iter().all(|spot| spot.kind == SpotKind::Member) {
        return Some(Obstacle::Member);
    }
    let names = entry.environment.iter().map(|setting| &setting.name);
    let names = names.chain(&entry.environment_names);
    match &entry.start {
        Start::Command(command) => {
            if entry.unused_start.is_some() {
                return Some(Obstacle::TwoStarts);
            }
            let mut tokens = command.tokens();
            if let Some(token) = tokens.find(|token| {
                holds_reference(token.expose("references of the client are looked for"))
            }) {
                return Some(Obstacle::ClientExpands(token.shown().to_owned()));
            }
            let mut names = names;
            names
                .find(|name| name.is_empty() || name.contains([',', '=', '\0']))
                .map(|name| Obstacle::Name(name.clone()))
        }
        Start::Remote(address) => of_remote(entry, address),
        Start::BuiltIn(_) | Start::Missing => Some(Obstacle::Member),
    }
}

fn of_remote(entry: &Entry, address: &countersign_model::Address) -> Option<Obstacle> {
    let why = "references of the client are looked for";
    if !matches!(entry.transport, Transport::Http | Transport::Sse) {
        return Some(Obstacle::Transport(entry.transport));
    }
    if entry.unused_start.is_some() {
        return Some(Obstacle::TwoStarts);
    }
    if !entry.header_variables.is_empty() {
        return Some(Obstacle::HeaderVariables);
    }
    if holds_reference(address.expose(why)) {
        return Some(Obstacle::ClientExpands(address.shown().to_owned()));
    }
    let filled = entry
        .headers
        .iter()
        .find(|header| holds_reference(header.value.expose(why)));
    filled.map(|header| Obstacle::ClientExpands(header.name.clone()))
}

/// Returns whether a client would put something else in the place of a part of the text. Our own
/// references are ours alone.
fn holds_reference(text: &str) -> bool {
    let mut text = text.to_owned();
    for (range, _) in countersign_model::references(&text).into_iter().rev() {
        text.replace_range(range, "");
    }
    let text = text.as_str();
    let marks = ["${", "{env:", "{file:", "{{", "$(", "${{"];
    let has_percent = text
        .split('%')
        .nth(1)
        .is_some_and(|name| !name.is_empty() && name.bytes().all(is_variable_byte))
        && text.matches('%').count() >= 2;
    // The address of a file is one for the server; no client reads it.
    let is_file = text.starts_with("file://");
    marks.iter().any(|mark| text.contains(mark)) || has_percent || !is_file && is_reference(text)
}

const fn is_variable_byte(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::{elsewhere, holds_reference};

    #[test]
    fn clients_that_run_elsewhere_are_known_by_their_paths() {
        let cases = [
            (
                "/home/dev/.var/app/com.app/config/mcp.json",
                Some("inside a Flatpak"),
            ),
            ("/home/dev/snap/code/x/mcp.json", Some("inside a Snap")),
            ("/mnt/c/Users/dev/mcp.json", Some("on Windows")),
            ("/mnt/data/mcp.json", None),
            ("\\\\wsl$\\Ubuntu\\home\\dev\\mcp.json", Some("inside WSL")),
            ("/home/dev/.cursor/mcp.json", None),
        ];
        for (path, expect) in cases {
            assert_eq!(elsewhere(path), expect, "{path}");
        }
    }

    #[test]
    fn what_a_client_fills_in_is_noticed() {
        for text in [
            "${workspaceFolder}/x",
            "--root=${HOME}",
            "{env:TOKEN}",
            "$TOKEN",
            "%APPDATA%\\x",
        ] {
            assert!(holds_reference(text), "{text}");
        }
        for text in [
            "-y",
            "a%20b%20c",
            "100%",
            "pkg@1.0.0",
            "https://x/y?z=1",
            "file:///srv/x.js",
        ] {
            assert!(!holds_reference(text), "{text}");
        }
    }
}
