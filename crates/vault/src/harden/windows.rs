/// Windows writes a dump only where an administrator turned that on for this program.
pub(super) fn harden() {}
