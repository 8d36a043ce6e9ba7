use std::{
    ffi::OsString,
    io::{BufReader, Read, Write},
};

use countersign_guard::{
    refuse::{Exit, Refusal, answer_all},
    say, shown,
};
use countersign_probe::{Connection, Timing};
use countersign_vault::{Vault, VaultError};
use tokio::runtime::{Builder, Runtime};

use crate::{
    call::{self, Asked, Call},
    ending::Ending,
    notices::NAME,
    prepare,
    relay::{Client, relay},
    streams::{self, Patient, Streams},
};

const HELP: &str = "\
Reaches a remote MCP server with its secrets in their places, as a program that a client starts.

Usage: countersign-bridge --entry ID [--transport http|sse] [--header 'NAME: VALUE']... -- URL

  --entry ID               the id under which Countersign knows the entry
  --transport http|sse     speak streamable HTTP only, or only the transport of 2024-11-05
  --header 'NAME: VALUE'   a header of every request
  --version                print the version
  --help                   print this

A client that closes its end ends it with 0, a signal with 128 and its number. Where the server may not
be reached, every request is answered with an error, and the exit code is one of:
  119  the command line was not understood, or the address cannot be used
  120  what was asked for is not what a secret is bound to
  121  the vault does not hold a secret
  122  the vault is locked, or denied
  123  the vault, or a secret manager, failed, or gave a value that does not fit
  125  the bridge could not do its work
";

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Threads that look names up.
const LOOKUPS_MAX: usize = 2;

/// Does what a command line asks for, without the program's own name, and returns the exit code.
///
/// `environment` is what programs of secret managers get. `open` opens the vault; it is called only where
/// the call refers to a secret. Listens for signals from then on.
pub fn run<R, W>(
    arguments: impl IntoIterator<Item = OsString>,
    mut streams: Streams<R, W>,
    environment: impl IntoIterator<Item = (OsString, OsString)>,
    open: impl FnOnce() -> Result<Vault, VaultError>,
) -> i32
where
    R: Read + Send + 'static,
    W: Write + Send + 'static,
{
    let prepared = match call::read(arguments) {
        Ok(Asked::Start(call)) => prepare(&call, environment, open),
        Ok(Asked::Version) => {
            return print(&mut streams.output, &format!("{NAME} {VERSION}\n"));
        }
        Ok(Asked::Help) => return print(&mut streams.output, HELP),
        Err(error) => Err(Refusal::usage(NAME, &error)),
    };
    match prepared {
        Ok((connection, runtime)) => carry(connection, &runtime, streams),
        Err(refusal) => refuse(&refusal, streams),
    }
}

fn print(output: &mut impl Write, text: &str) -> i32 {
    let is_printed = output.write_all(text.as_bytes()).is_ok() && output.flush().is_ok();
    if is_printed {
        0
    } else {
        Exit::Failed.code().into()
    }
}

fn prepare(
    call: &Call,
    environment: impl IntoIterator<Item = (OsString, OsString)>,
    open: impl FnOnce() -> Result<Vault, VaultError>,
) -> Result<(Connection, Runtime), Refusal> {
    let target = prepare::target(&call.bridged, environment, open)?;
    let connection = Connection::new(target, call.transport, Timing::default())
        .map_err(|failure| Refusal::failed(format!("failed to {}", shown(&failure.to_string()))))?;
    let runtime = Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(LOOKUPS_MAX)
        .build()
        .map_err(|error| Refusal::failed(format!("the bridge cannot work: {error}")))?;
    Ok((connection, runtime))
}

fn carry<R, W>(connection: Connection, runtime: &Runtime, streams: Streams<R, W>) -> i32
where
    R: Read + Send + 'static,
    W: Write + Send + 'static,
{
    runtime.block_on(async {
        let mut ending = match Ending::listen() {
            Ok(ending) => ending,
            Err(error) => {
                let refusal = Refusal::failed(format!("signals cannot be listened for: {error}"));
                return refuse(&refusal, streams);
            }
        };
        let (output, written) = streams::write(streams.output);
        let client = Client {
            input: streams::read(streams.input),
            output,
            written,
        };
        relay(connection, client, &mut ending).await
    })
}

/// Says why the server is not reached, and answers the client until it closes its end.
fn refuse<R: Read, W: Write>(refusal: &Refusal, streams: Streams<R, W>) -> i32 {
    say(NAME, &refusal.message());
    if !streams.is_terminal {
        // A client that is gone needs no answer.
        let input = BufReader::new(Patient(streams.input));
        let _ = answer_all(input, Patient(streams.output), refusal);
    }
    refusal.exit.code().into()
}
