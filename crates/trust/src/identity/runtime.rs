//! Runtimes on a file: node, bun, tsx, ruby, java, dotnet, go …

use countersign_model::{Argument, Float, Identity, Launcher, Modifier, Pin, Runtime};

use super::{Sketch, Subject, WHY, path, spec};

/// How a runtime's arguments are read.
struct Habit {
    runtime: Runtime,
    /// Flags whose next token is a value.
    valued: &'static [&'static str],
    /// Flags after which program text stands.
    inline: &'static [&'static str],
    /// Flags that load other code first.
    loads: &'static [&'static str],
    /// Words before the file.
    words: &'static [&'static str],
}

const NODE: Habit = Habit {
    runtime: Runtime::Node,
    valued: &[
        "-r",
        "--require",
        "--import",
        "--loader",
        "--experimental-loader",
        "-C",
        "--conditions",
        "--env-file",
        "--icu-data-dir",
        "--tsconfig",
    ],
    inline: &["-e", "--eval", "-p", "--print", "-pe"],
    loads: &[
        "-r",
        "--require",
        "--import",
        "--loader",
        "--experimental-loader",
    ],
    words: &["watch"],
};

const BUN: Habit = Habit {
    runtime: Runtime::Bun,
    valued: &[
        "-r",
        "--preload",
        "--require",
        "--cwd",
        "--env-file",
        "-c",
        "--config",
    ],
    inline: &["-e", "--eval", "-p", "--print"],
    loads: &["-r", "--preload", "--require"],
    words: &["run"],
};

const RUBY: Habit = Habit {
    runtime: Runtime::Ruby,
    valued: &["-I", "-r"],
    inline: &["-e"],
    loads: &["-r", "-I"],
    words: &[],
};

const PERL: Habit = Habit {
    runtime: Runtime::Perl,
    valued: &["-I"],
    inline: &["-e", "-E"],
    loads: &["-M", "-I"],
    words: &[],
};

const PHP: Habit = Habit {
    runtime: Runtime::Php,
    valued: &["-d", "-c"],
    inline: &["-r"],
    loads: &[],
    words: &["-f"],
};

const JAVA: Habit = Habit {
    runtime: Runtime::Java,
    valued: &[
        "-cp",
        "-classpath",
        "--class-path",
        "-p",
        "--module-path",
        "-m",
    ],
    inline: &[],
    loads: &["-javaagent", "-agentlib", "-agentpath"],
    words: &["-jar"],
};

const DOTNET: Habit = Habit {
    runtime: Runtime::Dotnet,
    valued: &["--project", "-c", "--configuration", "-f", "--framework"],
    inline: &[],
    loads: &[],
    words: &["run", "exec"],
};

const SHELL: Habit = Habit {
    runtime: Runtime::Shell,
    valued: &["-o", "-O", "--rcfile", "--init-file"],
    inline: &["-c", "-lc", "-ic", "-lic", "-ec", "-xc", "-s"],
    loads: &["--rcfile", "--init-file"],
    words: &[],
};

const POWERSHELL: Habit = Habit {
    runtime: Runtime::PowerShell,
    valued: &[
        "-executionpolicy",
        "-ex",
        "-ep",
        "-windowstyle",
        "-workingdirectory",
        "-configurationname",
    ],
    inline: &["-command", "-c", "-encodedcommand", "-enc", "-e", "-ec"],
    loads: &[],
    words: &["-file", "-f"],
};

fn habit(program: &str) -> Option<&'static Habit> {
    Some(match program {
        "node" | "nodejs" | "tsx" | "ts-node" | "ts-node-esm" | "nodemon" => &NODE,
        "bun" => &BUN,
        "ruby" => &RUBY,
        "perl" => &PERL,
        "php" => &PHP,
        "java" => &JAVA,
        "dotnet" => &DOTNET,
        "sh" | "bash" | "zsh" | "dash" | "ksh" | "fish" | "ash" => &SHELL,
        "powershell" | "pwsh" => &POWERSHELL,
        _ => return None,
    })
}

/// Reads a runtime's arguments; `None` where the program is no runtime.
pub(super) fn run(subject: &Subject<'_>, program: &str, tokens: &[Argument]) -> Option<Sketch> {
    if program == "go" {
        return Some(go(subject, tokens));
    }
    let habit = habit(program)?;
    let launcher = Some(Launcher::Runtime(habit.runtime));
    let is_folding = habit.runtime == Runtime::PowerShell;
    let mut modifiers = Vec::new();
    let mut at = 1;
    while let Some(token) = tokens.get(at) {
        let written = token.expose(WHY);
        let folded = if is_folding {
            written.to_ascii_lowercase()
        } else {
            written.to_owned()
        };
        let name = folded.split(['=', ':']).next().unwrap_or_default();
        if habit.words.contains(&folded.as_str()) {
            at += 1;
            continue;
        }
        if habit.inline.contains(&name) || is_attached_inline(habit, &folded) {
            let mut sketch = Sketch::inline(program, launcher);
            sketch.modifiers = modifiers;
            return Some(sketch);
        }
        if habit.loads.contains(&name) {
            let value = folded.contains('=').then(|| token.shown().to_owned());
            let value = value.or_else(|| tokens.get(at + 1).map(|next| next.shown().to_owned()));
            modifiers.push(Modifier {
                source: name.to_owned(),
                value,
                meaning: "loads other code first".to_owned(),
            });
        }
        if folded == "-" {
            return Some(Sketch::inline(program, launcher));
        }
        if folded.starts_with('-') {
            let takes_next = habit.valued.contains(&folded.as_str());
            at += if takes_next { 2 } else { 1 };
            continue;
        }
        let mut sketch = file(subject, written, habit.runtime);
        sketch.launcher = launcher;
        sketch.modifiers = modifiers;
        sketch.server_arguments = at + 1;
        return Some(sketch);
    }
    Some(Sketch::unknown(program, "no program is named"))
}

/// `-e'code'` in one token, for those who write it so.
fn is_attached_inline(habit: &Habit, token: &str) -> bool {
    matches!(habit.runtime, Runtime::Perl | Runtime::Ruby)
        && habit
            .inline
            .iter()
            .any(|flag| token.starts_with(flag) && token.len() > flag.len())
}

fn file(subject: &Subject<'_>, text: &str, runtime: Runtime) -> Sketch {
    // Program text can come as an address of itself.
    if text.starts_with("data:") {
        return Sketch::inline(runtime.name(), None);
    }
    if text.starts_with("https://") || text.starts_with("http://") {
        let (identity, pin) = spec::parse_npm(text);
        return Sketch::of(identity, pin, None);
    }
    let identity = Identity::File {
        path: path(subject, text),
        runtime: Some(runtime),
        hash: None,
    };
    Sketch::of(identity, Pin::Floating(Float::Local), None)
}

/// `go run module@version` fetches and builds; `go run ./folder` builds what is there.
fn go(subject: &Subject<'_>, tokens: &[Argument]) -> Sketch {
    let mut words = tokens
        .iter()
        .enumerate()
        .skip(1)
        .map(|(index, token)| (index, token.expose(WHY)));
    let is_run = words.next().is_some_and(|(_, word)| word == "run");
    let Some((index, target)) = words
        .find(|(_, word)| !word.starts_with('-'))
        .filter(|_| is_run)
    else {
        return Sketch::unknown("go", "no program is named");
    };
    let mut sketch = match target.split_once('@') {
        Some((module, version)) => {
            let identity = Identity::Source {
                url: format!("https://{module}"),
                reference: Some(version.to_owned()),
            };
            let is_release = version.starts_with('v') && version.contains('.');
            let pin = if is_release {
                Pin::VersionOnly(version.to_owned())
            } else if version == "latest" {
                Pin::Floating(Float::Newest)
            } else {
                Pin::Floating(Float::Branch(Some(version.to_owned())))
            };
            Sketch::of(identity, pin, None)
        }
        None => {
            let identity = Identity::File {
                path: path(subject, target),
                runtime: None,
                hash: None,
            };
            Sketch::of(identity, Pin::Floating(Float::Local), None)
        }
    };
    sketch.server_arguments = index + 1;
    sketch
}
