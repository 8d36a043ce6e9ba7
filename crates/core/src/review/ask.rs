//! Asking a server for what it tells the model, because the user wants it.

mod fetched;

use std::{
    ffi::{OsStr, OsString},
    io,
    path::{Path, PathBuf},
    thread,
};

use countersign_launch::{
    is_loader,
    resolve::ResolveError,
    sandbox::{Network, Sandbox},
};
use countersign_model::{
    Address, Argument, Entry, Identity, SecretText, Server, Setting, Start, Transport, references,
};
use countersign_probe::{
    Asked as AskedFor, FetchError, Note, Patience, ProbeError, Probed, Target, TargetError,
    Transport as Spoken, ask_program, ask_remote,
};
use countersign_trust::allowlist::Token;

use super::{How, ReviewError, keep};
use crate::Setup;

/// What stands in the place of every value that an entry hands over.
const PLACEHOLDER: &str = "placeholder";

/// Why values are read: what is sent to an address is what its entry declares for it.
const WHY: &str = "the server is asked as its entry says";

/// Variables of this process that a program needs to run at all. None of them is a credential.
const BASE: [&str; 4] = ["PATH", "LANG", "LC_ALL", "TZ"];

/// Files that mark the folder of a program's own code.
const ROOTS: [&str; 5] = [
    "package.json",
    "pyproject.toml",
    "pyvenv.cfg",
    "deno.json",
    "Cargo.toml",
];

/// Where the imports of a program of Node.js are looked for.
const MODULES: &str = "node_modules";

/// Endings of files that interpreters start.
const CODE: [&str; 12] = [
    "cjs", "dll", "jar", "js", "mjs", "mts", "php", "py", "pyz", "rb", "sh", "ts",
];

/// Folders above a file in which its code's own folder is looked for.
const ABOVE_MAX: usize = 6;

/// What came of asking.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Whether it is another content than was ever seen.
    pub is_new: bool,
    /// What the program was held by, as sentences without a period; empty for a server over HTTP.
    pub enforced: Vec<String>,
    /// What was seen beside, as sentences without a period. Names in them are hostile text.
    pub notes: Vec<String>,
}

/// Why a server was not asked.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// Only what stands on this user's own machine is asked.
    #[error("ask the server: it is looked at in another home than yours")]
    NotOwnHome,
    /// There is nothing to be asked.
    #[error("ask the server: {0}")]
    NotAskable(&'static str),
    /// The launcher has to download it.
    #[error("ask the server: its launcher downloads it, and the network is closed")]
    NeedsNetwork,
    /// Its credential is in the vault.
    #[error("ask the server: its credential is in the vault")]
    InVault,
    /// The program is not there.
    #[error(transparent)]
    Program(#[from] ResolveError),
    /// The address or a header cannot be used.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// No folder for what the program writes.
    #[error("make a folder for what the server writes")]
    Folder(#[source] io::Error),
    /// The system gives no thread or no sockets.
    #[error("prepare to ask the server")]
    Runtime(#[source] io::Error),
    /// The package was not fetched.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// No answer.
    #[error(transparent)]
    Probe(#[from] ProbeError),
    /// The answer was not kept.
    #[error(transparent)]
    Review(#[from] ReviewError),
}

impl AskError {
    /// Returns the next step, as a sentence.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            AskError::NeedsNetwork => Some(
                "allow it the network for this once: it runs in a sandbox with an empty home and no credential",
            ),
            AskError::Probe(error) => Some(error.hint()),
            AskError::Fetch(error) => Some(error.hint()),
            AskError::InVault => {
                Some("take a surface that the server's build exported, with `--from FILE`")
            }
            AskError::NotOwnHome
            | AskError::NotAskable(_)
            | AskError::Program(_)
            | AskError::Target(_)
            | AskError::Folder(_)
            | AskError::Runtime(_)
            | AskError::Review(_) => None,
        }
    }
}

/// Asks the server of an entry for all that it tells the model, and keeps the answer. No tool is called.
///
/// A program is started in a sandbox with an empty home and placeholders for what its entry hands over. One
/// exact version of a package is fetched first, with nothing of it run, and then started without network. A
/// server over HTTP gets what its entry declares for its own address, and nothing else does. It blocks for
/// up to a minute.
///
/// # Errors
/// [`AskError`].
///
/// # Security
/// The calling program must have called [`contain`] first of all in its `main`.
pub fn ask(
    setup: &Setup,
    entry: &Entry,
    server: &Server,
    opens_network: bool,
) -> Result<Answer, AskError> {
    if !setup.is_own_home {
        return Err(AskError::NotOwnHome);
    }
    let probed = match &entry.start {
        Start::Command(_) => program(setup, entry, server, opens_network)?,
        Start::Remote(address) => remote(entry, address)?,
        Start::BuiltIn(_) => return Err(AskError::NotAskable("it is a part of its client")),
        Start::Missing => {
            return Err(AskError::NotAskable(
                "it has neither a command nor an address",
            ));
        }
    };
    let is_new = keep(setup, entry, server, &probed.surface, How::Probe)?;
    Ok(Answer {
        is_new,
        enforced: probed.enforced.map_or_else(Vec::new, |held| held.words()),
        notes: probed.notes.iter().filter_map(words).collect(),
    })
}

/// Becomes the process that confines a server, where this process was started for that; returns else.
pub fn contain() {
    countersign_launch::sandbox::inner();
}

fn program(
    setup: &Setup,
    entry: &Entry,
    server: &Server,
    opens_network: bool,
) -> Result<Probed, AskError> {
    match &server.identity {
        Identity::Image(_) => {
            return Err(AskError::NotAskable(
                "a container runtime starts it, which a sandbox cannot hold",
            ));
        }
        Identity::Remote { .. } => return Err(AskError::InVault),
        _ => {}
    }
    let is_downloaded = matches!(
        server.identity,
        Identity::Package(_) | Identity::Source { .. }
    );
    if is_downloaded && server.launcher.is_some() && !opens_network {
        let parts = fetched::parts(server).ok_or(AskError::NeedsNetwork)?;
        return fetched::ask(setup, entry, &parts);
    }
    let mut tokens = server.command.iter();
    let name = tokens
        .next()
        .ok_or(AskError::NotAskable("it has no command"))?;
    let environment = environment(setup, entry);
    let file = find(OsStr::new(name.expose(WHY)), &environment)?;
    let folder = tempfile::tempdir().map_err(AskError::Folder)?;
    let private = PathBuf::from(&setup.machine.home);
    let mut sandbox = Sandbox::new(file.clone(), folder.path().to_owned());
    sandbox.private = vec![private.clone()];
    sandbox.environment = environment;
    if opens_network {
        sandbox.network = Network::All;
    }
    sandbox.readable.extend(runtime(&file, &private));
    arguments(&mut sandbox, tokens, !is_downloaded);
    Ok(ask_program(&sandbox, &Patience::default())?)
}

/// Adds the arguments of an entry: placeholders for credentials, an empty folder for folders, which hold the
/// user's own files. Nothing that they name is opened but the code of a local program, and that once: what an
/// entry names besides (a key, a document) is no server's to read while it is asked.
fn arguments<'a>(
    sandbox: &mut Sandbox,
    tokens: impl Iterator<Item = &'a Argument>,
    mut opens_code: bool,
) {
    for token in tokens {
        let text = match Token::of(token) {
            Token::Exact(text) => text,
            Token::Hole(hole) => format!("{}{PLACEHOLDER}", hole.prefix),
        };
        let path = Path::new(&text);
        if opens_code && is_code(path) {
            let private = sandbox.private.first().cloned().unwrap_or_default();
            sandbox.readable.extend(code(path, &private));
            opens_code = false;
        }
        let argument = if path.is_absolute() && path.is_dir() {
            sandbox.folder.clone().into_os_string()
        } else {
            text.into()
        };
        sandbox.arguments.push(argument);
    }
}

/// Returns whether a path is a file of program text or of a compiled program, by its ending.
fn is_code(path: &Path) -> bool {
    let ending = path.extension().and_then(OsStr::to_str);
    ending.is_some_and(|ending| CODE.contains(&ending)) && path.is_absolute() && path.is_file()
}

/// Returns the variables that a program gets: where programs are, and placeholders for what its entry
/// declares. Install scripts stay off.
fn environment(setup: &Setup, entry: &Entry) -> Vec<(OsString, OsString)> {
    let base = BASE.iter().filter_map(|name| {
        let value = setup.machine.variable(name)?;
        Some((OsString::from(name), OsString::from(value)))
    });
    let declared = entry
        .environment
        .iter()
        .map(|setting| setting.name.as_str())
        .chain(entry.environment_names.iter().map(String::as_str))
        // A loader that is given a placeholder keeps the program from starting.
        .filter(|name| !BASE.contains(name) && !is_loader(setup.machine.os, OsStr::new(name)))
        .map(|name| (OsString::from(name), OsString::from(PLACEHOLDER)));
    let quiet = [
        ("npm_config_ignore_scripts", "true"),
        ("npm_config_update_notifier", "false"),
    ]
    .map(|(name, value)| (OsString::from(name), OsString::from(value)));
    base.chain(declared).chain(quiet).collect()
}

#[cfg(unix)]
fn find(name: &OsStr, environment: &[(OsString, OsString)]) -> Result<PathBuf, ResolveError> {
    use countersign_launch::resolve::unix;
    let path = environment.iter().find(|(name, _)| name == "PATH");
    unix::find(name, path.map(|(_, value)| value.as_os_str()), unix::look)
}

#[cfg(not(unix))]
fn find(_: &OsStr, _: &[(OsString, OsString)]) -> Result<PathBuf, ResolveError> {
    // Nothing confines a program here yet, so that none is started.
    Err(ResolveError::NotInPath)
}

/// Returns the folder of a runtime that is installed in a folder of its own, such as one of several
/// versions of Node.js: what it needs lies beside its `bin`.
fn runtime(file: &Path, private: &Path) -> Option<PathBuf> {
    let real = file.canonicalize().ok()?;
    let own = real.ancestors().find(|folder| folder.ends_with("bin"))?;
    let root = own.parent()?;
    let is_system = root == Path::new("/") || root == Path::new("/usr");
    (!is_system && !private.starts_with(root)).then(|| root.to_owned())
}

/// Returns where a program's own code is: the folder that its project's file marks, else the file alone;
/// and every `node_modules` from which its imports may come.
fn code(file: &Path, private: &Path) -> Vec<PathBuf> {
    let above: Vec<&Path> = file
        .ancestors()
        .skip(1)
        .take(ABOVE_MAX)
        .take_while(|folder| !private.starts_with(folder))
        .collect();
    let marked = above
        .iter()
        .find(|folder| ROOTS.iter().any(|name| folder.join(name).is_file()));
    let own = marked.map_or_else(|| file.to_owned(), |folder| (*folder).to_owned());
    let modules = above.iter().map(|folder| match folder.ends_with(MODULES) {
        true => (*folder).to_owned(),
        false => folder.join(MODULES),
    });
    std::iter::once(own)
        .chain(modules.filter(|folder| folder.is_dir()))
        .collect()
}

fn remote(entry: &Entry, address: &Address) -> Result<Probed, AskError> {
    let text = address.expose(WHY);
    let refers = |text: &str| !references(text).is_empty();
    if refers(text)
        || entry
            .headers
            .iter()
            .any(|one| refers(one.value.expose(WHY)))
    {
        return Err(AskError::InVault);
    }
    let headers: Vec<(String, SecretText)> = entry.headers.iter().map(header).collect();
    let target = Target::new(AskedFor {
        written: text,
        address: &SecretText::new(text.to_owned()),
        headers: &headers,
        secrets: headers.iter().map(|(_, value)| value.clone()).collect(),
    })?;
    let spoken = match entry.transport {
        Transport::Sse => Spoken::Sse,
        Transport::WebSocket => {
            return Err(AskError::NotAskable("it is spoken with over a WebSocket"));
        }
        Transport::Http | Transport::Stdio | Transport::BuiltIn | Transport::Unknown => Spoken::Any,
    };
    on_a_thread_of_its_own(target, spoken)
}

/// Asks without regard to the caller's thread: the window calls from inside a runtime, where no other one may
/// wait.
fn on_a_thread_of_its_own(target: Target, spoken: Spoken) -> Result<Probed, AskError> {
    let asking = move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(AskError::Runtime)?;
        Ok(runtime.block_on(ask_remote(target, spoken, &Patience::default()))?)
    };
    let thread = thread::Builder::new().name("ask".to_owned());
    let asking = thread.spawn(asking).map_err(AskError::Runtime)?;
    asking
        .join()
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

fn header(setting: &Setting) -> (String, SecretText) {
    (setting.name.clone(), setting.value.clone())
}

fn words(note: &Note) -> Option<String> {
    match note {
        // Most servers do, or answer late to what they do not know, and nothing follows from it.
        Note::FellBack(_) | Note::StrayAnswer => None,
        Note::ListChanged(method) => Some(format!("a list changed while it was read ({method})")),
        Note::Asked(method) => Some(format!("it asked for `{method}` and was refused")),
        Note::StrayLines(count) => Some(format!("{count} lines of its output are no messages")),
        Note::LeftOut(what) => Some(format!("{what} was left out")),
    }
}

#[cfg(test)]
mod tests {
    use std::{net::TcpListener, path::Path};

    use countersign_model::SecretText;
    use countersign_probe::{Asked, Target, Transport};

    use super::{Argument, AskError, Sandbox, arguments, code, on_a_thread_of_its_own};

    #[tokio::test]
    async fn asks_from_inside_a_runtime() {
        let closed = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = format!("http://{}/mcp", closed.local_addr().expect("is bound"));
        drop(closed);
        let target = Target::new(Asked {
            written: &address,
            address: &SecretText::new(address.clone()),
            headers: &[],
            secrets: Vec::new(),
        });
        let asked = on_a_thread_of_its_own(target.expect("is one"), Transport::Any);
        assert!(matches!(asked, Err(AskError::Probe(_))), "{asked:?}");
    }

    #[test]
    fn opens_no_file_that_an_entry_names_but_the_program_itself() {
        let home = tempfile::tempdir().expect("a temporary folder");
        let file = |name: &str| {
            let path = home.path().join(name);
            std::fs::create_dir_all(path.parent().expect("is in a folder")).expect("is made");
            std::fs::write(&path, "").expect("is written");
            path
        };
        let (server, other) = (file("src/server.js"), file("src/other/own.js"));
        let key = file(".ssh/id_rsa");
        let tokens = [&key, &server, &other].map(|path| Argument::plain(&path.to_string_lossy()));
        for (opens_code, expect) in [(true, vec![server]), (false, Vec::new())] {
            let mut sandbox = Sandbox::new("/bin/sh".into(), home.path().join("empty"));
            sandbox.private = vec![home.path().to_owned()];
            arguments(&mut sandbox, tokens.iter(), opens_code);
            assert_eq!(sandbox.readable, expect);
            assert_eq!(sandbox.arguments.len(), 3);
        }
    }

    #[test]
    fn opens_a_program_its_own_code_and_never_the_home() {
        let home = tempfile::tempdir().expect("a temporary folder");
        let package = home.path().join("src/server");
        std::fs::create_dir_all(package.join("dist")).expect("is made");
        std::fs::create_dir_all(home.path().join("src/node_modules")).expect("is made");
        std::fs::create_dir_all(home.path().join("node_modules")).expect("is made");
        std::fs::write(home.path().join("package.json"), "{}").expect("is written");
        let file = package.join("dist/index.js");
        std::fs::write(&file, "").expect("is written");
        let opened = |private: &Path| code(&file, private);
        assert_eq!(
            opened(home.path()),
            [file.clone(), home.path().join("src/node_modules")]
        );
        std::fs::write(package.join("package.json"), "{}").expect("is written");
        assert_eq!(
            opened(home.path()),
            [package, home.path().join("src/node_modules")]
        );
    }
}
