//! Package specifiers of npm and Python launchers.

use countersign_model::{Ecosystem, Float, Identity, Package, Pin, VersionSpec};

/// Reads what `npx` and its relatives take: `name`, `@scope/name@1.2.3`, `name@^1`, `name@tag`,
/// `npm:other@1`, `github:owner/repo#ref`, addresses of repositories and archives, paths.
pub fn parse_npm(spec: &str) -> (Identity, Pin) {
    let spec = spec.trim();
    if let Some(found) = source(spec) {
        return found;
    }
    if is_path(spec) {
        return local(spec);
    }
    let split = spec
        .char_indices()
        .skip(1)
        .find(|(_, character)| *character == '@');
    let (name, version) = match split {
        Some((at, _)) => (&spec[..at], Some(&spec[at + 1..])),
        None => (spec, None),
    };
    // `alias@npm:real@1.0.0` runs the real one.
    if let Some(real) = version.and_then(|version| version.strip_prefix("npm:")) {
        return parse_npm(real);
    }
    if let Some(found) = version.and_then(source) {
        return found;
    }
    if let Some(path) = version.and_then(|version| version.strip_prefix("file:")) {
        return local(path);
    }
    if !is_npm_name(name) {
        return unknown(spec, "not a package name, an address or a path");
    }
    let version = npm_version(version.unwrap_or_default());
    package(Ecosystem::Npm, name.to_ascii_lowercase(), version)
}

fn is_npm_name(name: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty()
            && !part.starts_with(['.', '_'])
            && part.bytes().all(|byte| {
                byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~')
            })
    };
    match name.strip_prefix('@') {
        Some(scoped) => scoped
            .split_once('/')
            .is_some_and(|(scope, name)| is_part(scope) && is_part(name)),
        None => is_part(name),
    }
}

fn npm_version(text: &str) -> VersionSpec {
    if text.is_empty() {
        return VersionSpec::Unstated;
    }
    let bare = text.strip_prefix(['v', '=']).unwrap_or(text);
    if nodejs_semver::Version::parse(bare).is_ok() {
        VersionSpec::Exact(bare.to_owned())
    } else if text
        .bytes()
        .next()
        .is_some_and(|byte| byte.is_ascii_alphabetic() && byte != b'x' && byte != b'v')
    {
        VersionSpec::Tag(text.to_owned())
    } else if nodejs_semver::Range::parse(text).is_ok() {
        VersionSpec::Range(text.to_owned())
    } else {
        VersionSpec::Tag(text.to_owned())
    }
}

/// Reads what `uvx`, `pipx run` and pip take: `name`, `name[extra]==1.2`, `name>=1,<2`,
/// `name@1.2.3` and `name@latest` (of `uvx`), `name @ git+https://…`, repositories, archives, paths.
pub fn parse_pypi(spec: &str) -> (Identity, Pin) {
    let spec = spec.trim();
    if let Some(found) = source(spec) {
        return found;
    }
    if is_path(spec) || spec.to_ascii_lowercase().ends_with(".whl") {
        return local(spec);
    }
    let end = spec
        .find(|character: char| {
            !(character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.'))
        })
        .unwrap_or(spec.len());
    let name = &spec[..end];
    let mut rest = spec[end..].trim();
    if rest.starts_with('[') {
        match rest.find(']') {
            Some(close) => rest = rest[close + 1..].trim(),
            None => return unknown(spec, "not a requirement"),
        }
    }
    if name.is_empty() {
        return unknown(spec, "not a requirement");
    }
    let rest = rest.split(';').next().unwrap_or_default().trim();
    if let Some(direct) = rest.strip_prefix('@').map(str::trim)
        && let Some(found) = source(direct)
    {
        return found;
    }
    if let Some(path) = rest
        .strip_prefix('@')
        .and_then(|direct| direct.trim().strip_prefix("file:"))
    {
        return local(path);
    }
    package(
        Ecosystem::Pypi,
        normal_python_name(name),
        pypi_version(rest),
    )
}

/// Normalises a name as PyPI compares it (PEP 503).
fn normal_python_name(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for character in name.chars() {
        if matches!(character, '-' | '_' | '.') {
            if !out.ends_with('-') {
                out.push('-');
            }
        } else {
            out.extend(character.to_lowercase());
        }
    }
    out
}

fn pypi_version(rest: &str) -> VersionSpec {
    if rest.is_empty() {
        return VersionSpec::Unstated;
    }
    if let Some(version) = rest.strip_prefix('@') {
        let version = version.trim();
        return if version.parse::<pep440_rs::Version>().is_ok() {
            VersionSpec::Exact(version.to_owned())
        } else {
            VersionSpec::Tag(version.to_owned())
        };
    }
    let exact = rest
        .strip_prefix("===")
        .or_else(|| rest.strip_prefix("=="))
        .map(str::trim)
        .filter(|version| !version.contains([',', '*']));
    match exact {
        Some(version) if version.parse::<pep440_rs::Version>().is_ok() => {
            VersionSpec::Exact(version.to_owned())
        }
        _ => VersionSpec::Range(rest.to_owned()),
    }
}

fn package(ecosystem: Ecosystem, name: String, version: VersionSpec) -> (Identity, Pin) {
    let pin = match &version {
        VersionSpec::Unstated => Pin::Floating(Float::Newest),
        VersionSpec::Tag(tag) if tag == "latest" => Pin::Floating(Float::Newest),
        VersionSpec::Exact(version) => Pin::VersionOnly(version.clone()),
        VersionSpec::Range(range) => Pin::Floating(Float::Range(range.clone())),
        VersionSpec::Tag(tag) => Pin::Floating(Float::Tag(tag.clone())),
    };
    let identity = Identity::Package(Package {
        ecosystem,
        name,
        version,
    });
    (identity, pin)
}

/// Reads an address of a repository or archive, with its reference.
fn source(spec: &str) -> Option<(Identity, Pin)> {
    for (prefix, host) in [
        ("github:", "github.com"),
        ("gitlab:", "gitlab.com"),
        ("bitbucket:", "bitbucket.org"),
    ] {
        if let Some(rest) = spec.strip_prefix(prefix) {
            return Some(repository(&format!("https://{host}/{rest}")));
        }
    }
    let lower = spec.to_ascii_lowercase();
    if lower.starts_with("git+") || lower.starts_with("git://") || lower.starts_with("git@") {
        let address = spec
            .get(4..)
            .filter(|_| lower.starts_with("git+"))
            .unwrap_or(spec);
        return Some(repository(address));
    }
    if lower.starts_with("https://") || lower.starts_with("http://") || lower.starts_with("ssh://")
    {
        let is_repository = lower
            .split(['#', '?'])
            .next()
            .is_some_and(|path| path.ends_with(".git"));
        return Some(if is_repository {
            repository(spec)
        } else {
            archive(spec)
        });
    }
    // `owner/repo` and `owner/repo#ref` are GitHub's, for npm.
    let (path, _) = spec.split_once('#').unwrap_or((spec, ""));
    let is_short = !spec.starts_with(['@', '.', '/', '~'])
        && path.split('/').count() == 2
        && path.split('/').all(|part| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
        });
    is_short.then(|| repository(&format!("https://github.com/{spec}")))
}

fn repository(address: &str) -> (Identity, Pin) {
    let (address, fragment) = address.split_once('#').unwrap_or((address, ""));
    let address = address.split('?').next().unwrap_or(address);
    // A reference follows the last `@` of the path; an `@` before the host belongs to its user.
    let path_start = address.find("://").map_or(0, |at| {
        address[at + 3..]
            .find('/')
            .map_or(address.len(), |slash| at + 3 + slash)
    });
    let (url, at_reference) = match address[path_start..].rfind('@') {
        Some(at) => (
            &address[..path_start + at],
            Some(&address[path_start + at + 1..]),
        ),
        None => (address, None),
    };
    let from_fragment = Some(fragment)
        .filter(|fragment| !fragment.is_empty() && !fragment.contains('='))
        .map(|fragment| fragment.strip_prefix("semver:").unwrap_or(fragment));
    let reference = at_reference.or(from_fragment).map(str::to_owned);
    let url = without_user(url)
        .trim_end_matches('/')
        .trim_end_matches(".git")
        .to_owned();
    let pin = match &reference {
        Some(commit) if is_commit(commit) => Pin::VersionOnly(commit.clone()),
        Some(branch) => Pin::Floating(Float::Branch(Some(branch.clone()))),
        None => Pin::Floating(Float::Branch(None)),
    };
    (Identity::Source { url, reference }, pin)
}

/// An archive at an address: named by the address, and free to change.
fn archive(address: &str) -> (Identity, Pin) {
    let url = address.split(['#', '?']).next().unwrap_or(address);
    let url = without_user(url);
    let identity = Identity::Source {
        url,
        reference: None,
    };
    (identity, Pin::Floating(Float::Branch(None)))
}

/// Takes a user and password out of an address, so that no identity holds a credential.
fn without_user(address: &str) -> String {
    match address.split_once("://") {
        Some((scheme, rest)) => {
            let authority_end = rest.find('/').unwrap_or(rest.len());
            let host_start = rest[..authority_end].rfind('@').map_or(0, |at| at + 1);
            format!("{scheme}://{}", &rest[host_start..])
        }
        None => address.to_owned(),
    }
}

fn is_commit(reference: &str) -> bool {
    matches!(reference.len(), 40 | 64) && reference.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_path(spec: &str) -> bool {
    spec.starts_with(['.', '/', '~', '\\'])
        || spec.starts_with("file:")
        || spec.contains('\\')
        || spec.contains("${")
        || spec.ends_with(".tgz")
        || spec.ends_with(".tar.gz")
}

fn local(path: &str) -> (Identity, Pin) {
    let path = path
        .strip_prefix("file://")
        .or_else(|| path.strip_prefix("file:"))
        .unwrap_or(path);
    let identity = Identity::File {
        path: path.to_owned(),
        runtime: None,
        hash: None,
    };
    (identity, Pin::Floating(Float::Local))
}

fn unknown(seen: &str, why: &str) -> (Identity, Pin) {
    let identity = Identity::Unknown {
        seen: seen.to_owned(),
        why: why.to_owned(),
    };
    (identity, Pin::Floating(Float::Unknown))
}
