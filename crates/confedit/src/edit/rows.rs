use std::ops::Range;

use super::{
    Change, ChangeKind, Path, Side,
    bracketed::New,
    draft::{Draft, DraftAnchor},
    trivia,
};

/// A member on lines of its own.
pub(super) struct Row {
    /// From its key to the end of its value.
    pub(super) range: Range<usize>,
    /// Where its line starts, if it is the first on it.
    line: Option<usize>,
    /// The end of its last line's comment, or of itself.
    pub(super) tail: usize,
    /// The end of its last line; nothing at the end of the text.
    newline: Option<Range<usize>>,
    /// The value in the new text that ends where the row ends.
    pub(super) last: Path,
}

impl Row {
    /// Looks at the lines around `range`; `None` if something else follows it on its line.
    pub(super) fn of(text: &str, range: Range<usize>, last: Path) -> Option<Self> {
        let rest = text.get(range.end..)?;
        let line = rest.split('\n').next()?;
        let line_end = range.end + line.len();
        let line = line.strip_suffix('\r').unwrap_or(line);
        let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
        let comment = line.get(blanks..)?;
        if !comment.is_empty() && !comment.starts_with('#') {
            return None;
        }
        let tail = if comment.is_empty() {
            range.end
        } else {
            range.end + line.len()
        };
        let newline = range.end + line.len()..line_end + 1;
        Some(Self {
            line: first_on_line(text, range.start),
            tail,
            newline: (line_end < text.len()).then_some(newline),
            range,
            last,
        })
    }

    /// Returns what another row beside this one starts with.
    pub(super) fn indentation(&self, text: &str) -> String {
        match self.line.and_then(|line| text.get(line..self.range.start)) {
            Some(blanks) => blanks.to_owned(),
            None => {
                let before = text.get(..self.range.start).unwrap_or_default();
                let line = before.rsplit('\n').next().unwrap_or_default();
                " ".repeat(line.chars().count())
            }
        }
    }

    /// Returns what ends the row's line and indents another row beside it.
    pub(super) fn separator(&self, text: &str) -> String {
        let newline = self.newline.clone().and_then(|range| text.get(range));
        [
            newline.unwrap_or(trivia::newline(text)),
            &self.indentation(text),
        ]
        .concat()
    }

    /// Returns the lines of the row, as they are taken out.
    pub(super) fn lines(&self, text: &str) -> Range<usize> {
        let start = self.line.unwrap_or(self.range.start);
        match &self.newline {
            Some(newline) => start..newline.end,
            // The line before becomes the last, without an end like this one.
            None => without_newline(text, start)..text.len(),
        }
    }

    /// Returns whether the text ends on the row's last line.
    pub(super) fn ends_text(&self) -> bool {
        self.newline.is_none()
    }

    /// Returns the value that an edit behind the row is found by.
    pub(super) fn anchor(&self) -> DraftAnchor {
        DraftAnchor {
            path: self.last.clone(),
            side: Side::End,
            offset: self.range.end,
        }
    }

    /// Puts rows behind this one.
    pub(super) fn put_behind(&self, text: &str, new: &New) -> Draft {
        let separator = self.separator(text);
        let mut draft = Draft::at(self.tail..self.tail, self.anchor());
        draft.spell(new, &separator, &separator, "");
        draft
    }

    /// Puts rows in the place of this one, which goes.
    pub(super) fn yield_to(
        &self,
        text: &str,
        new: &New,
        gone: (Path, ChangeKind),
        anchor: DraftAnchor,
    ) -> Draft {
        let mut draft = Draft::at(self.range.clone(), anchor);
        draft.spell(new, "", &self.separator(text), "");
        draft.changes.insert(
            0,
            Change {
                path: gone.0,
                kind: gone.1,
                old: 0..self.range.len(),
                new: 0..0,
            },
        );
        draft
    }
}

/// Returns where the line of `offset` starts, if only blanks stand before it there.
pub(super) fn first_on_line(text: &str, offset: usize) -> Option<usize> {
    let before = text.get(..offset)?;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = before.get(start..)?;
    let mark = line.len() - line.trim_start_matches('\u{FEFF}').len();
    line.get(mark..)?
        .bytes()
        .all(|byte| matches!(byte, b' ' | b'\t'))
        .then_some(start + mark)
}

/// Returns where the end of the line before `offset` starts.
pub(super) fn without_newline(text: &str, offset: usize) -> usize {
    let before = text.get(..offset).unwrap_or_default();
    match before.strip_suffix('\n') {
        Some(line) => line.strip_suffix('\r').unwrap_or(line).len(),
        None => offset,
    }
}
