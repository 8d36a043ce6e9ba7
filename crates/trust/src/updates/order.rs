//! Versions as their ecosystem orders them.

use countersign_model::Ecosystem;

/// A version that can be compared with others of its ecosystem.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Order {
    Npm(nodejs_semver::Version),
    Pypi(pep440_rs::Version),
}

impl Order {
    /// Reads a version; nothing where it is none.
    pub(super) fn read(ecosystem: Ecosystem, text: &str) -> Option<Self> {
        match ecosystem {
            Ecosystem::Npm => nodejs_semver::Version::parse(text).ok().map(Self::Npm),
            Ecosystem::Pypi => text.parse().ok().map(Self::Pypi),
        }
    }

    /// Returns whether it comes before the release that it is named after.
    pub(super) fn is_early(&self) -> bool {
        match self {
            Order::Npm(version) => version.is_prerelease(),
            Order::Pypi(version) => version.any_prerelease(),
        }
    }
}

#[cfg(test)]
mod tests {
    use countersign_model::Ecosystem;

    use super::Order;

    #[test]
    fn versions_are_ordered_as_their_ecosystem_does() {
        let check = |ecosystem, ordered: &[&str]| {
            let read = |text: &&str| Order::read(ecosystem, text).expect("is a version");
            let versions: Vec<Order> = ordered.iter().map(read).collect();
            assert!(versions.is_sorted(), "{ordered:?}");
        };
        check(Ecosystem::Npm, &["1.9.0", "1.10.0-rc.1", "1.10.0", "2.0.0"]);
        check(
            Ecosystem::Pypi,
            &["1.9", "1.10.dev1", "1.10rc1", "1.10", "1.10.post1", "1!0.1"],
        );
        assert_eq!(Order::read(Ecosystem::Npm, "newest"), None);
        assert_eq!(Order::read(Ecosystem::Pypi, "../x"), None);
    }
}
