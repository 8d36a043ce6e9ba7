use std::{fs, path::Path};

use countersign_tests::Home;
use serde_json::Value;

use crate::client::Client;

/// A value that looks like a credential, and is none.
const SECRET: &str = "9f8e7d6c5b4a39281706f5e4d3c2b1a0";
const PACKAGE: &str = "@acme/files-mcp@1.2.3";
const ADDRESS: &str = "https://mcp.example.com/mcp";

/// What one client writes, and what is to be found of it.
pub(crate) struct Story {
    pub(crate) name: &'static str,
    /// The client's program.
    pub(crate) client: &'static str,
    /// The client's id in reports.
    id: &'static str,
    /// The client's own commands; `{SECRET}`, `{PACKAGE}` and `{ADDRESS}` stand for what is above.
    commands: &'static [&'static [&'static str]],
    expect: &'static [Expect],
}

/// One server that the client wrote.
struct Expect {
    name: &'static str,
    scope: &'static str,
    is_remote: bool,
    has_credential: bool,
    /// The file, from the home.
    file: &'static str,
    pointer: &'static str,
}

pub(crate) const STORIES: [Story; 4] = [
    Story {
        name: "finds_what_claude_code_writes",
        client: "claude",
        id: "claude-code",
        commands: &[
            &[
                "mcp",
                "add",
                "files",
                "--scope",
                "user",
                "--env",
                "API_KEY={SECRET}",
                "--",
                "npx",
                "-y",
                "{PACKAGE}",
            ],
            &[
                "mcp",
                "add",
                "--scope",
                "user",
                "--transport",
                "http",
                "docs",
                "{ADDRESS}",
                "--header",
                "X-Api-Key: {SECRET}",
            ],
            &[
                "mcp",
                "add",
                "local",
                "--env",
                "API_KEY={SECRET}",
                "--",
                "npx",
                "-y",
                "{PACKAGE}",
            ],
            &[
                "mcp",
                "add",
                "shared",
                "--scope",
                "project",
                "--",
                "npx",
                "-y",
                "{PACKAGE}",
            ],
        ],
        expect: &[
            server("files", "user", ".claude.json", "/mcpServers/files"),
            remote("docs", "user", ".claude.json", "/mcpServers/docs"),
            server(
                "local",
                "local",
                ".claude.json",
                "/projects/{PROJECT}/mcpServers/local",
            ),
            Expect {
                has_credential: false,
                ..server(
                    "shared",
                    "project",
                    "src/shop/.mcp.json",
                    "/mcpServers/shared",
                )
            },
        ],
    },
    Story {
        name: "finds_what_codex_writes",
        client: "codex",
        id: "codex",
        commands: &[
            &[
                "mcp",
                "add",
                "files",
                "--env",
                "API_KEY={SECRET}",
                "--",
                "npx",
                "-y",
                "{PACKAGE}",
            ],
            &[
                "mcp",
                "add",
                "docs",
                "--url",
                "{ADDRESS}",
                "--bearer-token-env-var",
                "DOCS_TOKEN",
            ],
        ],
        expect: &[
            server("files", "user", ".codex/config.toml", "/mcp_servers/files"),
            // It takes no header but by the name of a variable.
            Expect {
                has_credential: false,
                ..remote("docs", "user", ".codex/config.toml", "/mcp_servers/docs")
            },
        ],
    },
    Story {
        name: "finds_what_gemini_cli_writes",
        client: "gemini",
        id: "gemini-cli",
        commands: &[
            &[
                "mcp",
                "add",
                "--scope",
                "user",
                "--env",
                "API_KEY={SECRET}",
                "files",
                "npx",
                "--",
                "-y",
                "{PACKAGE}",
            ],
            &[
                "mcp",
                "add",
                "--transport",
                "http",
                "--header",
                "X-Api-Key: {SECRET}",
                "docs",
                "{ADDRESS}",
            ],
        ],
        expect: &[
            server(
                "files",
                "user",
                ".gemini/settings.json",
                "/mcpServers/files",
            ),
            remote(
                "docs",
                "project",
                "src/shop/.gemini/settings.json",
                "/mcpServers/docs",
            ),
        ],
    },
    Story {
        name: "finds_what_opencode_writes",
        client: "opencode",
        id: "opencode",
        commands: &[
            &[
                "mcp",
                "add",
                "files",
                "--env",
                "API_KEY={SECRET}",
                "--",
                "npx",
                "-y",
                "{PACKAGE}",
            ],
            &[
                "mcp",
                "add",
                "docs",
                "--url",
                "{ADDRESS}",
                "--header",
                "X-Api-Key={SECRET}",
            ],
        ],
        expect: &[
            server(
                "files",
                "user",
                ".config/opencode/opencode.jsonc",
                "/mcp/files",
            ),
            remote(
                "docs",
                "user",
                ".config/opencode/opencode.jsonc",
                "/mcp/docs",
            ),
        ],
    },
];

const fn server(
    name: &'static str,
    scope: &'static str,
    file: &'static str,
    pointer: &'static str,
) -> Expect {
    Expect {
        name,
        scope,
        is_remote: false,
        has_credential: true,
        file,
        pointer,
    }
}

const fn remote(
    name: &'static str,
    scope: &'static str,
    file: &'static str,
    pointer: &'static str,
) -> Expect {
    Expect {
        is_remote: true,
        ..server(name, scope, file, pointer)
    }
}

impl Story {
    /// Lets the client write, scans, and compares.
    pub(crate) fn check(&self, client: &Client) {
        let home = Home::new();
        let project = home.path().join("src/shop");
        fs::create_dir_all(&project).expect("the temporary folder is writable");
        for arguments in self.commands {
            let arguments: Vec<String> = arguments.iter().map(|text| filled(text)).collect();
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            client.run(&home, &project, &arguments);
        }
        let shown = project.to_string_lossy();
        let ran = home
            .countersign(&["scan", &shown, "--json"])
            .fine()
            .never_says(SECRET);
        let report = ran.json();
        let _ = home
            .countersign(&["scan", &shown, "--all"])
            .fine()
            .never_says(SECRET);
        for expected in self.expect {
            self.compare(&home, &project, &report, expected);
        }
        let found = list(&report, "entries").filter(|entry| self.reader(entry).is_some());
        assert_eq!(found.count(), self.expect.len(), "{report:#}");
    }

    fn compare(&self, home: &Home, project: &Path, report: &Value, expected: &Expect) {
        let entry = list(report, "entries")
            .find(|entry| entry["name"] == expected.name)
            .unwrap_or_else(|| panic!("`{}` is not found: {report:#}", expected.name));
        let reader = self.reader(entry).expect("the client reads it");
        assert_eq!(reader["scope"], expected.scope, "{entry:#}");
        assert_eq!(entry["file"], format!("~/{}", expected.file), "{entry:#}");
        let escaped = project
            .to_string_lossy()
            .replace('~', "~0")
            .replace('/', "~1");
        let pointer = expected.pointer.replace("{PROJECT}", &escaped);
        assert_eq!(entry["pointer"], pointer, "{entry:#}");
        assert_line(home, entry, expected);
        let (transport, name, pin) = if expected.is_remote {
            ("http", ADDRESS, "remote")
        } else {
            ("stdio", "pkg:npm/%40acme/files-mcp", "version-only")
        };
        assert_eq!(entry["transport"], transport, "{entry:#}");
        assert_eq!(entry["identity"]["name"], name, "{entry:#}");
        assert_eq!(entry["pin"]["state"], pin, "{entry:#}");
        if !expected.is_remote {
            assert_eq!(entry["identity"]["version"], "1.2.3", "{entry:#}");
        }
        let has_credential = list(report, "findings").any(|finding| {
            finding["rule"] == "plaintext-credential" && finding["entry"] == entry["id"]
        });
        assert_eq!(has_credential, expected.has_credential, "{entry:#}");
    }

    fn reader<'entry>(&self, entry: &'entry Value) -> Option<&'entry Value> {
        list(entry, "clients").find(|reader| reader["client"] == self.id)
    }
}

/// The line that is told is the one on which the entry begins.
fn assert_line(home: &Home, entry: &Value, expected: &Expect) {
    let text = fs::read_to_string(home.path().join(expected.file)).expect("the client wrote it");
    let line = entry["line"]
        .as_u64()
        .and_then(|line| usize::try_from(line).ok());
    let line = line.and_then(|line| text.lines().nth(line.checked_sub(1)?));
    let is_there = line.is_some_and(|line| line.contains(expected.name));
    assert!(is_there, "{line:?} is not where it begins: {entry:#}");
}

fn filled(text: &str) -> String {
    text.replace("{SECRET}", SECRET)
        .replace("{PACKAGE}", PACKAGE)
        .replace("{ADDRESS}", ADDRESS)
}

fn list<'report>(report: &'report Value, name: &str) -> impl Iterator<Item = &'report Value> {
    report[name].as_array().into_iter().flatten()
}
