//! What program text in a command line does, as far as its words show. The worst kind is told.

use countersign_model::{Identity, Launcher, Runtime};

use crate::{
    look::EntryLook,
    tokens::{INTERPRETERS, base_name},
};

/// Kinds of program text, worst first. One command line has one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProgramText {
    /// Hands a shell to another machine.
    ReverseShell,
    /// Reads where credentials are kept, and sends.
    SecretUpload,
    /// Fetches a program and runs it.
    Download,
    /// Hides its text in an encoding.
    Encoded,
    /// A package launcher runs a command line.
    Launcher,
    /// A shell runs more than one simple command.
    Shell,
    /// Text for an interpreter.
    Interpreter,
}

/// Programs and calls that fetch.
const FETCHERS: [&str; 11] = [
    "curl",
    "wget",
    "iwr",
    "irm",
    "invoke-webrequest",
    "invoke-restmethod",
    "downloadstring",
    "urlopen",
    "urlretrieve",
    "requests.get",
    "fetch",
];

/// Texts that hand over what stands before or inside them to be run.
const RUNNERS: [&str; 22] = [
    "| sh",
    "|sh",
    "| bash",
    "|bash",
    "| zsh",
    "| sudo",
    "| python",
    "|python",
    "| node",
    "|node",
    "| iex",
    "|iex",
    "iex(",
    "iex (",
    "invoke-expression",
    "$(curl",
    "`curl",
    "<(curl",
    "exec(",
    "eval(",
    "eval \"$(",
    "function(",
];

/// Programs and calls that send, each with what makes them send a body or a file.
const SENDERS: [(&str, &[&str]); 8] = [
    (
        "curl",
        &["--data", "-d @", "-d@", "=@", "--upload-file", " -t "],
    ),
    ("wget", &["--post"]),
    ("nc", &["| nc ", "< "]),
    ("scp", &[" "]),
    ("requests.post", &["("]),
    ("fetch", &["post"]),
    ("invoke-restmethod", &["post"]),
    ("invoke-webrequest", &["post"]),
];

/// Places of credentials, in program text. A file of variables that is only sourced is none.
const SECRETS: [&str; 11] = [
    ".ssh/",
    ".aws/",
    ".gnupg",
    ".netrc",
    ".npmrc",
    ".kube/",
    "id_rsa",
    "id_ed25519",
    "cat .env",
    "@.env",
    "/etc/shadow",
];

/// Words that decode.
const DECODERS: [&str; 6] = [
    "base64 -d",
    "base64 --decode",
    "frombase64string",
    "b64decode",
    "atob(",
    "'base64')",
];

impl EntryLook<'_> {
    /// Returns the kind of program text in the command line, if it holds any.
    pub(crate) fn program_text(&self) -> Option<ProgramText> {
        let text = self.whole_text();
        if is_reverse_shell(&text) {
            return Some(ProgramText::ReverseShell);
        }
        let Identity::Inline { interpreter } = &self.server.identity else {
            return None;
        };
        let holds = |words: &[&str]| words.iter().any(|word| text.contains(word));
        let fetches = FETCHERS.iter().any(|word| has_word(&text, word));
        Some(if holds(&SECRETS) && is_sending(&text) {
            ProgramText::SecretUpload
        } else if fetches && (holds(&RUNNERS) || is_fetched_and_started(&text)) {
            ProgramText::Download
        } else if holds(&DECODERS) && holds(&RUNNERS) || self.is_encoded_command(interpreter) {
            ProgramText::Encoded
        } else if self.is_package_launcher() {
            ProgramText::Launcher
        } else if is_shell(interpreter) {
            ProgramText::Shell
        } else {
            ProgramText::Interpreter
        })
    }

    fn is_package_launcher(&self) -> bool {
        matches!(
            self.server.launcher,
            Some(
                Launcher::Npx
                    | Launcher::NpmExec
                    | Launcher::Bunx
                    | Launcher::PnpmDlx
                    | Launcher::YarnDlx
            )
        )
    }

    /// PowerShell takes `-EncodedCommand` by any of its beginnings.
    fn is_encoded_command(&self, interpreter: &str) -> bool {
        let is_powershell = matches!(interpreter, "powershell" | "pwsh")
            || self.server.launcher == Some(Launcher::Runtime(Runtime::PowerShell));
        is_powershell
            && self.server_tokens().iter().any(|token| {
                let lower = token.to_ascii_lowercase();
                lower == "-ec" || lower.len() > 1 && "-encodedcommand".starts_with(&lower)
            })
    }
}

fn is_reverse_shell(text: &str) -> bool {
    let is_netcat = ["nc ", "ncat ", "netcat "]
        .iter()
        .any(|name| text.starts_with(name) || text.contains(&format!(" {name}")));
    let is_handing_over = [" -e ", " -c /bin", " -c sh", " --exec "]
        .iter()
        .any(|flag| text.contains(flag));
    text.contains("/dev/tcp/")
        || text.contains("/dev/udp/")
        || is_netcat && is_handing_over
        || text.contains("socat ") && hands_over_shell(text)
        || text.contains("os.dup2(") && text.contains("socket")
        || text.contains("pty.spawn(") && text.contains("socket")
        || text.contains("net.sockets.tcpclient") && text.contains("getstream")
}

/// `socat … EXEC:/bin/sh`
fn hands_over_shell(text: &str) -> bool {
    text.split("exec:").skip(1).any(|rest| {
        let program = rest.trim_start_matches(['\'', '"']);
        let program = program
            .split([' ', ',', '\'', '"'])
            .next()
            .unwrap_or_default();
        INTERPRETERS.contains(&base_name(program).as_str())
    })
}

fn is_sending(text: &str) -> bool {
    SENDERS
        .iter()
        .any(|(program, ways)| has_word(text, program) && ways.iter().any(|way| text.contains(way)))
}

/// Returns whether a word stands in a text as a word of its own.
fn has_word(text: &str, word: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    text.match_indices(word).any(|(at, _)| {
        !text[..at].ends_with(is_part) && !text[at + word.len()..].starts_with(is_part)
    })
}

/// `curl -o x … && chmod +x x && ./x`
fn is_fetched_and_started(text: &str) -> bool {
    text.contains("chmod +x") || text.contains("chmod 755") || text.contains("start-process")
}

fn is_shell(interpreter: &str) -> bool {
    matches!(
        interpreter,
        "sh" | "bash"
            | "zsh"
            | "dash"
            | "ksh"
            | "ash"
            | "fish"
            | "cmd"
            | "powershell"
            | "pwsh"
            | "env -S"
    )
}
