//! Taking wrappers off a command line.

use countersign_model::{Argument, Os, Wrapper};
use countersign_secrets::arguments;

use super::{Sketch, Subject, WHY, program::base_name, words};

/// Wrappers that are taken off one after the other.
const WRAPPERS_MAX: usize = 8;

/// A command line without its wrappers.
pub(super) struct Peeled {
    pub(super) tokens: Vec<Argument>,
    pub(super) wrappers: Vec<Wrapper>,
    /// Set where a wrapper holds more than one simple command.
    pub(super) opaque: Option<Sketch>,
}

/// What is left after one wrapper.
enum Layer {
    /// This is no wrapper.
    Core,
    /// A wrapper, and what it starts.
    Off(Wrapper, Vec<Argument>),
    /// A shell with more than one simple command.
    Opaque(&'static str),
}

/// Takes off wrappers until a program is left.
pub(super) fn peel(subject: &Subject<'_>, tokens: Vec<Argument>) -> Peeled {
    let mut peeled = Peeled {
        tokens: split_program(subject, tokens),
        wrappers: Vec::new(),
        opaque: None,
    };
    for _ in 0..WRAPPERS_MAX {
        match layer(subject, &peeled.tokens) {
            Layer::Core => break,
            Layer::Off(wrapper, inner) => {
                peeled.wrappers.push(wrapper);
                peeled.tokens = inner;
            }
            Layer::Opaque(interpreter) => {
                peeled.opaque = Some(Sketch::inline(interpreter, None));
                break;
            }
        }
    }
    peeled
}

/// A whole command line in the place of the program: `"command": "npx -y server"`.
fn split_program(subject: &Subject<'_>, tokens: Vec<Argument>) -> Vec<Argument> {
    let Some(first) = tokens.first().map(|token| token.expose(WHY)) else {
        return tokens;
    };
    let head = first.split(' ').next().unwrap_or_default();
    let is_line = first.contains(' ') && !head.is_empty() && !head.contains(['/', '\\']);
    if !is_line {
        return tokens;
    }
    match split(subject.os, first) {
        Some(mut line) => {
            line.extend(tokens.into_iter().skip(1));
            line
        }
        None => tokens,
    }
}

fn split(os: Os, text: &str) -> Option<Vec<Argument>> {
    let words = match os {
        Os::Windows => words::windows(text),
        Os::Linux | Os::Macos => words::posix(text),
    }?;
    Some(simple_command(words))
}

/// `NAME=value program …` is what `env NAME=value program …` is.
fn simple_command(mut words: Vec<String>) -> Vec<Argument> {
    if words.first().is_some_and(|word| is_assignment(word)) {
        words.insert(0, "env".to_owned());
    }
    arguments(&words)
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && !name.starts_with('-') && !name.contains(['/', ' '])
    })
}

fn layer(subject: &Subject<'_>, tokens: &[Argument]) -> Layer {
    let Some(program) = tokens.first() else {
        return Layer::Core;
    };
    let text = program.expose(WHY);
    if subject.guard_path.as_deref() == Some(text) {
        return after_separator("countersign-guard", tokens, 1);
    }
    let name = base_name(text);
    match name.as_str() {
        "cmd" => cmd(tokens),
        "sh" | "bash" | "zsh" | "dash" | "ksh" | "ash" => shell(tokens),
        "powershell" | "pwsh" => powershell(tokens),
        "env" => env(subject, tokens),
        "sudo" | "doas" => switches(
            &name,
            tokens,
            &["-u", "-g", "-C", "-D", "-h", "-p", "-R", "-T", "-U"],
            0,
        ),
        "nohup" | "setsid" | "time" | "caffeinate" | "stdbuf" | "exec" | "command" => {
            switches(&name, tokens, &["-o", "-e", "-i", "-t", "-w"], 0)
        }
        "nice" | "ionice" => switches(&name, tokens, &["-n", "-c", "-p"], 0),
        "timeout" => switches(&name, tokens, &["-k", "-s", "--kill-after", "--signal"], 1),
        "wsl" => wsl(tokens),
        "xvfb-run" => switches(
            &name,
            tokens,
            &["-n", "-s", "-e", "-f", "-l", "-p", "-w"],
            0,
        ),
        "op" | "doppler" | "infisical" | "dotenvx" | "teller" if second(tokens) == Some("run") => {
            after_separator(&format!("{name} run"), tokens, 2)
        }
        "aws-vault" | "chamber" if second(tokens) == Some("exec") => {
            after_separator(&format!("{name} exec"), tokens, 2)
        }
        "dotenv" | "envchain" => after_separator(&name, tokens, 1),
        "mise" | "rtx" if matches!(second(tokens), Some("exec" | "x")) => {
            after_separator(&format!("{name} exec"), tokens, 2)
        }
        "asdf" | "volta" | "fnm" | "rbenv" | "pyenv"
            if matches!(second(tokens), Some("exec" | "run")) =>
        {
            switches(&name, &tokens[1..], &["--node", "--npm", "--using"], 0)
        }
        "direnv" if second(tokens) == Some("exec") => switches(&name, &tokens[1..], &[], 1),
        "poetry" | "pdm" | "rye" | "hatch" | "pipenv" | "pixi" if second(tokens) == Some("run") => {
            switches(
                &format!("{name} run"),
                &tokens[1..],
                &["-C", "--directory", "-P", "--project", "-p"],
                0,
            )
        }
        _ => Layer::Core,
    }
}

fn second(tokens: &[Argument]) -> Option<&str> {
    tokens.get(1).map(|token| token.expose(WHY))
}

fn off(name: &str, adds: Vec<String>, inner: Vec<Argument>) -> Layer {
    if inner.is_empty() {
        return Layer::Core;
    }
    let wrapper = Wrapper {
        name: name.to_owned(),
        adds,
    };
    Layer::Off(wrapper, inner)
}

/// A wrapper whose command follows its flags and `words` words of its own.
fn switches(name: &str, tokens: &[Argument], valued: &[&str], words: usize) -> Layer {
    let mut at = 1;
    let mut left = words;
    let mut adds = Vec::new();
    while let Some(token) = tokens.get(at) {
        let text = token.expose(WHY);
        if text == "--" {
            at += 1;
            break;
        }
        if text.starts_with('-') {
            adds.push(token.shown().to_owned());
            if valued.contains(&text) {
                adds.extend(tokens.get(at + 1).map(|value| value.shown().to_owned()));
                at += 1;
            }
        } else if left > 0 {
            left -= 1;
        } else {
            break;
        }
        at += 1;
    }
    off(name, adds, tokens[at.min(tokens.len())..].to_vec())
}

/// A wrapper whose command follows `--`, or, without one, its flags.
fn after_separator(name: &str, tokens: &[Argument], from: usize) -> Layer {
    let separator = tokens.iter().position(|token| token.expose(WHY) == "--");
    match separator {
        Some(at) if at >= from => {
            let adds = tokens[from..at]
                .iter()
                .map(|token| token.shown().to_owned())
                .collect();
            off(name, adds, tokens[at + 1..].to_vec())
        }
        _ => switches(
            name,
            &tokens[from - 1..],
            &["-e", "-f", "--env-file", "--env"],
            0,
        ),
    }
}

/// `env [-i] [-u NAME] [NAME=VALUE]… command`, and `env -S "command line"`.
fn env(subject: &Subject<'_>, tokens: &[Argument]) -> Layer {
    let mut adds = Vec::new();
    let mut at = 1;
    while let Some(token) = tokens.get(at) {
        let text = token.expose(WHY);
        if text == "-S" || text == "--split-string" {
            let line = tokens
                .get(at + 1)
                .and_then(|line| split(subject.os, line.expose(WHY)));
            return match line {
                Some(mut inner) => {
                    inner.extend_from_slice(&tokens[(at + 2).min(tokens.len())..]);
                    off("env", adds, inner)
                }
                None => Layer::Opaque("env -S"),
            };
        }
        if text == "-u" || text == "--unset" || text == "-C" || text == "--chdir" {
            at += 2;
            continue;
        }
        if text == "--" {
            at += 1;
            break;
        }
        if is_assignment(text) {
            adds.extend(text.split_once('=').map(|(name, _)| name.to_owned()));
        } else if !text.starts_with('-') {
            break;
        }
        at += 1;
    }
    off("env", adds, tokens[at.min(tokens.len())..].to_vec())
}

/// `sh -c "one simple command"`; more than that is program text.
fn shell(tokens: &[Argument]) -> Layer {
    let mut at = 1;
    while let Some(token) = tokens.get(at) {
        let text = token.expose(WHY);
        if !text.starts_with('-') {
            return Layer::Core;
        }
        let is_command = text.len() < 6 && !text.starts_with("--") && text.ends_with('c');
        if is_command {
            let Some(line) = tokens.get(at + 1) else {
                return Layer::Core;
            };
            let line = line.expose(WHY).trim();
            let simple = line.strip_prefix("exec ").unwrap_or(line);
            return match words::posix(simple) {
                Some(words) => off("sh -c", Vec::new(), simple_command(words)),
                None => Layer::Opaque("sh"),
            };
        }
        at += if matches!(text, "-o" | "-O" | "--rcfile" | "--init-file") {
            2
        } else {
            1
        };
    }
    Layer::Core
}

/// `cmd /c program arguments…`
fn cmd(tokens: &[Argument]) -> Layer {
    let run = tokens.iter().position(|token| {
        matches!(
            token.expose(WHY).to_ascii_lowercase().as_str(),
            "/c" | "/k" | "/r"
        )
    });
    let Some(at) = run else {
        return Layer::Core;
    };
    let inner = &tokens[at + 1..];
    let has_operator = inner.iter().any(|token| {
        let text = token.expose(WHY);
        matches!(text, "&" | "&&" | "|" | "||" | ">" | "<")
    });
    if has_operator {
        return Layer::Opaque("cmd");
    }
    match inner {
        [line] if line.expose(WHY).contains(' ') => match words::windows(line.expose(WHY)) {
            Some(words) => off("cmd /c", Vec::new(), arguments(&words)),
            None => Layer::Opaque("cmd"),
        },
        _ => off("cmd /c", Vec::new(), inner.to_vec()),
    }
}

/// `powershell -Command "one simple command"`
fn powershell(tokens: &[Argument]) -> Layer {
    let run = tokens.iter().position(|token| {
        matches!(
            token.expose(WHY).to_ascii_lowercase().as_str(),
            "-command" | "-c"
        )
    });
    let Some(at) = run else {
        return Layer::Core;
    };
    let line: Vec<&str> = tokens[at + 1..]
        .iter()
        .map(|token| token.expose(WHY))
        .collect();
    let line = line.join(" ");
    let simple = line.trim().trim_start_matches("& ");
    let is_simple = !simple.contains(['$', ';', '|', '`', '(', '{', '@']);
    match words::windows(simple).filter(|_| is_simple) {
        Some(words) => off("powershell -Command", Vec::new(), arguments(&words)),
        None => Layer::Opaque("powershell"),
    }
}

/// `wsl [-d NAME] [-u USER] [-e|--] command`
fn wsl(tokens: &[Argument]) -> Layer {
    let mut at = 1;
    let mut adds = Vec::new();
    while let Some(token) = tokens.get(at) {
        match token.expose(WHY) {
            "-d" | "--distribution" | "-u" | "--user" | "--cd" => {
                adds.extend(tokens.get(at + 1).map(|value| value.shown().to_owned()));
                at += 2;
            }
            "-e" | "--exec" | "--" => {
                at += 1;
                break;
            }
            text if text.starts_with('-') => at += 1,
            _ => break,
        }
    }
    off("wsl", adds, tokens[at.min(tokens.len())..].to_vec())
}
