//! How YAML is laid out: what its tree does not tell.

use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle};

use crate::yaml::{Offsets, colon, flow_end, trim};

/// A value as it is written.
pub(super) struct Shape {
    /// From its first byte to its last; of a block scalar, from its `|` or `>`, if it is found.
    pub(super) range: Range<usize>,
    pub(super) has_anchor: bool,
    pub(super) has_tag: bool,
    pub(super) form: Form,
}

/// What kind of writing it is.
pub(super) enum Form {
    Scalar(ScalarStyle),
    Alias,
    List { is_flow: bool, items: Vec<Shape> },
    Map { is_flow: bool, members: Vec<Pair> },
}

/// A member of a map.
pub(super) struct Pair {
    pub(super) key: String,
    pub(super) key_shape: Shape,
    pub(super) value: Shape,
}

/// A collection that is still being read.
struct Open {
    start: usize,
    has_anchor: bool,
    has_tag: bool,
    inside: Inside,
}

enum Inside {
    List(Vec<Shape>),
    Map(Vec<Pair>, Option<(String, Shape)>),
}

impl Shape {
    /// Reads the layout of the first document; `None` where that does not work out.
    pub(super) fn of(text: &str) -> Option<Self> {
        let skipped = text.len() - text.trim_start_matches('\u{FEFF}').len();
        let body = text.get(skipped..)?;
        let mut reader = Reader {
            text: body,
            open: Vec::new(),
            root: None,
        };
        let offsets = Offsets::of(body);
        for event in Parser::new_from_str(body) {
            let (event, span) = event.ok()?;
            if matches!(event, Event::DocumentEnd) {
                break;
            }
            reader.take(event, offsets.range(span))?;
        }
        let mut root = reader.root?;
        root.shift(skipped);
        Some(root)
    }

    fn shift(&mut self, by: usize) {
        self.range = self.range.start + by..self.range.end + by;
        match &mut self.form {
            Form::Scalar(_) | Form::Alias => {}
            Form::List { items, .. } => items.iter_mut().for_each(|item| item.shift(by)),
            Form::Map { members, .. } => {
                for member in members {
                    member.key_shape.shift(by);
                    member.value.shift(by);
                }
            }
        }
    }

    /// Returns whether an anchor or an alias is in it.
    pub(super) fn is_shared(&self) -> bool {
        self.has_anchor
            || match &self.form {
                Form::Scalar(_) => false,
                Form::Alias => true,
                Form::List { items, .. } => items.iter().any(Self::is_shared),
                Form::Map { members, .. } => members
                    .iter()
                    .any(|member| member.key_shape.is_shared() || member.value.is_shared()),
            }
    }

    pub(super) fn is_flow(&self) -> bool {
        match self.form {
            Form::List { is_flow, .. } | Form::Map { is_flow, .. } => is_flow,
            Form::Scalar(_) | Form::Alias => false,
        }
    }

    pub(super) fn is_block_scalar(&self) -> bool {
        matches!(
            self.form,
            Form::Scalar(ScalarStyle::Literal | ScalarStyle::Folded)
        )
    }

    /// Returns whether it is a list or map without brackets.
    pub(super) fn is_block(&self) -> bool {
        match self.form {
            Form::List { is_flow, .. } | Form::Map { is_flow, .. } => !is_flow,
            Form::Scalar(_) | Form::Alias => false,
        }
    }

    /// Returns the values in it.
    pub(super) fn inside(&self) -> Box<dyn Iterator<Item = &Self> + '_> {
        match &self.form {
            Form::Scalar(_) | Form::Alias => Box::new(std::iter::empty()),
            Form::List { items, .. } => Box::new(items.iter()),
            Form::Map { members, .. } => Box::new(members.iter().map(|member| &member.value)),
        }
    }
}

struct Reader<'text> {
    text: &'text str,
    open: Vec<Open>,
    root: Option<Shape>,
}

impl Reader<'_> {
    fn take(&mut self, event: Event<'_>, range: Range<usize>) -> Option<()> {
        let mut start = |anchor: usize, has_tag: bool, inside: Inside| {
            self.open.push(Open {
                start: range.start,
                has_anchor: anchor > 0,
                has_tag,
                inside,
            });
        };
        match event {
            Event::SequenceStart(anchor, tag) => {
                start(anchor, tag.is_some(), Inside::List(Vec::new()));
            }
            Event::MappingStart(anchor, tag) => {
                start(anchor, tag.is_some(), Inside::Map(Vec::new(), None));
            }
            Event::SequenceEnd | Event::MappingEnd => return self.close(range.start),
            Event::Alias(_) => {
                let shape = Shape {
                    range,
                    has_anchor: false,
                    has_tag: false,
                    form: Form::Alias,
                };
                return self.finish(shape, None);
            }
            Event::Scalar(text, style, anchor, tag) => {
                let shape = Shape {
                    range: self.scalar(&text, style, range)?,
                    has_anchor: anchor > 0,
                    has_tag: tag.is_some(),
                    form: Form::Scalar(style),
                };
                return self.finish(shape, Some(text.into_owned()));
            }
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => {}
        }
        Some(())
    }

    fn scalar(&self, text: &str, style: ScalarStyle, range: Range<usize>) -> Option<Range<usize>> {
        Some(match style {
            ScalarStyle::Plain if text.is_empty() => {
                let at = match self.open.last().map(|open| &open.inside) {
                    Some(Inside::Map(_, Some((_, key)))) => {
                        let key = key.range.end;
                        colon(self.text, key).map_or(key, |colon| colon + 1)
                    }
                    Some(Inside::List(_)) => behind_dash(self.text, range.start)?,
                    _ => range.start,
                };
                at..at
            }
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let spelled = self.text.get(range.clone()).unwrap_or_default();
                // The parser goes on to where the next line starts behind its blanks.
                let spelled = match spelled.rsplit_once('\n') {
                    Some((lines, last)) if last.trim_matches([' ', '\t']).is_empty() => {
                        &spelled[..=lines.len()]
                    }
                    _ => spelled,
                };
                // Line ends that count belong to it, but for the last, which ends its line.
                let kept = match text.ends_with("\n\n") || text == "\n" {
                    true => spelled
                        .strip_suffix("\r\n")
                        .or_else(|| spelled.strip_suffix('\n'))
                        .unwrap_or(spelled),
                    false => spelled.trim_end_matches(['\n', '\r']),
                };
                let end = range.start + kept.len();
                block_header(self.text, range.start).unwrap_or(range.start)..end
            }
            ScalarStyle::Plain | ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                trim(self.text, range, style)
            }
        })
    }

    fn close(&mut self, offset: usize) -> Option<()> {
        let open = self.open.pop()?;
        let last = match &open.inside {
            Inside::List(items) => items.last().map(|item| item.range.end),
            Inside::Map(members, _) => members.last().map(|member| member.value.range.end),
        };
        let last = last.unwrap_or(offset);
        let flow_end = flow_end(self.text, open.start, last.max(open.start + 1));
        let is_flow = flow_end.is_some();
        let (start, form) = match open.inside {
            Inside::List(items) => {
                let first = items.first().filter(|_| !is_flow);
                let dash = first.and_then(|first| dash(self.text, first.range.start));
                let form = Form::List { is_flow, items };
                (dash.unwrap_or(open.start), form)
            }
            Inside::Map(_, Some(_)) => return None,
            Inside::Map(members, None) => (open.start, Form::Map { is_flow, members }),
        };
        let end = flow_end.unwrap_or(last);
        let shape = Shape {
            range: start..end.max(start),
            has_anchor: open.has_anchor,
            has_tag: open.has_tag,
            form,
        };
        self.finish(shape, None)
    }

    fn finish(&mut self, shape: Shape, text: Option<String>) -> Option<()> {
        match self.open.last_mut().map(|open| &mut open.inside) {
            None => {
                if self.root.is_none() {
                    self.root = Some(shape);
                }
            }
            Some(Inside::List(items)) => items.push(shape),
            Some(Inside::Map(members, key)) => match key.take() {
                Some((key, key_shape)) => members.push(Pair {
                    key,
                    key_shape,
                    value: shape,
                }),
                // A key that is an alias has no text here, so its map is not followed.
                None => *key = Some((text.unwrap_or_default(), shape)),
            },
        }
        Some(())
    }
}

/// Returns where the `|` or `>` is of text that starts at `offset`, on a line below.
fn block_header(text: &str, offset: usize) -> Option<usize> {
    let before = text
        .get(..offset)?
        .trim_end_matches([' ', '\t', '\r', '\n']);
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    let is_header = |at: usize| {
        let lead = before.get(line..at).unwrap_or_default();
        let lead = lead.trim_end_matches([' ', '\t', '\u{FEFF}']);
        let marks = before.get(at + 1..).unwrap_or_default();
        let rest =
            marks.trim_start_matches(|mark: char| mark.is_ascii_digit() || "+-".contains(mark));
        let comment = rest.trim_start_matches([' ', '\t']);
        let is_comment = comment.starts_with('#') && comment.len() < rest.len();
        (lead.is_empty() || lead.ends_with(['-', ':'])) && (rest.is_empty() || is_comment)
    };
    (line..before.len())
        .find(|at| matches!(before.as_bytes().get(*at), Some(b'|' | b'>')) && is_header(*at))
}

/// Returns where an element would stand that is left out: the parser goes on to what follows it.
fn behind_dash(text: &str, offset: usize) -> Option<usize> {
    let before = text.get(..offset)?.trim_end();
    let line = before.rsplit('\n').next()?;
    (before.ends_with('-') && !line.contains('#')).then_some(before.len())
}

/// Returns where the dash is of an item that starts on the same line.
pub(super) fn dash(text: &str, start: usize) -> Option<usize> {
    let before = text.get(..start)?.trim_end_matches([' ', '\t']);
    before.ends_with('-').then(|| before.len() - 1)
}
