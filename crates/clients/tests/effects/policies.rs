//! Approvals, trusted folders, and the lists of administrators.

use countersign_model::{Os, Scope};

use crate::scanned::{OTHER_PROJECT, PROJECT, Scanned};

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
fn a_desktop_extension_is_off_where_its_settings_say_so() {
    let manifest = "{\"name\": \"files\", \"server\": {\"mcp_config\": {\"command\": \"node\"}}}";
    let check = |settings: Option<(&str, &str)>, expected: &str| {
        let mut machine = Scanned::new(Os::Macos);
        let folder = "{HOME}/Library/Application Support/Claude/Claude Extensions/shop.files";
        machine.at_path(
            "claude-desktop",
            &format!("{folder}/manifest.json"),
            manifest,
        );
        if let Some((name, text)) = settings {
            let row = "{HOME}/Library/Application Support/Claude/Claude Extensions Settings/*.json";
            machine.switch_at("claude-desktop", row, &row.replace('*', name), text);
        }
        assert_eq!(machine.words("files"), [expected], "{settings:?}");
    };
    check(None, "active");
    check(Some(("shop.files", "{\"isEnabled\": true}")), "active");
    check(Some(("shop.files", "{\"isEnabled\": false}")), "disabled");
    check(Some(("shop.other", "{\"isEnabled\": false}")), "active");
    check(Some(("shop.files", "{}")), "active");
}
