use super::{Limits, Network};

/// What was really put on a program, as the system reported it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enforced {
    /// What keeps it from files and processes.
    pub confinement: Confinement,
    /// What the kernel's own rules for files do.
    pub landlock: Landlock,
    /// Dangerous system calls are refused.
    pub is_filtered: bool,
    /// What it reaches; `None` where nothing closes the network although it was to be closed.
    pub network: Option<Network>,
    /// The user that it runs as, where that is another one than who started it.
    pub uid: Option<u32>,
    /// The kernel holds it to a number of processes.
    pub is_counted: bool,
    /// What it is ended at.
    pub limits: Limits,
    /// What was wanted and could not be had, as sentences without a period.
    pub missing: Vec<String>,
}

/// What keeps a program from files and processes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confinement {
    /// A view of the machine of its own, made by bubblewrap.
    Bubblewrap,
    /// The kernel's rules alone.
    Rules,
    /// Nothing.
    None,
}

/// What the kernel's own rules for files do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Landlock {
    /// All that was asked for.
    Full {
        /// The version of the rules.
        abi: u32,
    },
    /// Some of it: the kernel is older.
    Partly {
        /// The version of the rules.
        abi: u32,
    },
    /// Nothing.
    None,
}

impl Enforced {
    /// Returns what nothing was put on.
    pub fn nothing(limits: Limits) -> Self {
        Self {
            confinement: Confinement::None,
            landlock: Landlock::None,
            is_filtered: false,
            network: None,
            uid: None,
            is_counted: false,
            limits,
            missing: Vec::new(),
        }
    }

    /// Returns what was enforced, in words: one sentence each, without a period, the weightiest first.
    pub fn words(&self) -> Vec<String> {
        let mut words = vec![self.files().to_owned()];
        words.push(match self.network {
            Some(Network::None) => "the network is closed".to_owned(),
            Some(Network::All) => "the network is open, as you allowed".to_owned(),
            None => "the network is NOT closed".to_owned(),
        });
        words.push(match self.landlock {
            Landlock::Full { abi } => format!("Landlock's rules hold in full (version {abi})"),
            Landlock::Partly { abi } => format!("Landlock's rules hold in part (version {abi})"),
            Landlock::None => "Landlock is not in use".to_owned(),
        });
        let filter = if self.is_filtered {
            "dangerous system calls are refused"
        } else {
            "system calls are not filtered"
        };
        words.push(filter.to_owned());
        if let Some(uid) = self.uid {
            words.push(format!("it runs as user {uid}, who owns nothing"));
        }
        let Limits {
            memory_bytes,
            processes,
            wall,
            ..
        } = self.limits;
        let counted = if self.is_counted {
            "by the kernel"
        } else {
            "by watching"
        };
        let mebibytes = memory_bytes >> 20;
        let seconds = wall.as_secs();
        words.push(format!(
            "it ends at {mebibytes} MiB of memory, {processes} processes (held {counted}) or {seconds} s"
        ));
        words.extend(self.missing.iter().cloned());
        words
    }

    fn files(&self) -> &'static str {
        match self.confinement {
            Confinement::Bubblewrap => {
                "it sees the system's programs and an empty home, and no other process (bubblewrap)"
            }
            Confinement::Rules => {
                "it can open the system's programs and an empty home only (kernel rules, without bubblewrap)"
            }
            Confinement::None => "it is NOT sandboxed: it can do what you can do",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Confinement, Enforced, Landlock};
    use crate::sandbox::{Limits, Network};

    #[test]
    fn words_say_what_is_missing() {
        let nothing = Enforced::nothing(Limits::default()).words().join("; ");
        assert!(nothing.contains("NOT sandboxed"), "{nothing}");
        assert!(nothing.contains("NOT closed"), "{nothing}");
        let all = Enforced {
            confinement: Confinement::Bubblewrap,
            landlock: Landlock::Full { abi: 6 },
            is_filtered: true,
            network: Some(Network::None),
            uid: Some(65534),
            is_counted: true,
            ..Enforced::nothing(Limits::default())
        };
        let all = all.words().join("; ");
        assert!(!all.contains("NOT") && !all.contains(" not "), "{all}");
        assert!(all.contains("512 MiB"), "{all}");
    }
}
