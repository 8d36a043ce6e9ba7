//! Whether everything works that guarded entries need, tried and not only looked at.

use countersign_vault::VaultError;

use super::{Means, MoveError, guarded_views, install_hint, program_views, recover, vault_hint};
use crate::{
    Inventory, Setup,
    install::{self, Shipped},
    json::{CheckView, DoctorView, GuardedView, ProgramView},
};

/// Checks the vault (something is written, read back and removed), guard and bridge, what a crash left, and
/// every guarded entry. With `repairs`, what can be mended is mended first.
pub fn doctor(
    setup: &Setup,
    inventory: &Inventory,
    shipped: &Shipped,
    repairs: bool,
) -> DoctorView {
    let guarded = guarded_views(setup, inventory);
    let mut checks = Vec::new();
    if repairs && let Err(error) = install::install(setup, shipped, true) {
        checks.push(wrong(
            "repair",
            format!("Failed to {error}."),
            install_hint(&error),
        ));
    }
    checks.push(vault(setup, !guarded.is_empty()));
    checks.push(unfinished(setup));
    checks.extend(programs(setup, shipped, !guarded.is_empty()));
    checks.extend(guarded.iter().map(entry));
    DoctorView {
        is_fine: checks.iter().all(|check| check.state != "wrong"),
        checks,
    }
}

fn vault(setup: &Setup, is_needed: bool) -> CheckView {
    match Means::ready(setup) {
        Ok(means) => fine(
            "vault",
            format!(
                "The {} keeps what it is given, and gives it back.",
                means.vault.keeper().name()
            ),
        ),
        Err(MoveError::Vault(error @ VaultError::NoKeyring(_))) if !is_needed => CheckView {
            state: "unknown".to_owned(),
            ..wrong("vault", format!("Failed to {error}."), vault_hint(&error))
        },
        Err(error) => wrong("vault", format!("Failed to {error}."), error.hint()),
    }
}

fn unfinished(setup: &Setup) -> CheckView {
    match recover::mend(setup).and_then(|()| recover::is_needed(setup)) {
        Ok(false) => fine("journal", "No move was left unfinished.".to_owned()),
        Ok(true) => wrong(
            "journal",
            "A move was cut off, and another Countersign is at it.".to_owned(),
            Some("Wait until it is done, then look again."),
        ),
        Err(error) => wrong(
            "journal",
            format!("A move was cut off, and mending it failed to {error}."),
            error.hint(),
        ),
    }
}

fn programs(setup: &Setup, shipped: &Shipped, is_needed: bool) -> Vec<CheckView> {
    match program_views(setup, shipped) {
        Ok(views) => views.iter().map(|view| program(view, is_needed)).collect(),
        Err(error) => vec![wrong(
            "programs",
            format!("Failed to {error}."),
            error.hint(),
        )],
    }
}

fn program(view: &ProgramView, is_needed: bool) -> CheckView {
    const REPAIR: Option<&str> = Some("`countersign secrets doctor --repair` puts ours there.");
    let ProgramView { name, path, .. } = view;
    match view.state.as_str() {
        "absent" if is_needed => wrong(
            name,
            format!("{path} is not there, and guarded entries start it."),
            REPAIR,
        ),
        "absent" => fine(name, format!("{path} is not there, and nothing starts it.")),
        "altered" => wrong(name, format!("Something else wrote {path}."), REPAIR),
        "installed" => fine(
            name,
            format!("{path} is the one that came with this version."),
        ),
        state => fine(name, format!("{path} is of a version that is {state}.")),
    }
}

fn entry(view: &GuardedView) -> CheckView {
    let mut said = Vec::new();
    let mut step = None;
    let mut is_known = true;
    for reference in &view.references {
        let name = if reference.name.is_empty() {
            &reference.kind
        } else {
            &reference.name
        };
        match reference.state.as_str() {
            "missing" => {
                said.push(format!("the vault does not have {name}"));
                step = Some(format!(
                    "`countersign secrets set countersign:{}` sets it.",
                    reference.id
                ));
            }
            "not-bound" => {
                said.push(format!(
                    "{name} is bound to something else ({})",
                    reference.differences.join("; ")
                ));
                step = Some(format!(
                    "Look at the entry, and if it is as you want it: `countersign secrets bind {}`.",
                    view.guard
                ));
            }
            "unknown" => is_known = false,
            _ => {}
        }
    }
    let of = format!("{} in {}", view.name, view.file);
    if !said.is_empty() {
        return CheckView {
            name: of,
            state: "wrong".to_owned(),
            said: format!("{}.", said.join(", ")),
            step,
        };
    }
    if !is_known {
        return CheckView {
            name: of,
            state: "unknown".to_owned(),
            said: "The vault did not answer.".to_owned(),
            step: None,
        };
    }
    fine(&of, "Everything that it refers to is there.".to_owned())
}

fn fine(name: &str, said: String) -> CheckView {
    CheckView {
        name: name.to_owned(),
        state: "fine".to_owned(),
        said,
        step: None,
    }
}

fn wrong(name: &str, said: String, step: Option<&str>) -> CheckView {
    CheckView {
        name: name.to_owned(),
        state: "wrong".to_owned(),
        said,
        step: step.map(str::to_owned),
    }
}
