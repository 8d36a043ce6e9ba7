use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    reading::{Reading, class, encoded, pair},
    rule::{Check, Group, Meta, Reference, Rule},
    surface::{command_order::command, instruction_override, user_concealment},
    surface_look::{Seen, SurfaceHit},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("encoded-payload"),
        title: "Encoded text that gives orders",
        group: Group::Surface,
        severity: Severity::High,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1402"),
            Reference::Owasp("MCP03"),
            Reference::Cwe("CWE-506"),
        ],
        why: "Text was encoded so that a person does not read it. Decoded, it is a command or an order to the model.",
        example: "\"… seed=Y3VybCBod…\"",
        remedy: "Do not approve the server, and report the text to whoever publishes it.",
    },
    check: Check::Surface(check),
};

fn check(seen: &Seen<'_>) -> Vec<SurfaceHit> {
    let mut hits = Vec::new();
    for (item, text) in seen.texts() {
        for found in encoded(text.text.text) {
            if !gives_orders(&found.text) {
                continue;
            }
            let message = format!("Text in {} holds an order or a command.", found.how);
            hits.push(
                text.hit(item, found.span, message)
                    .decoded(Some(found.text)),
            );
            break;
        }
    }
    hits
}

/// Whether a decoded text is a command line, or speaks to a model.
fn gives_orders(text: &str) -> bool {
    let reading = Reading::new(text);
    let folded = reading.folded.text();
    let first = folded.split_whitespace().next().unwrap_or_default();
    let is_command = command(folded).is_some()
        || (matches!(
            first,
            "curl" | "wget" | "sudo" | "chmod" | "bash" | "sh" | "powershell" | "nc"
        ) && folded.contains(' '));
    let deeds = class::READ | class::SEND | class::STEAL | class::FILL | class::RUN;
    let goods = class::SECRET_PATH | class::PRIVATE | class::ADDRESS | class::QUALIFIED;
    let is_order = reading.sentences.iter().any(|sentence| {
        pair(sentence, deeds, goods, 8).is_some()
            || instruction_override::speaks(&reading, sentence)
            || user_concealment::speaks(sentence)
    });
    is_command || is_order
}
