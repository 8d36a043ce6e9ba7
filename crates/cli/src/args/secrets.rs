use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand, ValueEnum};

use super::PlaceArguments;

#[derive(Debug, Subcommand)]
pub(crate) enum SecretsCommand {
    /// Show the credentials in plain text, and what stays behind of them elsewhere (the default)
    List(SecretsLook),
    /// Show what moving would do to every file, what stays where it is, and why
    Plan {
        #[command(flatten)]
        what: MoveArguments,
        #[command(flatten)]
        look: SecretsLook,
    },
    /// Move credentials into the vault
    #[command(group(ArgGroup::new("which").required(true).args(["entries", "all"])))]
    Migrate {
        #[command(flatten)]
        what: MoveArguments,
        /// Move every credential that can be moved
        #[arg(long, conflicts_with = "entries")]
        all: bool,
        /// Show what would be done, as `plan` does, and do nothing
        #[arg(long)]
        dry_run: bool,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Take a move back
    Undo {
        /// The number of the move; the latest one without it
        id: Option<u32>,
        /// Which values are written where they changed since
        #[arg(long)]
        values: Option<Which>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Take entries back to plain text, whichever move changed them
    TakeBack {
        /// Name, `client/name`, or id of an entry
        #[arg(required = true)]
        entries: Vec<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Give a reference another value: asked for without an echo, or read from standard input
    Set {
        /// The reference (`countersign:…`), or name, `client/name`, or id of the entry
        what: String,
        /// The variable, header or flag of the entry, where it has several references
        name: Option<String>,
        /// Have a secret manager hold it: `op://…`, `bw://…`, `vault://…`, `aws-sm://…`, `gcp-sm://…`,
        /// `azure-kv://…`, `pass://…`, `env:NAME`, `command:["program","argument"]`
        #[arg(long, value_name = "WHERE")]
        from: Option<String>,
    },
    /// Bind an entry's secrets to what it starts now
    Bind {
        /// Name, `client/name`, or id of the entry, or the id that the guard names it by
        entry: String,
        /// Bind without asking
        #[arg(long)]
        yes: bool,
    },
    /// Show the store that is in use, guard and bridge, guarded entries, and moves
    Status {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Check that everything works that guarded entries need; exit with 1 if something does not
    Doctor {
        /// Mend what can be mended
        #[arg(long)]
        repair: bool,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Search the git history of a file for credentials that it held
    History {
        /// The file
        file: PathBuf,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

#[derive(Clone, Debug, Default, Args)]
pub(crate) struct SecretsLook {
    #[command(flatten)]
    pub(crate) place: PlaceArguments,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Clone, Debug, Default, Args)]
pub(crate) struct MoveArguments {
    /// Name, `client/name`, or id of an entry
    pub(crate) entries: Vec<String>,
    /// Edit files too of which only other projects say that a client reads them
    #[arg(long)]
    pub(crate) consent: bool,
    /// Keep equal values once, for all entries that have them
    #[arg(long)]
    pub(crate) join: bool,
    /// Read this config too, wherever it is; it is edited with `--consent`
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Vec<PathBuf>,
}

/// Which values are written back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Which {
    /// Those that stood in the file
    Old,
    /// Those that the vault has now
    Present,
}

#[derive(Debug, Subcommand)]
pub(crate) enum VaultCommand {
    /// Show which store is in use, and how it is (the default)
    Status {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Make an encrypted file, for a machine that has no keyring
    Make {
        /// Open it with this key file instead of a passphrase; it is made if it is not there
        #[arg(long, value_name = "FILE")]
        key_file: Option<PathBuf>,
    },
    /// Unlock the encrypted file for this session
    Unlock {
        /// Lock it again after so many minutes
        #[arg(long, value_name = "MINUTES", value_parser = clap::value_parser!(u32).range(1..=10_080))]
        minutes: Option<u32>,
    },
    /// Lock the encrypted file
    Lock,
}
