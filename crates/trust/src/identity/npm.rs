//! npx, npm exec, bunx, pnpm dlx, yarn dlx, deno.

use countersign_model::{
    Argument, Ecosystem, Float, Identity, Launcher, Package, Pin, Runtime, VersionSpec,
};

use super::{
    Sketch, Subject, WHY,
    flags::{Flags, Step, Value, Walk},
    path, spec,
};

const REGISTRY: &str = "packages come from another registry";
const INLINE: &str = "runs a command line of its own";
const BRINGS: &str = "brings a package along";
const FOLDER: &str = "takes settings and packages of another folder";
const SETTINGS: &str = "takes settings from another file";

/// Source: `npm help exec` and `npm help config` (npm 11), `bunx --help` (1.3), `pnpm help dlx`
/// (10), `yarn dlx --help` (4), checked 2026-11-24.
const FLAGS: Flags<'static> = Flags {
    valued: &[
        "-p",
        "--package",
        "-c",
        "--call",
        "--registry",
        "--prefix",
        "-C",
        "--dir",
        "-w",
        "--workspace",
        "--cache",
        "--userconfig",
        "--globalconfig",
        "--script-shell",
        "--loglevel",
        "--node-options",
        "--allow-build",
        "--store-dir",
        "--reporter",
        "--filter",
        "--cwd",
    ],
    telling: &[
        ("--registry", REGISTRY),
        ("-c", INLINE),
        ("--call", INLINE),
        ("--prefix", FOLDER),
        ("-C", FOLDER),
        ("--dir", FOLDER),
        ("--cwd", FOLDER),
        ("-w", FOLDER),
        ("--workspace", FOLDER),
        ("--userconfig", SETTINGS),
        ("--globalconfig", SETTINGS),
        ("--cache", "takes packages from another cache"),
        ("--store-dir", "takes packages from another store"),
        ("--script-shell", "runs through another shell"),
        ("--node-options", "loads other code first"),
    ],
};

/// Reads the arguments of a launcher of npm packages, from the token at `from`.
pub(super) fn launch(
    subject: &Subject<'_>,
    launcher: Launcher,
    tokens: &[Argument],
    from: usize,
) -> Sketch {
    let mut packages: Vec<Value<'_>> = Vec::new();
    let mut sketch = Sketch::unknown(launcher.name(), "no package is named");
    sketch.launcher = Some(launcher);
    let mut positional: Option<(usize, &str)> = None;
    let mut is_inline = false;
    let mut walk = Walk::new(tokens, from, &FLAGS);
    while let Some(step) = walk.next() {
        match step {
            Step::Flag(flag, value) => {
                if let ("-p" | "--package", Some(value)) = (flag.as_str(), &value) {
                    packages.push(value.clone());
                }
                is_inline |= matches!(flag.as_str(), "-c" | "--call" | "--shell-mode");
                if flag == "--registry" {
                    sketch.registry = value.as_ref().map(|value| value.shown.clone());
                }
                sketch
                    .modifiers
                    .extend(walk.modifier(&flag, value.as_ref()));
            }
            Step::Positional(index, text) => {
                positional = Some((index, text));
                break;
            }
            Step::End => {}
        }
    }
    if is_inline {
        return Sketch {
            modifiers: sketch.modifiers,
            ..Sketch::inline(launcher.name(), Some(launcher))
        };
    }
    sketch.server_arguments = positional.map_or(tokens.len(), |(index, _)| index + 1);
    let mut named = packages.into_iter();
    let main = match named.next() {
        Some(first) => Some(first.text),
        None => positional.map(|(_, text)| text),
    };
    let Some(main) = main else {
        return sketch;
    };
    (sketch.identity, sketch.pin) = spec::parse_npm(main);
    if let Identity::File { path: local, .. } = &mut sketch.identity {
        *local = path(subject, local);
    }
    for companion in named {
        sketch.companions.push(spec::parse_npm(companion.text).0);
        sketch.modifiers.push(countersign_model::Modifier {
            source: "--package".to_owned(),
            value: Some(companion.shown),
            meaning: BRINGS.to_owned(),
        });
    }
    sketch
}

/// Flags of `deno run` and `deno x`. Source: `deno run --help` (2.6), checked 2026-11-24.
const DENO_FLAGS: Flags<'static> = Flags {
    valued: &[
        "-c",
        "--config",
        "--import-map",
        "--lock",
        "-L",
        "--log-level",
        "--env-file",
        "--location",
        "--preload",
        "--require",
        "-e",
        "--ext",
        "--cert",
        "--seed",
        "--reload",
        "-r",
        "--node-modules-dir",
    ],
    telling: &[
        ("--import-map", "resolves imports through another map"),
        ("--preload", "loads other code first"),
        ("--require", "loads other code first"),
        ("-c", SETTINGS),
        ("--config", SETTINGS),
        ("-A", "may do everything on this machine"),
        ("--allow-all", "may do everything on this machine"),
    ],
};

/// Reads `deno run …` and `deno FILE`.
pub(super) fn deno(subject: &Subject<'_>, tokens: &[Argument]) -> Sketch {
    let launcher = Launcher::Deno;
    let mut sketch = Sketch::unknown("deno", "no program is named");
    sketch.launcher = Some(launcher);
    let mut walk = Walk::new(tokens, 1, &DENO_FLAGS);
    while let Some(step) = walk.next() {
        match step {
            Step::Flag(flag, value) => {
                sketch
                    .modifiers
                    .extend(walk.modifier(&flag, value.as_ref()));
            }
            Step::Positional(_, "run" | "x" | "serve") => {}
            Step::Positional(_, "eval" | "repl") => return Sketch::inline("deno", Some(launcher)),
            Step::Positional(index, text) => {
                (sketch.identity, sketch.pin) = deno_specifier(subject, text);
                sketch.server_arguments = index + 1;
                break;
            }
            Step::End => {}
        }
    }
    sketch
}

fn deno_specifier(subject: &Subject<'_>, text: &str) -> (Identity, Pin) {
    if let Some(name) = text.strip_prefix("npm:") {
        // `npm:/name@1/bin` names a file of the package.
        let name = name.trim_start_matches('/');
        let cut = if name.starts_with('@') { 2 } else { 1 };
        let package: Vec<&str> = name.split('/').take(cut).collect();
        return spec::parse_npm(&package.join("/"));
    }
    if let Some(name) = text.strip_prefix("jsr:") {
        let (identity, pin) = spec::parse_npm(name);
        return match identity {
            Identity::Package(package) => (jsr(&package), pin),
            other => (other, pin),
        };
    }
    if text.starts_with("https://") || text.starts_with("http://") {
        let url = text.split(['?', '#']).next().unwrap_or(text).to_owned();
        let identity = Identity::Source {
            url,
            reference: None,
        };
        return (identity, Pin::Floating(Float::Branch(None)));
    }
    let identity = Identity::File {
        path: path(subject, text),
        runtime: Some(Runtime::Deno),
        hash: None,
    };
    (identity, Pin::Floating(Float::Local))
}

/// JSR serves its packages to npm under `@jsr/scope__name`.
fn jsr(package: &Package) -> Identity {
    let name = package.name.trim_start_matches('@').replace('/', "__");
    Identity::Package(Package {
        ecosystem: Ecosystem::Npm,
        name: format!("@jsr/{name}"),
        version: package.version.clone(),
    })
}

/// Reads `npm`, `pnpm`, `yarn` and `bun` with their subcommands.
pub(super) fn manager(subject: &Subject<'_>, program: &str, tokens: &[Argument]) -> Sketch {
    let word = |index: usize| tokens.get(index).map(|token| token.expose(WHY));
    // Global flags may stand before the subcommand.
    let mut at = 1;
    let mut folder = None;
    while let Some(flag) = word(at).filter(|flag| flag.starts_with('-')) {
        let is_folder = matches!(flag, "--prefix" | "-C" | "--dir" | "--cwd");
        if is_folder {
            folder = word(at + 1);
        }
        at += if FLAGS.valued.contains(&flag) { 2 } else { 1 };
    }
    let launcher = match (program, word(at)) {
        ("npm", Some("exec" | "x")) => Launcher::NpmExec,
        ("pnpm", Some("dlx")) => Launcher::PnpmDlx,
        ("yarn", Some("dlx")) => Launcher::YarnDlx,
        ("bun", Some("x")) => Launcher::Bunx,
        _ => return project_script(subject, program, folder, tokens, at),
    };
    launch(subject, launcher, tokens, at + 1)
}

/// A script of the project in the working folder: named by that folder.
fn project_script(
    subject: &Subject<'_>,
    program: &str,
    folder: Option<&str>,
    tokens: &[Argument],
    at: usize,
) -> Sketch {
    let mut folder = folder;
    let mut rest = tokens[at.min(tokens.len())..]
        .iter()
        .map(|token| token.expose(WHY));
    while let Some(token) = rest.next() {
        if matches!(token, "--prefix" | "-C" | "--dir" | "--cwd") {
            folder = rest.next();
        } else if let Some(value) = token.strip_prefix("--prefix=") {
            folder = Some(value);
        }
    }
    let place = match folder {
        Some(folder) => path(subject, folder),
        None => match &subject.working_folder {
            Some(folder) => folder.clone(),
            None => {
                return Sketch::unknown(program, "a script of whatever project the client is in");
            }
        },
    };
    let identity = Identity::File {
        path: place,
        runtime: Some(if program == "bun" {
            Runtime::Bun
        } else {
            Runtime::Node
        }),
        hash: None,
    };
    Sketch::of(identity, Pin::Floating(Float::Local), None)
}

/// Returns whether a version names exactly one release.
pub(super) fn is_exact(version: &VersionSpec) -> bool {
    matches!(version, VersionSpec::Exact(_))
}
