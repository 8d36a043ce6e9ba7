//! Maps and lists that have a line for each member or element.

use std::ops::Range;

use zeroize::Zeroizing;

use super::{
    Form, Place, Plan, Reason, Shape, Spot, YamlWriter,
    shape::{Pair, dash},
    spell,
};
use crate::{
    Node,
    edit::{
        Change, ChangeKind, Path, Side, Value,
        arrange::{Arrangement, Fate},
        bracketed::{Meaning, New},
        draft::{Draft, DraftAnchor},
        plan::{Addition, extended},
        rows::{Row, first_on_line, without_newline},
    },
};

/// A member or an element that goes.
struct Gone {
    row: Row,
    path: Path,
    kind: ChangeKind,
    anchor: DraftAnchor,
}

impl YamlWriter<'_, '_> {
    /// Lets members of a map come and go.
    pub(super) fn reshape_rows(
        &self,
        node: &Node,
        plan: &Plan,
        place: &Place<'_>,
        spot: &Spot<'_>,
        drafts: &mut Vec<Draft>,
    ) -> Result<(), Reason> {
        let Form::Map { members, .. } = &spot.shape.form else {
            return Err(Reason::Layout);
        };
        let rows = members
            .iter()
            .enumerate()
            .map(|(index, member)| self.row(index, member, place))
            .collect::<Result<Vec<_>, _>>()?;
        let indentation = rows.first().map(|row| row.indentation(self.text()));
        let indentation = indentation.ok_or(Reason::Layout)?;
        let spell = |additions: &[&Addition]| self.spell(additions, &indentation, place);
        let arrangement = Arrangement::of(node, plan);
        let start = DraftAnchor {
            path: place.new.to_vec(),
            side: Side::Start,
            offset: spot.shape.range.start,
        };
        if plan.inserted.is_empty() && plan.removed.len() == members.len() {
            let change = |(index, row): (usize, &Row)| {
                let path = extended(place.new, &members[index].key);
                (path, removed(members, index), row.range.clone())
            };
            let changes = rows.iter().enumerate().map(change);
            drafts.push(self.emptied(spot, "{}", changes.collect(), start)?);
            return Ok(());
        }
        let mut anchor = start;
        let mut gone = Vec::new();
        for (index, row) in rows.into_iter().enumerate() {
            let additions = &arrangement.gaps[index];
            if index == 0 && !additions.is_empty() {
                drafts.push(put_first(
                    self.text(),
                    &row,
                    &spell(additions),
                    anchor.clone(),
                ));
            }
            let path = extended(place.new, &members[index].key);
            let kind = removed(members, index);
            match &arrangement.fates[index] {
                Fate::Stays => {
                    let behind = &arrangement.gaps[index + 1];
                    if !behind.is_empty() {
                        drafts.push(row.put_behind(self.text(), &spell(behind)));
                    }
                    anchor = row.anchor();
                    self.take_out(std::mem::take(&mut gone), false, drafts);
                }
                Fate::Yields(additions) => {
                    let new = spell(additions);
                    drafts.push(row.yield_to(self.text(), &new, (path, kind), anchor.clone()));
                    self.take_out(std::mem::take(&mut gone), false, drafts);
                }
                Fate::Goes => gone.push(Gone {
                    row,
                    path,
                    kind,
                    anchor: anchor.clone(),
                }),
            }
        }
        self.take_out(gone, true, drafts);
        Ok(())
    }

    /// Lets elements at the front of a list come and go.
    pub(super) fn reshape_items(
        &self,
        plan: &Plan,
        place: &Place<'_>,
        spot: &Spot<'_>,
        drafts: &mut Vec<Draft>,
    ) -> Result<(), Reason> {
        let Form::List { items, .. } = &spot.shape.form else {
            return Err(Reason::Layout);
        };
        let path = place.new.to_vec();
        let row = |item: &Shape| {
            let start = dash(self.text(), item.range.start)?;
            Row::of(self.text(), start..item.range.end, path.clone())
        };
        let rows = items.iter().take(plan.shortened.max(1)).map(row);
        let rows = rows.collect::<Option<Vec<_>>>().ok_or(Reason::Layout)?;
        let start = DraftAnchor {
            path: path.clone(),
            side: Side::Start,
            offset: spot.shape.range.start,
        };
        let kind = ChangeKind::Shortened { count: 1 };
        if plan.prepended.is_empty() && plan.shortened == items.len() {
            let changes = rows.into_iter();
            let changes = changes.map(|row| (path.clone(), kind.clone(), row.range));
            drafts.push(self.emptied(spot, "[]", changes.collect(), start)?);
            return Ok(());
        }
        let mut gone = Vec::new();
        for (index, row) in rows.into_iter().enumerate() {
            let new = (index == 0 && !plan.prepended.is_empty()).then(|| New {
                spellings: plan.prepended.iter().map(item).collect(),
                meaning: Meaning::Elements(path.clone()),
            });
            match (new, index < plan.shortened) {
                (Some(new), true) => {
                    let what = (path.clone(), kind.clone());
                    drafts.push(row.yield_to(self.text(), &new, what, start.clone()));
                }
                (Some(new), false) => {
                    drafts.push(put_first(self.text(), &row, &new, start.clone()));
                }
                (None, true) => gone.push(Gone {
                    row,
                    path: path.clone(),
                    kind: kind.clone(),
                    anchor: start.clone(),
                }),
                (None, false) => {}
            }
        }
        self.take_out(gone, plan.shortened == items.len(), drafts);
        Ok(())
    }

    /// Returns the lines of a member.
    fn row(&self, index: usize, member: &Pair, place: &Place<'_>) -> Result<Row, Reason> {
        let key = &member.key_shape;
        if key.has_anchor || key.has_tag || matches!(key.form, Form::Alias) {
            return Err(Reason::Anchor);
        }
        let has_colon = crate::yaml::colon(self.text(), key.range.end).is_some();
        let has_line = index == 0 || first_on_line(self.text(), key.range.start).is_some();
        if !has_colon || !has_line {
            return Err(Reason::Layout);
        }
        let end = member.value.range.end.max(key.range.end);
        let path = extended(place.new, &member.key);
        Row::of(self.text(), key.range.start..end, path).ok_or(Reason::Layout)
    }

    fn spell(&self, additions: &[&Addition], indentation: &str, place: &Place<'_>) -> New {
        let spell = |addition: &&Addition| match &addition.spelling {
            Some(spelling) => spelling.clone(),
            None => spell::member(&addition.key, &addition.value, indentation, self.style),
        };
        let path = |addition: &&Addition| extended(place.new, &addition.key);
        New {
            spellings: additions.iter().map(spell).collect(),
            meaning: Meaning::Members(additions.iter().map(path).collect()),
        }
    }

    /// Writes brackets in the place of a list or map that has nothing left.
    fn emptied(
        &self,
        spot: &Spot<'_>,
        brackets: &str,
        gone: Vec<(Path, ChangeKind, Range<usize>)>,
        anchor: DraftAnchor,
    ) -> Result<Draft, Reason> {
        let range = self.whole(spot).ok_or(Reason::Layout)?;
        let start = range.start;
        let is_behind_mark = start == spot.from && spot.holder.is_some();
        let mut draft = Draft::at(range, anchor);
        if is_behind_mark {
            draft.with.push(' ');
        }
        draft.with.push_str(brackets);
        draft.changes = gone
            .into_iter()
            .map(|(path, kind, range)| Change {
                path,
                kind,
                old: range.start - start..range.end - start,
                new: 0..0,
            })
            .collect();
        Ok(draft)
    }

    /// Takes out rows that follow each other. `is_last` tells that no other follows them.
    fn take_out(&self, gone: Vec<Gone>, is_last: bool, drafts: &mut Vec<Draft>) {
        let text = self.text();
        let starts_inside = gone
            .first()
            .is_some_and(|gone| first_on_line(text, gone.row.range.start).is_none());
        let ends_text = is_last && gone.last().is_some_and(|gone| gone.row.ends_text());
        for gone in gone {
            let Gone {
                row,
                path,
                kind,
                anchor,
            } = gone;
            let lines = row.lines(text);
            let line = first_on_line(text, row.range.start).unwrap_or(row.range.start);
            let range = if starts_inside {
                // What follows moves up behind the dash, so its own indentation goes.
                row.range.start..past_blanks(text, lines.end)
            } else if ends_text {
                let end = if row.ends_text() { lines.end } else { row.tail };
                without_newline(text, line)..end
            } else {
                lines
            };
            drafts.push(Draft::gone(range, row.range.clone(), (path, kind), anchor));
        }
    }
}

/// Puts rows before another.
fn put_first(text: &str, row: &Row, new: &New, anchor: DraftAnchor) -> Draft {
    let separator = row.separator(text);
    let start = row.range.start;
    let mut draft = Draft::at(start..start, anchor);
    draft.spell(new, "", &separator, &separator);
    draft
}

fn item(value: &Value) -> Zeroizing<String> {
    let spelled = spell::value(value);
    Zeroizing::new(["- ", spelled.as_str()].concat())
}

fn removed(members: &[Pair], index: usize) -> ChangeKind {
    let behind = index.checked_sub(1).map(|index| members[index].key.clone());
    ChangeKind::Removed { behind }
}

fn past_blanks(text: &str, offset: usize) -> usize {
    let rest = text.get(offset..).unwrap_or_default();
    offset + rest.len() - rest.trim_start_matches([' ', '\t']).len()
}
