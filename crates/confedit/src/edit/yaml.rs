mod block;
mod shape;
mod spell;

use std::ops::Range;

use zeroize::Zeroizing;

use super::{
    EditFailure, Reason, Side, Value,
    bracketed::{Bracketed, Newcomer},
    draft::{self, Draft, Place, Writer},
    escapes,
    plan::{Addition, Plan, Replacement},
    trivia::{self, Comments},
};
use crate::{Document, Node, yaml::colon};
use saphyr_parser::ScalarStyle;
use shape::{Form, Shape, dash};
use spell::Style;

/// Writes YAML.
pub(super) struct YamlWriter<'document, 'text> {
    document: &'document Document<'text>,
    root: Shape,
    style: Style<'text>,
}

/// A value, and where it stands.
struct Spot<'shape> {
    shape: &'shape Shape,
    /// Where what may spell it starts: behind the colon or the dash, or the text.
    from: usize,
    /// Where the key or the dash before it is; nothing for the root.
    holder: Option<usize>,
    /// Whether it stands between brackets.
    is_in_flow: bool,
}

impl<'document, 'text> YamlWriter<'document, 'text> {
    /// Reads how the text is laid out; `None` where that does not work out.
    pub(super) fn of(document: &'document Document<'text>) -> Option<Self> {
        let text = document.text();
        // Such a line end is one to YAML, and to nothing else that reads lines here.
        if text.matches('\r').count() != text.matches("\r\n").count() {
            return None;
        }
        let root = Shape::of(text)?;
        let newline = trivia::newline(text);
        let mut style = Style {
            newline,
            unit: 0,
            dashes: None,
        };
        let mut has_flow_lists = false;
        learn(text, &root, &mut style, &mut has_flow_lists);
        if style.unit == 0 {
            style.unit = 2;
        }
        if style.dashes.is_none() && !has_flow_lists {
            style.dashes = Some(style.unit);
        }
        Some(Self {
            document,
            root,
            style,
        })
    }

    fn text(&self) -> &'text str {
        self.document.text()
    }

    /// Follows a path, and refuses what is shared with other places.
    fn spot(&self, path: &[String]) -> Result<Spot<'_>, Reason> {
        let mut spot = Spot {
            shape: &self.root,
            from: self.document.root().span.start.min(self.root.range.start),
            holder: None,
            is_in_flow: false,
        };
        for step in path {
            spot.check()?;
            let is_in_flow = spot.is_in_flow || spot.shape.is_flow();
            spot = match &spot.shape.form {
                Form::List { items, .. } => {
                    let index = step.parse::<usize>().map_err(|_| Reason::Layout)?;
                    let shape = items.get(index).ok_or(Reason::Layout)?;
                    let dash = dash(self.text(), shape.range.start);
                    let dash = dash.filter(|_| !is_in_flow);
                    if dash.is_none() && shape.range.is_empty() {
                        return Err(Reason::Layout);
                    }
                    Spot {
                        shape,
                        from: dash.map_or(shape.range.start, |dash| dash + 1),
                        holder: dash,
                        is_in_flow,
                    }
                }
                Form::Map { members, .. } => {
                    let mut all = members.iter().filter(|member| member.key == *step);
                    let member = all.next_back().ok_or(Reason::Merge)?;
                    let key = &member.key_shape.range;
                    let colon = colon(self.text(), key.end).ok_or(Reason::Layout)?;
                    Spot {
                        shape: &member.value,
                        from: colon + 1,
                        holder: Some(key.start),
                        is_in_flow,
                    }
                }
                Form::Scalar(_) | Form::Alias => return Err(Reason::Layout),
            };
        }
        spot.check()?;
        Ok(spot)
    }

    /// Returns the bytes that spell a value, with what leads to it where it has lines of its own.
    fn whole(&self, spot: &Spot<'_>) -> Option<Range<usize>> {
        let range = &spot.shape.range;
        let spelled = self.text().get(range.clone())?;
        if spot.shape.is_block_scalar() {
            return spelled.starts_with(['|', '>']).then(|| range.clone());
        }
        if !spot.shape.is_block() || spot.holder.is_none() {
            return Some(range.clone());
        }
        let lead = self.text().get(spot.from..range.start)?;
        lead.trim().is_empty().then_some(spot.from..range.end)
    }

    fn scalar(
        &self,
        node: &Node,
        replacement: &Replacement,
        spot: &Spot<'_>,
        range: &Range<usize>,
    ) -> Zeroizing<String> {
        let spelled = self.text().get(range.clone()).unwrap_or_default();
        let style = match spot.shape.form {
            Form::Scalar(style) => style,
            _ => ScalarStyle::Plain,
        };
        let patched = match (style, node.as_str()) {
            (ScalarStyle::DoubleQuoted, Some(old)) if !replacement.parts.is_empty() => {
                escapes::patch(spelled, old, &replacement.parts, '"')
            }
            _ => None,
        };
        if let Some(patched) = patched {
            return patched;
        }
        if let (true, Value::Text(text)) = (spot.shape.is_block_scalar(), &replacement.value) {
            let lines = spelled.split('\n').skip(1);
            let first = lines
                .map(|line| line.trim_end_matches('\r'))
                .find(|line| !line.trim().is_empty());
            let indentation = first.map_or("", |line| trivia::indentation(line, line.len()));
            if let Some(literal) = spell::literal(text, indentation, self.style.newline)
                && !indentation.is_empty()
            {
                return literal;
            }
        }
        spell::over(style, &replacement.value)
    }

    fn reshape_flow(
        &self,
        node: &Node,
        plan: &Plan,
        place: &Place<'_>,
        drafts: &mut Vec<Draft>,
    ) -> Result<(), Reason> {
        let text = self.text();
        let mut brackets =
            Bracketed::of(text, node, place.new, Comments::Hash).ok_or(Reason::Layout)?;
        let is_compact = brackets.is_compact() == Some(true);
        let first = node.members().first();
        let colon = first.and_then(|member| text.get(member.key_span.end..member.value.span.start));
        let colon = match colon {
            Some(":") if is_compact => ":",
            Some(" : ") => " : ",
            _ => ": ",
        };
        let spell = |newcomer: Newcomer<'_>| {
            Ok(match newcomer {
                Newcomer::Element(value) => spell::value(value),
                Newcomer::Member(Addition {
                    spelling: Some(spelling),
                    ..
                }) => spelling.clone(),
                Newcomer::Member(Addition { key, value, .. }) => {
                    spell::flow_member(key, value, colon)
                }
            })
        };
        brackets
            .reshape(node, plan, &spell, drafts)
            .map_err(|_| Reason::Layout)
    }
}

impl Spot<'_> {
    /// Returns what counts as the value's start for what is found by it: where it stands may be
    /// another line later.
    fn lead(&self) -> usize {
        match self.holder {
            Some(_) => self.from,
            None => self.shape.range.start,
        }
    }

    fn check(&self) -> Result<(), Reason> {
        match self.shape.form {
            Form::Alias => Err(Reason::Anchor),
            _ if self.shape.has_anchor => Err(Reason::Anchor),
            _ => Ok(()),
        }
    }
}

impl Writer for YamlWriter<'_, '_> {
    fn replace(
        &self,
        node: &Node,
        replacement: &Replacement,
        place: &Place<'_>,
    ) -> Result<Draft, EditFailure> {
        let refused = |reason| place.refused(self.document, node.span.start, reason);
        let spot = self.spot(place.old).map_err(refused)?;
        if spot.shape.is_shared() {
            return Err(refused(Reason::Anchor));
        }
        if spot.shape.has_tag {
            return Err(refused(Reason::Tag));
        }
        let range = self.whole(&spot).ok_or_else(|| refused(Reason::Layout))?;
        let over = |range, spelling| {
            let mut draft = draft::over(range, spelling, place);
            draft.anchor.offset = spot.lead();
            draft
        };
        if let Some(spelling) = &replacement.spelling {
            return Ok(over(range, spelling.clone()));
        }
        let spelling = self.scalar(node, replacement, &spot, &range);
        let is_behind_mark = range.start == spot.from && spot.holder.is_some();
        let spelling = match is_behind_mark && !spelling.starts_with(' ') {
            true => Zeroizing::new([" ", spelling.as_str()].concat()),
            false => spelling,
        };
        Ok(over(range, spelling))
    }

    fn reshape(
        &self,
        node: &Node,
        plan: &Plan,
        place: &Place<'_>,
        drafts: &mut Vec<Draft>,
    ) -> Result<(), EditFailure> {
        let refused = |reason| place.refused(self.document, node.span.start, reason);
        let spot = self.spot(place.old).map_err(refused)?;
        let known = drafts.len();
        let written = match &spot.shape.form {
            Form::Map { members, .. } => {
                let is_whole = members.len() == node.members().len()
                    && members.iter().all(|member| member.key != "<<");
                let goes = |key: &str| plan.removed.contains(key);
                let mut gone = members.iter().filter(|member| goes(&member.key));
                if !is_whole {
                    Err(Reason::Merge)
                } else if gone
                    .any(|member| member.key_shape.is_shared() || member.value.is_shared())
                {
                    Err(Reason::Anchor)
                } else if spot.shape.is_flow() {
                    self.reshape_flow(node, plan, place, drafts)
                } else {
                    self.reshape_rows(node, plan, place, &spot, drafts)
                }
            }
            Form::List { items, .. } => {
                if items.iter().take(plan.shortened).any(Shape::is_shared) {
                    Err(Reason::Anchor)
                } else if spot.shape.is_flow() {
                    self.reshape_flow(node, plan, place, drafts)
                } else {
                    self.reshape_items(plan, place, &spot, drafts)
                }
            }
            Form::Scalar(_) | Form::Alias => Err(Reason::Layout),
        };
        for draft in drafts.iter_mut().skip(known) {
            if draft.anchor.side == Side::Start && draft.anchor.path == place.new {
                draft.anchor.offset = spot.lead();
            }
        }
        written.map_err(refused)
    }

    fn offset(&self, node: &Node, path: &[String], side: Side) -> usize {
        match (self.spot(path), side) {
            (Ok(spot), Side::Start) => spot.lead(),
            (Ok(spot), Side::End) => spot.shape.range.end,
            (Err(_), Side::Start) => node.span.start,
            (Err(_), Side::End) => node.span.end,
        }
    }
}

/// Finds out how lists and maps are indented.
fn learn(text: &str, shape: &Shape, style: &mut Style<'_>, has_flow_lists: &mut bool) {
    let column = |offset: usize| {
        let before = text.get(..offset).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        line.trim_start_matches('\u{FEFF}').chars().count()
    };
    if let Form::Map {
        is_flow: false,
        members,
    } = &shape.form
    {
        for member in members {
            let key = column(member.key_shape.range.start);
            let deeper = |shape: &Shape| column(shape.range.start).checked_sub(key);
            match &member.value.form {
                Form::List { is_flow: false, .. } if style.dashes.is_none() => {
                    style.dashes = deeper(&member.value);
                }
                Form::List {
                    is_flow: true,
                    items,
                } => *has_flow_lists |= !items.is_empty(),
                Form::Map { is_flow: false, .. } if style.unit == 0 => {
                    style.unit = deeper(&member.value).unwrap_or_default();
                }
                _ => {}
            }
        }
    }
    for inner in shape.inside() {
        learn(text, inner, style, has_flow_lists);
    }
}
