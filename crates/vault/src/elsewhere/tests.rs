//! Each manager against a stand-in for its program.
//!
//! A stand-in writes down its arguments, then prints and ends as the real program is documented or
//! programmed to; where that is from stands beside each.

use std::{
    ffi::OsString,
    fs,
    io::ErrorKind,
    os::unix::fs::PermissionsExt,
    path::Path,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use super::{ANSWER_TIME, Elsewhere, ElsewhereError, resolve};

/// A folder with one program in it.
struct StandIn(TempDir);

impl StandIn {
    fn new(program: &str, script: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join(program);
        let text =
            format!("#!/bin/sh\nprintf '%s\\n' \"$@\" > \"$STAND_IN/arguments\"\n{script}\n");
        fs::write(&path, text).expect("is written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("is ours");
        Self(folder)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn environment(&self) -> Vec<(OsString, OsString)> {
        [
            ("PATH", self.path()),
            ("STAND_IN", self.path()),
            ("HOME", self.path()),
        ]
        .map(|(name, value)| (name.into(), value.as_os_str().to_owned()))
        .into()
    }

    fn ask(&self, reference: &str) -> Result<String, ElsewhereError> {
        self.ask_for(reference, ANSWER_TIME)
    }

    fn ask_for(&self, reference: &str, time: Duration) -> Result<String, ElsewhereError> {
        let elsewhere = Elsewhere::parse(reference).expect("is a reference");
        loop {
            match resolve(&elsewhere, &self.environment(), time) {
                // A process that another test starts at this moment still holds the file that it was
                // written by.
                Err(ElsewhereError::Start { source, .. })
                    if source.kind() == ErrorKind::ExecutableFileBusy => {}
                asked => return asked.map(|text| text.expose("a test compares it").to_owned()),
            }
        }
    }

    fn arguments(&self) -> Vec<String> {
        let text = fs::read_to_string(self.path().join("arguments")).expect("it was started");
        text.lines().map(str::to_owned).collect()
    }
}

/// One manager, as far as all have something in common.
struct Manager {
    reference: &'static str,
    program: &'static str,
    arguments: &'static [&'static str],
    /// What the program prints for the value `one\ntwo`.
    prints: &'static str,
    /// How it says that nobody is signed in: what it says, and its exit code.
    not_signed_in: (&'static str, i32),
    /// How it says that there is no such secret.
    not_found: (&'static str, i32),
}

const MANAGERS: [Manager; 7] = [
    // Arguments: https://developer.1password.com/docs/cli/reference/commands/read/. Messages and exit
    // codes are documented nowhere: the first is quoted in github.com/basecamp/kamal/pull/930 (and in
    // other words in github.com/cachix/devenv/issues/2149), the second is what `op read` says to users
    // of `onepasswordRead` (https://chezmoi.io/reference/templates/1password-functions/onepasswordRead).
    Manager {
        reference: "op://dev/github/token",
        program: "op",
        arguments: &["read", "op://dev/github/token"],
        prints: "one\ntwo\n",
        not_signed_in: (
            "[ERROR] 2026/11/24 12:00:00 You are not currently signed in. Please run `op signin --help` for instructions",
            1,
        ),
        not_found: (
            "[ERROR] 2026/11/24 12:00:00 could not read secret 'op://dev/github/token': \"github\" isn't an item in the \"dev\" vault. Specify the item with its UUID, name, or domain.",
            1,
        ),
    },
    // Arguments: https://bitwarden.com/help/cli/. Messages and exit code: github.com/bitwarden/clients
    // apps/cli/src/base-program.ts (`processResponse`, `handleLockedUser`), models/response.ts.
    Manager {
        reference: "bw://github/api key",
        program: "bw",
        arguments: &["get", "item", "github", "--nointeraction"],
        prints: r#"{"object":"item","id":"99ee88d2-6046-4ea7-92c2-acac464b1412","name":"GitHub","type":1,"notes":null,"fields":[{"name":"api key","value":"one\ntwo","type":1}],"login":{"username":"u","password":"p","totp":null}}"#,
        not_signed_in: ("Vault is locked.", 1),
        not_found: ("Not found.", 1),
    },
    // Arguments: https://developer.hashicorp.com/vault/docs/commands/kv/get. Messages and exit codes:
    // github.com/hashicorp/vault command/kv_get.go, command/util.go (a field that is not there: 1), and
    // https://developer.hashicorp.com/vault/docs/commands#exit-codes. Piped, a field is printed with no
    // line end (`PrintRaw`).
    Manager {
        reference: "vault://secret/github#token",
        program: "vault",
        arguments: &["kv", "get", "-field=token", "secret/github"],
        prints: "one\ntwo",
        not_signed_in: (
            "Error making API request.\n\nURL: GET http://127.0.0.1:8200/v1/sys/internal/ui/mounts/secret/github\nCode: 403. Errors:\n\n* permission denied",
            2,
        ),
        not_found: ("No value found at secret/data/github", 2),
    },
    // Arguments: https://docs.aws.amazon.com/cli/latest/reference/secretsmanager/get-secret-value.html.
    // Exit codes: https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-returncodes.html (253: the
    // configuration or credentials are missing; 254: the service returned an error). Message of the
    // service: ResourceNotFoundException in
    // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html.
    Manager {
        reference: "aws-sm://prod/github",
        program: "aws",
        arguments: &[
            "secretsmanager",
            "get-secret-value",
            "--secret-id",
            "prod/github",
            "--query",
            "SecretString",
            "--output",
            "json",
        ],
        prints: "\"one\\\\ntwo\"\n",
        not_signed_in: (
            "Unable to locate credentials. You can configure credentials by running \"aws configure\".",
            253,
        ),
        not_found: (
            "An error occurred (ResourceNotFoundException) when calling the GetSecretValue operation: Secrets Manager can't find the specified secret.",
            254,
        ),
    },
    // Arguments: https://cloud.google.com/sdk/gcloud/reference/secrets/versions/access. Messages: as
    // gcloud prints them for every command without an account; NOT_FOUND is the service's own, after
    // https://cloud.google.com/apis/design/errors#handling_errors. Exit code 1.
    Manager {
        reference: "gcp-sm://project-1/github/3",
        program: "gcloud",
        arguments: &[
            "secrets",
            "versions",
            "access",
            "3",
            "--secret=github",
            "--project=project-1",
            "--quiet",
        ],
        prints: "one\ntwo",
        not_signed_in: (
            "ERROR: (gcloud.secrets.versions.access) You do not currently have an active account selected.\nPlease run:\n\n  $ gcloud auth login\n\nto obtain new credentials.",
            1,
        ),
        not_found: (
            "ERROR: (gcloud.secrets.versions.access) NOT_FOUND: Secret [projects/1/secrets/github] not found or has no versions.",
            1,
        ),
    },
    // Arguments: https://learn.microsoft.com/cli/azure/keyvault/secret#az-keyvault-secret-show. Messages:
    // github.com/Azure/azure-cli azure-cli-core _profile.py (`_AZ_LOGIN_MESSAGE`) and the service's
    // SecretNotFound; exit codes 1, and 3 for what is not found (`show_exception_handler` in
    // azure-cli-core commands/arm.py).
    Manager {
        reference: "azure-kv://team-vault/github-token",
        program: "az",
        arguments: &[
            "keyvault",
            "secret",
            "show",
            "--vault-name",
            "team-vault",
            "--name",
            "github-token",
            "--query",
            "value",
            "--output",
            "json",
            "--only-show-errors",
        ],
        prints: "\"one\\\\ntwo\"\n",
        not_signed_in: ("ERROR: Please run 'az login' to setup account.", 1),
        not_found: (
            "ERROR: (SecretNotFound) A secret with (name/id) github-token was not found in this key vault.",
            3,
        ),
    },
    // Arguments, message and exit code: `cmd_show` and `die` in
    // https://git.zx2c4.com/password-store/tree/src/password-store.sh; gpg's own message and exit code 2
    // where the key is locked and nobody can be asked.
    Manager {
        reference: "pass://work/github",
        program: "pass",
        arguments: &["show", "work/github"],
        prints: "one\ntwo\n",
        not_signed_in: (
            "gpg: public key decryption failed: No pinentry\ngpg: decryption failed: No pinentry",
            2,
        ),
        not_found: ("Error: work/github is not in the password store.", 1),
    },
];

fn print(text: &str) -> String {
    format!(
        "printf '%b' '{}'",
        text.replace('\\', r"\\").replace('\n', r"\n")
    )
}

fn fail((said, code): (&str, i32)) -> String {
    let quoted = said.replace('\'', r"'\''");
    format!("printf '%s\\n' '{quoted}' >&2\nexit {code}")
}

#[test]
fn each_manager_is_asked_as_it_documents_and_gives_every_line() {
    for manager in MANAGERS {
        let prints = manager.prints.replace("\\\\n", "\\n");
        let stand_in = StandIn::new(manager.program, &print(&prints));
        let value = stand_in.ask(manager.reference);
        assert_eq!(
            value.expect(manager.program),
            "one\ntwo",
            "{}",
            manager.program
        );
        assert_eq!(stand_in.arguments(), manager.arguments);
    }
}

#[test]
fn each_manager_says_when_nobody_is_signed_in() {
    for manager in MANAGERS {
        let stand_in = StandIn::new(manager.program, &fail(manager.not_signed_in));
        match stand_in.ask(manager.reference) {
            Err(ElsewhereError::NotSignedIn { said, .. }) => {
                assert_eq!(said, manager.not_signed_in.0, "{}", manager.program);
            }
            other => panic!("{}: {other:?}", manager.program),
        }
    }
}

#[test]
fn each_manager_says_when_there_is_no_such_secret() {
    for manager in MANAGERS {
        let stand_in = StandIn::new(manager.program, &fail(manager.not_found));
        match stand_in.ask(manager.reference) {
            Err(ElsewhereError::NotFound { said, .. }) => {
                assert_eq!(said, manager.not_found.0, "{}", manager.program);
            }
            other => panic!("{}: {other:?}", manager.program),
        }
    }
}

#[test]
fn each_manager_is_ended_when_it_takes_too_long() {
    for manager in MANAGERS {
        let stand_in = StandIn::new(manager.program, "/bin/sleep 600");
        let begun = Instant::now();
        let asked = stand_in.ask_for(manager.reference, Duration::from_millis(50));
        assert!(
            matches!(asked, Err(ElsewhereError::TimedOut { .. })),
            "{}: {asked:?}",
            manager.program
        );
        assert!(begun.elapsed() < Duration::from_secs(60));
    }
}

#[test]
fn each_manager_says_when_its_program_is_not_there() {
    for manager in MANAGERS {
        let stand_in = StandIn::new("other", "");
        match stand_in.ask(manager.reference) {
            Err(ElsewhereError::NotInstalled { program, .. }) => {
                assert_eq!(program, manager.program);
            }
            other => panic!("{}: {other:?}", manager.program),
        }
    }
}

#[test]
fn each_manager_that_fails_otherwise_gives_its_exit_code() {
    for manager in MANAGERS {
        let stand_in = StandIn::new(manager.program, &fail(("something else", 77)));
        let asked = stand_in.ask(manager.reference);
        assert!(
            matches!(asked, Err(ElsewhereError::Failed { code: Some(77), .. })),
            "{}: {asked:?}",
            manager.program
        );
    }
}

#[test]
fn no_manager_gives_an_empty_value() {
    for manager in MANAGERS {
        let empty = manager
            .prints
            .replace("one\\\\ntwo", "")
            .replace("one\\ntwo", "");
        let empty = empty.replace("one\ntwo", "");
        let stand_in = StandIn::new(manager.program, &print(&empty));
        let asked = stand_in.ask(manager.reference);
        assert!(
            matches!(asked, Err(ElsewhereError::Empty { .. })),
            "{}: {asked:?}",
            manager.program
        );
    }
}

#[test]
fn a_time_out_ends_what_the_program_started() {
    let script = "/bin/sleep 600 &\nprintf '%s' $! > \"$STAND_IN/child\"\nwait";
    let stand_in = StandIn::new("op", script);
    let asked = stand_in.ask_for("op://dev/github/token", Duration::from_secs(2));
    assert!(matches!(asked, Err(ElsewhereError::TimedOut { .. })));
    let child = fs::read_to_string(stand_in.path().join("child")).expect("it was started");
    let begun = Instant::now();
    while is_running(&child) {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "{child} still runs"
        );
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// A process that ended and was not waited for is no longer running.
fn is_running(id: &str) -> bool {
    let stat = fs::read_to_string(format!("/proc/{id}/stat"));
    stat.is_ok_and(|stat| {
        let state = stat.rsplit(')').next().unwrap_or_default().trim_start();
        !state.starts_with('Z')
    })
}

#[test]
fn a_program_in_the_background_is_not_waited_for() {
    // As `op` and `gpg` start agents of their own.
    let script = "/bin/sleep 30 &\nprintf 'value\\n'";
    let stand_in = StandIn::new("op", script);
    let begun = Instant::now();
    let value = stand_in.ask_for("op://dev/github/token", Duration::from_secs(25));
    assert_eq!(value.expect("is given"), "value");
    assert!(begun.elapsed() < Duration::from_secs(20));
}

#[test]
fn exactly_one_line_end_is_taken_off() {
    for (prints, value) in [
        ("a\n", "a"),
        ("a", "a"),
        ("a\n\n", "a\n"),
        (" a \n", " a "),
        ("a\r\n", "a\r"),
        ("\n\n", "\n"),
    ] {
        let stand_in = StandIn::new("op", &print(prints));
        assert_eq!(stand_in.ask("op://a/b/c").expect("is given"), value);
    }
}

#[test]
fn what_cannot_be_a_value_is_refused() {
    for script in [
        // A byte more than 64 KiB, and what never ends.
        "/usr/bin/head -c 65537 /dev/zero | /usr/bin/tr '\\0' x",
        "while :; do printf xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done",
        r"printf 'a\377'",
        r"printf 'a\0b'",
    ] {
        let stand_in = StandIn::new("op", script);
        let asked = stand_in.ask("op://a/b/c");
        let is_refused = matches!(
            asked,
            Err(ElsewhereError::Unusable { .. } | ElsewhereError::Failed { .. })
        );
        assert!(is_refused, "{script}: {asked:?}");
    }
}

#[test]
fn what_a_failing_program_says_is_bounded_and_shows_no_value() {
    let stand_in = StandIn::new(
        "op",
        "while :; do printf 'much to say ' >&2 || exit 9; i=$((i+1)); [ $i -gt 500 ] && exit 9; done",
    );
    match stand_in.ask("op://a/b/c") {
        Err(ElsewhereError::Failed { said, .. }) => {
            assert!(
                !said.is_empty() && said.len() <= 1024,
                "{} bytes",
                said.len()
            );
        }
        other => panic!("{other:?}"),
    }
    let stand_in = StandIn::new("op", "printf secret; printf 'secret' >&2; exit 1");
    match stand_in.ask("op://a/b/c") {
        Err(ElsewhereError::Failed { said, .. }) => assert_eq!(said, ""),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_program_gets_no_input_and_stands_in_the_home() {
    let stand_in = StandIn::new("op", "read line && exit 3; pwd");
    let home = stand_in.path().canonicalize().expect("is there");
    let value = stand_in.ask("op://a/b/c").expect("is given");
    assert_eq!(Path::new(&value).canonicalize().expect("is there"), home);
}

#[test]
fn a_program_is_never_taken_from_a_folder_that_is_not_named_in_full() {
    let stand_in = StandIn::new("op", "printf value");
    let elsewhere = Elsewhere::parse("op://a/b/c").expect("is a reference");
    for path in ["", ".", "relative/bin", ":"] {
        let environment = [("PATH".into(), OsString::from(path))];
        assert!(matches!(
            resolve(&elsewhere, &environment, ANSWER_TIME),
            Err(ElsewhereError::NotInstalled { .. })
        ));
    }
    drop(stand_in);
}

#[test]
fn a_key_of_a_json_secret_is_found() {
    let prints = r#""{\"token\":\"t-1\",\"port\":5432,\"nested\":{\"a\":[1]},\"none\":null}""#;
    let stand_in = StandIn::new("aws", &format!("printf '%s' '{prints}'"));
    let ask = |key: &str| stand_in.ask(&format!("aws-sm://db#{key}"));
    assert_eq!(ask("token").expect("is given"), "t-1");
    assert_eq!(ask("port").expect("is given"), "5432");
    assert!(matches!(ask("other"), Err(ElsewhereError::NotFound { .. })));
    assert!(matches!(
        ask("nested"),
        Err(ElsewhereError::Unusable { .. })
    ));
    assert!(matches!(ask("none"), Err(ElsewhereError::Unusable { .. })));
    // A secret of bytes has no string.
    let stand_in = StandIn::new("aws", "printf null");
    assert!(matches!(
        stand_in.ask("aws-sm://db"),
        Err(ElsewhereError::NotFound { .. })
    ));
}

#[test]
fn a_bitwarden_item_is_the_one_that_was_named() {
    let prints = MANAGERS[1].prints;
    let stand_in = StandIn::new("bw", &format!("printf '%s' '{prints}'"));
    for (reference, value) in [
        ("bw://github/password", "p"),
        ("bw://GitHub/username", "u"),
        ("bw://99ee88d2-6046-4ea7-92c2-acac464b1412/password", "p"),
    ] {
        assert_eq!(stand_in.ask(reference).expect("is given"), value);
    }
    // `bw get item git` finds it too, by a part of its name.
    for reference in ["bw://git/password", "bw://github/notes", "bw://github/x"] {
        assert!(matches!(
            stand_in.ask(reference),
            Err(ElsewhereError::NotFound { .. })
        ));
    }
}

#[test]
fn a_line_of_a_pass_entry_is_found() {
    let stand_in = StandIn::new("pass", "printf 'token\\nuser: u\\n'");
    assert_eq!(stand_in.ask("pass://a#1").expect("is given"), "token");
    assert_eq!(stand_in.ask("pass://a#2").expect("is given"), "user: u");
    assert!(matches!(
        stand_in.ask("pass://a#3"),
        Err(ElsewhereError::NotFound { .. })
    ));
}

#[test]
fn a_command_is_started_with_no_shell() {
    let stand_in = StandIn::new("mine", "printf '%s' \"$2\"");
    let value = stand_in.ask(r#"command:["mine","--flag","$HOME; `id`"]"#);
    assert_eq!(value.expect("is given"), "$HOME; `id`");
    let whole = stand_in.path().join("mine");
    let reference = format!("command:[\"{}\",\"a\",\"b\"]", whole.display());
    assert_eq!(stand_in.ask(&reference).expect("is given"), "b");
    let failing = StandIn::new("mine", "printf 'the value' >&2; exit 4");
    match failing.ask(r#"command:["mine"]"#) {
        Err(ElsewhereError::Failed { code, said, .. }) => {
            assert_eq!((code, said.as_str()), (Some(4), ""));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_variable_is_taken_from_the_environment_given() {
    let ask = |value: &str| {
        let environment = [("TOKEN".into(), value.into())];
        let elsewhere = Elsewhere::parse("env:TOKEN").expect("is a reference");
        resolve(&elsewhere, &environment, ANSWER_TIME)
    };
    let value = ask("a\nb\n").expect("is given");
    assert_eq!(value.expose("a test compares it"), "a\nb\n");
    assert!(matches!(ask(""), Err(ElsewhereError::Empty { .. })));
    let elsewhere = Elsewhere::parse("env:OTHER").expect("is a reference");
    assert!(matches!(
        resolve(&elsewhere, &[], ANSWER_TIME),
        Err(ElsewhereError::NotFound { .. })
    ));
}
