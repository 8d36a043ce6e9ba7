use countersign_model::{Float, Identity, NotCompared, Pin, Signatory, Status, Verdict};
use schemars::JsonSchema;
use serde::Serialize;

use crate::setup;

/// How a server is named to the world.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct IdentityView {
    /// `npm`, `pypi`, `image`, `git`, `file`, `module`, `remote`, `built-in`, `inline`, `unknown`.
    pub kind: String,
    /// The name as people write it. Untrusted text.
    pub label: String,
    /// The name by which lists know it: a package URL, a file or web address. `None` where nothing is named.
    pub name: Option<String>,
    /// The version asked for, where there is one.
    pub version: Option<String>,
    /// The SHA-256 of the file, where it is one and was hashed.
    pub sha256: Option<String>,
    /// Why it could not be named, where it could not.
    pub unknown: Option<String>,
}

/// What an entry itself fixes.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct PinView {
    /// How far it is fixed.
    pub state: PinState,
    /// In words: "1.4.2, dependencies float".
    pub label: String,
}

/// How far an entry fixes what runs. Only `content` is drawn as a closed lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum PinState {
    /// The content.
    Content,
    /// The version; its dependencies float.
    VersionOnly,
    /// Neither.
    Floating,
    /// What runs is on another machine.
    Remote,
}

/// What is thought of an entry or server, and why.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct TrustView {
    /// The verdict.
    pub status: StatusView,
    /// The seal that is drawn.
    pub seal: SealView,
    /// The seal as one character: `○ ◐ ● ◑ ✕ ?`.
    pub glyph: String,
    /// The deciding reason, as a sentence.
    pub sentence: String,
    /// Every reason: stable code and words.
    pub reasons: Vec<NamedText>,
    /// What was not compared: stable word and words.
    pub not_compared: Vec<NamedText>,
}

/// The verdict on an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum StatusView {
    /// Somebody has refused it.
    Denied,
    /// Approved once, and no longer the same.
    Changed,
    /// Approved once, and the approval has run out.
    Expired,
    /// Approved in one version, while the entry takes whatever comes.
    Floating,
    /// It could not be decided.
    Unknown,
    /// Nobody has looked at it.
    Unreviewed,
    /// Approved, and the same.
    Approved,
}

/// The seal that is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum SealView {
    /// An outline: nobody has reviewed it.
    Open,
    /// One stroke: approved by you, or by a list that is not signed.
    One,
    /// Two strokes: countersigned by the team.
    Two,
    /// A broken second stroke: changed since.
    Broken,
    /// Crossed: denied.
    Crossed,
    /// Dotted: could not be checked.
    Dotted,
}

/// A word and what is said about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct NamedText {
    /// The word, code or path.
    pub name: String,
    /// The text.
    pub text: String,
}

impl IdentityView {
    /// `home` is written as `~` in the label.
    pub(super) fn of(identity: &Identity, home: &str) -> Self {
        let (kind, label, version) = match identity {
            Identity::Package(package) => (
                package.ecosystem.name(),
                package.name.clone(),
                package.version.exact().map(str::to_owned),
            ),
            Identity::Image(image) => ("image", image.short_name(), image.tag.clone()),
            Identity::Source { url, reference } => ("git", url.clone(), reference.clone()),
            Identity::File { path, runtime, .. } => {
                let path = setup::shorten(path.as_ref(), home);
                let label = match runtime {
                    Some(runtime) => format!("{} {path}", runtime.name()),
                    None => path,
                };
                ("file", label, None)
            }
            Identity::Module { .. } => ("module", identity.to_string(), None),
            Identity::Remote { origin, path } => ("remote", format!("{origin}{path}"), None),
            Identity::BuiltIn { name } => ("built-in", name.clone(), None),
            Identity::Inline { .. } => ("inline", identity.to_string(), None),
            Identity::Unknown { seen, .. } => ("unknown", seen.clone(), None),
        };
        Self {
            kind: kind.to_owned(),
            label,
            name: identity.name(),
            version,
            sha256: identity.hash().map(|hash| hash.hex()),
            unknown: match identity {
                Identity::Unknown { why, .. } => Some(why.clone()),
                _ => None,
            },
        }
    }
}

impl PinView {
    pub(super) fn of(pin: &Pin) -> Self {
        let state = match pin {
            Pin::Content(_) => PinState::Content,
            Pin::VersionOnly(_) => PinState::VersionOnly,
            Pin::Floating(_) => PinState::Floating,
            Pin::Remote => PinState::Remote,
        };
        let label = match pin {
            Pin::Floating(Float::Unknown) => "not known".to_owned(),
            other => other.to_string(),
        };
        Self { state, label }
    }
}

impl TrustView {
    pub(super) fn of(verdict: &Verdict) -> Self {
        let sentence = verdict.reasons.first().map_or_else(String::new, |reason| {
            let text = reason.to_string();
            let mut characters = text.chars();
            let first = characters.next().map(char::to_uppercase);
            first
                .into_iter()
                .flatten()
                .chain(characters)
                .chain(['.'])
                .collect()
        });
        Self {
            status: StatusView::of(verdict.status),
            seal: SealView::of(verdict),
            glyph: verdict.seal().to_string(),
            sentence,
            reasons: verdict
                .reasons
                .iter()
                .map(|reason| NamedText {
                    name: reason.code().to_owned(),
                    text: reason.to_string(),
                })
                .collect(),
            not_compared: verdict
                .not_compared
                .iter()
                .map(|left| NamedText {
                    name: left.word().to_owned(),
                    text: not_compared(*left).to_owned(),
                })
                .collect(),
        }
    }
}

fn not_compared(left: NotCompared) -> &'static str {
    match left {
        NotCompared::Tools => "what the server tells the model",
        NotCompared::Artefact => "the file that the registry would deliver",
        NotCompared::Dependencies => "the packages that it depends on",
        NotCompared::RemoteContent => "what runs at the address",
        NotCompared::Reach => "the hosts and paths that it uses",
    }
}

impl StatusView {
    fn of(status: Status) -> Self {
        match status {
            Status::Denied => StatusView::Denied,
            Status::Changed => StatusView::Changed,
            Status::Expired => StatusView::Expired,
            Status::Floating => StatusView::Floating,
            Status::Unknown => StatusView::Unknown,
            Status::Unreviewed => StatusView::Unreviewed,
            Status::Approved => StatusView::Approved,
        }
    }
}

impl SealView {
    fn of(verdict: &Verdict) -> Self {
        match verdict.status {
            Status::Denied => SealView::Crossed,
            Status::Changed | Status::Expired | Status::Floating => SealView::Broken,
            Status::Unknown => SealView::Dotted,
            Status::Unreviewed => SealView::Open,
            Status::Approved => match &verdict.signatory {
                Some(Signatory::Team {
                    is_signed: true, ..
                }) => SealView::Two,
                _ => SealView::One,
            },
        }
    }
}
