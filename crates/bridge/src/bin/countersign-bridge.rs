//! `countersign-bridge`: see the crate.

#![forbid(unsafe_code)]

use std::{
    env,
    io::{self, IsTerminal},
    process,
};

use countersign_bridge::{Streams, run};
use countersign_vault::{Vault, data_folder, harden_process};

fn main() {
    harden_process();
    let streams = Streams {
        input: io::stdin(),
        output: io::stdout(),
        is_terminal: io::stdin().is_terminal(),
    };
    let code = run(env::args_os().skip(1), streams, env::vars_os(), || {
        let home = env::home_dir().unwrap_or_default();
        Vault::open(&data_folder(&home, |name| env::var_os(name)))
    });
    process::exit(code);
}
