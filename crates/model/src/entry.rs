use std::fmt;

use crate::{ConfigId, Digest, Nature, Pointer, Position, SecretText};

/// A stable id of an entry: the config and the place in it. It survives edits of the entry itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntryId(String);

impl EntryId {
    /// Makes the id of the entry at `pointer` in `config`.
    pub fn of(config: &ConfigId, pointer: &Pointer) -> Self {
        let digest = Digest::of(format!("{config}\0{pointer}").as_bytes());
        Self(digest.id())
    }

    /// Returns 32 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the first twelve digits, enough to name the entry on a command line.
    pub fn short(&self) -> &str {
        self.0.get(..12).unwrap_or(&self.0)
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How a client talks to a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Transport {
    /// A child process, over standard input and output.
    Stdio,
    /// Streamable HTTP.
    Http,
    /// The older HTTP with server-sent events.
    Sse,
    /// A WebSocket.
    WebSocket,
    /// Part of the client itself.
    BuiltIn,
    /// Neither a command nor an address.
    Unknown,
}

impl Transport {
    /// Returns the name used in output.
    pub const fn name(self) -> &'static str {
        match self {
            Transport::Stdio => "stdio",
            Transport::Http => "http",
            Transport::Sse => "sse",
            Transport::WebSocket => "ws",
            Transport::BuiltIn => "built-in",
            Transport::Unknown => "unknown",
        }
    }

    /// Understands the words that clients use for a transport, in any case.
    pub fn parse(word: &str) -> Option<Self> {
        let plain: String = word
            .chars()
            .filter(|character| !matches!(character, '-' | '_' | ' '))
            .collect::<String>()
            .to_ascii_lowercase();
        Some(match plain.as_str() {
            "stdio" | "local" | "command" | "process" => Transport::Stdio,
            "http" | "https" | "streamablehttp" | "streamable" | "httpstream" | "remote" => {
                Transport::Http
            }
            "sse" | "httpsse" | "legacysse" => Transport::Sse,
            "ws" | "wss" | "websocket" => Transport::WebSocket,
            "builtin" | "platform" | "frontend" | "inlinepython" | "inmemory" | "internal" => {
                Transport::BuiltIn
            }
            _ => return None,
        })
    }
}

/// One token of a command line.
#[derive(Clone, PartialEq, Eq)]
pub struct Argument {
    text: SecretText,
    shown: String,
    nature: Nature,
}

impl Argument {
    /// Makes an argument that may be shown as it is.
    pub fn plain(text: &str) -> Self {
        Self {
            shown: text.to_owned(),
            text: SecretText::new(text.to_owned()),
            nature: Nature::Plain,
        }
    }

    /// Makes an argument of which only `shown` may be seen.
    pub fn masked(text: SecretText, shown: String) -> Self {
        Self {
            text,
            shown,
            nature: Nature::Guarded,
        }
    }

    /// Makes an argument from its text, what may be seen of it, and what it is.
    pub fn new(text: SecretText, shown: String, nature: Nature) -> Self {
        Self {
            text,
            shown,
            nature,
        }
    }

    /// Returns what may be shown: the text, with credentials replaced by `<hidden:LENGTH>`.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// Returns what the text is.
    pub fn nature(&self) -> &Nature {
        &self.nature
    }

    /// Returns the text itself, for code that decides what runs.
    ///
    /// # Security
    /// As [`SecretText::expose`].
    pub fn expose(&self, reason: &'static str) -> &str {
        self.text.expose(reason)
    }

    /// Returns whether something in the text is hidden.
    pub fn is_masked(&self) -> bool {
        self.shown != self.text.expose("compared with its masked form only")
    }
}

impl fmt::Debug for Argument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.shown)
    }
}

/// What a client starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// The program, as written.
    pub program: Argument,
    /// Its arguments, as written.
    pub arguments: Vec<Argument>,
    /// Where each token stands, the program's first.
    pub places: Vec<Pointer>,
}

impl Command {
    /// Returns program and arguments in order.
    pub fn tokens(&self) -> impl Iterator<Item = &Argument> {
        std::iter::once(&self.program).chain(&self.arguments)
    }

    /// Returns the command line as it may be shown, tokens with blanks in double quotes.
    pub fn shown(&self) -> String {
        let mut line = String::new();
        for token in self.tokens() {
            if !line.is_empty() {
                line.push(' ');
            }
            let shown = token.shown();
            if shown.is_empty() || shown.contains([' ', '\t', '\n', '"', '\'']) {
                line.push('"');
                line.push_str(&shown.replace('\\', "\\\\").replace('"', "\\\""));
                line.push('"');
            } else {
                line.push_str(shown);
            }
        }
        line
    }
}

/// The address of a remote server.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    text: SecretText,
    shown: String,
    nature: Nature,
    pointer: Pointer,
}

impl Address {
    /// Makes an address of which only `shown` may be seen (user info and query values hidden).
    pub fn new(text: SecretText, shown: String, nature: Nature) -> Self {
        Self {
            text,
            shown,
            nature,
            pointer: Pointer::root(),
        }
    }

    /// Says where the address stands.
    pub fn at(self, pointer: Pointer) -> Self {
        Self { pointer, ..self }
    }

    /// Returns where the address stands.
    pub fn pointer(&self) -> &Pointer {
        &self.pointer
    }

    /// Returns what may be shown.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// Returns what the address holds: a credential, a reference, nothing to hide.
    pub fn nature(&self) -> &Nature {
        &self.nature
    }

    /// Returns the address itself, for code that decides where a connection goes.
    ///
    /// # Security
    /// As [`SecretText::expose`].
    pub fn expose(&self, reason: &'static str) -> &str {
        self.text.expose(reason)
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.shown)
    }
}

/// What using an entry leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// A process is started.
    Command(Command),
    /// A connection is made.
    Remote(Address),
    /// Part of the client; the word is the client's own name for the kind.
    BuiltIn(String),
    /// Neither a command nor an address.
    Missing,
}

/// A named value: an environment variable or a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The name, as written.
    pub name: String,
    /// The value; never shown.
    pub value: SecretText,
    /// What the value is.
    pub nature: Nature,
    /// Where the value stands.
    pub pointer: Pointer,
    /// Where the value starts.
    pub position: Position,
}

/// Which tools a client calls without asking.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum AutoApprove {
    /// None, as far as the entry says.
    #[default]
    Nothing,
    /// These.
    Tools(Vec<String>),
    /// All of them.
    Everything,
}

/// What an entry's own switch says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Switch {
    /// The entry does not say.
    #[default]
    Unset,
    /// On, said by the key named.
    On(String),
    /// Off, said by the key named.
    Off(String),
}

/// Whether an entry is in effect for a client.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Effect {
    /// The client uses it.
    Active,
    /// Switched off; by what, in words.
    Disabled(String),
    /// Another entry of the same name stands before it; which, in words.
    Shadowed(String),
    /// The client asks its user first; how, in words.
    Waiting(String),
    /// A policy keeps it out; which, in words.
    Blocked(String),
    /// The client cannot use it as it is written; why, in words.
    Refused(String),
}

impl Effect {
    /// Returns the stable word used in output.
    pub const fn word(&self) -> &'static str {
        match self {
            Effect::Active => "active",
            Effect::Disabled(_) => "disabled",
            Effect::Shadowed(_) => "shadowed",
            Effect::Waiting(_) => "waiting",
            Effect::Blocked(_) => "blocked",
            Effect::Refused(_) => "refused",
        }
    }

    /// Returns the reason, where there is one.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Effect::Active => None,
            Effect::Disabled(why)
            | Effect::Shadowed(why)
            | Effect::Waiting(why)
            | Effect::Blocked(why)
            | Effect::Refused(why) => Some(why),
        }
    }
}

/// One named server in one config.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Stable id.
    pub id: EntryId,
    /// The name, as written. Untrusted text.
    pub name: String,
    /// Where the entry stands.
    pub pointer: Pointer,
    /// Where the entry's key (or element) starts.
    pub position: Position,
    /// The dialect it was read in.
    pub dialect: String,
    /// Indices into the config's readers: which clients read this part of the file.
    pub readers: Vec<usize>,
    /// How the client talks to it: declared, else by its address.
    pub transport: Transport,
    /// Whether the entry names its transport.
    pub transport_declared: bool,
    /// What is started or connected to.
    pub start: Start,
    /// A second start that stands beside the first and is not used (an address beside a command).
    pub unused_start: Option<Start>,
    /// Environment variables with values.
    pub environment: Vec<Setting>,
    /// Environment variables passed on by name only.
    pub environment_names: Vec<String>,
    /// Headers with values.
    pub headers: Vec<Setting>,
    /// Headers whose value comes from an environment variable: header and variable.
    pub header_variables: Vec<(String, String)>,
    /// Other members whose value must not be shown, such as `apiKey` or `oauth.clientSecret`.
    pub other_settings: Vec<Setting>,
    /// The working folder, as written.
    pub working_folder: Option<String>,
    /// Files from which the client loads environment variables.
    pub environment_files: Vec<String>,
    /// The entry's own switch.
    pub switch: Switch,
    /// Calls that are made without asking.
    pub auto_approve: AutoApprove,
    /// Tools that are offered, where the entry narrows them.
    pub tools_allowed: Option<Vec<String>>,
    /// Tools that are left out.
    pub tools_left_out: Vec<String>,
    /// Names of the entry's members that no reader knows.
    pub unknown_members: Vec<String>,
    /// What is wrong with the entry as written.
    pub faults: Vec<EntryFault>,
    /// Whether it is in effect, for each of `readers` in the same order.
    pub effects: Vec<Effect>,
}

/// Something wrong with an entry as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryFault {
    /// What, as a sentence fragment: "`args` is a string, not a list".
    pub message: String,
    /// The member.
    pub pointer: Pointer,
    /// Where it starts.
    pub position: Position,
    /// Whether the client will not use the entry because of it.
    pub is_fatal: bool,
}
