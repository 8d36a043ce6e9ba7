/// What a document beside the configs is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DocumentKind {
    /// Claude Code's settings: hooks, environment, approvals, permissions.
    ClaudeSettings,
    /// An editor's tasks (VS Code's format).
    EditorTasks,
    /// Cursor's hooks.
    CursorHooks,
    /// Gemini CLI's settings (Qwen Code's are alike): hooks, trust, auto-accept.
    GeminiSettings,
    /// An editor's settings (VS Code's format).
    EditorSettings,
    /// Codex' config, for what is not about servers.
    CodexConfig,
    /// A file of hooks alone, of another agent: Codex, Copilot.
    AgentHooks,
}

/// A document that rules want to see.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// What it is.
    pub kind: DocumentKind,
    /// The client that reads it.
    pub client: &'static str,
    /// Path template, in the catalog's words.
    pub path: &'static str,
    /// Whether the file is TOML (else JSON with comments).
    pub is_toml: bool,
}

const fn json(kind: DocumentKind, client: &'static str, path: &'static str) -> Wanted {
    Wanted {
        kind,
        client,
        path,
        is_toml: false,
    }
}

/// Every document that rules want to see.
///
/// Source: Claude Code docs hooks.md and settings-reference.md; VS Code docs tasks.md; Cursor docs
/// hooks; Gemini CLI docs hooks and configuration; Codex docs config.md and hooks.md; GitHub docs
/// copilot/reference/hooks-reference (of the folder's files only the name that its guide uses);
/// checked 2026-11-25.
pub const WANTED: [Wanted; 20] = [
    json(
        DocumentKind::ClaudeSettings,
        "claude-code",
        "{HOME}/.claude/settings.json",
    ),
    json(
        DocumentKind::ClaudeSettings,
        "claude-code",
        "{PROJECT}/.claude/settings.json",
    ),
    json(
        DocumentKind::ClaudeSettings,
        "claude-code",
        "{PROJECT}/.claude/settings.local.json",
    ),
    json(
        DocumentKind::EditorTasks,
        "vscode",
        "{PROJECT}/.vscode/tasks.json",
    ),
    json(
        DocumentKind::EditorSettings,
        "vscode",
        "{PROJECT}/.vscode/settings.json",
    ),
    json(
        DocumentKind::EditorSettings,
        "vscode",
        "{XDG_CONFIG_HOME}/Code/User/settings.json",
    ),
    json(
        DocumentKind::EditorSettings,
        "vscode",
        "{HOME}/Library/Application Support/Code/User/settings.json",
    ),
    json(
        DocumentKind::EditorSettings,
        "vscode",
        "{APPDATA}/Code/User/settings.json",
    ),
    json(
        DocumentKind::AgentHooks,
        "codex",
        "{HOME}/.codex/hooks.json",
    ),
    json(
        DocumentKind::AgentHooks,
        "codex",
        "{PROJECT}/.codex/hooks.json",
    ),
    json(
        DocumentKind::AgentHooks,
        "github-copilot-cli",
        "{HOME}/.copilot/hooks/hooks.json",
    ),
    json(
        DocumentKind::AgentHooks,
        "github-copilot-cli",
        "{PROJECT}/.github/hooks/hooks.json",
    ),
    json(
        DocumentKind::CursorHooks,
        "cursor",
        "{HOME}/.cursor/hooks.json",
    ),
    json(
        DocumentKind::CursorHooks,
        "cursor",
        "{PROJECT}/.cursor/hooks.json",
    ),
    json(
        DocumentKind::GeminiSettings,
        "gemini-cli",
        "{HOME}/.gemini/settings.json",
    ),
    json(
        DocumentKind::GeminiSettings,
        "gemini-cli",
        "{PROJECT}/.gemini/settings.json",
    ),
    json(
        DocumentKind::GeminiSettings,
        "qwen-code",
        "{HOME}/.qwen/settings.json",
    ),
    json(
        DocumentKind::GeminiSettings,
        "qwen-code",
        "{PROJECT}/.qwen/settings.json",
    ),
    Wanted {
        kind: DocumentKind::CodexConfig,
        client: "codex",
        path: "{HOME}/.codex/config.toml",
        is_toml: true,
    },
    Wanted {
        kind: DocumentKind::CodexConfig,
        client: "codex",
        path: "{PROJECT}/.codex/config.toml",
        is_toml: true,
    },
];
