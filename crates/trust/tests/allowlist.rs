//! What a list may say, where it is wrong, and what verdicts follow from it.

use countersign_model::{
    Argument, Command, Digest, NotCompared, Reason, Server, Start, Status, Verdict,
};
use countersign_secrets::{address, arguments};
use countersign_trust::{
    Allowlist, Decision, Denial, Facts, Lists, PersonalDecision, Subject, Surroundings, TeamList,
    allowlist::{AllowlistError, Token, append, parse, stanza},
    complete, evaluate, identify,
};
use jiff::civil::{Date, date};
use proptest::prelude::*;

const TODAY: Date = date(2026, 11, 24);

fn server(line: &str) -> Server {
    if line.contains("://") && !line.contains(' ') {
        return identify(&Subject::new(&Start::Remote(address(line))));
    }
    let tokens: Vec<String> = line.split(' ').map(str::to_owned).collect();
    let mut judged = arguments(&tokens).into_iter();
    let start = Start::Command(Command {
        program: judged.next().unwrap_or_else(|| Argument::plain("")),
        arguments: judged.collect(),
        places: Vec::new(),
    });
    identify(&Subject::new(&start))
}

fn list(text: &str) -> Allowlist {
    let text = format!("format = 1\nname = \"team\"\n{text}");
    parse(&text, TODAY)
        .unwrap_or_else(|error| panic!("{error}\n{text}"))
        .0
}

fn judge(server: &Server, environment: &[&str], lists: Lists<'_>) -> Verdict {
    let facts = Facts {
        server,
        environment: environment.to_vec(),
        headers: Vec::new(),
        home: "/home/dev",
    };
    evaluate(&facts, lists, TODAY)
}

fn team(text: &str) -> Vec<TeamList> {
    vec![TeamList {
        list: list(text),
        is_signed: false,
    }]
}

fn by_team(line: &str, environment: &[&str], text: &str) -> Verdict {
    judge(
        &server(line),
        environment,
        Lists {
            team: &team(text),
            personal: &[],
        },
    )
}

const FILES: &str = r#"
[[approve]]
server = "pkg:npm/@s/files"
version = "1.4.2"
command = ["npx", "-y", "@s/files@1.4.2", { hole = "path", under = "~/src" }]
env = ["LOG_LEVEL"]
tools = { read_file = "read" }
hosts = []
reviewer = "Team lead"
reviewed = 2026-10-12
expires = 2027-01-12
"#;

#[test]
fn the_approved_content_is_approved_and_says_what_was_not_compared() {
    let verdict = by_team(
        "npx -y @s/files@1.4.2 /home/dev/src/app",
        &["LOG_LEVEL"],
        FILES,
    );
    assert_eq!(verdict.status, Status::Approved);
    assert_eq!(verdict.seal(), '◐', "an unsigned list gives one stroke");
    let words: Vec<String> = verdict.reasons.iter().map(ToString::to_string).collect();
    assert_eq!(
        words,
        [
            "approved in team by Team lead, until 2027-01-12",
            "listed in team, which is not signed"
        ]
    );
    assert_eq!(
        verdict.not_compared,
        [
            NotCompared::Tools,
            NotCompared::Artefact,
            NotCompared::Dependencies,
            NotCompared::Reach
        ]
    );
}

#[test]
fn every_departure_from_the_approval_is_told() {
    let check = |line: &str, environment: &[&str], status: Status, words: &str| {
        let verdict = by_team(line, environment, FILES);
        assert_eq!(verdict.status, status, "{line}");
        let told: Vec<String> = verdict.reasons.iter().map(ToString::to_string).collect();
        assert_eq!(told[0], words, "{line}");
    };
    check(
        "npx -y @s/files@1.5.0 /home/dev/src",
        &[],
        Status::Changed,
        "version 1.4.2 is approved, this entry starts 1.5.0",
    );
    let floats = by_team("npx -y @s/files /home/dev/src", &[], FILES);
    assert_eq!(floats.status, Status::Changed);
    assert!(floats.reasons.iter().any(|reason| reason.to_string()
        == "version 1.4.2 is approved, this entry floats to whatever is newest"));
    check(
        "npx -y @s/files@1.4.2 /etc",
        &[],
        Status::Changed,
        "the command is not the approved one: `npx -y @s/files@1.4.2 /etc` instead of `npx -y @s/files@1.4.2 ‹path under ~/src›`",
    );
    check(
        "npx -y @s/files@1.4.2 /home/dev/src",
        &["NODE_OPTIONS"],
        Status::Changed,
        "variables are handed over that are not approved: NODE_OPTIONS",
    );
    check(
        "sudo npx -y @s/files@1.4.2 /home/dev/src",
        &[],
        Status::Changed,
        "it is started through sudo, which is not approved",
    );
    check(
        "npx -y @s/other@1.4.2",
        &[],
        Status::Unreviewed,
        "nobody has reviewed it",
    );
    check(
        "sh -c x;y",
        &[],
        Status::Unknown,
        "what it starts could not be named: it is program text for sh in the command itself",
    );
}

#[test]
fn a_floating_entry_is_floating_where_the_command_allows_it() {
    let text = "[[approve]]\nserver = \"pkg:pypi/time\"\nversion = \"1.0\"\ncommand = [\"uvx\", \"time\"]\n";
    assert_eq!(by_team("uvx time", &[], text).status, Status::Floating);
    let text = text.replace("\"time\"]", "\"time==1.0.0\"]");
    assert_eq!(
        by_team("uvx time==1.0.0", &[], &text).status,
        Status::Approved,
        "1.0 is 1.0.0"
    );
}

#[test]
fn images_and_files_are_bound_to_their_content() {
    let digest = format!("sha256:{}", "a".repeat(64));
    let text = format!(
        "[[approve]]\nserver = \"pkg:oci/time?repository_url=docker.io/mcp/time\"\ndigest = \"{digest}\"\ncommand = [\"docker\", \"run\", \"-i\", \"mcp/time@{digest}\"]\n"
    );
    assert_eq!(
        by_team(&format!("docker run -i mcp/time@{digest}"), &[], &text).status,
        Status::Approved
    );
    let moved = by_team("docker run -i mcp/time:1", &[], &text);
    assert!(
        moved
            .reasons
            .iter()
            .any(|reason| matches!(reason, Reason::EntryFloats { .. }))
    );

    let hash = Digest::of(b"program");
    let text = format!(
        "[[approve]]\nserver = \"file:///opt/server\"\nsha256 = \"{}\"\ncommand = [\"/opt/server\"]\n",
        hash.hex()
    );
    let with = |found: Option<Digest>| {
        let surroundings = Surroundings {
            hash: found,
            ..Surroundings::default()
        };
        let server = complete(server("/opt/server"), surroundings);
        judge(
            &server,
            &[],
            Lists {
                team: &team(&text),
                personal: &[],
            },
        )
        .status
    };
    assert_eq!(with(Some(hash)), Status::Approved);
    assert_eq!(with(Some(Digest::of(b"other"))), Status::Changed);
    assert_eq!(with(None), Status::Unknown);
}

#[test]
fn remote_servers_are_named_by_address_and_headers() {
    let text =
        "[[approve]]\nserver = \"https://mcp.example.com/mcp\"\nheaders = [\"Authorization\"]\n";
    let direct = server("https://mcp.example.com/mcp");
    let facts = |headers: Vec<&'static str>| Facts {
        server: &direct,
        environment: Vec::new(),
        headers,
        home: "",
    };
    let lists = team(text);
    let lists = Lists {
        team: &lists,
        personal: &[],
    };
    assert_eq!(
        evaluate(&facts(vec!["authorization"]), lists, TODAY).status,
        Status::Approved
    );
    assert_eq!(
        evaluate(&facts(vec!["X-Other"]), lists, TODAY).status,
        Status::Changed
    );
    let bridged = server("npx mcp-remote https://mcp.example.com/mcp");
    assert_eq!(
        judge(&bridged, &[], lists).status,
        Status::Changed,
        "the bridge was not approved"
    );
}

#[test]
fn a_program_of_another_folder_is_not_the_approved_launcher() {
    let lists = team(&FILES.replace("{ hole = \"path\", under = \"~/src\" }", "\"/x\""));
    let lists = Lists {
        team: &lists,
        personal: &[],
    };
    let judged = |line: &str| judge(&server(line), &[], lists).status;
    assert_eq!(
        judged("/usr/local/bin/npx -y @s/files@1.4.2 /x"),
        Status::Approved
    );
    assert_eq!(judged("npx.cmd -y @s/files@1.4.2 /x"), Status::Approved);
    assert_eq!(judged("/tmp/npx -y @s/files@1.4.2 /x"), Status::Changed);
}

#[test]
fn denials_reach_bridges_companions_and_versions_that_float() {
    let deny = |name: &str| {
        format!("[[deny]]\nserver = \"{name}\"\nversions = [\"1.0.0\"]\nreason = \"bad\"\n")
    };
    let status = |line: &str, name: &str| by_team(line, &[], &deny(name)).status;
    assert_eq!(status("npx evil@1.0.0", "pkg:npm/evil"), Status::Denied);
    assert_eq!(status("npx evil@1.0.1", "pkg:npm/evil"), Status::Unreviewed);
    assert_eq!(
        status("npx evil", "pkg:npm/evil"),
        Status::Denied,
        "newest may be the refused one"
    );
    assert_eq!(
        status("uvx --with evil==1.0.0 good", "pkg:pypi/evil"),
        Status::Denied
    );
    assert_eq!(
        status(
            "npx mcp-remote@1.0.0 https://h.example",
            "pkg:npm/mcp-remote"
        ),
        Status::Denied
    );
}

fn personal(decision: Decision) -> Vec<PersonalDecision> {
    vec![PersonalDecision {
        decision,
        unverified: None,
    }]
}

fn approval_of(text: &str) -> Decision {
    Decision::Approve(Box::new(list(text).approvals[0].clone()))
}

#[test]
fn precedence_is_as_documented() {
    let line = "npx -y @s/files@1.4.2 /home/dev/src";
    let server = server(line);
    let own = personal(approval_of(FILES));
    let denial = Denial {
        server: "pkg:npm/%40s/files".into(),
        versions: Vec::new(),
        reason: String::new(),
        reviewer: None,
        reviewed: None,
    };
    let status = |team: &[TeamList], personal: &[PersonalDecision]| {
        judge(&server, &[], Lists { team, personal }).status
    };
    assert_eq!(status(&[], &own), Status::Approved);
    assert_eq!(
        status(
            &team("[[deny]]\nserver = \"pkg:npm/@s/files\"\nreason = \"no\"\n"),
            &own
        ),
        Status::Denied
    );
    assert_eq!(
        status(&team(FILES), &personal(Decision::Deny(denial))),
        Status::Denied
    );
    let expired = FILES.replace("2027-01-12", "2026-11-23");
    assert_eq!(
        status(&team(&expired), &own),
        Status::Expired,
        "a personal approval lifts nothing"
    );
    let lifting = format!("[defaults]\npersonal-lifts = true\n{expired}");
    assert_eq!(status(&team(&lifting), &own), Status::Approved);
    assert_eq!(
        status(&team("[defaults]\npersonal = \"never\"\n"), &own),
        Status::Unreviewed
    );
}

#[test]
fn an_approval_that_cannot_be_relied_on_is_not_used() {
    let server = server("npx -y @s/files@1.4.2 /home/dev/src");
    let mut own = personal(approval_of(FILES));
    own[0].unverified = Some("its seal does not match".into());
    let verdict = judge(
        &server,
        &[],
        Lists {
            team: &[],
            personal: &own,
        },
    );
    assert_eq!(verdict.status, Status::Unreviewed);
    assert_eq!(
        verdict.reasons.last().map(ToString::to_string).as_deref(),
        Some("a stored approval was not used: its seal does not match")
    );
}

#[test]
fn says_where_a_list_is_wrong() {
    let check = |text: &str, expect: &str| {
        let error = parse(text, TODAY).expect_err(text);
        assert_eq!(error.to_string(), expect, "{text}");
    };
    check(
        "format = 1\nname = \"t\"\nnmae = 1\n",
        "unknown field `nmae`, expected one of `format`, `name`, `defaults`, `approve`, `deny` at line 3, column 1",
    );
    check(
        "format = 2\nname = \"t\"\n",
        "format 2 is not known, only format 1",
    );
    check(
        "name = \"t\"\n",
        "missing field `format` at line 1, column 1",
    );
    check(
        "format = 1\nname = \"t\"\n[[approve]]\nserver = \"x\"\n",
        "1 stanzas are wrong, the first: `server` is not a name: use `pkg:npm/…`, `pkg:pypi/…`, `pkg:oci/…`, `git+https://…`, `file:///…` or an address at line 3, column 1",
    );
    let stanza = |body: &str| format!("format = 1\nname = \"t\"\n\n[[approve]]\n{body}\n");
    let wrong = |body: &str, expect: &str| match parse(&stanza(body), TODAY) {
        Err(AllowlistError::Stanzas(problems)) => {
            assert_eq!(problems[0].message, expect);
            assert_eq!(problems[0].line, 4);
        }
        other => panic!("{other:?}"),
    };
    wrong(
        "server = \"pkg:npm/a\"\ncommand = [\"npx\", \"a\"]",
        "`version` is missing: an approval without one would float",
    );
    wrong(
        "server = \"pkg:npm/a@1.0.0\"",
        "the version belongs into `version`, not into `server`",
    );
    wrong(
        "server = \"pkg:npm/a\"\nversion = \"1.0.0\"",
        "`command` is missing: arguments can change what a server does",
    );
    wrong(
        "server = \"pkg:oci/a?repository_url=h/a\"\ncommand = [\"docker\"]",
        "`digest` is missing: a tag can be moved",
    );
    wrong(
        "server = \"pkg:oci/a\"\ndigest = \"x\"",
        "an image is named `pkg:oci/NAME?repository_url=REGISTRY/PATH`",
    );
    wrong(
        "server = \"file:///a\"\ncommand = [\"/a\"]",
        "`sha256` is missing: a file can be replaced",
    );
    wrong(
        "server = \"file:///a\"\nsha256 = \"ab\"\ncommand = [\"/a\"]",
        "`sha256` is not 64 hexadecimal digits",
    );
    wrong(
        "server = \"https://h.example/x?y=1\"",
        "an address is named without user, query and fragment",
    );
    wrong(
        "server = \"https://h.example\"\nexpires = \"soon\"",
        "`expires` is not a date like 2027-01-31",
    );
    wrong(
        "server = \"https://h.example\"\nexpires = 2027-01-01T00:00:00Z",
        "`expires` is not a date like 2027-01-31",
    );
    wrong(
        "server = \"https://h.example\"\ntools = { a = \"maybe\" }",
        "a tool's effect is `read`, `write`, `destructive` or `open-world`",
    );
    wrong(
        "server = \"https://h.example\"\ncommand = [{ hole = \"rest\" }]",
        "a hole is `path`, `port` or `secret`",
    );
    wrong(
        "server = \"https://h.example\"\ncommand = [{ hole = \"port\", under = \"/\" }]",
        "`under` belongs to a hole of kind `path`",
    );
}

#[test]
fn advises_on_what_is_allowed_but_weak() {
    let text = "format = 1\nname = \"t\"\n\n[[approve]]\nserver = \"https://h.example\"\n\n[[approve]]\nserver = \"https://g.example\"\nreviewer = \"a\"\nreviewed = 2020-01-01\nexpires = 2020-02-01\n\n[[deny]]\nserver = \"https://h.example/\"\nreason = \"no\"\n";
    let (_, advice) = parse(text, TODAY).expect("is a list");
    let told: Vec<String> = advice.iter().map(|advice| advice.0.to_string()).collect();
    assert_eq!(
        told,
        [
            "no `expires`: the approval holds for ever at line 4, column 1",
            "no `reviewer` or `reviewed`: nobody answers for the approval at line 4, column 1",
            "the approval has run out at line 7, column 1",
            "denied in the same list; the denial wins at line 4, column 1",
        ]
    );
}

#[test]
fn default_expiry_counts_from_the_review() {
    let text = "[defaults]\nexpires-after-days = 10\n[[approve]]\nserver = \"https://h.example\"\nreviewed = 2026-11-14\n";
    assert_eq!(list(text).approvals[0].expires, Some(date(2026, 11, 24)));
    assert_eq!(
        by_team("https://h.example", &[], text).status,
        Status::Approved,
        "the last day counts"
    );
}

#[test]
fn a_stanza_is_added_without_disturbing_the_rest() {
    let before = "# our list\nformat = 1\nname = \"t\"   # ours\n\n[[deny]]\nserver = \"https://h.example\" # bad\nreason = \"no\"";
    let approval = list(FILES).approvals[0].clone();
    let after = append(before, "unused", &stanza(&approval), TODAY).expect("is a list");
    assert!(after.starts_with(before));
    let (read, _) = parse(&after, TODAY).expect("is a list");
    assert_eq!(read.approvals, [approval]);
    let fresh = append("", "my \"list\"", &stanza(&read.approvals[0]), TODAY).expect("is a list");
    assert_eq!(
        parse(&fresh, TODAY).expect("is a list").0.name,
        "my \"list\""
    );
    assert!(append("nonsense", "t", "", TODAY).is_err());
}

#[test]
fn a_credential_never_gets_into_a_stanza() {
    let server = server("npx x@1.0.0 --token=Xq7Zp2Lk9Vb4Nm6Tr8Ws1Yd3");
    let mut approval = list(FILES).approvals[0].clone();
    approval.command = Some(server.command.iter().map(Token::of).collect());
    let text = stanza(&approval);
    assert!(
        text.contains("{ hole = \"secret\", prefix = \"--token=\" }"),
        "{text}"
    );
    assert!(!text.contains("Xq7Zp"));
}

/// Stanzas about a handful of servers, so that they meet.
fn stanza_text() -> impl Strategy<Value = String> {
    let name = prop_oneof![
        Just("pkg:npm/a"),
        Just("pkg:npm/b"),
        Just("https://h.example")
    ];
    let version = prop_oneof![Just("1.0.0"), Just("2.0.0")];
    let token = prop_oneof![
        Just("\"a@1.0.0\""),
        Just("\"a\""),
        Just("{ hole = \"path\" }")
    ];
    let expires = prop_oneof![Just("2026-11-23"), Just("2026-11-24"), Just("2030-01-01")];
    let approve = (name.clone(), version, token, expires).prop_map(|(name, version, token, expires)| {
        format!("[[approve]]\nserver = \"{name}\"\nversion = \"{version}\"\ncommand = [\"npx\", {token}]\nexpires = {expires}\n")
    });
    let deny = name.prop_map(|name| format!("[[deny]]\nserver = \"{name}\"\nreason = \"no\"\n"));
    prop_oneof![3 => approve, 1 => deny]
}

fn line_text() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        Just("npx a@1.0.0"),
        Just("npx a"),
        Just("npx a@3.0.0"),
        Just("npx b@2.0.0"),
        Just("https://h.example"),
        Just("sh -c a;b"),
    ]
}

proptest! {
    #[test]
    fn a_denial_never_makes_anything_more_trusted(
        stanzas in proptest::collection::vec(stanza_text(), 0..5),
        own in proptest::option::of(stanza_text()),
        denied in prop_oneof![Just("pkg:npm/a"), Just("pkg:npm/b"), Just("https://h.example")],
        line in line_text(),
        by_person in any::<bool>(),
    ) {
        let server = server(line);
        let mut team = team(&stanzas.concat());
        let mut personal: Vec<PersonalDecision> = own
            .map(|text| list(&text))
            .and_then(|list| list.approvals.into_iter().next())
            .map(|approval| PersonalDecision { decision: Decision::Approve(Box::new(approval)), unverified: None })
            .into_iter()
            .collect();
        let before = judge(&server, &[], Lists { team: &team, personal: &personal }).status;
        let denial = list(&format!("[[deny]]\nserver = \"{denied}\"\nreason = \"no\"\n")).denials.remove(0);
        if by_person {
            personal.push(PersonalDecision { decision: Decision::Deny(denial), unverified: None });
        } else {
            team[0].list.denials.push(denial);
        }
        let after = judge(&server, &[], Lists { team: &team, personal: &personal }).status;
        prop_assert!(after <= before, "{after:?} after {before:?}");
    }

    #[test]
    fn order_never_matters(
        stanzas in proptest::collection::vec(stanza_text(), 0..6),
        line in line_text(),
        seed in any::<u64>(),
    ) {
        let server = server(line);
        let first = team(&stanzas.concat());
        let mut turned = first.clone();
        let by = usize::try_from(seed % 7).unwrap_or(0);
        let list = &mut turned[0].list;
        list.approvals.reverse();
        let count = list.approvals.len();
        list.approvals.rotate_left(by.checked_rem(count).unwrap_or(0));
        list.denials.reverse();
        let left = judge(&server, &[], Lists { team: &first, personal: &[] });
        let right = judge(&server, &[], Lists { team: &turned, personal: &[] });
        prop_assert_eq!(left, right);
    }

    #[test]
    fn an_expired_approval_is_never_approved(
        stanzas in proptest::collection::vec(stanza_text(), 1..6),
        line in line_text(),
    ) {
        let mut team = team(&stanzas.concat());
        for approval in &mut team[0].list.approvals {
            approval.expires = Some(date(2026, 11, 23));
        }
        let verdict = judge(&server(line), &[], Lists { team: &team, personal: &[] });
        prop_assert_ne!(verdict.status, Status::Approved);
    }

    #[test]
    fn any_text_is_a_list_or_an_error(text in "\\PC{0,200}") {
        let _ = parse(&text, TODAY);
        let _ = parse(&format!("format = 1\nname = \"t\"\n[[approve]]\nserver = {text:?}\n"), TODAY);
    }
}

#[test]
fn the_documented_example_is_a_list() {
    let page = include_str!("../../../docs/allowlist.md");
    let blocks: Vec<&str> = page
        .split("```toml\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .collect();
    assert_eq!(blocks.len(), 3);
    let (list, advice) = parse(&blocks.concat(), date(2026, 11, 1)).expect("is valid");
    assert_eq!((list.approvals.len(), list.denials.len()), (1, 1));
    assert!(advice.is_empty(), "{advice:?}");
}
