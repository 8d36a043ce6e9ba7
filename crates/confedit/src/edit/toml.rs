mod home;
mod spell;
mod statements;

use std::ops::Range;

use zeroize::Zeroizing;

use super::{
    EditFailure, Reason, Side,
    bracketed::{Bracketed, Newcomer},
    draft::{self, Draft, Place, Writer},
    escapes,
    plan::{Addition, Plan, Replacement},
    trivia::Comments,
};
use crate::{Document, Node};
use spell::Style;
use statements::{Statement, statements};

/// Writes TOML.
pub(super) struct TomlWriter<'document, 'text> {
    document: &'document Document<'text>,
    statements: Vec<Statement>,
    /// For each statement, whether all that it spells goes.
    gone: Vec<bool>,
}

impl<'document, 'text> TomlWriter<'document, 'text> {
    /// Splits the text into statements; `None` where that does not work out.
    pub(super) fn of(document: &'document Document<'text>, plan: &Plan) -> Option<Self> {
        let statements = statements(document.text())?;
        Some(Self {
            gone: statements
                .iter()
                .map(|statement| plan.removes(&statement.path))
                .collect(),
            statements,
            document,
        })
    }

    fn text(&self) -> &'text str {
        self.document.text()
    }

    fn spelled(&self, range: Range<usize>) -> &'text str {
        self.text().get(range).unwrap_or_default()
    }

    /// Returns the statement whose value is, or holds, the value at `path`.
    fn holder(&self, path: &[String]) -> Option<&Statement> {
        self.statements
            .iter()
            .find(|statement| !statement.is_header && path.starts_with(&statement.path))
    }

    /// Returns where a value stands that is no table of lines.
    fn inline(&self, node: &Node, place: &Place<'_>) -> Result<Range<usize>, EditFailure> {
        let refused = |reason| Err(place.refused(self.document, node.span.start, reason));
        let Some(holder) = self.holder(place.old) else {
            return refused(Reason::Table);
        };
        if holder.path == place.old {
            return Ok(holder.value.clone());
        }
        let is_within = holder.value.start <= node.span.start && node.span.end <= holder.value.end;
        let opens = self.spelled(node.span.clone()).starts_with(['{', '[']);
        if is_within && opens == (node.is_map() || node.is_list()) {
            Ok(node.span.clone())
        } else {
            refused(Reason::DottedKeys)
        }
    }

    fn reshape_inline(
        &self,
        node: &Node,
        plan: &Plan,
        place: &Place<'_>,
        drafts: &mut Vec<Draft>,
    ) -> Result<(), EditFailure> {
        let refused = |reason| place.refused(self.document, node.span.start, reason);
        self.inline(node, place)?;
        let is_dotted = node.members().iter().any(|member| {
            let between = self.spelled(member.key_span.end..member.value.span.start);
            between.trim() != "="
        });
        if is_dotted {
            return Err(refused(Reason::DottedKeys));
        }
        let mut brackets = Bracketed::of(self.text(), node, place.new, Comments::Hash)
            .ok_or_else(|| refused(Reason::Layout))?;
        let style = self.style(
            node.members()
                .first()
                .map(|member| member.key_span.end..member.value.span.start),
        );
        let spell = |newcomer: Newcomer<'_>| {
            let spelling = match newcomer {
                Newcomer::Element(value) => spell::value(value, style),
                Newcomer::Member(addition) => self.spell_member(addition, "", style),
            };
            spelling.ok_or_else(|| refused(Reason::Unspellable))
        };
        brackets.reshape(node, plan, &spell, drafts)
    }

    /// Returns the style of a member that has `equals` between its key and its value.
    fn style(&self, equals: Option<Range<usize>>) -> Style<'text> {
        let equals = equals.map(|range| self.spelled(range));
        Style {
            equals: equals
                .filter(|equals| equals.trim_matches([' ', '\t']) == "=")
                .unwrap_or(" = "),
        }
    }

    fn spell_member(
        &self,
        addition: &Addition,
        prefix: &str,
        style: Style<'_>,
    ) -> Option<Zeroizing<String>> {
        match &addition.spelling {
            // A table of its own has no place among other members.
            Some(spelling) if !spelling.starts_with('[') => Some(spelling.clone()),
            _ => spell::member(prefix, &addition.key, &addition.value, style),
        }
    }
}

impl Writer for TomlWriter<'_, '_> {
    fn replace(
        &self,
        node: &Node,
        replacement: &Replacement,
        place: &Place<'_>,
    ) -> Result<Draft, EditFailure> {
        let range = self.inline(node, place)?;
        if let Some(spelling) = &replacement.spelling {
            return Ok(draft::over(range, spelling.clone(), place));
        }
        let spelled = self.spelled(range.clone());
        let patched = match node.as_str() {
            Some(old) if !replacement.parts.is_empty() && !spelled.starts_with("\"\"\"") => {
                escapes::patch(spelled, old, &replacement.parts, '"')
            }
            _ => None,
        };
        let spelling = patched.or_else(|| spell::over(spelled, &replacement.value));
        let unspellable = || place.refused(self.document, range.start, Reason::Unspellable);
        Ok(draft::over(
            range.clone(),
            spelling.ok_or_else(unspellable)?,
            place,
        ))
    }

    fn reshape(
        &self,
        node: &Node,
        plan: &Plan,
        place: &Place<'_>,
        drafts: &mut Vec<Draft>,
    ) -> Result<(), EditFailure> {
        if self.holder(place.old).is_some() {
            self.reshape_inline(node, plan, place, drafts)
        } else {
            self.reshape_lines(node, plan, place, drafts)
        }
    }

    fn offset(&self, node: &Node, path: &[String], side: Side) -> usize {
        let statement = self
            .statements
            .iter()
            .find(|statement| statement.path == path);
        match (statement, side) {
            (Some(statement), Side::Start) => statement.value.start,
            (Some(statement), Side::End) => statement.range.end,
            (None, Side::Start) => node.span.start,
            (None, Side::End) => node.span.end,
        }
    }
}
