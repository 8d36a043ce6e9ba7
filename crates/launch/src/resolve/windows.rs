//! Finding a program on Windows, as the clients' own libraries do.
//!
//! Clients look a bare name up in PATH with the endings of PATHEXT, and start a batch file through
//! the command interpreter. One thing differs on purpose: a bare name is never looked for in the
//! working folder, where a project could have put a program of that name.

use super::{Look, ResolveError, Unfit};

/// The endings that are tried when PATHEXT is not set.
///
/// Source: <https://github.com/npm/node-which/blob/main/lib/index.js>, 2026-11-22.
const DEFAULT_ENDINGS: &str = ".EXE;.CMD;.BAT;.COM";

/// A program on Windows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The file.
    pub path: String,
    /// How it is started.
    pub kind: Kind,
}

/// How a file is started on Windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// By itself.
    Program,
    /// Through the command interpreter, which reads its arguments once more.
    Batch,
}

/// Finds the file that a program's name stands for.
///
/// A name with a separator or a drive is a path, from the working folder; anything else is looked for
/// in the folders of `path`. The name is tried as it stands if it has an ending, then with each ending
/// of `endings` (PATHEXT).
///
/// # Errors
/// [`ResolveError`].
pub fn find(
    program: &str,
    path: &str,
    endings: Option<&str>,
    look: impl Fn(&str) -> Look,
) -> Result<Found, ResolveError> {
    if program.is_empty() {
        return Err(ResolveError::Unfit(Unfit::Empty));
    }
    if program.contains('\0') {
        return Err(ResolveError::Unfit(Unfit::Zero));
    }
    let names = names(program, endings);
    if is_path(program) {
        let runnable = names.iter().find(|name| look(name) == Look::Program);
        let is_there = || names.iter().any(|name| look(name) != Look::Absent);
        return match runnable {
            Some(path) => found(path),
            None if is_there() => Err(ResolveError::NotRunnable(program.to_owned())),
            None => Err(ResolveError::NotThere),
        };
    }
    folders(path)
        .flat_map(|folder| names.iter().map(move |name| join(folder, name)))
        .find(|candidate| look(candidate) == Look::Program)
        .map_or(Err(ResolveError::NotInPath), |path| found(&path))
}

/// Checks that a program can be handed these arguments and get them as they are.
///
/// The command interpreter reads the arguments of a batch file once more. Quoting keeps everything
/// but a line break, at which it stops reading; the standard library, which starts the file, quotes.
///
/// Source: <https://nvd.nist.gov/vuln/detail/CVE-2024-24576>, 2026-11-22.
///
/// # Errors
/// [`Unfit`].
///
/// # Security
/// An argument that is refused here could make the interpreter run what stands in it.
pub fn check_arguments<'a>(
    found: &Found,
    arguments: impl IntoIterator<Item = &'a str>,
) -> Result<(), Unfit> {
    let is_batch = found.kind == Kind::Batch;
    if is_batch && (found.path.contains('"') || found.path.ends_with('\\')) {
        return Err(Unfit::Quote);
    }
    for argument in arguments {
        if argument.contains('\0') {
            return Err(Unfit::Zero);
        }
        if is_batch && argument.contains(['\r', '\n']) {
            return Err(Unfit::LineBreak);
        }
    }
    Ok(())
}

/// The names under which a program may lie, in the order in which they are tried.
fn names(program: &str, endings: Option<&str>) -> Vec<String> {
    let own = file_name(program).contains('.').then(|| program.to_owned());
    let endings = endings.filter(|text| !text.is_empty());
    let with_endings = endings
        .unwrap_or(DEFAULT_ENDINGS)
        .split(';')
        .filter(|ending| ending.starts_with('.'))
        .map(|ending| format!("{program}{ending}"));
    own.into_iter().chain(with_endings).collect()
}

fn is_path(program: &str) -> bool {
    program.contains(['/', '\\']) || program.as_bytes().get(1) == Some(&b':')
}

fn file_name(program: &str) -> &str {
    program.rsplit(['/', '\\', ':']).next().unwrap_or(program)
}

/// The folders of PATH; one with a semicolon in its name stands in quotes. Those that are relative
/// are left out: they would be looked for in the working folder.
fn folders(path: &str) -> impl Iterator<Item = &str> {
    let mut is_quoted = false;
    path.split(move |character| {
        is_quoted ^= character == '"';
        character == ';' && !is_quoted
    })
    .map(|folder| folder.trim_matches('"'))
    .filter(|folder| is_path(folder))
}

fn join(folder: &str, name: &str) -> String {
    let separator = if folder.ends_with(['/', '\\']) {
        ""
    } else {
        "\\"
    };
    format!("{folder}{separator}{name}")
}

fn found(path: &str) -> Result<Found, ResolveError> {
    let ending = file_name(path)
        .rsplit_once('.')
        .map_or("", |(_, ending)| ending);
    let kind = match ending.to_ascii_lowercase().as_str() {
        "exe" | "com" => Kind::Program,
        "cmd" | "bat" => Kind::Batch,
        _ => return Err(ResolveError::NotRunnable(path.to_owned())),
    };
    Ok(Found {
        path: path.to_owned(),
        kind,
    })
}

#[cfg(test)]
mod tests {
    use super::{Found, Kind, Look, ResolveError, Unfit, check_arguments, find};

    const FILES: [&str; 8] = [
        r"C:\node\npx.CMD",
        r"C:\node\node.EXE",
        r"C:\tools;old\uvx.EXE",
        r"C:\tools\node.bat",
        r"C:\tools\server.js",
        r".\local.cmd",
        r"D:\x\app.exe",
        r"npx.CMD",
    ];
    const PATH: &str = r#"C:\none;C:\node;"C:\tools;old";C:\tools\"#;

    fn check(program: &str, endings: Option<&str>, expect: Result<(&str, Kind), ResolveError>) {
        let look = |path: &str| match FILES.contains(&path) {
            true => Look::Program,
            false => Look::Absent,
        };
        let expect = expect.map(|(path, kind)| Found {
            path: path.to_owned(),
            kind,
        });
        assert_eq!(find(program, PATH, endings, look), expect, "{program}");
    }

    #[test]
    fn tries_the_endings_in_every_folder() {
        check("npx", None, Ok((r"C:\node\npx.CMD", Kind::Batch)));
        check("node", None, Ok((r"C:\node\node.EXE", Kind::Program)));
        check(
            "node",
            Some(".bat;.EXE"),
            Ok((r"C:\node\node.EXE", Kind::Program)),
        );
        check(
            "node",
            Some(".bat"),
            Ok((r"C:\tools\node.bat", Kind::Batch)),
        );
        check("python", None, Err(ResolveError::NotInPath));
    }

    #[test]
    fn reads_a_quoted_folder_of_path() {
        check(
            "uvx",
            Some(""),
            Ok((r"C:\tools;old\uvx.EXE", Kind::Program)),
        );
    }

    #[test]
    fn takes_a_name_with_an_ending_as_it_stands() {
        check("node.EXE", None, Ok((r"C:\node\node.EXE", Kind::Program)));
        check(r"D:\x\app.exe", None, Ok((r"D:\x\app.exe", Kind::Program)));
        check(
            r"D:\x\app",
            Some(".exe"),
            Ok((r"D:\x\app.exe", Kind::Program)),
        );
    }

    #[test]
    fn looks_in_the_working_folder_only_where_the_name_says_so() {
        check(r".\local", Some(".cmd"), Ok((r".\local.cmd", Kind::Batch)));
        check(r".\npx", None, Err(ResolveError::NotThere));
        let in_working_folder = |path: &str| match path {
            r".\npx.CMD" | "npx.CMD" => Look::Program,
            _ => Look::Absent,
        };
        let found = find("npx", r".;;C:\node", None, in_working_folder);
        assert_eq!(found, Err(ResolveError::NotInPath));
    }

    #[test]
    fn refuses_what_the_system_cannot_start() {
        let expect = ResolveError::NotRunnable(r"C:\tools\server.js".to_owned());
        check("server.js", None, Err(expect));
        check("", None, Err(ResolveError::Unfit(Unfit::Empty)));
        check("a\0", None, Err(ResolveError::Unfit(Unfit::Zero)));
    }

    #[test]
    fn refuses_arguments_that_a_batch_file_would_not_get_whole() {
        let check = |path: &str, kind: Kind, argument: &str, expect: Result<(), Unfit>| {
            let found = Found {
                path: path.to_owned(),
                kind,
            };
            let arguments = ["-y", argument];
            assert_eq!(
                check_arguments(&found, arguments),
                expect,
                "{path} {argument:?}"
            );
        };
        for argument in ["", "a b", "&calc", "%PATH%", "\"", "^|<>", "ä", r"a\"] {
            check("npx.cmd", Kind::Batch, argument, Ok(()));
        }
        check("npx.cmd", Kind::Batch, "a\n&calc", Err(Unfit::LineBreak));
        check("npx.cmd", Kind::Batch, "a\rb", Err(Unfit::LineBreak));
        check("node.exe", Kind::Program, "a\nb", Ok(()));
        check("node.exe", Kind::Program, "a\0b", Err(Unfit::Zero));
        check("npx.cmd", Kind::Batch, "a\0b", Err(Unfit::Zero));
        check("a\".cmd", Kind::Batch, "a", Err(Unfit::Quote));
        check("a.exe", Kind::Program, "\"", Ok(()));
    }
}
