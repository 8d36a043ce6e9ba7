//! Programs that stand in for a remote server.

use countersign_model::{Argument, Bridge, Float, Identity, Pin};
use countersign_secrets::shown_text;

use super::{Sketch, WHY};

/// How a bridge says where it leads.
enum Leads {
    /// The first argument that is an address.
    FirstAddress,
    /// The value of one of these flags.
    Flag(&'static [&'static str]),
    /// `run NAME` of a hosted registry, at this origin.
    Hosted(&'static str),
}

/// Bridges by package name. Source: their own READMEs, checked 2026-11-24.
const BRIDGES: [(&str, Leads); 9] = [
    ("pkg:npm/mcp-remote", Leads::FirstAddress),
    (
        "pkg:npm/supergateway",
        Leads::Flag(&["--sse", "--streamableHttp", "--streamable-http"]),
    ),
    (
        "pkg:npm/%40smithery/cli",
        Leads::Hosted("https://server.smithery.ai"),
    ),
    ("pkg:npm/mcp-proxy", Leads::FirstAddress),
    ("pkg:pypi/mcp-proxy", Leads::FirstAddress),
    (
        "pkg:npm/%40pyroprompts/mcp-stdio-to-streamable-http-adapter",
        Leads::FirstAddress,
    ),
    ("pkg:npm/mcp-remote-client", Leads::FirstAddress),
    (
        "pkg:npm/%40modelcontextprotocol/inspector",
        Leads::Flag(&["--server-url"]),
    ),
    ("pkg:pypi/mcp-remote", Leads::FirstAddress),
];

/// Names a remote server by its origin and path.
pub(super) fn remote(address: &str) -> Sketch {
    let address = address.trim();
    match url::Url::parse(address) {
        Ok(url) if url.host_str().is_some() && !address.contains("${") => {
            let port = url
                .port()
                .map_or_else(String::new, |port| format!(":{port}"));
            let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
            let identity = Identity::Remote {
                origin: format!("{}://{}{port}", url.scheme(), shown_text(&host)),
                path: shown_path(url.path()),
            };
            Sketch::of(identity, Pin::Remote, None)
        }
        Ok(url) if matches!(url.scheme(), "unix" | "pipe") => {
            let identity = Identity::Remote {
                origin: format!("{}://", url.scheme()),
                path: url.path().to_owned(),
            };
            Sketch::of(identity, Pin::Remote, None)
        }
        _ => {
            let shown = countersign_secrets::address(address).shown().to_owned();
            let why = if address.contains("${") || address.contains("{env:") {
                "the address comes from a variable"
            } else {
                "not an address"
            };
            Sketch {
                pin: Pin::Floating(Float::Unknown),
                ..Sketch::unknown(&shown, why)
            }
        }
    }
}

/// A path that carries a token is named without it.
fn shown_path(path: &str) -> String {
    let whole = format!("https://host{path}");
    let shown = countersign_secrets::address(&whole).shown().to_owned();
    let path = shown.strip_prefix("https://host").unwrap_or(path);
    if path == "/" {
        String::new()
    } else {
        path.to_owned()
    }
}

/// Looks through a bridge to what it leads to; everything else stays as it is.
pub(super) fn through(sketch: Sketch, tokens: &[Argument]) -> Sketch {
    let Some(name) = sketch.identity.name() else {
        return sketch;
    };
    let Some((_, leads)) = BRIDGES.iter().find(|(bridge, _)| *bridge == name) else {
        return sketch;
    };
    let rest = &tokens[sketch.server_arguments.min(tokens.len())..];
    let words: Vec<&str> = rest.iter().map(|token| token.expose(WHY)).collect();
    let Some(address) = target(leads, &words) else {
        return sketch;
    };
    let far = remote(&address);
    Sketch {
        identity: far.identity,
        pin: far.pin,
        bridge: Some(Bridge {
            identity: Box::new(sketch.identity),
            pin: sketch.pin,
        }),
        ..sketch
    }
}

fn target(leads: &Leads, words: &[&str]) -> Option<String> {
    match leads {
        Leads::FirstAddress => words
            .iter()
            .find(|word| word.starts_with("http://") || word.starts_with("https://"))
            .map(|word| (*word).to_owned()),
        Leads::Flag(flags) => words.iter().enumerate().find_map(|(at, word)| {
            let (name, attached) = word
                .split_once('=')
                .map_or((*word, None), |(n, v)| (n, Some(v)));
            flags
                .contains(&name)
                .then(|| attached.or_else(|| words.get(at + 1).copied()))
                .flatten()
                .map(str::to_owned)
        }),
        Leads::Hosted(origin) => {
            let at = words.iter().position(|word| *word == "run")?;
            let name = words[at + 1..].iter().find(|word| !word.starts_with('-'))?;
            Some(format!("{origin}/{name}"))
        }
    }
}
