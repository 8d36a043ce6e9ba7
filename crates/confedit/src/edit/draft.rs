use std::ops::Range;

use zeroize::Zeroizing;

use super::{
    Anchor, Change, ChangeKind, EditFailure, Edited, Path, Reason, Side, Splice, json,
    plan::{Plan, Replacement, child},
    toml, yaml,
};
use crate::{Document, Node, Syntax};

/// A splice before the length of what stands before it is known.
pub(super) struct Draft {
    /// Bytes of the old text.
    pub(super) range: Range<usize>,
    pub(super) with: Zeroizing<String>,
    pub(super) changes: Vec<Change>,
    pub(super) anchor: DraftAnchor,
}

impl Draft {
    /// Starts a splice that writes nothing yet.
    pub(super) fn at(range: Range<usize>, anchor: DraftAnchor) -> Self {
        Self {
            range,
            with: Zeroizing::default(),
            changes: Vec::new(),
            anchor,
        }
    }

    /// Takes out `range`, and the value in it that `spelled` spells with its key.
    pub(super) fn gone(
        range: Range<usize>,
        spelled: Range<usize>,
        (path, kind): (Path, ChangeKind),
        anchor: DraftAnchor,
    ) -> Self {
        let start = spelled.start.saturating_sub(range.start);
        let mut draft = Self::at(range, anchor);
        draft.changes.push(Change {
            path,
            kind,
            old: start..start + spelled.len(),
            new: 0..0,
        });
        draft
    }
}

/// What a splice is found by.
#[derive(Clone)]
pub(super) struct DraftAnchor {
    /// The value, by its place in the new text.
    pub(super) path: Path,
    pub(super) side: Side,
    /// Where that side is in the old text.
    pub(super) offset: usize,
}

/// Where in the tree an edit is made.
pub(super) struct Place<'plan> {
    /// The value by its place in the old text.
    pub(super) old: &'plan [String],
    /// The value by its place in the new text.
    pub(super) new: &'plan [String],
}

impl Place<'_> {
    /// Returns the error for an edit that has no safe place.
    pub(super) fn refused(
        &self,
        document: &Document<'_>,
        offset: usize,
        reason: Reason,
    ) -> EditFailure {
        EditFailure::Refused {
            path: self.old.to_vec(),
            position: document.position(offset),
            reason,
        }
    }
}

/// How a format writes edits.
pub(super) trait Writer {
    /// Writes another value in the place of `node`.
    fn replace(
        &self,
        node: &Node,
        replacement: &Replacement,
        place: &Place<'_>,
    ) -> Result<Draft, EditFailure>;

    /// Lets members or elements of `node` come and go.
    fn reshape(
        &self,
        node: &Node,
        plan: &Plan,
        place: &Place<'_>,
        drafts: &mut Vec<Draft>,
    ) -> Result<(), EditFailure>;

    /// Returns where a side of the value is that splices are found by.
    fn offset(&self, node: &Node, _path: &[String], side: Side) -> usize {
        match side {
            Side::Start => node.span.start,
            Side::End => node.span.end,
        }
    }
}

/// Writes everything that was planned.
pub(super) fn write(
    document: &Document<'_>,
    syntax: Syntax,
    plan: &Plan,
) -> Result<Vec<Draft>, EditFailure> {
    let writer = writer(document, syntax, plan)?;
    let mut drafts = Vec::new();
    let mut paths = (Vec::new(), Vec::new());
    walk(&*writer, document.root(), plan, &mut paths, &mut drafts)?;
    Ok(drafts)
}

/// Returns what writes a format.
pub(super) fn writer<'document>(
    document: &'document Document<'_>,
    syntax: Syntax,
    plan: &Plan,
) -> Result<Box<dyn Writer + 'document>, EditFailure> {
    let refused = || EditFailure::Refused {
        path: Vec::new(),
        position: (1, 1),
        reason: Reason::Layout,
    };
    Ok(match syntax {
        Syntax::Json { .. } => Box::new(json::JsonWriter::of(document, syntax)),
        Syntax::Yaml => Box::new(yaml::YamlWriter::of(document).ok_or_else(refused)?),
        Syntax::Toml => Box::new(toml::TomlWriter::of(document, plan).ok_or_else(refused)?),
    })
}

fn walk(
    writer: &dyn Writer,
    node: &Node,
    plan: &Plan,
    (old, new): &mut (Path, Path),
    drafts: &mut Vec<Draft>,
) -> Result<(), EditFailure> {
    if let Some(replacement) = &plan.replacement {
        drafts.push(writer.replace(node, replacement, &Place { old, new })?);
        return Ok(());
    }
    for (step, inside) in &plan.inside {
        let Some(inner) = child(node, step) else {
            continue;
        };
        let moved = match step.parse::<usize>() {
            Ok(index) if node.is_list() => {
                (index + plan.prepended.len() - plan.shortened).to_string()
            }
            _ => step.clone(),
        };
        let mut paths = (std::mem::take(old), std::mem::take(new));
        paths.0.push(step.clone());
        paths.1.push(moved);
        let written = walk(writer, inner, inside, &mut paths, drafts);
        paths.0.pop();
        paths.1.pop();
        (*old, *new) = paths;
        written?;
    }
    // What is put behind a value comes behind what is written into it at the same byte.
    if plan.reshapes() {
        writer.reshape(node, plan, &Place { old, new }, drafts)?;
    }
    Ok(())
}

/// Writes `spelling` over a whole value.
pub(super) fn over(range: Range<usize>, spelling: Zeroizing<String>, place: &Place<'_>) -> Draft {
    Draft {
        changes: vec![Change {
            path: place.new.to_vec(),
            kind: ChangeKind::Replaced,
            old: 0..range.len(),
            new: 0..spelling.len(),
        }],
        anchor: DraftAnchor {
            path: place.new.to_vec(),
            side: Side::Start,
            offset: range.start,
        },
        range,
        with: spelling,
    }
}

/// Puts drafts in order and the text together.
pub(super) fn assemble(
    document: &Document<'_>,
    mut drafts: Vec<Draft>,
) -> Result<Edited, EditFailure> {
    drafts.sort_by_key(|draft| (draft.range.start, draft.range.end));
    let drafts = join(drafts);
    if let Some(pair) = drafts
        .windows(2)
        .find(|pair| pair[0].range.end > pair[1].range.start)
    {
        return Err(EditFailure::Refused {
            path: pair[1].anchor.path.clone(),
            position: document.position(pair[1].range.start),
            reason: Reason::Overlap,
        });
    }
    let old = document.text();
    let added = drafts.iter().map(|draft| draft.with.len()).sum::<usize>();
    let mut text = Zeroizing::new(String::with_capacity(old.len() + added));
    let mut splices: Vec<Splice> = Vec::with_capacity(drafts.len());
    let mut cursor = 0;
    for draft in drafts {
        text.push_str(&old[cursor..draft.range.start]);
        let start = text.len();
        text.push_str(&draft.with);
        cursor = draft.range.end;
        let anchor = Anchor {
            distance: start.saturating_sub(moved(draft.anchor.offset, &splices)),
            path: draft.anchor.path,
            side: draft.anchor.side,
        };
        splices.push(Splice {
            replaced: Zeroizing::new(old[draft.range.clone()].to_owned()),
            after: start..text.len(),
            before: draft.range,
            with: draft.with,
            anchor,
            changes: draft.changes,
        });
    }
    text.push_str(&old[cursor..]);
    Ok(Edited { text, splices })
}

/// Joins splices that touch where one of them only helps the other.
fn join(drafts: Vec<Draft>) -> Vec<Draft> {
    let mut joined: Vec<Draft> = Vec::with_capacity(drafts.len());
    for draft in drafts {
        match joined.last_mut() {
            Some(last)
                if last.range.end == draft.range.start
                    && (last.changes.is_empty() || draft.changes.is_empty()) =>
            {
                let (old, new) = (last.range.len(), last.with.len());
                last.changes
                    .extend(draft.changes.into_iter().map(|change| Change {
                        old: change.old.start + old..change.old.end + old,
                        new: change.new.start + new..change.new.end + new,
                        ..change
                    }));
                last.with = Zeroizing::new([last.with.as_str(), draft.with.as_str()].concat());
                last.range.end = draft.range.end;
            }
            _ => joined.push(draft),
        }
    }
    joined
}

/// Returns where an offset of the old text is in the new one, behind what was spliced before it.
fn moved(offset: usize, splices: &[Splice]) -> usize {
    splices
        .iter()
        .rev()
        .find(|splice| splice.before.end <= offset && splice.before.start < offset)
        .map_or(offset, |splice| {
            splice.after.end + (offset - splice.before.end)
        })
}
