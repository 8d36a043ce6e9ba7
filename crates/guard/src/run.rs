use std::{
    env,
    ffi::OsString,
    fs::File,
    io::{self, BufReader, IsTerminal, Write},
    sync::mpsc,
    thread,
};

use countersign_launch::{
    ChildEnvironment, child_environment, is_loader, same_name,
    supervise::{NotStarted, Program, Streams, Supervised, supervise},
};
use countersign_model::Os;
use countersign_vault::{Vault, VaultError};

use crate::{
    answer,
    call::{self, Asked, Call},
    exit::Exit,
    input,
    keep::keep,
    program::Found,
    refusal::Refusal,
    release::release,
    say::{removed, say},
    wanted::{self, Environment, Values, Wanted},
};

/// The name that it gives itself in what it says.
const NAME: &str = "countersign-guard";

const HELP: &str = "\
Starts an MCP server with its secrets in their places.

Usage: countersign-guard --entry ID [--env NAME,NAME] -- PROGRAM [ARGUMENT]...

  --entry ID        the id under which Countersign knows the entry
  --env NAME,NAME   the variables that the entry declares
  --version         print the version
  --help            print this

Where the server ran, its exit code is passed on. Where it did not, every request is answered with an
error, and the exit code is one of:
  119  the command line was not understood
  120  what was asked for is not what a secret is bound to
  121  the vault does not hold a secret
  122  the vault is locked, or denied
  123  the vault, or a secret manager, failed
  125  the guard could not do its work
  126  the program cannot be started
  127  the program is not there
";

/// Does what a command line asks for, without the program's own name, and returns the exit code.
///
/// `open` opens the vault; it is called only where the call refers to a secret, and on Linux in the
/// process that becomes the server. To be called once, while this process has one thread.
pub fn run(
    arguments: impl IntoIterator<Item = OsString>,
    open: impl FnOnce() -> Result<Vault, VaultError>,
) -> i32 {
    keep_memory_private();
    let outcome = match call::read(arguments) {
        Ok(Asked::Start(call)) => start(&call, open),
        Ok(Asked::Version) => return print(&format!("{NAME} {VERSION}\n")),
        Ok(Asked::Help) => return print(HELP),
        Ok(Asked::Keep) => return keep(open),
        Err(error) => Err(Refusal::usage(NAME, &error)),
    };
    outcome.unwrap_or_else(|refusal| {
        refuse(&refusal);
        refusal.exit.code().into()
    })
}

/// Keeps other programs of this user, and crash dumps, from this process's memory and from that of the
/// processes that it becomes the parent of; the server itself is as it would be without a guard. The
/// vault's own way also takes the right to core files away, which the server would inherit.
fn keep_memory_private() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        // Refused by no known system, and no reason not to start the server.
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}

const VERSION: &str = env!("CARGO_PKG_VERSION");

pub(crate) fn print(text: &str) -> i32 {
    let is_printed = io::stdout().write_all(text.as_bytes()).is_ok();
    if is_printed {
        0
    } else {
        Exit::Failed.code().into()
    }
}

/// Starts a server, and returns its exit code when nothing of it is left.
fn start(call: &Call, open: impl FnOnce() -> Result<Vault, VaultError>) -> Result<i32, Refusal> {
    let os = Os::current();
    let child = child_environment(os, env::vars_os(), &call.declared);
    let wanted =
        wanted::find(os, call, &child.kept).map_err(|error| Refusal::wanted(&error, call.entry))?;
    let name = call.program.to_string_lossy();
    let found =
        Found::find(&call.program, &child.kept).map_err(|error| Refusal::program(&error, &name))?;
    if let Some(text) = removed(&child.removed, call.entry) {
        say(NAME, &text);
    }
    let ChildEnvironment { kept, .. } = child;
    let (client, output) = clients_streams()
        .map_err(|error| Refusal::failed(format!("the client's pipes cannot be used: {error}")))?;
    let handed = input::can_be_watched(&client).then(|| client.try_clone());
    let streams = Streams {
        input: handed.and_then(Result::ok),
        output,
    };
    let supervised = supervise(streams, || {
        prepare(call, found, kept, wanted.as_ref(), open).map_err(|refusal| refusal.to_bytes())
    })
    .map_err(|error| Refusal::failed(format!("the guard cannot start a process: {error}")))?;
    carry(supervised, client, &name)
}

/// Puts secrets in their places.
fn prepare(
    call: &Call,
    found: Found,
    environment: Environment,
    wanted: Option<&Wanted>,
    open: impl FnOnce() -> Result<Vault, VaultError>,
) -> Result<Program, Refusal> {
    let values = match wanted {
        None => Values::new(),
        Some(wanted) => {
            let vault = open().map_err(|error| Refusal::open(&error))?;
            release(wanted, &vault, &users_own(call))
                .map_err(|error| Refusal::release(&error, call.entry))?
        }
    };
    let fill = |text: OsString| wanted::filled_os(&text, &values);
    let arguments: Vec<_> = call.arguments.iter().cloned().map(fill).collect();
    found
        .check(&arguments)
        .map_err(|error| Refusal::program(&error, &call.program.to_string_lossy()))?;
    let variables = environment.into_iter();
    Ok(Program {
        file: found.into_file(),
        name: call.program.clone(),
        arguments,
        environment: variables.map(|(name, value)| (name, fill(value))).collect(),
    })
}

/// The environment of secret managers' programs: what the entry declares is left out, or it could send
/// them elsewhere, and so is what makes them load other code.
fn users_own(call: &Call) -> Environment {
    let os = Os::current();
    let is_declared = |name: &OsString| {
        let mut declared = call.declared.iter();
        declared.any(|one| same_name(os, one.as_ref(), name))
    };
    env::vars_os()
        .filter(|(name, _)| !is_declared(name) && !is_loader(os, name))
        .collect()
}

/// Waits until nothing of the server is left, and returns its exit code.
fn carry(supervised: Supervised, client: File, program: &str) -> Result<i32, Refusal> {
    let Supervised {
        input: server,
        start,
        tree,
    } = supervised;
    let input_end = tree.input_end();
    let (sender, started) = mpsc::channel();
    thread::spawn(move || {
        let outcome = start.wait();
        let is_running = outcome.is_ok();
        if is_running {
            close_output();
        }
        // Nothing of what the client says may be lost where it is the guard that has to answer.
        let _ = sender.send(outcome);
        if is_running {
            match server {
                Some(server) => input::pass_on(client, server),
                None => input::watch(&client),
            }
            input_end.tell();
        }
    });
    let code = tree.wait();
    match started.recv() {
        Ok(Ok(())) => Ok(code),
        Ok(Err(NotStarted::Refused(bytes))) => Err(Refusal::from_bytes(&bytes)),
        Ok(Err(NotStarted::System(error))) => Err(Refusal::system(&error, program)),
        Ok(Err(NotStarted::Died)) if is_asked_to_end(code) => Ok(code),
        Ok(Err(NotStarted::Died)) | Err(_) => Err(Refusal::failed(
            "the process that was to become the server ended before that".to_owned(),
        )),
    }
}

/// Leaves the client's output to the server, so that the client sees it close when the server's closes.
fn close_output() {
    #[cfg(unix)]
    if let Ok(nothing) = File::options().write(true).open("/dev/null") {
        let _ = rustix::stdio::dup2_stdout(&nothing);
    }
}

/// Whether a code says that a signal ended the process which asks for that.
fn is_asked_to_end(code: i32) -> bool {
    const ASKED: [i32; 4] = [128 + 1, 128 + 2, 128 + 3, 128 + 15];
    ASKED.contains(&code)
}

/// Says why no server runs, and answers the client until it closes its end.
fn refuse(refusal: &Refusal) {
    say(NAME, &refusal.message());
    if io::stdin().is_terminal() {
        return;
    }
    if let Ok((input, output)) = clients_streams() {
        // A client that is gone needs no answer.
        let _ = answer::all(BufReader::new(input), output, refusal);
    }
}

/// The client's streams, without what the standard library puts between.
fn clients_streams() -> io::Result<(File, File)> {
    #[cfg(unix)]
    use std::os::fd::AsFd as _;
    #[cfg(windows)]
    use std::os::windows::io::AsHandle as _;
    #[cfg(unix)]
    return Ok((
        io::stdin().as_fd().try_clone_to_owned()?.into(),
        io::stdout().as_fd().try_clone_to_owned()?.into(),
    ));
    #[cfg(windows)]
    Ok((
        io::stdin().as_handle().try_clone_to_owned()?.into(),
        io::stdout().as_handle().try_clone_to_owned()?.into(),
    ))
}
