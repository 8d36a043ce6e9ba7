//! Where the guard and the bridge are installed.

use countersign_model::Os;

use crate::Setup;

/// The guard's name.
pub(crate) const GUARD: &str = "countersign-guard";

/// The bridge's name.
pub(crate) const BRIDGE: &str = "countersign-bridge";

/// The paths that entries start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installed {
    /// The guard.
    pub guard: String,
    /// The bridge.
    pub bridge: String,
}

/// Returns the one place of guard and bridge on a machine. It has no version in it, and it is not in
/// Windows' `AppData`, of which some clients see a shadow only.
pub fn place(setup: &Setup) -> Installed {
    let home = setup.machine.home.as_str();
    let (folder, suffix) = match setup.machine.os {
        Os::Linux => (format!("{home}/.local/lib/countersign"), ""),
        Os::Macos => (format!("{home}/Library/Countersign"), ""),
        Os::Windows => (format!("{home}/.countersign/bin"), ".exe"),
    };
    let path = |name: &str| {
        let path = format!("{folder}/{name}{suffix}");
        match setup.machine.os {
            Os::Windows => path.replace('/', "\\"),
            Os::Linux | Os::Macos => path,
        }
    };
    Installed {
        guard: path(GUARD),
        bridge: path(BRIDGE),
    }
}
