//! What of the system every program may read.

use std::path::Path;

/// Programs and libraries.
pub(super) const SYSTEM: [&str; 8] = [
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/nix/store",
];

/// What programs read of the system's settings. No list of users, no keys, no addresses of this machine.
pub(super) const SETTINGS: [&str; 14] = [
    "/etc/alternatives",
    "/etc/ca-certificates",
    "/etc/crypto-policies",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/localtime",
    "/etc/mime.types",
    "/etc/nsswitch.conf",
    "/etc/pki",
    "/etc/protocols",
    "/etc/services",
    "/etc/ssl/certs",
    "/etc/ssl/openssl.cnf",
];

/// The same where the network is open.
pub(super) const NAMES: [&str; 4] = [
    "/etc/hosts",
    "/etc/resolv.conf",
    "/run/systemd/resolve/resolv.conf",
    "/run/systemd/resolve/stub-resolv.conf",
];

/// Devices that hold nothing.
pub(super) const DEVICES: [&str; 5] = [
    "/dev/full",
    "/dev/null",
    "/dev/random",
    "/dev/urandom",
    "/dev/zero",
];

/// What programs read of the machine and of themselves, where they see other processes' folders.
pub(super) const MACHINE: [&str; 10] = [
    "/proc/cpuinfo",
    "/proc/filesystems",
    "/proc/loadavg",
    "/proc/meminfo",
    "/proc/self",
    "/proc/stat",
    "/proc/sys/kernel",
    "/proc/sys/vm",
    "/proc/uptime",
    "/proc/version",
];

/// Returns those that are there.
pub(super) fn there<'a>(paths: &[&'a str]) -> impl Iterator<Item = &'a Path> {
    let paths: Vec<&str> = paths.to_vec();
    paths
        .into_iter()
        .map(Path::new)
        .filter(|path| path.exists())
}
