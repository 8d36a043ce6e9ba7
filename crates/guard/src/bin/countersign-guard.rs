//! `countersign-guard`: see the crate.

#![forbid(unsafe_code)]

use std::{env, process};

use countersign_vault::{Vault, data_folder};

fn main() {
    let mut arguments = env::args_os().skip(1);
    #[cfg(all(unix, not(target_os = "linux")))]
    if env::args_os()
        .nth(1)
        .is_some_and(|first| first == countersign_launch::supervise::WATCH)
    {
        countersign_launch::supervise::watch();
        return;
    }
    let code = countersign_guard::run(&mut arguments, || {
        let home = env::home_dir().unwrap_or_default();
        Vault::open(&data_folder(&home, |name| env::var_os(name)))
    });
    process::exit(code);
}
