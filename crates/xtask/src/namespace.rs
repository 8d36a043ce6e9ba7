//! Runs programs where there is no network but loopback.

use std::ffi::OsString;

use crate::program::Program;

/// Brings loopback up and becomes the program.
const UP: &str = "ip link set lo up && exec \"$@\"";

/// A wrapper whose programs reach nothing but this machine, or none where the system allows none.
pub(crate) fn loopback_only() -> Option<Vec<OsString>> {
    // Root needs no namespace of users; others get one, in which they look like root.
    [&["--net"][..], &["--map-root-user", "--net"]]
        .into_iter()
        .map(wrapper)
        .find(|wrapper| Program::new("true").wrapped(wrapper).succeeds())
}

fn wrapper(flags: &[&str]) -> Vec<OsString> {
    ["unshare"]
        .iter()
        .chain(flags)
        .chain(&["--", "sh", "-c", UP, "sh"])
        .map(OsString::from)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reaches_loopback_and_nothing_else() {
        let Some(wrapper) = loopback_only() else {
            return;
        };
        let interfaces = Program::new("ip")
            .arguments(["-o", "link", "show", "up"])
            .wrapped(&wrapper)
            .output()
            .expect("the probe has shown that it runs");
        assert_eq!(interfaces.lines().count(), 1);
        assert!(interfaces.contains("LOOPBACK"));
    }
}
