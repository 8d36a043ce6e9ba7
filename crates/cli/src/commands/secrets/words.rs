//! What several pages of credentials share.

use anstyle::Style;
use countersign_core::json::{ReferenceView, SpotView, VaultView};

use crate::page::{BAD, GOOD, Page, QUIET, STRONG, counted};

/// Returns what a place is called: its name, or its kind where it has none.
pub(super) fn place<'view>(kind: &'view str, name: &'view str) -> &'view str {
    if name.is_empty() { kind } else { name }
}

/// Writes a credential on a line: where it stands, what it is, how sure that is.
pub(super) fn spot(page: &mut Page, indent: usize, spot: &SpotView) {
    let mut about = format!(
        "  {}, {}",
        spot.label,
        counted(spot.characters as usize, "character")
    );
    if let Some(tail) = &spot.tail {
        about.push_str(&format!(", ends in {tail}"));
    }
    let mut sure = if spot.name.is_empty() {
        String::new()
    } else {
        format!("  {}", spot.kind)
    };
    if spot.confidence != "high" {
        sure.push_str(&format!(
            ", {} confidence: {}",
            spot.confidence, spot.reason
        ));
    }
    page.line(
        indent,
        &[
            (STRONG, place(&spot.kind, &spot.name)),
            (Style::new(), &about),
            (QUIET, &sure),
        ],
    );
}

/// Writes which store is in use, and how it is.
pub(in crate::commands) fn vault(page: &mut Page, vault: &VaultView) {
    let keeper = if vault.keeper.is_empty() {
        "none"
    } else {
        &vault.keeper
    };
    let style = if vault.state == "ready" { GOOD } else { BAD };
    let state = format!("  {}", vault.state);
    page.line(2, &[(Style::new(), keeper), (style, &state)]);
    if let Some(problem) = &vault.problem {
        page.line(4, &[(QUIET, problem)]);
    }
    if let Some(step) = vault_step(&vault.state) {
        page.line(4, &[(QUIET, step)]);
    }
}

/// Returns what makes a store usable.
fn vault_step(state: &str) -> Option<&'static str> {
    match state {
        "none" => Some(
            "Start the system's keyring, or choose an encrypted file with `countersign vault make`.",
        ),
        "locked" => {
            Some("Unlock the keyring, or the encrypted file with `countersign vault unlock`.")
        }
        _ => None,
    }
}

/// Writes a reference of a guarded entry on a line, and what is wrong with it.
pub(super) fn reference(page: &mut Page, indent: usize, reference: &ReferenceView) {
    let style = match reference.state.as_str() {
        "ready" | "elsewhere" => GOOD,
        "unknown" => QUIET,
        _ => BAD,
    };
    let state = match (&reference.held_by, reference.state.as_str()) {
        (Some(keeper), _) => format!("  {keeper} has it"),
        (None, "ready") => "  in the vault".to_owned(),
        (None, "missing") => "  not in the vault".to_owned(),
        (None, "not-bound") => "  bound to something else".to_owned(),
        (None, _) => "  the vault did not answer".to_owned(),
    };
    let label = reference
        .label
        .as_ref()
        .map_or_else(String::new, |label| format!("  {label}"));
    let id = format!("  countersign:{}", reference.id);
    page.line(
        indent,
        &[
            (STRONG, place(&reference.kind, &reference.name)),
            (Style::new(), &label),
            (style, &state),
            (QUIET, &id),
        ],
    );
    for difference in &reference.differences {
        page.line(indent + 2, &[(BAD, difference)]);
    }
    if reference.state == "missing" {
        let set = format!(
            "`countersign secrets set countersign:{}` sets it.",
            reference.id
        );
        page.line(indent + 2, &[(QUIET, &set)]);
    }
}
