//! The credentials of a text that is no config: a copy of one, a file of variables.

use countersign_clients::{Format, read};
use countersign_confedit::{Kind, Lines, Node};
use countersign_model::{Credential, SecretText};
use countersign_secrets::{Place, argument_spans, shown_text, spans};

/// Credentials that are told of one text.
const CREDENTIALS_MAX: usize = 50;

/// Values of one text that are looked at.
const VALUES_MAX: usize = 100_000;

/// A credential of a text.
#[derive(Clone, Debug)]
pub(crate) struct OfText {
    pub(crate) issuer: Option<&'static str>,
    pub(crate) label: &'static str,
    /// The name it stands under, as it may be shown.
    pub(crate) name: Option<String>,
    /// The line, from 1.
    pub(crate) line: u32,
    /// The credential itself.
    pub(crate) value: SecretText,
}

/// Finds the credentials of a text of any form: each once, in the order of the text.
pub(crate) fn of_text(text: &str) -> Vec<OfText> {
    let found = of_document(text);
    if found.is_empty() {
        of_variables(text)
    } else {
        found
    }
}

/// Finds the credentials of JSON, TOML or YAML: of every value under its key, of every list as a command
/// line.
pub(crate) fn of_document(text: &str) -> Vec<OfText> {
    let formats = if text.trim_start().starts_with(['{', '[']) {
        [Format::Jsonc, Format::Toml]
    } else {
        [Format::Toml, Format::Yaml]
    };
    let Some(root) = formats
        .into_iter()
        .filter_map(|format| read::document(text, format).ok())
        .find(|root| root.is_map() || root.is_list())
    else {
        return Vec::new();
    };
    let mut search = Search {
        lines: Lines::of(text),
        left: VALUES_MAX,
        found: Vec::new(),
    };
    search.node(None, &root);
    search.found
}

/// Finds the credentials of lines of `NAME=value`.
pub(crate) fn of_variables(text: &str) -> Vec<OfText> {
    let mut found = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        let line = line.strip_prefix("export ").unwrap_or(line);
        let Some((name, value)) = line.split_once('=').filter(|_| !line.starts_with('#')) else {
            continue;
        };
        let name = name.trim();
        let value = value.trim().trim_matches(['"', '\'']);
        for one in spans(Place::Variable(name), value) {
            add(&mut found, Some(name), number, value, &one);
        }
    }
    found
}

fn add(found: &mut Vec<OfText>, name: Option<&str>, line: u32, text: &str, one: &Credential) {
    let Some(value) = text.get(one.span.clone()) else {
        return;
    };
    let value = SecretText::new(value.to_owned());
    let is_known = found.iter().any(|known: &OfText| known.value == value);
    if !is_known && found.len() < CREDENTIALS_MAX {
        found.push(OfText {
            issuer: one.issuer,
            label: one.label,
            name: name.map(|name| shown_text(name).into_owned()),
            line,
            value,
        });
    }
}

struct Search {
    lines: Lines,
    left: usize,
    found: Vec<OfText>,
}

impl Search {
    fn node(&mut self, name: Option<&str>, node: &Node) {
        if self.left == 0 {
            return;
        }
        self.left -= 1;
        let line = self.lines.position(node.span.start).0;
        match &node.kind {
            Kind::Map(members) => {
                for member in members {
                    self.node(Some(&member.key), &member.value);
                }
            }
            Kind::List(elements) => {
                let words: Vec<String> = elements
                    .iter()
                    .map(|element| element.as_str().unwrap_or_default().to_owned())
                    .collect();
                let all = argument_spans(&words);
                for ((element, word), found) in elements.iter().zip(&words).zip(all) {
                    let line = self.lines.position(element.span.start).0;
                    for one in found {
                        add(&mut self.found, name, line, word, &one);
                    }
                    if element.as_str().is_none() {
                        self.node(name, element);
                    }
                }
            }
            Kind::Text(text) => {
                let place = name.map_or(Place::Positional, Place::Member);
                for one in spans(place, text) {
                    add(&mut self.found, name, line, text, &one);
                }
            }
            Kind::Null | Kind::Bool(_) | Kind::Number(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{of_document, of_text};

    #[test]
    fn finds_each_credential_of_a_text_once() {
        let token = format!("ghp_{}", "a1B2c3D4e".repeat(4));
        let json = format!(
            "{{\n \"env\": {{\"TOKEN\": \"{token}\"}},\n \"args\": [\"--password\", \"Tr0ub4dor&3\", \"x\"],\n \"again\": \"{token}\"\n}}"
        );
        let toml = format!("[a]\nTOKEN = \"{token}\"\n[b.env]\nDB_PASSWORD = \"Tr0ub4dor&3\"\n");
        let yaml = format!("a:\n  TOKEN: {token}\n  args: [--password, Tr0ub4dor&3]\n");
        let variables = format!("# TOKEN=x\nexport TOKEN=\"{token}\"\nDB_PASSWORD=Tr0ub4dor&3\n");
        for (text, lines) in [
            (json, [2, 3]),
            (toml, [2, 4]),
            (yaml, [2, 3]),
            (variables, [2, 3]),
        ] {
            let found: Vec<_> = of_text(&text)
                .iter()
                .map(|one| (one.line, one.value.characters()))
                .collect();
            assert_eq!(found, [(lines[0], 40), (lines[1], 11)], "{text}");
        }
        assert!(of_document("not: [valid").is_empty());
    }
}
