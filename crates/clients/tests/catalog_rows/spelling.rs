//! How each client's documentation spells a server. Written by hand from the clients' own pages, so
//! that the catalog is compared with something other than itself.

use countersign_model::Transport;
use serde_json::{Map, Value, json};

/// The command line that every local server of the tests has.
pub(super) const COMMAND: &str = "npx -y probe-server@1.2.3";

/// The address that every remote server of the tests has.
pub(super) const ADDRESS: &str = "https://mcp.example.com/mcp";

/// One way to write a server.
pub(super) struct Variant {
    pub(super) members: Map<String, Value>,
    pub(super) transport: Transport,
    pub(super) effect: &'static str,
}

impl Variant {
    /// Returns the transport in a list that holds addresses of server-sent events.
    pub(super) fn in_sse_list(&self) -> Transport {
        match self.transport {
            Transport::Http => Transport::Sse,
            other => other,
        }
    }
}

/// Returns a local and a remote server as `dialect` spells them, where the client takes both.
pub(super) fn variants(dialect: &str) -> Vec<Variant> {
    let local = local(dialect).map(|members| (members, Transport::Stdio, "active"));
    let remote = remote(dialect).map(|(members, effect)| (members, Transport::Http, effect));
    let built_in = built_in(dialect).map(|members| (members, Transport::BuiltIn, "active"));
    [local, remote, sse(dialect), built_in]
        .into_iter()
        .flatten()
        .map(|(members, transport, effect)| Variant {
            members: members.as_object().cloned().unwrap_or_default(),
            transport,
            effect,
        })
        .collect()
}

fn local(dialect: &str) -> Option<Value> {
    let arguments = json!(["-y", "probe-server@1.2.3"]);
    let list = json!(["npx", "-y", "probe-server@1.2.3"]);
    Some(match dialect {
        "docker-mcp" | "claude-org-plugin" => return None,
        "goose" | "goose-recipe" => json!({"type": "stdio", "cmd": "npx", "args": arguments}),
        "opencode" | "mcphost" => json!({"type": "local", "command": list}),
        "continue-legacy" => {
            json!({"transport": {"type": "stdio", "command": "npx", "args": arguments}})
        }
        "refact" => json!({"command": COMMAND}),
        "vscode" | "copilot-ide" | "crush" | "factory" | "reasonix" | "iac-code" => {
            json!({"type": "stdio", "command": "npx", "args": arguments})
        }
        "copilot-cli" | "copilot-portable" => {
            json!({"type": "local", "command": "npx", "args": arguments, "tools": ["*"]})
        }
        "vibe" | "command-code" | "muse" | "dive" | "fast-agent" | "rovodev" => {
            json!({"transport": "stdio", "command": "npx", "args": arguments})
        }
        "mcpproxy" => json!({"protocol": "stdio", "command": "npx", "args": arguments}),
        _ => json!({"command": "npx", "args": arguments}),
    })
}

fn remote(dialect: &str) -> Option<(Value, &'static str)> {
    let members = match dialect {
        // These document no address.
        "docker-mcp" | "mcpb-manifest" | "command-code" | "nextchat" => return None,
        "claude-desktop" => return Some((json!({"url": ADDRESS}), "refused")),
        "goose" | "goose-recipe" => json!({"type": "streamable_http", "uri": ADDRESS}),
        "opencode" | "mcphost" => json!({"type": "remote", "url": ADDRESS}),
        "windsurf" | "devin" | "antigravity" | "theia" => json!({"serverUrl": ADDRESS}),
        "gemini" => json!({"httpUrl": ADDRESS}),
        "deepchat" | "mcporter" => json!({"baseUrl": ADDRESS}),
        "continue-legacy" => json!({"transport": {"type": "streamable-http", "url": ADDRESS}}),
        "codex" | "grok" | "zed" | "amp" | "kiro" | "cursor" | "forge" | "hermes" | "eca"
        | "warp" | "kimi" | "openhands-toml" | "refact" | "mcphub" => json!({"url": ADDRESS}),
        "vibe" | "fast-agent" | "rovodev" => json!({"transport": "http", "url": ADDRESS}),
        "muse" => json!({"transport": "streamable_http", "url": ADDRESS}),
        "dive" | "anythingllm" => json!({"transport": "streamable", "url": ADDRESS}),
        "openclaw" => json!({"transport": "streamable-http", "url": ADDRESS}),
        "mcpproxy" => json!({"protocol": "http", "url": ADDRESS}),
        "cline" => json!({"type": "streamableHttp", "url": ADDRESS}),
        "roo" | "continue" | "librechat" => json!({"type": "streamable-http", "url": ADDRESS}),
        _ => json!({"type": "http", "url": ADDRESS}),
    };
    Some((members, "active"))
}

fn sse(dialect: &str) -> Option<(Value, Transport, &'static str)> {
    let members = match dialect {
        "claude-code" | "claude-code-plugin" | "claude-org-plugin" | "vscode" | "cline" | "roo"
        | "continue" | "crush" | "reasonix" | "anythingllm" | "mcp-inspector" => {
            json!({"type": "sse", "url": ADDRESS})
        }
        "goose" | "goose-recipe" => json!({"type": "sse", "uri": ADDRESS}),
        "openclaw" | "hermes" | "kimi" | "dive" | "fast-agent" | "rovodev" => {
            json!({"transport": "sse", "url": ADDRESS})
        }
        "mcpproxy" => json!({"protocol": "sse", "url": ADDRESS}),
        _ => return None,
    };
    Some((members, Transport::Sse, "active"))
}

fn built_in(dialect: &str) -> Option<Value> {
    match dialect {
        "goose" | "goose-recipe" => Some(json!({"type": "builtin", "enabled": true})),
        "docker-mcp" => Some(json!({"ref": ""})),
        "zed" => Some(json!({"settings": {"mode": "fast"}})),
        _ => None,
    }
}
