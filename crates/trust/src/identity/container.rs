//! docker run, podman run.

use countersign_model::{Argument, Float, Identity, Image, Launcher, Pin};

use super::{
    Sketch, WHY,
    flags::{Flags, Step, Walk},
};

const REACHES: &str = "the container reaches part of this machine";
const RAISED: &str = "the container has more rights than usual";

/// Flags of `run` that take a value, and those that change what runs.
///
/// Source: `docker run --help` (28) and `podman run --help` (5), checked 2026-11-24.
const FLAGS: Flags<'static> = Flags {
    valued: &[
        "-e",
        "--env",
        "--env-file",
        "-v",
        "--volume",
        "--mount",
        "--name",
        "--network",
        "--net",
        "-p",
        "--publish",
        "-w",
        "--workdir",
        "-u",
        "--user",
        "--entrypoint",
        "--platform",
        "-h",
        "--hostname",
        "-m",
        "--memory",
        "--cpus",
        "--pull",
        "-l",
        "--label",
        "--add-host",
        "--dns",
        "--cap-add",
        "--cap-drop",
        "--security-opt",
        "--device",
        "--gpus",
        "--tmpfs",
        "--ulimit",
        "--shm-size",
        "--pid",
        "--ipc",
        "--uts",
        "--userns",
        "--cgroupns",
        "--restart",
        "--log-driver",
        "--log-opt",
        "--link",
        "--volumes-from",
        "--expose",
        "--cidfile",
        "--runtime",
        "--stop-timeout",
        "--stop-signal",
        "--group-add",
        "--annotation",
        "-a",
        "--attach",
        "--cpuset-cpus",
        "--memory-swap",
        "--pids-limit",
        "--health-cmd",
        "--sysctl",
        "--label-file",
        "--env-host",
        "--secret",
        "--authfile",
        "-c",
        "--context",
        "-H",
        "--host",
        "--config",
    ],
    telling: &[
        ("--entrypoint", "starts another program of the image"),
        ("-v", REACHES),
        ("--volume", REACHES),
        ("--mount", REACHES),
        ("--device", REACHES),
        ("--volumes-from", REACHES),
        ("--network", "the container uses this network"),
        ("--net", "the container uses this network"),
        ("--pid", REACHES),
        ("--ipc", REACHES),
        ("--privileged", RAISED),
        ("--cap-add", RAISED),
        ("--security-opt", RAISED),
        ("--userns", RAISED),
        ("--env-file", "sets variables from a file"),
        ("-H", "runs on another machine"),
        ("--host", "runs on another machine"),
        ("-c", "runs on another machine"),
        ("--context", "runs on another machine"),
        ("--platform", "runs the image of another platform"),
        ("--runtime", "runs through another runtime"),
        ("--pull", "decides when the image is fetched again"),
    ],
};

/// Reads `docker …` or `podman …`.
pub(super) fn run(launcher: Launcher, tokens: &[Argument]) -> Sketch {
    let program = launcher.name().split(' ').next().unwrap_or_default();
    let mut sketch = Sketch::unknown(program, "no image is named");
    sketch.launcher = Some(launcher);
    let mut words = Vec::new();
    let mut walk = Walk::new(tokens, 1, &FLAGS);
    while let Some(step) = walk.next() {
        match step {
            Step::Flag(flag, value) => {
                sketch
                    .modifiers
                    .extend(walk.modifier(&flag, value.as_ref()));
            }
            Step::Positional(index, text) => match (words.as_slice(), text) {
                ([] | ["container"], "run") | ([], "container") => words.push(text),
                ([.., "run"], image) => {
                    let (identity, pin) = parse_image(image);
                    sketch.identity = identity;
                    sketch.pin = pin;
                    sketch.server_arguments = index + 1;
                    return sketch;
                }
                _ => return other(program, tokens, text),
            },
            Step::End => {}
        }
    }
    sketch
}

/// Subcommands that start no image by name.
fn other(program: &str, tokens: &[Argument], subcommand: &str) -> Sketch {
    let rest: Vec<&str> = tokens
        .iter()
        .skip(1)
        .map(|token| token.expose(WHY))
        .collect();
    if rest.starts_with(&["mcp", "gateway", "run"]) {
        let identity = Identity::BuiltIn {
            name: "docker-mcp-gateway".to_owned(),
        };
        return Sketch::of(identity, Pin::Floating(Float::Installed), None);
    }
    let why = match subcommand {
        "exec" => "a program inside a container that is already running",
        "compose" => "a service that a compose file describes",
        "start" | "attach" => "a container that already exists",
        _ => "not a subcommand that starts an image",
    };
    Sketch::unknown(&format!("{program} {subcommand}"), why)
}

/// Reads an image reference: `[registry/]repository[:tag][@sha256:…]`.
pub fn parse_image(text: &str) -> (Identity, Pin) {
    let is_reference = !text.is_empty()
        && text.bytes().all(|byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'/' | b':' | b'@')
        });
    if !is_reference {
        let identity = Identity::Unknown {
            seen: text.to_owned(),
            why: "not an image reference".to_owned(),
        };
        return (identity, Pin::Floating(Float::Unknown));
    }
    let (rest, digest) = match text.split_once('@') {
        Some((rest, digest)) => (rest, Some(digest.to_owned())),
        None => (text, None),
    };
    let last_slash = rest.rfind('/').map_or(0, |at| at + 1);
    let (name, tag) = match rest[last_slash..].find(':') {
        Some(colon) => (
            &rest[..last_slash + colon],
            Some(rest[last_slash + colon + 1..].to_owned()),
        ),
        None => (rest, None),
    };
    let (registry, repository) = match name.split_once('/') {
        Some((first, path)) if first.contains(['.', ':']) || first == "localhost" => {
            (first.to_owned(), path.to_owned())
        }
        Some(_) => ("docker.io".to_owned(), name.to_owned()),
        None => ("docker.io".to_owned(), format!("library/{name}")),
    };
    let pin = match (&digest, &tag) {
        (Some(digest), _) if is_digest(digest) => Pin::Content(digest.clone()),
        (Some(_), _) => Pin::Floating(Float::Unknown),
        (None, Some(tag)) => Pin::Floating(Float::Tag(tag.clone())),
        (None, None) => Pin::Floating(Float::Tag("latest".to_owned())),
    };
    let image = Image {
        registry: registry.to_ascii_lowercase(),
        repository: repository.to_ascii_lowercase(),
        tag,
        digest,
    };
    (Identity::Image(image), pin)
}

fn is_digest(text: &str) -> bool {
    text.strip_prefix("sha256:").is_some_and(|digits| {
        digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}
