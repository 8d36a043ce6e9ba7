use std::fmt::Write as _;

use serde_json::{Map as Members, Value, json};

use super::{Server, Start};

/// How a client writes its servers.
#[derive(Clone, Copy)]
pub(super) enum Dialect {
    /// JSON: a map below these keys, with the address under the given name.
    Map(&'static [&'static str], &'static str),
    /// JSON: a list of entries with names.
    Array(&'static str),
    /// JSON with the command as one list.
    Opencode,
    /// JSON with a type on every entry.
    Crush,
    /// TOML: a table for each server.
    TomlMap(&'static str),
    /// TOML: a list of tables.
    TomlArray(&'static str),
    /// YAML: a map.
    YamlMap(&'static str),
    /// YAML: a list.
    YamlArray(&'static str),
    /// YAML with Goose's own names.
    Goose,
}

impl Dialect {
    pub(super) fn text(self, servers: &[Server]) -> String {
        match self {
            Self::Map(keys, address) => {
                let map = map(servers, |server| plain(server, address));
                let root = keys
                    .iter()
                    .rev()
                    .fold(map, |inner, key| json!({ *key: inner }));
                pretty(&root)
            }
            Self::Array(key) => {
                let list: Vec<Value> = servers.iter().map(|server| named(server, "url")).collect();
                pretty(&json!({ key: list }))
            }
            Self::Opencode => pretty(&json!({ "mcp": map(servers, opencode) })),
            Self::Crush => pretty(&json!({ "mcp": map(servers, crush) })),
            Self::TomlMap(key) => servers.iter().fold(String::new(), |mut text, server| {
                let way = format!("{key}.{}", server.name);
                let _ = writeln!(text, "[{way}]\n{}", toml(&plain(server, "url"), &way));
                text
            }),
            Self::TomlArray(key) => servers.iter().fold(String::new(), |mut text, server| {
                let _ = writeln!(text, "[[{key}]]\n{}", toml(&named(server, "url"), key));
                text
            }),
            Self::YamlMap(key) => yaml_map(key, servers, |server| plain(server, "url")),
            Self::YamlArray(key) => servers
                .iter()
                .fold(format!("{key}:\n"), |mut text, server| {
                    let entry = yaml(&named(server, "url"), "    ");
                    let _ = write!(text, "  - {}", entry.trim_start());
                    text
                }),
            Self::Goose => yaml_map("extensions", servers, goose),
        }
    }
}

fn map(servers: &[Server], entry: impl Fn(&Server) -> Value) -> Value {
    servers
        .iter()
        .map(|server| (server.name.clone(), entry(server)))
        .collect::<Members<_, _>>()
        .into()
}

fn pretty(root: &Value) -> String {
    format!("{root:#}\n")
}

/// An entry as most clients write it.
fn plain(server: &Server, address: &str) -> Value {
    match &server.start {
        Start::Command {
            program,
            arguments,
            variable,
        } => with(
            json!({ "command": program, "args": arguments }),
            "env",
            variable.as_ref(),
        ),
        Start::Address { url, header } => with(json!({ address: url }), "headers", header.as_ref()),
    }
}

fn named(server: &Server, address: &str) -> Value {
    let mut entry = json!({ "name": server.name });
    if let Value::Object(members) = plain(server, address) {
        entry.as_object_mut().expect("an object").extend(members);
    }
    entry
}

fn opencode(server: &Server) -> Value {
    match &server.start {
        Start::Command {
            program,
            arguments,
            variable,
        } => {
            let command: Vec<&str> = std::iter::once(*program)
                .chain(arguments.iter().map(String::as_str))
                .collect();
            with(
                json!({ "type": "local", "command": command }),
                "environment",
                variable.as_ref(),
            )
        }
        Start::Address { url, header } => with(
            json!({ "type": "remote", "url": url }),
            "headers",
            header.as_ref(),
        ),
    }
}

fn crush(server: &Server) -> Value {
    let mut entry = plain(server, "url");
    entry["type"] = match server.start {
        Start::Command { .. } => "stdio".into(),
        Start::Address { .. } => "http".into(),
    };
    entry
}

fn goose(server: &Server) -> Value {
    let common = |kind: &str| json!({ "enabled": true, "name": server.name, "type": kind });
    let mut entry;
    match &server.start {
        Start::Command {
            program,
            arguments,
            variable,
        } => {
            entry = common("stdio");
            entry["cmd"] = (*program).into();
            entry["args"] = arguments.clone().into();
            with(entry, "envs", variable.as_ref())
        }
        Start::Address { url, header } => {
            entry = common("streamable_http");
            entry["uri"] = url.clone().into();
            with(entry, "headers", header.as_ref())
        }
    }
}

fn with(mut entry: Value, member: &str, pair: Option<&(&'static str, String)>) -> Value {
    if let Some((name, value)) = pair {
        entry[member] = json!({ *name: value });
    }
    entry
}

/// Writes an entry's members; what JSON writes of texts and lists of texts is TOML too.
fn toml(entry: &Value, way: &str) -> String {
    let mut values = String::new();
    let mut tables = String::new();
    for (name, value) in entry.as_object().expect("an object") {
        match value {
            Value::Object(inner) => {
                let _ = writeln!(tables, "[{way}.{name}]");
                for (key, value) in inner {
                    let _ = writeln!(tables, "{key} = {value}");
                }
            }
            value => {
                let _ = writeln!(values, "{name} = {value}");
            }
        }
    }
    values + &tables
}

fn yaml_map(key: &str, servers: &[Server], entry: impl Fn(&Server) -> Value) -> String {
    servers
        .iter()
        .fold(format!("{key}:\n"), |mut text, server| {
            let _ = write!(text, "  {}:\n{}", server.name, yaml(&entry(server), "    "));
            text
        })
}

fn yaml(entry: &Value, indent: &str) -> String {
    let mut text = String::new();
    for (name, value) in entry.as_object().expect("an object") {
        match value {
            Value::Object(inner) => {
                let _ = writeln!(text, "{indent}{name}:");
                for (key, value) in inner {
                    let _ = writeln!(text, "{indent}  {key}: {value}");
                }
            }
            Value::Array(items) => {
                let _ = writeln!(text, "{indent}{name}:");
                for item in items {
                    let _ = writeln!(text, "{indent}  - {item}");
                }
            }
            value => {
                let _ = writeln!(text, "{indent}{name}: {value}");
            }
        }
    }
    text
}
