//! Settings under which an agent no longer asks.

use countersign_model::Severity;

use crate::{look::DocumentLook, rule::Hit};

/// Makes a hit at a setting that takes questions away: worse where a project brings it, since the
/// user did not choose it.
pub(crate) fn hit(look: &DocumentLook<'_>, keys: &[&str], message: &str) -> Hit {
    let severity = if look.is_of_project() {
        Severity::High
    } else {
        Severity::Medium
    };
    look.hit_at(keys, message).severity(severity)
}
