//! Homes that the window is opened on.

use std::{
    fs,
    path::{Path, PathBuf},
};

use countersign_tests::plain;
use tempfile::TempDir;

/// A home with a few clients in it.
pub(crate) struct Home(TempDir);

impl Home {
    pub(crate) fn empty() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    /// Claude Code, Cursor and Codex: six servers, one of them with a credential in plain text.
    pub(crate) fn usual() -> Self {
        let home = Self::empty();
        home.write(
            ".claude.json",
            r#"{
  "mcpServers": {
    "github": {
      "type": "stdio",
      "command": "npx",
      "args": ["-y", "@modelcontextprotocol/server-github@2025.4.8"],
      "env": { "GITHUB_PERSONAL_ACCESS_TOKEN": "ghp_7Qm2Xv9Lr4Tz8Nc1Kb6Wy3Hd5Jf0Gs2Pa9Ee" }
    },
    "fetch": { "type": "stdio", "command": "uvx", "args": ["mcp-server-fetch"] }
  }
}
"#,
        );
        home.write(
            ".cursor/mcp.json",
            r#"{
  "mcpServers": {
    "memory": { "command": "npx", "args": ["-y", "@modelcontextprotocol/server-memory@2026.8.31"] },
    "notion": { "url": "https://mcp.notion.com/mcp" }
  }
}
"#,
        );
        home.write(
            ".codex/config.toml",
            "[mcp_servers.time]\ncommand = \"uvx\"\nargs = [\"mcp-server-time==2026.10.19\"]\n\n\
             [mcp_servers.memory]\ncommand = \"npx\"\nargs = [\"-y\", \"@modelcontextprotocol/server-memory@2026.8.31\"]\n",
        );
        home
    }

    /// Ten files of four formats with credentials in plain text.
    pub(crate) fn plain() -> Self {
        let home = Self::empty();
        for (path, _) in plain::FILES {
            home.write(&home.place(path), &home.plain_text(path));
        }
        home
    }

    /// Where one of those files stands.
    pub(crate) fn place(&self, path: &str) -> String {
        path.replace("{config}", ".config")
    }

    /// What one of those files says before anything is moved.
    pub(crate) fn plain_text(&self, path: &str) -> String {
        let (_, text) = plain::FILES
            .iter()
            .find(|(other, _)| *other == path)
            .expect("it is one of them");
        plain::filled(text).replace("{home}", &self.path().to_string_lossy())
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file below the home, as programs do: beside it first, then by renaming.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path().join(name);
        let folder = path.parent().expect("is in a folder");
        fs::create_dir_all(folder).expect("the folder is made");
        let beside = path.with_extension("new");
        fs::write(&beside, text).expect("is written");
        fs::rename(&beside, &path).expect("is put in place");
        path
    }
}
