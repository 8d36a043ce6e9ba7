//! Ten files that clients read, in four formats, with credentials in plain text.

/// Tokens of documented shapes that nobody has.
pub const TOKENS: [&str; 11] = [
    "ghp_Zk3v9Qm2Lx7Rb1Tn5Yw8Hc4Dg6Jf0PsAaBb",
    "ghp_Aq1Zs2Wx3Ed4Cr5Fv6Tg7By8Hn9Uj0MiKoLp",
    "glpat-Kd8sQ2mZx7Rb1Tn5Yw8H",
    "sk-ant-api03-q9Xv2Lm7Rb1Tn5Yw8Hc4Dg6Jf0PsAaBbZk3v9Qm2Lx7Rb1Tn5Yw8Hc4Dg6Jf0PsZk3v9Qm2Lx7Rb1Tn5Y-AA",
    "xoxb-4827163950-7391846205-Jq7Xw2Lm9Rb1Tn5Yw8Hc4Dg6",
    "sk_live_4Kd8sQ2mZx7Rb1Tn5Yw8Hc4D",
    "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",
    "npm_Zk3v9Qm2Lx7Rb1Tn5Yw8Hc4Dg6Jf0PsAaBbC",
    "lin_api_q9Xv2Lm7Rb1Tn5Yw8Hc4Dg6Jf0PsAaBbZk3v9Qm2",
    "figd_q9Xv2Lm7Rb1Tn5Yw8Hc4Dg6Jf0PsAaBbZk3v9Qm2",
    "s3CrEt-Wx7Rb1Tn5",
];

/// Ten files that clients read, by where they stand. `<<n>>` is a token.
pub const FILES: [(&str, &str); 10] = [
    (
        ".claude.json",
        "{\n  \"numStartups\": 3,\n  \"mcpServers\": {\n    \"github\": {\n      \"type\": \"stdio\",\n      \"command\": \"{home}/server\",\n      \"args\": [],\n      \"env\": {\n        \"GITHUB_TOKEN\": \"<<0>>\",\n        \"LOG\": \"debug\"\n      }\n    }\n  }\n}",
    ),
    (
        ".cursor/mcp.json",
        "{\"mcpServers\":{\"gh\":{\"command\":\"{home}/server\",\"args\":[\"--token\",\"<<1>>\"]},\"plain\":{\"command\":\"{home}/server\"}}}\n",
    ),
    (
        "{config}/Code/User/mcp.json",
        "{\r\n\t// what I use\r\n\t\"servers\": {\r\n\t\t\"lab\": {\"command\": \"{home}/server\", \"env\": {\"GITLAB_TOKEN\": \"<<2>>\"}}, // mine\r\n\t},\r\n}\r\n",
    ),
    (
        ".config/zed/settings.json",
        "{\n  /* Zed */\n  \"context_servers\": {\n    \"z\": {\n      \"command\": \"{home}/server\",\n      \"args\": [],\n      \"env\": { \"ANTHROPIC_API_KEY\": \"<<3>>\", },\n    },\n  },\n}\n",
    ),
    (
        ".codex/config.toml",
        "# mine\nmodel = \"x\"\n\n[mcp_servers.slack]\ncommand = \"{home}/server\" # local\nargs = []\n\n[mcp_servers.slack.env]\nSLACK_BOT_TOKEN = '<<4>>'\n",
    ),
    (
        ".codeium/windsurf/mcp_config.json",
        "{ \"mcpServers\": { \"pay\": { \"command\": \"{home}/server\", \"args\": [\"--api-key=<<5>>\"] } } }",
    ),
    (
        ".gemini/settings.json",
        "\u{feff}{\n    \"mcpServers\": {\n        \"hub\": {\n            \"command\": \"{home}/server\",\n            \"env\": {\n                \"HF_TOKEN\": \"<<6>>\"\n            }\n        }\n    }\n}\n",
    ),
    (
        ".config/opencode/opencode.json",
        "{\n  \"mcp\": {\n    \"pkg\": {\n      \"type\": \"local\",\n      \"command\": [\"{home}/server\"],\n      \"environment\": { \"NPM_TOKEN\": \"<<7>>\" }\n    }\n  }\n}\n",
    ),
    (
        ".config/goose/config.yaml",
        "# goose\nGOOSE_MODEL: x\nextensions:\n  tickets:\n    type: stdio\n    cmd: {home}/server\n    args: []\n    envs:\n      LINEAR_API_KEY: <<8>> # mine\n",
    ),
    (
        ".copilot/mcp-config.json",
        "{\"mcpServers\": {\"fig\": {\"type\": \"local\", \"command\": \"{home}/server\", \"args\": [\"postgres://shop:<<10>>@127.0.0.1/shop\"], \"env\": {\"FIGMA_API_KEY\": \"<<9>>\"}, \"tools\": [\"*\"]}}}",
    ),
];

/// Returns a text with its tokens.
pub fn filled(text: &str) -> String {
    let mut text = text.to_owned();
    for (index, token) in TOKENS.iter().enumerate() {
        text = text.replace(&format!("<<{index}>>"), token);
    }
    text
}
