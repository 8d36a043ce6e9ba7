use countersign_model::{Confidence, RuleId, Severity};
use countersign_surface::Role;

use crate::{
    reading::class,
    rule::{Check, Group, Meta, Reference, Rule},
    surface_look::{Seen, SurfaceHit},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("extraction-parameter"),
        title: "Parameter for what the model was told",
        group: Group::Surface,
        severity: Severity::Medium,
        confidence: Confidence::Medium,
        references: &[
            Reference::SafeMcp("SAFE-T1001"),
            Reference::SafeMcp("SAFE-T1502"),
            Reference::SafeMcp("SAFE-T1603"),
            Reference::Owasp("MCP10"),
        ],
        why: "A model fills a parameter by its name. One that is named for the system prompt or the conversation makes it hand them over.",
        example: "\"properties\": {\"conversation_history\": …}",
        remedy: "Ask why the tool needs it; do not approve the server if the tool works without.",
    },
    check: Check::Surface(check),
};

/// What a model knows and no tool needs, as the words of a name.
const NAMES: [&str; 22] = [
    "systemprompt",
    "systemmessage",
    "systeminstructions",
    "conversationhistory",
    "chathistory",
    "chainofthought",
    "messagehistory",
    "previousmessages",
    "previousconversation",
    "conversationcontext",
    "fullconversation",
    "chatlog",
    "conversationlog",
    "usermessages",
    "hiddenprompt",
    "internalthoughts",
    "toolslist",
    "availabletools",
    "modelname",
    "innermonologue",
    "developermessage",
    "fullcontext",
];

fn check(seen: &Seen<'_>) -> Vec<SurfaceHit> {
    let mut hits = Vec::new();
    for (item, text) in seen.texts() {
        if text.text.role != Role::ParameterName
            || !text.text.pointer.as_str().starts_with("/inputSchema")
                && !text.text.pointer.as_str().starts_with("/arguments")
        {
            continue;
        }
        let name: String = text
            .reading
            .folded
            .text()
            .chars()
            .filter(char::is_ascii_alphabetic)
            .collect();
        if !NAMES.contains(&name.as_str()) {
            continue;
        }
        let hit = text.hit(
            item,
            0..text.text.text.len(),
            "The parameter asks for what the model was told.",
        );
        // A tool that starts another model needs to be told what that one is to be told.
        let is_model_tool = item.texts.iter().any(|text| {
            text.text.text.len() > name.len()
                && text
                    .reading
                    .folded
                    .text()
                    .split(|letter: char| !letter.is_ascii_alphanumeric())
                    .any(is_model)
        });
        let is_weak = matches!(name.as_str(), "modelname" | "availabletools" | "toolslist");
        let is_mild = is_weak
            || (is_model_tool
                && item.item.description().len() > 40
                && item
                    .texts
                    .iter()
                    .all(|text| text.reading.classes & class::STEAL == 0));
        hits.push(if is_mild {
            hit.severity(Severity::Low)
        } else {
            hit
        });
    }
    hits
}

fn is_model(word: &str) -> bool {
    matches!(
        word,
        "llm"
            | "gpt"
            | "claude"
            | "completion"
            | "completions"
            | "chatbot"
            | "model"
            | "openai"
            | "anthropic"
            | "gemini"
            | "agent"
    )
}
