//! Which launcher a program is.

use countersign_model::{Argument, Float, Identity, Launcher, Modifier, Pin, Runtime};

use super::{Sketch, Subject, WHY, container, is_absolute, npm, path, python, runtime};

/// Returns a program's name: without folders, without a Windows extension, in lowercase.
pub(crate) fn base_name(program: &str) -> String {
    let name = program.rsplit(['/', '\\']).next().unwrap_or(program);
    let lower = name.to_ascii_lowercase();
    for extension in [".exe", ".cmd", ".bat", ".ps1", ".com"] {
        if let Some(stem) = lower.strip_suffix(extension) {
            return stem.to_owned();
        }
    }
    lower
}

/// Reads a command line without wrappers.
pub(super) fn sketch(subject: &Subject<'_>, tokens: &[Argument]) -> Sketch {
    let Some(first) = tokens.first() else {
        return Sketch::unknown("nothing", "the command is empty");
    };
    let program = first.expose(WHY);
    if first.is_masked() && !program.contains(['/', '\\']) {
        return Sketch::unknown(first.shown(), "where a program should be is a credential");
    }
    if program.trim().is_empty() {
        return Sketch::unknown("nothing", "the command is empty");
    }
    // A launcher's name on a file of the project is that file, not the launcher.
    let is_local =
        program.contains(['/', '\\']) && !is_absolute(program) && !program.starts_with('~');
    if is_local {
        return binary(subject, program);
    }
    let name = base_name(program);
    let mut sketch = match launcher(subject, &name, tokens) {
        Some(sketch) => sketch,
        None => return binary(subject, program),
    };
    if is_absolute(program) && !is_usual_place(program) {
        sketch.modifiers.push(Modifier {
            source: "program".to_owned(),
            value: Some(first.shown().to_owned()),
            meaning: "the launcher is this file".to_owned(),
        });
    }
    sketch
}

fn launcher(subject: &Subject<'_>, name: &str, tokens: &[Argument]) -> Option<Sketch> {
    let is_python = name == "python"
        || name == "py"
        || name.strip_prefix("python").is_some_and(|version| {
            version
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'.')
        });
    if is_python {
        return Some(python::python(subject, tokens));
    }
    Some(match name {
        "npx" => npm::launch(subject, Launcher::Npx, tokens, 1),
        "bunx" => npm::launch(subject, Launcher::Bunx, tokens, 1),
        "pnpx" => npm::launch(subject, Launcher::PnpmDlx, tokens, 1),
        "bun" if is_bun_script(tokens) => runtime::run(subject, name, tokens)?,
        "npm" | "pnpm" | "yarn" | "bun" => npm::manager(subject, name, tokens),
        "deno" => npm::deno(subject, tokens),
        "uvx" => python::uvx(subject, tokens, 1),
        "uv" => python::uv(subject, tokens),
        "pipx" => python::pipx(subject, tokens),
        "mcp" | "fastmcp" => python::served_file(subject, tokens, 0),
        "docker" => container::run(Launcher::Docker, tokens),
        "podman" | "nerdctl" => container::run(Launcher::Podman, tokens),
        _ => runtime::run(subject, name, tokens)?,
    })
}

/// `bun file.ts`, `bun run file.ts`, `bun -e code`; `bun run NAME` is a script of the project.
fn is_bun_script(tokens: &[Argument]) -> bool {
    let words: Vec<&str> = tokens
        .iter()
        .skip(1)
        .map(|token| token.expose(WHY))
        .collect();
    let is_file = |word: &&str| {
        word.contains(['/', '\\'])
            || [".ts", ".js", ".mjs", ".cjs", ".tsx", ".mts"]
                .iter()
                .any(|extension| word.ends_with(extension))
    };
    words
        .iter()
        .any(|word| matches!(*word, "-e" | "--eval" | "-p" | "--print"))
        || words
            .iter()
            .filter(|word| !word.starts_with('-') && **word != "run")
            .take(1)
            .any(is_file)
}

/// A program of its own: a file, or a name that the search path resolves.
fn binary(subject: &Subject<'_>, program: &str) -> Sketch {
    let is_path = program.contains(['/', '\\']) || program.starts_with('~');
    let identity = Identity::File {
        path: if is_path {
            path(subject, program)
        } else {
            program.to_owned()
        },
        runtime: script_runtime(program),
        hash: None,
    };
    let pin = if is_path {
        Float::Local
    } else {
        Float::Installed
    };
    let mut sketch = Sketch::of(identity, Pin::Floating(pin), None);
    sketch.server_arguments = 1;
    sketch
}

/// Scripts that are started by themselves, by their extension.
fn script_runtime(program: &str) -> Option<Runtime> {
    let extension = program.rsplit('.').next()?.to_ascii_lowercase();
    Some(match extension.as_str() {
        "py" => Runtime::Python,
        "js" | "mjs" | "cjs" | "ts" => Runtime::Node,
        "sh" | "bash" => Runtime::Shell,
        "ps1" => Runtime::PowerShell,
        "bat" | "cmd" => Runtime::Cmd,
        "rb" => Runtime::Ruby,
        "jar" => Runtime::Java,
        _ => return None,
    })
}

/// Folders in which systems, package managers and version managers put launchers.
fn is_usual_place(program: &str) -> bool {
    const ROOTS: [&str; 10] = [
        "/usr/bin/",
        "/usr/local/",
        "/bin/",
        "/opt/homebrew/",
        "/opt/local/",
        "/home/linuxbrew/",
        "/snap/bin/",
        "/nix/",
        "/applications/",
        "c:/windows/",
    ];
    const INSIDE: [&str; 13] = [
        "/.nvm/",
        "/.volta/",
        "/.fnm/",
        "/.local/",
        "/.bun/",
        "/.deno/",
        "/.cargo/bin/",
        "/.pyenv/",
        "/.asdf/",
        "/mise/",
        "/program files/",
        "/appdata/",
        "/scoop/",
    ];
    let path = program.replace('\\', "/").to_ascii_lowercase();
    ROOTS.iter().any(|root| path.starts_with(root))
        || INSIDE.iter().any(|inside| path.contains(inside))
}

/// Variables of the entry that change what a launcher runs.
pub(super) fn environment_modifiers(subject: &Subject<'_>, sketch: &mut Sketch) {
    const LOADS: [&str; 14] = [
        "LD_PRELOAD",
        "LD_LIBRARY_PATH",
        "LD_AUDIT",
        "DYLD_INSERT_LIBRARIES",
        "DYLD_LIBRARY_PATH",
        "NODE_OPTIONS",
        "NODE_PATH",
        "PYTHONPATH",
        "PYTHONSTARTUP",
        "PYTHONHOME",
        "BASH_ENV",
        "ENV",
        "PERL5OPT",
        "RUBYOPT",
    ];
    let has_shell = matches!(sketch.launcher, Some(Launcher::Runtime(Runtime::Shell)));
    for setting in subject.environment {
        let upper = setting.name.to_ascii_uppercase();
        if LOADS.contains(&upper.as_str()) && (upper != "ENV" || has_shell) {
            sketch.modifiers.push(Modifier {
                source: setting.name.clone(),
                value: None,
                meaning: "loads other code first".to_owned(),
            });
        }
        let is_registry = match sketch.launcher {
            Some(
                Launcher::Npx
                | Launcher::NpmExec
                | Launcher::Bunx
                | Launcher::PnpmDlx
                | Launcher::YarnDlx,
            ) => matches!(
                upper.as_str(),
                "NPM_CONFIG_REGISTRY" | "BUN_CONFIG_REGISTRY" | "YARN_NPM_REGISTRY_SERVER"
            ),
            Some(Launcher::Uvx | Launcher::UvRun) => {
                matches!(upper.as_str(), "UV_INDEX_URL" | "UV_DEFAULT_INDEX")
            }
            Some(Launcher::PipxRun) => upper == "PIP_INDEX_URL",
            _ => false,
        };
        let is_further = matches!(
            upper.as_str(),
            "UV_EXTRA_INDEX_URL"
                | "UV_INDEX"
                | "UV_FIND_LINKS"
                | "PIP_EXTRA_INDEX_URL"
                | "PIP_FIND_LINKS"
        );
        if is_registry || is_further {
            let shown = countersign_secrets::address(setting.value.expose(WHY))
                .shown()
                .to_owned();
            if is_registry && sketch.registry.is_none() {
                sketch.registry = Some(shown.clone());
            }
            sketch.modifiers.push(Modifier {
                source: setting.name.clone(),
                value: Some(shown),
                meaning: "packages come from another registry".to_owned(),
            });
        }
    }
}
