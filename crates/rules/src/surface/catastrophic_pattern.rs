use countersign_model::{Confidence, RuleId, Severity};
use countersign_surface::Role;

use crate::{
    rule::{Check, Group, Meta, Reference, Rule},
    surface_look::{Seen, SurfaceHit},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("catastrophic-pattern"),
        title: "Pattern that takes for ever",
        group: Group::Surface,
        severity: Severity::Medium,
        confidence: Confidence::Medium,
        references: &[
            Reference::SafeMcp("SAFE-T1501"),
            Reference::Owasp("MCP03"),
            Reference::Cwe("CWE-1333"),
        ],
        why: "Repetitions inside a repetition make a careless matcher try every way to split a text. A short argument then blocks the client.",
        example: "\"pattern\": \"^(a+)+$\"",
        remedy: "Ask for a pattern without nested repetitions.",
    },
    check: Check::Surface(check),
};

fn check(seen: &Seen<'_>) -> Vec<SurfaceHit> {
    let mut hits = Vec::new();
    for (item, text) in seen.texts() {
        let steps: Vec<String> = text.text.pointer.steps().collect();
        let is_value =
            text.text.role == Role::Schema && steps.last().is_some_and(|step| step == "pattern");
        let is_key = text.text.role == Role::ParameterName
            && steps
                .iter()
                .rev()
                .nth(1)
                .is_some_and(|step| step == "patternProperties");
        if (is_value || is_key) && is_nested(text.text.text) {
            let message = "The pattern repeats a repetition.";
            hits.push(text.hit(item, 0..text.text.text.len(), message));
        }
    }
    hits
}

/// Whether an unbounded repetition stands at the end of a group that is itself repeated without a bound,
/// or an alternative does whose ways begin alike.
fn is_nested(pattern: &str) -> bool {
    let bytes = pattern.as_bytes();
    let mut open: Vec<Part> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'[' => at = class_end(bytes, at),
            b'(' => open.push(Part {
                start: at + 1,
                is_repeating: false,
                has_fixed: false,
            }),
            b')' => {
                let Some(group) = open.pop() else {
                    return false;
                };
                let is_repeated = is_unbounded(bytes, at + 1);
                let inner = &pattern[group.start..at];
                if is_repeated && ((group.is_repeating && !group.has_fixed) || has_like_ways(inner))
                {
                    return true;
                }
                if let Some(outer) = open.last_mut() {
                    outer.is_repeating |= is_repeated || group.is_repeating;
                }
                at += 1;
                continue;
            }
            _ => {}
        }
        if let Some(group) = open.last_mut() {
            let is_piece = !matches!(
                bytes[at.min(bytes.len() - 1)],
                b'(' | b'|' | b'*' | b'+' | b'?' | b'{' | b'}' | b':' | b'^' | b'$'
            );
            if is_unbounded(bytes, at + 1) {
                group.is_repeating = true;
            } else if is_piece && !matches!(bytes.get(at + 1), Some(b'?' | b'{')) {
                group.has_fixed = true;
            }
        }
        at += 1;
    }
    false
}

/// What stands in one pair of brackets.
struct Part {
    start: usize,
    /// Something in it repeats without a bound.
    is_repeating: bool,
    /// Something in it stands exactly once, and parts one round from the next.
    has_fixed: bool,
}

fn class_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < bytes.len() && (bytes[at] != b']' || at == start + 1) {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at
}

fn is_unbounded(bytes: &[u8], at: usize) -> bool {
    match bytes.get(at) {
        Some(b'*' | b'+') => true,
        Some(b'{') => {
            let rest = &bytes[at..];
            let end = rest.iter().position(|byte| *byte == b'}').unwrap_or(0);
            end > 1 && rest[end - 1] == b','
        }
        _ => false,
    }
}

/// `a|a`, `a|ab`: two ways into one text.
fn has_like_ways(inner: &str) -> bool {
    let inner = inner.strip_prefix("?:").unwrap_or(inner);
    let ways: Vec<&str> = inner.split('|').collect();
    !inner.contains(['(', '[', '\\'])
        && ways.iter().enumerate().any(|(index, way)| {
            !way.is_empty()
                && ways.iter().skip(index + 1).any(|other| {
                    other.starts_with(way) || (!other.is_empty() && way.starts_with(other))
                })
        })
}

#[cfg(test)]
mod tests {
    use super::is_nested;

    #[test]
    fn tells_patterns_that_take_for_ever() {
        for pattern in [
            "^(a+)+$",
            "(a*)*",
            "([a-z]+)*x",
            "(?:\\d+)+",
            "(a|a)*",
            "(a|ab)+",
            "((x+))+",
            "(.*)+",
        ] {
            assert!(is_nested(pattern), "{pattern}");
        }
        for pattern in [
            "^[a-z]+$",
            "^(abc)+$",
            "(a+)?",
            "^([a-z]+-)+x$",
            "(\\+a)*",
            "^\\d{4}(-\\d{2}){2}$",
            "[(a+)+]",
            "(a|b)*",
            "(",
            ")",
        ] {
            assert!(!is_nested(pattern), "{pattern}");
        }
    }
}
