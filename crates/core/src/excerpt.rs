//! Lines of config files as they may be shown.
//!
//! A line is cut into keys, values and signs. A value is shown only if it is known to be harmless:
//! a token that is shown anyway, a name, a word of the format. Everything else is hidden, comments
//! included, so that no form of writing lets a credential through.

use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
};

use countersign_clients::files::{self, Found};
use countersign_model::{Address, Argument, AutoApprove, Config, Place, Start};
use zeroize::Zeroizing;

use crate::{Inventory, json::Excerpt};

/// Characters of a line that are shown.
const CHARACTERS_MAX: usize = 240;

/// Bytes of a line that are looked at.
const LINE_BYTES_MAX: usize = 8 * 1024;

/// Words of the formats and of most clients.
const WORDS: [&str; 12] = [
    "true",
    "false",
    "null",
    "stdio",
    "http",
    "sse",
    "ws",
    "streamable-http",
    "local",
    "remote",
    "*",
    "command",
];

/// Reads lines of the files of one scan, each file once.
pub(crate) struct Reader<'scan> {
    inventory: &'scan Inventory,
    texts: HashMap<PathBuf, Option<Zeroizing<String>>>,
    shown: HashMap<PathBuf, Option<HashSet<String>>>,
}

impl<'scan> Reader<'scan> {
    pub(crate) fn new(inventory: &'scan Inventory) -> Self {
        Self {
            inventory,
            texts: HashMap::new(),
            shown: HashMap::new(),
        }
    }

    /// Returns the line at a place, as it may be shown; `None` where it is not there any more.
    pub(crate) fn excerpt(&mut self, place: &Place) -> Option<Excerpt> {
        let path = place.file.as_path();
        let text = self
            .texts
            .entry(path.to_owned())
            .or_insert_with(|| text(path))
            .as_ref()?;
        let index = usize::try_from(place.position.line).ok()?.checked_sub(1)?;
        let line = text.lines().nth(index)?;
        let shown = self
            .shown
            .entry(path.to_owned())
            .or_insert_with(|| {
                let config = self
                    .inventory
                    .configs
                    .iter()
                    .find(|config| config.path.as_path() == path)?;
                Some(shown_texts(config))
            })
            .as_ref();
        let is_toml = path
            .extension()
            .is_some_and(|extension| extension == "toml");
        let shown = line_as_shown(line, is_toml, |value| match shown {
            Some(known) => known.contains(value),
            None => is_harmless(value),
        });
        (!shown.is_empty()).then_some(Excerpt {
            line: place.position.line,
            text: shown,
        })
    }
}

/// Shows the lines of texts of which every config is known.
pub(crate) struct Mask {
    shown: HashSet<String>,
    is_toml: bool,
}

impl Mask {
    /// Shows what any of `configs` shows anyway and none of them hides.
    /// `ids` are shown too.
    pub(crate) fn of(configs: &[&Config], ids: &[String], is_toml: bool) -> Self {
        let mut shown: HashSet<String> = configs
            .iter()
            .flat_map(|config| shown_texts(config))
            .collect();
        for config in configs {
            let hidden = hidden_texts(config);
            shown.retain(|text| !hidden.contains(text.as_str()));
        }
        shown.extend(ids.iter().cloned());
        Self { shown, is_toml }
    }

    /// Returns a line with its indentation, as it may be shown.
    pub(crate) fn line(&self, line: &str) -> String {
        let indentation = &line[..line.len() - line.trim_start().len()];
        let shown = line_as_shown(line, self.is_toml, |value| {
            self.shown.contains(value) || is_our_reference(value)
        });
        format!("{indentation}{shown}")
    }
}

/// A reference to the vault is no secret, alone or behind the word that an authentication begins with.
fn is_our_reference(value: &str) -> bool {
    let word = value.split_once(' ').map_or(value, |(_, rest)| rest);
    match countersign_model::references(word).as_slice() {
        [(range, _)] => *range == (0..word.len()),
        _ => false,
    }
}

fn text(path: &Path) -> Option<Zeroizing<String>> {
    match files::read(path) {
        Found::Text(content) => Some(content.text),
        Found::Absent | Found::Failed { .. } => None,
    }
}

/// Returns whether a token holds references to the vault, and nothing beside them that is hidden.
fn has_our_reference(token: &Argument) -> bool {
    let text = token.expose("compared with what is shown");
    let references = countersign_model::references(text);
    let mut rest = String::with_capacity(text.len());
    let mut from = 0;
    for (range, _) in &references {
        rest.push_str(&text[from..range.start]);
        from = range.end;
    }
    rest.push_str(&text[from..]);
    !references.is_empty() && is_harmless(&rest)
}

/// Collects the texts of a config that are shown anyway.
fn shown_texts(config: &Config) -> HashSet<String> {
    let mut texts: HashSet<String> = HashSet::new();
    for entry in &config.entries {
        texts.insert(entry.name.clone());
        for start in std::iter::once(&entry.start).chain(&entry.unused_start) {
            match start {
                Start::Command(command) => texts.extend(
                    command
                        .tokens()
                        .filter(|token| !token.is_masked())
                        .chain(command.tokens().filter(|token| has_our_reference(token)))
                        .map(|token| token.expose("compared with what is shown").to_owned()),
                ),
                Start::Remote(address) => texts.extend(plain_address(address)),
                Start::BuiltIn(name) => {
                    texts.insert(name.clone());
                }
                Start::Missing => {}
            }
        }
        texts.extend(entry.working_folder.clone());
        texts.extend(entry.environment_files.iter().cloned());
        texts.extend(entry.environment_names.iter().cloned());
        texts.extend(entry.tools_allowed.iter().flatten().cloned());
        texts.extend(entry.tools_left_out.iter().cloned());
        if let AutoApprove::Tools(tools) = &entry.auto_approve {
            texts.extend(tools.iter().cloned());
        }
    }
    // A text that is a value somewhere is shown nowhere.
    let hidden = hidden_texts(config);
    texts.retain(|text| !hidden.contains(text.as_str()));
    texts
}

fn hidden_texts(config: &Config) -> HashSet<&str> {
    config
        .entries
        .iter()
        .flat_map(|entry| {
            entry
                .environment
                .iter()
                .chain(&entry.headers)
                .chain(&entry.other_settings)
        })
        .map(|setting| setting.value.expose("compared with what is shown"))
        .filter(|value| !is_our_reference(value))
        .collect()
}

fn plain_address(address: &Address) -> Option<String> {
    (address.expose("compared with its masked form only") == address.shown())
        .then(|| address.shown().to_owned())
}

/// Returns whether a value of settings or tasks holds nothing that is hidden elsewhere.
fn is_harmless(value: &str) -> bool {
    let tokens: Vec<String> = value.split_whitespace().map(str::to_owned).collect();
    countersign_secrets::arguments(&tokens)
        .iter()
        .all(|token| !token.is_masked())
}

/// A part of a line.
#[derive(Debug, PartialEq, Eq)]
enum Part<'line> {
    /// Blanks and signs.
    Sign(&'line str),
    /// A text in quotes: the quotes and what is between them.
    Quoted(&'line str, &'line str),
    /// A text without quotes.
    Bare(&'line str),
    /// A comment, or what a broken line ends in.
    Rest,
}

impl Part<'_> {
    fn text(&self) -> &str {
        match self {
            Part::Quoted(_, text) | Part::Bare(text) => text,
            Part::Sign(_) | Part::Rest => "",
        }
    }
}

/// Returns a line with every value hidden that `may_show` does not know.
fn line_as_shown(line: &str, is_toml: bool, may_show: impl Fn(&str) -> bool) -> String {
    let line = cut(line.trim(), LINE_BYTES_MAX);
    let parts = parts(line);
    let mut out = String::with_capacity(line.len());
    for (index, part) in parts.iter().enumerate() {
        let is_name =
            (is_key(&parts, index) || is_toml && is_table_name(&parts)) && is_harmless(part.text());
        match part {
            Part::Sign(text) => out.push_str(text),
            Part::Rest => out.push('…'),
            Part::Quoted(whole, text) => {
                if is_name || is_word(text) || may_show(&unescape(text)) {
                    out.push_str(whole);
                } else {
                    let quote = &whole[..1];
                    out.push_str(&format!("{quote}{}{quote}", hidden(&unescape(text))));
                }
            }
            Part::Bare(text) => {
                if is_name || is_word(text) || may_show(text) {
                    out.push_str(text);
                } else {
                    out.push_str(&hidden(text));
                }
            }
        }
    }
    let out = out.trim_end();
    match out.char_indices().nth(CHARACTERS_MAX) {
        Some((at, _)) => format!("{} …", &out[..at]),
        None => out.to_owned(),
    }
}

fn hidden(text: &str) -> String {
    format!("<hidden:{}>", text.chars().count())
}

fn is_word(text: &str) -> bool {
    WORDS.contains(&text)
}

/// A key is what stands before a colon or an equals sign.
fn is_key(parts: &[Part<'_>], index: usize) -> bool {
    matches!(parts.get(index + 1), Some(Part::Sign(sign)) if sign.trim_start().starts_with([':', '=']))
}

/// `[mcp_servers.name]`: in TOML, a line that is nothing but a name in brackets.
fn is_table_name(parts: &[Part<'_>]) -> bool {
    let is_opened = matches!(parts, [Part::Sign(sign), Part::Bare(_), ..]
        if sign.chars().all(|character| character == '['));
    is_opened
        && parts[1..].iter().all(|part| match part {
            Part::Sign(sign) => sign.chars().all(|character| character == ']'),
            Part::Quoted(..) | Part::Bare(_) => true,
            Part::Rest => false,
        })
}

/// Cuts a line into parts. Never fails: what it cannot make out is the rest, which is hidden.
fn parts(line: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut at = 0;
    while at < line.len() {
        let rest = &line[at..];
        let Some(first) = rest.chars().next() else {
            break;
        };
        let length = if matches!(first, '"' | '\'') {
            match closing_quote(rest, first) {
                Some(end) => {
                    parts.push(Part::Quoted(&rest[..=end], &rest[1..end]));
                    end + 1
                }
                None => {
                    parts.push(Part::Rest);
                    rest.len()
                }
            }
        } else if is_comment(rest, at == 0 || line[..at].ends_with([' ', '\t'])) {
            parts.push(Part::Rest);
            rest.len()
        } else if is_sign(first) {
            let end = rest.find(|c| !is_sign(c)).unwrap_or(rest.len());
            parts.push(Part::Sign(&rest[..end]));
            end
        } else {
            let end = bare_end(rest);
            parts.push(Part::Bare(&rest[..end]));
            end
        };
        at += length;
    }
    parts
}

fn is_sign(character: char) -> bool {
    matches!(
        character,
        '{' | '}' | '[' | ']' | ',' | ':' | '=' | ' ' | '\t' | '-' | '>' | '|'
    )
}

fn is_comment(rest: &str, is_after_blank: bool) -> bool {
    rest.starts_with("//") || rest.starts_with("/*") || is_after_blank && rest.starts_with('#')
}

/// A text without quotes ends where a sign can only be a sign.
fn bare_end(rest: &str) -> usize {
    for (at, character) in rest.char_indices() {
        let next = rest[at + character.len_utf8()..]
            .chars()
            .next()
            .unwrap_or(' ');
        let ends = match character {
            ':' | '=' => next.is_whitespace() || next == '"' || next == '\'',
            ',' | ']' | '}' => true,
            ' ' | '\t' => matches!(next, '=' | ':' | '#') || rest[at..].trim().is_empty(),
            _ => false,
        };
        if at > 0 && ends {
            return at;
        }
    }
    rest.len()
}

fn closing_quote(text: &str, quote: char) -> Option<usize> {
    let mut is_escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        if is_escaped {
            is_escaped = false;
        } else if character == '\\' && quote == '"' {
            is_escaped = true;
        } else if character == quote {
            return Some(at);
        }
    }
    None
}

fn unescape(text: &str) -> String {
    serde_json::from_str(&format!("\"{text}\"")).unwrap_or_else(|_| text.to_owned())
}

fn cut(text: &str, bytes_max: usize) -> &str {
    let mut end = text.len().min(bytes_max);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::line_as_shown;

    fn check(line: &str, expect: &str) {
        let known = ["npx", "-y", "pkg@1.0.0", "https://mcp.example/x"];
        let shown = line_as_shown(line, true, |value| known.contains(&value));
        assert_eq!(shown, expect, "{line}");
    }

    #[test]
    fn shows_keys_and_what_is_known() {
        check(r#"  "command": "npx","#, r#""command": "npx","#);
        check(
            r#""args": ["-y", "pkg@1.0.0", "s3cret"],"#,
            r#""args": ["-y", "pkg@1.0.0", "<hidden:6>"],"#,
        );
        check(
            r#""env": { "TOKEN": "ghp_x\"y" }"#,
            r#""env": { "TOKEN": "<hidden:7>" }"#,
        );
        check("command = \"npx\"", "command = \"npx\"");
        check("API_KEY = 'abc'", "API_KEY = '<hidden:3>'");
        check("[mcp_servers.files]", "[mcp_servers.files]");
        check("url: https://mcp.example/x", "url: https://mcp.example/x");
        check("TOKEN: abc def", "TOKEN: <hidden:7>");
        check("- npx", "- npx");
        check("- s3cret", "- <hidden:6>");
        check("PORT: 8080", "PORT: <hidden:4>");
        check("Xq7Zp2Lk9Vb4Nm6Tr8Ws1Yd3: 8", "<hidden:24>: <hidden:1>");
        check("disabled: true", "disabled: true");
    }

    #[test]
    fn hides_comments_and_broken_ends() {
        check(
            r#""command": "npx", // old: ghp_1234"#,
            r#""command": "npx", …"#,
        );
        check("# token abc", "…");
        check(r#""TOKEN": "abc"#, r#""TOKEN": …"#);
        check("key: value # tail", "key: <hidden:5> …");
        check("", "");
    }

    #[test]
    fn never_shows_a_value_that_is_not_known() {
        for line in [
            "TOKEN=s3cretvalue",
            "s3cretvalue",
            "- TOKEN=s3cretvalue",
            "[s3cretvalue, x]",
            "{TOKEN: s3cretvalue}",
            "TOKEN: |s3cretvalue",
            "a:s3cretvalue",
            "\"x\":\"s3cretvalue\"",
            "'TOKEN':'s3cretvalue'",
            "\"\\u0041\": \"s3cretvalue\"",
            "TOKEN: \"x s3cretvalue",
            "[s3cretvalue]",
        ] {
            let shown = line_as_shown(line, false, |_| false);
            assert!(!shown.contains("s3cretvalue"), "{line} is shown as {shown}");
        }
    }
}
