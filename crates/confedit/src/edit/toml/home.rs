//! Tables that are spelled by lines: below a header of their own, at the top, or by dotted keys.

use std::{collections::BTreeMap, ops::Range};

use super::{Statement, TomlWriter};
use crate::{
    Node,
    edit::{
        ChangeKind, EditFailure, Path, Reason, Side,
        bracketed::{Meaning, New},
        draft::{Draft, DraftAnchor, Place},
        plan::{Addition, Plan, extended},
        rows::{Row, first_on_line, without_newline},
        trivia,
    },
};

/// Where the members of a table are that have lines of their own.
struct Home<'text> {
    /// What stands before the key on each line.
    prefix: &'text str,
    /// The header, if there is one.
    header: Option<usize>,
    /// The statements of the section that belong to the table.
    statements: Vec<usize>,
}

/// A member and the statements that spell it.
struct Spelled {
    /// All of them follow each other.
    range: Range<usize>,
    row: Option<Row>,
}

impl TomlWriter<'_, '_> {
    pub(super) fn reshape_lines(
        &self,
        node: &Node,
        plan: &Plan,
        place: &Place<'_>,
        drafts: &mut Vec<Draft>,
    ) -> Result<(), EditFailure> {
        let refused = |reason| place.refused(self.document, node.span.start, reason);
        if node.is_list() {
            return Err(refused(Reason::Table));
        }
        let home = self
            .home(place.old)
            .ok_or_else(|| refused(Reason::NoLines))?;
        let mut behind = BTreeMap::<Option<&str>, Vec<&Addition>>::new();
        for (gap, additions) in &plan.inserted {
            let before = &node.members()[..(*gap).min(node.members().len())];
            let target = before
                .iter()
                .rev()
                .map(|member| member.key.as_str())
                .find(|key| {
                    home.statements
                        .iter()
                        .any(|at| self.makes(*at, place.old, key))
                });
            behind.entry(target).or_default().extend(additions);
        }
        let goes = |at: &usize| {
            plan.removed
                .iter()
                .any(|key| self.makes(*at, place.old, key))
        };
        let is_implied = home.header.is_none() && !place.old.is_empty();
        if is_implied && plan.inserted.is_empty() && home.statements.iter().all(goes) {
            return Err(refused(Reason::NoLines));
        }
        for key in &plan.removed {
            let spelled = self
                .find(key, place)
                .ok_or_else(|| refused(Reason::Spread))?;
            let yields = behind.remove(&Some(key.as_str()));
            let new = yields
                .map(|additions| self.spell_new(&home, &additions, place))
                .transpose()?;
            drafts.push(self.take(key, &spelled, new.as_ref(), node, place));
        }
        for (target, additions) in behind {
            let new = self.spell_new(&home, &additions, place)?;
            let row = target
                .and_then(|key| self.find(key, place))
                .and_then(|spelled| spelled.row);
            drafts.push(match row {
                Some(row) => row.put_behind(self.text(), &new),
                None => self
                    .put_first(&home, &new)
                    .ok_or_else(|| refused(Reason::Layout))?,
            });
        }
        Ok(())
    }

    /// Returns where the lines of the table at `path` are.
    fn home(&self, path: &[String]) -> Option<Home<'_>> {
        let in_section = |section: Option<usize>| {
            (0..self.statements.len())
                .filter(|at| {
                    let statement = &self.statements[*at];
                    !statement.is_header
                        && statement.section == section
                        && statement.path.starts_with(path)
                })
                .collect::<Vec<_>>()
        };
        let header = self
            .statements
            .iter()
            .position(|statement| statement.is_header && statement.path == path);
        if header.is_some() || path.is_empty() {
            return Some(Home {
                prefix: "",
                header,
                statements: in_section(header),
            });
        }
        let first = self
            .statements
            .iter()
            .find(|statement| !statement.is_header && statement.path.starts_with(path))?;
        let above = first.path.len() - first.keys.len();
        let next = first.keys.get(path.len().checked_sub(above)?)?;
        Some(Home {
            prefix: self.text().get(first.keys.first()?.start..next.start)?,
            header: None,
            statements: in_section(first.section),
        })
    }

    /// Returns whether a statement spells the member `key` of the table at `path`, or a part of it.
    fn makes(&self, at: usize, path: &[String], key: &str) -> bool {
        let made = &self.statements[at].path;
        made.starts_with(path) && made.get(path.len()).is_some_and(|step| step == key)
    }

    /// Finds all that spells a member; `None` if other statements stand between.
    fn find(&self, key: &str, place: &Place<'_>) -> Option<Spelled> {
        let all = || (0..self.statements.len()).filter(|at| self.makes(*at, place.old, key));
        let (first, last) = (all().next()?, all().next_back()?);
        let is_one_piece = all().count() == last - first + 1;
        let starts_with_header = self.statements[first].is_header;
        let has_headers = all().any(|at| self.statements[at].is_header);
        if !is_one_piece || starts_with_header != has_headers {
            return None;
        }
        let (first, last) = (&self.statements[first], &self.statements[last]);
        let range = first.range.start..last.range.end;
        let row = Row::of(self.text(), range.clone(), last.path.clone())?;
        Some(Spelled {
            range,
            row: (!has_headers).then_some(row),
        })
    }

    /// Takes a member out, and puts others in its place.
    fn take(
        &self,
        key: &str,
        spelled: &Spelled,
        new: Option<&New>,
        node: &Node,
        place: &Place<'_>,
    ) -> Draft {
        let members = node.members();
        let index = members
            .iter()
            .position(|member| member.key == key)
            .unwrap_or_default();
        let behind = index.checked_sub(1).map(|index| members[index].key.clone());
        let gone = (extended(place.new, key), ChangeKind::Removed { behind });
        let anchor = self.anchor_before(spelled.range.start);
        match (&spelled.row, new) {
            (Some(row), Some(new)) => row.yield_to(self.text(), new, gone, anchor),
            (Some(row), None) => {
                Draft::gone(row.lines(self.text()), spelled.range.clone(), gone, anchor)
            }
            (None, _) => {
                let lines = self.section_lines(&spelled.range);
                Draft::gone(lines, spelled.range.clone(), gone, anchor)
            }
        }
    }

    /// Returns the lines of a table with the empty ones before it.
    fn section_lines(&self, range: &Range<usize>) -> Range<usize> {
        let text = self.text();
        let mut start = first_on_line(text, range.start).unwrap_or(range.start);
        loop {
            let before = without_newline(text, start);
            match first_on_line(text, before) {
                Some(line) if before < start => start = line,
                _ => break,
            }
        }
        match Row::of(text, range.clone(), Path::new()) {
            Some(row) => {
                let lines = row.lines(text);
                // At the end of the text the line before ends like the last one did.
                if lines.end == text.len() && !text.ends_with('\n') {
                    without_newline(text, start)..lines.end
                } else {
                    start..lines.end
                }
            }
            None => start..range.end,
        }
    }

    /// Returns the last value or header before an offset that stays.
    fn anchor_before(&self, offset: usize) -> DraftAnchor {
        let before = self.statements.iter().zip(&self.gone).rev();
        let mut before =
            before.filter(|(statement, is_gone)| statement.range.end <= offset && !**is_gone);
        match before.next() {
            Some((statement, _)) => DraftAnchor {
                path: statement.path.clone(),
                side: Side::End,
                offset: statement.range.end,
            },
            None => DraftAnchor {
                path: Path::new(),
                side: Side::Start,
                offset: self.document.root().span.start,
            },
        }
    }

    /// Puts members before all others of their table.
    fn put_first(&self, home: &Home<'_>, new: &New) -> Option<Draft> {
        let text = self.text();
        if let Some(header) = home.header {
            let Statement { range, path, .. } = &self.statements[header];
            return Some(Row::of(text, range.clone(), path.clone())?.put_behind(text, new));
        }
        let separator;
        let start = match home.statements.first() {
            Some(first) => {
                let range = self.statements[*first].range.clone();
                separator = Row::of(text, range.clone(), Path::new())?.separator(text);
                range.start
            }
            None => {
                separator = trivia::newline(text).to_owned();
                self.document.root().span.start
            }
        };
        let mut draft = Draft::at(start..start, self.anchor_before(start));
        draft.spell(new, "", &separator, &separator);
        Some(draft)
    }

    fn spell_new(
        &self,
        home: &Home<'_>,
        additions: &[&Addition],
        place: &Place<'_>,
    ) -> Result<New, EditFailure> {
        let style = self.style(home.statements.first().map(|at| {
            let statement: &Statement = &self.statements[*at];
            let key_end = statement
                .keys
                .last()
                .map_or(statement.range.start, |key| key.end);
            key_end..statement.value.start
        }));
        let spell = |addition: &&Addition| {
            self.spell_member(addition, home.prefix, style)
                .ok_or_else(|| EditFailure::Refused {
                    path: extended(place.old, &addition.key),
                    position: self.document.position(0),
                    reason: Reason::Unspellable,
                })
        };
        Ok(New {
            spellings: additions.iter().map(spell).collect::<Result<_, _>>()?,
            meaning: Meaning::Members(
                additions
                    .iter()
                    .map(|addition| extended(place.new, &addition.key))
                    .collect(),
            ),
        })
    }
}
