//! `countersign-bridge`: see the crate.

#![forbid(unsafe_code)]

use std::{env, process};

use countersign_vault::{Vault, data_folder};

fn main() {
    let code = countersign_bridge::run(env::args_os().skip(1), || {
        let home = env::home_dir().unwrap_or_default();
        Vault::open(&data_folder(&home, |name| env::var_os(name)))
    });
    process::exit(code);
}
