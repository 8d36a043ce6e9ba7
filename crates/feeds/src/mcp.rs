//! The MCP registry: a server's newest version, and how it is listed.

use countersign_model::Listing;
use serde::Deserialize;

use crate::read::{LIST_MAX, Part, ReadError, short, time};

/// What the MCP registry says about a server's newest version. Untrusted text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerFacts {
    /// The version.
    pub version: String,
    /// How it is listed.
    pub listing: Listing,
    /// When it was published, in seconds since 1970 (UTC).
    pub published_at_s: Option<i64>,
    /// Packages that it is made of: registry (`npm`, `pypi`, `oci` …), name, version.
    pub packages: Vec<(String, String, Option<String>)>,
    /// Addresses where it runs.
    pub remotes: Vec<String>,
}

#[derive(Deserialize)]
struct Document {
    server: Server,
    #[serde(rename = "_meta", default)]
    meta: Part<Meta>,
}

#[derive(Deserialize)]
struct Server {
    name: String,
    version: String,
    #[serde(default)]
    packages: Part<Vec<Part<Package>>>,
    #[serde(default)]
    remotes: Part<Vec<Part<Remote>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Package {
    registry_type: String,
    identifier: String,
    #[serde(default)]
    version: Part<String>,
}

#[derive(Deserialize)]
struct Remote {
    url: String,
}

#[derive(Deserialize)]
struct Meta {
    #[serde(rename = "io.modelcontextprotocol.registry/official", default)]
    official: Part<Official>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Official {
    status: String,
    #[serde(default)]
    status_message: Part<String>,
    #[serde(default)]
    published_at: Part<String>,
}

/// Reads a server.
pub(crate) fn read(text: &str, name: &str) -> Result<ServerFacts, ReadError> {
    let Document { server, meta } = serde_json::from_str(text)?;
    if server.name != name {
        return Err(ReadError::Other);
    }
    let official = meta.0.and_then(|meta| meta.official.0);
    let packages = server.packages.0.unwrap_or_default().into_iter();
    let remotes = server.remotes.0.unwrap_or_default().into_iter();
    Ok(ServerFacts {
        version: short(&server.version),
        listing: listing(official.as_ref())?,
        published_at_s: official
            .and_then(|official| official.published_at.0)
            .and_then(|at| time(&at)),
        packages: packages
            .filter_map(|package| package.0)
            .map(|package| {
                let version = package.version.0.as_deref().map(short);
                (
                    short(&package.registry_type),
                    short(&package.identifier),
                    version,
                )
            })
            .take(LIST_MAX)
            .collect(),
        remotes: remotes
            .filter_map(|remote| Some(short(&remote.0?.url)))
            .take(LIST_MAX)
            .collect(),
    })
}

/// A server without a status, or with one that is not known, is not one that is fine.
fn listing(official: Option<&Official>) -> Result<Listing, ReadError> {
    let said =
        |official: &Official| short(official.status_message.0.as_deref().unwrap_or_default());
    match official.map(|official| (official.status.as_str(), official)) {
        Some(("active", _)) => Ok(Listing::Active),
        Some(("deprecated", official)) => Ok(Listing::Deprecated(said(official))),
        Some(("deleted", _)) => Ok(Listing::Deleted),
        Some(_) => Err(ReadError::Form("its status is not known".to_owned())),
        None => Err(ReadError::Form("it has no status".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use countersign_model::Listing;

    use super::read;
    use crate::ReadError;

    fn document(official: &str) -> String {
        format!(
            r#"{{"server": {{"name": "io.github.acme/server", "version": "1.2.0",
                "packages": [{{"registryType": "npm", "identifier": "@acme/server", "version": "1.2.0"}}, 7],
                "remotes": [{{"type": "streamable-http", "url": "https://mcp.example.com"}}]}},
                "_meta": {{"io.modelcontextprotocol.registry/official": {official}}}}}"#
        )
    }

    #[test]
    fn reads_a_server_and_how_it_is_listed() {
        let of = |official: &str| read(&document(official), "io.github.acme/server");
        let facts =
            of(r#"{"status": "active", "publishedAt": "1970-01-02T00:00:00Z"}"#).expect("is read");
        assert_eq!(
            (facts.listing, facts.published_at_s),
            (Listing::Active, Some(86_400))
        );
        let package = (
            "npm".to_owned(),
            "@acme/server".to_owned(),
            Some("1.2.0".to_owned()),
        );
        assert_eq!((facts.packages, facts.remotes.len()), (vec![package], 1));
        let facts = of(r#"{"status": "deprecated", "statusMessage": "use x"}"#).expect("is read");
        assert_eq!(facts.listing, Listing::Deprecated("use x".to_owned()));
        let facts = of(r#"{"status": "deleted"}"#).expect("is read");
        assert_eq!(facts.listing, Listing::Deleted);
        for odd in ["{}", "null", r#"{"status": "fine"}"#] {
            assert!(matches!(of(odd), Err(ReadError::Form(_))), "{odd}");
        }
        let other = read(&document(r#"{"status": "active"}"#), "io.github.acme/other");
        assert_eq!(other, Err(ReadError::Other));
    }
}
