//! Writing an item to the keyring for Countersign, so that reading it later asks nobody: a keychain lets
//! the program that wrote an item read it.

use std::io;

use countersign_vault::{TakeInError, Taken, Vault, VaultError, answer, harden_process, take_in};

use crate::{exit::Exit, refusal::Refusal, run};

/// Takes one item from standard input, answers with one line, and returns the exit code.
pub(crate) fn keep(open: impl FnOnce() -> Result<Vault, VaultError>) -> i32 {
    harden_process();
    let outcome = take_in(io::stdin().lock(), open);
    match run::print(&answer(&outcome)) {
        0 => code(&outcome),
        failed => failed,
    }
}

fn code(outcome: &Result<Taken, TakeInError>) -> i32 {
    let exit = match outcome {
        Ok(_) => return 0,
        Err(TakeInError::Record(_)) => Exit::Usage,
        Err(TakeInError::Vault(error)) => Refusal::open(error).exit,
    };
    exit.code().into()
}
