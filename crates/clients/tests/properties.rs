//! What holds for any text: no reader panics, places lie within the text, and no credential is seen.

#[path = "../../../tests/fuzz/targets/readers.rs"]
mod readers;
mod reading;

use countersign_clients::{Catalog, Format, read::ENTRIES_MAX};
use countersign_model::{ConfigState, Entry, Nature, ReadFailure, Start};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_reader_panics_and_places_lie_within_the_text(text in texts()) {
        for format in [Format::Json, Format::Jsonc, Format::Json5, Format::Toml, Format::Yaml] {
            readers::read_as(format, &text);
        }
        readers::read_by_all(&text);
    }

    #[test]
    fn no_credential_is_seen_in_what_was_read(secret in secrets(), place in 0..PLACES.len()) {
        let catalog = Catalog::built_in();
        for (client, ending, text) in [
            ("cursor", ".cursor/mcp.json", in_json(PLACES[place], &secret)),
            ("codex", ".codex/config.toml", in_toml(PLACES[place], &secret)),
            ("goose", "goose/config.yaml", in_yaml(PLACES[place], &secret)),
            ("opencode", "opencode.json", in_opencode(PLACES[place], &secret)),
        ] {
            let location = reading::location(&catalog, client, ending);
            let reading = reading::by(&catalog, location, &text);
            prop_assert_eq!(&reading.state, &ConfigState::Read, "{}", &text);
            prop_assert_eq!(reading.entries.len(), 1, "{}", &text);
            prop_assert!(finds(&reading.entries[0]), "{client} misses `{}` of {text}", PLACES[place]);
            let seen = format!("{reading:?} {:?}", reading.document);
            prop_assert!(!seen.contains(&secret), "{client} shows `{}` of {text}", PLACES[place]);
        }
    }

    #[test]
    fn the_order_and_the_blanks_of_a_text_change_no_entry(names in prop::collection::btree_set("[a-z][a-z0-9_-]{0,12}", 1..8)) {
        let catalog = Catalog::built_in();
        let location = reading::location(&catalog, "cursor", ".cursor/mcp.json");
        let text = |separator: &str, reversed: bool| {
            let mut members: Vec<_> = names
                .iter()
                .map(|name| format!("\"{name}\":{separator}{{\"command\":{separator}\"{name}\"}}"))
                .collect();
            if reversed {
                members.reverse();
            }
            format!("{{\"mcpServers\":{{{separator}{}}}}}", members.join(&format!(",{separator}")))
        };
        let read = |text: &str| {
            let mut entries = reading::by(&catalog, location, text).entries;
            entries.sort_by(|one, other| one.name.cmp(&other.name));
            entries.into_iter().map(|entry| (entry.id, entry.name, entry.start)).collect::<Vec<_>>()
        };
        let plain = read(&text("", false));
        prop_assert_eq!(plain.len(), names.len());
        prop_assert_eq!(&plain, &read(&text("\r\n\t ", true)));
        prop_assert_eq!(&plain, &read(&format!("\u{FEFF}{}", text("\n", false))));
    }
}

#[test]
fn more_servers_than_anyone_has_are_cut_and_the_file_does_not_count_as_read() {
    let catalog = Catalog::built_in();
    let location = reading::location(&catalog, "cursor", ".cursor/mcp.json");
    let members: Vec<String> = (0..ENTRIES_MAX + 50)
        .map(|index| format!("\"s{index}\":{{\"command\":\"x\"}}"))
        .collect();
    let text = format!("{{\"mcpServers\":{{{}}}}}", members.join(","));
    let read = reading::by(&catalog, location, &text);
    assert_eq!(read.entries.len(), ENTRIES_MAX);
    assert!(matches!(
        read.state,
        ConfigState::Failed(ReadFailure::TooMany { .. })
    ));
}

/// Members in which people leave credentials.
const PLACES: [&str; 13] = [
    "env",
    "header",
    "bearer",
    "flag",
    "pair",
    "assignment",
    "query",
    "user",
    "member",
    "nested",
    "variable",
    "name",
    "folder",
];

/// A local or remote server as JSON members, with a secret at the place.
fn members(place: &str, secret: &str) -> Vec<(&'static str, String)> {
    let text = |text: &str| format!("\"{text}\"");
    let local = |more: (&'static str, String)| vec![("command", text("npx")), more];
    let remote =
        |more: (&'static str, String)| vec![("url", text("https://mcp.example.com/mcp")), more];
    let address = |url: String| vec![("url", text(&url))];
    match place {
        "env" => local(("env", format!("{{\"SERVICE\" {SEPARATOR} \"{secret}\"}}"))),
        "header" => remote((
            "headers",
            format!("{{\"X-Api-Key\" {SEPARATOR} \"{secret}\"}}"),
        )),
        "bearer" => remote((
            "headers",
            format!("{{\"Authorization\" {SEPARATOR} \"Bearer {secret}\"}}"),
        )),
        "flag" => local(("args", format!("[\"x\", \"--token={secret}\"]"))),
        "pair" => local(("args", format!("[\"x\", \"--api-key\", \"{secret}\"]"))),
        "assignment" => local((
            "args",
            format!("[\"run\", \"-e\", \"TOKEN={secret}\", \"image\"]"),
        )),
        "query" => address(format!("https://mcp.example.com/mcp?key={secret}&a=1")),
        "user" => address(format!("https://user:{secret}@mcp.example.com/mcp")),
        "member" => remote(("apiKey", text(secret))),
        "nested" => remote((
            "oauth",
            format!("{{\"clientSecret\" {SEPARATOR} \"{secret}\"}}"),
        )),
        "variable" => remote(("bearer_token_env_var", text(secret))),
        "name" => local(("env_vars", format!("[\"PATH\", \"{secret}\"]"))),
        _ => local(("cwd", format!("\"/srv/{secret}\""))),
    }
}

/// Stands between key and value until the format is known.
const SEPARATOR: &str = "§";

fn in_json(place: &str, secret: &str) -> String {
    let inner: Vec<_> = members(place, secret)
        .into_iter()
        .map(|(key, value)| format!("\"{key}\": {value}"))
        .collect();
    format!("{{\"mcpServers\": {{\"a\": {{{}}}}}}}", inner.join(", ")).replace(SEPARATOR, ":")
}

fn in_opencode(place: &str, secret: &str) -> String {
    let spelled = in_json(place, secret).replace("mcpServers", "mcp");
    let command = format!("[\"npx\", \"{}\"]", "x");
    spelled
        .replace("\"npx\"", &command)
        .replace("\"env\"", "\"environment\"")
}

fn in_toml(place: &str, secret: &str) -> String {
    let lines: String = members(place, secret)
        .into_iter()
        .map(|(key, value)| {
            let key = if key == "headers" {
                "http_headers"
            } else {
                key
            };
            format!("{key} = {}\n", value.replace(SEPARATOR, "="))
        })
        .collect();
    format!("[mcp_servers.a]\n{lines}")
}

fn in_yaml(place: &str, secret: &str) -> String {
    let lines: String = members(place, secret)
        .into_iter()
        .map(|(key, value)| {
            let key = match key {
                "command" => "cmd",
                "url" => "uri",
                "env" => "envs",
                "env_vars" => "env_keys",
                other => other,
            };
            format!("    {key}: {}\n", value.replace(SEPARATOR, ":"))
        })
        .collect();
    format!("extensions:\n  a:\n    type: stdio\n{lines}")
}

/// Credentials of shapes that their issuers document.
fn secrets() -> impl Strategy<Value = String> {
    prop_oneof![
        "ghp_[A-Za-z0-9]{36}",
        "sk-ant-api03-[A-Za-z0-9]{93}AA",
        "sk-proj-[A-Za-z0-9]{48}",
        "xoxb-[0-9]{12}-[0-9]{12}-[A-Za-z0-9]{24}",
        "glpat-[A-Za-z0-9]{20}",
        "npm_[A-Za-z0-9]{36}",
        "AIza[A-Za-z0-9]{35}",
        "hf_[A-Za-z]{34}",
    ]
}

/// Texts of no form, and texts that nearly have one.
fn texts() -> impl Strategy<Value = String> {
    let token = prop_oneof![
        Just("{".to_owned()),
        Just("}".to_owned()),
        Just("[".to_owned()),
        Just("]".to_owned()),
        Just(":".to_owned()),
        Just(",".to_owned()),
        Just("\n".to_owned()),
        Just("  ".to_owned()),
        Just("\"mcpServers\"".to_owned()),
        Just("mcp_servers".to_owned()),
        Just("extensions:\n".to_owned()),
        Just("\"command\"".to_owned()),
        Just("\"args\"".to_owned()),
        Just("\"url\"".to_owned()),
        Just("env".to_owned()),
        Just("- ".to_owned()),
        Just("&a ".to_owned()),
        Just("*a ".to_owned()),
        Just("<<: ".to_owned()),
        Just("? ".to_owned()),
        Just("[[mcp_servers]]\n".to_owned()),
        Just("---\n".to_owned()),
        Just("# ".to_owned()),
        Just("//".to_owned()),
        Just("/*".to_owned()),
        Just("\"".to_owned()),
        Just("'".to_owned()),
        Just("\\".to_owned()),
        Just("= ".to_owned()),
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("1e9".to_owned()),
        Just("é😀".to_owned()),
        Just("\u{FEFF}".to_owned()),
        Just("\r".to_owned()),
        Just("\t".to_owned()),
        Just("|\n".to_owned()),
        "[a-z\"{}\\[\\]:,]{0,6}",
    ];
    let soup = prop::collection::vec(token, 0..60).prop_map(|tokens| tokens.concat());
    let wrapped = soup
        .clone()
        .prop_map(|soup| format!("{{\"mcpServers\": {{\"a\": {{{soup}}}}}}}"));
    prop_oneof![soup, wrapped, any::<String>(), "\\PC{0,200}"]
}

/// Returns whether a credential was found in an entry, wherever it stands.
fn finds(entry: &Entry) -> bool {
    let settings = entry
        .environment
        .iter()
        .chain(&entry.headers)
        .chain(&entry.other_settings);
    let mut natures: Vec<&Nature> = settings.map(|setting| &setting.nature).collect();
    match &entry.start {
        Start::Command(command) => natures.extend(command.tokens().map(|token| token.nature())),
        Start::Remote(address) => natures.push(address.nature()),
        Start::BuiltIn(_) | Start::Missing => {}
    }
    natures
        .iter()
        .any(|nature| matches!(nature, Nature::Credential(_)))
}
