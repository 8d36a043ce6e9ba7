//! Clients start real servers through the guard, and the servers see the right values.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{BufRead, BufReader, Write},
    path::PathBuf,
    process::{Command, Stdio},
};

use countersign_tests::{Home, ship};
use serde_json::{Value, json};

use crate::client::Client;

/// A value that looks like a credential, and is none.
const SECRET: &str = "9f8e7d6c5b4a39281706f5e4d3c2b1a0";

/// Writes down what it was started with, and becomes the server that it is told.
const RECORDER: &str = r#"import { writeFileSync } from "node:fs";
const [record, server, ...own] = process.argv.splice(2);
writeFileSync(record, JSON.stringify({ variables: process.env, arguments: own }));
process.argv.push(...own);
await import(server);
"#;

/// A server over streamable HTTP that wants a header, and says on which port it is.
const REMOTE: &str = r#"import { createServer } from "node:http";
const server = createServer((request, response) => {
  let body = "";
  request.on("data", (part) => (body += part));
  request.on("end", () => {
    const say = (status, message) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(message === undefined ? "" : JSON.stringify({ jsonrpc: "2.0", ...message }));
    };
    if (request.headers["x-api-key"] !== process.argv[2]) return say(401);
    if (request.method !== "POST") return say(405);
    const { id, method, params } = JSON.parse(body);
    if (id === undefined) return say(202);
    if (method === "initialize") {
      const serverInfo = { name: "remote", version: "1" };
      return say(200, { id, result: { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo } });
    }
    const tools = [{ name: "look", description: "Looks.", inputSchema: { type: "object" } }];
    say(200, { id, result: method === "tools/list" ? { tools } : {} });
  });
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
"#;

/// One client, and how it is made to start its servers.
pub(crate) struct Story {
    pub(crate) name: &'static str,
    /// The client's program.
    pub(crate) client: &'static str,
    /// The client's own command that adds a server; `{SERVER}` stands for the server's command line.
    add: &'static [&'static str],
    /// The file that it writes, from the home.
    file: &'static str,
    look: Look,
}

/// How a client is made to start its servers, and what it says then.
enum Look {
    /// By a command, which says this of a server that answered.
    Says(&'static [&'static str], &'static str),
    /// By a request to its own server, which calls a tool.
    AppServer,
}

pub(crate) const STORIES: [Story; 5] = [
    Story {
        name: "claude_code_starts_what_was_moved",
        client: "claude",
        add: &[
            "mcp",
            "add",
            "everything",
            "--scope",
            "user",
            "--env",
            "API_KEY={SECRET}",
            "--",
            "{SERVER}",
        ],
        file: ".claude.json",
        look: Look::Says(&["mcp", "list"], "Connected"),
    },
    Story {
        name: "claude_code_reaches_what_was_moved_through_the_bridge",
        client: "claude",
        add: &[
            "mcp",
            "add",
            "--scope",
            "user",
            "--transport",
            "http",
            "everything",
            "{ADDRESS}",
            "--header",
            "X-Api-Key: {SECRET}",
        ],
        file: ".claude.json",
        look: Look::Says(&["mcp", "list"], "Connected"),
    },
    Story {
        name: "gemini_cli_starts_what_was_moved",
        client: "gemini",
        add: &[
            "mcp",
            "add",
            "--scope",
            "user",
            "--env",
            "API_KEY={SECRET}",
            "everything",
            "{PROGRAM}",
            "--",
            "{ARGUMENTS}",
        ],
        file: ".gemini/settings.json",
        look: Look::Says(&["mcp", "list"], "- Connected"),
    },
    Story {
        name: "opencode_starts_what_was_moved",
        client: "opencode",
        add: &[
            "mcp",
            "add",
            "everything",
            "--env",
            "API_KEY={SECRET}",
            "--",
            "{SERVER}",
        ],
        file: ".config/opencode/opencode.jsonc",
        look: Look::Says(&["mcp", "list"], "✓ everything"),
    },
    Story {
        name: "codex_calls_a_tool_of_what_was_moved",
        client: "codex",
        add: &[
            "mcp",
            "add",
            "everything",
            "--env",
            "API_KEY={SECRET}",
            "--",
            "{SERVER}",
        ],
        file: ".codex/config.toml",
        look: Look::AppServer,
    },
];

impl Story {
    /// Lets the client write, moves what it wrote, lets it start the server, and takes the move back.
    pub(crate) fn check(&self, client: &Client) {
        ship();
        let mut scene = Scene::new(client);
        if self.add.contains(&"{ADDRESS}") {
            scene.serve();
        }
        let add: Vec<String> = self
            .add
            .iter()
            .flat_map(|word| scene.filled(word))
            .collect();
        let add: Vec<&str> = add.iter().map(String::as_str).collect();
        client.run(&scene.home, &scene.project, &add);
        let file = scene.home.path().join(self.file);
        self.look(&scene);
        let before = scene.started();
        // The client writes its file by itself when it starts.
        let written = fs::read(&file).expect("the client wrote it");

        scene.countersign(&["secrets", "migrate", "--all"]);
        let moved = fs::read_to_string(&file).expect("it is there");
        assert!(!moved.contains(SECRET), "{moved}");
        assert!(moved.contains("countersign:"), "{moved}");
        self.look(&scene);
        if let Some(before) = before {
            let after = scene.started().expect("the server was started");
            assert_eq!(
                after.variables.get("API_KEY").map(String::as_str),
                Some(SECRET)
            );
            assert_eq!(after.arguments, before.arguments);
            let new: BTreeSet<_> = after
                .variables
                .keys()
                .filter(|name| !before.variables.contains_key(*name))
                .collect();
            assert!(new.is_empty(), "the guard adds {new:?}");
        }
        scene.countersign(&["secrets", "undo"]);
        let restored = fs::read(&file).expect("it is there");
        let is_same = if self.client == "claude" {
            // It counts its starts in the same file.
            servers(&restored) == servers(&written)
        } else {
            restored == written
        };
        assert!(is_same, "{}", String::from_utf8_lossy(&restored));
    }

    /// Makes the client start its servers, and checks that this one answered.
    fn look(&self, scene: &Scene<'_>) {
        match self.look {
            Look::Says(arguments, marker) => {
                let said = scene.client.run(&scene.home, &scene.project, arguments);
                let plain = said.replace("\u{1b}[90m", "");
                assert!(plain.contains(marker), "{said}");
            }
            Look::AppServer => app_server(scene),
        }
    }
}

/// The servers of a config of Claude Code.
fn servers(text: &[u8]) -> Value {
    let config: Value = serde_json::from_slice(text).expect("is JSON");
    config["mcpServers"].clone()
}

/// A home, a project, and a server that is recorded.
struct Scene<'client> {
    client: &'client Client,
    home: Home,
    project: PathBuf,
    recorder: PathBuf,
    record: PathBuf,
    remote: Option<Remote>,
}

/// What a server was started with.
#[derive(Debug)]
struct Started {
    variables: BTreeMap<String, String>,
    arguments: Value,
}

/// A server over HTTP, ended with its owner.
struct Remote(std::process::Child, u16);

impl Drop for Remote {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl<'client> Scene<'client> {
    fn new(client: &'client Client) -> Self {
        let home = Home::new().with_data_in_its_place();
        let project = home.path().join("src/shop");
        fs::create_dir_all(&project).expect("the temporary folder is writable");
        let recorder = home.write_beside("recorder.mjs", RECORDER);
        let scene = Self {
            client,
            project,
            recorder,
            record: home.beside("record.json"),
            remote: None,
            home,
        };
        let key = scene.home.beside("key").to_string_lossy().into_owned();
        scene.countersign(&["vault", "make", "--key-file", &key]);
        scene
    }

    /// Starts the server over HTTP.
    fn serve(&mut self) {
        let program = self.home.write_beside("remote.mjs", REMOTE);
        let mut server = Command::new("node")
            .arg(program)
            .arg(SECRET)
            .env_clear()
            .env("PATH", self.client.search_path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node is installed");
        let mut line = String::new();
        let out = server.stdout.take().expect("it is piped");
        BufReader::new(out)
            .read_line(&mut line)
            .expect("it says its port");
        self.remote = Some(Remote(server, line.trim().parse().expect("it is a port")));
    }

    fn countersign(&self, arguments: &[&str]) {
        let _ = self.home.countersign(arguments).fine().never_says(SECRET);
    }

    /// Returns a word of a command line with everything in its place.
    fn filled(&self, word: &str) -> Vec<String> {
        let everything =
            Client::packages().join("@modelcontextprotocol/server-everything/dist/index.js");
        let arguments = [
            self.recorder.to_string_lossy().into_owned(),
            self.record.to_string_lossy().into_owned(),
            format!("file://{}", everything.display()),
        ];
        match word {
            "{PROGRAM}" => vec!["node".to_owned()],
            "{ARGUMENTS}" => arguments.to_vec(),
            "{SERVER}" => [vec!["node".to_owned()], arguments.to_vec()].concat(),
            "{ADDRESS}" => {
                let port = self.remote.as_ref().map_or(0, |remote| remote.1);
                vec![format!("http://127.0.0.1:{port}/mcp")]
            }
            word => vec![word.replace("{SECRET}", SECRET)],
        }
    }

    /// Returns what the server was started with since this was asked last.
    fn started(&self) -> Option<Started> {
        let text = fs::read_to_string(&self.record).ok()?;
        fs::remove_file(&self.record).expect("it is there");
        let record: Value = serde_json::from_str(&text).expect("is JSON");
        let variables = record["variables"].as_object().expect("is a map");
        Some(Started {
            variables: variables
                .iter()
                .map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned()))
                .collect(),
            arguments: record["arguments"].clone(),
        })
    }
}

/// Has Codex list the server's tools and call the one that tells its environment.
fn app_server(scene: &Scene<'_>) {
    let mut command = scene
        .client
        .command(&scene.home, &scene.project, &["app-server"]);
    let mut server = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("Codex can be started");
    let mut input = server.stdin.take().expect("it is piped");
    let mut output = BufReader::new(server.stdout.take().expect("it is piped")).lines();
    let mut ask = |id: u32, method: &str, params: Value| -> Value {
        let request = json!({"id": id, "method": method, "params": params});
        writeln!(input, "{request}").expect("it reads");
        loop {
            let line = output.next().expect("it answers").expect("it writes UTF-8");
            let message: Value = serde_json::from_str(&line).expect("it writes JSON");
            if message["id"] == id {
                return message["result"].clone();
            }
        }
    };
    let client = json!({"name": "test", "title": "test", "version": "1"});
    ask(
        1,
        "initialize",
        json!({"clientInfo": client, "capabilities": {"experimentalApi": true}}),
    );
    let status = ask(2, "mcpServerStatus/list", json!({}));
    let tools = &status["data"][0]["tools"];
    assert!(tools.get("get-env").is_some(), "{status}");
    let thread = ask(3, "thread/start", json!({"ephemeral": true}));
    let call = json!({
        "threadId": thread["thread"]["id"],
        "server": "everything",
        "tool": "get-env",
        "arguments": {},
    });
    let called = ask(4, "mcpServer/tool/call", call);
    let text = called["content"][0]["text"].as_str().unwrap_or_default();
    assert!(text.contains(SECRET), "{called}");
    let _ = server.kill();
    let _ = server.wait();
}
