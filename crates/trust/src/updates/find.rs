//! Finding what speaks against a package, or against an update of it.

use std::collections::BTreeMap;

use countersign_model::{Advisory, Listing, Publisher, Release};

use super::{UpdateSign, Watched};

/// The name itself.
pub(super) fn of_name(mistaken_for: Option<&str>) -> Option<UpdateSign> {
    mistaken_for.map(|meant| UpdateSign::NearMiss {
        meant: meant.to_owned(),
    })
}

/// How the registry lists the package.
pub(super) fn of_listing(listing: &Listing) -> Option<UpdateSign> {
    Some(match listing {
        Listing::Active => return None,
        Listing::Deprecated(message) => UpdateSign::Deprecated {
            version: None,
            message: message.clone(),
        },
        Listing::Archived => UpdateSign::Archived,
        Listing::Quarantined(reason) => UpdateSign::Quarantined {
            reason: reason.clone(),
        },
        Listing::Deleted => UpdateSign::Deleted,
        Listing::Replaced => UpdateSign::Replaced,
    })
}

/// What is known of one version.
pub(super) fn of_problems(
    version: &str,
    advisories: &BTreeMap<String, Vec<Advisory>>,
) -> Vec<UpdateSign> {
    let known = advisories.get(version).map_or(&[][..], Vec::as_slice);
    let (malicious, problems): (Vec<_>, Vec<_>) =
        known.iter().partition(|known| known.is_malicious());
    let ids = |of: &[&Advisory]| of.iter().map(|one| one.id.clone()).collect::<Vec<_>>();
    let mut signs = Vec::new();
    if !malicious.is_empty() {
        signs.push(UpdateSign::Malicious {
            version: version.to_owned(),
            ids: ids(&malicious),
        });
    }
    if !problems.is_empty() {
        let fixed = problems.iter().flat_map(|one| one.fixed.iter().cloned());
        let mut fixed_in: Vec<String> = fixed.collect();
        fixed_in.sort();
        fixed_in.dedup();
        signs.push(UpdateSign::Vulnerable {
            version: version.to_owned(),
            ids: ids(&problems),
            fixed_in,
        });
    }
    signs
}

/// What is said of one release.
pub(super) fn of_release(release: &Release) -> Vec<UpdateSign> {
    let version = || release.version.clone();
    let deprecated = release
        .deprecated
        .as_ref()
        .map(|message| UpdateSign::Deprecated {
            version: Some(version()),
            message: message.clone(),
        });
    let yanked = release.yanked.as_ref().map(|reason| UpdateSign::Yanked {
        version: version(),
        reason: reason.clone(),
    });
    deprecated.into_iter().chain(yanked).collect()
}

/// Whether the files of the present release are those that were approved. A file that was added may be the
/// one that is installed next time.
pub(super) fn of_content(watched: &Watched<'_>, present: &Release) -> Option<UpdateSign> {
    let version = || present.version.clone();
    if watched.integrity.is_empty() {
        return None;
    }
    let new = present.integrity.iter();
    let new = new.filter(|digest| !watched.integrity.contains(digest));
    // Where files have names, one of another name is one more file.
    let is_known = |name: &str| watched.integrity.iter().any(|one| file(one) == Some(name));
    let added: Option<Vec<String>> = new
        .map(|digest| file(digest).filter(|name| !is_known(name)))
        .map(|name| name.map(str::to_owned))
        .collect();
    match added {
        None => Some(UpdateSign::ContentChanged { version: version() }),
        Some(files) if files.is_empty() => None,
        Some(files) => Some(UpdateSign::FilesAdded {
            version: version(),
            files,
        }),
    }
}

/// The name of a file that stands before its digest.
fn file(digest: &str) -> Option<&str> {
    digest.split_once(' ').map(|(name, _)| name)
}

/// Who can publish now and could not before, and the other way round.
pub(super) fn of_maintainers(before: Option<&[String]>, now: Option<&[String]>) -> Vec<UpdateSign> {
    let (Some(before), Some(now)) = (before, now) else {
        return Vec::new();
    };
    let without = |these: &[String], those: &[String]| {
        let only = these.iter().filter(|name| !those.contains(name));
        only.cloned().collect::<Vec<_>>()
    };
    let (added, removed) = (without(now, before), without(before, now));
    let added = (!added.is_empty()).then_some(UpdateSign::MaintainersAdded { names: added });
    let removed =
        (!removed.is_empty()).then_some(UpdateSign::MaintainersRemoved { names: removed });
    added.into_iter().chain(removed).collect()
}

/// What is different in a newer release.
pub(super) fn of_change(present: &Release, newer: &Release) -> Vec<UpdateSign> {
    let version = newer.version.clone();
    let mut signs = Vec::new();
    if let (Some(from), Some(to)) = (&present.publisher, &newer.publisher)
        && is_other(present, from, to)
    {
        signs.push(UpdateSign::PublisherChanged {
            version: version.clone(),
            from: from.clone(),
            to: to.clone(),
        });
    }
    if (present.has_provenance, newer.has_provenance) == (Some(true), Some(false)) {
        signs.push(UpdateSign::ProvenanceGone {
            version: version.clone(),
        });
    }
    let added = newer.install_scripts.iter();
    let added = added.filter(|script| !present.install_scripts.contains(script));
    let scripts: Vec<String> = added.cloned().collect();
    if !scripts.is_empty() {
        signs.push(UpdateSign::InstallScriptsAdded {
            version: version.clone(),
            scripts,
        });
    }
    if let (Some(before), Some(after)) = (&present.dependencies, &newer.dependencies) {
        let added = after.iter().filter(|name| !before.contains(name));
        let names: Vec<String> = added.cloned().collect();
        if !names.is_empty() {
            signs.push(UpdateSign::DependenciesAdded {
                version: version.clone(),
                names,
            });
        }
    }
    if let (Some(from), Some(to)) = (&present.repository, &newer.repository)
        && source(from) != source(to)
    {
        signs.push(UpdateSign::RepositoryChanged {
            version,
            from: from.clone(),
            to: to.clone(),
        });
    }
    signs
}

/// A person who could publish before, or a build that the owners have set up, is no other publisher. A
/// person in the place of a build is: that is how a stolen token is used.
fn is_other(present: &Release, from: &Publisher, to: &Publisher) -> bool {
    if to.is_build {
        return from.is_build && from.name != to.name;
    }
    let could = present.maintainers.as_deref().unwrap_or_default();
    from.is_build || from.name != to.name && !could.contains(&to.name)
}

/// The address of a source without what is spelled in several ways.
fn source(address: &str) -> String {
    let address = address.trim().to_lowercase();
    let address = address.strip_prefix("git+").unwrap_or(&address);
    let address = address.split_once("://").map_or(address, |(_, rest)| rest);
    let address = address.strip_prefix("git@").unwrap_or(address);
    let address = address.strip_prefix("github:").unwrap_or(address);
    let address = address.replacen("github.com:", "github.com/", 1);
    let address = address.split('#').next().unwrap_or_default();
    let address = address.trim_end_matches('/').trim_end_matches(".git");
    let address = address.strip_prefix("www.").unwrap_or(address);
    address
        .strip_prefix("github.com/")
        .unwrap_or(address)
        .to_owned()
}

/// What could not be compared, in words.
pub(super) fn not_compared(present: &Release, newer: &Release) -> Vec<String> {
    let mut words = Vec::new();
    for release in [present, newer] {
        let version = &release.version;
        if release.has_provenance.is_none() {
            words.push(format!(
                "the registry does not say whether {version} has provenance"
            ));
        }
        if release.published_at_s.is_none() {
            words.push(format!(
                "the registry does not say when {version} was published"
            ));
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::source;

    #[test]
    fn one_source_has_many_spellings() {
        for same in [
            "https://github.com/Acme/server",
            "git+https://github.com/acme/server.git",
            "git://github.com/acme/server.git#main",
            "git@github.com:acme/server.git",
            "git+ssh://git@github.com/acme/server.git",
            "github:acme/server",
            "acme/server",
            "https://www.github.com/acme/server/",
        ] {
            assert_eq!(source(same), "acme/server", "{same}");
        }
        assert_ne!(source("https://github.com/eve/server"), "acme/server");
        assert_ne!(source("https://gitlab.com/acme/server"), "acme/server");
    }
}
