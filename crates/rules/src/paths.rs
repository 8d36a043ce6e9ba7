//! What a path leads to, by its text alone.

/// Folders and files that hold credentials, as they end or as they stand in a path.
const SENSITIVE: [(&str, &str); 18] = [
    ("/.ssh", "SSH keys"),
    ("/.aws", "AWS credentials"),
    ("/.gnupg", "PGP keys"),
    ("/.kube", "cluster credentials"),
    ("/.azure", "Azure credentials"),
    ("/.config/gcloud", "Google Cloud credentials"),
    ("/.config/gh", "GitHub credentials"),
    ("/.docker", "registry credentials"),
    ("/.netrc", "passwords"),
    ("/.npmrc", "registry tokens"),
    ("/.pypirc", "registry tokens"),
    ("/.git-credentials", "passwords"),
    ("/.password-store", "passwords"),
    ("/.local/share/keyrings", "the keyring"),
    ("/library/keychains", "the keychain"),
    ("/.mozilla/firefox", "browser profiles"),
    ("/.config/google-chrome", "browser profiles"),
    ("/.bitcoin", "wallets"),
];

/// Returns the path with slashes, in lowercase, the home in the place of `~` and its variables,
/// without a slash at the end.
pub(crate) fn normal(path: &str, home: &str) -> String {
    let path = path.trim().replace('\\', "/");
    let starts = [
        "~",
        "$HOME",
        "${HOME}",
        "${env:HOME}",
        "${userHome}",
        "%USERPROFILE%",
    ];
    let rest = starts.iter().find_map(|start| {
        path.strip_prefix(start)
            .filter(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    let path = match rest {
        Some(rest) => format!("{}{rest}", home.replace('\\', "/")),
        None => path,
    };
    let lower = path.to_ascii_lowercase();
    let cut = lower.trim_end_matches('/');
    if cut.is_empty() && lower.starts_with('/') {
        "/".to_owned()
    } else {
        cut.to_owned()
    }
}

/// Returns whether a path is a whole file system or every user's files.
pub(crate) fn is_root(path: &str, home: &str) -> bool {
    let path = normal(path, home);
    let is_drive =
        path.len() == 2 && path.ends_with(':') && path.as_bytes()[0].is_ascii_alphabetic();
    is_drive
        || matches!(
            path.as_str(),
            "/" | "/home" | "/users" | "/root" | "/mnt" | "/volumes" | "c:/users"
        )
}

/// Returns whether a path is a user's home as a whole: this user's, or anybody's by its shape.
pub(crate) fn is_home(path: &str, home: &str) -> bool {
    let path = normal(path, home);
    if !home.is_empty() && path == normal(home, "") {
        return true;
    }
    ["/home/", "/users/", "c:/users/"]
        .iter()
        .filter_map(|parent| path.strip_prefix(parent))
        .any(|name| !name.is_empty() && !name.contains('/') && name != "shared")
}

/// Returns what a path holds, if credentials are kept there.
pub(crate) fn sensitive(path: &str, home: &str) -> Option<&'static str> {
    let path = normal(path, home);
    if path == "/etc" || path == "/etc/shadow" || path == "/etc/passwd" {
        return Some("the system's accounts");
    }
    SENSITIVE
        .iter()
        .find(|(place, _)| path.ends_with(place) || path.contains(&format!("{place}/")))
        .map(|(_, what)| *what)
}

/// Returns whether everybody can put files where a path leads, or downloads land there.
pub(crate) fn is_temporary(path: &str, home: &str) -> bool {
    const STARTS: [&str; 6] = [
        "/tmp/",
        "/var/tmp/",
        "/dev/shm/",
        "/private/tmp/",
        "/var/folders/",
        "c:/temp/",
    ];
    const INSIDE: [&str; 4] = [
        "/appdata/local/temp/",
        "/downloads/",
        "%temp%/",
        "/users/public/",
    ];
    let path = normal(path, home);
    // A home inside a temporary folder is still its user's own.
    let (path, starts) = match path.strip_prefix(&normal(home, "")) {
        Some(rest) if !home.is_empty() && rest.starts_with('/') => (rest, &STARTS[..0]),
        _ => (path.as_str(), &STARTS[..]),
    };
    starts.iter().any(|start| path.starts_with(start))
        || INSIDE.iter().any(|inside| path.contains(inside))
}

/// Returns whether a path is absolute on any system, or starts at a home.
pub(crate) fn is_anchored(path: &str) -> bool {
    let bytes = path.as_bytes();
    let is_drive = bytes.len() > 2 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':';
    path.starts_with(['/', '\\', '~', '$', '%']) || is_drive
}

#[cfg(test)]
mod tests {
    use super::{is_home, is_root, is_temporary, sensitive};

    const HOME: &str = "/home/dev";

    #[test]
    fn knows_roots_and_homes() {
        for path in ["/", "C:\\", "/Users", "/home/"] {
            assert!(is_root(path, HOME), "{path}");
        }
        for path in ["~", "$HOME", "/home/dev/", "/Users/ann", "C:\\Users\\ann"] {
            assert!(is_home(path, HOME), "{path}");
            assert!(!is_root(path, HOME), "{path}");
        }
        for path in ["/home/dev/work", "~/work", "/srv", "C:\\work"] {
            assert!(!is_home(path, HOME) && !is_root(path, HOME), "{path}");
        }
    }

    #[test]
    fn knows_where_credentials_are_kept() {
        assert_eq!(sensitive("~/.ssh", HOME), Some("SSH keys"));
        assert_eq!(
            sensitive("/home/dev/.aws/credentials", HOME),
            Some("AWS credentials")
        );
        assert_eq!(sensitive("/home/dev/.sshfs", HOME), None);
        assert!(is_temporary("/tmp/server", HOME));
        assert!(is_temporary("/home/dev/Downloads/server", HOME));
        assert!(!is_temporary("/home/dev/tmp/server", HOME));
        assert!(!is_temporary("/tmp/home/bin/server", "/tmp/home"));
    }
}
