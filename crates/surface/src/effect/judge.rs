use countersign_model::Confidence;
use serde_json::Value;

use super::verbs;
use crate::Item;

/// What a tool does to what it works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ToolEffect {
    /// Leaves everything as it is.
    Read,
    /// Adds or changes something that can be taken back.
    Write,
    /// Removes or overwrites something, or runs what it is given.
    Destructive,
}

impl ToolEffect {
    /// Every effect, mildest first.
    pub const ALL: [ToolEffect; 3] = [ToolEffect::Read, ToolEffect::Write, ToolEffect::Destructive];

    /// Returns the lowercase name.
    pub const fn name(self) -> &'static str {
        match self {
            ToolEffect::Read => "read",
            ToolEffect::Write => "write",
            ToolEffect::Destructive => "destructive",
        }
    }

    /// Finds an effect by its name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|effect| effect.name() == name)
    }
}

/// Our own verdict on what a tool does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EffectVerdict {
    /// What it does.
    pub effect: ToolEffect,
    /// Whether it reaches beyond what the server holds: the web, mail, other machines.
    pub is_open_world: bool,
    /// How sure.
    pub confidence: Confidence,
    /// Why, as fragments: "its name begins with `delete`". Words in it are hostile text.
    pub because: Vec<String>,
}

/// Words of a name that are looked at.
const WORDS_MAX: usize = 12;

/// Bytes of a description that are looked at.
const DESCRIPTION_MAX: usize = 4_000;

/// Judges what a tool does, from its name, schema and description. A server's own hints may make the
/// verdict worse, never better.
pub fn effect(item: &Item) -> EffectVerdict {
    let name = words(item.name());
    let mut verdict = by_name(&name)
        .or_else(|| by_description(item.description()))
        .unwrap_or_else(|| EffectVerdict {
            effect: ToolEffect::Write,
            is_open_world: false,
            confidence: Confidence::Low,
            because: vec!["nothing says what it does".to_owned()],
        });
    raise_by_description(item.description(), &mut verdict);
    raise_by_schema(item.value(), &mut verdict);
    raise_by_hints(item.value(), &mut verdict);
    verdict.is_open_world = is_open_world(item, &name);
    verdict
}

/// Returns what a word, such as a choice of a parameter, does.
pub fn word_effect(word: &str) -> Option<ToolEffect> {
    words(word).first().and_then(|first| verbs::stem(first))
}

fn by_name(name: &[String]) -> Option<EffectVerdict> {
    let found = |word: &str, effect, confidence| EffectVerdict {
        effect,
        is_open_world: false,
        confidence,
        because: vec![format!("its name says `{word}`")],
    };
    // `issue_write`, `pull_request_read`: the verb comes last.
    let last = name.last().filter(|_| name.len() > 1)?;
    let leads = verbs::effect(&name[0]).filter(|_| !verbs::is_vague(&name[0]));
    if let (None, Some(effect)) = (leads, closing(last)) {
        return Some(found(last, effect, Confidence::High));
    }
    let (at, word) = name
        .iter()
        .enumerate()
        .find(|(at, word)| verbs::effect(word).is_some() && (*at == 0 || !verbs::is_vague(word)))?;
    let mut effect = verbs::effect(word)?;
    // What is resolved is found, or is settled.
    if word == "resolve"
        && name.iter().any(|word| {
            matches!(
                word.as_str(),
                "thread" | "issue" | "comment" | "alert" | "incident"
            )
        })
    {
        effect = ToolEffect::Write;
    }
    // `get_or_create`, `list_and_delete`: the worse of two verbs that are joined.
    let joined = name
        .windows(2)
        .skip(at)
        .filter(|pair| pair[0] == "or" || pair[0] == "and");
    for pair in joined {
        effect = effect.max(verbs::effect(&pair[1]).unwrap_or(effect));
    }
    let confidence = if at == 0 && !verbs::is_vague(word) {
        Confidence::High
    } else {
        Confidence::Medium
    };
    Some(found(word, effect, confidence))
}

/// A verb at the end of a name, where it is one for certain.
fn closing(word: &str) -> Option<ToolEffect> {
    match word {
        "write" | "edit" | "update" | "delete" | "remove" => Some(ToolEffect::Destructive),
        "read" | "get" | "list" | "search" => Some(ToolEffect::Read),
        "create" | "add" | "send" => Some(ToolEffect::Write),
        _ => None,
    }
}

fn by_description(description: &str) -> Option<EffectVerdict> {
    let first = words(&description[..floor(description, 200)]);
    let (word, effect) = first
        .iter()
        .take(8)
        .find_map(|word| Some((word, verbs::stem(word)?)))?;
    Some(EffectVerdict {
        effect,
        is_open_world: false,
        confidence: Confidence::Medium,
        because: vec![format!("its description says `{word}`")],
    })
}

/// A description can make a reading tool a changing one, by what it says of itself.
fn raise_by_description(description: &str, verdict: &mut EffectVerdict) {
    const DESTROYS: [&str; 14] = [
        "permanently delete",
        "cannot be undone",
        "irreversible",
        "overwrites",
        "overwrite ",
        "deletes the",
        "deletes all",
        "destructive",
        "arbitrary command",
        "arbitrary code",
        "shell command",
        "executes a command",
        "existing content",
        "cannot be recovered",
    ];
    const KEEPS: [&str; 6] = [
        "read-only",
        "readonly",
        "does not modify",
        "non-destructive",
        "not destructive",
        "without modifying",
    ];
    let text = description[..floor(description, DESCRIPTION_MAX)].to_lowercase();
    let sign = DESTROYS.iter().find(|sign| text.contains(**sign));
    let keeps = KEEPS.iter().any(|sign| text.contains(sign));
    if let Some(sign) = sign.filter(|_| !keeps && verdict.effect == ToolEffect::Write) {
        verdict.effect = ToolEffect::Destructive;
        verdict
            .because
            .push(format!("its description says `{}`", sign.trim()));
    }
}

/// Parameters that change what is there.
fn raise_by_schema(value: &Value, verdict: &mut EffectVerdict) {
    let Some(properties) = value
        .pointer("/inputSchema/properties")
        .and_then(Value::as_object)
    else {
        return;
    };
    for (name, schema) in properties {
        let choices = schema
            .get("enum")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        let is_mode = matches!(
            name.as_str(),
            "action" | "method" | "operation" | "mode" | "command" | "op"
        );
        let worst = choices
            .filter_map(Value::as_str)
            .filter_map(word_effect)
            .max();
        if let Some(worst) = worst.filter(|worst| is_mode && *worst > verdict.effect) {
            verdict.effect = worst;
            verdict.confidence = verdict.confidence.min(Confidence::Medium);
            verdict.because.push(format!("`{name}` can choose so"));
        }
    }
}

fn raise_by_hints(value: &Value, verdict: &mut EffectVerdict) {
    let hint = |name: &str| {
        value
            .get("annotations")
            .and_then(|hints| hints.get(name))
            .and_then(Value::as_bool)
    };
    let claimed = match (hint("readOnlyHint"), hint("destructiveHint")) {
        (Some(false), Some(true)) => ToolEffect::Destructive,
        (Some(false), _) => ToolEffect::Write,
        _ => return,
    };
    if claimed > verdict.effect {
        verdict.effect = claimed;
        verdict.because.push("the server says so".to_owned());
    }
}

fn is_open_world(item: &Item, name: &[String]) -> bool {
    const WORDS: [&str; 22] = [
        "web",
        "url",
        "http",
        "fetch",
        "browse",
        "browser",
        "email",
        "mail",
        "sms",
        "slack",
        "webhook",
        "internet",
        "tweet",
        "post",
        "publish",
        "send",
        "message",
        "crawl",
        "scrape",
        "navigate",
        "notification",
        "online",
    ];
    let is_named = name.iter().any(|word| WORDS.contains(&word.as_str()));
    let parameters = item
        .value()
        .pointer("/inputSchema/properties")
        .and_then(Value::as_object);
    let takes_address = parameters.is_some_and(|parameters| {
        parameters.keys().any(|name| {
            matches!(
                name.to_lowercase().as_str(),
                "url" | "urls" | "uri" | "webhook" | "recipient" | "recipients" | "to" | "email"
            )
        })
    });
    let hint = item
        .value()
        .pointer("/annotations/openWorldHint")
        .and_then(Value::as_bool);
    is_named || takes_address || hint == Some(true)
}

/// Splits a name at signs and at capitals, in lowercase.
fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut was_small = false;
    for character in name.chars() {
        let is_break = !character.is_alphanumeric() || (character.is_uppercase() && was_small);
        if is_break && !word.is_empty() {
            words.push(std::mem::take(&mut word));
            if words.len() == WORDS_MAX {
                return words;
            }
        }
        if character.is_alphanumeric() {
            word.extend(character.to_lowercase());
        }
        was_small = character.is_lowercase() || character.is_ascii_digit();
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// The last boundary of a character at or before a byte.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use countersign_model::Confidence;
    use serde_json::{Value, json};

    use super::{ToolEffect, effect, word_effect};
    use crate::{Builder, Item, ItemKind};

    fn tool(tool: &Value) -> Item {
        let mut builder = Builder::new();
        let page = json!({ "tools": [tool] }).to_string();
        builder.page(ItemKind::Tool, &page).expect("is read");
        builder.finish().tools().next().expect("is there").clone()
    }

    #[test]
    fn judges_by_name_first() {
        for (name, expect) in [
            ("get_page", ToolEffect::Read),
            ("listFiles", ToolEffect::Read),
            ("browser_find", ToolEffect::Read),
            ("issue_read", ToolEffect::Read),
            ("create_issue", ToolEffect::Write),
            ("send-mail", ToolEffect::Write),
            ("git_commit", ToolEffect::Write),
            ("delete_file", ToolEffect::Destructive),
            ("DeleteUser", ToolEffect::Destructive),
            ("label_write", ToolEffect::Destructive),
            ("get_or_create_user", ToolEffect::Write),
        ] {
            assert_eq!(
                effect(&tool(&json!({"name": name}))).effect,
                expect,
                "{name}"
            );
        }
    }

    #[test]
    fn what_says_nothing_is_not_taken_for_harmless() {
        let verdict = effect(&tool(&json!({"name": "frobnicate"})));
        assert_eq!(
            (verdict.effect, verdict.confidence),
            (ToolEffect::Write, Confidence::Low)
        );
    }

    #[test]
    fn hints_never_make_it_milder() {
        let said = json!({"readOnlyHint": true, "destructiveHint": false});
        let verdict = effect(&tool(&json!({"name": "delete_file", "annotations": said})));
        assert_eq!(verdict.effect, ToolEffect::Destructive);
        let said = json!({"readOnlyHint": false, "destructiveHint": true});
        let verdict = effect(&tool(&json!({"name": "get_file", "annotations": said})));
        assert_eq!(verdict.effect, ToolEffect::Destructive);
    }

    #[test]
    fn a_mode_raises_a_tool() {
        let schema = json!({"properties": {"action": {"enum": ["list", "delete"]}}});
        let verdict = effect(&tool(&json!({"name": "get_rows", "inputSchema": schema})));
        assert_eq!(verdict.effect, ToolEffect::Destructive);
        assert_eq!(word_effect("delete_all"), Some(ToolEffect::Destructive));
    }

    #[test]
    fn tells_what_reaches_out() {
        assert!(effect(&tool(&json!({"name": "send_email"}))).is_open_world);
        let schema = json!({"properties": {"url": {}}});
        assert!(effect(&tool(&json!({"name": "get", "inputSchema": schema}))).is_open_world);
        assert!(!effect(&tool(&json!({"name": "read_file"}))).is_open_world);
    }
}
