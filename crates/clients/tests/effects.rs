//! Whether an entry is in effect: switches, shadows, approvals, policies, older places.

use std::{path::PathBuf, sync::Arc};

use countersign_clients::{
    Catalog, Location, Machine, Pattern,
    effects::{SwitchDocument, settle},
    locate,
    read::{self, Row},
};
use countersign_model::{Config, ConfigId, FileRole, Os, Reader, Scope};

const HOME: &str = "/home/dev";
const PROJECT: &str = "/src/app";
const OTHER_PROJECT: &str = "/src/other";

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
fn a_projects_server_waits_for_claude_codes_own_approval() {
    let check = |place: &str, project: Option<&str>, text: &str, expected: &str| {
        let mut machine = Scanned::new(Os::Linux);
        let row = machine.location("claude-code", Scope::Project);
        machine.config(
            "claude-code",
            row,
            Some(PROJECT),
            "{\"mcpServers\": {\"a\": {\"command\": \"npx\"}}}",
        );
        if !text.is_empty() {
            machine.switch("claude-code", place, project, text);
        }
        assert_eq!(machine.words("a"), [expected], "{place}: {text}");
    };
    let state = "{HOME}/.claude.json";
    let settings = "{HOME}/.claude/settings.json";
    let local = "{PROJECT}/.claude/settings.local.json";
    check(state, None, "", "waiting");
    check(
        state,
        None,
        "{\"projects\": {\"/src/app\": {\"enabledMcpjsonServers\": [\"a\"]}}}",
        "active",
    );
    check(
        state,
        None,
        "{\"projects\": {\"/src/other\": {\"enabledMcpjsonServers\": [\"a\"]}}}",
        "waiting",
    );
    check(
        state,
        None,
        "{\"projects\": {\"/src/app\": {\"disabledMcpjsonServers\": [\"a\"]}}}",
        "disabled",
    );
    check(
        state,
        None,
        "{\"projects\": {\"/src/app\": {\"disabledMcpServers\": [\"a\"]}}}",
        "disabled",
    );
    check(
        settings,
        None,
        "{\"enableAllProjectMcpServers\": true}",
        "active",
    );
    check(
        settings,
        None,
        "{\"enableAllProjectMcpServers\": \"true\"}",
        "waiting",
    );
    check(
        local,
        Some(PROJECT),
        "{\"enabledMcpjsonServers\": [\"a\"]}",
        "active",
    );
    check(
        local,
        Some(OTHER_PROJECT),
        "{\"enabledMcpjsonServers\": [\"a\"]}",
        "waiting",
    );
    check(
        local,
        Some(PROJECT),
        "{\"enabledMcpjsonServers\": [\"a\"], \"disabledMcpjsonServers\": [\"a\"]}",
        "disabled",
    );
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
fn the_deny_list_of_claude_code_wins_and_its_allow_lists_count_together() {
    let servers = "{\"mcpServers\": {
        \"local\": {\"command\": \"npx\", \"args\": [\"-y\", \"probe\"]},
        \"remote\": {\"type\": \"http\", \"url\": \"https://mcp.example.com/v1/mcp\"}}}";
    let check = |lists: &[(&str, &str)], local: &str, remote: &str| {
        let mut machine = Scanned::new(Os::Linux);
        machine.user("claude-code", servers);
        for (place, text) in lists {
            let project = place.starts_with("{PROJECT}").then_some(PROJECT);
            machine.switch("claude-code", place, project, text);
        }
        let words = [machine.words("local"), machine.words("remote")].concat();
        assert_eq!(words, [local, remote], "{lists:?}");
    };
    let managed = "/etc/claude-code/managed-settings.json";
    let user = "{HOME}/.claude/settings.json";
    check(&[], "active", "active");
    check(
        &[(
            managed,
            "{\"deniedMcpServers\": [{\"serverName\": \"local\"}]}",
        )],
        "blocked",
        "active",
    );
    check(
        &[(
            managed,
            "{\"deniedMcpServers\": [{\"serverCommand\": [\"npx\", \"-y\", \"probe\"]}]}",
        )],
        "blocked",
        "active",
    );
    check(
        &[(
            managed,
            "{\"deniedMcpServers\": [{\"serverCommand\": [\"npx\", \"-y\"]}]}",
        )],
        "active",
        "active",
    );
    check(
        &[(
            managed,
            "{\"deniedMcpServers\": [{\"serverUrl\": \"https://*.example.com/*\"}]}",
        )],
        "active",
        "blocked",
    );
    check(
        &[(managed, "{\"allowedMcpServers\": []}")],
        "blocked",
        "blocked",
    );
    check(
        &[(
            managed,
            "{\"allowedMcpServers\": [{\"serverName\": \"local\"}]}",
        )],
        "active",
        "blocked",
    );
    // A rule for commands: a name no longer helps a local server, and does help a remote one.
    check(
        &[(
            managed,
            "{\"allowedMcpServers\": [{\"serverName\": \"local\"}, {\"serverName\": \"remote\"}, {\"serverCommand\": [\"uvx\"]}]}",
        )],
        "blocked",
        "active",
    );
    check(
        &[(
            managed,
            "{\"allowedMcpServers\": [{\"serverUrl\": \"https://mcp.example.com/*\"}, {\"serverName\": \"local\"}]}",
        )],
        "active",
        "active",
    );
    check(
        &[(
            managed,
            "{\"allowedMcpServers\": [{\"serverName\": \"local\"}], \"deniedMcpServers\": [{\"serverName\": \"local\"}]}",
        )],
        "blocked",
        "blocked",
    );
    // The user's list adds to the administrator's, unless only managed lists count.
    let names_local = "{\"allowedMcpServers\": [{\"serverName\": \"local\"}]}";
    let names_remote = "{\"allowedMcpServers\": [{\"serverName\": \"remote\"}]}";
    check(
        &[(managed, names_local), (user, names_remote)],
        "active",
        "active",
    );
    let only = "{\"allowManagedMcpServersOnly\": true, \"allowedMcpServers\": [{\"serverName\": \"local\"}]}";
    check(
        &[(managed, only), (user, names_remote)],
        "active",
        "blocked",
    );
    // The word counts in a managed file only.
    let claims = "{\"allowManagedMcpServersOnly\": true, \"allowedMcpServers\": [{\"serverName\": \"remote\"}]}";
    check(
        &[(managed, names_local), (user, claims)],
        "active",
        "active",
    );
}

#[test]
fn a_managed_file_of_claude_code_keeps_every_other_server_out() {
    for (text, managed) in [
        (
            "{\"mcpServers\": {\"m\": {\"command\": \"npx\"}}}",
            Some("active"),
        ),
        ("{\"mcpServers\": {}}", None),
    ] {
        let mut machine = Scanned::new(Os::Macos);
        let row = machine.location("claude-code", Scope::Managed);
        machine.config("claude-code", row, None, text);
        machine.user(
            "claude-code",
            "{\"mcpServers\": {\"a\": {\"command\": \"npx\"}}}",
        );
        machine.user(
            "cursor",
            "{\"mcpServers\": {\"b\": {\"command\": \"npx\"}}}",
        );
        assert_eq!(machine.words("m").first().copied(), managed);
        assert_eq!(machine.words("a"), ["blocked"]);
        assert_eq!(
            machine.words("b"),
            ["active"],
            "another client's servers stay"
        );
    }
}

#[test]
fn codex_starts_only_what_its_requirements_name() {
    let servers = "[mcp_servers.a]\ncommand = \"npx\"\nargs = [\"-y\", \"probe@1.2.3\"]\n\n\
                   [mcp_servers.r]\nurl = \"https://mcp.example.com/mcp\"\n";
    let check = |requirements: &str, local: &str, remote: &str| {
        let mut machine = Scanned::new(Os::Linux);
        machine.user("codex", servers);
        machine.switch("codex", "/etc/codex/requirements.toml", None, requirements);
        let words = [machine.words("a"), machine.words("r")].concat();
        assert_eq!(words, [local, remote], "{requirements}");
    };
    check(
        "allowed_approval_policies = [\"never\"]",
        "active",
        "active",
    );
    check("[mcp_servers]", "blocked", "blocked");
    check(
        "[mcp_servers.a]\nidentity = {command = \"npx\"}",
        "active",
        "blocked",
    );
    check(
        "[mcp_servers.a]\nidentity = {command = \"uvx\"}",
        "blocked",
        "blocked",
    );
    check(
        "[mcp_servers.a]\nidentity = {url = \"https://x\"}",
        "blocked",
        "blocked",
    );
    check(
        "[mcp_servers.r]\nidentity = {url = \"https://mcp.example.com/mcp\"}",
        "blocked",
        "active",
    );
    check(
        "[mcp_servers.r]\nurl = {match = \"prefix\", value = \"https://mcp.example.com/\"}",
        "blocked",
        "active",
    );
    check(
        "[mcp_servers.r]\nurl = {match = \"exact\", value = \"https://mcp.example.com/\"}",
        "blocked",
        "blocked",
    );
    let args = |list: &str| format!("[mcp_servers.a]\ncommand = \"npx\"\nargs = [{list}]");
    check(
        &args("{match = \"exact\", value = \"-y\"}, {match = \"prefix\", value = \"probe@\"}"),
        "active",
        "blocked",
    );
    check(
        &args("{match = \"exact\", value = \"-y\"}"),
        "blocked",
        "blocked",
    );
    check(
        &args("{match = \"exact\", value = \"-y\"}, {match = \"prefix\", value = \"other@\"}"),
        "blocked",
        "blocked",
    );
    // An expression is not judged.
    check(
        &args("{match = \"exact\", value = \"-y\"}, {match = \"regex\", expression = \"x\"}"),
        "active",
        "blocked",
    );
}

#[test]
fn servers_of_a_project_wait_until_its_folder_is_trusted() {
    let check = |client: &str, list: Option<(&str, &str)>, expected: &str| {
        let mut machine = Scanned::new(Os::Linux);
        let row = machine.location(client, Scope::Project);
        let text = if client == "codex" {
            "[mcp_servers.a]\ncommand = \"npx\"\n"
        } else {
            "{\"mcpServers\": {\"a\": {\"command\": \"npx\"}}}"
        };
        machine.config(client, row, Some(PROJECT), text);
        if let Some((place, text)) = list {
            machine.switch(client, place, None, text);
        }
        assert_eq!(machine.words("a"), [expected], "{client}: {list:?}");
    };
    let gemini = |text: &'static str| Some(("{HOME}/.gemini/trustedFolders.json", text));
    check("gemini-cli", None, "waiting");
    check(
        "gemini-cli",
        gemini("{\"/src/app\": \"TRUST_FOLDER\"}"),
        "active",
    );
    check(
        "gemini-cli",
        gemini("{\"/src\": \"TRUST_FOLDER\"}"),
        "active",
    );
    check(
        "gemini-cli",
        gemini("{\"/src/app\": \"DO_NOT_TRUST\"}"),
        "blocked",
    );
    check(
        "gemini-cli",
        gemini("{\"/src/ap\": \"TRUST_FOLDER\"}"),
        "waiting",
    );
    check(
        "gemini-cli",
        gemini("{\"/src/sibling\": \"TRUST_PARENT\"}"),
        "active",
    );
    check(
        "gemini-cli",
        gemini("{\"/src\": \"TRUST_FOLDER\", \"/src/app\": \"DO_NOT_TRUST\"}"),
        "blocked",
    );
    check(
        "gemini-cli",
        gemini("{\"/src\": \"DO_NOT_TRUST\", \"/src/app\": \"TRUST_FOLDER\"}"),
        "active",
    );
    check(
        "qwen-code",
        Some((
            "{HOME}/.qwen/trustedFolders.json",
            "{\"/src/app\": \"DO_NOT_TRUST\"}",
        )),
        "blocked",
    );
    let codex = |text: &'static str| Some(("{HOME}/.codex/config.toml", text));
    check("codex", None, "waiting");
    check(
        "codex",
        codex("[projects.\"/src/app\"]\ntrust_level = \"trusted\""),
        "active",
    );
    check(
        "codex",
        codex("[projects.\"/src/app\"]\ntrust_level = \"untrusted\""),
        "blocked",
    );
    check(
        "codex",
        codex("[projects.\"/src\"]\ntrust_level = \"trusted\""),
        "waiting",
    );
}

#[test]
fn a_plugin_of_claude_code_counts_once_settings_switch_it_on() {
    let text = "{\"mcpServers\": {\"a\": {\"command\": \"npx\"}}}";
    let check = |path: &str, lists: &[(&str, &str)], expected: &str| {
        let mut machine = Scanned::new(Os::Linux);
        machine.plugin("claude-code", path, text);
        for (place, list) in lists {
            let project = place.starts_with("{PROJECT}").then_some(PROJECT);
            machine.switch("claude-code", place, project, list);
        }
        assert_eq!(machine.words("a"), [expected], "{path}: {lists:?}");
    };
    let cache = "cache/shop/tools/1.0.0/.mcp.json";
    let offered = "marketplaces/shop/plugins/tools/.mcp.json";
    let manifest = "marketplaces/shop/external_plugins/tools/.claude-plugin/plugin.json";
    let settings = "{HOME}/.claude/settings.json";
    let on = "{\"enabledPlugins\": {\"tools@shop\": true}}";
    let off = "{\"enabledPlugins\": {\"tools@shop\": false, \"tools@other\": true}}";
    for path in [cache, offered, manifest] {
        check(path, &[], "disabled");
        check(path, &[(settings, on)], "active");
        check(path, &[(settings, off)], "disabled");
        let project = "{PROJECT}/.claude/settings.json";
        check(path, &[(settings, off), (project, on)], "active");
    }
    check("elsewhere/.mcp.json", &[], "active");
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

/// A machine whose configs and switch files are texts.
struct Scanned {
    catalog: &'static Catalog,
    machine: Machine,
    configs: Vec<Config>,
    documents: Vec<SwitchDocument<'static>>,
}

impl Scanned {
    fn new(os: Os) -> Self {
        let home = if os == Os::Windows {
            "C:/Users/dev"
        } else {
            HOME
        };
        Self {
            catalog: Box::leak(Box::new(Catalog::built_in())),
            machine: Machine::new(os, home, []),
            configs: Vec::new(),
            documents: Vec::new(),
        }
    }

    fn locations(&self, client: &str) -> &'static [Location] {
        &self.catalog.client(client).expect("is known").locations
    }

    /// Finds the first location of a scope that holds servers on this system.
    fn location(&self, client: &str, scope: Scope) -> usize {
        let os = self.machine.os;
        self.locations(client)
            .iter()
            .position(|location| {
                location.scope == scope
                    && location.role == FileRole::Servers
                    && location.os.is_none_or(|own| own == os)
            })
            .expect("the client has such a location")
    }

    fn at(&self, client: &str, path: &str) -> usize {
        self.locations(client)
            .iter()
            .position(|location| location.path.as_deref() == Some(path))
            .expect("the client has such a location")
    }

    fn config(&mut self, client: &str, location: usize, project: Option<&str>, text: &str) {
        self.configs_of(client, &[location], project, text);
    }

    /// Adds a file below the client's folder of plug-ins.
    fn plugin(&mut self, client: &str, below: &str, text: &str) {
        let row = self.location(client, Scope::Plugin);
        let path = Pattern::new(&format!("{HOME}/.claude/plugins/{below}"));
        self.add(&path, &[&self.locations(client)[row]], None, text);
    }

    /// Adds the client's user file.
    fn user(&mut self, client: &str, text: &str) {
        let os = self.machine.os;
        let is_users = |location: &Location| {
            !matches!(
                location.scope,
                Scope::Managed | Scope::Project | Scope::ProjectLocal
            ) && location.role == FileRole::Servers
                && location.os.is_none_or(|own| own == os)
        };
        let location = self.locations(client).iter().position(is_users);
        self.config(client, location.expect("the client has one"), None, text);
    }

    /// Adds a file that one client reads by several rows.
    fn configs_of(&mut self, client: &str, rows: &[usize], project: Option<&str>, text: &str) {
        let locations: Vec<_> = rows
            .iter()
            .map(|row| &self.locations(client)[*row])
            .collect();
        let found = locate::location(&self.machine, locations[0]);
        let path = found.patterns[0].in_project(project.unwrap_or_default());
        self.add(&path, &locations, project, text);
    }

    /// Adds a project's file that several clients read.
    fn shared(&mut self, clients: &[&str], project: &str, name: &str, text: &str) {
        let template = format!("{{PROJECT}}/{name}");
        let locations: Vec<_> = clients
            .iter()
            .map(|client| &self.locations(client)[self.at(client, &template)])
            .collect();
        self.add(
            &Pattern::new(&format!("{project}/{name}")),
            &locations,
            Some(project),
            text,
        );
    }

    fn add(
        &mut self,
        path: &Pattern,
        locations: &[&'static Location],
        project: Option<&str>,
        text: &str,
    ) {
        let path = PathBuf::from(path.as_str());
        let mut readers: Vec<Reader> = locations
            .iter()
            .map(|location| Reader {
                client: location.client.clone(),
                scope: location.scope,
                project: project.map(|path| Arc::new(PathBuf::from(path))),
                confidence: location.confidence,
                write: location.write,
                present: true,
                when: None,
                is_legacy: location.is_legacy,
            })
            .collect();
        let rows: Vec<Row<'_>> = locations
            .iter()
            .enumerate()
            .map(|(reader, location)| Row { location, reader })
            .collect();
        let id = ConfigId::of(&path);
        let reading = read::read(
            text,
            &id,
            &rows,
            &mut readers,
            self.catalog,
            self.machine.os,
        );
        self.configs.push(Config {
            id,
            path: Arc::new(path),
            target: None,
            role: FileRole::Servers,
            readers,
            state: reading.state,
            facts: None,
            entries: reading.entries,
            faults: reading.faults,
        });
    }

    /// Adds a switch file: one document for each row of the client that names it.
    fn switch(&mut self, client: &str, path: &str, project: Option<&str>, text: &str) {
        let client = self.catalog.client(client).expect("is known");
        let os = self.machine.os;
        let rows: Vec<_> = client
            .switches
            .iter()
            .filter(|row| row.path == path && row.os.is_none_or(|own| own == os))
            .collect();
        assert!(
            !rows.is_empty(),
            "{path} is no switch file of {}",
            client.id
        );
        for row in rows {
            self.documents.push(SwitchDocument {
                client: client.id.clone(),
                row,
                project: project.map(|path| Arc::new(PathBuf::from(path))),
                shown_path: path.to_owned(),
                root: read::document(text, row.format).expect("is a document"),
            });
        }
    }

    /// Settles the effects and returns those of every entry of a name, in order.
    fn effects(&self, name: &str) -> Vec<(&'static str, String)> {
        let mut configs = self.configs.clone();
        settle(&mut configs, &self.documents, self.catalog);
        configs
            .iter()
            .flat_map(|config| &config.entries)
            .filter(|entry| entry.name == name)
            .flat_map(|entry| &entry.effects)
            .map(|effect| {
                (
                    effect.word(),
                    effect.reason().unwrap_or_default().to_owned(),
                )
            })
            .collect()
    }

    fn words(&self, name: &str) -> Vec<&'static str> {
        self.effects(name)
            .into_iter()
            .map(|(word, _)| word)
            .collect()
    }

    fn reasons(&self, name: &str) -> Vec<String> {
        self.effects(name).into_iter().map(|(_, why)| why).collect()
    }

    fn entry(&self, name: &str) -> countersign_model::Entry {
        let mut entries = self.configs.iter().flat_map(|config| &config.entries);
        entries
            .find(|entry| entry.name == name)
            .expect("is there")
            .clone()
    }
}
