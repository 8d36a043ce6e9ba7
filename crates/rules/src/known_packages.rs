//! Package names that many configs hold, and names that are on the public list of malicious packages.

use countersign_model::Ecosystem;

/// A package that was published to do harm.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Malicious {
    /// Where it was published.
    pub(crate) ecosystem: Ecosystem,
    /// Its name.
    pub(crate) name: &'static str,
    /// The entry of the public list.
    pub(crate) record: &'static str,
}

const fn npm(name: &'static str, record: &'static str) -> Malicious {
    Malicious {
        ecosystem: Ecosystem::Npm,
        name,
        record,
    }
}

/// MCP servers on the list that the Open Source Security Foundation keeps of malicious packages: a small
/// part that works without a network; the list itself belongs to the feeds.
///
/// Source: github.com/ossf/malicious-packages, folder `osv/malicious`, checked 2026-11-25.
pub(crate) const MALICIOUS: [Malicious; 6] = [
    npm("postmark-mcp", "MAL-2025-47604"),
    npm("mcp-opencage-server", "MAL-2025-26054"),
    npm("mcp-server-fixthis", "MAL-2025-47929"),
    npm("auth0-mcp-server", "MAL-2025-15093"),
    npm("wealthsimple-mcp-server", "MAL-2025-42116"),
    Malicious {
        ecosystem: Ecosystem::Pypi,
        name: "mcp-aevo-server",
        record: "MAL-2026-20068",
    },
];

/// Well-known servers of the npm registry.
pub(crate) const NPM: [&str; 44] = [
    "@modelcontextprotocol/server-filesystem",
    "@modelcontextprotocol/server-memory",
    "@modelcontextprotocol/server-everything",
    "@modelcontextprotocol/server-sequential-thinking",
    "@modelcontextprotocol/server-github",
    "@modelcontextprotocol/server-gitlab",
    "@modelcontextprotocol/server-slack",
    "@modelcontextprotocol/server-postgres",
    "@modelcontextprotocol/server-puppeteer",
    "@modelcontextprotocol/server-brave-search",
    "@modelcontextprotocol/server-google-maps",
    "@modelcontextprotocol/inspector",
    "@playwright/mcp",
    "@executeautomation/playwright-mcp-server",
    "@upstash/context7-mcp",
    "@notionhq/notion-mcp-server",
    "@supabase/mcp-server-supabase",
    "@stripe/mcp",
    "@sentry/mcp-server",
    "@smithery/cli",
    "@wonderwhy-er/desktop-commander",
    "@browsermcp/mcp",
    "@21st-dev/magic",
    "@agentdeskai/browser-tools-mcp",
    "@antv/mcp-server-chart",
    "@benborla29/mcp-server-mysql",
    "@cocal/google-calendar-mcp",
    "@azure-devops/mcp",
    "@elastic/mcp-server-elasticsearch",
    "@apify/actors-mcp-server",
    "@hubspot/mcp-server",
    "@heroku/mcp-server",
    "@brave/brave-search-mcp-server",
    "mcp-remote",
    "supergateway",
    "chrome-devtools-mcp",
    "next-devtools-mcp",
    "figma-developer-mcp",
    "firecrawl-mcp",
    "tavily-mcp",
    "exa-mcp-server",
    "mongodb-mcp-server",
    "airtable-mcp-server",
    "task-master-ai",
];

/// Well-known servers of the Python Package Index.
pub(crate) const PYPI: [&str; 20] = [
    "mcp-server-fetch",
    "mcp-server-git",
    "mcp-server-time",
    "mcp-server-sqlite",
    "mcp-server-sentry",
    "mcp-server-qdrant",
    "mcp-server-docker",
    "mcp-atlassian",
    "mcp-obsidian",
    "mcp-clickhouse",
    "mcp-proxy",
    "arxiv-mcp-server",
    "duckduckgo-mcp-server",
    "markitdown-mcp",
    "elevenlabs-mcp",
    "blender-mcp",
    "chroma-mcp",
    "postgres-mcp",
    "semgrep-mcp",
    "jupyter-mcp-server",
];

/// Names shorter than this are too close to each other by chance.
const LENGTH_MIN: usize = 9;

/// Returns the well-known package that a name is mistaken for, if it is one letter away.
///
/// Names of the same npm scope belong to the same owner, so these are never told.
pub(crate) fn mistaken_for(ecosystem: Ecosystem, name: &str) -> Option<&'static str> {
    let known: &[&str] = match ecosystem {
        Ecosystem::Npm => &NPM,
        Ecosystem::Pypi => &PYPI,
    };
    if known.contains(&name) || name.len() < LENGTH_MIN {
        return None;
    }
    known
        .iter()
        .copied()
        .filter(|known| known.len() >= LENGTH_MIN)
        .filter(|known| scope(known).is_none() || scope(known) != scope(name))
        .find(|known| is_one_off(known, name) || is_flattened(known, name))
}

fn scope(name: &str) -> Option<&str> {
    name.strip_prefix('@')?
        .split_once('/')
        .map(|(scope, _)| scope)
}

/// A scope so long that nobody else comes upon it: `scope-name`, which anybody can publish, means
/// `@scope/name` then.
const SCOPE_MIN: usize = 12;

fn is_flattened(known: &str, name: &str) -> bool {
    scope(known).is_some_and(|scope| scope.len() >= SCOPE_MIN)
        && known.trim_start_matches('@').replace('/', "-") == name
}

/// Returns whether two names differ by one letter that is added, left out, changed or swapped with
/// its neighbour.
fn is_one_off(left: &str, right: &str) -> bool {
    // A letter has up to four bytes.
    if left.len().abs_diff(right.len()) > 4 {
        return false;
    }
    let left: Vec<char> = left.chars().collect();
    let right: Vec<char> = right.chars().collect();
    if left.len().abs_diff(right.len()) > 1 || left == right {
        return false;
    }
    let same = left
        .iter()
        .zip(&right)
        .take_while(|(left, right)| left == right)
        .count();
    let (left, right) = (&left[same..], &right[same..]);
    let is_swapped = left.len() == right.len()
        && left.len() > 1
        && left[0] == right[1]
        && left[1] == right[0]
        && left[2..] == right[2..];
    let after = |text: &[char]| text.get(1..).map(<[char]>::to_vec).unwrap_or_default();
    is_swapped
        || (left.len() == right.len() && after(left) == after(right))
        || (left.len() > right.len() && after(left) == right)
        || (left.len() < right.len() && after(right) == left)
}

#[cfg(test)]
mod tests {
    use countersign_model::Ecosystem;

    use super::{is_one_off, mistaken_for};

    #[test]
    fn tells_names_that_are_one_letter_away() {
        for (left, right) in [("abc", "abd"), ("abc", "ab"), ("abc", "acb"), ("ac", "abc")] {
            assert!(is_one_off(left, right), "{left} {right}");
        }
        for (left, right) in [("abc", "abc"), ("abc", "ade"), ("abcd", "ab")] {
            assert!(!is_one_off(left, right), "{left} {right}");
        }
    }

    #[test]
    fn names_the_package_that_is_meant() {
        let npm = |name| mistaken_for(Ecosystem::Npm, name);
        assert_eq!(
            npm("@modelcontextprotcol/server-memory"),
            Some("@modelcontextprotocol/server-memory")
        );
        assert_eq!(npm("playwright-mcp"), None);
        assert_eq!(
            npm("modelcontextprotocol-server-memory"),
            Some("@modelcontextprotocol/server-memory")
        );
        assert_eq!(npm("@modelcontextprotocol/server-git"), None);
        assert_eq!(mistaken_for(Ecosystem::Pypi, "mcp-server-fetch"), None);
        assert_eq!(
            mistaken_for(Ecosystem::Pypi, "mcp-server-fetc"),
            Some("mcp-server-fetch")
        );
    }
}
