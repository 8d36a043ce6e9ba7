//! Raw text in another layout.

use zeroize::Zeroizing;

use super::Around;
use crate::{
    Document, Syntax,
    edit::{plan::child, rows::first_on_line, trivia},
};

/// Returns a raw text as it is to be spelled where it is put back: its lines are indented like
/// those around it and end like them. `None` where that does not work out.
pub(super) fn fitted(
    document: &Document<'_>,
    syntax: Syntax,
    raw: &str,
    around: &Around<'_>,
) -> Option<Zeroizing<String>> {
    if !raw.contains('\n') {
        return Some(Zeroizing::new(raw.to_owned()));
    }
    // The lines of such strings are content.
    if matches!(syntax, Syntax::Yaml) || raw.contains("\"\"\"") || raw.contains("'''") {
        return Some(Zeroizing::new(raw.to_owned()));
    }
    let text = document.text();
    let base = base(document, around)?;
    let unit = trivia::indentation_unit(text);
    let newline = trivia::newline(text);
    let lines = || {
        raw.split('\n')
            .map(|line| line.strip_suffix('\r').unwrap_or(line))
    };
    let old_base = blanks(lines().next_back()?);
    let deeper = |line: &'_ str| line.strip_prefix(old_base).map(|line| blanks(line).len());
    let old_unit = lines()
        .skip(1)
        .filter(|line| !line.trim().is_empty())
        .filter_map(deeper)
        .filter(|extra| *extra > 0)
        .min()
        .unwrap_or(1);
    let mut out = Zeroizing::new(String::with_capacity(
        raw.len() + lines().count() * (base.len() + newline.len() + raw.len().min(LINE_MAX)),
    ));
    for (index, line) in lines().enumerate() {
        if index == 0 {
            out.push_str(line);
            continue;
        }
        out.push_str(newline);
        if line.trim().is_empty() {
            continue;
        }
        let line = line.strip_prefix(old_base)?;
        let content = line.trim_start_matches([' ', '\t']);
        let extra = line.len() - content.len();
        out.push_str(base);
        (0..extra / old_unit).for_each(|_| out.push_str(unit));
        out.push_str(&line[..extra % old_unit]);
        out.push_str(content);
    }
    Some(out)
}

/// Indentation of a line that is made room for at once.
const LINE_MAX: usize = 64;

/// Returns what lines around a place are indented by; `None` where all stands on one line.
fn base<'text>(document: &Document<'text>, around: &Around<'_>) -> Option<&'text str> {
    let text = document.text();
    let (Around::Over(path) | Around::Into(path)) = around;
    let node = path
        .iter()
        .try_fold(document.root(), |node, step| child(node, step))?;
    match around {
        Around::Over(_) => text
            .trim()
            .contains('\n')
            .then(|| trivia::indentation(text, node.span.start)),
        Around::Into(_) => node.members().iter().find_map(|member| {
            let start = member.key_span.start;
            text.get(first_on_line(text, start)?..start)
        }),
    }
}

fn blanks(line: &str) -> &str {
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}
