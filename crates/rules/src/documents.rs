//! What documents beside the configs have in common.

use countersign_confedit::Node;
use countersign_model::Scope;

use crate::{look::DocumentLook, rule::Hit, wanted::DocumentKind};

/// Events that come by themselves, without a tool being used.
///
/// Source: Claude Code docs hooks.md; Cursor docs hooks; Gemini CLI docs hooks; Codex docs hooks.md;
/// GitHub docs copilot/reference/hooks-reference; checked 2026-11-25.
pub(crate) const BY_ITSELF: [&str; 12] = [
    "SessionStart",
    "Setup",
    "UserPromptSubmit",
    "InstructionsLoaded",
    "ConfigChange",
    "CwdChanged",
    "FileChanged",
    "DirectoryAdded",
    "sessionStart",
    "beforeSubmitPrompt",
    "userPromptSubmitted",
    "BeforeAgent",
];

impl<'scan> DocumentLook<'scan> {
    /// Returns whether the document comes with a project.
    pub(crate) fn is_of_project(&self) -> bool {
        matches!(self.document.scope, Scope::Project | Scope::ProjectLocal)
    }

    /// Returns the hooks of a document that can hold some: their event, and what stands under it.
    pub(crate) fn hooks(&self) -> Vec<(&'scan str, &'scan Node)> {
        let has_hooks = matches!(
            self.document.kind,
            DocumentKind::ClaudeSettings
                | DocumentKind::CursorHooks
                | DocumentKind::GeminiSettings
                | DocumentKind::CodexConfig
                | DocumentKind::AgentHooks
        );
        let hooks = self.at(&["hooks"]).filter(|_| has_hooks);
        hooks.map_or_else(Vec::new, |hooks| {
            hooks
                .members()
                .iter()
                .filter(|member| holds_handler(&member.value))
                .map(|member| (member.key.as_str(), &member.value))
                .collect()
        })
    }

    /// Makes a hit at the value that keys lead to.
    pub(crate) fn hit_at(&self, keys: &[&str], message: impl Into<String>) -> Hit {
        let hit = Hit::new(message);
        match self.at(keys) {
            Some(node) => hit.at(&self.pointer(keys), self.position(node)),
            None => hit,
        }
    }

    /// Returns a setting whose name has dots: as one key, or as keys inside each other.
    pub(crate) fn dotted(&self, name: &str) -> Option<&'scan Node> {
        let steps: Vec<&str> = name.split('.').collect();
        self.at(&[name]).or_else(|| self.at(&steps))
    }
}

/// Returns whether a command, or an address to which the event is sent, stands anywhere inside.
fn holds_handler(node: &Node) -> bool {
    let is_request = node
        .get("type")
        .is_some_and(|kind| kind.as_str() == Some("http"));
    ["command", "bash", "powershell"]
        .iter()
        .any(|key| node.get(key).and_then(Node::as_str).is_some())
        || is_request && node.get("url").is_some()
        || node.elements().iter().any(holds_handler)
        || node
            .members()
            .iter()
            .any(|member| holds_handler(&member.value))
}
