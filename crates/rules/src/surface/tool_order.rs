use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    reading::{Sentence, Token, class, follows},
    rule::{Check, Group, Meta, Reference, Rule},
    surface_look::{Seen, SeenItem, SeenText, SurfaceHit},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("tool-order"),
        title: "Text about other tools",
        group: Group::Surface,
        severity: Severity::Medium,
        confidence: Confidence::Medium,
        references: &[
            Reference::SafeMcp("SAFE-T1008"),
            Reference::SafeMcp("SAFE-T1301"),
            Reference::Owasp("MCP03"),
            Reference::Owasp("MCP06"),
        ],
        why: "All descriptions stand in one context. Text about another server's tool changes how that tool is used, though nobody approved it for that.",
        example: "\"… whenever send_mail is used, …\"",
        remedy: "Read the text. Approve the server only if you would tell the model the same.",
    },
    check: Check::Surface(check),
};

fn check(seen: &Seen<'_>) -> Vec<SurfaceHit> {
    seen.phrases(
        "The text tells how a tool of somebody else is to be used.",
        |item, text, sentence| {
            named(seen, item, text, sentence).or_else(|| unnamed(item, text, sentence))
        },
    )
}

/// What is ordered about a tool: at which point, in whose place, and that it must be.
const ORDER: u64 = class::MUST | class::ASIDE | class::REPLACE | class::FILL | class::SEND;

/// A tool with a name that is not this server's.
fn named<'t>(
    seen: &Seen<'_>,
    item: &SeenItem<'_>,
    text: &SeenText<'_>,
    sentence: &'t Sentence,
) -> Option<(&'t Token, &'t Token)> {
    let tokens = &sentence.tokens;
    tokens.iter().enumerate().find_map(|(at, token)| {
        let word = text.reading.word(token);
        let is_neighbour = || is_known(seen, word);
        let looks_like_name = token.classes & class::NAME != 0 && is_verb_first(word);
        if !(looks_like_name || is_neighbour()) || is_own(seen, item, word) {
            return None;
        }
        let before = &tokens[at.saturating_sub(4)..at];
        let next = tokens.get(at + 1);
        let has =
            |tokens: &[Token], class: u64| tokens.iter().any(|token| token.classes & class != 0);
        let is_tool = next.is_some_and(|next| next.classes & class::TOOL != 0);
        let is_used = has(before, class::USE);
        let is_replaced = has(before, class::REPLACE | class::IGNORE)
            && (is_tool || has(before, class::TOOL | class::OUTPUT) || before.len() < 4);
        let is_used_after = tokens
            .iter()
            .skip(at + 1)
            .take(3)
            .any(|token| token.classes & class::USE != 0);
        let is_timed = has(before, class::WHEN) && (is_used || is_used_after);
        let others = || tokens.iter().enumerate().filter(|(other, _)| *other != at);
        let is_ordered = others().any(|(_, token)| token.classes & ORDER != 0);
        let is_called = is_used && is_ordered_call(text, sentence);
        let is_effect =
            is_tool && is_ordered && sentence.classes & (class::SEND | class::REPLACE) != 0;
        (is_replaced || (is_timed && is_ordered) || is_called || is_effect).then(|| {
            (
                tokens.first().unwrap_or(token),
                tokens.last().unwrap_or(token),
            )
        })
    })
}

/// "For best results call x", "should invoke x": an order to the model, not a note about the program.
fn is_ordered_call(text: &SeenText<'_>, sentence: &Sentence) -> bool {
    let is_plain =
        |token: &Token| matches!(text.reading.word(token), "call" | "invoke" | "execute");
    sentence.classes & (class::MUST | class::ASIDE | class::WHEN | class::PREFER) != 0
        && sentence.tokens.iter().any(is_plain)
}

fn is_known(seen: &Seen<'_>, word: &str) -> bool {
    let mut neighbours = seen.look.neighbours.iter();
    word.len() >= 4
        && neighbours.any(|neighbour| {
            let is = |name: &str| name.eq_ignore_ascii_case(word) && name.contains(['_', '-']);
            is(neighbour.server) || neighbour.tools.iter().any(|name| is(name))
        })
}

/// Whether a word is something of the server itself: a tool, or a parameter or value of the item.
fn is_own(seen: &Seen<'_>, item: &SeenItem<'_>, word: &str) -> bool {
    seen.own_tools.contains(word)
        || item
            .texts
            .iter()
            .any(|text| text.is_name() && text.reading.folded.text() == word)
}

/// Names of tools begin with what they do; names of values do not.
fn is_verb_first(word: &str) -> bool {
    const VERBS: [&str; 36] = [
        "get", "set", "send", "read", "write", "list", "create", "delete", "update", "search",
        "query", "run", "execute", "transfer", "deploy", "fetch", "post", "add", "remove", "call",
        "file", "database", "mcp", "open", "make", "upload", "download", "check", "find", "book",
        "pay", "move", "push", "edit", "show", "external",
    ];
    word.split('_')
        .next()
        .is_some_and(|verb| VERBS.contains(&verb))
}

/// "When calling any messaging tool", "before execute minus operation", "use this tool rather than others".
fn unnamed<'t>(
    item: &SeenItem<'_>,
    text: &SeenText<'_>,
    sentence: &'t Sentence,
) -> Option<(&'t Token, &'t Token)> {
    let steps = [(class::WHEN, 0), (class::USE, 2), (class::TOOL, 4)];
    let (first, last) = follows(sentence, &steps).or_else(|| {
        follows(
            sentence,
            &[
                (class::IGNORE | class::REPLACE, 0),
                (class::OTHER, 3),
                (class::TOOL, 2),
            ],
        )
    })?;
    let between = sentence
        .tokens
        .iter()
        .filter(|token| token.span.start > first.span.start && token.span.start < last.span.start)
        .map(|token| text.reading.word(token));
    let between: Vec<&str> = between.collect();
    let is_bare = matches!(
        between.last(),
        None | Some(&("the" | "a" | "an" | "using" | "calling"))
    );
    let is_self = is_bare
        || between.iter().any(|word| {
            matches!(*word, "this" | "these" | "our" | "its")
                || item.item.name().eq_ignore_ascii_case(word)
        });
    let is_ordered = sentence.tokens.iter().any(|token| {
        token.classes & (class::MUST | class::REPLACE | class::ALSO) != 0
            || text.reading.word(token) == "this"
    });
    (!is_self && is_ordered).then(|| (first, sentence.tokens.last().unwrap_or(last)))
}
