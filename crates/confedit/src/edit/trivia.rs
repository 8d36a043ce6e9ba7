use std::ops::Range;

/// How comments are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comments {
    /// `// …` and `/* … */`.
    Slashes,
    /// `# …`.
    Hash,
}

/// Blanks, comments and at most one comma between two items.
pub(super) struct Gap {
    pub(super) range: Range<usize>,
    /// Where the comma is.
    pub(super) comma: Option<usize>,
    tokens: Vec<(Trivia, Range<usize>)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trivia {
    Blank,
    Newline,
    /// A comment up to the end of its line.
    LineComment,
    /// A comment that ends on its line, and others may follow.
    InlineComment,
    /// A comment over several lines.
    BlockComment,
    Comma,
}

/// What follows an item and what belongs to it on its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Follow {
    /// The end of the line, with its place.
    Newline(Range<usize>),
    /// Another item, or a comment that belongs to it.
    Next,
    /// The closing bracket.
    Close,
}

impl Gap {
    /// Splits what stands at `range`; `None` if there is anything but blanks, comments and a comma.
    pub(super) fn of(text: &str, range: Range<usize>, comments: Comments) -> Option<Self> {
        let mut tokens = Vec::new();
        let mut comma = None;
        let mut at = range.start;
        while at < range.end {
            let rest = text.get(at..range.end)?;
            let (trivia, length) = token(rest, comments)?;
            if trivia == Trivia::Comma && comma.replace(at).is_some() {
                return None;
            }
            tokens.push((trivia, at..at + length));
            at += length;
        }
        Some(Self {
            range,
            comma,
            tokens,
        })
    }

    /// Returns whether there are no comments.
    pub(super) fn is_plain(&self) -> bool {
        self.tokens
            .iter()
            .all(|(trivia, _)| matches!(trivia, Trivia::Blank | Trivia::Newline | Trivia::Comma))
    }

    /// Returns whether the comma stands on a line of its own or leads one.
    pub(super) fn is_led_by_newline(&self) -> bool {
        self.tokens
            .iter()
            .take_while(|(trivia, _)| *trivia != Trivia::Comma)
            .any(|(trivia, _)| *trivia == Trivia::Newline)
    }

    /// Returns where the line starts on which the next item is the first, and the line's end before.
    pub(super) fn line_start(&self) -> Option<(usize, Range<usize>)> {
        let mut tokens = self.tokens.iter().rev();
        let newline = tokens.find(|(trivia, _)| *trivia != Trivia::Blank)?;
        (newline.0 == Trivia::Newline).then(|| (newline.1.end, newline.1.clone()))
    }

    /// Returns the end of what belongs to the item before, and what follows there. `is_last` tells
    /// that no item follows.
    pub(super) fn tail(&self, is_last: bool) -> (usize, Follow) {
        let mut end = self.range.start;
        let mut pending = end;
        let mut is_past_comma = false;
        for (trivia, range) in &self.tokens {
            match trivia {
                Trivia::Blank => {}
                Trivia::Newline => return (pending, Follow::Newline(range.clone())),
                Trivia::Comma => {
                    is_past_comma = true;
                    (end, pending) = (range.end, range.end);
                }
                Trivia::LineComment => (end, pending) = (range.end, range.end),
                Trivia::InlineComment if is_past_comma => pending = range.end,
                Trivia::InlineComment => (end, pending) = (range.end, range.end),
                Trivia::BlockComment => return (end, Follow::Next),
            }
        }
        if is_last {
            (pending, Follow::Close)
        } else {
            (end, Follow::Next)
        }
    }

    /// Returns where the blanks that start at `offset` end.
    pub(super) fn past_blanks(&self, offset: usize) -> usize {
        self.tokens
            .iter()
            .find(|(trivia, range)| *trivia == Trivia::Blank && range.contains(&offset))
            .map_or(offset, |(_, range)| range.end)
    }

    /// Returns where the blanks before the next item start.
    pub(super) fn before_blanks(&self) -> usize {
        match self.tokens.last() {
            Some((Trivia::Blank, range)) => range.start,
            _ => self.range.end,
        }
    }

    /// Returns the blanks behind the comma, if nothing else follows it.
    pub(super) fn blanks_behind_comma<'text>(&self, text: &'text str) -> Option<&'text str> {
        let (last, range) = self.tokens.last()?;
        match last {
            Trivia::Comma => Some(""),
            Trivia::Blank if self.tokens.len() > 1 && self.comma == range.start.checked_sub(1) => {
                text.get(range.clone())
            }
            _ => None,
        }
    }
}

fn token(rest: &str, comments: Comments) -> Option<(Trivia, usize)> {
    let first = rest.chars().next()?;
    let line = || rest.find(['\n', '\r']).unwrap_or(rest.len());
    match (first, comments) {
        ('\n', _) => Some((Trivia::Newline, 1)),
        ('\r', _) => Some((
            Trivia::Newline,
            if rest.starts_with("\r\n") { 2 } else { 1 },
        )),
        (',', _) => Some((Trivia::Comma, 1)),
        ('#', Comments::Hash) => Some((Trivia::LineComment, line())),
        ('/', Comments::Slashes) if rest.starts_with("//") => Some((Trivia::LineComment, line())),
        ('/', Comments::Slashes) if rest.starts_with("/*") => {
            let length = rest.get(2..)?.find("*/")? + 4;
            let is_inline = !rest.get(..length)?.contains(['\n', '\r']);
            let trivia = if is_inline {
                Trivia::InlineComment
            } else {
                Trivia::BlockComment
            };
            Some((trivia, length))
        }
        _ if is_blank(first) => {
            let length = rest
                .find(|character| !is_blank(character))
                .unwrap_or(rest.len());
            Some((Trivia::Blank, length))
        }
        _ => None,
    }
}

fn is_blank(character: char) -> bool {
    !matches!(character, '\n' | '\r') && (character.is_whitespace() || character == '\u{FEFF}')
}

/// Returns the line end that a text uses: that of its first line.
pub(super) fn newline(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

/// Returns the blanks that a line starts with.
pub(super) fn indentation(text: &str, offset: usize) -> &str {
    let before = text.get(..offset).unwrap_or(text);
    let start = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let line = text.get(start..).unwrap_or_default();
    let line = line.strip_prefix('\u{FEFF}').unwrap_or(line);
    let length = line
        .find(|character| !matches!(character, ' ' | '\t'))
        .unwrap_or(line.len());
    &line[..length]
}

/// Returns what one level of nesting is indented by: the blanks of the first line that has some.
pub(super) fn indentation_unit(text: &str) -> &str {
    text.lines()
        .map(|line| (line, line.trim_start_matches([' ', '\t'])))
        .find(|(line, rest)| line.len() > rest.len() && !rest.is_empty() && !rest.starts_with('*'))
        .map_or("  ", |(line, rest)| &line[..line.len() - rest.len()])
}
