//! What is shown.

use std::{
    env,
    panic::catch_unwind,
    path::Path,
    process::ExitCode,
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use countersign_launch::sandbox::{Cause, Confinement, SandboxError};
use countersign_probe::{Era, Note, Patience, ProbeError, Probed, Transport};
use countersign_surface::{Fault, ITEMS_MAX, ItemKind};

use crate::{
    program::{ask, ask_with, patience},
    registry, remote,
};

const ALL: &[(&str, fn())] = &[
    ("one_digest_through_every_way", one_digest_through_every_way),
    ("lists_come_page_by_page", lists_come_page_by_page),
    ("a_list_without_an_end_ends", a_list_without_an_end_ends),
    (
        "ten_thousand_tools_are_a_fault",
        ten_thousand_tools_are_a_fault,
    ),
    ("a_giant_line_is_a_fault", a_giant_line_is_a_fault),
    ("stray_lines_are_noted", stray_lines_are_noted),
    (
        "a_flood_of_stray_lines_is_no_server",
        a_flood_of_stray_lines_is_no_server,
    ),
    (
        "who_never_answers_is_not_checked",
        who_never_answers_is_not_checked,
    ),
    (
        "who_does_not_know_the_question_is_asked_again",
        who_does_not_know_the_question_is_asked_again,
    ),
    ("who_dies_at_once_is_quoted", who_dies_at_once_is_quoted),
    ("who_dies_later_is_incomplete", who_dies_later_is_incomplete),
    ("who_asks_gets_nothing", who_asks_gets_nothing),
    ("a_change_meanwhile_is_noted", a_change_meanwhile_is_noted),
    ("who_takes_memory_is_ended", who_takes_memory_is_ended),
    (
        "a_program_that_is_not_there_says_so",
        a_program_that_is_not_there_says_so,
    ),
    (
        "an_address_without_a_server_says_so",
        an_address_without_a_server_says_so,
    ),
    (
        "a_real_server_gives_one_digest_twice",
        a_real_server_gives_one_digest_twice,
    ),
    (
        "npm_fetches_without_running_and_the_server_runs_without_network",
        registry::npm_fetches_without_running_and_the_server_runs_without_network,
    ),
    (
        "a_package_without_a_hash_is_refused",
        registry::a_package_without_a_hash_is_refused,
    ),
    (
        "pip_fetches_wheels_and_the_server_runs_without_network",
        registry::pip_fetches_wheels_and_the_server_runs_without_network,
    ),
    (
        "real_packages_are_fetched_and_asked",
        registry::real_packages_are_fetched_and_asked,
    ),
];

pub(crate) fn run_all() -> ExitCode {
    let wanted: Vec<String> = env::args()
        .skip(1)
        .filter(|word| !word.starts_with('-'))
        .collect();
    let is_wanted =
        |name: &str| wanted.is_empty() || wanted.iter().any(|word| name.contains(word.as_str()));
    let (mut passed, mut failed) = (0, 0);
    for (name, trial) in ALL.iter().filter(|(name, _)| is_wanted(name)) {
        SKIPPED.store(false, Ordering::Relaxed);
        let is_fine = catch_unwind(trial).is_ok();
        if is_fine && SKIPPED.load(Ordering::Relaxed) {
            continue;
        }
        say(&format!(
            "test {name} ... {}",
            if is_fine { "ok" } else { "FAILED" }
        ));
        passed += usize::from(is_fine);
        failed += usize::from(!is_fine);
    }
    say(&format!("{passed} passed; {failed} failed"));
    if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// The last test could not be done here.
static SKIPPED: AtomicBool = AtomicBool::new(false);

/// Says that a test cannot be done here, and why.
pub(crate) fn skip(name: &str, why: &str) {
    SKIPPED.store(true, Ordering::Relaxed);
    say(&format!("test {name} ... skipped: {why}"));
}

#[expect(clippy::print_stdout, reason = "this is what runs the tests")]
fn say(text: &str) {
    println!("{text}");
}

fn read(outcome: Result<Probed, ProbeError>) -> Probed {
    outcome.unwrap_or_else(|error| panic!("{error}"))
}

fn failed(outcome: Result<Probed, ProbeError>) -> ProbeError {
    let error = outcome.expect_err("nothing is read");
    assert!(!error.hint().is_empty());
    error
}

fn one_digest_through_every_way() {
    let ways = [
        ("program", read(ask("stateless")), Era::Stateless),
        ("program", read(ask("handshake")), Era::Handshake),
        ("HTTP", read(remote::ask("stateless")), Era::Stateless),
        ("HTTP", read(remote::ask("handshake")), Era::Handshake),
        (
            "SSE",
            read(remote::ask_old("handshake", Transport::Sse)),
            Era::Handshake,
        ),
        (
            "SSE found out",
            read(remote::ask_old("handshake", Transport::Any)),
            Era::Handshake,
        ),
    ];
    let digest = ways[0].1.surface.digest();
    for (way, probed, era) in &ways {
        assert_eq!(probed.greeting.era, *era, "{way}");
        assert_eq!(probed.surface.faults(), [], "{way}");
        assert_eq!(probed.surface.items().len(), 6, "{way}");
        assert_eq!(probed.surface.digest(), digest, "{way}");
        assert_eq!(probed.surface.about().expect("it says so")["name"], "fake");
        let ttl = (*era == Era::Stateless).then_some(5000);
        assert_eq!(probed.greeting.ttl_ms, ttl, "{way}");
        let enforced = probed.enforced.as_ref();
        assert_eq!(enforced.is_some(), *way == "program");
        assert!(enforced.is_none_or(|enforced| enforced.confinement != Confinement::None));
    }
}

fn lists_come_page_by_page() {
    let digests = [read(ask("paged")), read(remote::ask("paged"))].map(|probed| {
        assert_eq!(probed.surface.tools().count(), 5);
        assert!(probed.surface.is_complete());
        probed.surface.digest()
    });
    assert_eq!(digests[0], digests[1]);
}

fn a_list_without_an_end_ends() {
    let fault = Fault::TooManyPages {
        kind: ItemKind::Tool,
    };
    let probed = read(ask("endless"));
    assert_eq!(probed.surface.faults(), [fault]);
    // The other lists are read all the same.
    assert_eq!(probed.surface.of_kind(ItemKind::Prompt).count(), 1);
}

fn ten_thousand_tools_are_a_fault() {
    let probed = read(ask("many"));
    assert_eq!(probed.surface.tools().count(), ITEMS_MAX);
    assert_eq!(
        probed.surface.faults(),
        [Fault::TooMany {
            kind: ItemKind::Tool
        }]
    );
}

fn a_giant_line_is_a_fault() {
    let probed = read(ask("giant"));
    let faults = probed.surface.faults();
    assert!(
        matches!(&faults[0], Fault::NotListed { kind: ItemKind::Tool, why } if why.contains("too long")),
        "{faults:?}"
    );
}

fn stray_lines_are_noted() {
    let probed = read(ask("garbage"));
    assert!(probed.surface.is_complete());
    assert!(
        probed.notes.contains(&Note::StrayLines(2)),
        "{:?}",
        probed.notes
    );
}

fn a_flood_of_stray_lines_is_no_server() {
    let error = failed(ask("flood"));
    assert!(matches!(error, ProbeError::NotMcp { .. }), "{error}");
}

fn who_never_answers_is_not_checked() {
    let short = Patience {
        discover: Duration::from_millis(100),
        answer: Duration::from_millis(200),
        ..patience()
    };
    let begun = Instant::now();
    let error = failed(ask_with("never", &short, |_| {}));
    assert!(matches!(error, ProbeError::NoGreeting { .. }), "{error}");
    assert!(
        error.to_string().contains("no answer came in time"),
        "{error}"
    );
    assert!(begun.elapsed() < Duration::from_secs(30));
}

fn who_does_not_know_the_question_is_asked_again() {
    let short = Patience {
        discover: Duration::from_millis(300),
        ..patience()
    };
    let probed = read(ask_with("mute", &short, |_| {}));
    assert_eq!(probed.greeting.era, Era::Handshake);
    assert!(matches!(&probed.notes[0], Note::FellBack(why) if why.contains("in time")));
    assert!(probed.surface.is_complete());
}

fn who_dies_at_once_is_quoted() {
    let error = failed(ask("dies"));
    assert!(matches!(error, ProbeError::Ended { .. }), "{error}");
    assert!(
        error
            .to_string()
            .contains("it said: Error: TOKEN is not valid"),
        "{error}"
    );
}

fn who_dies_later_is_incomplete() {
    let probed = read(ask("dies-later"));
    assert_eq!(probed.surface.faults().len(), 4);
    assert_eq!(probed.surface.instructions(), "Be kind.");
}

fn who_asks_gets_nothing() {
    let probed = read(ask("asks"));
    assert!(
        probed
            .notes
            .contains(&Note::Asked("sampling/createMessage".to_owned()))
    );
    assert!(probed.surface.is_complete());
}

fn a_change_meanwhile_is_noted() {
    let changed = Note::ListChanged("notifications/tools/list_changed".to_owned());
    for probed in [read(ask("changes")), read(remote::ask("changes"))] {
        assert!(probed.notes.contains(&changed), "{:?}", probed.notes);
    }
}

fn who_takes_memory_is_ended() {
    let error = failed(ask_with("hog", &patience(), |sandbox| {
        sandbox.limits.memory_bytes = 64 << 20;
    }));
    assert!(
        matches!(
            error,
            ProbeError::TooMuch {
                cause: Cause::Memory
            }
        ),
        "{error}"
    );
}

fn a_program_that_is_not_there_says_so() {
    let error = failed(ask_with("stateless", &patience(), |sandbox| {
        sandbox.program = "/usr/bin/countersign-is-not-there".into();
    }));
    assert!(
        matches!(error, ProbeError::Sandbox(SandboxError::NotBegun(_))),
        "{error}"
    );
}

fn an_address_without_a_server_says_so() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback is there");
    let address = free.local_addr().expect("it is bound");
    drop(free);
    let url = format!("http://{address}/mcp");
    let patience = patience();
    let error = failed(remote::run(remote::ask_at(&url, Transport::Any, &patience)));
    assert!(matches!(error, ProbeError::Remote(_)), "{error}");
    assert!(
        error.to_string().contains("reach http://127.0.0.1"),
        "{error}"
    );
}

/// Takes the folder of a server of the reference implementation's from the environment, as the tests of
/// real clients install them.
fn a_real_server_gives_one_digest_twice() {
    let folder = env::var_os("COUNTERSIGN_TEST_EVERYTHING");
    let Some(folder) = folder.filter(|_| Path::new("/usr/bin/node").exists()) else {
        skip(
            "a_real_server_gives_one_digest_twice",
            "COUNTERSIGN_TEST_EVERYTHING names no folder",
        );
        return;
    };
    let modules = Path::new(&folder).to_owned();
    let script = modules.join("@modelcontextprotocol/server-everything/dist/index.js");
    let asked = || {
        read(ask_with("", &patience(), |sandbox| {
            sandbox.program = "/usr/bin/node".into();
            sandbox.arguments = vec![script.clone().into()];
            sandbox.environment = vec![("PATH".into(), "/usr/bin:/bin".into())];
            sandbox.readable = vec![modules.clone()];
        }))
    };
    let (one, other) = (asked(), asked());
    assert!(one.surface.tools().count() > 5);
    assert_eq!(one.surface.faults(), []);
    assert_eq!(one.surface.digest(), other.surface.digest());
}
