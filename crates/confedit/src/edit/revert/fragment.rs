//! Reading parts of a text alone.

use zeroize::Zeroizing;

use crate::{Document, Node, Syntax, edit::Value};

/// Reads a value that stood in the place of another.
pub(super) fn value(raw: &str, syntax: Syntax) -> Option<Value> {
    match syntax {
        Syntax::Json { .. } if raw.trim().is_empty() => None,
        Syntax::Json { .. } => within("", raw, "", syntax, |root| Some(Value::of(root))),
        Syntax::Toml => within("x = ", raw, "", syntax, |root| {
            Some(Value::of(&only(root)?.value))
        }),
        Syntax::Yaml => yaml(raw, INDENTATION_MAX, &|root| Some(Value::of(root))),
    }
}

/// Reads a member with its key, which is the last step of `path`.
pub(super) fn member(raw: &str, syntax: Syntax, path: &[String]) -> Option<Value> {
    let key = path.last()?;
    let own = |root: &Node| {
        let member = only(root).filter(|member| member.key == *key)?;
        Some(Value::of(&member.value))
    };
    match syntax {
        Syntax::Json { .. } => within("{", raw, "\n}", syntax, own),
        Syntax::Toml => within("", raw, "", syntax, |root| toml_member(raw, root, path)),
        Syntax::Yaml if raw.contains('\n') => {
            // The lines below a key are deeper than it, but for the dashes of a list.
            let deeper = indentation(raw).saturating_sub(1);
            let is_block = within("", raw, "\n", syntax, |_| Some(())).is_some();
            yaml(raw, deeper, &own)
                .or_else(|| yaml(raw, INDENTATION_MAX, &own))
                .or_else(|| within("{", raw, "\n}", syntax, own).filter(|_| !is_block))
        }
        Syntax::Yaml => {
            within("", raw, "", syntax, own).or_else(|| within("{", raw, "}", syntax, own))
        }
    }
}

/// Reads elements of a list; there are `count` of them.
pub(super) fn elements(raw: &str, syntax: Syntax, count: usize) -> Option<Vec<Value>> {
    let all = |list: &Node| {
        let is_whole = list.is_list() && list.elements().len() == count;
        is_whole.then(|| list.elements().iter().map(Value::of).collect())
    };
    match syntax {
        Syntax::Json { .. } => within("[", raw, "\n]", syntax, all),
        Syntax::Toml => within("x = [", raw, "\n]", syntax, |root| all(&only(root)?.value)),
        Syntax::Yaml if raw.starts_with("- ") || raw.starts_with("-\n") => {
            yaml(raw, INDENTATION_MAX, &all)
        }
        Syntax::Yaml => within("[", raw, "\n]", syntax, all),
    }
}

/// Reads a text between others.
fn within<T>(
    before: &str,
    raw: &str,
    after: &str,
    syntax: Syntax,
    take: impl FnOnce(&Node) -> Option<T>,
) -> Option<T> {
    let text = Zeroizing::new([before, raw, after].concat());
    let document = Document::parse(&text, syntax).ok()?;
    document.duplicates().is_empty().then_some(())?;
    take(document.root())
}

/// Reads lines whose first lacks its indentation, which is at most `most`; `None` where they mean
/// different things by it.
fn yaml<T: PartialEq>(raw: &str, most: usize, take: &dyn Fn(&Node) -> Option<T>) -> Option<T> {
    let mut meanings = (0..=indentation(raw).min(most)).filter_map(|indentation| {
        let first = " ".repeat(indentation);
        within(&first, raw, "\n", Syntax::Yaml, take)
    });
    let meaning = meanings.next()?;
    meanings.all(|other| other == meaning).then_some(meaning)
}

/// Returns what all lines but the first are indented by.
fn indentation(raw: &str) -> usize {
    let lines = raw.lines().skip(1);
    let lines = lines.filter(|line| !line.trim().is_empty() && !line.trim().starts_with('#'));
    let blanks = |line: &str| line.len() - line.trim_start_matches(' ').len();
    lines.map(blanks).min().unwrap_or(0)
}

/// Blanks before a first line that are tried.
const INDENTATION_MAX: usize = 64;

fn only(node: &Node) -> Option<&crate::Member> {
    match node.members() {
        [member] => Some(member),
        _ => None,
    }
}

/// Finds the member that statements make. They name it by the last steps of its path: a header by
/// all of them, lines by those from the table on whose lines they stand.
fn toml_member(raw: &str, root: &Node, path: &[String]) -> Option<Value> {
    let follow = |steps: &[String]| {
        let mut node = root;
        for step in steps {
            let member = only(node)?;
            // Above the member itself, an entry may have got another key since.
            node = (member.key == *step).then_some(&member.value)?;
        }
        Some(Value::of(node))
    };
    if raw.starts_with('[') {
        let (_, above) = path.split_last()?;
        let table = above
            .iter()
            .try_fold(root, |node, _| Some(&only(node)?.value))?;
        let member = only(table)?;
        return (Some(&member.key) == path.last()).then(|| Value::of(&member.value));
    }
    (0..path.len()).find_map(|from| follow(&path[from..]))
}
