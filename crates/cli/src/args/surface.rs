use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use countersign_core::surfaces::Grade;

use super::PlaceArguments;

#[derive(Debug, Subcommand)]
pub(crate) enum SurfaceCommand {
    /// Show what a server tells the model: every tool, prompt and resource, every text whole
    Show {
        /// A surface that was exported
        file: PathBuf,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show what changed between two surfaces, word by word
    Diff {
        /// The surface that was approved
        before: PathBuf,
        /// The present one
        after: PathBuf,
        /// Exit with 1 if anything changed that matters as much as this
        #[arg(long, value_name = "GRADE")]
        fail_on: Option<GradeArgument>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Check a surface: its digest, that it is whole, and that it is the approved one
    Verify {
        /// The surface
        file: PathBuf,
        /// The surface that was approved: anything that changed is a failure
        #[arg(long, value_name = "FILE")]
        against: Option<PathBuf>,
    },
}

/// How much a change matters.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum GradeArgument {
    /// White space, order, spelling
    Cosmetic,
    /// Other words
    Wording,
    /// Other arguments, results or hints
    Behaviour,
    /// Something offered that was not, or no longer
    Capability,
    /// Text that nobody sees and every model reads
    Hidden,
}

impl GradeArgument {
    pub(crate) fn grade(self) -> Grade {
        match self {
            GradeArgument::Cosmetic => Grade::Cosmetic,
            GradeArgument::Wording => Grade::Wording,
            GradeArgument::Behaviour => Grade::Behaviour,
            GradeArgument::Capability => Grade::Capability,
            GradeArgument::Hidden => Grade::Hidden,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct ReviewArguments {
    /// Name, `client/name`, or id of an entry
    pub(crate) entry: String,
    /// Take what it tells from a surface that was exported, and ask nobody
    #[arg(long, value_name = "FILE")]
    pub(crate) from: Option<PathBuf>,
    /// Ask it: a program is started in a sandbox, a server at an address is called
    #[arg(long, conflicts_with = "from")]
    pub(crate) ask: bool,
    /// Let the program reach the network while it is asked, as launchers that download have to
    #[arg(long, requires = "ask")]
    pub(crate) network: bool,
    /// Write what it tells to a file, for reviews and builds
    #[arg(long, value_name = "FILE")]
    pub(crate) export: Option<PathBuf>,
    /// Approve what it tells the model, for yourself
    #[arg(long, conflicts_with = "reject")]
    pub(crate) approve: bool,
    /// Leave a tool out of the approval (may be given several times)
    #[arg(long, value_name = "TOOL", requires = "approve")]
    pub(crate) leave_out: Vec<String>,
    /// Reject what it tells the model
    #[arg(long)]
    pub(crate) reject: bool,
    /// Why
    #[arg(long, default_value = "")]
    pub(crate) note: String,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) place: PlaceArguments,
}
