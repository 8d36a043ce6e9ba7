//! The kernel's own rules for files, networks and processes.

use std::path::Path;

use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, CompatLevel, Compatible, LandlockStatus,
    PathBeneath, PathFd, RestrictionStatus, Ruleset, RulesetAttr, RulesetCreated,
    RulesetCreatedAttr, RulesetError, RulesetStatus, Scope,
};

use super::{paths, plan::Plan};
use crate::sandbox::Landlock;

/// The rules that are asked for; an older kernel holds to those that it knows.
const WANTED: ABI = ABI::V6;

/// Confines this process and all that come from it.
///
/// # Errors
/// Where the kernel refuses; one without Landlock is reported, and is no error.
pub(super) fn confine(plan: &Plan) -> Result<Landlock, RulesetError> {
    if !plan.has_rules {
        return Ok(Landlock::None);
    }
    let mut rules = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(WANTED))?
        .scope(Scope::from_all(WANTED))?;
    if plan.is_closed && !plan.is_wrapped {
        rules = rules.handle_access(AccessNet::from_all(WANTED))?;
    }
    let rules = with_paths(rules.create()?, plan)?;
    Ok(read(&rules.restrict_self()?))
}

fn with_paths(mut rules: RulesetCreated, plan: &Plan) -> Result<RulesetCreated, RulesetError> {
    let reading = AccessFs::from_read(WANTED);
    let all = AccessFs::from_all(WANTED);
    let own = [plan.program.as_path()];
    let given = plan.readable.iter().map(std::path::PathBuf::as_path);
    let system = paths::there(&paths::SYSTEM).chain(paths::there(&paths::SETTINGS));
    for path in system.chain(own).chain(given) {
        rules = with_path(rules, path, reading)?;
    }
    for path in &plan.writable {
        rules = with_path(rules, path, all)?;
    }
    if !plan.is_closed {
        for path in paths::there(&paths::NAMES) {
            rules = with_path(rules, path, reading)?;
        }
    }
    if plan.is_wrapped {
        // Both were made for this program alone.
        rules = with_path(rules, Path::new("/proc"), reading | AccessFs::WriteFile)?;
        return with_path(rules, Path::new("/dev"), all);
    }
    let device = reading | AccessFs::WriteFile;
    for path in paths::there(&paths::DEVICES) {
        rules = with_path(rules, path, device)?;
    }
    for path in paths::there(&paths::MACHINE) {
        rules = with_path(rules, path, reading)?;
    }
    Ok(rules)
}

/// Allows what is beneath a path; what is not there needs no rule.
fn with_path(
    rules: RulesetCreated,
    path: &Path,
    access: BitFlags<AccessFs>,
) -> Result<RulesetCreated, RulesetError> {
    let Ok(opened) = PathFd::new(path) else {
        return Ok(rules);
    };
    // A file knows fewer rights than a folder, and a rule that names others would be refused.
    let access = if path.is_dir() {
        access
    } else {
        access & AccessFs::from_file(WANTED)
    };
    rules.add_rule(PathBeneath::new(opened, access))
}

fn read(status: &RestrictionStatus) -> Landlock {
    let LandlockStatus::Available { effective_abi, .. } = status.landlock else {
        return Landlock::None;
    };
    let abi = effective_abi as u32;
    match status.ruleset {
        RulesetStatus::FullyEnforced => Landlock::Full { abi },
        RulesetStatus::PartiallyEnforced => Landlock::Partly { abi },
        RulesetStatus::NotEnforced => Landlock::None,
    }
}
