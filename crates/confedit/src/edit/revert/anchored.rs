//! Putting raw text back at the very bytes where something was written, where these are found by
//! what stands before them.

use super::Places;
use crate::{
    Document, Node, Syntax,
    edit::{
        Change, ChangeKind, Edited, Path, Side, Splice,
        draft::{self, Draft, DraftAnchor, Writer},
        plan::{Plan, child},
        trivia, verify,
    },
};

/// Undoes splices by their anchors; `None` where one is not found so, or where the result would not
/// mean what is planned.
pub(super) fn undo(
    document: &Document<'_>,
    syntax: Syntax,
    splices: &[Splice],
    places: &Places,
    plan: &Plan,
) -> Option<Edited> {
    let writer = draft::writer(document, syntax, plan).ok()?;
    let drafts = splices
        .iter()
        .map(|splice| draft(document, &*writer, splice, places, plan))
        .collect::<Option<Vec<_>>>()?;
    let edited = draft::assemble(document, drafts).ok()?;
    verify(document, syntax, plan, &edited).ok()?;
    Some(edited)
}

fn draft(
    document: &Document<'_>,
    writer: &dyn Writer,
    splice: &Splice,
    places: &Places,
    plan: &Plan,
) -> Option<Draft> {
    let text = document.text();
    let path = places.real(&splice.anchor.path);
    let (node, new_path) = follow(document, &path, plan)?;
    let offset = writer.offset(node, &path, splice.anchor.side);
    let start = offset.checked_add(splice.anchor.distance)?;
    let range = start..start.checked_add(splice.with.len())?;
    let stands = text.get(range.clone())? == splice.with.as_str();
    if !stands || !fits(text, offset, splice, start) {
        return None;
    }
    let anchor = DraftAnchor {
        path: new_path,
        side: splice.anchor.side,
        offset,
    };
    let mut draft = Draft::at(range, anchor);
    draft.with = splice.replaced.clone();
    for change in &splice.changes {
        draft
            .changes
            .push(opposite(document, change, places, plan)?);
    }
    Some(draft)
}

/// Returns whether what was replaced belongs to the layout that the text has there.
fn fits(text: &str, offset: usize, splice: &Splice, start: usize) -> bool {
    let (before, after) = text.split_at(start);
    let old = splice.replaced.as_str();
    let has_own_newlines = match trivia::newline(text) {
        "\r\n" => old.matches('\n').count() == old.matches("\r\n").count(),
        _ => !old.contains('\r'),
    };
    let cuts_newline = before.ends_with('\r') && after.starts_with('\n');
    let line = text.get(offset..start).unwrap_or_default();
    let line = line.rsplit('\n').next().unwrap_or_default();
    let is_in_comment = splice.with.is_empty() && line.contains(['#', '/']);
    let leaves_blanks = old.ends_with([' ', '\t']) && after.starts_with(['\r', '\n']);
    has_own_newlines
        && !cuts_newline
        && !leaves_blanks
        && !is_in_comment
        && is_indented(text, offset, splice, start)
}

/// Returns whether a line that is put back is indented like that of what it is found by.
fn is_indented(text: &str, offset: usize, splice: &Splice, start: usize) -> bool {
    let starts_line = text.get(..start).is_some_and(|text| text.ends_with('\n'));
    let replaced = splice.replaced.as_str();
    let blanks = replaced.len() - replaced.trim_start_matches([' ', '\t']).len();
    let own = &replaced[..blanks];
    let beside = trivia::indentation(text, offset);
    match splice.anchor.side {
        _ if !starts_line || !replaced.contains('\n') => true,
        Side::Start => own.starts_with(beside),
        Side::End => own == beside,
    }
}

fn opposite(
    document: &Document<'_>,
    change: &Change,
    places: &Places,
    plan: &Plan,
) -> Option<Change> {
    let is_member = matches!(
        change.kind,
        ChangeKind::Inserted | ChangeKind::Removed { .. }
    );
    let (step, above) = match change.path.split_last() {
        Some((step, above)) if is_member => (Some(step), above),
        _ => (None, change.path.as_slice()),
    };
    let (node, mut path) = follow(document, &places.real(above), plan)?;
    path.extend(step.cloned());
    let kind = match &change.kind {
        ChangeKind::Replaced => ChangeKind::Replaced,
        ChangeKind::Removed { .. } => ChangeKind::Inserted,
        ChangeKind::Inserted => ChangeKind::Removed {
            behind: before(node, step?),
        },
        ChangeKind::Prepended { count } => ChangeKind::Shortened { count: *count },
        ChangeKind::Shortened { count } => ChangeKind::Prepended { count: *count },
    };
    Some(Change {
        path,
        kind,
        old: change.new.clone(),
        new: change.old.clone(),
    })
}

/// Returns the key of the member before another.
fn before(node: &Node, key: &str) -> Option<String> {
    let members = node.members();
    let index = members.iter().position(|member| member.key == *key)?;
    Some(members.get(index.checked_sub(1)?)?.key.clone())
}

/// Follows a path, and says where it leads once the plan is carried out.
fn follow<'node>(
    document: &'node Document<'_>,
    path: &[String],
    plan: &Plan,
) -> Option<(&'node Node, Path)> {
    let mut node = document.root();
    let mut plan = Some(plan);
    let mut new = Path::with_capacity(path.len());
    for step in path {
        let moved = match (step.parse::<usize>(), plan) {
            (Ok(index), Some(plan)) if node.is_list() => {
                let index = (index + plan.prepended.len()).checked_sub(plan.shortened)?;
                index.to_string()
            }
            _ => step.clone(),
        };
        new.push(moved);
        node = child(node, step)?;
        plan = plan.and_then(|plan| plan.inside.get(step));
    }
    Some((node, new))
}

impl Places {
    /// Returns where a recorded place is in the text.
    fn real(&self, recorded: &[String]) -> Path {
        (0..=recorded.len())
            .rev()
            .find_map(|length| {
                let (known, rest) = recorded.split_at(length);
                Some([self.moved.get(known)?, rest].concat())
            })
            .unwrap_or_else(|| recorded.to_vec())
    }
}
