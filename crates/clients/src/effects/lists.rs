//! Lists of names, approvals and trusted folders.

use countersign_confedit::Node;
use countersign_model::{Effect, Entry, Scope};
use countersign_secrets::shown_text;

use super::{Seen, SwitchDocument};
use crate::catalog::SwitchKind;

/// A list of names that are off.
pub(super) fn off_name(document: &SwitchDocument<'_>, entry: &Entry) -> Option<Effect> {
    let list = document.value()?;
    holds(list, &entry.name).then(|| {
        Effect::Disabled(format!(
            "listed in `{}` of {}",
            document.key(),
            document.shown_path
        ))
    })
}

/// A list outside which names are kept out, where the list is there.
pub(super) fn only_names(document: &SwitchDocument<'_>, entry: &Entry) -> Option<Effect> {
    let list = document.value().filter(|list| list.is_list())?;
    (!holds(list, &entry.name)).then(|| {
        Effect::Blocked(format!(
            "not listed in `{}` of {}",
            document.key(),
            document.shown_path
        ))
    })
}

/// A map of names with `enabled: false`.
pub(super) fn off_map(document: &SwitchDocument<'_>, entry: &Entry) -> Option<Effect> {
    let map = document.value()?;
    let value = map
        .get(&entry.name)
        .or_else(|| map.get(&entry.name.to_lowercase()))?;
    let is_off = value.as_bool() == Some(false)
        || value.get("enabled").and_then(Node::as_bool) == Some(false);
    is_off.then(|| Effect::Disabled(format!("switched off in {}", document.shown_path)))
}

/// Claude Code's own approvals, kept in settings and in the projects map of its state file.
pub(super) fn claude(seen: Seen<'_>, documents: &[&SwitchDocument<'_>]) -> Option<Effect> {
    let name = &seen.entry.name;
    let project = seen.reader.project.as_deref();
    let state = documents
        .iter()
        .filter(|document| document.row.kind == SwitchKind::ClaudeProjects)
        .find_map(|document| {
            let project = project?.to_str()?;
            Some((document.value()?.get(project)?, &document.shown_path))
        });
    if let Some((state, path)) = state
        && state
            .get("disabledMcpServers")
            .is_some_and(|list| holds(list, name))
    {
        return Some(Effect::Disabled(format!(
            "switched off for the project in {path}"
        )));
    }
    let settings: Vec<_> = documents
        .iter()
        .filter(|document| document.row.kind == SwitchKind::ClaudeApprovals)
        .collect();
    let knows_approvals = state.is_some() || !settings.is_empty() || asks_first(seen);
    if seen.reader.scope != Scope::Project || !knows_approvals || !asks_first(seen) {
        return None;
    }
    let sources = settings
        .iter()
        .map(|document| (&document.root, &document.shown_path))
        .chain(state.iter().map(|(node, path)| (*node, *path)));
    let mut is_approved = false;
    for (source, path) in sources {
        if source
            .get("disabledMcpjsonServers")
            .is_some_and(|list| holds(list, name))
        {
            return Some(Effect::Disabled(format!("rejected in {path}")));
        }
        is_approved |= source
            .get("enabledMcpjsonServers")
            .is_some_and(|list| holds(list, name))
            || source
                .get("enableAllProjectMcpServers")
                .and_then(Node::as_bool)
                == Some(true);
    }
    (!is_approved).then(|| {
        Effect::Waiting(
            "the client asks before it first uses a project's server; print mode (`-p`) does not ask"
                .to_owned(),
        )
    })
}

/// A desktop extension's settings say that it is off.
pub(super) fn extension_off(seen: Seen<'_>, document: &SwitchDocument<'_>) -> Option<Effect> {
    let folder = seen.path.parent()?.file_name()?.to_str()?;
    let shown = document.shown_path.replace('\\', "/");
    let file = shown.rsplit('/').next()?;
    let is_its = seen.reader.scope == Scope::Plugin && file.strip_suffix(".json") == Some(folder);
    let is_off = document.value().and_then(Node::as_bool) == Some(false);
    (is_its && is_off).then(|| Effect::Disabled(format!("switched off in {}", document.shown_path)))
}

/// Plug-ins of Claude Code count once any settings switch them on. What lies in the plug-in folder
/// besides is what marketplaces offer, and copies of plug-ins that are off.
pub(super) fn plugin(seen: Seen<'_>, documents: &[SwitchDocument<'_>]) -> Option<Effect> {
    if seen.reader.scope != Scope::Plugin || seen.reader.client.as_str() != "claude-code" {
        return None;
    }
    let id = plugin_id(&seen.path.to_string_lossy().replace('\\', "/"))?;
    let is_on = documents
        .iter()
        .filter(|document| document.client == seen.reader.client)
        .filter(|document| document.row.kind == SwitchKind::EnabledPlugins)
        .any(|document| {
            let value = document.value().and_then(|map| map.get(&id));
            value.and_then(Node::as_bool) == Some(true)
        });
    (!is_on).then(|| Effect::Disabled(format!("no settings switch the plug-in `{id}` on")))
}

/// Names the plug-in that a file belongs to, as the client's settings do. `None` for a path that is
/// laid out in another way.
fn plugin_id(path: &str) -> Option<String> {
    let (_, below) = path.split_once("/plugins/")?;
    let mut steps = below.split('/');
    match (steps.next()?, steps.next()?) {
        ("cache", marketplace) => Some(format!("{}@{marketplace}", steps.next()?)),
        ("marketplaces", marketplace) => {
            let mut folders = steps.rev().skip(1).filter(|name| *name != ".claude-plugin");
            Some(format!("{}@{marketplace}", folders.next()?))
        }
        _ => None,
    }
}

/// Claude Code and its relatives ask before they use a project's servers.
fn asks_first(seen: Seen<'_>) -> bool {
    matches!(seen.reader.client.as_str(), "claude-code" | "codebuddy")
}

/// Folder trust of Codex and Gemini CLI, for servers of projects.
pub(super) fn trust(seen: Seen<'_>, documents: &[&SwitchDocument<'_>]) -> Option<Effect> {
    let is_of_project = matches!(seen.reader.scope, Scope::Project | Scope::ProjectLocal);
    let project = seen.reader.project.as_deref()?.to_str()?;
    let lists: Vec<_> = documents
        .iter()
        .filter(|document| {
            matches!(
                document.row.kind,
                SwitchKind::TrustedProjects | SwitchKind::TrustedFolders
            )
        })
        .collect();
    let asks = matches!(seen.reader.client.as_str(), "codex" | "gemini-cli");
    if !is_of_project || (lists.is_empty() && !asks) {
        return None;
    }
    for document in &lists {
        let Some(map) = document.value() else {
            continue;
        };
        match trust_of(map, project) {
            Some(true) => return None,
            Some(false) => {
                return Some(Effect::Blocked(format!(
                    "the folder is marked as not trusted in {}",
                    document.shown_path
                )));
            }
            None => {}
        }
    }
    asks.then(|| Effect::Waiting("the client uses it once the folder is trusted".to_owned()))
}

/// Returns what a map of folders says of a project. Of several folders that hold it, the one with
/// the longest path decides.
fn trust_of(map: &Node, project: &str) -> Option<bool> {
    let rules = map.effective_members().into_iter().filter_map(|member| {
        let folder = member.key.trim_end_matches(['/', '\\']);
        let word = member.value.as_str();
        // Codex trusts a folder, and nothing below it.
        if let Some(level) = member.value.get("trust_level").and_then(Node::as_str) {
            return (folder == project).then_some((folder, level == "trusted"));
        }
        let (covered, is_trusted) = match word? {
            "TRUST_FOLDER" => (folder, true),
            "TRUST_PARENT" => (parent(folder), true),
            "DO_NOT_TRUST" => (folder, false),
            _ => return None,
        };
        is_within(project, covered).then_some((folder, is_trusted))
    });
    rules
        .max_by_key(|(folder, _)| folder.len())
        .map(|(_, is_trusted)| is_trusted)
}

fn parent(folder: &str) -> &str {
    folder.rfind(['/', '\\']).map_or(folder, |at| &folder[..at])
}

fn is_within(project: &str, folder: &str) -> bool {
    project
        .strip_prefix(folder)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '\\']))
}

fn holds(list: &Node, name: &str) -> bool {
    list.elements()
        .iter()
        .filter_map(Node::as_str)
        .any(|listed| shown_text(listed) == name)
}
