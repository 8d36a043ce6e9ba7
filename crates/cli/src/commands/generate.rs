use clap::CommandFactory;

use super::Done;
use crate::{args::Arguments, print};

/// Prints the JSON Schema of the report.
pub(super) fn schema() -> Done {
    Ok(print(&super::json(&countersign_core::json::schema())?))
}

/// Prints completions for a shell.
pub(super) fn completions(shell: clap_complete::Shell) -> Done {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "countersign", &mut text);
    Ok(print(&String::from_utf8_lossy(&text)))
}

/// Prints the man page, with those of all subcommands after it.
pub(super) fn man() -> Done {
    let mut text = Vec::new();
    let command = Arguments::command();
    clap_mangen::Man::new(command.clone()).render(&mut text)?;
    for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
        let name = format!("countersign-{}", sub.get_name());
        clap_mangen::Man::new(sub.clone().name(name)).render(&mut text)?;
    }
    Ok(print(&String::from_utf8_lossy(&text)))
}
