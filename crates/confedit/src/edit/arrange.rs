use super::plan::{Addition, Plan};
use crate::Node;

/// What happens to the members of a map, in the order of the text.
pub(super) struct Arrangement<'plan> {
    pub(super) fates: Vec<Fate<'plan>>,
    /// What comes before each member, and behind the last, where no neighbour goes.
    pub(super) gaps: Vec<Vec<&'plan Addition>>,
}

/// What happens to one member.
pub(super) enum Fate<'plan> {
    Stays,
    Goes,
    /// It goes, and others take its place.
    Yields(Vec<&'plan Addition>),
}

impl Fate<'_> {
    pub(super) fn stays(&self) -> bool {
        matches!(self, Self::Stays)
    }
}

impl<'plan> Arrangement<'plan> {
    /// Lets what comes beside a member that goes take its place.
    pub(super) fn of(node: &Node, plan: &'plan Plan) -> Self {
        let members = node.members();
        let mut fates = members
            .iter()
            .map(|member| {
                if plan.removed.contains(&member.key) {
                    Fate::Goes
                } else {
                    Fate::Stays
                }
            })
            .collect::<Vec<_>>();
        let mut gaps = vec![Vec::new(); members.len() + 1];
        for (gap, additions) in &plan.inserted {
            let goes = |index: &usize| fates.get(*index).is_some_and(|fate| !fate.stays());
            let slot = gap.checked_sub(1).filter(goes).or(Some(*gap).filter(goes));
            match slot.and_then(|slot| fates.get_mut(slot)) {
                Some(Fate::Yields(taken)) => taken.extend(additions),
                Some(fate) => *fate = Fate::Yields(additions.iter().collect()),
                None => gaps[*gap].extend(additions),
            }
        }
        Self { fates, gaps }
    }
}
