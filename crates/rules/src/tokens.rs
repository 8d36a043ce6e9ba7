//! An entry's command line as rules look at it: what is started, flags with their values, words.

use countersign_model::{Identity, Pin};

use crate::{look::EntryLook, rule::Hit};

/// Why hidden text is read by rules: what it is decides, and it is never shown.
pub(crate) const WHY: &str = "rules decide by the text and show only its masked form";

/// Programs that run whatever they are handed.
pub(crate) const INTERPRETERS: [&str; 19] = [
    "sh",
    "bash",
    "zsh",
    "dash",
    "ksh",
    "ash",
    "fish",
    "cmd",
    "powershell",
    "pwsh",
    "python",
    "python3",
    "node",
    "perl",
    "ruby",
    "php",
    "curl",
    "wget",
    "nc",
];

/// A flag with its value, as both may be shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Flag<'scan> {
    /// The name, with its hyphens.
    pub(crate) name: &'scan str,
    /// The value: attached by `=`, else the next token unless that is a flag.
    pub(crate) value: Option<&'scan str>,
    /// The whole token, to find its place.
    pub(crate) token: &'scan str,
}

impl<'scan> EntryLook<'scan> {
    /// Returns what is started on this machine, and what the entry fixes of it: a bridge's own
    /// identity where one stands in for a remote server.
    pub(crate) fn started(&self) -> (&'scan Identity, &'scan Pin) {
        match &self.server.bridge {
            Some(bridge) => (bridge.identity.as_ref(), &bridge.pin),
            None => (&self.server.identity, &self.server.pin),
        }
    }

    /// Returns every flag of the command, its wrappers taken off.
    pub(crate) fn flags(&self) -> Vec<Flag<'scan>> {
        flags(&self.server_tokens())
    }

    /// Returns the name of the program itself: without folders and extension, in lowercase.
    pub(crate) fn program_name(&self) -> String {
        self.server_tokens()
            .first()
            .map_or_else(String::new, |program| base_name(program))
    }

    /// Returns the whole command line in lowercase with nothing hidden, to decide by and not to show.
    pub(crate) fn whole_text(&self) -> String {
        match &self.entry.start {
            countersign_model::Start::Command(command) => command
                .tokens()
                .map(|token| token.expose(WHY))
                .collect::<Vec<_>>()
                .join(" ")
                .to_ascii_lowercase(),
            _ => String::new(),
        }
    }

    /// Makes a hit at the token that reads `token`, or at the entry where none does.
    pub(crate) fn hit_at(&self, token: &str, message: impl Into<String>) -> Hit {
        match self.token(|shown| shown == token) {
            Some((_, pointer)) => Hit::new(message).at(&pointer, self.entry.position),
            None => Hit::new(message),
        }
    }
}

/// Pairs flags with their values.
fn flags<'scan>(tokens: &[&'scan str]) -> Vec<Flag<'scan>> {
    let mut flags = Vec::new();
    for (at, token) in tokens.iter().enumerate().skip(1) {
        let is_flag = token.len() > 1 && token.starts_with('-') && *token != "--";
        if !is_flag {
            continue;
        }
        let (name, attached) = match token.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (*token, None),
        };
        let next = tokens
            .get(at + 1)
            .copied()
            .filter(|next| !next.starts_with('-'));
        flags.push(Flag {
            name,
            value: attached.or(next),
            token,
        });
    }
    flags
}

/// Returns a program's name without folders and Windows' extensions, in lowercase.
pub(crate) fn base_name(program: &str) -> String {
    let name = program.rsplit(['/', '\\']).next().unwrap_or(program);
    let lower = name.to_ascii_lowercase();
    [".exe", ".cmd", ".bat", ".ps1", ".com"]
        .iter()
        .find_map(|extension| lower.strip_suffix(extension))
        .unwrap_or(&lower)
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::{base_name, flags};

    #[test]
    fn pairs_flags_with_values() {
        let tokens = [
            "docker",
            "-p",
            "80:80",
            "--host=::",
            "--quiet",
            "--",
            "-",
            "x",
        ];
        let pairs: Vec<_> = flags(&tokens)
            .iter()
            .map(|flag| (flag.name, flag.value))
            .collect();
        assert_eq!(
            pairs,
            [
                ("-p", Some("80:80")),
                ("--host", Some("::")),
                ("--quiet", None)
            ]
        );
    }

    #[test]
    fn takes_folders_and_extensions_off() {
        assert_eq!(base_name("C:\\Tools\\NPX.cmd"), "npx");
        assert_eq!(base_name("/usr/bin/node"), "node");
    }
}
