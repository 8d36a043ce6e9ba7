//! What each dialect calls its members, and what an entry becomes by them.

use countersign_model::{AutoApprove, Effect, Nature, Start, Switch, Transport};

use super::{command, only, read};

#[test]
fn every_member_of_a_dialect_reaches_its_place() {
    let goose = "extensions:\n  github:\n    type: stdio\n    cmd: npx\n    args: [-y, probe, 7]\n    \
                 envs: {MODE: fast, RETRIES: 3, DEBUG: true}\n    env_keys: [GITHUB_TOKEN]\n    \
                 enabled: true\n    available_tools: [read]\n";
    let entry = only(read("goose", "goose/config.yaml", goose));
    assert_eq!(command(&entry), "npx -y probe 7");
    let environment: Vec<_> = entry
        .environment
        .iter()
        .map(|setting| (setting.name.as_str(), setting.value.expose("a test")))
        .collect();
    assert_eq!(
        environment,
        [("MODE", "fast"), ("RETRIES", "3"), ("DEBUG", "true")]
    );
    assert_eq!(entry.environment_names, ["GITHUB_TOKEN"]);
    assert_eq!(entry.switch, Switch::On("enabled".to_owned()));
    assert_eq!(
        entry.tools_allowed.as_deref(),
        Some(["read".to_owned()].as_slice())
    );

    let codex = "[mcp_servers.figma]\nurl = \"https://mcp.example.com/mcp\"\n\
                 bearer_token_env_var = \"FIGMA_TOKEN\"\nhttp_headers = { \"X-Team\" = \"a\" }\n\
                 env_http_headers = { \"X-Key\" = \"TEAM_KEY\" }\nenabled_tools = [\"a\"]\n\
                 disabled_tools = [\"b\"]\ndefault_tools_approval_mode = \"approve\"\n";
    let entry = only(read("codex", ".codex/config.toml", codex));
    assert_eq!(entry.transport, Transport::Http);
    let variables = [("X-Key", "TEAM_KEY"), ("Authorization", "FIGMA_TOKEN")];
    assert_eq!(
        entry.header_variables,
        variables.map(|(header, variable)| (header.to_owned(), variable.to_owned()))
    );
    assert_eq!(entry.headers[0].name, "X-Team");
    assert_eq!(entry.tools_left_out, ["b"]);
    assert_eq!(entry.auto_approve, AutoApprove::Everything);
    assert!(
        entry.unknown_members.is_empty(),
        "{:?}",
        entry.unknown_members
    );

    let cline =
        "{\"mcpServers\": {\"a\": {\"type\": \"stdio\", \"command\": \"npx\", \"cwd\": \"/srv\",
        \"autoApprove\": [\"read\"], \"disabled\": false, \"retries\": 3}}}";
    let entry = only(read("cline", "cline_mcp_settings.json", cline));
    assert_eq!(
        entry.auto_approve,
        AutoApprove::Tools(vec!["read".to_owned()])
    );
    assert_eq!(entry.working_folder.as_deref(), Some("/srv"));
    assert_eq!(entry.unknown_members, ["retries"]);

    let mods = "mcp-servers:\n  a:\n    command: npx\n    env: [MODE=fast, \"KEY=a=b\"]\n";
    let entry = only(read("mods", "mods/mods.yml", mods));
    assert_eq!(entry.environment[1].name, "KEY");
    assert_eq!(entry.environment[1].value.expose("a test"), "a=b");

    let mcphost = "mcpServers:\n  a:\n    type: remote\n    url: https://x.example\n    headers: [\"X-Team: a\"]\n";
    let entry = only(read("mcphost", ".mcphost.yml", mcphost));
    assert_eq!(entry.headers[0].name, "X-Team");
}

#[test]
fn a_transport_is_what_the_file_declares_else_what_the_address_says() {
    let cases = [
        (
            "cursor",
            ".cursor/mcp.json",
            "mcpServers",
            "\"url\": \"https://x.example/mcp\"",
            Transport::Http,
        ),
        (
            "cursor",
            ".cursor/mcp.json",
            "mcpServers",
            "\"url\": \"https://x.example/sse\"",
            Transport::Sse,
        ),
        (
            "cursor",
            ".cursor/mcp.json",
            "mcpServers",
            "\"url\": \"https://x.example/sse/?key=1#a\"",
            Transport::Sse,
        ),
        (
            "cursor",
            ".cursor/mcp.json",
            "mcpServers",
            "\"url\": \"https://x.example/mcp?to=/sse\"",
            Transport::Http,
        ),
        (
            "cursor",
            ".cursor/mcp.json",
            "mcpServers",
            "\"url\": \"wss://x.example/mcp\"",
            Transport::WebSocket,
        ),
        (
            "cursor",
            ".cursor/mcp.json",
            "mcpServers",
            "\"type\": \"sse\", \"url\": \"https://x.example/mcp\"",
            Transport::Sse,
        ),
        (
            "cursor",
            ".cursor/mcp.json",
            "mcpServers",
            "\"type\": \"streamable-http\", \"url\": \"https://x.example/sse\"",
            Transport::Http,
        ),
        (
            "cursor",
            ".cursor/mcp.json",
            "mcpServers",
            "\"type\": \"http\", \"command\": \"npx\"",
            Transport::Stdio,
        ),
        (
            "gemini-cli",
            ".gemini/settings.json",
            "mcpServers",
            "\"httpUrl\": \"https://x.example/sse\"",
            Transport::Http,
        ),
        (
            "gemini-cli",
            ".gemini/settings.json",
            "mcpServers",
            "\"tcp\": \"x.example:80\"",
            Transport::WebSocket,
        ),
        (
            "opencode",
            "opencode.json",
            "mcp",
            "\"type\": \"remote\", \"url\": \"https://x.example/mcp\"",
            Transport::Http,
        ),
        (
            "antigravity",
            "config/mcp_config.json",
            "mcpServers",
            "\"command\": \"npx\", \"serverUrl\": \"https://x.example/mcp\"",
            Transport::Http,
        ),
        (
            "cursor",
            ".cursor/mcp.json",
            "mcpServers",
            "\"type\": \"sse\"",
            Transport::Sse,
        ),
        (
            "cursor",
            ".cursor/mcp.json",
            "mcpServers",
            "\"note\": \"later\"",
            Transport::Unknown,
        ),
    ];
    for (client, ending, key, members, expected) in cases {
        let entry = only(read(
            client,
            ending,
            &format!("{{\"{key}\": {{\"a\": {{{members}}}}}}}"),
        ));
        assert_eq!(entry.transport, expected, "{client}: {members}");
    }
    let both =
        "{\"mcpServers\": {\"a\": {\"command\": \"npx\", \"url\": \"https://x.example/mcp\"}}}";
    let entry = only(read("cursor", ".cursor/mcp.json", both));
    assert_eq!(entry.transport, Transport::Stdio);
    assert!(
        matches!(entry.unused_start, Some(Start::Remote(_))),
        "the address is not lost"
    );
}

#[test]
fn an_address_that_the_client_takes_for_another_transport_is_told() {
    let text = |url: &str| format!("{{\"mcpServers\": {{\"a\": {{\"url\": \"{url}\"}}}}}}");
    let said = |url: &str| {
        let entry = only(read(
            "cline",
            "data/settings/cline_mcp_settings.json",
            &text(url),
        ));
        assert_eq!(entry.effects, [Effect::Active]);
        entry
            .faults
            .into_iter()
            .map(|fault| fault.message)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        said("https://x.example/mcp"),
        ["an address without a transport, which the client takes for sse"]
    );
    assert!(said("https://x.example/sse").is_empty());
}

#[test]
fn a_desktop_extension_is_an_entry_with_the_name_and_the_command_of_this_system() {
    let manifest = "{\"manifest_version\": \"0.3\", \"name\": \"files\", \"display_name\": \"Files\", \"version\": \"1.0.0\",
        \"server\": {\"type\": \"node\", \"entry_point\": \"server/index.js\", \"mcp_config\": {
            \"command\": \"node\", \"args\": [\"${__dirname}/server/index.js\"],
            \"env\": {\"API_KEY\": \"${user_config.api_key}\"},
            \"platform_overrides\": {\"linux\": {\"command\": \"nodejs\"}, \"win32\": {\"command\": \"node.exe\"}}}},
        \"user_config\": {\"api_key\": {\"type\": \"string\", \"sensitive\": true}}}";
    let entry = only(read(
        "claude-desktop",
        "Claude Extensions/*/manifest.json",
        manifest,
    ));
    assert_eq!(entry.name, "Files");
    assert_eq!(entry.pointer.as_str(), "/server/mcp_config");
    assert_eq!(command(&entry), "nodejs ${__dirname}/server/index.js");
    assert_eq!(entry.environment[0].nature, Nature::Reference);
    let old = "{\"dxt_version\": \"0.1\", \"name\": \"files\", \"server\": {\"mcp_config\": {\"command\": \"node\"}}}";
    assert_eq!(
        only(read(
            "claude-desktop",
            "Claude Extensions/*/manifest.json",
            old
        ))
        .name,
        "files"
    );
}

#[test]
fn a_plugin_of_claude_code_brings_its_servers_in_three_spellings() {
    let server = "{\"command\": \"${CLAUDE_PLUGIN_ROOT}/server\"}";
    let wrapped = format!("{{\"mcpServers\": {{\"a\": {server}}}}}");
    let bare = format!("{{\"a\": {server}}}");
    let manifest = format!(
        "{{\"name\": \"tools\", \"version\": \"1.0.0\", \"mcpServers\": {{\"a\": {server}}}}}"
    );
    for (ending, text) in [
        ("plugins/**/.mcp.json", &wrapped),
        ("plugins/**/.mcp.json", &bare),
        (".claude-plugin/plugin.json", &manifest),
    ] {
        let entry = only(read("claude-code", ending, text));
        assert_eq!(
            (entry.name.as_str(), entry.transport),
            ("a", Transport::Stdio),
            "{text}"
        );
    }
    // A path to a file of its own is no server, and no fault.
    let path = "{\"name\": \"tools\", \"mcpServers\": \"./servers.json\"}";
    let reading = read("claude-code", ".claude-plugin/plugin.json", path);
    assert!(
        reading.entries.is_empty() && reading.faults.is_empty(),
        "{:?}",
        reading.faults
    );
}
