mod secrets;
mod surface;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum, builder::styling};
use jiff::civil::Date;

use crate::exit::DOCUMENTED;

pub(crate) use secrets::{MoveArguments, SecretsCommand, SecretsLook, VaultCommand, Which};
pub(crate) use surface::{ReviewArguments, SurfaceCommand};

const STYLES: styling::Styles = styling::Styles::styled()
    .header(styling::Style::new().bold())
    .usage(styling::Style::new().bold())
    .literal(styling::AnsiColor::Blue.on_default())
    .placeholder(styling::Style::new().dimmed());

/// See every MCP server on this machine, and whether the team has approved it.
///
/// Looking starts nothing, writes no file but Countersign's own, and sends nothing but to the addresses
/// of allowlists that you set. What changes other programs' files says so: `secrets` and `leave`.
#[derive(Debug, Parser)]
#[command(name = "countersign", version, styles = STYLES, after_help = DOCUMENTED, max_term_width = 100)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) scan: ScanArguments,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Scan this machine and show what was found (the default)
    Scan(ScanArguments),
    /// List the clients that are here, and their files
    Clients {
        #[command(flatten)]
        look: LookArguments,
        /// List every place that is looked at instead
        #[arg(long)]
        places: bool,
    },
    /// List the servers, one a line
    Servers {
        #[command(flatten)]
        look: LookArguments,
    },
    /// Show everything that is known of an entry
    Show {
        /// Name, `client/name`, or id of an entry
        entry: String,
        #[command(flatten)]
        look: LookArguments,
    },
    /// Explain a rule: what, why, example, remedy
    Explain {
        /// The rule; all rules are listed without it
        rule: Option<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Approve an entry as it is, for yourself
    Approve {
        /// Name, `client/name`, or id of an entry
        entry: String,
        /// What you looked at
        #[arg(long, default_value = "")]
        note: String,
        /// The last day on which the approval holds
        #[arg(long, value_name = "YYYY-MM-DD")]
        until: Option<Date>,
        #[command(flatten)]
        place: PlaceArguments,
    },
    /// Refuse a server in every version, for yourself
    Deny {
        /// Name, `client/name`, or id of an entry
        entry: String,
        /// Why
        #[arg(long)]
        note: String,
        #[command(flatten)]
        place: PlaceArguments,
    },
    /// Take back your own decisions about a server
    Forget {
        /// Name, `client/name`, or id of an entry; or a server's name as `settings` lists it
        server: String,
        #[command(flatten)]
        place: PlaceArguments,
    },
    /// Keep a finding quiet for a while
    Quiet {
        /// The rule
        rule: String,
        /// Name, `client/name`, or id of an entry; or the id of a config
        about: String,
        /// Why
        #[arg(long, required_unless_present = "undo")]
        reason: Option<String>,
        /// The last day on which it is quiet
        #[arg(long, value_name = "YYYY-MM-DD", required_unless_present = "undo")]
        until: Option<Date>,
        /// Let it speak again
        #[arg(long, conflicts_with_all = ["reason", "until"])]
        undo: bool,
        #[command(flatten)]
        place: PlaceArguments,
    },
    /// Move credentials out of configs into the vault, and back
    Secrets {
        #[command(subcommand)]
        command: Option<SecretsCommand>,
    },
    /// Work with the store that credentials are moved to
    Vault {
        #[command(subcommand)]
        command: Option<VaultCommand>,
    },
    /// Take every entry back from references and vault; run it before you uninstall Countersign
    Leave {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show what a server tells the model and what changed since you approved it, and decide on it
    Review(ReviewArguments),
    /// Show and compare what servers tell the model
    Surface {
        #[command(subcommand)]
        command: SurfaceCommand,
    },
    /// Work with a team's list
    Allowlist {
        #[command(subcommand)]
        command: AllowlistCommand,
    },
    /// Show or change what you set: lists and folders
    Settings {
        #[command(subcommand)]
        command: Option<SettingsCommand>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Print the JSON Schema of `--json`
    Schema,
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the man page
    Man,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AllowlistCommand {
    /// Check a list, as its own CI does
    Check {
        /// The list
        file: PathBuf,
        /// Count what is worth mending as wrong
        #[arg(long)]
        strict: bool,
    },
    /// Write an entry as a stanza: to standard output, or at the end of a list
    Add {
        /// Name, `client/name`, or id of an entry
        entry: String,
        /// The list; it is made if it is not there
        #[arg(long)]
        file: Option<PathBuf>,
        /// The name of a list that is made
        #[arg(long, default_value = "team", value_name = "NAME")]
        name: String,
        /// Who reviewed it
        #[arg(long)]
        reviewer: Option<String>,
        /// Why it is approved
        #[arg(long)]
        reason: Option<String>,
        /// The last day on which it holds
        #[arg(long, value_name = "YYYY-MM-DD")]
        expires: Option<Date>,
        #[command(flatten)]
        place: PlaceArguments,
    },
    /// Fetch the lists at addresses now
    Refresh,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SettingsCommand {
    /// Use a team's list
    AddList {
        /// What the source is
        kind: SourceKind,
        /// The path or address
        at: String,
    },
    /// Use a list no longer
    RemoveList {
        /// What the source is
        kind: SourceKind,
        /// The path or address
        at: String,
    },
    /// Walk a folder for projects
    AddFolder {
        /// The folder
        folder: PathBuf,
    },
    /// Walk a folder no longer
    RemoveFolder {
        /// The folder
        folder: PathBuf,
    },
}

/// Where a list comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SourceKind {
    /// A file
    File,
    /// A folder, usually a git checkout, with `allowlist.toml` in it
    Folder,
    /// An HTTPS address
    Url,
}

impl SourceKind {
    pub(crate) fn word(self) -> &'static str {
        match self {
            SourceKind::File => "file",
            SourceKind::Folder => "folder",
            SourceKind::Url => "url",
        }
    }
}

/// What is looked at.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct PlaceArguments {
    /// Look at this home instead of yours
    #[arg(long, value_name = "DIR")]
    pub(crate) home: Option<PathBuf>,
    /// Look below this folder for everything outside the home, as for a mounted disk
    #[arg(long, value_name = "DIR")]
    pub(crate) root: Option<PathBuf>,
}

/// What is looked at, and how it is printed.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct LookArguments {
    #[command(flatten)]
    pub(crate) place: PlaceArguments,
    /// Leave running processes out
    #[arg(long)]
    pub(crate) no_running: bool,
    /// Print JSON (see `countersign schema`)
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Clone, Debug, Default, Args)]
pub(crate) struct ScanArguments {
    /// Folders to walk for projects, and config files to read, besides what is set
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) look: LookArguments,
    /// Look only at the given paths, not at the home
    #[arg(long, requires = "paths")]
    pub(crate) only: bool,
    /// Use this list besides those that are set
    #[arg(long, value_name = "FILE")]
    pub(crate) list: Vec<PathBuf>,
    /// Print SARIF 2.1.0
    #[arg(long, conflicts_with = "json")]
    pub(crate) sarif: bool,
    /// Exit with 1 if a finding is at least this severe
    #[arg(long, value_name = "SEVERITY")]
    pub(crate) fail_on: Option<Level>,
    /// Show every finding, not only those of medium severity and above
    #[arg(long, short)]
    pub(crate) all: bool,
}

/// A severity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Level {
    /// Worth knowing
    Info,
    /// Hygiene
    Low,
    /// To be mended when convenient
    Medium,
    /// To be mended now
    High,
    /// Evidence of an attack
    Critical,
}

impl Level {
    pub(crate) fn severity(self) -> countersign_model::Severity {
        use countersign_model::Severity;
        match self {
            Level::Info => Severity::Info,
            Level::Low => Severity::Low,
            Level::Medium => Severity::Medium,
            Level::High => Severity::High,
            Level::Critical => Severity::Critical,
        }
    }
}
