//! Allow and deny lists of managed settings.

use countersign_confedit::Node;
use countersign_model::{Effect, Entry, Start};
use countersign_secrets::shown_text;

use super::SwitchDocument;
use crate::locate::step_matches;

/// What an entry is matched by.
struct Subject<'entry> {
    name: &'entry str,
    argv: Option<Vec<&'entry str>>,
    url: Option<&'entry str>,
}

fn subject(entry: &Entry) -> Subject<'_> {
    let why = "a client's policy is matched against what it starts";
    Subject {
        name: &entry.name,
        argv: match &entry.start {
            Start::Command(command) => {
                Some(command.tokens().map(|token| token.expose(why)).collect())
            }
            _ => None,
        },
        url: match &entry.start {
            Start::Remote(address) => Some(address.expose(why)),
            _ => None,
        },
    }
}

/// Returns why a deny list keeps an entry out.
pub(super) fn denied(document: &SwitchDocument<'_>, entry: &Entry) -> Option<Effect> {
    let list = document.value()?;
    let subject = subject(entry);
    list.elements()
        .iter()
        .any(|rule| matches(rule, &subject))
        .then(|| blocked("listed in", document))
}

/// Returns why the allow lists of a client keep an entry out. Lists of several files count together;
/// only managed ones do where one of these says so. A rule of a kind asks every server of that kind
/// to match one of them; a name helps only where there is no such rule.
pub(super) fn not_allowed(documents: &[&SwitchDocument<'_>], entry: &Entry) -> Option<Effect> {
    let is_managed_only = documents.iter().any(|document| {
        document.is_managed()
            && document
                .root
                .get("allowManagedMcpServersOnly")
                .and_then(Node::as_bool)
                == Some(true)
    });
    let lists: Vec<_> = documents
        .iter()
        .filter(|document| document.is_managed() || !is_managed_only)
        .filter_map(|document| Some((document, document.value().filter(|list| list.is_list())?)))
        .collect();
    let (first, _) = lists.first()?;
    let rules = || lists.iter().flat_map(|(_, list)| list.elements());
    let subject = subject(entry);
    let has = |key: &str| rules().any(|rule| rule.get(key).is_some());
    let decides: &[&str] = if subject.argv.is_some() && (has("serverCommand") || has("command")) {
        &["serverCommand", "command"]
    } else if subject.url.is_some() && has("serverUrl") {
        &["serverUrl"]
    } else {
        &["serverName"]
    };
    let is_allowed = rules()
        .filter(|rule| decides.iter().any(|key| rule.get(key).is_some()))
        .any(|rule| matches(rule, &subject));
    (!is_allowed).then(|| blocked("not listed in", first))
}

/// Returns why Codex' requirements keep an entry out.
pub(super) fn not_required(document: &SwitchDocument<'_>, entry: &Entry) -> Option<Effect> {
    let servers = document.value()?;
    let Some(rule) = servers.get(&entry.name) else {
        return Some(blocked("not listed in", document));
    };
    let subject = subject(entry);
    let identity = rule.get("identity").unwrap_or(rule);
    let program = subject.argv.as_ref().and_then(|argv| argv.first().copied());
    let differs = |key: &str, found: Option<&str>| {
        identity
            .get(key)
            .is_some_and(|asked| !found.is_some_and(|found| fits(asked, found)))
    };
    let is_other = differs("command", program)
        || differs("url", subject.url)
        || rule
            .get("args")
            .is_some_and(|asked| !fit(asked.elements(), subject.argv.as_deref()));
    is_other.then(|| blocked("not as asked for in", document))
}

/// Returns whether each argument is as asked for, one by one.
fn fit(asked: &[Node], argv: Option<&[&str]>) -> bool {
    let arguments = argv.and_then(|argv| argv.get(1..)).unwrap_or_default();
    asked.len() == arguments.len()
        && asked
            .iter()
            .zip(arguments)
            .all(|(asked, argument)| fits(asked, argument))
}

/// Returns whether a text is as asked for: the text itself, or a table with `match`. A regular
/// expression is not judged, and counts as fitting.
fn fits(asked: &Node, found: &str) -> bool {
    if let Some(text) = asked.as_text() {
        return text == found;
    }
    let value = asked.get("value").and_then(Node::as_text);
    match (asked.get("match").and_then(Node::as_str), value) {
        (Some("exact"), Some(value)) => found == value,
        (Some("prefix"), Some(value)) => found.starts_with(value),
        _ => true,
    }
}

fn matches(rule: &Node, subject: &Subject<'_>) -> bool {
    if let Some(name) = rule.get("serverName").and_then(Node::as_str) {
        return shown_text(name) == subject.name;
    }
    if let Some(asked) = rule.get("serverCommand").or_else(|| rule.get("command")) {
        let asked: Vec<&str> = match asked.as_str() {
            Some(program) => vec![program],
            None => asked.elements().iter().filter_map(Node::as_str).collect(),
        };
        return subject.argv.as_ref().is_some_and(|argv| *argv == asked);
    }
    if let Some(pattern) = rule.get("serverUrl").and_then(Node::as_str) {
        return subject.url.is_some_and(|url| step_matches(pattern, url));
    }
    false
}

fn blocked(how: &str, document: &SwitchDocument<'_>) -> Effect {
    Effect::Blocked(format!(
        "{how} `{}` of {}",
        document.key(),
        document.shown_path
    ))
}
