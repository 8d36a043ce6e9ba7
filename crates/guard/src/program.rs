//! The program that a call names, on this system.

use std::{
    ffi::{OsStr, OsString},
    path::PathBuf,
};

use countersign_launch::resolve::ResolveError;
#[cfg(windows)]
use countersign_launch::resolve::{Look, Unfit, windows};
use countersign_launch::same_name;
use countersign_model::Os;

/// A program that was found.
pub(crate) struct Found {
    #[cfg(unix)]
    file: PathBuf,
    #[cfg(windows)]
    found: windows::Found,
}

impl Found {
    /// Looks a program up as the client would, in the environment that the server gets.
    pub(crate) fn find(
        program: &OsStr,
        environment: &[(OsString, OsString)],
    ) -> Result<Self, ResolveError> {
        #[cfg(unix)]
        {
            use countersign_launch::resolve::unix;
            let file = unix::find(program, variable(environment, "PATH"), unix::look)?;
            Ok(Self { file })
        }
        #[cfg(windows)]
        {
            let text = |text: &OsStr| text.to_str().map(str::to_owned);
            let program = text(program).ok_or(ResolveError::Unfit(Unfit::NotUnicode))?;
            let path = variable(environment, "PATH")
                .and_then(text)
                .unwrap_or_default();
            let endings = variable(environment, "PATHEXT").and_then(text);
            let found = windows::find(&program, &path, endings.as_deref(), |path| {
                match std::path::Path::new(path).metadata() {
                    Ok(file) if file.is_file() => Look::Program,
                    Ok(_) => Look::NotRunnable,
                    Err(_) => Look::Absent,
                }
            })?;
            Ok(Self { found })
        }
    }

    /// Checks that it can be handed these arguments and get them as they are.
    #[cfg_attr(
        unix,
        expect(
            clippy::unused_self,
            clippy::unnecessary_wraps,
            reason = "only Windows refuses"
        )
    )]
    pub(crate) fn check(&self, arguments: &[OsString]) -> Result<(), ResolveError> {
        #[cfg(windows)]
        {
            let texts: Vec<_> = arguments
                .iter()
                .map(|text| text.to_string_lossy())
                .collect();
            let texts = texts.iter().map(AsRef::as_ref);
            windows::check_arguments(&self.found, texts).map_err(ResolveError::Unfit)
        }
        #[cfg(unix)]
        {
            let _ = arguments;
            Ok(())
        }
    }

    /// Returns the file.
    pub(crate) fn into_file(self) -> PathBuf {
        #[cfg(windows)]
        return self.found.path.into();
        #[cfg(unix)]
        self.file
    }
}

fn variable<'a>(environment: &'a [(OsString, OsString)], name: &str) -> Option<&'a OsStr> {
    let is_it =
        |(known, _): &&(OsString, OsString)| same_name(Os::current(), known, OsStr::new(name));
    environment
        .iter()
        .find(is_it)
        .map(|(_, value)| value.as_os_str())
}
