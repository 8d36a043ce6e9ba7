/// Exit codes: a public contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// What was asked for was done. Findings alone do not change that.
    Fine = 0,
    /// `--fail-on` was reached, a list that was checked is not valid, a surface is not the approved one, or
    /// `doctor` found something wrong.
    Found = 1,
    /// The command line was not understood (written by the argument parser).
    #[expect(
        dead_code,
        reason = "named for the documentation; clap exits with it itself"
    )]
    Usage = 2,
    /// What was asked for could not be done.
    Failed = 3,
    /// With `--fail-on`: nothing that severe was found, and something could not be looked at.
    Incomplete = 4,
}

/// The exit codes as the help and the man page show them.
pub(crate) const DOCUMENTED: &str = "\
Exit codes:
  0  done (findings alone do not change that)
  1  --fail-on was reached, a list that was checked is not valid, a surface is not whole or not the
     approved one, or doctor found something wrong
  2  the command line was not understood
  3  it could not be done
  4  with --fail-on: nothing that severe was found, and something could not be looked at";
