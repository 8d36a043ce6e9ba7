use std::{
    env,
    ffi::OsString,
    io::{self, BufReader, IsTerminal, Write},
};

use countersign_guard::{
    keep_memory_private,
    refuse::{Exit, Refusal, answer_all},
    release::{Values, release},
    say, shown,
};
use countersign_launch::is_loader;
use countersign_model::{Os, SecretText};
use countersign_probe::{self as probe, Connection, Target, Timing};
use countersign_vault::{Vault, VaultError};

use crate::{
    call::{self, Asked, Call},
    carry::carry,
    wanted::{self, filled},
};

/// The name that it gives itself in what it says.
pub(crate) const NAME: &str = "countersign-bridge";

const VERSION: &str = env!("CARGO_PKG_VERSION");

const HELP: &str = "\
Speaks with a remote MCP server, with the secrets of its entry in their places.

Usage: countersign-bridge --entry ID [--transport http|sse] [--header \"NAME: VALUE\"]... -- ADDRESS

  --entry ID              the id under which Countersign knows the entry
  --transport http|sse    speak streamable HTTP only, or only the transport of 2024-11-05
  --header \"NAME: VALUE\"  send a header along
  --version               print the version
  --help                  print this

Ends with 0 once the client has closed its end. Where the server is not asked at all, every request is
answered with an error, and the exit code is one of:
  119  the command line was not understood, or the address cannot be used
  120  what was asked for is not what a secret is bound to
  121  the vault does not hold a secret
  122  the vault is locked, or denied
  123  the vault, or a secret manager, failed
  125  the bridge could not do its work
";

/// Does what a command line asks for, without the program's own name, and returns the exit code.
///
/// `open` opens the vault; it is called only where the call refers to a secret.
pub fn run(
    arguments: impl IntoIterator<Item = OsString>,
    open: impl FnOnce() -> Result<Vault, VaultError>,
) -> i32 {
    keep_memory_private();
    let outcome = match call::read(arguments) {
        Ok(Asked::Start(call)) => start(&call, open),
        Ok(Asked::Version) => return print(&format!("{NAME} {VERSION}\n")),
        Ok(Asked::Help) => return print(HELP),
        Err(error) => Err(Refusal::usage(NAME, &error)),
    };
    outcome.unwrap_or_else(|refusal| {
        refuse(&refusal);
        refusal.exit.code().into()
    })
}

fn print(text: &str) -> i32 {
    let is_printed = io::stdout().write_all(text.as_bytes()).is_ok();
    if is_printed {
        0
    } else {
        Exit::Failed.code().into()
    }
}

/// Speaks with a server until the client has closed its end.
fn start(call: &Call, open: impl FnOnce() -> Result<Vault, VaultError>) -> Result<i32, Refusal> {
    let wanted = wanted::find(call).map_err(|error| Refusal::wanted(&error, call.entry))?;
    let values = match &wanted {
        None => Values::new(),
        Some(wanted) => {
            let vault = open().map_err(|error| Refusal::open(&error))?;
            release(wanted, &vault, &users_own())
                .map_err(|error| Refusal::release(&error, call.entry))?
        }
    };
    let target = target(call, values)?;
    let failed = |problem: String| Refusal::failed(problem);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| failed(format!("the system gives no event loop: {error}")))?;
    // A connection is made inside of the runtime that drives it.
    let _inside = runtime.enter();
    let connection = Connection::new(target, call.transport, Timing::default())
        .map_err(|failure| failed(format!("failed to {failure}")))?;
    let outcome = runtime.block_on(carry(connection));
    // What a server is still sending is nobody's any more.
    runtime.shutdown_background();
    outcome.map_err(|error| failed(format!("the client's pipes cannot be used: {error}")))?;
    Ok(0)
}

/// Returns the server with the secrets in their places.
fn target(call: &Call, values: Values) -> Result<Target, Refusal> {
    let headers: Vec<(String, SecretText)> = call
        .headers
        .iter()
        .map(|(name, value)| (name.trim().to_owned(), filled(value, &values)))
        .collect();
    let address = filled(&call.url, &values);
    let asked = probe::Asked {
        written: &call.url,
        address: &address,
        headers: &headers,
        secrets: values.into_values().collect(),
    };
    Target::new(asked).map_err(|error| Refusal {
        exit: Exit::Usage,
        what: format!("failed to {}", shown(&error.to_string())),
        advice: "Correct the entry.".to_owned(),
    })
}

/// The environment of secret managers' programs, without what makes them load other code.
fn users_own() -> Vec<(OsString, OsString)> {
    env::vars_os()
        .filter(|(name, _)| !is_loader(Os::current(), name))
        .collect()
}

/// Says why no server is asked, and answers the client until it closes its end.
fn refuse(refusal: &Refusal) {
    say(NAME, &refusal.message());
    if io::stdin().is_terminal() {
        return;
    }
    // A client that is gone needs no answer.
    let _ = answer_all(BufReader::new(io::stdin()), io::stdout(), refusal);
}
