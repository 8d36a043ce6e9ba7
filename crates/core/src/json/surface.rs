use countersign_surface::{
    Change, Drift, FieldChange, Item, ItemKind, Surface, What, effect, words,
};
use schemars::JsonSchema;
use serde::Serialize;

use super::count;

/// All that a server tells the model.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct SurfaceView {
    /// `sha256:` and the digest that trust is bound to.
    pub digest: String,
    /// Whether it is all that the server offers.
    pub is_complete: bool,
    /// Why it is not, in words.
    pub faults: Vec<String>,
    /// How many there are of each kind, kinds without any left out.
    pub counts: Vec<CountView>,
    /// Every item: instructions, tools, prompts, templates, resources, each kind by name.
    pub items: Vec<ItemView>,
}

/// How many items there are of a kind.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct CountView {
    /// `tool`, `prompt`, `template` or `resource`.
    pub kind: String,
    /// How many.
    pub count: u32,
}

/// One thing that a server offers. All texts are the server's.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct ItemView {
    /// `instructions`, `tool`, `prompt`, `template` or `resource`.
    pub kind: String,
    /// Name or address; empty for instructions.
    pub name: String,
    /// A name for people, where there is one.
    pub title: Option<String>,
    /// What it says of itself.
    pub description: String,
    /// `sha256:` and the digest of every field.
    pub digest: String,
    /// What a tool does, by our own verdict: `read`, `write` or `destructive`; null for other items.
    pub effect: Option<String>,
    /// Why, in words.
    pub because: Vec<String>,
    /// Every field, as indented JSON.
    pub json: String,
}

/// What changed from one surface to another.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct DriftView {
    /// The digest before.
    pub before: String,
    /// The digest after.
    pub after: String,
    /// `cosmetic`, `wording`, `behaviour`, `capability` or `hidden content`: the highest of all
    /// changes; null where nothing changed.
    pub grade: Option<String>,
    /// The changes, what matters most first.
    pub changes: Vec<ChangeView>,
}

/// What changed about one item. All texts but the sentences are the server's.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct ChangeView {
    /// What it is.
    pub kind: String,
    /// Its present name; for what was removed, the one it had.
    pub name: String,
    /// How much it matters.
    pub grade: String,
    /// `added`, `removed` or `changed`.
    pub what: String,
    /// What it was called, where it was renamed.
    pub renamed_from: Option<String>,
    /// The item that was added or removed.
    pub item: Option<ItemView>,
    /// What changed, what matters most first.
    pub fields: Vec<FieldChangeView>,
}

/// What changed at one place of an item.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct FieldChangeView {
    /// JSON pointer into the item.
    pub pointer: String,
    /// How much it matters.
    pub grade: String,
    /// What it means for whoever calls, as a sentence without a period; null for texts.
    pub meaning: Option<String>,
    /// `looser`, `tighter` or `other`, where there is a meaning.
    pub turn: Option<String>,
    /// The text word by word: what is removed stands before what takes its place.
    pub words: Vec<SegmentView>,
}

/// A run of words.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct SegmentView {
    /// `same`, `removed` or `added`.
    pub tag: String,
    /// The words, with the blanks between them.
    pub text: String,
}

impl SurfaceView {
    /// Shows a surface.
    pub fn of(surface: &Surface) -> Self {
        let counts = ItemKind::LISTED.map(|kind| CountView {
            kind: kind.name().to_owned(),
            count: count(surface.of_kind(kind).count()),
        });
        Self {
            digest: surface.digest().to_string(),
            is_complete: surface.is_complete(),
            faults: surface.faults().iter().map(ToString::to_string).collect(),
            counts: counts.into_iter().filter(|one| one.count > 0).collect(),
            items: surface.items().iter().map(ItemView::of).collect(),
        }
    }
}

impl ItemView {
    fn of(item: &Item) -> Self {
        let effect = (item.kind() == ItemKind::Tool).then(|| effect(item));
        Self {
            effect: effect.as_ref().map(|one| one.effect.name().to_owned()),
            because: effect.map(|one| one.because).unwrap_or_default(),
            kind: item.kind().name().to_owned(),
            name: item.name().to_owned(),
            title: item.text("title").map(str::to_owned),
            description: item.description().to_owned(),
            digest: item.digest().to_string(),
            // A value that was read can be written.
            json: serde_json::to_string_pretty(item.value()).unwrap_or_default(),
        }
    }
}

impl DriftView {
    /// Shows what changed from `before` to `after`.
    pub fn of(before: &Surface, after: &Surface, drift: &Drift) -> Self {
        Self {
            before: before.digest().to_string(),
            after: after.digest().to_string(),
            grade: drift.grade().map(|grade| grade.name().to_owned()),
            changes: drift.changes().iter().map(ChangeView::of).collect(),
        }
    }
}

impl ChangeView {
    fn of(change: &Change) -> Self {
        let shown = Self {
            kind: change.kind.name().to_owned(),
            name: change.name.clone(),
            grade: change.grade.name().to_owned(),
            what: String::new(),
            renamed_from: None,
            item: None,
            fields: Vec::new(),
        };
        match &change.what {
            What::Added(item) => Self {
                what: "added".to_owned(),
                item: Some(ItemView::of(item)),
                ..shown
            },
            What::Removed(item) => Self {
                what: "removed".to_owned(),
                item: Some(ItemView::of(item)),
                ..shown
            },
            What::Changed {
                renamed_from,
                fields,
            } => Self {
                what: "changed".to_owned(),
                renamed_from: renamed_from.clone(),
                fields: fields.iter().map(FieldChangeView::of).collect(),
                ..shown
            },
        }
    }
}

impl FieldChangeView {
    fn of(field: &FieldChange) -> Self {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let segments = words(&text(&field.before), &text(&field.after));
        Self {
            pointer: field.pointer.to_string(),
            grade: field.grade.name().to_owned(),
            meaning: field.meaning.as_ref().map(|one| one.sentence.clone()),
            turn: field.meaning.as_ref().map(|one| one.turn.name().to_owned()),
            words: segments
                .into_iter()
                .map(|segment| SegmentView {
                    tag: segment.tag.name().to_owned(),
                    text: segment.text,
                })
                .collect(),
        }
    }
}
