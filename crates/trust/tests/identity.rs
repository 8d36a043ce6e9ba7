//! What a command line is named, over every launcher and wrapper.

use countersign_model::{Argument, Command, Os, Server, Setting, Start};
use countersign_secrets::{address, arguments};
use countersign_trust::{
    Subject, Surroundings, complete, identify, parse_image, parse_npm, parse_pypi,
};
use proptest::prelude::*;

fn start(tokens: &[&str]) -> Start {
    let owned: Vec<String> = tokens.iter().map(|token| (*token).to_owned()).collect();
    let mut judged = arguments(&owned).into_iter();
    Start::Command(Command {
        program: judged.next().unwrap_or_else(|| Argument::plain("")),
        arguments: judged.collect(),
        places: Vec::new(),
    })
}

/// Describes a server in one line: name | pin | what was taken off | what changes it.
fn line(server: &Server) -> String {
    let wrappers: Vec<_> = server
        .wrappers
        .iter()
        .map(|wrapper| wrapper.name.as_str())
        .collect();
    let modifiers: Vec<_> = server
        .modifiers
        .iter()
        .map(|modifier| modifier.source.as_str())
        .collect();
    let name = server
        .identity
        .name()
        .unwrap_or_else(|| format!("none: {}", server.identity));
    format!(
        "{name} | {} | {} | {}",
        server.pin,
        wrappers.join(" "),
        modifiers.join(" ")
    )
    .trim_end_matches(['|', ' '])
    .to_owned()
}

fn check(tokens: &[&str], expect: &str) {
    let start = start(tokens);
    let subject = Subject {
        working_folder: Some("/work/app".into()),
        home: "/home/dev".into(),
        ..Subject::new(&start)
    };
    assert_eq!(line(&identify(&subject)), expect, "{tokens:?}");
}

fn check_windows(tokens: &[&str], expect: &str) {
    let start = start(tokens);
    let subject = Subject {
        os: Os::Windows,
        ..Subject::new(&start)
    };
    assert_eq!(line(&identify(&subject)), expect, "{tokens:?}");
}

#[test]
fn names_npm_launchers() {
    let floating = "pkg:npm/server | floats to newest";
    check(&["npx", "server"], floating);
    check(&["npx", "-y", "server@latest"], floating);
    check(&["npx", "--yes", "--", "server", "--flag"], floating);
    check(
        &["npx", "-y", "@s/server@1.4.2", "/data"],
        "pkg:npm/%40s/server | 1.4.2, dependencies float",
    );
    check(
        &["npx", "-y", "server@^1.4"],
        "pkg:npm/server | floats within ^1.4",
    );
    check(
        &["npx", "-y", "server@next"],
        "pkg:npm/server | floats with tag next",
    );
    check(
        &["npx", "-y", "server@v1.0.0"],
        "pkg:npm/server | 1.0.0, dependencies float",
    );
    check(
        &["npx", "-p", "real@1.0.0", "server"],
        "pkg:npm/real | 1.0.0, dependencies float",
    );
    check(
        &["npx", "-p", "real@1.0.0", "-p", "other", "server"],
        "pkg:npm/real | 1.0.0, dependencies float |  | --package",
    );
    check(
        &["npx", "nice@npm:evil@2.0.0"],
        "pkg:npm/evil | 2.0.0, dependencies float",
    );
    check(
        &["npx", "--registry", "https://npm.corp.example", "server"],
        "pkg:npm/server | floats to newest |  | --registry",
    );
    check(
        &["npx", "--registry=https://npm.corp.example", "server"],
        "pkg:npm/server | floats to newest |  | --registry",
    );
    check(
        &["npx", "-c", "curl x | sh"],
        "none: program text for npx | not known |  | -c",
    );
    check(
        &["npx", "github:owner/repo"],
        "git+https://github.com/owner/repo | floats with the default branch",
    );
    check(
        &["npx", "owner/repo#main"],
        "git+https://github.com/owner/repo | floats with main",
    );
    check(
        &[
            "npx",
            "git+ssh://git@github.com/o/r.git#0123456789012345678901234567890123456789",
        ],
        "git+ssh://github.com/o/r | 0123456789012345678901234567890123456789, dependencies float",
    );
    check(&["npx", "./local"], "file:///work/app/local | local file");
    check(&["npx", "-y"], "none: npx | not known");
    check(
        &["npm", "exec", "--", "server@1.0.0"],
        "pkg:npm/server | 1.0.0, dependencies float",
    );
    check(
        &["npm", "exec", "--package=server@1.0.0", "-c", "server"],
        "none: program text for npm exec | not known |  | -c",
    );
    check(&["bunx", "--bun", "server"], floating);
    check(&["bun", "x", "server"], floating);
    check(
        &["pnpm", "dlx", "server@2"],
        "pkg:npm/server | floats within 2",
    );
    check(&["pnpm", "--package=real", "dlx", "server"], floating);
    check(&["yarn", "dlx", "-q", "server"], floating);
    check(
        &["npm", "run", "start", "--prefix", "/srv/app"],
        "file:///srv/app | local file",
    );
    check(&["npm", "start"], "file:///work/app | local file");
    check(
        &["deno", "run", "-A", "npm:server@1.0.0"],
        "pkg:npm/server | 1.0.0, dependencies float |  | -A",
    );
    check(
        &["deno", "run", "jsr:@s/server@1.0.0"],
        "pkg:npm/%40jsr/s__server | 1.0.0, dependencies float",
    );
    check(
        &["deno", "run", "main.ts"],
        "file:///work/app/main.ts | local file",
    );
    check(
        &["deno", "eval", "code"],
        "none: program text for deno | not known",
    );
}

#[test]
fn names_python_launchers() {
    let floating = "pkg:pypi/mcp-server-time | floats to newest";
    check(&["uvx", "mcp_server.time"], floating);
    check(&["uvx", "mcp-server-time@latest"], floating);
    check(
        &["uvx", "mcp-server-time@2026.1.1"],
        "pkg:pypi/mcp-server-time | 2026.1.1, dependencies float",
    );
    check(
        &["uvx", "--from", "mcp-server-time[x]==1.0", "time"],
        "pkg:pypi/mcp-server-time | 1.0, dependencies float |  | --from",
    );
    check(
        &["uvx", "--from", "mcp-server-time>=1,<2", "time"],
        "pkg:pypi/mcp-server-time | floats within >=1,<2 |  | --from",
    );
    check(
        &["uvx", "--from", "git+https://github.com/o/r@main", "time"],
        "git+https://github.com/o/r | floats with main |  | --from",
    );
    check(
        &[
            "uvx",
            "--from",
            "git+https://user:pw@github.com/o/r.git",
            "time",
        ],
        "git+https://github.com/o/r | floats with the default branch |  | --from",
    );
    check(
        &["uvx", "--with", "evil", "mcp-server-time"],
        "pkg:pypi/mcp-server-time | floats to newest |  | --with",
    );
    check(
        &["uv", "tool", "run", "--python", "3.12", "mcp-server-time"],
        floating,
    );
    check(
        &[
            "uvx",
            "--index-url",
            "https://x.example/simple",
            "mcp-server-time",
        ],
        "pkg:pypi/mcp-server-time | floats to newest |  | --index-url",
    );
    check(
        &["uv", "run", "--directory", "/srv/app", "server.py"],
        "file:///srv/app/server.py | local file",
    );
    check(
        &["uv", "--directory", "/srv/app", "run", "server"],
        "file:///srv/app | local file",
    );
    check(
        &["uv", "run", "--with", "mcp[cli]", "mcp", "run", "s.py:app"],
        "file:///work/app/s.py | local file |  | --with",
    );
    check(
        &["uv", "run", "-m", "server"],
        "module:python/server | whatever is installed",
    );
    check(
        &["uv", "run", "python", "-m", "server"],
        "module:python/server | whatever is installed",
    );
    check(
        &["pipx", "run", "mcp-server-time==1.2.3"],
        "pkg:pypi/mcp-server-time | 1.2.3, dependencies float",
    );
    check(
        &["pipx", "run", "--spec", "mcp-server-time", "time"],
        "pkg:pypi/mcp-server-time | floats to newest |  | --spec",
    );
    check(
        &["python", "-m", "mcp_server_time"],
        "module:python/mcp_server_time | whatever is installed",
    );
    check(
        &["python3.12", "-u", "server.py"],
        "file:///work/app/server.py | local file",
    );
    check(
        &["/srv/.venv/bin/python", "/srv/server.py"],
        "file:///srv/server.py | local file |  | program",
    );
    check(
        &["python", "-c", "print()"],
        "none: program text for python | not known",
    );
    check(
        &["python", "-cprint()"],
        "none: program text for python | not known",
    );
    check(
        &["python", "-m", "uv", "tool", "run", "mcp-server-time"],
        floating,
    );
}

#[test]
fn names_images() {
    let digest = format!("sha256:{}", "a".repeat(64));
    check(
        &["docker", "run", "-i", "--rm", "-e", "TOKEN", "mcp/github"],
        "pkg:oci/github?repository_url=docker.io/mcp/github | floats with tag latest",
    );
    check(
        &["docker", "run", "-i", "ghcr.io/Org/Server:1.2", "stdio"],
        "pkg:oci/server?repository_url=ghcr.io/org/server | floats with tag 1.2",
    );
    check(
        &["podman", "run", &format!("mcp/time@{digest}")],
        "pkg:oci/time?repository_url=docker.io/mcp/time | sha256:aaaaaaaaaaaa (content)",
    );
    check(
        &[
            "docker",
            "run",
            "--entrypoint",
            "sh",
            "-v",
            "/:/host",
            "--privileged",
            "alpine",
        ],
        "pkg:oci/alpine?repository_url=docker.io/library/alpine | floats with tag latest |  | --entrypoint -v --privileged",
    );
    check(
        &["docker", "exec", "-i", "box", "server"],
        "none: docker exec | not known",
    );
    check(
        &["docker", "mcp", "gateway", "run"],
        "builtin:docker-mcp-gateway | whatever is installed",
    );
    check(&["docker", "run", "$(evil)"], "none: $(evil) | not known");
}

#[test]
fn names_files_and_runtimes() {
    check(
        &["node", "build/index.js"],
        "file:///work/app/build/index.js | local file",
    );
    check(
        &["node", "../x/./index.js"],
        "file:///work/x/index.js | local file",
    );
    check(
        &["node", "-e", "code"],
        "none: program text for node | not known",
    );
    check(
        &["node", "--eval=code"],
        "none: program text for node | not known",
    );
    check(
        &["node", "--import", "./hook.mjs", "a.js"],
        "file:///work/app/a.js | local file |  | --import",
    );
    check(
        &["tsx", "~/src/a.ts"],
        "file:///home/dev/src/a.ts | local file",
    );
    check(
        &["bun", "run", "src/a.ts"],
        "file:///work/app/src/a.ts | local file",
    );
    check(
        &["bun", "-e", "code"],
        "none: program text for bun | not known",
    );
    check(
        &["java", "-jar", "/opt/a.jar"],
        "file:///opt/a.jar | local file",
    );
    check(
        &["dotnet", "run", "--project", "/p"],
        "none: dotnet | not known",
    );
    check(
        &["go", "run", "example.com/m@v1.2.3"],
        "git+https://example.com/m | v1.2.3, dependencies float",
    );
    check(
        &["go", "run", "example.com/m@latest"],
        "git+https://example.com/m | floats to newest",
    );
    check(
        &["perl", "-e", "code"],
        "none: program text for perl | not known",
    );
    check(
        &["/usr/local/bin/server", "--port", "1"],
        "file:///usr/local/bin/server | local file",
    );
    check(
        &["server-binary"],
        "file:///server-binary | whatever is installed",
    );
    check(&["./npx", "server"], "file:///work/app/npx | local file");
    check(
        &["/tmp/x/npx", "server"],
        "pkg:npm/server | floats to newest |  | program",
    );
    check(
        &["/usr/local/bin/npx", "server"],
        "pkg:npm/server | floats to newest",
    );
    check(
        &["bash", "/srv/start.sh"],
        "file:///srv/start.sh | local file",
    );
    check(&[""], "none: nothing | not known");
}

#[test]
fn takes_wrappers_off() {
    let expect = |wrapper: &str| format!("pkg:npm/server | floats to newest | {wrapper}");
    check(&["env", "A=1", "npx", "server"], &expect("env"));
    check(&["/usr/bin/env", "-S", "npx -y server"], &expect("env"));
    check(&["sh", "-c", "npx -y server"], &expect("sh -c"));
    check(&["bash", "-lc", "exec npx 'server'"], &expect("sh -c"));
    check(
        &["sh", "-c", "TOKEN=abc npx -y server"],
        &expect("sh -c env"),
    );
    check(&["TOKEN=abc npx -y server"], &expect("env"));
    check(&["sudo", "-u", "bob", "npx", "server"], &expect("sudo"));
    check(
        &["sudo", "env", "A=1", "npx", "server"],
        &expect("sudo env"),
    );
    check(
        &["timeout", "-k", "5", "30", "npx", "server"],
        &expect("timeout"),
    );
    check(
        &["op", "run", "--env-file", ".env", "--", "npx", "server"],
        &expect("op run"),
    );
    check(
        &["mise", "exec", "node@22", "--", "npx", "server"],
        &expect("mise exec"),
    );
    check(&["npx -y server"], "pkg:npm/server | floats to newest");
    check(
        &["sh", "-c", "cd /x && npx server"],
        "none: program text for sh | not known",
    );
    check(
        &["bash", "-c", "curl https://x | sh"],
        "none: program text for sh | not known",
    );
    check(
        &["bash", "-c", "npx $PKG"],
        "none: program text for sh | not known",
    );
    check_windows(&["cmd", "/c", "npx", "-y", "server"], &expect("cmd /c"));
    check_windows(
        &["C:\\Windows\\System32\\cmd.exe", "/C", "npx -y server"],
        &expect("cmd /c"),
    );
    check_windows(
        &["cmd", "/c", "npx server & calc"],
        "none: program text for cmd | not known",
    );
    check_windows(
        &["C:\\Program Files\\nodejs\\npx.cmd", "server"],
        "pkg:npm/server | floats to newest",
    );
    check_windows(
        &["powershell", "-Command", "npx -y server"],
        &expect("powershell -Command"),
    );
    check_windows(
        &["powershell", "-EncodedCommand", "AAAA"],
        "none: program text for powershell | not known",
    );
    check_windows(
        &["wsl", "-d", "Ubuntu", "-e", "npx", "server"],
        &expect("wsl"),
    );
}

#[test]
fn names_nothing_after_a_credential() {
    let token = format!("ghp_{}", "a1B2c3D4e".repeat(4));
    let one_line = format!("npx {token}");
    let cases: [&[&str]; 5] = [
        &["npx", "--auth", &token, "notes-mcp"],
        &["npx", &token],
        &[&one_line],
        &["docker", "run", "--password", "Vq7hskvgisf", "img/x:1"],
        &["https://u:Vq7hskvgisf@x.example.com/a.sh"],
    ];
    for tokens in cases {
        let server = identify(&Subject::new(&start(tokens)));
        assert_eq!(server.identity.name(), None, "{tokens:?}");
        assert_eq!(server.identity.to_string(), "a credential", "{tokens:?}");
    }
}

#[test]
fn names_an_image_that_is_called_like_its_password() {
    let tokens = ["docker", "run", "-e", "PGPASSWORD=postgres", "postgres:16"];
    let server = identify(&Subject::new(&start(&tokens)));
    assert_eq!(server.identity.to_string(), "image postgres");
}

#[test]
fn looks_through_bridges() {
    let start = start(&[
        "npx",
        "-y",
        "mcp-remote@0.1.2",
        "https://MCP.Example.com/sse?key=1",
        "--header",
        "A: b",
    ]);
    let server = identify(&Subject::new(&start));
    assert_eq!(line(&server), "https://mcp.example.com/sse | remote");
    let bridge = server.bridge.expect("there is one");
    assert_eq!(
        bridge.identity.name().as_deref(),
        Some("pkg:npm/mcp-remote")
    );
    assert_eq!(bridge.pin.to_string(), "0.1.2, dependencies float");
    check(
        &["npx", "supergateway", "--sse", "https://h.example/sse"],
        "https://h.example/sse | remote",
    );
    check(
        &["uvx", "mcp-proxy", "http://127.0.0.1:8080/sse"],
        "http://127.0.0.1:8080/sse | remote",
    );
    check(
        &["uvx", "mcp-proxy", "--port", "80", "server"],
        "pkg:pypi/mcp-proxy | floats to newest",
    );
    check(
        &[
            "npx",
            "-y",
            "@smithery/cli@latest",
            "run",
            "@owner/name",
            "--key",
            "k",
        ],
        "https://server.smithery.ai/@owner/name | remote",
    );
}

#[test]
fn names_addresses_without_their_secrets() {
    let check = |text: &str, expect: &str| {
        let start = Start::Remote(address(text));
        assert_eq!(line(&identify(&Subject::new(&start))), expect);
    };
    check(
        "https://mcp.example.com/",
        "https://mcp.example.com | remote",
    );
    check(
        "https://u:p@H.example:443/mcp?k=v#f",
        "https://h.example/mcp | remote",
    );
    check(
        "http://127.0.0.1:3000/mcp",
        "http://127.0.0.1:3000/mcp | remote",
    );
    check(
        "https://h.example/Xq7Zp2Lk9Vb4Nm6Tr8Ws1Yd3aB5cD7eF/mcp",
        "https://h.example/<hidden:32>/mcp | remote",
    );
    check(
        "https://${HOST}/mcp",
        "none: https://${HOST}/mcp | not known",
    );
    check("not an address", "none: not an address | not known");
}

#[test]
fn environment_that_changes_what_runs_is_told() {
    let start = start(&["npx", "server"]);
    let setting = |name: &str, value: &str| Setting {
        name: name.into(),
        value: countersign_model::SecretText::new(value.into()),
        nature: countersign_model::Nature::Plain,
        pointer: Default::default(),
        position: countersign_model::Position::START,
    };
    let environment = [
        setting("npm_config_registry", "https://u:p@npm.example/"),
        setting("NODE_OPTIONS", "--require /tmp/x.js"),
        setting("GITHUB_TOKEN", "x"),
    ];
    let server = identify(&Subject {
        environment: &environment,
        ..Subject::new(&start)
    });
    assert_eq!(
        server.registry.as_deref(),
        Some("https://<hidden:3>@npm.example/")
    );
    let sources: Vec<_> = server.modifiers.iter().map(|m| m.source.as_str()).collect();
    assert_eq!(sources, ["npm_config_registry", "NODE_OPTIONS"]);
}

#[test]
fn a_bare_name_is_what_the_search_path_leads_to() {
    let start = start(&["server-binary"]);
    let named = identify(&Subject::new(&start));
    let found = complete(
        named.clone(),
        Surroundings {
            program_path: Some("/usr/bin/server-binary".into()),
            was_searched: true,
            ..Surroundings::default()
        },
    );
    assert_eq!(
        found.identity.name().as_deref(),
        Some("file:///usr/bin/server-binary")
    );
    let lost = complete(
        named,
        Surroundings {
            was_searched: true,
            ..Surroundings::default()
        },
    );
    assert_eq!(lost.identity.name(), None);
}

proptest! {
    #[test]
    fn any_command_line_is_named_or_not(
        tokens in proptest::collection::vec(
            prop_oneof![
                Just("npx".to_owned()), Just("uv".to_owned()), Just("run".to_owned()), Just("docker".to_owned()),
                Just("sh".to_owned()), Just("-c".to_owned()), Just("env".to_owned()), Just("cmd".to_owned()),
                Just("/c".to_owned()), Just("python".to_owned()), Just("-m".to_owned()), Just("--".to_owned()),
                Just("--from".to_owned()), Just("npm:@".to_owned()), Just("@".to_owned()), Just("sudo".to_owned()),
                "\\PC{0,20}", "[@a-z0-9/:=.#\"' -]{0,16}",
            ],
            0..8,
        ),
        windows in any::<bool>(),
    ) {
        let borrowed: Vec<&str> = tokens.iter().map(String::as_str).collect();
        let start = start(&borrowed);
        let server = identify(&Subject {
            os: if windows { Os::Windows } else { Os::Linux },
            working_folder: Some("/w".into()),
            ..Subject::new(&start)
        });
        let _ = line(&server);
        let _ = complete(server, Surroundings::default());
    }

    #[test]
    fn any_specifier_is_named_or_not(text in "\\PC{0,40}") {
        let _ = (parse_npm(&text), parse_pypi(&text), parse_image(&text));
        let start = Start::Remote(address(&text));
        let _ = identify(&Subject::new(&start));
    }
}
