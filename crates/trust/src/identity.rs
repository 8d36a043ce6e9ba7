//! From what an entry starts to what it is.

mod bridge;
mod container;
mod flags;
mod npm;
mod peel;
mod program;
mod python;
mod runtime;
mod spec;
mod surroundings;
mod words;

use countersign_model::{
    Argument, Bridge, Command, Float, Identity, Launcher, Modifier, Nature, Os, Pin, Server,
    Setting, Start, Wrapper,
};

pub use container::parse_image;
pub(crate) use program::base_name;
pub use spec::{parse_npm, parse_pypi};
pub use surroundings::{Question, Surroundings, complete, questions};

/// Why the text of a token is read here.
pub(crate) const WHY: &str = "tokens decide what runs";

/// Bytes from which on a hidden text is looked for inside a name: shorter ones are words, too.
const HIDDEN_PART_MIN: usize = 20;

/// What is to be identified, and what its meaning depends on.
#[derive(Clone, Debug)]
pub struct Subject<'entry> {
    /// What the entry starts.
    pub start: &'entry Start,
    /// The environment that the entry sets.
    pub environment: &'entry [Setting],
    /// The folder in which it starts, absolute, where that is known.
    pub working_folder: Option<String>,
    /// The system.
    pub os: Os,
    /// The user's home.
    pub home: String,
    /// Where the guard is installed: only that program is taken off.
    pub guard_path: Option<String>,
    /// Where the bridge is installed: only that program is looked through.
    pub bridge_path: Option<String>,
    /// Values that the client puts in the place of `${NAME}` in paths, such as `workspaceFolder`.
    pub substitutions: Vec<(String, String)>,
}

impl<'entry> Subject<'entry> {
    /// Describes a start about whose surroundings nothing is known.
    pub fn new(start: &'entry Start) -> Self {
        Self {
            start,
            environment: &[],
            working_folder: None,
            os: Os::Linux,
            home: String::new(),
            guard_path: None,
            bridge_path: None,
            substitutions: Vec::new(),
        }
    }
}

/// What one launcher's reader makes of its arguments.
pub(crate) struct Sketch {
    pub(crate) identity: Identity,
    pub(crate) pin: Pin,
    pub(crate) launcher: Option<Launcher>,
    pub(crate) bridge: Option<Bridge>,
    pub(crate) modifiers: Vec<Modifier>,
    pub(crate) companions: Vec<Identity>,
    pub(crate) registry: Option<String>,
    /// Arguments that the server itself gets, as indices into the tokens.
    pub(crate) server_arguments: usize,
}

impl Sketch {
    pub(crate) fn of(identity: Identity, pin: Pin, launcher: Option<Launcher>) -> Self {
        Self {
            identity,
            pin,
            launcher,
            bridge: None,
            modifiers: Vec::new(),
            companions: Vec::new(),
            registry: None,
            server_arguments: 0,
        }
    }

    /// What could not be decided, with what was seen.
    pub(crate) fn unknown(seen: &str, why: &str) -> Self {
        let identity = Identity::Unknown {
            seen: seen.to_owned(),
            why: why.to_owned(),
        };
        Self::of(identity, Pin::Floating(Float::Unknown), None)
    }

    /// Program text in the command line.
    pub(crate) fn inline(interpreter: &str, launcher: Option<Launcher>) -> Self {
        let identity = Identity::Inline {
            interpreter: interpreter.to_owned(),
        };
        Self::of(identity, Pin::Floating(Float::Unknown), launcher)
    }
}

/// Names what an entry starts or reaches, from its own text alone.
///
/// What depends on the machine (which file a bare name leads to, what a cache holds, what shadows a
/// package) is asked for by [`questions`] and put in by [`complete`].
pub fn identify(subject: &Subject<'_>) -> Server {
    match subject.start {
        Start::Command(command) => of_command(subject, command),
        Start::Remote(address) => plain(bridge::remote(address.expose(WHY))),
        Start::BuiltIn(name) => {
            let identity = Identity::BuiltIn { name: name.clone() };
            plain(Sketch::of(identity, Pin::Floating(Float::Installed), None))
        }
        Start::Missing => plain(Sketch::unknown(
            "nothing",
            "neither a command nor an address",
        )),
    }
}

fn plain(sketch: Sketch) -> Server {
    server(sketch, Vec::new(), Vec::new())
}

fn server(sketch: Sketch, wrappers: Vec<Wrapper>, command: Vec<Argument>) -> Server {
    let wrapper_variables = wrappers
        .iter()
        .filter(|wrapper| wrapper.name == "env")
        .flat_map(|wrapper| wrapper.adds.clone())
        .collect();
    Server {
        identity: sketch.identity,
        pin: sketch.pin,
        launcher: sketch.launcher,
        wrappers,
        bridge: sketch.bridge,
        modifiers: sketch.modifiers,
        companions: sketch.companions,
        wrapper_variables,
        registry: sketch.registry,
        command,
        shadows: Vec::new(),
        today: None,
    }
}

fn of_command(subject: &Subject<'_>, command: &Command) -> Server {
    if let Some(address) = bridged(subject, command) {
        return plain(bridge::remote(&address));
    }
    let tokens: Vec<Argument> = command.tokens().cloned().collect();
    let peeled = peel::peel(subject, tokens);
    let mut sketch = match peeled.opaque {
        Some(sketch) => sketch,
        None => program::sketch(subject, &peeled.tokens),
    };
    sketch = bridge::through(sketch, &peeled.tokens);
    program::environment_modifiers(subject, &mut sketch);
    let sketch = without_credentials(command, sketch);
    server(sketch, peeled.wrappers, peeled.tokens)
}

/// Returns the address behind the installed bridge: what stands alone behind `--`. An entry that goes
/// through it is the remote server that it was before.
fn bridged(subject: &Subject<'_>, command: &Command) -> Option<String> {
    if subject.bridge_path.as_deref() != Some(command.program.expose(WHY)) {
        return None;
    }
    match command.arguments.as_slice() {
        [.., separator, address] if separator.expose(WHY) == "--" => {
            Some(address.expose(WHY).to_owned())
        }
        _ => None,
    }
}

/// Takes out what was read from a credential, as after a flag that the launcher does not know: names
/// are shown, kept and written into lists.
fn without_credentials(command: &Command, sketch: Sketch) -> Sketch {
    let hidden: Vec<Hidden> = command.tokens().flat_map(hidden).collect();
    let holds = |identity: &Identity, pin: &str| {
        let text = format!("{identity} {pin}").to_lowercase();
        hidden.iter().any(|hidden| match hidden {
            Hidden::Token(whole) => text.split(' ').any(|word| word == whole),
            Hidden::Part(part) => text.contains(part),
        })
    };
    let mut sketch = if holds(&sketch.identity, &sketch.pin.to_string()) {
        Sketch::unknown("a credential", "a credential stands where its name should")
    } else {
        sketch
    };
    sketch.companions.retain(|companion| !holds(companion, ""));
    sketch
        .bridge
        .take_if(|bridge| holds(&bridge.identity, &bridge.pin.to_string()));
    sketch
}

/// A text that must not be shown, in small letters as names are.
enum Hidden {
    /// A token that is a credential as a whole. It may be a word that names something else.
    Token(String),
    /// A text that names nothing else.
    Part(String),
}

/// Returns what of a token must not be shown.
fn hidden(argument: &Argument) -> Vec<Hidden> {
    if !argument.is_masked() {
        return Vec::new();
    }
    let text = argument.expose(WHY);
    let mut hidden: Vec<Hidden> = text
        .split(|character: char| character.is_whitespace() || character == '=')
        .filter(|word| word.len() >= HIDDEN_PART_MIN && !argument.shown().contains(word))
        .map(|word| Hidden::Part(word.to_lowercase()))
        .collect();
    if let Nature::Credential(found) = argument.nature()
        && let Some(credential) = text.get(found.span.clone())
    {
        let credential = credential.to_lowercase();
        if credential.len() == text.len() {
            hidden.push(Hidden::Token(credential));
        } else if text.contains("://") {
            hidden.push(Hidden::Part(format!(":{credential}@")));
        }
    }
    hidden
}

/// Puts the client's own values in the place of `${NAME}`, `~` and `$HOME`, and makes a path
/// absolute where the working folder is known.
pub(crate) fn path(subject: &Subject<'_>, text: &str) -> String {
    let mut text = text.to_owned();
    for (name, value) in &subject.substitutions {
        text = text.replace(&format!("${{{name}}}"), value);
    }
    if !subject.home.is_empty() {
        text = text
            .replace("${HOME}", &subject.home)
            .replace("${env:HOME}", &subject.home);
        if let Some(rest) = text.strip_prefix("$HOME") {
            text = format!("{}{rest}", subject.home);
        }
        if let Some(rest) = text.strip_prefix('~')
            && (rest.is_empty() || rest.starts_with(['/', '\\']))
        {
            text = format!("{}{rest}", subject.home);
        }
    }
    if is_absolute(&text) || text.contains("${") {
        return text;
    }
    match &subject.working_folder {
        Some(folder) => normal(&format!("{}/{text}", folder.trim_end_matches(['/', '\\']))),
        None => text,
    }
}

/// Takes `.` and `..` steps out of a path.
fn normal(path: &str) -> String {
    let mut steps: Vec<&str> = Vec::new();
    for step in path.split(['/', '\\']) {
        match step {
            "." => {}
            "" if !steps.is_empty() => {}
            ".." if steps.len() > 1 => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    steps.join("/")
}

pub(crate) fn is_absolute(path: &str) -> bool {
    let bytes = path.as_bytes();
    let is_drive = bytes.len() > 2
        && bytes[0].is_ascii_alphabetic()
        && bytes[1] == b':'
        && matches!(bytes[2], b'/' | b'\\');
    path.starts_with('/') || path.starts_with("\\\\") || is_drive
}
