//! From a row of the catalog to paths: a pure function of system, home, environment and row.

use std::collections::BTreeMap;

use countersign_model::Os;

use crate::catalog::{Location, Override};

/// What paths depend on: the system, the home, and the environment.
#[derive(Clone, Debug)]
pub struct Machine {
    /// The system.
    pub os: Os,
    /// The user's home, without a slash at its end.
    pub home: String,
    environment: BTreeMap<String, String>,
    system_root: Option<String>,
}

/// A path with slashes; a step may hold `*` (any characters of one name), or be `**` (any folders).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pattern(String);

/// Where a location's files are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Located {
    /// The patterns to look at, in order; empty where the location has none on this system.
    pub patterns: Vec<Pattern>,
}

impl Machine {
    /// Describes a machine. Empty variables count as unset. On Windows, variable names are compared
    /// without case.
    pub fn new(
        os: Os,
        home: &str,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Self {
        let environment = environment
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| (fold(os, &name), value))
            .collect();
        Self {
            os,
            home: trim(&home.replace('\\', "/"), os),
            environment,
            system_root: None,
        }
    }

    /// Looks for everything outside the home below `root`, as for a disk that is mounted there.
    pub fn below(self, root: &str) -> Self {
        Self {
            system_root: Some(trim(&root.replace('\\', "/"), self.os)),
            ..self
        }
    }

    /// Returns a variable that is set and not empty.
    pub fn variable(&self, name: &str) -> Option<&str> {
        self.environment
            .get(&fold(self.os, name))
            .map(String::as_str)
    }

    /// Returns every variable that is set, by name.
    pub fn environment(&self) -> impl Iterator<Item = (&str, &str)> {
        self.environment
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Puts values in the place of `{VARIABLES}`; `None` where one has no value on this machine.
    ///
    /// `{PROJECT}` and `{SERVER_CWD}` stay: they are put in by [`Pattern::in_project`].
    pub fn expand(&self, template: &str) -> Option<String> {
        let mut out = String::with_capacity(template.len() + self.home.len());
        let mut rest = template;
        while let Some(open) = rest.find('{') {
            out.push_str(&rest[..open]);
            let close = open + rest[open..].find('}')?;
            let name = &rest[open + 1..close];
            if matches!(name, "PROJECT" | "SERVER_CWD") {
                out.push_str(&rest[open..=close]);
            } else {
                out.push_str(&self.base(name)?);
            }
            rest = &rest[close + 1..];
        }
        out.push_str(rest);
        Some(self.placed(trim(&out.replace('\\', "/"), self.os)))
    }

    /// Puts a path outside the home below the system's root, where that is not `/`.
    fn placed(&self, path: String) -> String {
        let is_within = |folder: &str| {
            path.strip_prefix(folder)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        match &self.system_root {
            Some(root) if !path.starts_with('{') && !is_within(&self.home) && !is_within(root) => {
                format!("{root}/{}", path.trim_start_matches('/'))
            }
            _ => path,
        }
    }

    /// Returns the value of a path variable of the catalog, or of an environment variable.
    fn base(&self, name: &str) -> Option<String> {
        let set = self.variable(name).map(|value| self.absolute(value));
        let windows = self.os == Os::Windows;
        let home = &self.home;
        match name {
            "HOME" => Some(home.clone()),
            "APPDATA" => windows.then(|| set.unwrap_or_else(|| format!("{home}/AppData/Roaming"))),
            "LOCALAPPDATA" => {
                windows.then(|| set.unwrap_or_else(|| format!("{home}/AppData/Local")))
            }
            "PROGRAMDATA" => windows.then(|| set.unwrap_or_else(|| "C:/ProgramData".into())),
            "PROGRAMFILES" => windows.then(|| set.unwrap_or_else(|| "C:/Program Files".into())),
            "XDG_CONFIG_HOME" => Some(set.unwrap_or_else(|| format!("{home}/.config"))),
            "XDG_DATA_HOME" => Some(set.unwrap_or_else(|| format!("{home}/.local/share"))),
            "ECLIPSE_WORKSPACE" => Some(set.unwrap_or_else(|| format!("{home}/eclipse-workspace"))),
            _ => set,
        }
    }

    /// Follows `~` in a value that a user wrote.
    pub fn absolute(&self, value: &str) -> String {
        let value = value.replace('\\', "/");
        match value.strip_prefix('~') {
            Some(rest) if rest.is_empty() || rest.starts_with('/') => {
                format!("{}{rest}", self.home)
            }
            _ => value,
        }
    }
}

fn fold(os: Os, name: &str) -> String {
    if os == Os::Windows {
        name.to_ascii_uppercase()
    } else {
        name.to_owned()
    }
}

fn trim(path: &str, os: Os) -> String {
    let trimmed = path.trim_end_matches('/');
    let is_drive = os == Os::Windows && trimmed.len() == 2 && trimmed.ends_with(':');
    if trimmed.is_empty() || is_drive {
        format!("{trimmed}/")
    } else {
        trimmed.to_owned()
    }
}

/// Returns where a location's files are on `machine`; nothing for another system's location, and
/// nothing on Windows for a path that has no drive.
pub fn location(machine: &Machine, location: &Location) -> Located {
    let is_unix = |path: &str| path.starts_with('/');
    let applies = location.os.is_none_or(|os| os == machine.os)
        && !(machine.os == Os::Windows && location.path.as_deref().is_some_and(is_unix));
    let Some(template) = location.path.as_deref().filter(|_| applies) else {
        return Located::default();
    };
    let mut patterns = Vec::new();
    patterns.extend(template_or_override(machine, template, &location.overrides));
    for also in &location.also {
        if machine.variable(&also.variable).is_some() {
            patterns.extend(machine.expand(&also.path).map(Pattern));
        }
    }
    Located { patterns }
}

/// Returns the path of a template, or of the first override whose variable is set.
pub fn template_or_override(
    machine: &Machine,
    template: &str,
    overrides: &[Override],
) -> Option<Pattern> {
    let chosen = overrides
        .iter()
        .find(|candidate| machine.variable(&candidate.variable).is_some())
        .map_or(template, |candidate| candidate.path.as_str());
    machine.expand(chosen).map(Pattern)
}

impl Pattern {
    /// Takes a path that is already complete.
    pub fn new(path: &str) -> Self {
        Self(path.replace('\\', "/"))
    }

    /// Returns the path, with slashes on every system.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether the path depends on a project.
    pub fn needs_project(&self) -> bool {
        self.0.contains("{PROJECT}") || self.0.contains("{SERVER_CWD}")
    }

    /// Returns whether the path stands for several.
    pub fn has_wildcard(&self) -> bool {
        self.0.contains('*')
    }

    /// Puts a project's root in the place of `{PROJECT}` and `{SERVER_CWD}`.
    pub fn in_project(&self, root: &str) -> Self {
        let root = root.trim_end_matches('/');
        Self(
            self.0
                .replace("{PROJECT}", root)
                .replace("{SERVER_CWD}", root),
        )
    }

    /// Returns the first step below the project's root, by which a project is recognised.
    pub fn project_marker(&self) -> Option<&str> {
        let rest = self
            .0
            .strip_prefix("{PROJECT}/")
            .or_else(|| self.0.strip_prefix("{SERVER_CWD}/"))?;
        rest.split('/').next().filter(|step| !step.contains('*'))
    }

    /// Returns whether `path` (with slashes) ends in this pattern's project part, for files that are
    /// looked at outside any known project.
    pub fn matches_end_of(&self, path: &str) -> bool {
        let own = self
            .0
            .strip_prefix("{PROJECT}/")
            .or_else(|| self.0.strip_prefix("{SERVER_CWD}/"))
            .unwrap_or(&self.0);
        let own: Vec<&str> = own.split('/').filter(|step| !step.is_empty()).collect();
        let path: Vec<&str> = path.split('/').filter(|step| !step.is_empty()).collect();
        if own.contains(&"**") || own.len() > path.len() {
            return false;
        }
        path[path.len() - own.len()..]
            .iter()
            .zip(&own)
            .all(|(step, pattern)| step_matches(pattern, step))
    }
}

/// Returns whether a file or folder name fits a step with `*`.
pub fn step_matches(pattern: &str, name: &str) -> bool {
    let Some((head, tail)) = pattern.split_once('*') else {
        return pattern == name;
    };
    let Some(mut rest) = name.strip_prefix(head) else {
        return false;
    };
    let mut parts = tail.split('*').peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use countersign_model::Os;

    use super::{Machine, Pattern, location, step_matches};
    use crate::Catalog;

    fn machine(os: Os, home: &str, environment: &[(&str, &str)]) -> Machine {
        let environment = environment
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Machine::new(os, home, environment)
    }

    #[test]
    fn expands_the_bases_of_each_system() {
        let linux = machine(Os::Linux, "/home/dev/", &[("XDG_CONFIG_HOME", "/cfg")]);
        assert_eq!(
            linux.expand("{XDG_CONFIG_HOME}/zed").as_deref(),
            Some("/cfg/zed")
        );
        assert_eq!(linux.expand("{APPDATA}/x"), None);
        assert_eq!(linux.expand("{HOME}").as_deref(), Some("/home/dev"));
        let windows = machine(Os::Windows, "C:\\Users\\dev", &[("AppData", "D:\\Roaming")]);
        assert_eq!(
            windows.expand("{APPDATA}/Code").as_deref(),
            Some("D:/Roaming/Code")
        );
        assert_eq!(
            windows.expand("{LOCALAPPDATA}/x").as_deref(),
            Some("C:/Users/dev/AppData/Local/x")
        );
        assert_eq!(windows.expand("{NOT_SET}/x"), None);
        assert_eq!(linux.expand("{broken").as_deref(), None);
    }

    #[test]
    fn the_first_variable_that_is_set_moves_a_file() {
        let catalog = Catalog::built_in();
        let cline = &catalog.client("cline").expect("known").locations[0];
        let paths = |environment: &[(&str, &str)]| {
            location(&machine(Os::Linux, "/h", environment), cline).patterns[0]
                .as_str()
                .to_owned()
        };
        assert_eq!(
            paths(&[]),
            "/h/.cline/data/settings/cline_mcp_settings.json"
        );
        assert_eq!(
            paths(&[("CLINE_DIR", "~/c")]),
            "/h/c/data/settings/cline_mcp_settings.json"
        );
        assert_eq!(
            paths(&[("CLINE_DIR", "/c"), ("CLINE_MCP_SETTINGS_PATH", "/m.json")]),
            "/m.json"
        );
    }

    #[test]
    fn a_system_that_is_mounted_elsewhere_keeps_only_the_home_in_its_place() {
        let linux = machine(Os::Linux, "/mnt/home/dev", &[]).below("/mnt/root/");
        let at = |template: &str| linux.expand(template);
        assert_eq!(
            at("/etc/codex/config.toml").as_deref(),
            Some("/mnt/root/etc/codex/config.toml")
        );
        assert_eq!(at("{HOME}/.x").as_deref(), Some("/mnt/home/dev/.x"));
        assert_eq!(
            at("/mnt/home/device/x").as_deref(),
            Some("/mnt/root/mnt/home/device/x")
        );
        assert_eq!(at("{PROJECT}/.x").as_deref(), Some("{PROJECT}/.x"));
        let windows = machine(Os::Windows, "/mnt/Users/dev", &[]).below("/mnt/root");
        assert_eq!(
            windows.expand("{PROGRAMDATA}/x").as_deref(),
            Some("/mnt/root/C:/ProgramData/x")
        );
        assert_eq!(
            windows.expand("{APPDATA}/x").as_deref(),
            Some("/mnt/Users/dev/AppData/Roaming/x")
        );
    }

    #[test]
    fn project_paths_wait_for_their_project() {
        let pattern = Pattern::new("{PROJECT}/.cursor/mcp.json");
        assert!(pattern.needs_project());
        assert_eq!(pattern.project_marker(), Some(".cursor"));
        assert_eq!(
            pattern.in_project("/src/a/").as_str(),
            "/src/a/.cursor/mcp.json"
        );
        assert!(pattern.matches_end_of("x/y/.cursor/mcp.json"));
        assert!(!pattern.matches_end_of("x/y/mcp.json"));
    }

    #[test]
    fn stars_match_within_one_name() {
        assert!(step_matches("*.config.toml", "work.config.toml"));
        assert!(step_matches("Claude_*", "Claude_pzs8"));
        assert!(step_matches("mcp_*_x*.yaml", "mcp_a_b_xy.yaml"));
        assert!(step_matches("*", "anything"));
        assert!(!step_matches("*.json", "a.yaml"));
        assert!(!step_matches("a*b", "b"));
        assert!(!step_matches("exact", "exacter"));
    }
}
