//! Folders that a file server is handed.

use countersign_model::Identity;

use crate::look::EntryLook;

/// Flags that name a folder that a server may use.
const FLAGS: [&str; 9] = [
    "--root",
    "--allow",
    "--allow-read",
    "--allow-write",
    "--allowed-dir",
    "--allowed-directory",
    "--allowed-directories",
    "--allow-path",
    "--base-dir",
];

/// Returns the folders that the server may use: every path among the arguments of a file server, and
/// the values of flags that grant a folder.
pub(crate) fn handed_over<'scan>(look: &EntryLook<'scan>) -> Vec<&'scan str> {
    if look.is_container() {
        return Vec::new();
    }
    let is_path = |token: &&str| {
        token.starts_with(['/', '~', '$', '%']) || token.as_bytes().get(1) == Some(&b':')
    };
    let positional = look
        .server_tokens()
        .into_iter()
        .skip(1)
        .filter(|_| is_file_server(look))
        .filter(is_path);
    let granted = look
        .flags()
        .into_iter()
        .filter(|flag| FLAGS.contains(&flag.name) && !is_file_server(look))
        .filter_map(|flag| flag.value)
        .filter(is_path);
    positional.chain(granted).collect()
}

fn is_file_server(look: &EntryLook<'_>) -> bool {
    let name = match look.started().0 {
        Identity::Package(package) => &package.name,
        Identity::Module { name, .. } => name,
        Identity::File { path, .. } => path.rsplit(['/', '\\']).next().unwrap_or(path),
        _ => return false,
    };
    let name = name.to_ascii_lowercase();
    [
        "filesystem",
        "file-system",
        "server-files",
        "mcp-files",
        "fs-mcp",
        "mcp-fs",
    ]
    .iter()
    .any(|word| name.contains(word))
}
