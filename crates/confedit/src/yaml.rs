use std::{collections::HashMap, ops::Range};

use saphyr_parser::{Event, Parser, ScalarStyle, Span, Tag};
use zeroize::Zeroizing;

use crate::{
    Kind, Member, Node,
    document::{Budget, RawFailure},
};

/// Reads the first document of a YAML stream without a byte order mark.
pub(crate) fn parse(text: &str) -> Result<Node, RawFailure> {
    let offsets = Offsets::of(text);
    let mut builder = Builder {
        text,
        offsets: &offsets,
        budget: Budget::new(),
        open: Vec::new(),
        anchors: HashMap::new(),
        root: None,
    };
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| RawFailure::Syntax {
            message: error.info().trim_end_matches('.').to_owned(),
            offset: offsets.byte(error.marker().index()),
        })?;
        if matches!(event, Event::DocumentEnd) {
            break;
        }
        builder.take(event, span)?;
    }
    Ok(builder.root.unwrap_or(Node {
        span: 0..0,
        kind: Kind::Null,
    }))
}

/// Turns the parser's character counts into byte offsets.
pub(crate) struct Offsets {
    bytes: Vec<usize>,
    is_ascii: bool,
    length: usize,
}

impl Offsets {
    pub(crate) fn of(text: &str) -> Self {
        let is_ascii = text.is_ascii();
        Self {
            bytes: if is_ascii {
                Vec::new()
            } else {
                text.char_indices().map(|(at, _)| at).collect()
            },
            is_ascii,
            length: text.len(),
        }
    }

    fn byte(&self, character: usize) -> usize {
        if self.is_ascii {
            character.min(self.length)
        } else {
            self.bytes.get(character).copied().unwrap_or(self.length)
        }
    }

    pub(crate) fn range(&self, span: Span) -> Range<usize> {
        let start = self.byte(span.start.index());
        start..self.byte(span.end.index()).max(start)
    }
}

/// A collection that is still being read.
enum Open {
    List {
        start: usize,
        anchor: usize,
        elements: Vec<Node>,
    },
    Map {
        start: usize,
        anchor: usize,
        members: Vec<Member>,
        key: Option<(String, Range<usize>)>,
    },
}

struct Builder<'text> {
    text: &'text str,
    offsets: &'text Offsets,
    budget: Budget,
    open: Vec<Open>,
    anchors: HashMap<usize, Node>,
    root: Option<Node>,
}

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), RawFailure> {
        let range = self.offsets.range(span);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.budget.take(self.open.len(), range.start)?;
                let kind = resolve(&text, style, tag.as_deref());
                let span = match text.is_empty() && style == ScalarStyle::Plain {
                    true => range.start..range.start,
                    false => trim(self.text, range, style),
                };
                let span = self.behind_colon(span);
                self.finish(Node { span, kind }, anchor, Some(text.into_owned()))
            }
            Event::SequenceStart(anchor, _) => {
                self.budget.take(self.open.len(), range.start)?;
                self.open.push(Open::List {
                    start: range.start,
                    anchor,
                    elements: Vec::new(),
                });
                Ok(())
            }
            Event::MappingStart(anchor, _) => {
                self.budget.take(self.open.len(), range.start)?;
                self.open.push(Open::Map {
                    start: range.start,
                    anchor,
                    members: Vec::new(),
                    key: None,
                });
                Ok(())
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(range.start),
            Event::Alias(anchor) => self.alias(anchor, range),
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => Ok(()),
        }
    }

    /// Returns where a value that is left out would stand: behind the colon of its key.
    fn behind_colon(&self, span: Range<usize>) -> Range<usize> {
        match self.open.last() {
            Some(Open::Map {
                key: Some((_, key)),
                ..
            }) if span.is_empty() => {
                let at = colon(self.text, key.end).map_or(key.end, |colon| colon + 1);
                at..at
            }
            _ => span,
        }
    }

    /// Ends a collection whose end was met at `offset`.
    fn close(&mut self, offset: usize) -> Result<(), RawFailure> {
        let (start, anchor, kind) = match self.open.pop() {
            Some(Open::List {
                start,
                anchor,
                elements,
            }) => (start, anchor, Kind::List(elements)),
            Some(Open::Map {
                start,
                anchor,
                members,
                ..
            }) => (start, anchor, Kind::Map(merge(members))),
            None => return Ok(()),
        };
        let inner = match &kind {
            Kind::Map(members) => members.iter().map(|member| member.value.span.end).max(),
            Kind::List(elements) => elements.last().map(|element| element.span.end),
            _ => None,
        };
        let inner = inner.unwrap_or(offset);
        let end = flow_end(self.text, start, inner.max(start + 1)).unwrap_or(inner);
        let span = start..end.max(start);
        self.finish(Node { span, kind }, anchor, None)
    }

    /// Repeats an anchored value; every repetition is paid for.
    fn alias(&mut self, anchor: usize, range: Range<usize>) -> Result<(), RawFailure> {
        let Some(target) = self.anchors.get(&anchor) else {
            return Err(RawFailure::Syntax {
                message: "alias to an anchor that is not complete".to_owned(),
                offset: range.start,
            });
        };
        pay(target, self.open.len(), range.start, &mut self.budget)?;
        let mut copy = target.clone();
        copy.span = range;
        let key = copy.as_text().map(str::to_owned);
        self.finish(copy, 0, key)
    }

    /// Puts a finished value where it belongs. `text` is its spelling, if it is a scalar.
    fn finish(
        &mut self,
        node: Node,
        anchor: usize,
        text: Option<String>,
    ) -> Result<(), RawFailure> {
        if anchor > 0 {
            pay(&node, self.open.len(), node.span.start, &mut self.budget)?;
            self.anchors.insert(anchor, node.clone());
        }
        match self.open.last_mut() {
            None => {
                if self.root.is_none() {
                    self.root = Some(node);
                }
            }
            Some(Open::List { elements, .. }) => elements.push(node),
            Some(Open::Map { members, key, .. }) => match key.take() {
                Some((name, key_span)) => members.push(Member {
                    key: name,
                    key_span,
                    value: node,
                }),
                None => match text {
                    Some(name) => *key = Some((name, node.span)),
                    None => {
                        return Err(RawFailure::Syntax {
                            message: "a key that is not a scalar".to_owned(),
                            offset: node.span.start,
                        });
                    }
                },
            },
        }
        Ok(())
    }
}

/// Returns the end of a collection between brackets that starts at `start`, and has nothing but
/// blanks, comments and a comma between `from` and its closing bracket; `None` for every other. The
/// parser's own end may be that of the comma.
pub(crate) fn flow_end(text: &str, start: usize, from: usize) -> Option<usize> {
    // An anchor or a tag may stand before the bracket.
    if !matches!(text.as_bytes().get(start), Some(b'[' | b'{' | b'&' | b'!')) {
        return None;
    }
    let mut at = from;
    loop {
        let rest = text.get(at..)?;
        at += match rest.chars().next()? {
            ']' | '}' => return Some(at + 1),
            '#' => rest.find('\n')?,
            ',' => 1,
            blank if blank.is_whitespace() => blank.len_utf8(),
            _ => return None,
        };
    }
}

/// Returns where the colon is that follows a key on its line.
pub(crate) fn colon(text: &str, key_end: usize) -> Option<usize> {
    let rest = text.get(key_end..)?;
    let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    rest[blanks..].starts_with(':').then_some(key_end + blanks)
}

/// Cuts a scalar's range where the scalar ends; the parser reports quoted ones up to the next token.
pub(crate) fn trim(text: &str, range: Range<usize>, style: ScalarStyle) -> Range<usize> {
    let spelled = &text[range.clone()];
    let length = match style {
        ScalarStyle::SingleQuoted => quoted_length(spelled, '\'', '\''),
        ScalarStyle::DoubleQuoted => quoted_length(spelled, '"', '\\'),
        ScalarStyle::Plain => spelled.trim_end().len(),
        ScalarStyle::Literal | ScalarStyle::Folded => spelled.len(),
    };
    range.start..range.start + length
}

/// Returns the bytes from an opening quote to its closing one; `escape` takes the next character.
fn quoted_length(spelled: &str, quote: char, escape: char) -> usize {
    let mut characters = spelled.char_indices().skip(1).peekable();
    while let Some((at, character)) = characters.next() {
        let doubled = quote == escape && characters.peek().is_some_and(|(_, next)| *next == quote);
        if character == escape && (quote != escape || doubled) {
            characters.next();
        } else if character == quote {
            return at + quote.len_utf8();
        }
    }
    spelled.len()
}

fn pay(node: &Node, depth: usize, offset: usize, budget: &mut Budget) -> Result<(), RawFailure> {
    budget.take(depth, offset)?;
    match &node.kind {
        Kind::List(elements) => elements
            .iter()
            .try_for_each(|element| pay(element, depth + 1, offset, budget)),
        Kind::Map(members) => members
            .iter()
            .try_for_each(|member| pay(&member.value, depth + 1, offset, budget)),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) => Ok(()),
    }
}

/// Resolves `<<` merges: members of the merged maps that the map does not have itself.
fn merge(members: Vec<Member>) -> Vec<Member> {
    if !members.iter().any(|member| member.key == "<<") {
        return members;
    }
    let (merges, mut own): (Vec<_>, Vec<_>) =
        members.into_iter().partition(|member| member.key == "<<");
    for merged in merges {
        let sources = match merged.value.kind {
            Kind::Map(_) => vec![merged.value],
            Kind::List(elements) => elements,
            _ => continue,
        };
        for source in sources {
            let Kind::Map(inherited) = source.kind else {
                continue;
            };
            for member in inherited {
                if !own.iter().any(|known| known.key == member.key) {
                    own.push(member);
                }
            }
        }
    }
    own
}

/// Resolves a scalar by the core schema of YAML 1.2 (section 10.3.2).
pub(crate) fn resolve(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Kind {
    let is_string_tag = tag.is_some_and(|tag| tag.suffix == "str" || tag.handle == "!");
    if style != ScalarStyle::Plain || is_string_tag {
        return Kind::Text(Zeroizing::new(text.to_owned()));
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Kind::Null,
        "true" | "True" | "TRUE" => Kind::Bool(true),
        "false" | "False" | "FALSE" => Kind::Bool(false),
        _ if is_number(text) => Kind::Number(text.to_owned()),
        _ => Kind::Text(Zeroizing::new(text.to_owned())),
    }
}

fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if let Some(digits) = unsigned.strip_prefix("0x") {
        return !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    }
    if let Some(digits) = unsigned.strip_prefix("0o") {
        return !digits.is_empty() && digits.bytes().all(|byte| (b'0'..=b'7').contains(&byte));
    }
    matches!(
        unsigned,
        ".inf" | ".Inf" | ".INF" | ".nan" | ".NaN" | ".NAN"
    ) || (unsigned.bytes().any(|byte| byte.is_ascii_digit())
        && unsigned
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'-' | b'+'))
        && unsigned.parse::<f64>().is_ok())
}
