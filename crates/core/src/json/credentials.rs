use schemars::JsonSchema;
use serde::Serialize;

use super::count;
use crate::moves::Moved;

/// The credentials of this machine: what is in plain text, what is in the vault, what was moved.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct CredentialsView {
    /// Version of this form.
    pub format: u32,
    /// Where values are kept.
    pub vault: VaultView,
    /// The guard and the bridge.
    pub programs: Vec<ProgramView>,
    /// What moving everything would do.
    pub plan: PlanView,
    /// Entries that take their credentials from the vault.
    pub guarded: Vec<GuardedView>,
    /// Moves that were made, latest first.
    pub moves: Vec<MoveView>,
    /// What a crash left and could not be mended yet, in words.
    pub unfinished: Option<String>,
}

/// Where values are kept.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct VaultView {
    /// `ready`, `locked`, `none` (there is no keyring and no encrypted file yet), `denied`, `failed`.
    pub state: String,
    /// `keyring`, `encrypted file (passphrase)`, `encrypted file (key file)`.
    pub keeper: String,
    /// What is wrong, where something is.
    pub problem: Option<String>,
}

/// A program that entries start.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct ProgramView {
    /// `guard` or `bridge`.
    pub name: String,
    /// Its one place, with `~` for the home.
    pub path: String,
    /// `absent`, `installed`, `earlier`, `later`, `altered`.
    pub state: String,
    /// The version that put it there, where another one did.
    pub version: Option<String>,
}

/// What a move would do. Nothing was written for it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct PlanView {
    /// Stands for what the plan was made of: a plan with another mark is another plan.
    pub mark: String,
    /// Credentials that would be moved.
    pub credentials: u32,
    /// Files that would be edited.
    pub files: Vec<FilePlanView>,
    /// Credentials that stay where they are.
    pub kept: Vec<KeptView>,
}

/// What would be done to one file.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct FilePlanView {
    /// The path, with `~` for the home.
    pub file: String,
    /// Names of the clients that read it.
    pub clients: Vec<String>,
    /// Clients of it that are running and may write it themselves.
    pub running: Vec<String>,
    /// Entries that would be changed.
    pub entries: Vec<EntryPlanView>,
    /// The lines that would change, with two around them. No value is shown.
    pub diff: Vec<DiffLineView>,
}

/// What would become of one entry.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct EntryPlanView {
    /// The entry's id.
    pub entry: String,
    /// Its name. Untrusted text.
    pub name: String,
    /// What goes into the vault.
    pub moves: Vec<SpotView>,
    /// Whether a remote server is reached through the bridge from then on.
    pub becomes_bridged: bool,
    /// Arguments that show a credential to this user's other programs while the server runs.
    pub visible_arguments: u32,
    /// Variables that this server is known to read from the surroundings and that it still gets.
    pub ambient: Vec<String>,
}

/// A credential in plain text. Its value is not here.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct SpotView {
    /// `variable`, `header`, `argument`, `address`, `member`.
    pub kind: String,
    /// The name it stands under; empty where it has none.
    pub name: String,
    /// JSON pointer to the value in the decoded file.
    pub pointer: String,
    /// Who issued it, where its shape tells.
    pub issuer: Option<String>,
    /// What it is, in words.
    pub label: String,
    /// `low`, `medium`, `high`.
    pub confidence: String,
    /// Why it is taken for a credential.
    pub reason: String,
    /// Its length in characters.
    pub characters: u32,
    /// Its last characters, where its issuer's own console shows them.
    pub tail: Option<String>,
    /// The issuer's page for replacing it.
    pub rotation_page: Option<String>,
}

/// A credential that stays where it is, and why.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct KeptView {
    /// The entry's id.
    pub entry: String,
    /// The entry's name. Untrusted text.
    pub name: String,
    /// The config's path, with `~` for the home.
    pub file: String,
    /// Names of the clients that read it.
    pub clients: Vec<String>,
    /// The credential.
    pub spot: SpotView,
    /// Stable code of the reason, such as `tracked`.
    pub code: String,
    /// The reason, as a sentence.
    pub why: String,
    /// What serves instead.
    pub instead: Option<String>,
}

/// A line of a difference.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct DiffLineView {
    /// `same`, `removed`, `added`, `gap`.
    pub mark: String,
    /// Its number before, from 1.
    pub before: Option<u32>,
    /// Its number after, from 1.
    pub after: Option<u32>,
    /// The line, with values hidden.
    pub text: String,
}

/// An entry that takes its credentials from the vault.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct GuardedView {
    /// The entry's id.
    pub entry: String,
    /// Its name. Untrusted text.
    pub name: String,
    /// The config's path, with `~` for the home.
    pub file: String,
    /// Names of the clients that read it.
    pub clients: Vec<String>,
    /// `guard` or `bridge`.
    pub through: String,
    /// The id by which guard and bridge name the entry.
    pub guard: String,
    /// What they start or reach for it, as it may be shown. Untrusted text.
    pub starts: String,
    /// Its references.
    pub references: Vec<ReferenceView>,
}

/// A reference to a value in the vault.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct ReferenceView {
    /// The item's id.
    pub id: String,
    /// `variable`, `argument`, `header`, `address`.
    pub kind: String,
    /// The name it stands under; empty where it has none.
    pub name: String,
    /// `ready`, `elsewhere` (a secret manager has it), `missing`, `not-bound`, `unknown` (the vault did
    /// not answer).
    pub state: String,
    /// How what the entry asks for differs from what the value is bound to.
    pub differences: Vec<String>,
    /// Who has the value, where a secret manager does.
    pub held_by: Option<String>,
    /// Whether the value is still the one that stood in plain text and should be replaced.
    pub should_rotate: bool,
    /// What it is, in words, where its shape tells.
    pub label: Option<String>,
    /// The issuer's page for replacing it.
    pub rotation_page: Option<String>,
}

/// A move that was made.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct MoveView {
    /// Its number.
    pub id: u32,
    /// `begun`, `done`, `undoing`, `undone`, `failed`.
    pub state: String,
    /// When, in seconds since 1970 (UTC).
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub made_at_s: i64,
    /// The chain of programs that made it.
    pub made_by: String,
    /// Credentials that it moved.
    pub credentials: u32,
    /// Its files.
    pub files: Vec<MoveFileView>,
}

/// One file of a move.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct MoveFileView {
    /// The path, with `~` for the home.
    pub file: String,
    /// Whether it was put back.
    pub is_restored: bool,
    /// Names of the entries that were changed. Untrusted text.
    pub entries: Vec<String>,
}

/// Whether everything works that guarded entries need.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct DoctorView {
    /// Whether nothing is wrong.
    pub is_fine: bool,
    /// What was tried.
    pub checks: Vec<CheckView>,
}

/// Something that was tried.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct CheckView {
    /// What it is about. Untrusted text.
    pub name: String,
    /// `fine`, `wrong`, `unknown`.
    pub state: String,
    /// What came of it, as a sentence.
    pub said: String,
    /// What to do.
    pub step: Option<String>,
}

/// What a move did.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct MovedView {
    /// Its number, by which it is undone.
    pub id: u32,
    /// Files that were written.
    pub files: u32,
    /// Credentials that are in the vault since.
    pub credentials: u32,
}

impl MovedView {
    /// Shows what a move did.
    pub fn of(moved: &Moved) -> Self {
        Self {
            id: u32::try_from(moved.id).unwrap_or(u32::MAX),
            files: count(moved.files),
            credentials: count(moved.credentials),
        }
    }
}

/// What undoing a move, or taking entries back, did.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct UndoneView {
    /// Values that changed since: nothing was done, and which ones are written has to be said.
    pub asks: Vec<ChangedValueView>,
    /// What became of each file.
    pub files: Vec<FileUndoneView>,
}

/// A value that changed in the vault since it was moved.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct ChangedValueView {
    /// The entry's name. Untrusted text.
    pub entry: String,
    /// The name it stood under; empty where it had none.
    pub name: String,
    /// The config's path, with `~` for the home.
    pub file: String,
    /// Whether a secret manager has it now, so that only the old value can be written.
    pub is_elsewhere: bool,
}

/// What became of a file.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct FileUndoneView {
    /// The path, with `~` for the home.
    pub file: String,
    /// `exact`, `own-edit` (what else changed since stays), `untouched` (nothing of ours was in it), `left`.
    pub outcome: String,
    /// Why it was left.
    pub why: Option<String>,
    /// The entry, where one entry of the file is spoken of. Untrusted text.
    pub entry: Option<String>,
}
