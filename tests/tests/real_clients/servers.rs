//! Real servers say through the guard what they say without it, and see what their entries declare.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    process::{Command, Stdio},
};

use countersign_tests::{Home, ship};
use serde_json::{Value, json};

use crate::client::Client;

/// A value that looks like a credential, and is none.
const SECRET: &str = "9f8e7d6c5b4a39281706f5e4d3c2b1a0";

/// A server, by its program, and a tool of it.
pub(crate) struct Story {
    pub(crate) name: &'static str,
    /// The server's program.
    pub(crate) program: &'static str,
    /// Its arguments; `{PROJECT}` stands for a folder.
    arguments: &'static [&'static str],
    tool: &'static str,
}

pub(crate) const STORIES: [Story; 3] = [
    Story {
        name: "server_everything_sees_exactly_what_its_entry_declares",
        program: "mcp-server-everything",
        arguments: &[],
        tool: "get-env",
    },
    Story {
        name: "server_filesystem_works_through_the_guard",
        program: "mcp-server-filesystem",
        arguments: &["{PROJECT}"],
        tool: "list_allowed_directories",
    },
    Story {
        name: "server_time_works_through_the_guard",
        program: "mcp-server-time",
        arguments: &["--local-timezone", "UTC"],
        tool: "convert_time",
    },
];

impl Story {
    /// Asks the server as its entry stands, moves its credential, and asks it again.
    pub(crate) fn check(&self, client: &Client) {
        ship();
        let home = Home::new();
        let project = home.path().join("src/shop");
        fs::create_dir_all(&project).expect("the temporary folder is writable");
        let program = client.program();
        let arguments: Vec<String> = self
            .arguments
            .iter()
            .map(|text| text.replace("{PROJECT}", &project.to_string_lossy()))
            .collect();
        let entry = json!({"command": program, "args": arguments, "env": {"API_KEY": SECRET, "MODE": "quiet"}});
        let config = json!({"mcpServers": {"server": entry}});
        let file = home.write(".cursor/mcp.json", &config.to_string());
        let before = self.ask(&home, client, &file);
        let key = home.beside("key").to_string_lossy().into_owned();
        home.countersign(&["vault", "make", "--key-file", &key])
            .fine();
        home.countersign(&["secrets", "migrate", "--all"]).fine();
        let moved = fs::read_to_string(&file).expect("it is there");
        assert!(!moved.contains(SECRET), "{moved}");
        let after = self.ask(&home, client, &file);
        assert_eq!(after["tools"], before["tools"]);
        if self.tool != "get-env" {
            assert_eq!(after["called"], before["called"]);
            return;
        }
        let text = after["called"]["content"][0]["text"]
            .as_str()
            .expect("it is text");
        let seen: Value = serde_json::from_str(text).expect("it is JSON");
        assert_eq!(seen["API_KEY"], SECRET);
        assert_eq!(seen["MODE"], "quiet");
        // Everything else is of the base that the manual names.
        let base = [
            "HOME",
            "PATH",
            "LANG",
            "TZ",
            "DBUS_SESSION_BUS_ADDRESS",
            "API_KEY",
            "MODE",
        ];
        for name in seen.as_object().expect("it is a map").keys() {
            assert!(base.contains(&name.as_str()), "the server sees {name}");
        }
    }

    /// Starts the entry of a config, and returns its tools and what one of them says.
    fn ask(&self, home: &Home, client: &Client, file: &std::path::Path) -> Value {
        let config: Value =
            serde_json::from_slice(&fs::read(file).expect("it is there")).expect("is JSON");
        let entry = &config["mcpServers"]["server"];
        let text = |value: &Value| value.as_str().expect("it is text").to_owned();
        let mut command = Command::new(text(&entry["command"]));
        home.environment(&mut command);
        command
            .args(entry["args"].as_array().into_iter().flatten().map(text))
            .env("PATH", client.search_path())
            .env("NOT_DECLARED", "1")
            .current_dir(home.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        for (name, value) in entry["env"].as_object().into_iter().flatten() {
            command.env(name, text(value));
        }
        let mut server = command.spawn().expect("it can be started");
        let mut input = server.stdin.take().expect("it is piped");
        let mut lines = BufReader::new(server.stdout.take().expect("it is piped")).lines();
        let mut ask = |message: Value| -> Value {
            writeln!(input, "{message}").expect("it reads");
            while !message["id"].is_null() {
                let line = lines.next().expect("it answers").expect("it writes UTF-8");
                let answer: Value = serde_json::from_str(&line).expect("it writes JSON");
                if answer["id"] == message["id"] && answer["method"].is_null() {
                    return answer["result"].clone();
                }
            }
            Value::Null
        };
        let hello = json!({
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "1"},
        });
        ask(json!({"jsonrpc": "2.0", "id": "a", "method": "initialize", "params": hello}));
        ask(json!({"jsonrpc": "2.0", "method": "notifications/initialized"}));
        let listed = ask(json!({"jsonrpc": "2.0", "id": "b", "method": "tools/list"}));
        let arguments = if self.tool == "convert_time" {
            json!({"source_timezone": "UTC", "time": "12:00", "target_timezone": "Asia/Tokyo"})
        } else {
            json!({})
        };
        let call = json!({"name": self.tool, "arguments": arguments});
        let called =
            ask(json!({"jsonrpc": "2.0", "id": "c", "method": "tools/call", "params": call}));
        drop(input);
        server.wait().expect("it was started");
        json!({"tools": listed["tools"], "called": called})
    }
}

/// The Inspector lists the tools of a moved entry and calls one.
pub(crate) fn inspector(client: &Client) {
    ship();
    let home = Home::new().with_data_in_its_place();
    let project = home.path().join("src/shop");
    fs::create_dir_all(&project).expect("the temporary folder is writable");
    let server = Client::packages().join("@modelcontextprotocol/server-everything/dist/index.js");
    let entry = json!({"command": "node", "args": [server], "env": {"API_KEY": SECRET}});
    let config = json!({"mcpServers": {"server": entry}});
    let file = home.write(".cursor/mcp.json", &config.to_string());
    let key = home.beside("key").to_string_lossy().into_owned();
    home.countersign(&["vault", "make", "--key-file", &key])
        .fine();
    home.countersign(&["secrets", "migrate", "--all"]).fine();
    let file = file.to_string_lossy().into_owned();
    let asked = ["--cli", "--config", &file, "--server", "server", "--method"];
    let tools = client.run(&home, &project, &[&asked[..], &["tools/list"]].concat());
    assert!(tools.contains("\"get-env\""), "{tools}");
    let call = ["tools/call", "--tool-name", "get-env"];
    let called = client.run(&home, &project, &[&asked[..], &call].concat());
    assert!(called.contains(SECRET), "{called}");
}
