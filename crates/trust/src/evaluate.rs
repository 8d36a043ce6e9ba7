//! From a server and the lists to a verdict. Pure, total, and independent of any order.

use countersign_model::{
    Identity, NotCompared, Pin, Reason, Server, Signatory, Status, Verdict, VersionSpec,
};
use jiff::civil::Date;

use crate::allowlist::{Allowlist, Approval, Denial, Token};
use crate::identity::WHY;

/// What a verdict is about.
#[derive(Clone, Debug)]
pub struct Facts<'entry> {
    /// What the entry starts or reaches.
    pub server: &'entry Server,
    /// Names of the variables that the entry hands over.
    pub environment: Vec<&'entry str>,
    /// Names of the headers that the entry sends.
    pub headers: Vec<&'entry str>,
    /// The user's home, for paths that begin with `~`.
    pub home: &'entry str,
}

/// A team's list, and whether its signature was verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamList {
    /// The list.
    pub list: Allowlist,
    /// Whether a signature was verified.
    pub is_signed: bool,
}

/// A decision of the user of this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonalDecision {
    /// What was decided.
    pub decision: Decision,
    /// Why the stored decision cannot be relied on, if it cannot.
    pub unverified: Option<String>,
}

/// Yes or no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Approved.
    Approve(Box<Approval>),
    /// Refused.
    Deny(Denial),
}

/// Everything that may speak for or against a server.
#[derive(Clone, Copy, Debug)]
pub struct Lists<'lists> {
    /// The team's lists.
    pub team: &'lists [TeamList],
    /// The user's own decisions.
    pub personal: &'lists [PersonalDecision],
}

/// What one stanza, or several of one signatory, come to.
struct Outcome {
    status: Status,
    reasons: Vec<Reason>,
    not_compared: Vec<NotCompared>,
}

/// Wrappers that change nothing about what runs.
const PLAIN_WRAPPERS: [&str; 5] = [
    "cmd /c",
    "sh -c",
    "env",
    "powershell -Command",
    "countersign-guard",
];

/// Decides. Precedence: team denial, personal denial, team entry, personal approval, unreviewed. A
/// personal approval lifts nothing that a team entry says, unless that list allows it.
pub fn evaluate(facts: &Facts<'_>, lists: Lists<'_>, today: Date) -> Verdict {
    let denials = denials(facts, lists);
    if !denials.is_empty() {
        return verdict(Status::Denied, None, denials, not_compared(facts, None));
    }
    let team = team(facts, lists.team, today);
    let personal = personal(facts, lists.personal, today);
    let mut verdict = match (team, personal) {
        (Some((list, outcome)), personal) => with_team(list, outcome, personal),
        (None, Some(outcome)) => with_personal(facts, lists.team, outcome),
        (None, None) => unreviewed(facts),
    };
    verdict.reasons.extend(unverified(facts, lists.personal));
    verdict.reasons.dedup();
    verdict
}

fn verdict(
    status: Status,
    signatory: Option<Signatory>,
    reasons: Vec<Reason>,
    not_compared: Vec<NotCompared>,
) -> Verdict {
    Verdict {
        status,
        signatory,
        reasons,
        not_compared,
    }
}

fn unreviewed(facts: &Facts<'_>) -> Verdict {
    let (status, reason) = match &facts.server.identity {
        Identity::Inline { interpreter } => (
            Status::Unknown,
            Reason::Unidentified {
                why: format!("it is program text for {interpreter} in the command itself"),
            },
        ),
        Identity::Unknown { why, .. } => {
            (Status::Unknown, Reason::Unidentified { why: why.clone() })
        }
        _ => (Status::Unreviewed, Reason::NobodyReviewed),
    };
    verdict(status, None, vec![reason], not_compared(facts, None))
}

/// Returns every name that a denial may hit: the server's, its bridge's, its companions'.
fn names<'facts>(facts: &'facts Facts<'_>) -> Vec<(String, Option<&'facts str>)> {
    let server = facts.server;
    let bridge = server.bridge.iter().map(|bridge| bridge.identity.as_ref());
    std::iter::once(&server.identity)
        .chain(bridge)
        .chain(&server.companions)
        .filter_map(|identity| Some((identity.name()?, version_of(identity))))
        .collect()
}

fn version_of(identity: &Identity) -> Option<&str> {
    match identity {
        Identity::Package(package) => package.version.exact(),
        Identity::Source { reference, .. } => reference.as_deref(),
        _ => None,
    }
}

fn denials(facts: &Facts<'_>, lists: Lists<'_>) -> Vec<Reason> {
    let names = names(facts);
    let hits = |denial: &Denial| {
        names.iter().any(|(name, version)| {
            *name == denial.server
                // A version that floats may become the refused one.
                && (denial.versions.is_empty()
                    || version.is_none_or(|version| denial.versions.iter().any(|denied| denied == version)))
        })
    };
    let team = lists.team.iter().flat_map(|team| {
        team.list
            .denials
            .iter()
            .filter(|denial| hits(denial))
            .map(|denial| Reason::TeamDenies {
                list: team.list.name.clone(),
                why: denial.reason.clone(),
            })
    });
    let personal = lists
        .personal
        .iter()
        .filter_map(|personal| match &personal.decision {
            Decision::Deny(denial) if hits(denial) => Some(Reason::PersonallyDenied {
                note: denial.reason.clone(),
            }),
            _ => None,
        });
    let mut reasons: Vec<Reason> = team.chain(personal).collect();
    reasons.sort();
    reasons.dedup();
    reasons
}

fn team<'lists>(
    facts: &Facts<'_>,
    team: &'lists [TeamList],
    today: Date,
) -> Option<(&'lists TeamList, Outcome)> {
    team.iter()
        .filter_map(|list| {
            let signatory = Signatory::Team {
                list: list.list.name.clone(),
                is_signed: list.is_signed,
            };
            let outcome = best(facts, &signatory, list.list.approvals.iter(), today)?;
            Some((list, outcome))
        })
        .max_by(|(left_list, left), (right_list, right)| {
            order(left, right).then_with(|| right_list.list.name.cmp(&left_list.list.name))
        })
}

fn personal(facts: &Facts<'_>, personal: &[PersonalDecision], today: Date) -> Option<Outcome> {
    let approvals = personal
        .iter()
        .filter(|personal| personal.unverified.is_none())
        .filter_map(|personal| match &personal.decision {
            Decision::Approve(approval) => Some(approval.as_ref()),
            Decision::Deny(_) => None,
        });
    best(facts, &Signatory::Personal, approvals, today)
}

/// Tells of approvals that name the server and were not used, because they cannot be relied on.
fn unverified(facts: &Facts<'_>, personal: &[PersonalDecision]) -> Vec<Reason> {
    let name = facts.server.identity.name();
    let mut reasons: Vec<Reason> = personal
        .iter()
        .filter_map(|personal| {
            let server = match &personal.decision {
                Decision::Approve(approval) => &approval.server,
                Decision::Deny(denial) => &denial.server,
            };
            let why = personal.unverified.clone()?;
            (Some(server) == name.as_ref()).then_some(Reason::ApprovalUnverified { why })
        })
        .collect();
    reasons.sort();
    reasons.dedup();
    reasons
}

/// Returns the best of the outcomes of the stanzas that name the server.
fn best<'list>(
    facts: &Facts<'_>,
    signatory: &Signatory,
    approvals: impl Iterator<Item = &'list Approval>,
    today: Date,
) -> Option<Outcome> {
    let name = facts.server.identity.name()?;
    approvals
        .filter(|approval| approval.server == name)
        .map(|approval| compare(facts, signatory, approval, today))
        .max_by(order)
}

/// Orders outcomes by trust; equal trust is ordered by fewer and smaller reasons, so that no order of
/// stanzas shows.
fn order(left: &Outcome, right: &Outcome) -> std::cmp::Ordering {
    left.status
        .cmp(&right.status)
        .then_with(|| right.reasons.len().cmp(&left.reasons.len()))
        .then_with(|| right.reasons.cmp(&left.reasons))
}

/// Compares a server with one stanza that names it.
fn compare(facts: &Facts<'_>, signatory: &Signatory, approval: &Approval, today: Date) -> Outcome {
    let mut issues: Vec<(Status, Reason)> = Vec::new();
    if let Some(on) = approval.expires.filter(|on| *on < today) {
        issues.push((
            Status::Expired,
            Reason::Expired {
                signatory: signatory.clone(),
                on: on.to_string(),
            },
        ));
    }
    issues.extend(content(facts.server, approval));
    issues.extend(start(facts, approval));
    if issues.is_empty() {
        let mut reasons = vec![Reason::ApprovedBy {
            signatory: signatory.clone(),
            reviewer: approval.reviewer.clone(),
            until: approval.expires.map(|date| date.to_string()),
        }];
        if let Signatory::Team {
            list,
            is_signed: false,
        } = signatory
        {
            reasons.push(Reason::ListUnsigned { list: list.clone() });
        }
        return Outcome {
            status: Status::Approved,
            reasons,
            not_compared: not_compared(facts, Some(approval)),
        };
    }
    issues.sort();
    issues.dedup();
    Outcome {
        status: issues[0].0,
        reasons: issues.into_iter().map(|(_, reason)| reason).collect(),
        not_compared: not_compared(facts, Some(approval)),
    }
}

/// Compares version, digest, hash and registry.
fn content(server: &Server, approval: &Approval) -> Vec<(Status, Reason)> {
    let mut issues = Vec::new();
    match &server.identity {
        Identity::Package(package) => issues.extend(version(server, &package.version, approval)),
        Identity::Source { reference, .. } => {
            let spec = match (&server.pin, reference) {
                (Pin::VersionOnly(version), _) => VersionSpec::Exact(version.clone()),
                (_, Some(reference)) => VersionSpec::Tag(reference.clone()),
                (_, None) => VersionSpec::Unstated,
            };
            issues.extend(version(server, &spec, approval));
        }
        Identity::Image(image) => issues.extend(digest(server, image.digest.as_deref(), approval)),
        Identity::File { hash, .. } => {
            if let Some(approved) = &approval.sha256 {
                match hash {
                    Some(found) if found.hex() == *approved => {}
                    Some(found) => issues.push((
                        Status::Changed,
                        Reason::HashDiffers {
                            approved: approved.chars().take(12).collect(),
                            found: found.short(),
                        },
                    )),
                    None => issues.push((Status::Unknown, Reason::HashUnknown)),
                }
            }
        }
        Identity::Module { .. }
        | Identity::Remote { .. }
        | Identity::BuiltIn { .. }
        | Identity::Inline { .. }
        | Identity::Unknown { .. } => {}
    }
    if server.registry != approval.registry {
        let usual = || "the usual registry".to_owned();
        issues.push((
            Status::Changed,
            Reason::RegistryDiffers {
                used: server.registry.clone().unwrap_or_else(usual),
                approved: approval.registry.clone().unwrap_or_else(usual),
            },
        ));
    }
    issues.extend(server.shadows.iter().map(|shadow| {
        let by = shadow.meaning.clone();
        (Status::Changed, Reason::Shadowed { by })
    }));
    issues
}

fn version(server: &Server, spec: &VersionSpec, approval: &Approval) -> Option<(Status, Reason)> {
    let approved = approval.version.as_deref()?;
    match spec {
        VersionSpec::Exact(configured) if is_same_version(approved, configured) => None,
        VersionSpec::Exact(configured) => Some((
            Status::Changed,
            Reason::VersionDiffers {
                approved: approved.to_owned(),
                configured: configured.clone(),
            },
        )),
        VersionSpec::Unstated | VersionSpec::Range(_) | VersionSpec::Tag(_) => Some((
            Status::Floating,
            Reason::EntryFloats {
                approved: approved.to_owned(),
                floats: floats(&server.pin),
            },
        )),
    }
}

/// Says where an entry floats, after "this entry": "floats to whatever is newest".
fn floats(pin: &Pin) -> String {
    match pin {
        Pin::Floating(countersign_model::Float::Newest) => {
            "floats to whatever is newest".to_owned()
        }
        other => other.to_string(),
    }
}

fn is_same_version(approved: &str, configured: &str) -> bool {
    approved == configured
        || matches!(
            (approved.parse::<pep440_rs::Version>(), configured.parse::<pep440_rs::Version>()),
            (Ok(left), Ok(right)) if left == right
        )
}

fn digest(
    server: &Server,
    configured: Option<&str>,
    approval: &Approval,
) -> Option<(Status, Reason)> {
    let approved = approval.digest.as_deref()?;
    match configured {
        Some(configured) if configured.eq_ignore_ascii_case(approved) => None,
        Some(configured) => Some((
            Status::Changed,
            Reason::VersionDiffers {
                approved: approved.chars().take(19).collect(),
                configured: configured.chars().take(19).collect(),
            },
        )),
        None => Some((
            Status::Floating,
            Reason::EntryFloats {
                approved: approved.chars().take(19).collect(),
                floats: floats(&server.pin),
            },
        )),
    }
}

/// Compares the command, its wrappers, its environment and headers.
fn start(facts: &Facts<'_>, approval: &Approval) -> Vec<(Status, Reason)> {
    let mut issues = Vec::new();
    if !fits(facts, approval) {
        let shape = approval.command.as_ref().map_or_else(
            || "a direct connection".to_owned(),
            |tokens| {
                tokens
                    .iter()
                    .map(Token::to_string)
                    .collect::<Vec<_>>()
                    .join(" ")
            },
        );
        let configured: Vec<&str> = facts
            .server
            .command
            .iter()
            .map(|token| token.shown())
            .collect();
        issues.push((
            Status::Changed,
            Reason::CommandDiffers {
                approved: shape,
                configured: configured.join(" "),
            },
        ));
    }
    let wrappers: Vec<&str> = facts
        .server
        .wrappers
        .iter()
        .map(|wrapper| wrapper.name.as_str())
        .filter(|name| {
            !PLAIN_WRAPPERS.contains(name) && !approval.wrappers.iter().any(|known| known == name)
        })
        .collect();
    if !wrappers.is_empty() {
        let configured = wrappers.join(", ");
        issues.push((Status::Changed, Reason::WrapperDiffers { configured }));
    }
    let extra = |names: &mut dyn Iterator<Item = &str>, known: &[String]| -> Vec<String> {
        let mut extra: Vec<String> = names
            .filter(|name| !known.iter().any(|known| known.eq_ignore_ascii_case(name)))
            .map(str::to_owned)
            .collect();
        extra.sort();
        extra.dedup();
        extra
    };
    let mut variables = facts
        .environment
        .iter()
        .copied()
        .chain(facts.server.wrapper_variables.iter().map(String::as_str));
    let environment = extra(&mut variables, &approval.env);
    if !environment.is_empty() {
        issues.push((
            Status::Changed,
            Reason::EnvironmentDiffers { extra: environment },
        ));
    }
    let headers = extra(&mut facts.headers.iter().copied(), &approval.headers);
    if !headers.is_empty() {
        issues.push((Status::Changed, Reason::HeadersDiffer { extra: headers }));
    }
    issues
}

/// Returns whether the command has the approved shape, token by token.
fn fits(facts: &Facts<'_>, approval: &Approval) -> bool {
    let command = &facts.server.command;
    let Some(shape) = &approval.command else {
        return command.is_empty();
    };
    if shape.len() != command.len() {
        return false;
    }
    let is_other_program = facts
        .server
        .modifiers
        .iter()
        .any(|modifier| modifier.source == "program");
    shape
        .iter()
        .zip(command)
        .enumerate()
        .all(|(index, (token, argument))| {
            let is_same_program = index == 0
                && !is_other_program
                && matches!(token, Token::Exact(name) if !name.contains(['/', '\\'])
                && crate::identity::base_name(argument.expose(WHY)) == *name);
            is_same_program || token.fits(argument, facts.home)
        })
}

fn not_compared(facts: &Facts<'_>, approval: Option<&Approval>) -> Vec<NotCompared> {
    let mut left = vec![NotCompared::Tools];
    match &facts.server.identity {
        Identity::Package(_) | Identity::Source { .. } => {
            left.extend([NotCompared::Artefact, NotCompared::Dependencies]);
        }
        Identity::Module { .. } => left.extend([NotCompared::Artefact, NotCompared::Dependencies]),
        Identity::File {
            runtime: Some(_), ..
        } => left.push(NotCompared::Dependencies),
        Identity::Remote { .. } => left.push(NotCompared::RemoteContent),
        Identity::Image(_)
        | Identity::File { .. }
        | Identity::BuiltIn { .. }
        | Identity::Inline { .. }
        | Identity::Unknown { .. } => {}
    }
    if approval.is_some_and(|approval| approval.hosts.is_some() || approval.paths.is_some()) {
        left.push(NotCompared::Reach);
    }
    left
}

fn with_team(team: &TeamList, outcome: Outcome, personal: Option<Outcome>) -> Verdict {
    let signatory = Signatory::Team {
        list: team.list.name.clone(),
        is_signed: team.is_signed,
    };
    if outcome.status == Status::Approved {
        return verdict(
            Status::Approved,
            Some(signatory),
            outcome.reasons,
            outcome.not_compared,
        );
    }
    if let Some(personal) = personal.filter(|personal| personal.status == Status::Approved) {
        if team.list.defaults.personal_lifts {
            let mut reasons = personal.reasons;
            reasons.extend(outcome.reasons);
            return verdict(
                Status::Approved,
                Some(Signatory::Personal),
                reasons,
                personal.not_compared,
            );
        }
        let mut reasons = outcome.reasons;
        reasons.push(Reason::PersonalDoesNotLift {
            list: team.list.name.clone(),
        });
        return verdict(outcome.status, None, reasons, outcome.not_compared);
    }
    verdict(outcome.status, None, outcome.reasons, outcome.not_compared)
}

fn with_personal(facts: &Facts<'_>, team: &[TeamList], outcome: Outcome) -> Verdict {
    let mut refusing: Vec<&str> = team
        .iter()
        .filter(|team| !team.list.defaults.personal_allowed)
        .map(|team| team.list.name.as_str())
        .collect();
    refusing.sort_unstable();
    if let Some(list) = refusing.first() {
        let mut verdict = unreviewed(facts);
        verdict.reasons.push(Reason::PersonalNotAllowed {
            list: (*list).to_owned(),
        });
        return verdict;
    }
    let signatory = (outcome.status == Status::Approved).then_some(Signatory::Personal);
    verdict(
        outcome.status,
        signatory,
        outcome.reasons,
        outcome.not_compared,
    )
}
