//! uvx, uv run, pipx, python.

use countersign_model::{Argument, Float, Identity, Launcher, Modifier, Pin, Runtime};

use super::{
    Sketch, Subject, WHY,
    flags::{Flags, Step, Value, Walk},
    path, spec,
};

const INDEX: &str = "packages come from another index";
const MORE: &str = "packages may come from a further index";
const BRINGS: &str = "brings a package along";
const CONSTRAINTS: &str = "fixes or changes versions by a file";

/// Source: `uv help tool run` and `uv help run` (uv 0.9), checked 2026-11-24.
const UV_FLAGS: Flags<'static> = Flags {
    valued: &[
        "--from",
        "--with",
        "-w",
        "--with-editable",
        "--with-requirements",
        "--index-url",
        "-i",
        "--index",
        "--default-index",
        "--extra-index-url",
        "--find-links",
        "-f",
        "--python",
        "-p",
        "--cache-dir",
        "--directory",
        "--project",
        "--constraints",
        "--constraint",
        "-c",
        "--overrides",
        "--override",
        "--build-constraints",
        "--build-constraint",
        "-b",
        "--config-file",
        "--config-setting",
        "-C",
        "--refresh-package",
        "--upgrade-package",
        "-P",
        "--reinstall-package",
        "--link-mode",
        "--resolution",
        "--prerelease",
        "--exclude-newer",
        "--fork-strategy",
        "--color",
        "--keyring-provider",
        "--allow-insecure-host",
        "--env-file",
        "--index-strategy",
        "--no-build-package",
        "--no-binary-package",
        "--torch-backend",
        "--python-platform",
        "--extra",
        "--group",
        "--only-group",
        "--no-group",
        "--package",
        "--no-extra",
        "--no-sources-package",
        "--color",
    ],
    telling: &[
        ("--index-url", INDEX),
        ("-i", INDEX),
        ("--default-index", INDEX),
        ("--index", MORE),
        ("--extra-index-url", MORE),
        ("--find-links", MORE),
        ("-f", MORE),
        ("--allow-insecure-host", "an index is not authenticated"),
        ("--constraints", CONSTRAINTS),
        ("--constraint", CONSTRAINTS),
        ("-c", CONSTRAINTS),
        ("--overrides", CONSTRAINTS),
        ("--override", CONSTRAINTS),
        ("--config-file", "takes settings from another file"),
        ("--env-file", "sets variables from a file"),
        ("--with", BRINGS),
        ("-w", BRINGS),
        ("--with-editable", BRINGS),
        ("--with-requirements", BRINGS),
        ("--from", "the program comes from this package"),
        ("--cache-dir", "takes packages from another cache"),
        ("--index-strategy", "chooses between indexes in another way"),
    ],
};

/// What `uv`'s flags told.
#[derive(Default)]
struct Told<'token> {
    from: Option<Value<'token>>,
    with: Vec<Value<'token>>,
    folder: Option<&'token str>,
    module: bool,
    script: bool,
    registry: Option<String>,
    modifiers: Vec<Modifier>,
    positional: Option<(usize, &'token str)>,
}

fn told<'token>(tokens: &'token [Argument], from: usize) -> Told<'token> {
    let mut told = Told::default();
    let mut walk = Walk::new(tokens, from, &UV_FLAGS);
    while let Some(step) = walk.next() {
        match step {
            Step::Flag(flag, value) => {
                told.modifiers.extend(walk.modifier(&flag, value.as_ref()));
                match (flag.as_str(), value) {
                    ("--from", Some(value)) => told.from = Some(value),
                    ("--with" | "-w" | "--with-editable", Some(value)) => told.with.push(value),
                    ("--directory" | "--project", Some(value)) => told.folder = Some(value.text),
                    ("--index-url" | "-i" | "--default-index", Some(value)) => {
                        told.registry = Some(value.shown);
                    }
                    ("-m" | "--module", _) => told.module = true,
                    ("-s" | "--script" | "--gui-script", _) => told.script = true,
                    _ => {}
                }
            }
            Step::Positional(index, text) => {
                told.positional = Some((index, text));
                break;
            }
            Step::End => {}
        }
    }
    told
}

/// Reads `uvx …`, or `uv tool run …` from the token at `from`.
pub(super) fn uvx(subject: &Subject<'_>, tokens: &[Argument], from: usize) -> Sketch {
    let told = told(tokens, from);
    let mut sketch = Sketch::unknown("uvx", "no package is named");
    let main = told
        .from
        .as_ref()
        .map(|value| value.text)
        .or(told.positional.map(|(_, text)| text));
    if let Some(main) = main {
        (sketch.identity, sketch.pin) = spec::parse_pypi(main);
    }
    finish(subject, sketch, told, Launcher::Uvx, tokens)
}

/// Puts what the flags told into a sketch.
fn finish(
    subject: &Subject<'_>,
    mut sketch: Sketch,
    told: Told<'_>,
    launcher: Launcher,
    tokens: &[Argument],
) -> Sketch {
    if let Identity::File { path: local, .. } = &mut sketch.identity {
        *local = path(subject, local);
    }
    sketch.launcher = Some(launcher);
    sketch.registry = told.registry;
    sketch.modifiers.extend(told.modifiers);
    sketch.server_arguments = told.positional.map_or(tokens.len(), |(index, _)| index + 1);
    sketch.companions = told
        .with
        .iter()
        .flat_map(|value| value.text.split(','))
        .map(|requirement| spec::parse_pypi(requirement).0)
        .collect();
    sketch
}

/// Reads `uv …`: `uv tool run`, `uv run`, with global flags before the subcommand.
pub(super) fn uv(subject: &Subject<'_>, tokens: &[Argument]) -> Sketch {
    let mut before = told(tokens, 1);
    let Some((at, subcommand)) = before.positional.take() else {
        return Sketch::unknown("uv", "no subcommand is named");
    };
    match subcommand {
        "tool" | "x" => {
            let run = told(tokens, at + 1).positional;
            match (subcommand, run) {
                ("tool", Some((index, "run"))) => uvx(subject, tokens, index + 1),
                _ => Sketch::unknown("uv tool", "not a subcommand that starts a program"),
            }
        }
        "run" => uv_run(subject, tokens, at + 1, before),
        _ => Sketch::unknown("uv", "not a subcommand that starts a program"),
    }
}

fn uv_run<'token>(
    subject: &Subject<'_>,
    tokens: &'token [Argument],
    from: usize,
    before: Told<'token>,
) -> Sketch {
    let mut told = told(tokens, from);
    told.folder = told.folder.or(before.folder);
    told.modifiers.splice(0..0, before.modifiers);
    let folder = told.folder.map(|folder| path(subject, folder));
    let inside = Subject {
        working_folder: folder.or_else(|| subject.working_folder.clone()),
        ..subject.clone()
    };
    let Some((index, text)) = told.positional else {
        let sketch = Sketch::unknown("uv run", "no program is named");
        return finish(subject, sketch, told, Launcher::UvRun, tokens);
    };
    let sketch = if told.module {
        module(text)
    } else if told.script || text.ends_with(".py") {
        script(&inside, text)
    } else if matches!(text, "python" | "python3") {
        python(&inside, &tokens[index..])
    } else if matches!(text, "mcp" | "fastmcp") {
        served_file(&inside, tokens, index)
    } else if text == "-" {
        Sketch::inline("python", None)
    } else if let Some(folder) = &inside.working_folder {
        project(folder)
    } else if let Some(brought) = told.with.iter().find(|value| brings(value.text, text)) {
        let (identity, pin) = spec::parse_pypi(brought.text);
        Sketch::of(identity, pin, None)
    } else {
        Sketch::unknown(text, "a program of whatever project the client is in")
    };
    finish(&inside, sketch, told, Launcher::UvRun, tokens)
}

/// Returns whether a requirement's name is the program's.
fn brings(requirement: &str, program: &str) -> bool {
    match (spec::parse_pypi(requirement).0, spec::parse_pypi(program).0) {
        (Identity::Package(brought), Identity::Package(program)) => brought.name == program.name,
        _ => false,
    }
}

fn project(folder: &str) -> Sketch {
    let identity = Identity::File {
        path: folder.to_owned(),
        runtime: Some(Runtime::Python),
        hash: None,
    };
    Sketch::of(identity, Pin::Floating(Float::Local), None)
}

fn script(subject: &Subject<'_>, text: &str) -> Sketch {
    if text.starts_with("https://") || text.starts_with("http://") {
        let (identity, pin) = spec::parse_pypi(text);
        return Sketch::of(identity, pin, None);
    }
    let identity = Identity::File {
        path: path(subject, text),
        runtime: Some(Runtime::Python),
        hash: None,
    };
    Sketch::of(identity, Pin::Floating(Float::Local), None)
}

fn module(name: &str) -> Sketch {
    let identity = Identity::Module {
        runtime: Runtime::Python,
        name: name.to_owned(),
    };
    Sketch::of(identity, Pin::Floating(Float::Installed), None)
}

/// `mcp run server.py` and `fastmcp run server.py` serve a file.
pub(super) fn served_file(subject: &Subject<'_>, tokens: &[Argument], at: usize) -> Sketch {
    let mut rest = tokens
        .iter()
        .enumerate()
        .skip(at + 1)
        .map(|(index, token)| (index, token.expose(WHY)));
    let is_run = rest
        .next()
        .is_some_and(|(_, word)| matches!(word, "run" | "dev"));
    let file = rest.find(|(_, word)| !word.starts_with('-'));
    match file.filter(|_| is_run) {
        Some((index, file)) => {
            // `server.py:app` names an object in the file.
            let name = file
                .split_once(".py:")
                .map_or(file, |(stem, _)| &file[..stem.len() + 3]);
            let mut sketch = script(subject, name);
            sketch.server_arguments = index + 1;
            sketch
        }
        None => Sketch::unknown(tokens[at].expose(WHY), "no file is named"),
    }
}

/// Source: `pipx run --help` (1.8), checked 2026-11-24.
const PIPX_FLAGS: Flags<'static> = Flags {
    valued: &[
        "--spec",
        "--index-url",
        "-i",
        "--python",
        "--pip-args",
        "--with",
        "--path",
    ],
    telling: &[
        ("--index-url", INDEX),
        ("-i", INDEX),
        ("--pip-args", "changes how packages are installed"),
        ("--spec", "the program comes from this package"),
        ("--with", BRINGS),
    ],
};

/// Reads `pipx run …`.
pub(super) fn pipx(subject: &Subject<'_>, tokens: &[Argument]) -> Sketch {
    let is_run = tokens
        .get(1)
        .is_some_and(|token| token.expose(WHY) == "run");
    if !is_run {
        return Sketch::unknown("pipx", "not a subcommand that starts a program");
    }
    let mut sketch = Sketch::unknown("pipx run", "no package is named");
    let mut spec_text = None;
    let mut walk = Walk::new(tokens, 2, &PIPX_FLAGS);
    while let Some(step) = walk.next() {
        match step {
            Step::Flag(flag, value) => {
                sketch
                    .modifiers
                    .extend(walk.modifier(&flag, value.as_ref()));
                match (flag.as_str(), value) {
                    ("--spec", Some(value)) => spec_text = Some(value.text),
                    ("--index-url" | "-i", Some(value)) => sketch.registry = Some(value.shown),
                    ("--with", Some(value)) => {
                        sketch.companions.push(spec::parse_pypi(value.text).0);
                    }
                    _ => {}
                }
            }
            Step::Positional(index, text) => {
                (sketch.identity, sketch.pin) = spec::parse_pypi(spec_text.unwrap_or(text));
                sketch.server_arguments = index + 1;
                break;
            }
            Step::End => {}
        }
    }
    if let Identity::File { path: local, .. } = &mut sketch.identity {
        *local = path(subject, local);
    }
    sketch.launcher = Some(Launcher::PipxRun);
    sketch
}

/// Reads `python …`: a script, `-m module`, or program text.
pub(super) fn python(subject: &Subject<'_>, tokens: &[Argument]) -> Sketch {
    let launcher = Some(Launcher::Runtime(Runtime::Python));
    let mut at = 1;
    while let Some(token) = tokens.get(at) {
        let text = token.expose(WHY);
        match text {
            "-c" => return Sketch::inline("python", launcher),
            "-" => return Sketch::inline("python", launcher),
            "-m" => {
                let Some(name) = tokens.get(at + 1) else {
                    return Sketch::unknown("python -m", "no module is named");
                };
                return run_module(subject, tokens, at, name.expose(WHY), launcher);
            }
            "-W" | "-X" | "--check-hash-based-pycs" => at += 2,
            _ if text.starts_with("-c") && text.len() > 2 => {
                return Sketch::inline("python", launcher);
            }
            _ if text.starts_with("-m") && text.len() > 2 => {
                let mut sketch = module(&text[2..]);
                sketch.launcher = launcher;
                sketch.server_arguments = at + 1;
                return sketch;
            }
            // The Windows launcher takes a version: `py -3.12`.
            _ if text.starts_with('-') => at += 1,
            _ => {
                let mut sketch = script(subject, text);
                sketch.launcher = launcher;
                sketch.server_arguments = at + 1;
                return sketch;
            }
        }
    }
    Sketch::unknown("python", "no program is named")
}

/// Some modules are launchers themselves.
fn run_module(
    subject: &Subject<'_>,
    tokens: &[Argument],
    at: usize,
    name: &str,
    launcher: Option<Launcher>,
) -> Sketch {
    match name {
        "uv" => uv(subject, &tokens[at + 1..]),
        "pipx" => pipx(subject, &tokens[at + 1..]),
        "mcp" | "fastmcp" => served_file(subject, tokens, at + 1),
        _ => {
            let mut sketch = module(name);
            sketch.launcher = launcher;
            sketch.server_arguments = at + 2;
            sketch
        }
    }
}
