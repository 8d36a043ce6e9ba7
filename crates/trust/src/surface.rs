//! What the surface that was seen last says about a verdict.

use countersign_model::{NotCompared, Reason, Status, Verdict};

/// How the surface that was seen last stands to what the user decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SurfaceStanding {
    /// None was seen, or nothing was decided about any.
    #[default]
    Undecided,
    /// It is the approved one, but for white space and spelling.
    Approved,
    /// Another one was approved.
    Changed {
        /// What matters most of what changed.
        what: String,
        /// When it was first seen, as `YYYY-MM-DD`.
        on: String,
    },
    /// The user rejected it.
    Rejected {
        /// The user's words.
        note: String,
    },
    /// A stored approval of it cannot be relied on.
    Unverified {
        /// Why.
        why: String,
    },
}

/// Adds to a verdict what is known of the surface. Nothing becomes more trusted by it: an approved surface of
/// a server that nobody approved stays one that nobody approved.
pub fn with_surface(mut verdict: Verdict, standing: &SurfaceStanding) -> Verdict {
    let (reason, departs) = match standing {
        SurfaceStanding::Undecided => return verdict,
        SurfaceStanding::Approved => {
            verdict
                .not_compared
                .retain(|left| *left != NotCompared::Tools);
            (Reason::SurfaceApproved, false)
        }
        SurfaceStanding::Changed { what, on } => (
            Reason::SurfaceDiffers {
                what: what.clone(),
                on: on.clone(),
            },
            true,
        ),
        SurfaceStanding::Rejected { note } => {
            (Reason::SurfaceRejected { note: note.clone() }, true)
        }
        SurfaceStanding::Unverified { why } => {
            (Reason::ApprovalUnverified { why: why.clone() }, false)
        }
    };
    if departs {
        verdict
            .not_compared
            .retain(|left| *left != NotCompared::Tools);
        if verdict.status == Status::Approved {
            verdict.status = Status::Changed;
        }
        verdict.reasons.insert(0, reason);
    } else {
        verdict.reasons.push(reason);
    }
    verdict
}

#[cfg(test)]
mod tests {
    use countersign_model::{NotCompared, Reason, Status, Verdict};

    use super::{SurfaceStanding, with_surface};

    fn standings() -> [SurfaceStanding; 5] {
        let text = || "x".to_owned();
        [
            SurfaceStanding::Undecided,
            SurfaceStanding::Approved,
            SurfaceStanding::Changed {
                what: text(),
                on: text(),
            },
            SurfaceStanding::Rejected { note: text() },
            SurfaceStanding::Unverified { why: text() },
        ]
    }

    fn verdict(status: Status) -> Verdict {
        Verdict {
            status,
            signatory: None,
            reasons: vec![Reason::NobodyReviewed],
            not_compared: vec![NotCompared::Tools, NotCompared::Artefact],
        }
    }

    #[test]
    fn nothing_becomes_more_trusted() {
        for status in Status::ALL {
            for standing in standings() {
                let found = with_surface(verdict(status), &standing);
                assert!(found.status <= status, "{status:?} {standing:?}");
            }
        }
    }

    #[test]
    fn what_was_approved_and_told_otherwise_is_changed() {
        let [_, approved, changed, rejected, unverified] = standings();
        for (standing, expect, compared) in [
            (approved, Status::Approved, true),
            (changed, Status::Changed, true),
            (rejected, Status::Changed, true),
            (unverified, Status::Approved, false),
        ] {
            let found = with_surface(verdict(Status::Approved), &standing);
            assert_eq!(found.status, expect, "{standing:?}");
            assert_eq!(!found.not_compared.contains(&NotCompared::Tools), compared);
            assert!(found.not_compared.contains(&NotCompared::Artefact));
            assert_eq!(found.reasons.len(), 2);
        }
    }
}
