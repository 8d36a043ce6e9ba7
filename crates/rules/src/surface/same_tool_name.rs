use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    disguise::skeleton,
    rule::{Check, Group, Meta, Reference, Rule},
    surface_look::{Seen, SurfaceHit},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("same-tool-name"),
        title: "Tool named like another server's",
        group: Group::Surface,
        severity: Severity::Low,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1004"),
            Reference::SafeMcp("SAFE-T1301"),
            Reference::Owasp("MCP03"),
        ],
        why: "Two servers offer a tool of one name. Which of them a client calls is not settled.",
        example: "\"search\" of two servers",
        remedy: "Find out which of the two is called; rename or switch off one of them.",
    },
    check: Check::Surface(check),
};

fn check(seen: &Seen<'_>) -> Vec<SurfaceHit> {
    let mut hits = Vec::new();
    for tool in seen.look.surface.tools() {
        let own = skeleton(tool.name());
        let same = seen.look.neighbours.iter().find(|neighbour| {
            neighbour
                .tools
                .iter()
                .any(|name| *name == tool.name() && skeleton(name) == own)
        });
        if let Some(neighbour) = same {
            let name = countersign_model::readable_name(neighbour.server);
            let message = format!("`{name}` offers a tool of this name as well.");
            hits.push(SurfaceHit::at_item(tool, message));
        }
    }
    hits
}
