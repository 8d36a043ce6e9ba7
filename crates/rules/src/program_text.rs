//! What program text in a command line does, as far as its words show. The worst kind is told.

use countersign_model::{Identity, Launcher, Runtime};

use crate::look::EntryLook;

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

/// Words of programs that fetch.
const FETCHERS: [&str; 11] = [
    "curl ",
    "wget ",
    "iwr ",
    "irm ",
    "invoke-webrequest",
    "invoke-restmethod",
    "downloadstring",
    "urlopen(",
    "urlretrieve(",
    "requests.get(",
    "fetch(",
];

/// Words of programs that run what they are handed.
const RUNNERS: [&str; 20] = [
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
];

/// Words of programs that send.
const SENDERS: [&str; 14] = [
    "--data",
    "-d @",
    "-d@",
    "-f file=@",
    "-f @",
    "--upload-file",
    " -t ",
    "--post",
    "nc ",
    "scp ",
    "requests.post(",
    "post'",
    "post\"",
    "-method post",
];

/// Places of credentials, in program text.
const SECRETS: [&str; 10] = [
    ".ssh/",
    ".aws/",
    ".gnupg",
    ".netrc",
    ".npmrc",
    ".kube/",
    "id_rsa",
    "id_ed25519",
    ".env",
    "/etc/shadow",
];

/// Words that decode.
const DECODERS: [&str; 6] = [
    "base64 -d",
    "base64 --decode",
    "frombase64string",
    "b64decode",
    "atob(",
    ",'base64')",
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
        Some(if holds(&SECRETS) && holds(&SENDERS) {
            ProgramText::SecretUpload
        } else if holds(&FETCHERS) && (holds(&RUNNERS) || is_fetched_and_started(&text)) {
            ProgramText::Download
        } else if holds(&DECODERS) || self.is_encoded_command(interpreter) {
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
        || text.contains("socat ") && text.contains("exec:")
        || text.contains("os.dup2(") && text.contains("socket")
        || text.contains("pty.spawn(") && text.contains("socket")
        || text.contains("net.sockets.tcpclient") && text.contains("getstream")
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
