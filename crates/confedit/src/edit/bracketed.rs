use std::ops::Range;

use zeroize::Zeroizing;

use super::{
    Change, ChangeKind, EditFailure, Path, Side, Value,
    arrange::{self, Arrangement},
    draft::{Draft, DraftAnchor},
    plan::{Addition, Plan, extended},
    trivia::{self, Comments, Follow, Gap},
};
use crate::{Member, Node};

/// A list or map between brackets, with commas between its items.
pub(super) struct Bracketed<'text> {
    text: &'text str,
    /// The place of the value in the new text, and where its first byte is.
    path: Path,
    start: usize,
    items: Vec<Item>,
    /// What stands before each item, and behind the last.
    gaps: Vec<Gap>,
}

/// A member or an element.
struct Item {
    /// Its bytes; of a member, from its key to the end of its value.
    range: Range<usize>,
    /// Its place in the new text; of an element that goes, the list.
    path: Path,
    fate: Fate,
}

/// A member or element that is to be spelled.
#[derive(Clone, Copy)]
pub(super) enum Newcomer<'plan> {
    Member(&'plan Addition),
    Element(&'plan Value),
}

/// What happens to an item.
enum Fate {
    Stays,
    Goes(ChangeKind),
    /// It goes, and others take its place.
    Yields(ChangeKind, New),
}

/// New items that stand beside each other.
pub(super) struct New {
    pub(super) spellings: Vec<Zeroizing<String>>,
    pub(super) meaning: Meaning,
}

/// What new items mean.
pub(super) enum Meaning {
    /// Each is a member.
    Members(Vec<Path>),
    /// They are the first elements of the list.
    Elements(Path),
}

impl<'text> Bracketed<'text> {
    /// Looks at what stands between the items of a list or map, which all stay at first; `None` if
    /// there is anything but blanks, comments and commas.
    pub(super) fn of(
        text: &'text str,
        node: &Node,
        path: &[String],
        comments: Comments,
    ) -> Option<Self> {
        let items = items(node, path);
        let mut cursor = node.span.start + 1;
        let mut gaps = Vec::with_capacity(items.len() + 1);
        for item in &items {
            gaps.push(Gap::of(text, cursor..item.range.start, comments)?);
            cursor = item.range.end;
        }
        gaps.push(Gap::of(
            text,
            cursor..node.span.end.checked_sub(1)?,
            comments,
        )?);
        let count = items.len();
        let commas_fit = gaps.iter().enumerate().all(|(at, gap)| match at {
            0 => gap.comma.is_none(),
            _ => at == count || gap.comma.is_some(),
        });
        commas_fit.then(|| Self {
            text,
            path: path.to_vec(),
            start: node.span.start,
            items,
            gaps,
        })
    }

    /// Returns whether items follow each other without blanks, as in minified JSON; `None` if that
    /// cannot be told.
    pub(super) fn is_compact(&self) -> Option<bool> {
        self.between().map(str::is_empty)
    }

    /// Lets members come and go, or elements at the front of a list.
    pub(super) fn reshape(
        &mut self,
        node: &Node,
        plan: &Plan,
        spell: &dyn Fn(Newcomer<'_>) -> Result<Zeroizing<String>, EditFailure>,
        drafts: &mut Vec<Draft>,
    ) -> Result<(), EditFailure> {
        let new = if node.is_map() {
            self.arrange(node, plan, spell)?
        } else {
            self.arrange_elements(plan, spell)?
        };
        self.write(&new, drafts);
        Ok(())
    }

    /// Decides about each member, and returns what comes where no neighbour goes.
    fn arrange(
        &mut self,
        node: &Node,
        plan: &Plan,
        spell: &dyn Fn(Newcomer<'_>) -> Result<Zeroizing<String>, EditFailure>,
    ) -> Result<Vec<(usize, New)>, EditFailure> {
        let arrangement = Arrangement::of(node, plan);
        let members = |additions: &[&Addition]| {
            Ok(New {
                spellings: additions
                    .iter()
                    .map(|addition| spell(Newcomer::Member(addition)))
                    .collect::<Result<_, _>>()?,
                meaning: Meaning::Members(
                    additions
                        .iter()
                        .map(|addition| extended(&self.path, &addition.key))
                        .collect(),
                ),
            })
        };
        let mut new = Vec::new();
        for (gap, additions) in arrangement.gaps.iter().enumerate() {
            if !additions.is_empty() {
                new.push((gap, members(additions)?));
            }
        }
        let mut fates = Vec::with_capacity(self.items.len());
        for (index, fate) in arrangement.fates.iter().enumerate() {
            let behind = index
                .checked_sub(1)
                .map(|index| node.members()[index].key.clone());
            let kind = ChangeKind::Removed { behind };
            fates.push(match fate {
                arrange::Fate::Stays => Fate::Stays,
                arrange::Fate::Goes => Fate::Goes(kind),
                arrange::Fate::Yields(additions) => Fate::Yields(kind, members(additions)?),
            });
        }
        for (item, fate) in self.items.iter_mut().zip(fates) {
            item.fate = fate;
        }
        Ok(new)
    }

    /// Decides about each element, and returns what comes where none goes.
    fn arrange_elements(
        &mut self,
        plan: &Plan,
        spell: &dyn Fn(Newcomer<'_>) -> Result<Zeroizing<String>, EditFailure>,
    ) -> Result<Vec<(usize, New)>, EditFailure> {
        let spellings = plan
            .prepended
            .iter()
            .map(|value| spell(Newcomer::Element(value)))
            .collect::<Result<Vec<_>, _>>()?;
        let mut new = (!spellings.is_empty()).then(|| New {
            spellings,
            meaning: Meaning::Elements(self.path.clone()),
        });
        for (index, item) in self.items.iter_mut().enumerate() {
            item.path.pop();
            if index < plan.shortened {
                let kind = ChangeKind::Shortened { count: 1 };
                item.fate = match new.take() {
                    Some(new) => Fate::Yields(kind, new),
                    None => Fate::Goes(kind),
                };
            } else {
                let moved = index + plan.prepended.len() - plan.shortened;
                item.path.push(moved.to_string());
            }
        }
        Ok(new.map(|new| (0, new)).into_iter().collect())
    }

    fn write(&self, new: &[(usize, New)], drafts: &mut Vec<Draft>) {
        for (gap, new) in new {
            match gap.checked_sub(1) {
                _ if self.items.is_empty() => drafts.push(self.fill(new)),
                None => drafts.push(self.put_first(new)),
                Some(before) => self.put_behind(before, new, drafts),
            }
        }
        for (index, item) in self.items.iter().enumerate() {
            if let Fate::Yields(kind, new) = &item.fate {
                let separator = self.separator(index);
                let mut draft = self.draft(item.range.clone(), index);
                draft.spell(new, "", &[",", &separator].concat(), "");
                draft.changes.insert(
                    0,
                    Change {
                        path: item.path.clone(),
                        kind: kind.clone(),
                        old: 0..item.range.len(),
                        new: 0..0,
                    },
                );
                drafts.push(draft);
            }
        }
        self.take_out(drafts);
    }

    fn take_out(&self, drafts: &mut Vec<Draft>) {
        let goes = |index: usize| matches!(self.items[index].fate, Fate::Goes(_));
        let mut index = 0;
        while index < self.items.len() {
            if !goes(index) {
                index += 1;
                continue;
            }
            let run = index
                ..(index..self.items.len())
                    .find(|index| !goes(*index))
                    .unwrap_or(self.items.len());
            index = run.end;
            let keeps_comma = run.end < self.items.len() || self.gaps[run.end].comma.is_some();
            if run.start == 0 || keeps_comma {
                let mut cursor = 0;
                for item in run {
                    cursor = self.take_line(item, cursor, drafts);
                }
            } else {
                self.take_tail(run, drafts);
            }
        }
    }

    /// Takes out one item with the comma behind it.
    fn take_line(&self, index: usize, cursor: usize, drafts: &mut Vec<Draft>) -> usize {
        let range = &self.items[index].range;
        let (before, after) = (&self.gaps[index], &self.gaps[index + 1]);
        let (tail, follow) = after.tail(index + 1 == self.items.len());
        let start_of_blanks = before.before_blanks();
        let comma = after.comma.filter(|comma| *comma >= tail);
        if let (Some(own), Some(_), true) = (before.comma, comma, cursor <= before.range.start) {
            // Commas lead their lines.
            let start = if before.is_plain() {
                before.range.start
            } else {
                own
            };
            return self.take(index, start..tail, drafts);
        }
        let taken = match (before.line_start(), follow) {
            (Some((line, _)), Follow::Newline(newline)) => line..newline.end,
            (_, Follow::Next) => range.start..after.past_blanks(tail),
            (Some(_), Follow::Close) => range.start..tail,
            (None, Follow::Newline(_) | Follow::Close) => start_of_blanks..tail,
        };
        let end = self.take(index, taken.start.max(cursor)..taken.end, drafts);
        match comma {
            Some(comma) => {
                drafts.push(self.draft(comma..comma + 1, index));
                comma + 1
            }
            None => end,
        }
    }

    /// Takes out the last items, with the comma before them.
    fn take_tail(&self, run: Range<usize>, drafts: &mut Vec<Draft>) {
        let gap = &self.gaps[run.start];
        let comma = gap.comma;
        let mut cursor = match comma {
            Some(comma) if !(gap.is_plain() && gap.is_led_by_newline()) => comma,
            _ => gap.range.start,
        };
        for index in run.clone() {
            if self.gaps[index].is_plain() {
                let (tail, _) = self.gaps[index + 1].tail(index + 1 == self.items.len());
                cursor = self.take(index, cursor..tail, drafts);
                continue;
            }
            if index == run.start && comma.is_some() {
                drafts.push(self.draft(cursor..cursor + 1, index));
                cursor += 1;
            }
            cursor = self.take_line(index, cursor, drafts);
        }
    }

    fn take(&self, index: usize, range: Range<usize>, drafts: &mut Vec<Draft>) -> usize {
        let item = &self.items[index];
        let end = range.end;
        let draft = self.draft(range, index);
        drafts.push(match &item.fate {
            Fate::Goes(kind) => {
                let gone = (item.path.clone(), kind.clone());
                Draft::gone(draft.range, item.range.clone(), gone, draft.anchor)
            }
            Fate::Stays | Fate::Yields(..) => draft,
        });
        end
    }

    /// Puts items between brackets that hold none.
    fn fill(&self, new: &New) -> Draft {
        let gap = &self.gaps[0];
        let open = gap.range.start;
        let inner = self.text.get(gap.range.clone()).unwrap_or_default();
        let (tail, follow) = gap.tail(true);
        if let Follow::Newline(newline) = follow {
            let newline = self.text.get(newline).unwrap_or("\n");
            let outer = trivia::indentation(self.text, gap.range.end);
            let unit = trivia::indentation_unit(self.text);
            let line = [newline, outer, unit].concat();
            let mut draft = self.draft(tail..tail, 0);
            draft.spell(new, &line, &[",", &line].concat(), "");
            return draft;
        }
        let blank = if inner.starts_with(' ') { " " } else { "" };
        let end = if inner.starts_with('/') { " " } else { "" };
        let mut draft = self.draft(open..open, 0);
        draft.spell(new, blank, ", ", end);
        draft
    }

    fn put_first(&self, new: &New) -> Draft {
        let separator = self.separator(0);
        if separator.contains('\n') {
            let (tail, _) = self.gaps[0].tail(false);
            let mut draft = self.draft(tail..tail, 0);
            draft.spell(new, &separator, &[",", &separator].concat(), ",");
            return draft;
        }
        let start = self.items[0].range.start;
        let mut draft = self.draft(start..start, 0);
        let between = [",", &separator].concat();
        draft.spell(new, "", &between, &between);
        draft
    }

    fn put_behind(&self, index: usize, new: &New, drafts: &mut Vec<Draft>) {
        let separator = self.separator(index);
        let between = [",", &separator].concat();
        let end = self.items[index].range.end;
        let gap = &self.gaps[index + 1];
        let (tail, follow) = gap.tail(index + 1 == self.items.len());
        let has_own_line = self.gaps[index].line_start().is_some() && follow != Follow::Next;
        if !has_own_line {
            let mut draft = self.draft(end..end, index + 1);
            draft.spell(new, &between, &between, "");
            drafts.push(draft);
        } else if gap.comma.is_some_and(|comma| comma < tail) {
            let mut draft = self.draft(tail..tail, index + 1);
            draft.spell(new, &separator, &between, ",");
            drafts.push(draft);
        } else {
            let mut comma = self.draft(end..end, index + 1);
            comma.with.push(',');
            drafts.push(comma);
            let mut draft = self.draft(tail..tail, index + 1);
            draft.spell(new, &separator, &between, "");
            drafts.push(draft);
        }
    }

    /// Returns what stands between an item and others beside it, without the comma.
    fn separator(&self, index: usize) -> String {
        let (_, follow) = self.gaps[index + 1].tail(index + 1 == self.items.len());
        match self.gaps[index].line_start() {
            Some((line, newline)) if follow != Follow::Next => {
                let indentation = line..self.items[index].range.start;
                [newline, indentation]
                    .into_iter()
                    .filter_map(|range| self.text.get(range))
                    .collect()
            }
            _ => self.between().unwrap_or(" ").to_owned(),
        }
    }

    /// Returns the blanks behind the first comma that an item follows on its line.
    fn between(&self) -> Option<&'text str> {
        self.gaps
            .iter()
            .take(self.items.len())
            .find_map(|gap| gap.blanks_behind_comma(self.text))
    }

    /// Starts a splice that is found by the nearest item before `index` that stays.
    fn draft(&self, range: Range<usize>, index: usize) -> Draft {
        let before = self.items.get(..index).unwrap_or(&self.items);
        let stays = |item: &&Item| matches!(item.fate, Fate::Stays);
        let anchor = match before.iter().rev().find(stays) {
            Some(item) => DraftAnchor {
                path: item.path.clone(),
                side: Side::End,
                offset: item.range.end,
            },
            None => DraftAnchor {
                path: self.path.clone(),
                side: Side::Start,
                offset: self.start,
            },
        };
        Draft::at(range, anchor)
    }
}

fn items(node: &Node, path: &[String]) -> Vec<Item> {
    let item = |range, step: &str| Item {
        range,
        path: extended(path, step),
        fate: Fate::Stays,
    };
    if node.is_map() {
        let range = |member: &Member| {
            let end = member.key_span.end.max(member.value.span.end);
            item(member.key_span.start..end, &member.key)
        };
        node.members().iter().map(range).collect()
    } else {
        let elements = node.elements().iter().enumerate();
        elements
            .map(|(index, element)| item(element.span.clone(), &index.to_string()))
            .collect()
    }
}

impl Draft {
    /// Appends new items, with `first` before the first, `between` between two, and `last` behind
    /// the last.
    pub(super) fn spell(&mut self, new: &New, first: &str, between: &str, last: &str) {
        let length = new
            .spellings
            .iter()
            .map(|text| text.len() + between.len())
            .sum::<usize>();
        let mut with = Zeroizing::new(String::with_capacity(
            self.with.len() + first.len() + length + last.len(),
        ));
        with.push_str(&self.with);
        with.push_str(first);
        let mut ranges = Vec::with_capacity(new.spellings.len());
        for (index, spelling) in new.spellings.iter().enumerate() {
            if index > 0 {
                with.push_str(between);
            }
            ranges.push(with.len()..with.len() + spelling.len());
            with.push_str(spelling);
        }
        with.push_str(last);
        self.with = with;
        let change = |path: &Path, kind, new| Change {
            path: path.clone(),
            kind,
            old: 0..0,
            new,
        };
        match &new.meaning {
            Meaning::Members(paths) => {
                let changes = paths
                    .iter()
                    .zip(ranges)
                    .map(|(path, range)| change(path, ChangeKind::Inserted, range));
                self.changes.extend(changes);
            }
            Meaning::Elements(list) => {
                let count = new.spellings.len();
                let start = ranges.first().map_or(0, |range| range.start);
                let end = ranges.last().map_or(0, |range| range.end);
                self.changes
                    .push(change(list, ChangeKind::Prepended { count }, start..end));
            }
        }
    }
}
