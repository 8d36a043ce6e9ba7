//! Moves of YAML files, there and back.

use countersign_core::{
    install,
    moves::{self, Outcome, Undone},
};

use crate::scene::{GITHUB, OTHER, Scene, undo, values};

const GOOSE: &str = ".config/goose/config.yaml";
const CONTINUE: &str = ".continue/config.yaml";

fn goose() -> String {
    format!(
        "# mine\nGOOSE_PROVIDER: openai\nextensions:\n  github:\n    enabled: true # on\n    type: stdio\n    cmd: npx\n    args:\n    - -y\n    - '@modelcontextprotocol/server-github'\n    envs:\n      GITHUB_TOKEN: {GITHUB} # key\n      LOG: debug\n    timeout: 300\n\n  developer:\n    type: builtin\n"
    )
}

fn continue_dev() -> String {
    format!(
        "name: mine\r\nmcpServers:\r\n  - name: github\r\n    command: \"npx\"\r\n    args: [\"-y\", \"srv\", \"--token\", \"{GITHUB}\"]\r\n    env: {{ GITHUB_TOKEN: '{OTHER}' }}\r\n  # second\r\n  - name: remote\r\n    type: streamable-http\r\n    url: https://mcp.example.com/mcp\r\n    requestOptions:\r\n      headers:\r\n        Authorization: Bearer {GITHUB}"
    )
}

fn scene() -> Scene {
    Scene::new(&[(GOOSE, &goose()), (CONTINUE, &continue_dev())])
}

#[test]
fn undoing_gives_back_every_byte() {
    let scene = scene();
    let before = scene.files();
    let means = scene.means();
    let moved = scene.carry_out(&means);
    assert_eq!((moved.files, moved.credentials), (2, 4));
    for (path, bytes) in scene.files() {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("ghp_"), "{}: {text}", path.display());
    }
    let text = scene.read(GOOSE);
    assert!(
        text.contains("countersign-guard\n    args:\n    - --entry\n"),
        "{text}"
    );
    assert!(
        text.contains("    - npx\n    - -y\n    - '@model"),
        "{text}"
    );
    assert_eq!(values(&means, &text), [GITHUB]);
    let Undone::Files(files) = undo(&means, moved.id).expect("is undone") else {
        panic!("no value was changed");
    };
    assert!(files.iter().all(|file| file.outcome == Outcome::Exact));
    assert_eq!(scene.files(), before);
}

#[test]
fn a_file_that_its_client_wrote_anew_gets_its_values_back() {
    let scene = scene();
    let means = scene.means();
    let moved = scene.carry_out(&means);
    let text = scene.read(GOOSE);
    let anew: String = text
        .lines()
        .filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
        .map(|line| line.split(" #").next().unwrap_or_default().to_owned() + "\n")
        .collect();
    scene.write(GOOSE, &(anew.replace("300", "600") + "GOOSE_MODE: auto\n"));
    undo(&means, moved.id).expect("is undone");
    let expect = goose()
        .replace("# mine\n", "")
        .replace(" # on", "")
        .replace(" # key", "")
        .replace("\n\n", "\n")
        .replace("300", "600");
    assert_eq!(scene.read(GOOSE), expect + "GOOSE_MODE: auto\n");
    assert_eq!(scene.read(CONTINUE), continue_dev());
}

#[test]
fn entries_are_taken_back_without_the_journal() {
    let scene = scene();
    let means = scene.means();
    scene.carry_out(&means);
    let installed = install::place(&scene.setup);
    let taken = moves::take_back(&means, &scene.scan(), &installed, None, &mut |_| {});
    let taken = taken.expect("is tried");
    assert_eq!(taken.len(), 3);
    assert!(
        taken.iter().all(|taken| taken.outcome == Outcome::OwnEdit),
        "{taken:?}"
    );
    assert_eq!(scene.read(GOOSE), goose());
    let text = scene.read(CONTINUE);
    for value in [GITHUB, OTHER] {
        assert!(text.contains(value), "{text}");
    }
    assert!(!text.contains("countersign"), "{text}");
    let headers = format!("requestOptions: {{headers: {{Authorization: Bearer {GITHUB}}}}}");
    assert!(text.contains(&headers), "{text}");
}
