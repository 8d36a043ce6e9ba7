//! A machine with nearly every client: 60 configs and 200 entries, each in its client's own dialect.

mod dialect;

use serde_json::{Value, json};

use crate::Home;
use dialect::Dialect::{
    self, Array, Crush, Goose, Map, Opencode, TomlArray, TomlMap, YamlArray, YamlMap,
};

/// Configs that [`write`] writes.
pub const CONFIGS: usize = USER.len() + PROJECTS.len() * IN_PROJECT.len();

/// Entries in them.
pub const ENTRIES: usize = 200;

/// Projects, all on a client's own list.
const PROJECTS: [&str; 5] = ["shop", "site", "api", "infra", "notes"];

/// Configs of the user, below the home.
const USER: [(&str, Dialect); 40] = [
    (".claude.json", Map(&["mcpServers"], "url")),
    (
        "{config}/Claude/claude_desktop_config.json",
        Map(&["mcpServers"], "url"),
    ),
    ("{config}/Code/User/mcp.json", Map(&["servers"], "url")),
    ("{config}/VSCodium/User/mcp.json", Map(&["servers"], "url")),
    (".copilot/mcp-config.json", Map(&["mcpServers"], "url")),
    (
        "{config}/github-copilot/intellij/mcp.json",
        Map(&["servers"], "url"),
    ),
    (".cursor/mcp.json", Map(&["mcpServers"], "url")),
    (
        ".codeium/windsurf/mcp_config.json",
        Map(&["mcpServers"], "serverUrl"),
    ),
    (
        ".codeium/mcp_config.json",
        Map(&["mcpServers"], "serverUrl"),
    ),
    (
        "{config}/zed/settings.json",
        Map(&["context_servers"], "url"),
    ),
    (".ai/mcp/mcp.json", Map(&["mcpServers"], "url")),
    (".junie/mcp/mcp.json", Map(&["mcpServers"], "url")),
    (
        ".cline/data/settings/cline_mcp_settings.json",
        Map(&["mcpServers"], "url"),
    ),
    (
        "{config}/Code/User/globalStorage/rooveterinaryinc.roo-cline/settings/mcp_settings.json",
        Map(&["mcpServers"], "url"),
    ),
    (".config/kilo/kilo.jsonc", Opencode),
    (".continue/config.yaml", YamlArray("mcpServers")),
    (".config/goose/config.yaml", Goose),
    (".codex/config.toml", TomlMap("mcp_servers")),
    (".gemini/settings.json", Map(&["mcpServers"], "httpUrl")),
    (".qwen/settings.json", Map(&["mcpServers"], "httpUrl")),
    (
        ".gemini/antigravity/mcp_config.json",
        Map(&["mcpServers"], "serverUrl"),
    ),
    (".config/opencode/opencode.jsonc", Opencode),
    (".config/crush/crush.json", Crush),
    (".config/amp/settings.json", Map(&["amp.mcpServers"], "url")),
    (".aws/amazonq/mcp.json", Map(&["mcpServers"], "url")),
    (".kiro/settings/mcp.json", Map(&["mcpServers"], "url")),
    (".kimi-code/mcp.json", Map(&["mcpServers"], "url")),
    (".vibe/config.toml", TomlArray("mcp_servers")),
    (".grok/config.toml", TomlMap("mcp_servers")),
    (".hermes/config.yaml", YamlMap("mcp_servers")),
    (".factory/mcp.json", Map(&["mcpServers"], "url")),
    (".augment/settings.json", Map(&["mcpServers"], "url")),
    (".openhands/mcp.json", Map(&["mcpServers"], "url")),
    (".openclaw/openclaw.json", Map(&["mcp", "servers"], "url")),
    (".lmstudio/mcp.json", Map(&["mcpServers"], "url")),
    (".trae/mcp.json", Map(&["mcpServers"], "url")),
    (".qoder/settings.json", Map(&["mcpServers"], "url")),
    (".codebuddy/mcp.json", Map(&["mcpServers"], "url")),
    (".mcpproxy/mcp_config.json", Array("mcpServers")),
    (".mcporter/mcporter.json", Map(&["mcpServers"], "baseUrl")),
];

/// Configs of each project, below its folder.
const IN_PROJECT: [(&str, Dialect); 4] = [
    (".mcp.json", Map(&["mcpServers"], "url")),
    (".cursor/mcp.json", Map(&["mcpServers"], "url")),
    (".vscode/mcp.json", Map(&["servers"], "url")),
    (".roo/mcp.json", Map(&["mcpServers"], "url")),
];

/// Writes the configs.
///
/// # Panics
/// If the home cannot be written.
pub fn write(home: &Home) {
    let in_projects = PROJECTS.iter().flat_map(|project| {
        IN_PROJECT
            .iter()
            .map(move |(path, dialect)| (format!("src/{project}/{path}"), *dialect))
    });
    let configs = USER
        .iter()
        .map(|(path, dialect)| ((*path).to_owned(), *dialect))
        .chain(in_projects);
    let mut next = 0;
    for (index, (path, dialect)) in configs.enumerate() {
        let count = ENTRIES / CONFIGS + usize::from(index < ENTRIES % CONFIGS);
        let entries: Vec<Server> = (next..next + count).map(Server::new).collect();
        next += count;
        let text = if index == 0 {
            with_projects(home, &dialect.text(&entries))
        } else {
            dialect.text(&entries)
        };
        home.write(&path, &text);
    }
    for file in 0..ENTRIES.div_ceil(KINDS) {
        home.write(&format!("src/tools/server-{file}.js"), "// A server.\n");
    }
}

/// Puts the projects on Claude Code's list.
fn with_projects(home: &Home, text: &str) -> String {
    let mut root: Value = serde_json::from_str(text).expect("is JSON");
    let folder = |project: &&str| home.path().join("src").join(project);
    root["projects"] = PROJECTS
        .iter()
        .map(|project| (folder(project).to_string_lossy().into_owned(), json!({})))
        .collect::<serde_json::Map<_, _>>()
        .into();
    format!("{root:#}\n")
}

/// Kinds of entries, in turn.
const KINDS: usize = 8;

/// One entry, whatever the dialect.
struct Server {
    name: String,
    start: Start,
}

enum Start {
    Command {
        program: &'static str,
        arguments: Vec<String>,
        variable: Option<(&'static str, String)>,
    },
    Address {
        url: String,
        header: Option<(&'static str, String)>,
    },
}

impl Server {
    fn new(number: usize) -> Self {
        Self {
            name: format!("server-{number:03}"),
            start: start(number),
        }
    }
}

fn start(number: usize) -> Start {
    let group = number / KINDS;
    let command = |program, arguments: &[&str]| Start::Command {
        program,
        arguments: arguments.iter().map(|&text| text.to_owned()).collect(),
        variable: number
            .is_multiple_of(5)
            .then(|| ("API_KEY", credential(number))),
    };
    let address = |is_open: bool| Start::Address {
        url: format!("https://mcp-{group}.example.com/mcp"),
        header: (!is_open).then(|| ("Authorization", format!("Bearer {}", credential(number)))),
    };
    match number % KINDS {
        0 => command(
            "npx",
            &["-y", &format!("@acme/mcp-server-{group}@1.{group}.0")],
        ),
        1 => command("npx", &["-y", &format!("mcp-server-{group}")]),
        2 => command("uvx", &[&format!("mcp-server-{group}==2.{group}.1")]),
        3 => command("node", &[&format!("{{home}}/src/tools/server-{group}.js")]),
        4 => command(
            "docker",
            &["run", "-i", "--rm", &format!("acme/mcp-{group}:1.0")],
        ),
        5 => command("python", &["-m", &format!("mcp_server_{group}"), "--stdio"]),
        6 => address(true),
        _ => address(false),
    }
}

/// Returns text that looks like a credential and is none.
fn credential(number: usize) -> String {
    let digits: String = (0..32_usize)
        .map(|at| char::from(b"0123456789abcdef"[(number * 7 + at * at * 5 + at * 3) % 16]))
        .collect();
    format!("acme_live_{digits}")
}
