//! Lists of projects that clients keep: pure readers of their text.

use countersign_confedit::Node;

use crate::{
    catalog::{Format, ProjectSource},
    read,
};

/// Projects that are taken from one list.
pub const PROJECTS_MAX: usize = 5_000;

/// Reads the project paths in a document whose map's keys are paths. Keys that are no absolute path
/// are left out; a document that does not parse gives none, as its own config says why.
pub fn map_keys(text: &str, source: &ProjectSource) -> Vec<String> {
    let Some(root) = parse(text, source) else {
        return Vec::new();
    };
    let Some(map) = follow(&root, &source.key) else {
        return Vec::new();
    };
    map.effective_members()
        .into_iter()
        .map(|member| member.key.clone())
        .filter(|path| is_absolute(path))
        .take(PROJECTS_MAX)
        .collect()
}

/// Reads one project path under the source's key.
pub fn member_value(text: &str, source: &ProjectSource) -> Option<String> {
    let root = parse(text, source)?;
    let path = follow(&root, &source.key)?.as_str()?;
    is_absolute(path).then(|| path.to_owned())
}

/// Reads the folder in VS Code's `workspaceStorage/*/workspace.json`: `{"folder": "file:///…"}`.
pub fn workspace(text: &str) -> Option<String> {
    let root = read::document(text, Format::Json).ok()?;
    let folder = root.get("folder")?.as_str()?;
    local_path(folder)
}

/// Reads VS Code's `history.recentlyOpenedPathsList`: `{"entries": [{"folderUri": "file:///…"}]}`.
pub fn recently_opened(text: &str) -> Vec<String> {
    let Ok(root) = read::document(text, Format::Json) else {
        return Vec::new();
    };
    let entries = root.get("entries").map(Node::elements).unwrap_or_default();
    entries
        .iter()
        .filter_map(|entry| entry.get("folderUri")?.as_str())
        .filter_map(local_path)
        .take(PROJECTS_MAX)
        .collect()
}

/// Reads `JetBrains`' `recentProjects.xml`: the keys of its entries, with `$USER_HOME$` filled in.
pub fn jetbrains(text: &str, home: &str) -> Vec<String> {
    text.split("<entry ")
        .skip(1)
        .filter_map(|entry| {
            let key = entry.split("key=\"").nth(1)?.split('"').next()?;
            let path = unescape(key).replace("$USER_HOME$", home);
            is_absolute(&path).then_some(path)
        })
        .take(PROJECTS_MAX)
        .collect()
}

/// Reads one row of Zed's `workspaces` table: paths separated by line ends, or one path.
pub fn zed(paths: &str) -> Vec<String> {
    paths
        .lines()
        .filter(|path| is_absolute(path))
        .map(str::to_owned)
        .take(PROJECTS_MAX)
        .collect()
}

fn parse(text: &str, source: &ProjectSource) -> Option<Node> {
    // The keys are paths that are looked for; none is shown but of a folder that is there.
    let format = source.format.unwrap_or(Format::Json);
    let document = read::document_as_written(text, format).ok()?;
    Some(document.root().clone())
}

fn follow<'node>(root: &'node Node, key: &[String]) -> Option<&'node Node> {
    key.iter().try_fold(root, |node, step| node.get(step))
}

/// Returns the path of a `file:` address of this machine; `None` for remote hosts and other schemes.
fn local_path(address: &str) -> Option<String> {
    let url = url::Url::parse(address).ok()?;
    if url.scheme() != "file"
        || url
            .host_str()
            .is_some_and(|host| !host.is_empty() && host != "localhost")
    {
        return None;
    }
    let path = percent_encoding::percent_decode_str(url.path()).decode_utf8_lossy();
    let bytes = path.as_bytes();
    // `/c:/src` names drive C.
    let is_drive =
        bytes.len() > 2 && bytes[0] == b'/' && bytes[1].is_ascii_alphabetic() && bytes[2] == b':';
    let path = if is_drive { &path[1..] } else { &path };
    is_absolute(path).then(|| path.to_owned())
}

fn unescape(text: &str) -> String {
    text.replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

fn is_absolute(path: &str) -> bool {
    let bytes = path.as_bytes();
    let is_drive = bytes.len() > 2
        && bytes[0].is_ascii_alphabetic()
        && bytes[1] == b':'
        && matches!(bytes[2], b'/' | b'\\');
    (path.starts_with('/') || is_drive) && !path.contains('\0')
}

#[cfg(test)]
mod tests {
    use super::{jetbrains, map_keys, recently_opened, workspace, zed};
    use crate::Catalog;

    #[test]
    fn reads_paths_that_are_keys() {
        let catalog = Catalog::built_in();
        let claude = &catalog.client("claude-code").expect("known").projects[0];
        let text = r#"{"projects": {"/src/a": {}, "relative": {}, "C:\\src\\b": {}}}"#;
        assert_eq!(map_keys(text, claude), ["/src/a", "C:\\src\\b"]);
        assert!(map_keys("{", claude).is_empty());
        let codex = &catalog.client("codex").expect("known").projects[0];
        assert_eq!(
            map_keys("[projects.\"/src/c\"]\ntrust_level = \"trusted\"\n", codex),
            ["/src/c"]
        );
    }

    #[test]
    fn reads_addresses_of_this_machine_only() {
        let folder = |address: &str| workspace(&format!("{{\"folder\": \"{address}\"}}"));
        assert_eq!(
            folder("file:///home/dev/my%20app").as_deref(),
            Some("/home/dev/my app")
        );
        assert_eq!(
            folder("file:///c%3A/src/app").as_deref(),
            Some("c:/src/app")
        );
        assert_eq!(folder("vscode-remote://ssh-remote+host/src"), None);
        assert_eq!(folder("file://host/share"), None);
        let list = r#"{"entries": [{"folderUri": "file:///a"}, {"fileUri": "file:///b"}, 7]}"#;
        assert_eq!(recently_opened(list), ["/a"]);
    }

    #[test]
    fn reads_the_lists_of_editors() {
        let xml =
            "<map><entry key=\"$USER_HOME$/a &amp; b\"><value/></entry><entry key=\"x\"/></map>";
        assert_eq!(jetbrains(xml, "/home/dev"), ["/home/dev/a & b"]);
        assert_eq!(zed("/a\n/b\nc"), ["/a", "/b"]);
    }
}
