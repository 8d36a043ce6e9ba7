//! A server whose every fault a test chooses.

use std::{
    env,
    io::{self, BufRead, Write},
    process::ExitCode,
    time::Duration,
};

use serde_json::{Value, json};

/// The first argument of this server.
pub(crate) const MARK: &str = "__server";

pub(crate) fn run() -> Option<ExitCode> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [mark, kind] = arguments.as_slice() else {
        return None;
    };
    (mark == MARK).then(|| serve(kind))
}

fn serve(kind: &str) -> ExitCode {
    match kind {
        "dies" => {
            let _ = writeln!(io::stderr(), "line one\nError: TOKEN is not valid\nv1\n");
            return ExitCode::FAILURE;
        }
        "never" => {
            std::thread::sleep(Duration::from_secs(60));
            return ExitCode::SUCCESS;
        }
        "flood" => loop {
            if writeln!(io::stdout(), "not a message").is_err() {
                return ExitCode::SUCCESS;
            }
        },
        "hog" => return hog(),
        "garbage" => print("Listening!\n\n{\"half\":"),
        _ => {}
    }
    for line in io::stdin().lock().lines() {
        let Ok(request) = line.map(|line| serde_json::from_str(&line).unwrap_or_default()) else {
            break;
        };
        for answer in answers(kind, &request) {
            print(&answer);
        }
        if kind == "dies-later" && request["method"] == "tools/list" {
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// Takes memory until it is ended; at most 512 MiB, and at most 5 seconds.
fn hog() -> ExitCode {
    let mut held = Vec::new();
    for _ in 0..128 {
        held.push(vec![1_u8; 4 << 20]);
        std::thread::sleep(Duration::from_millis(30));
    }
    drop(held);
    ExitCode::SUCCESS
}

fn print(line: &str) {
    let mut output = io::stdout().lock();
    let _ = writeln!(output, "{line}");
    let _ = output.flush();
}

/// Returns what a server of some kind answers to a message, in order.
pub(crate) fn answers(kind: &str, request: &Value) -> Vec<String> {
    let method = request["method"].as_str().unwrap_or_default();
    let id = &request["id"];
    let result =
        |result: Value| vec![json!({"jsonrpc": "2.0", "id": id, "result": result}).to_string()];
    let capabilities = json!({"tools": {"listChanged": true}, "prompts": {}, "resources": {}});
    let named = json!({"name": "fake", "version": "1"});
    match method {
        "server/discover" if kind == "mute" => Vec::new(),
        "server/discover" if kind != "handshake" => result(json!({
            "resultType": "complete", "supportedVersions": ["2026-07-28"], "capabilities": capabilities,
            "instructions": "Be kind.", "ttlMs": 5000, "cacheScope": "private",
            "_meta": {"io.modelcontextprotocol/serverInfo": named},
        })),
        "initialize" => result(json!({
            "protocolVersion": "2025-11-25", "capabilities": capabilities, "instructions": "Be kind.",
            "serverInfo": named,
        })),
        "tools/list" => tools(kind, request),
        "prompts/list" => result(json!({"prompts": [{"name": "greet", "description": "Greets."}]})),
        "resources/list" => result(json!({"resources": [{"uri": "file:///a"}]})),
        "resources/templates/list" => {
            result(json!({"resourceTemplates": [{"uriTemplate": "file:///{x}"}]}))
        }
        _ if id.is_null() || method.is_empty() => Vec::new(),
        _ => {
            let error = json!({"code": -32601, "message": "Method not found"});
            vec![json!({"jsonrpc": "2.0", "id": id, "error": error}).to_string()]
        }
    }
}

fn tools(kind: &str, request: &Value) -> Vec<String> {
    let id = &request["id"];
    let page = request["params"]["cursor"]
        .as_str()
        .and_then(|cursor| cursor.parse::<usize>().ok());
    let page = page.unwrap_or_default();
    // A definition that the specification calls invalid is part of what the model is told.
    let odd = json!({"name": "odd", "inputSchema": {"x-mcp-header": "A"}, "x-new": [1.50, "é"]});
    let (list, next) = match kind {
        "many" => {
            let all = (0..10_000).map(|number| json!({"name": format!("tool-{number}")}));
            (all.collect(), None)
        }
        "paged" => {
            let own = json!({"name": format!("page-{page}")});
            (vec![own], (page < 4).then(|| (page + 1).to_string()))
        }
        "endless" => (Vec::new(), Some((page + 1).to_string())),
        _ => (
            vec![json!({"name": "add", "description": "Adds."}), odd],
            None,
        ),
    };
    let mut result = json!({"tools": Value::Array(list)});
    if let Some(next) = next {
        result["nextCursor"] = next.into();
    }
    let answer = json!({"jsonrpc": "2.0", "id": id, "result": result}).to_string();
    match kind {
        "giant" => vec![" ".repeat(17 * 1024 * 1024)],
        "dies-later" => Vec::new(),
        "asks" => {
            let asked = json!({"jsonrpc": "2.0", "id": "a", "method": "sampling/createMessage", "params": {}});
            vec![asked.to_string(), answer]
        }
        "changes" => {
            let changed = json!({"jsonrpc": "2.0", "method": "notifications/tools/list_changed"});
            vec![changed.to_string(), answer]
        }
        _ => vec![answer],
    }
}
