//! Whether an entry is in effect: switches, shadows, approvals, policies, older places.

#[path = "effects/policies.rs"]
mod policies;
#[path = "effects/scanned.rs"]
mod scanned;

use countersign_model::{Os, Scope};

use scanned::{OTHER_PROJECT, PROJECT, Scanned};

#[test]
fn every_clients_own_switch_turns_an_entry_off() {
    let local = "\"command\": \"npx\", \"args\": [\"probe\"]";
    let cases = [
        (
            "cline",
            format!("{{\"mcpServers\": {{\"a\": {{{local}, \"disabled\": true}}}}}}"),
            "disabled",
        ),
        (
            "roo-code",
            format!("{{\"mcpServers\": {{\"a\": {{{local}, \"disabled\": true}}}}}}"),
            "disabled",
        ),
        (
            "windsurf",
            format!("{{\"mcpServers\": {{\"a\": {{{local}, \"disabled\": true}}}}}}"),
            "disabled",
        ),
        (
            "kiro",
            format!("{{\"mcpServers\": {{\"a\": {{{local}, \"disabled\": false}}}}}}"),
            "active",
        ),
        (
            "zed",
            format!("{{\"context_servers\": {{\"a\": {{{local}, \"enabled\": false}}}}}}"),
            "disabled",
        ),
        (
            "opencode",
            "{\"mcp\": {\"a\": {\"type\": \"local\", \"command\": [\"npx\"], \"enabled\": false}}}"
                .into(),
            "disabled",
        ),
        (
            "opencode",
            "{\"mcp\": {\"a\": {\"enabled\": false}}}".into(),
            "disabled",
        ),
        (
            "jan",
            format!("{{\"mcpServers\": {{\"a\": {{{local}, \"active\": false}}}}}}"),
            "disabled",
        ),
        (
            "dive",
            format!("{{\"mcpServers\": {{\"a\": {{{local}, \"enabled\": false}}}}}}"),
            "disabled",
        ),
        (
            "codex",
            "[mcp_servers.a]\ncommand = \"npx\"\nenabled = false\n".into(),
            "disabled",
        ),
        (
            "goose",
            "extensions:\n  a:\n    type: stdio\n    cmd: npx\n    enabled: false\n".into(),
            "disabled",
        ),
        (
            "goose",
            "extensions:\n  a:\n    type: stdio\n    cmd: npx\n    enabled: true\n".into(),
            "active",
        ),
        (
            "mcpproxy-go",
            "{\"mcpServers\": [{\"name\": \"a\", \"command\": \"npx\", \"quarantined\": true}]}"
                .into(),
            "disabled",
        ),
        (
            "forgecode",
            format!("{{\"mcpServers\": {{\"a\": {{{local}, \"disable\": true}}}}}}"),
            "disabled",
        ),
        (
            "nextchat",
            format!("{{\"mcpServers\": {{\"a\": {{{local}, \"status\": \"paused\"}}}}}}"),
            "disabled",
        ),
        // No switch of this client: the member has no effect.
        (
            "claude-code",
            format!("{{\"mcpServers\": {{\"a\": {{{local}, \"disabled\": true}}}}}}"),
            "active",
        ),
        (
            "cursor",
            format!("{{\"mcpServers\": {{\"a\": {{{local}, \"disabled\": true}}}}}}"),
            "active",
        ),
    ];
    for (client, text, expected) in cases {
        let mut machine = Scanned::new(Os::Linux);
        machine.user(client, &text);
        assert_eq!(machine.words("a"), [expected], "{client}: {text}");
    }
}

#[test]
fn lists_of_names_beside_the_servers_switch_them_off() {
    let check = |client: &str, text: &str, list: &str, format_path: &str, expected: &str| {
        let mut machine = Scanned::new(Os::Linux);
        machine.user(client, text);
        machine.switch(client, format_path, None, list);
        assert_eq!(machine.words("a"), [expected], "{client}: {list}");
    };
    let map = "{\"mcpServers\": {\"a\": {\"command\": \"npx\"}}}";
    let toml = "[mcp_servers.a]\ncommand = \"npx\"\n";
    check(
        "github-copilot-cli",
        map,
        "{\"disabledMcpServers\": [\"a\"]}",
        "{HOME}/.copilot/settings.json",
        "disabled",
    );
    check(
        "gemini-cli",
        map,
        "{\"mcp\": {\"excluded\": [\"a\"]}}",
        "{HOME}/.gemini/settings.json",
        "disabled",
    );
    check(
        "gemini-cli",
        map,
        "{\"mcp\": {\"allowed\": [\"b\"]}}",
        "{HOME}/.gemini/settings.json",
        "blocked",
    );
    check(
        "gemini-cli",
        map,
        "{\"mcp\": {\"allowed\": [\"a\"]}}",
        "{HOME}/.gemini/settings.json",
        "active",
    );
    check(
        "gemini-cli",
        map,
        "{\"mcp\": {\"allowed\": []}}",
        "/etc/gemini-cli/settings.json",
        "blocked",
    );
    check(
        "gemini-cli",
        map,
        "{\"a\": {\"enabled\": false}}",
        "{HOME}/.gemini/mcp-server-enablement.json",
        "disabled",
    );
    check(
        "gemini-cli",
        map,
        "{\"a\": {\"enabled\": true}}",
        "{HOME}/.gemini/mcp-server-enablement.json",
        "active",
    );
    check(
        "qwen-code",
        map,
        "{\"mcp\": {\"excluded\": [\"a\"]}}",
        "/etc/qwen-code/settings.json",
        "disabled",
    );
    check(
        "grok-build",
        toml,
        "disabled_mcp_servers = [\"a\"]",
        "{HOME}/.grok/config.toml",
        "disabled",
    );
    check(
        "deepagents-code",
        map,
        "[mcp]\ndisabled_servers = [\"a\"]",
        "{HOME}/.deepagents/config.toml",
        "disabled",
    );
    check(
        "deepagents-code",
        map,
        "[mcp]\ndisabled_servers = [\"a\"]",
        "/etc/dcode/managed_config.toml",
        "disabled",
    );
    check(
        "rovo-dev",
        map,
        "mcp:\n  disabledMcpServers: [a]\n",
        "{HOME}/.rovodev/config.yml",
        "disabled",
    );
    check(
        "iflow",
        map,
        "{\"excludeMCPServers\": [\"a\"]}",
        "/etc/iflow-cli/settings.json",
        "disabled",
    );
    check(
        "witsy",
        map,
        "{\"mcp\": {\"disabledMcpServers\": [\"a\"]}}",
        "{XDG_CONFIG_HOME}/Witsy/settings.json",
        "disabled",
    );
    // What is not the list that the client reads changes nothing.
    check(
        "gemini-cli",
        map,
        "{\"mcp\": {\"excluded\": \"a\"}}",
        "{HOME}/.gemini/settings.json",
        "active",
    );
    check(
        "gemini-cli",
        map,
        "{\"mcp\": 1}",
        "{HOME}/.gemini/settings.json",
        "active",
    );
}

#[test]
fn a_list_switches_only_its_own_clients_servers_and_its_own_project() {
    let mut machine = Scanned::new(Os::Linux);
    let map = "{\"mcpServers\": {\"a\": {\"command\": \"npx\"}}}";
    machine.user("gemini-cli", map);
    machine.user("qwen-code", map);
    machine.switch(
        "gemini-cli",
        "{HOME}/.gemini/settings.json",
        None,
        "{\"mcp\": {\"excluded\": [\"a\"]}}",
    );
    assert_eq!(machine.words("a"), ["disabled", "active"]);

    let mut machine = Scanned::new(Os::Linux);
    let gemini_project = machine.location("gemini-cli", Scope::Project);
    machine.config("gemini-cli", gemini_project, Some(PROJECT), map);
    machine.config("gemini-cli", gemini_project, Some(OTHER_PROJECT), map);
    machine.switch(
        "gemini-cli",
        "{PROJECT}/.gemini/settings.json",
        Some(PROJECT),
        "{\"mcp\": {\"excluded\": [\"a\"]}}",
    );
    machine.switch(
        "gemini-cli",
        "{HOME}/.gemini/trustedFolders.json",
        None,
        "{\"/src\": \"TRUST_FOLDER\"}",
    );
    assert_eq!(machine.words("a"), ["disabled", "active"]);
}

#[test]
fn the_strongest_scope_of_claude_code_shadows_the_others() {
    let map = |name: &str| format!("{{\"mcpServers\": {{\"{name}\": {{\"command\": \"npx\"}}}}}}");
    let state = "{\"mcpServers\": {\"a\": {\"command\": \"npx\"}}, \"projects\": {\"/src/app\": {
        \"mcpServers\": {\"a\": {\"command\": \"uvx\"}}, \"enabledMcpjsonServers\": [\"a\", \"b\"]}}}";
    let mut machine = Scanned::new(Os::Linux);
    let project = machine.location("claude-code", Scope::Project);
    let local = machine.location("claude-code", Scope::Local);
    machine.configs_of("claude-code", &[0, local], None, state);
    machine.config("claude-code", project, Some(PROJECT), &map("a"));
    machine.config("claude-code", project, Some(OTHER_PROJECT), &map("a"));
    machine.switch("claude-code", "{HOME}/.claude.json", None, state);
    // The user's entry, the local one, the project's, and that of a project of its own.
    assert_eq!(
        machine.words("a"),
        ["active", "active", "shadowed", "waiting"]
    );
    let why = machine.reasons("a");
    assert!(
        why[2].contains("local scope, /home/dev/.claude.json"),
        "{why:?}"
    );
}

#[test]
fn a_projects_server_shadows_the_users_only_where_the_client_documents_it() {
    let opencode = "{\"mcp\": {\"a\": {\"type\": \"local\", \"command\": [\"npx\"]}}}";
    let mut machine = Scanned::new(Os::Linux);
    let managed = machine.location("opencode", Scope::Managed);
    machine.config("opencode", managed, None, opencode);
    machine.user("opencode", opencode);
    assert_eq!(machine.words("a"), ["active", "shadowed"]);
    let map = "{\"mcpServers\": {\"a\": {\"command\": \"npx\"}}}";
    let mut machine = Scanned::new(Os::Linux);
    let project = machine.location("cursor", Scope::Project);
    machine.config("cursor", project, Some(PROJECT), map);
    machine.user("cursor", map);
    assert_eq!(machine.words("a"), ["active", "active"]);
}

#[test]
fn an_entry_that_is_off_or_refused_shadows_nothing() {
    let mut machine = Scanned::new(Os::Linux);
    let project = machine.location("opencode", Scope::Project);
    let off =
        "{\"mcp\": {\"a\": {\"type\": \"local\", \"command\": [\"npx\"], \"enabled\": false}}}";
    let on = "{\"mcp\": {\"a\": {\"type\": \"local\", \"command\": [\"npx\"]}}}";
    machine.config("opencode", project, Some(PROJECT), off);
    machine.user("opencode", on);
    assert_eq!(machine.words("a"), ["disabled", "active"]);
}

#[test]
fn a_file_that_several_clients_read_has_an_effect_for_each() {
    let mut machine = Scanned::new(Os::Linux);
    let text = "{\"mcpServers\": {\"a\": {\"url\": \"https://mcp.example.com/mcp\"}}}";
    let readers = ["claude-code", "github-copilot-cli", "warp"];
    machine.shared(&readers, PROJECT, ".mcp.json", text);
    let entry = machine.entry("a");
    assert_eq!(entry.readers.len(), 3, "one entry with three readers");
    // Claude Code reads an address without a type as a command; the others take it.
    assert_eq!(machine.words("a"), ["refused", "active", "active"]);
}

#[test]
fn an_older_place_is_left_once_a_newer_one_holds_servers() {
    let map = "{\"mcpServers\": {\"a\": {\"command\": \"npx\"}}}";
    let desktop = |newer: Option<&str>| {
        let mut machine = Scanned::new(Os::Windows);
        let ordinary = machine.at(
            "claude-desktop",
            "{APPDATA}/Claude/claude_desktop_config.json",
        );
        machine.config("claude-desktop", ordinary, None, map);
        if let Some(text) = newer {
            let packaged = "{LOCALAPPDATA}/Packages/Claude_*/LocalCache/Roaming/Claude/claude_desktop_config.json";
            let packaged = machine.at("claude-desktop", packaged);
            machine.config("claude-desktop", packaged, None, text);
        }
        machine
    };
    assert_eq!(desktop(None).words("a"), ["active"]);
    assert_eq!(desktop(Some("{\"mcpServers\": {}}")).words("a"), ["active"]);
    let both = desktop(Some("{\"mcpServers\": {\"b\": {\"command\": \"npx\"}}}"));
    assert_eq!(both.words("a"), ["disabled"]);
    assert!(
        both.reasons("a")[0].contains("Packages"),
        "{:?}",
        both.reasons("a")
    );
    assert_eq!(both.words("b"), ["active"]);
}

#[test]
fn a_name_that_the_client_keeps_for_itself_is_refused() {
    let mut machine = Scanned::new(Os::Linux);
    machine.user(
        "claude-code",
        "{\"mcpServers\": {\"workspace\": {\"command\": \"npx\"}}}",
    );
    machine.user(
        "cursor",
        "{\"mcpServers\": {\"workspace\": {\"command\": \"npx\"}}}",
    );
    assert_eq!(machine.words("workspace"), ["refused", "active"]);
}
