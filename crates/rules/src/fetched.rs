//! Addresses that programs are fetched from.

/// Returns whether an address of another machine is reached without encryption.
pub(crate) fn is_plain(url: &str) -> bool {
    let rest = url
        .strip_prefix("http://")
        .or_else(|| url.strip_prefix("git://"))
        .or_else(|| url.strip_prefix("ftp://"));
    rest.is_some_and(|rest| {
        !["localhost", "127.", "[::1]", "host.docker.internal"]
            .iter()
            .any(|near| rest.starts_with(near))
    })
}

/// Returns whether an address leads to one file: an archive or a script.
pub(crate) fn is_file(url: &str) -> bool {
    is_archive(url) || is_script(url)
}

/// Returns whether an address leads to an archive of a package.
pub(crate) fn is_archive(url: &str) -> bool {
    ends(url, &[".tgz", ".tar.gz", ".tar", ".zip", ".whl"])
}

/// Returns whether an address leads to a script.
pub(crate) fn is_script(url: &str) -> bool {
    ends(
        url,
        &[".js", ".mjs", ".cjs", ".ts", ".mts", ".py", ".rb", ".sh"],
    )
}

/// Returns whether an address names a version at a host that keeps versions as they were published.
pub(crate) fn is_versioned(url: &str) -> bool {
    let keeps = ["https://deno.land/", "https://esm.sh/", "https://jsr.io/"]
        .iter()
        .any(|host| url.starts_with(host));
    keeps
        && url.split('@').skip(1).any(|version| {
            version
                .trim_start_matches('v')
                .starts_with(|character: char| character.is_ascii_digit())
        })
}

/// Returns whether an address is a registry that the ecosystem uses by itself.
pub(crate) fn is_usual_registry(url: &str) -> bool {
    [
        "https://registry.npmjs.org",
        "https://registry.yarnpkg.com",
        "https://pypi.org/simple",
    ]
    .iter()
    .any(|usual| url.trim_end_matches('/') == *usual)
}

/// Returns whether a modifier's meaning is about where packages come from.
pub(crate) fn names_index(meaning: &str) -> bool {
    meaning.contains("registry") || meaning.contains("index")
}

fn ends(url: &str, endings: &[&str]) -> bool {
    let path = url
        .split(['?', '#'])
        .next()
        .unwrap_or(url)
        .to_ascii_lowercase();
    endings.iter().any(|ending| path.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::{is_plain, is_script, is_versioned};

    #[test]
    fn tells_plain_addresses() {
        assert!(is_plain("http://registry.example.com"));
        assert!(!is_plain("http://localhost:4873"));
        assert!(!is_plain("https://registry.example.com"));
    }

    #[test]
    fn tells_scripts_with_versions() {
        assert!(is_script("https://deno.land/x/server@v1.2.0/mod.ts"));
        assert!(is_versioned("https://deno.land/x/server@v1.2.0/mod.ts"));
        assert!(!is_versioned("https://example.com/server@1.2.0/mod.ts"));
    }
}
