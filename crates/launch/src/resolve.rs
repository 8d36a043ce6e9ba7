//! Finding a program as a client would find it. Pure: what lies on the disk is asked of the caller.

#[cfg(unix)]
pub mod unix;
pub mod windows;

/// What lies at a path where a program is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// A file that this user may run.
    Program,
    /// A file or folder that this user may not run.
    NotRunnable,
    /// Nothing.
    Absent,
}

/// Why no program was found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResolveError {
    /// Nothing of that name is where programs are looked for.
    #[error("find the program: there is none of that name in PATH")]
    NotInPath,
    /// Nothing is at the path.
    #[error("find the program: nothing is at that path")]
    NotThere,
    /// What is there cannot be run.
    #[error("run the program: {0} is not a program, or this user may not run it")]
    NotRunnable(String),
    /// The name of the program, or an argument, cannot be handed to the system.
    #[error("start the program: {0}")]
    Unfit(Unfit),
}

/// What about a program or an argument cannot be handed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// No name at all.
    #[error("its name is empty")]
    Empty,
    /// A byte that ends every text in the system.
    #[error("a zero byte cannot be passed on")]
    Zero,
    /// A line break in an argument of a batch file, where it would end the command.
    #[error("a line break cannot be passed on to a batch file")]
    LineBreak,
    /// A quote in the name of a batch file, which would end the quoting.
    #[error("the name of a batch file cannot hold a quote or end with a backslash")]
    Quote,
    /// A name that is not Unicode, on Windows.
    #[error("its name is not Unicode")]
    NotUnicode,
}
