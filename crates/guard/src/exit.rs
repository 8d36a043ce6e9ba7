/// Exit codes of the guard itself, where no server ran: a public contract. Where one ran, its own code
/// is passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// The guard's own command line was not understood.
    Usage = 119,
    /// What was asked for is not what a secret is bound to.
    Mismatch = 120,
    /// The vault does not hold a secret.
    Missing = 121,
    /// The vault is locked, or denied.
    Locked = 122,
    /// The vault, or a secret manager, failed.
    Vault = 123,
    /// The guard could not do its work.
    Failed = 125,
    /// The program is there and cannot be started.
    NotRunnable = 126,
    /// The program is not there.
    NotFound = 127,
}

impl Exit {
    /// Every code, in order.
    pub const ALL: [Exit; 8] = [
        Exit::Usage,
        Exit::Mismatch,
        Exit::Missing,
        Exit::Locked,
        Exit::Vault,
        Exit::Failed,
        Exit::NotRunnable,
        Exit::NotFound,
    ];

    /// Returns the number that the system sees.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// Returns the name by which programs decide: `data.code` of an answer.
    pub const fn name(self) -> &'static str {
        match self {
            Exit::Usage => "usage",
            Exit::Mismatch => "secret-mismatch",
            Exit::Missing => "secret-missing",
            Exit::Locked => "vault-locked",
            Exit::Vault => "vault-failed",
            Exit::Failed => "guard-failed",
            Exit::NotRunnable => "program-not-runnable",
            Exit::NotFound => "program-not-found",
        }
    }

    pub(crate) fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|exit| exit.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::Exit;

    #[test]
    fn every_code_stands_in_the_manual() {
        let manual = include_str!("../../../docs/guard.md");
        for exit in Exit::ALL {
            assert!(manual.contains(&format!("\n| {} | `{}` | ", exit.code(), exit.name())));
            assert_eq!(Exit::from_code(exit.code()), Some(exit));
        }
        assert_eq!(Exit::from_code(0), None);
    }
}
