//! From what registries say to what an update would be, and what speaks against it.

mod find;
mod order;
mod sign;

use std::collections::BTreeMap;

use countersign_model::{Advisory, Ecosystem, Listing, PackageFacts, Release};

use self::order::Order;

pub use sign::UpdateSign;

/// How old a release is before it is offered, in seconds: most malicious releases are found in that time.
pub const COOL_DOWN_S: i64 = 14 * 24 * 60 * 60;

/// A package that is in use.
#[derive(Clone, Copy, Debug)]
pub struct Watched<'a> {
    /// Where it comes from.
    pub ecosystem: Ecosystem,
    /// The version that is approved or pinned.
    pub version: &'a str,
    /// The digests of its files at that time, as the registry wrote them; empty where nobody kept them.
    pub integrity: &'a [String],
    /// Who could publish it at that time, where somebody kept that.
    pub maintainers: Option<&'a [String]>,
    /// The well-known package that its name is almost.
    pub mistaken_for: Option<&'a str>,
}

/// What registries say about it.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    /// What its registry says; `None` where it knows no such package.
    pub facts: Option<&'a PackageFacts>,
    /// Known problems, by the versions that were asked for.
    pub advisories: &'a BTreeMap<String, Vec<Advisory>>,
}

/// A release that could be moved to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// The version.
    pub version: String,
    /// How long it has been out, in seconds; `None` where the registry does not say.
    pub age_s: Option<i64>,
    /// Whether it mends a known problem of the present version.
    pub is_security_fix: bool,
}

/// What an update would be, and what speaks against it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UpdateVerdict {
    /// The newest release, where it is newer than the present one.
    pub newest: Option<Offered>,
    /// What the pin would move to: the newest release that is old enough, or the smallest step that mends
    /// what is known of the present one.
    pub eligible: Option<Offered>,
    /// What speaks against it, the most severe first.
    pub signs: Vec<UpdateSign>,
    /// What could not be compared, in words.
    pub not_compared: Vec<String>,
}

/// Judges what registries say about a package in use. `now_s` is the present time, in seconds since 1970
/// (UTC); a release that is younger than `cool_down_s` is not eligible unless it mends a known problem.
pub fn updates(
    watched: &Watched<'_>,
    said: &Said<'_>,
    now_s: i64,
    cool_down_s: i64,
) -> UpdateVerdict {
    let mut verdict = UpdateVerdict::default();
    verdict.signs.extend(find::of_name(watched.mistaken_for));
    verdict
        .signs
        .extend(find::of_problems(watched.version, said.advisories));
    match said.facts {
        None => verdict.signs.push(UpdateSign::Deleted),
        Some(facts) => judge(watched, facts, said, now_s, cool_down_s, &mut verdict),
    }
    if !said.advisories.contains_key(watched.version) {
        let version = watched.version;
        verdict
            .not_compared
            .push(format!("known problems of {version} were not asked for"));
    }
    verdict
        .signs
        .sort_by_key(|sign| std::cmp::Reverse(sign.severity()));
    verdict.signs.dedup();
    verdict
}

fn judge(
    watched: &Watched<'_>,
    facts: &PackageFacts,
    said: &Said<'_>,
    now_s: i64,
    cool_down_s: i64,
    verdict: &mut UpdateVerdict,
) {
    verdict.not_compared.extend(facts.gaps.iter().cloned());
    verdict.signs.extend(find::of_listing(&facts.listing));
    let present = present(watched, facts);
    match present {
        Some(present) => {
            verdict.signs.extend(find::of_release(present));
            verdict.signs.extend(find::of_content(watched, present));
            verdict.signs.extend(find::of_maintainers(
                watched.maintainers.or(present.maintainers.as_deref()),
                facts.maintainers.as_deref(),
            ));
        }
        None if !matches!(facts.listing, Listing::Deleted | Listing::Replaced) => {
            verdict.signs.push(UpdateSign::VersionGone {
                version: watched.version.to_owned(),
            });
        }
        None => {}
    }
    let Some(newer) = Newer::of(watched, facts, said) else {
        let version = watched.version;
        verdict
            .not_compared
            .push(format!("`{version}` is no version that can be compared"));
        return;
    };
    if newer.odd > 0 {
        let text = format!(
            "{} releases have no version that can be compared",
            newer.odd
        );
        verdict.not_compared.push(text);
    }
    let offered = |release: &Release| newer.offered(release, now_s);
    let newest = newer.newest(facts.newest.as_deref());
    let eligible = newer.eligible(now_s, cool_down_s);
    verdict.newest = newest.map(offered);
    verdict.eligible = eligible.map(offered);
    for release in newest.into_iter().chain(eligible) {
        verdict
            .signs
            .extend(find::of_problems(&release.version, said.advisories));
        verdict.signs.extend(find::of_release(release));
        let Some(present) = present else { continue };
        verdict.signs.extend(find::of_change(present, release));
        verdict
            .not_compared
            .extend(find::not_compared(present, release));
    }
    verdict.not_compared.dedup();
}

/// Returns the release in use. A pin may spell its version otherwise than the registry: `1.0`, `1.0.0`.
fn present<'a>(watched: &Watched<'_>, facts: &'a PackageFacts) -> Option<&'a Release> {
    let order = |version: &str| Order::read(watched.ecosystem, version);
    facts.release(watched.version).or_else(|| {
        let wanted = order(watched.version)?;
        let mut releases = facts.releases.iter();
        releases.find(|release| order(&release.version).as_ref() == Some(&wanted))
    })
}

/// The releases that are newer than the present one, the oldest version first.
struct Newer<'a> {
    releases: Vec<(Order, &'a Release)>,
    /// For each known problem of the present version that is mended somewhere, the first version with that.
    mended: Vec<Order>,
    malicious: Vec<&'a str>,
    /// Releases whose version cannot be compared.
    odd: usize,
}

impl<'a> Newer<'a> {
    fn of(watched: &Watched<'_>, facts: &'a PackageFacts, said: &Said<'a>) -> Option<Self> {
        let order = |version: &str| Order::read(watched.ecosystem, version);
        let present = order(watched.version)?;
        let takes_early = present.is_early();
        let mut odd = 0;
        let mut releases = Vec::new();
        for release in &facts.releases {
            match order(&release.version) {
                None => odd += 1,
                Some(version) if version > present && (takes_early || !version.is_early()) => {
                    releases.push((version, release));
                }
                Some(_) => {}
            }
        }
        releases.sort_by(|(left, _), (right, _)| left.cmp(right));
        let problems = said.advisories.get(watched.version);
        let problems = problems.into_iter().flatten();
        let mended = problems.filter(|problem| !problem.is_malicious());
        let first = |problem: &Advisory| {
            let fixed = problem.fixed.iter().filter_map(|version| order(version));
            fixed.filter(|version| *version > present).min()
        };
        let malicious = said.advisories.iter();
        Some(Self {
            mended: mended.filter_map(first).collect(),
            malicious: malicious
                .filter(|(_, known)| known.iter().any(Advisory::is_malicious))
                .map(|(version, _)| version.as_str())
                .collect(),
            releases,
            odd,
        })
    }

    /// Returns what the registry calls the newest, where that is newer; else the highest version.
    fn newest(&self, called: Option<&str>) -> Option<&'a Release> {
        let called = called.and_then(|called| {
            let mut releases = self.releases.iter();
            releases.find(|(_, release)| release.version == called)
        });
        let usable = self.releases.iter().rev();
        let mut usable = usable.filter(|(_, release)| release.yanked.is_none());
        called
            .or_else(|| usable.next())
            .map(|(_, release)| *release)
    }

    fn eligible(&self, now_s: i64, cool_down_s: i64) -> Option<&'a Release> {
        let usable = |release: &Release| {
            release.yanked.is_none()
                && release.deprecated.is_none()
                && !self.malicious.contains(&release.version.as_str())
        };
        let is_aged = |release: &Release| {
            let age_s = age(release, now_s);
            age_s.is_some_and(|age_s| age_s >= cool_down_s.max(0))
        };
        let usable: Vec<_> = self
            .releases
            .iter()
            .filter(|(_, one)| usable(one))
            .collect();
        let aged = usable.iter().rev().find(|(_, release)| is_aged(release));
        let needed = self.mended.iter().max();
        let fix = needed.and_then(|needed| usable.iter().find(|(version, _)| version >= needed));
        let chosen = match (aged, fix) {
            // The smallest step that mends everything; what is older than it mends less.
            (Some((aged, _)), Some(fix)) if aged < &fix.0 => Some(*fix),
            (None, Some(fix)) => Some(*fix),
            (aged, _) => aged.copied(),
        };
        chosen.map(|(_, release)| *release)
    }

    fn offered(&self, release: &Release, now_s: i64) -> Offered {
        let mut releases = self.releases.iter();
        let version = releases.find(|(_, one)| one.version == release.version);
        let mends = |first: &Order| version.is_some_and(|(version, _)| version >= first);
        Offered {
            version: release.version.clone(),
            age_s: age(release, now_s),
            is_security_fix: self.mended.iter().any(mends),
        }
    }
}

/// Returns how long a release has been out; nothing where it was not published yet.
fn age(release: &Release, now_s: i64) -> Option<i64> {
    let age_s = now_s.checked_sub(release.published_at_s?)?;
    (age_s >= 0).then_some(age_s)
}

#[cfg(test)]
mod tests;
