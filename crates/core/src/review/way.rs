use countersign_model::{Digest, Entry, Identity, Server, VersionSpec};
use countersign_trust::allowlist::Token;

/// One way of starting a server: its arguments, and the names of what it is given, but for its version.
///
/// Values are not part of it. A server that tells something else to another credential is caught because its
/// surface is another one; both can be approved.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Way {
    /// The server's name.
    pub server: String,
    /// The digest of arguments and names.
    pub key: String,
}

impl Way {
    /// Returns the way in which an entry starts its server; `None` for what has no name.
    pub fn of(entry: &Entry, server: &Server) -> Option<Self> {
        let name = server.identity.name()?;
        let mut parts = Vec::new();
        for argument in &server.command {
            parts.push(match Token::of(argument) {
                Token::Exact(text) => format!("={}", versionless(&text, &server.identity)),
                Token::Hole(hole) => format!("?{}", hole.prefix),
            });
        }
        parts.push(format!(
            "registry {}",
            server.registry.as_deref().unwrap_or_default()
        ));
        let mut settings: Vec<String> = entry
            .environment
            .iter()
            .chain(&entry.headers)
            .map(|setting| setting.name.clone())
            .collect();
        settings.sort();
        parts.extend(settings);
        let text = parts.join("\0");
        Some(Self {
            server: name,
            key: Digest::of(text.as_bytes()).id(),
        })
    }
}

/// Takes the version out of a token, so that another version is the same way.
fn versionless(text: &str, identity: &Identity) -> String {
    match identity {
        Identity::Package(package) => match &package.version {
            VersionSpec::Exact(version) => text
                .replace(&format!("@{version}"), "")
                .replace(&format!("=={version}"), ""),
            VersionSpec::Unstated | VersionSpec::Range(_) | VersionSpec::Tag(_) => text.to_owned(),
        },
        Identity::Image(image) => {
            let digest = image.digest.as_ref().map(|digest| format!("@{digest}"));
            let tag = image.tag.as_ref().map(|tag| format!(":{tag}"));
            [digest, tag]
                .into_iter()
                .flatten()
                .fold(text.to_owned(), |text, part| text.replace(&part, ""))
        }
        _ => text.to_owned(),
    }
}
